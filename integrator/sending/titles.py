"""Which titles of a message still make sense, and which of their payment digits may be paid as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from integrator.documents.brcode import check_pix
from integrator.documents.febraban import check_title
from integrator.domain.errors import DigitsError, MessageError
from integrator.domain.message import Message, Purpose, Title


class Debts(StrEnum):
    """Which debts the shop sends (S26)."""

    BOTH = "ambos"
    OVERDUE = "vencidos"
    UPCOMING = "a_vencer"


def debts_of(config: Mapping[str, str]) -> Debts | None:
    """Which debts the ERP says to send (``ENVIAR`` of ``WA_CONFIG``); None leaves it to the settings."""
    try:
        return Debts(config.get("ENVIAR", "").strip().lower())
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class TitlePolicy:
    """``debt_max_days`` is the age at which a debt may no longer be collected (STJ: a prescribed debt may not)."""

    debts: Debts = Debts.BOTH
    debt_max_days: int = 1825
    hold_unregistered: bool = True
    hold_late: bool = False


@dataclass(frozen=True, slots=True)
class Pointless:
    """The message lost its sense (paid, switched off, too old): it is cancelled with this reason."""

    reason: str
    code: str


def choose_titles(message: Message, today: date, policy: TitlePolicy) -> tuple[Title, ...] | Pointless:
    """The titles to speak of. A collection without any is pointless; one that never had any raises ``MessageError``."""
    titles = tuple(title for title in message.titles if title.open and title.open_amount > 0)
    if message.purpose is not Purpose.COLLECTION:
        return titles
    if not message.titles:
        raise MessageError("O aviso de débito veio sem nenhum título. Inclua os títulos no ERP e libere a mensagem.")
    if not titles:
        return Pointless("Os títulos desta mensagem já foram pagos ou não estão mais em aberto.", "paga")
    oldest = today - timedelta(days=policy.debt_max_days)
    steps: tuple[tuple[Callable[[Title], bool], str, str], ...] = (
        (lambda title: title.due >= oldest, "Os títulos são antigos demais para serem cobrados.", "antiga"),
        (
            lambda title: _wanted(title, today, policy.debts),
            "O envio deste tipo de débito está desligado.",
            "desligado",
        ),
    )
    for keep, reason, code in steps:
        titles = tuple(title for title in titles if keep(title))
        if not titles:
            return Pointless(reason, code)
    return titles


def payable(title: Title, today: date, policy: TitlePolicy) -> Title:
    """The title with its digits, or without any where they must not be paid as they are.

    Raises :class:`DigitsError` for digits that are wrong or disagree with the title, and where the policy says to hold.
    """
    if title.has_boleto:
        check_title(title)
    if title.pix:
        check_pix(title.pix, title.amount)
    without = replace(title, linha_digitavel="", barcode="", pix="")
    if title.open_amount != title.amount:
        return without
    if title.has_boleto and not title.registered:
        if policy.hold_unregistered:
            raise DigitsError(
                f"O boleto do título {title.document} ainda não foi registrado no banco e não pode ser pago. "
                "Registre-o no ERP e libere a mensagem."
            )
        return without
    if title.payable_until is not None and today > title.payable_until:
        if policy.hold_late:
            raise DigitsError(
                f"O boleto do título {title.document} só podia ser pago até {title.payable_until:%d/%m/%Y}. "
                "Emita um novo no ERP e libere a mensagem."
            )
        return without
    return title


def _wanted(title: Title, today: date, debts: Debts) -> bool:
    return debts is Debts.BOTH or title.overdue(today) is (debts is Debts.OVERDUE)
