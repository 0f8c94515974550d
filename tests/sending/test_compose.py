"""What a message becomes: its parts, their order, and a text that announces only what is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from integrator.domain.errors import MessageError
from integrator.domain.message import Attachment, Company, Composed, Message, PartKind, Purpose
from integrator.sending.bank_days import next_bank_day
from integrator.sending.compose import Composer
from integrator.sending.debts import Debts
from integrator.sending.enclosures import MAX_BOLETOS
from integrator.sending.policy import ComposePolicy
from integrator.settings.contents import CodeToCopy
from tests.documents.builders import PIX
from tests.sending.samples import NOW, TODAY, message, title, with_boleto

POLICY = ComposePolicy(text_as_caption=False, code_to_copy=CodeToCopy.PIX)


def compose(row: Message, policy: ComposePolicy = POLICY) -> Composed:
    composed = Composer(policy).compose(row, NOW)
    assert isinstance(composed, Composed)
    return composed


def names(composed: Composed) -> list[str]:
    return [part.file_name.split("-")[0] or part.kind.value for part in composed.parts]


@pytest.mark.feature("S03", "S04")
def test_the_text_goes_first_then_the_debt_report_then_the_boletos() -> None:
    composed = compose(message(title(), with_boleto()))

    assert names(composed) == ["texto", "demonstrativo", "boleto"]
    assert [part.order for part in composed.parts] == [1, 2, 3]
    assert "boleto segue em anexo" in composed.text


def test_the_same_row_composed_twice_is_the_same_to_the_byte() -> None:
    row = message(title(), with_boleto())

    assert compose(row) == compose(row)


def test_a_text_without_boleto_announces_none() -> None:
    assert "boleto" not in compose(message(title())).text


def test_no_more_than_ten_boletos_go_and_all_titles_are_in_the_report() -> None:
    many = tuple(replace(with_boleto(), ref=f"B{number}", document=f"NF{number}") for number in range(12))

    assert names(compose(message(*many))).count("boleto") == MAX_BOLETOS


def test_a_boleto_that_the_erp_attached_is_not_drawn_again(tmp_path: Path) -> None:
    drawn = compose(message(with_boleto())).parts[2].content
    own = Attachment("boleto-do-banco.pdf", content=drawn, kind="boleto", title_ref="B1")

    composed = compose(message(with_boleto(), attachments=(own,)))

    assert [part.file_name for part in composed.parts if part.kind is PartKind.DOCUMENT][1:] == ["boleto-do-banco.pdf"]


@pytest.mark.feature("B05")
@pytest.mark.parametrize(
    "spoiled",
    [
        {"open": False},
        {"still_open": Decimal("60.00")},
        {"payable_until": TODAY - timedelta(days=1)},
    ],
    ids=["paid since", "paid in part", "past its limit"],
)
def test_the_erps_own_boleto_stays_behind_when_it_must_not_be_paid(spoiled: dict[str, Any]) -> None:
    """A paid, partly paid or expired boleto is a wrong one, whoever drew it."""
    drawn = compose(message(with_boleto())).parts[2].content
    changed = {"open_amount" if name == "still_open" else name: value for name, value in spoiled.items()}
    own = Attachment("boleto-do-banco.pdf", content=drawn, kind="boleto", title_ref="B1")

    composed = compose(message(title(), with_boleto(**changed), attachments=(own,)))

    assert "boleto-do-banco.pdf" not in [part.file_name for part in composed.parts]
    assert "boleto" not in composed.text


@pytest.mark.parametrize(
    ("company", "reason"),
    [
        (Company("1", ""), "Faltam o nome, o CNPJ ou o endereço da empresa"),
        (Company("1", "Loja Ltda", tax_id="84833812000108"), "endereço da empresa"),
    ],
)
def test_nobody_collects_anonymously(company: Company, reason: str) -> None:
    with pytest.raises(MessageError, match=reason):
        compose(message(title(), company=company))


def test_an_unknown_module_is_held_with_the_likely_name() -> None:
    with pytest.raises(MessageError, match=r"Módulo desconhecido: “RECEBERR”\. Você quis dizer RECEBER"):
        compose(message(title(), module="RECEBERR"))


@pytest.mark.feature("B04")
def test_no_text_leaves_with_a_variable_of_another_system() -> None:
    with pytest.raises(MessageError, match="TORCAMENTO:CLIENTE"):
        compose(message(module="ORÇAMENTO", purpose=Purpose.SERVICE, template="Olá, {TORCAMENTO:CLIENTE}"))


@pytest.mark.feature("B12")
def test_a_test_number_gets_no_amount_no_document_and_no_file() -> None:
    masked = compose(message(title(), with_boleto()), replace(POLICY, masked=True))

    assert "150,00" not in masked.text
    assert "R$ •••" in masked.text
    assert [part.file_name for part in masked.parts] == ["", "anexos-omitidos.pdf"]


def test_one_pix_code_is_sent_by_itself_to_be_copied_and_two_are_not() -> None:
    one = title("P1", pix=PIX)
    two = replace(one, ref="P2")

    assert compose(message(one)).parts[-1].kind is PartKind.PIX
    assert compose(message(one, two)).parts[-1].kind is not PartKind.PIX


MONDAY = datetime(2026, 11, 23, 9, 30)
SATURDAY = date(2026, 11, 21)


def test_what_fell_due_on_saturday_is_not_overdue_on_monday() -> None:
    """A bill due on a day without banks may be paid on the next one (Lei 10.406/2002, art. 132, § 1)."""
    policy = replace(POLICY, bank_day=next_bank_day)
    row = message(title(due=SATURDAY))

    on_monday = Composer(policy).compose(row, MONDAY)
    on_tuesday = Composer(policy).compose(row, MONDAY + timedelta(days=1))

    assert isinstance(on_monday, Composed)
    assert isinstance(on_tuesday, Composed)
    assert "vencid" not in on_monday.text.lower()
    assert "vencid" in on_tuesday.text.lower()


def test_a_shop_that_sends_upcoming_debts_only_still_sends_saturdays_on_monday() -> None:
    policy = replace(POLICY, bank_day=next_bank_day)

    composed = Composer(policy).compose(message(title(due=SATURDAY)), MONDAY, Debts.UPCOMING)

    assert isinstance(composed, Composed)
