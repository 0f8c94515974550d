"""Whose debts a message collects (C09, C10)."""

from __future__ import annotations

from typing import Any

import pytest

from integrator.domain.message import Creditor
from integrator.sending.creditors import CreditorChoice, choice_for
from tests.sending.samples import SHOP, message, title

SCHOOL = CreditorChoice("77", Creditor("Colégio Araucária Ltda", "12.345.678/0001-95", "Rua A, 1"), "da_escola")


@pytest.mark.feature("C09", "C10")
@pytest.mark.parametrize("called", ["77", "COLEGIO ARAUCARIA LTDA", "12345678000195"])
def test_the_rows_variable_names_the_creditor_by_code_name_or_cnpj(called: str) -> None:
    assert choice_for(message(title(), variables={"CREDOR": called}), (SCHOOL,)) == SCHOOL


@pytest.mark.feature("C10")
def test_the_one_beneficiary_of_all_titles_is_the_creditor() -> None:
    of_school = title(beneficiary_name="Colégio Araucária", beneficiary_tax_id="12.345.678/0001-95")
    assert choice_for(message(of_school), (SCHOOL,)) == SCHOOL
    assert choice_for(message(of_school, title("T2")), (SCHOOL,)) is None


def test_a_creditor_that_the_row_names_is_named_without_a_choice() -> None:
    assert choice_for(message(title(), variables={"credor": "Clínica"}), (SCHOOL,)) == CreditorChoice(
        "Clínica", Creditor("Clínica")
    )


def test_a_beneficiary_without_a_choice_only_receives_the_money() -> None:
    row = message(title(beneficiary_name="Banco Fator S.A.", beneficiary_tax_id="11222333000181"))
    assert choice_for(row, (SCHOOL,)) is None


@pytest.mark.parametrize(
    "own",
    [
        {},
        {"beneficiary_name": SHOP.legal_name.upper()},
        {"beneficiary_name": "Casa Pinhao", "beneficiary_tax_id": "84.833.812/0001-08"},
    ],
)
def test_the_shop_itself_is_no_other_creditor(own: dict[str, Any]) -> None:
    assert choice_for(message(title(**own)), (SCHOOL,)) is None
