"""What ``dev.py properties`` looks for: one group a rule, each with its checker and its words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

#: One case: what it counts, by name. Raises whatever it likes when the rule is broken.
Check = Callable[[Random], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Group:
    """A rule that cases by the thousand must keep. `load` imports the checker, `tell` puts its counts into words."""

    name: str
    about: str
    cases: int
    quick: int
    load: Callable[[], Check]
    tell: Callable[[Mapping[str, int]], list[str]]


def _texts() -> Check:
    from tests.messages.generators import check_one

    return lambda random: {check_one(random): 1}


def _told_texts(counts: Mapping[str, int]) -> list[str]:
    words = {"ok": "saíram limpos", "erro": "recusados com explicação", "faltou": "retidos por falta de valor"}
    return [f"{number(counts.get(name, 0))} {word}" for name, word in words.items()]


def _boletos() -> Check:
    from tests.documents.digits_property import check_boleto

    def check(random: Random) -> Mapping[str, int]:
        detected, tried = check_boleto(random)
        return {"detected": detected, "tried": tried}

    return check


def _told_boletos(counts: Mapping[str, int]) -> list[str]:
    detected, tried = counts.get("detected", 0), counts.get("tried", 0)
    share = f"{detected / tried:.4%}".replace(".", ",").replace("%", " %") if tried else "0 %"
    return [f"{number(detected)} de {number(tried)} erros de um dígito percebidos ({share})"]


def _documents() -> Check:
    from tools.properties_documents import check_document

    return lambda random: {check_document(random): 1}


def _told_documents(counts: Mapping[str, int]) -> list[str]:
    return [f"{number(counts.get(name, 0))} {name}" for name in ("desenhados", "recusados com explicação")]


def number(count: int) -> str:
    """``100.000``."""
    return f"{count:,}".replace(",", ".")


GROUPS: Final[Mapping[str, Group]] = {
    group.name: group
    for group in (
        Group("textos", "modelos de texto", 100_000, 1_000, _texts, _told_texts),
        Group("boletos", "boletos", 100_000, 200, _boletos, _told_boletos),
        Group("documentos", "documentos", 5_000, 60, _documents, _told_documents),
    )
}
