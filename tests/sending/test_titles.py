"""Which titles a message speaks of, and which boletos may be paid as they are."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from integrator.domain.errors import DigitsError, MessageError
from integrator.domain.message import Purpose
from integrator.sending.debts import Debts, Pointless, TitlePolicy
from integrator.sending.titles import choose_titles, payable
from tests.sending.samples import TODAY, message, title, with_boleto

LATE = title("late", due=TODAY - timedelta(days=1))
TODAYS = title("today", due=TODAY)
SOON = title("soon", due=TODAY + timedelta(days=3))


@pytest.mark.feature("S26")
@pytest.mark.parametrize(
    ("debts", "kept"),
    [(Debts.BOTH, (LATE, TODAYS, SOON)), (Debts.OVERDUE, (LATE,)), (Debts.UPCOMING, (TODAYS, SOON))],
)
def test_the_shop_chooses_overdue_upcoming_or_both(debts: Debts, kept: tuple[object, ...]) -> None:
    assert choose_titles(message(LATE, TODAYS, SOON), TODAY, TitlePolicy(debts)) == kept


@pytest.mark.feature("S26")
def test_a_message_of_the_kind_that_is_switched_off_is_cancelled_and_says_so() -> None:
    chosen = choose_titles(message(SOON), TODAY, TitlePolicy(Debts.OVERDUE))

    assert chosen == Pointless("O envio deste tipo de débito está desligado.", "desligado")


def test_paid_titles_are_left_out_and_a_paid_message_is_pointless() -> None:
    paid, emptied = title("paid", open=False), title("zero", still_open=Decimal("0.00"))

    assert choose_titles(message(paid, LATE, emptied), TODAY, TitlePolicy()) == (LATE,)
    assert choose_titles(message(paid, emptied), TODAY, TitlePolicy()) == Pointless(
        "Os títulos desta mensagem já foram pagos ou não estão mais em aberto.", "paga"
    )


@pytest.mark.parametrize(("age", "collected"), [(1825, True), (1826, False)])
def test_a_debt_of_five_years_is_the_oldest_that_is_collected(age: int, collected: bool) -> None:
    old = title("old", due=TODAY - timedelta(days=age))

    assert choose_titles(message(old, LATE), TODAY, TitlePolicy()) == ((old, LATE) if collected else (LATE,))


def test_a_debt_notice_without_titles_is_held_and_a_service_message_needs_none() -> None:
    with pytest.raises(MessageError, match="sem nenhum título"):
        choose_titles(message(), TODAY, TitlePolicy())
    assert choose_titles(message(purpose=Purpose.SERVICE), TODAY, TitlePolicy()) == ()


def test_a_service_message_brings_no_boleto_of_a_paid_title() -> None:
    sold = message(with_boleto(open=False), purpose=Purpose.SERVICE)

    assert choose_titles(sold, TODAY, TitlePolicy()) == ()


@pytest.mark.feature("B09")
def test_a_boleto_that_may_be_paid_keeps_its_digits() -> None:
    whole = with_boleto()

    assert payable(whole, whole.due, TitlePolicy()) == whole


@pytest.mark.feature("B09")
def test_a_partly_paid_title_goes_without_its_boleto() -> None:
    """The bank would charge the face value again."""
    whole = with_boleto()
    partly = with_boleto(open_amount=whole.amount / 2)

    assert not payable(partly, whole.due, TitlePolicy()).has_boleto


@pytest.mark.parametrize(
    ("more", "policy", "reason"),
    [
        ({"registered": False}, TitlePolicy(), "ainda não foi registrado no banco"),
        ({"payable_until": with_boleto().due}, TitlePolicy(hold_late=True), "só podia ser pago até 20/11/2026"),
        ({"amount": Decimal("1.00"), "open_amount": Decimal("1.00")}, TitlePolicy(), "diferente do valor do título"),
    ],
)
def test_a_boleto_that_must_not_go_holds_the_message(more: dict[str, object], policy: TitlePolicy, reason: str) -> None:
    with pytest.raises(DigitsError, match=reason):
        payable(with_boleto(**more), with_boleto().due + timedelta(days=1), policy)


@pytest.mark.parametrize(
    ("more", "policy"),
    [
        ({"registered": False}, TitlePolicy(hold_unregistered=False)),
        ({"payable_until": with_boleto().due}, TitlePolicy()),
    ],
)
def test_or_the_message_goes_without_it_where_the_shop_says_so(more: dict[str, object], policy: TitlePolicy) -> None:
    assert not payable(with_boleto(**more), with_boleto().due + timedelta(days=1), policy).has_boleto


@pytest.mark.feature("B04")
def test_wrong_digits_hold_even_the_message_that_would_not_carry_them() -> None:
    """A wrong boleto in the ERP is told, not silently left out."""
    wrong = with_boleto(open_amount=Decimal("1.00"), linha_digitavel="", barcode="4" * 44)

    with pytest.raises(DigitsError):
        payable(wrong, wrong.due, TitlePolicy())
