"""Which titles of a message still make sense, and which of their payment digits may be paid as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from integrator.documents.brcode import check_pix
from integrator.documents.febraban import check_title
from integrator.domain.errors import DigitsError, MessageError
from integrator.domain.message import Message, Purpose, Title
from integrator.messages.catalogue import Situation, Subject
from integrator.messages.schema import plain
from integrator.messages.variables import plausible
from integrator.sending.debts import Debts, Pointless, TitlePolicy

_CENT = Decimal("0.01")
#: The block document that says that something was paid.
RECEIPT = "recibo_quitacao"
#: The variable that names an instalment where the row brings no title.
_NUMBER = "numero"
_HUNDRED = Decimal(100)
_DAYS_OF_A_MONTH = Decimal(30)


def choose_titles(
    message: Message, today: date, policy: TitlePolicy, situation: Situation | None = None
) -> tuple[Title, ...] | Pointless:
    """The titles to speak of.

    A collection without any is pointless; one that never had any raises ``MessageError``, as do titles with an amount
    or a date that nobody can have meant. A notice about settled titles speaks of all of its own, as settled.
    """
    subject = _subject(message, situation)
    for title in message.titles:
        if title.open or subject is Subject.SETTLED_TITLES:
            _check_sense(title, today)
    match subject:
        case Subject.SETTLED_TITLES:
            _check_named(message)
            if situation is not None and RECEIPT in situation.documents:
                _check_paid(message)
            return tuple(replace(title, open=False, linha_digitavel="", barcode="", pix="") for title in message.titles)
        case Subject.OPEN_TITLES:
            return _collected(message, today, policy)
        case Subject.PERSON:
            return ()
        case Subject.DOCUMENT:
            return _still_open(message)


def _subject(message: Message, situation: Situation | None) -> Subject:
    if situation is not None:
        return situation.subject
    return Subject.OPEN_TITLES if message.purpose is Purpose.COLLECTION else Subject.DOCUMENT


def _check_named(message: Message) -> None:
    """A notice that an instalment was paid or cancelled tells which one."""
    numbered = any(plain(name) == _NUMBER and value.strip() for name, value in message.variables.items())
    if not message.titles and not numbered and not (message.template or "").strip():
        raise MessageError(
            f"A mensagem “{message.module}, {message.kind}” não diz de qual parcela se trata. Inclua o título ou a "
            "variável NUMERO no ERP e libere a mensagem."
        )


def _check_paid(message: Message) -> None:
    """A receipt for what is still owed would be a gift, and a debt notice after it a quarrel."""
    for title in _still_open(message):
        raise MessageError(
            f"A mensagem diz que o título {title.document} foi pago, mas ele veio com valor em aberto. Grave "
            "VALOR_ABERTO = 0 no ERP e libere a mensagem."
        )


def _still_open(message: Message) -> tuple[Title, ...]:
    return tuple(title for title in message.titles if title.open and title.open_amount > 0)


def _collected(message: Message, today: date, policy: TitlePolicy) -> tuple[Title, ...] | Pointless:
    if not message.titles:
        raise MessageError("O aviso de débito veio sem nenhum título. Inclua os títulos no ERP e libere a mensagem.")
    titles = _still_open(message)
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


def _check_sense(title: Title, today: date) -> None:
    """An ERP's empty date is in 1899 and its "never" in 2099; what somebody owes is not negative."""
    for day, what in ((title.due, "vencimento"), (title.issued, "data de emissão")):
        if day is not None and not plausible(day, today):
            raise MessageError(
                f"O título {title.document} está com {what} em {day:%d/%m/%Y}, que não é uma data possível. "
                "Corrija-o no ERP e libere a mensagem."
            )
    if min(title.amount, title.open_amount, title.updated_amount or _CENT) < 0:
        raise MessageError(f"O título {title.document} está com valor negativo. Corrija-o no ERP e libere a mensagem.")


def estimated(title: Title, today: date, policy: TitlePolicy) -> Title:
    """The title with an estimate of what is owed today, where it is overdue and the ERP gives none.

    The fine counts once, the interest by the day of a month of thirty, both on the open amount (simple interest).
    """
    if not (policy.fine_percent or policy.interest_percent):
        return title
    if title.updated_amount is not None or not title.open or not title.overdue(today):
        return title
    months = title.days_late(today) / _DAYS_OF_A_MONTH
    percent = policy.fine_percent + policy.interest_percent * months
    owed = title.open_amount * (1 + percent / _HUNDRED)
    return replace(title, updated_amount=owed.quantize(_CENT, ROUND_HALF_UP))


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
