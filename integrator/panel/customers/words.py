"""How the customers' pages say things."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from integrator.domain.message import Purpose
from integrator.erp.consents import Answer, Said, standing

PURPOSES: Final = ((Purpose.COLLECTION, "Cobrança"), (Purpose.SERVICE, "Serviço"), (Purpose.PROMOTION, "Promocional"))
PURPOSE_NAMES: Final = dict(PURPOSES)
#: Where a customer may have said it; the last one asks for words of one's own.
ORIGINS: Final = (
    "Balcão",
    "Contrato ou termo assinado",
    "Ficha de cadastro",
    "Telefone",
    "WhatsApp",
    "E-mail",
    "Outra",
)
OTHER_ORIGIN: Final = ORIGINS[-1]
_ORIGIN_LENGTH: Final = 200

SAID: Final = {
    Said.YES: "aceita receber",
    Said.NO: "não quer receber",
    Said.WITHDRAWN: "registro retirado",
}
FLAGS: Final = {True: "marcado para receber", False: "não marcado", None: "não informa"}


@dataclass(frozen=True, slots=True)
class Stand:
    """What counts for one purpose, as a page shows it. ``kind`` chooses the sign: ``yes``, ``no`` or ``none``."""

    purpose: str
    kind: str
    words: str
    answer: Answer | None


def stands(answers: Iterable[tuple[Answer, ...]]) -> tuple[Stand, ...]:
    """For a customer with those phones: one "no" of any of them is a no, as it is when messages are sent."""
    each = [standing(of_phone) for of_phone in answers]
    return tuple(_stand(label, [found[purpose] for found in each if purpose in found]) for purpose, label in PURPOSES)


def _stand(label: str, answers: list[Answer]) -> Stand:
    refused = next((answer for answer in answers if answer.said is Said.NO), None)
    answer = refused or next(iter(answers), None)
    if answer is None:
        return Stand(label, "none", "nada registrado", None)
    return Stand(label, "yes" if answer.said is Said.YES else "no", SAID[answer.said], answer)


def source_words(origin: str, note: str, who: str) -> str:
    """``ORIGEM`` of an answer: where it was said, in what words, and who wrote it down; never cut at its end."""
    tail = f"; anotado por {who[:40]} no painel"
    said = f"{origin}: {note}" if note and origin != OTHER_ORIGIN else note or origin
    return " ".join(said.split())[: _ORIGIN_LENGTH - len(tail)] + tail
