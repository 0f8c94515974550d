"""Which numbers have WhatsApp in the simulation: each is asked in both of its forms, and the answer is WhatsApp's."""

from __future__ import annotations

from integrator.gateways.simulator.client import SimulatorGateway
from integrator.gateways.simulator.numbers import canonical_number
from integrator.gateways.simulator.process import RunningSimulator
from tests.gateways.contract import text_part


def test_an_old_account_is_kept_without_its_ninth_digit() -> None:
    assert canonical_number("5549988590187", {}) == "554988590187"
    assert canonical_number("554988590187", {}) == "554988590187"


def test_a_new_account_is_kept_with_its_ninth_digit() -> None:
    assert canonical_number("5549988590197", {}) == "5549988590197"
    assert canonical_number("554988590197", {}) == "5549988590197"


def test_below_area_code_31_the_ninth_digit_stays() -> None:
    assert canonical_number("5511988590187", {}) == "5511988590187"
    assert canonical_number("551188590187", {}) == "5511988590187"


def test_some_phones_are_found_only_under_the_form_whatsapp_keeps() -> None:
    assert canonical_number("5549988590183", {}) == ""
    assert canonical_number("554988590183", {}) == "554988590183"
    assert canonical_number("554988590193", {}) == ""
    assert canonical_number("5549988590193", {}) == "5549988590193"


def test_numbers_without_whatsapp() -> None:
    landline, ends_in_zeros, area_23, too_long = "554933221100", "5549988590000", "5523988590187", "55499885901870"
    for number in (landline, ends_in_zeros, area_23, too_long, "5549188590187", "", "49", "abc", "５５４９"):
        assert canonical_number(number, {}) == "", number


def test_a_shop_may_have_whatsapp_on_its_landline() -> None:
    assert canonical_number("554933221107", {}) == "554933221107"


def test_a_foreign_number_exists_as_it_is() -> None:
    assert canonical_number("351912345678", {}) == "351912345678"
    assert canonical_number("0351912345678", {}) == ""
    assert canonical_number("351912340000", {}) == ""


def test_a_table_goes_before_the_rule(simulator: RunningSimulator, gateway: SimulatorGateway) -> None:
    simulator.set_number("5549988590187")
    simulator.set_number("554933221100", "554933221100")
    found = [check.canonical for check in gateway.check_numbers(["5549988590187", "554933221100", "554988590187"])]
    assert found == ["", "554933221100", "554988590187"]


def test_a_post_under_either_form_reaches_the_same_phone(
    simulator: RunningSimulator, gateway: SimulatorGateway
) -> None:
    gateway.send("5549988590187", text_part("um"), "")
    gateway.send("554988590187", text_part("dois"), "")
    assert [(bubble.to, bubble.asked) for bubble in simulator.ledger().messages] == [
        ("554988590187", "5549988590187"),
        ("554988590187", "554988590187"),
    ]
