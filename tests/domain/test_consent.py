"""Nobody receives by default, and a recorded "não" wins."""

from __future__ import annotations

from datetime import datetime

import pytest

from integrator.domain.consent import Allowed, Consent, Refused, may_send
from integrator.domain.message import Purpose


def answer(purpose: Purpose, *, accepts: bool) -> Consent:
    return Consent("5549988590187", purpose, accepts, datetime(2026, 11, 3, 9, 30), "respondeu SAIR")


@pytest.mark.feature("S10", "A19")
@pytest.mark.parametrize("purpose", Purpose)
def test_a_flagged_contact_receives(purpose: Purpose) -> None:
    assert may_send(True, None, purpose) == Allowed()


@pytest.mark.feature("S10", "A19", "A20")
@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("flag", [None, False])
def test_a_contact_without_the_flag_does_not_receive_and_the_reason_says_what_to_do(
    flag: bool | None, purpose: Purpose
) -> None:
    decision = may_send(flag, None, purpose)
    assert isinstance(decision, Refused)
    assert "Marque a opção no contato do cliente" in decision.reason


@pytest.mark.parametrize("flag", [None, False])
def test_a_recorded_yes_for_the_same_purpose_is_enough(flag: bool | None) -> None:
    assert may_send(flag, answer(Purpose.COLLECTION, accepts=True), Purpose.COLLECTION) == Allowed()


@pytest.mark.parametrize("flag", [None, False])
def test_a_recorded_yes_for_another_purpose_is_not(flag: bool | None) -> None:
    assert isinstance(may_send(flag, answer(Purpose.SERVICE, accepts=True), Purpose.PROMOTION), Refused)


@pytest.mark.parametrize("flag", [None, False, True])
def test_a_recorded_no_wins_over_any_flag(flag: bool | None) -> None:
    decision = may_send(flag, answer(Purpose.COLLECTION, accepts=False), Purpose.COLLECTION)
    assert decision == Refused(
        "O contato pediu em 03/11/2026 para não receber avisos de débito (respondeu SAIR). "
        "Só volta a receber se ele mesmo autorizar."
    )


def test_a_recorded_no_for_promotions_does_not_stop_debt_notices() -> None:
    assert may_send(True, answer(Purpose.PROMOTION, accepts=False), Purpose.COLLECTION) == Allowed()
