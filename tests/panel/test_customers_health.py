"""The register's health from an ERP's own contacts and titles, and lists of phones as people have them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from integrator.closing.ports import Contact, Debt, TitleState
from integrator.domain.message import Customer, Title
from integrator.panel.customers.bulk_lines import MOST_LINES, decoded, read_phones
from integrator.panel.customers.health import Fault, examine
from integrator.panel.customers.health_sources import registered

TODAY = date(2026, 11, 20)


def debt(code: str, name: str, amount: str, state: TitleState = TitleState.OPEN, company: str = "1") -> Debt:
    value = Decimal(amount)
    return Debt(company, Customer(code, name), Title(code, code, "", None, TODAY, value, value), state)


class Erp:
    """Contacts of all companies, titles of one."""

    def contacts(self) -> Iterator[Contact]:
        for code, name, phones in (
            ("1", "Ana", "(49) 98859-0187"),
            ("2", "Beto", "(49) 3442-1100"),
            ("2", "Filho", ""),
            ("3", "Caio", "49 8859-0187"),
            ("5", "Eva", "12"),
        ):
            yield Contact("", code, name, phones, accepts=True)

    def debts(self, oldest: date, until: date, today: date) -> Iterator[Debt]:
        assert oldest < today < until
        yield debt("2", "Beto Ltda", "10")
        yield debt("2", "Beto Ltda", "5.50")
        yield debt("4", "Dora", "99")
        yield debt("3", "Caio", "1000", TitleState.PAID)


@pytest.mark.feature("B27")
def test_an_erps_customers_are_told_by_what_they_owe() -> None:
    found = examine(registered(Erp(), TODAY), "49")
    assert [(f.fault, f.customer.name, f.customer.debt, f.customer.titles) for f in found] == [
        (Fault.MISSING, "Dora", Decimal("99"), 1),
        (Fault.LANDLINE, "Beto Ltda", Decimal("15.50"), 2),
        (Fault.SHARED, "Ana", Decimal("0.00"), 0),
        (Fault.SHARED, "Caio", Decimal("0.00"), 0),
        (Fault.INVALID, "Eva", Decimal("0.00"), 0),
    ]
    assert found[2].why == "(49) 98859-0187 também é de Caio."


def test_a_list_is_read_as_people_have_it() -> None:
    lines = ("Nome;Fone", "", "Ana;(49) 98859-0187", "'49999991111", "4998859-0187", "Beto, 49 3442-1100")
    text = "\n".join((*lines, '"Silva, Caio",12345678901234', "=1+1"))
    read = read_phones(text, "49")
    assert [phone.e164 for phone in read.phones] == ["5549988590187", "5549999991111", "554934421100"]
    assert read.repeated == 1
    assert [bad.number for bad in read.bad] == [7, 8]
    assert all(bad.why for bad in read.bad)
    assert read_phones("1\n" * (MOST_LINES + 1), "49").too_many


def test_files_of_every_spreadsheet_are_text() -> None:
    for raw in ("João;49".encode("utf-8-sig"), "João;49".encode("cp1252"), "João;49".encode("utf-16")):
        assert decoded(raw) == "João;49"
