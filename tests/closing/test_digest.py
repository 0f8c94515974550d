"""One message for a phone that receives for several customers and asked for it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from integrator.closing.ports import Contact, Debt, Memory
from tests.closing.world import E164, LONG_AGO, codes, contact, debt, november, plan, policy, remembered

TODAY = november(12)
FIRING = november(9)


def debts(*customers: str, company: str = "") -> list[Debt]:
    return [debt(FIRING, customer=code, company=company) for code in customers]


def flagged(*customers: str) -> list[Contact]:
    """All on one phone; the first asks for the digest."""
    return [contact(code, digest=position == 0, name="Rita") for position, code in enumerate(customers)]


@pytest.mark.feature("B03")
def test_one_message_names_each_debtor_and_keeps_each_payer() -> None:
    (draft,) = plan(debts("1", "2"), TODAY, contacts=flagged("1", "2"))[0]
    assert draft.key == f"fech|2026-11-12||resumo|{E164}"
    assert (draft.customer.code, draft.customer.name) == ("1", "Cliente 1 e Cliente 2")
    assert draft.customer.contact_name == "Rita"
    assert [title.document for title in draft.titles] == [
        "Cliente 1 · NF 1-20261109",
        "Cliente 2 · NF 2-20261109",
    ]
    assert [(payer.ref, payer.customer.name) for payer in draft.payers] == [
        ("1-20261109", "Cliente 1"),
        ("2-20261109", "Cliente 2"),
    ]
    assert {step.ref for step in draft.steps} == {"1-20261109", "2-20261109"}


def test_many_debtors_are_counted() -> None:
    (draft,) = plan(debts("1", "2", "3"), TODAY, contacts=flagged("1", "2", "3"))[0]
    assert draft.customer.name == "Cliente 1 e mais 2 clientes"


def test_a_single_debtor_is_named_as_in_any_other_message() -> None:
    (draft,) = plan(debts("2"), TODAY, contacts=flagged("1", "2"))[0]
    assert (draft.key.split("|")[3], draft.customer.name, draft.payers) == ("resumo", "Cliente 2", ())
    assert draft.titles[0].document == "NF 2-20261109"


def test_each_company_writes_its_own() -> None:
    drafts, _ = plan([*debts("1", "2", company="A"), *debts("1", "2", company="B")], TODAY, contacts=flagged("1", "2"))
    assert [draft.company for draft in drafts] == ["A", "B"]
    assert all(len(draft.titles) == 2 for draft in drafts)


def test_other_contacts_of_a_debtor_still_get_their_own_message() -> None:
    people = [*flagged("1", "2"), contact("2", "(49) 99911-2233", name="José")]
    drafts, _ = plan(debts("1", "2"), TODAY, contacts=people)
    assert {draft.key.split("|")[3] for draft in drafts} == {"resumo", "2"}


def test_the_minimum_is_that_of_the_whole_message() -> None:
    drafts, skipped = plan(
        debts("1", "2"), TODAY, contacts=flagged("1", "2"), chosen=policy(min_balance=Decimal("200.01"))
    )
    assert drafts == []
    assert codes(skipped) == ["saldo_minimo", "saldo_minimo"]
    assert plan(debts("1", "2"), TODAY, contacts=flagged("1", "2"), chosen=policy(min_balance=Decimal("200.00")))[0]


def test_closing_twice_changes_nothing() -> None:
    people = flagged("1", "2")
    drafts, _ = plan(debts("1", "2"), TODAY, contacts=people)
    memory = remembered(drafts, TODAY, Memory(since=LONG_AGO))
    again, skipped = plan(debts("1", "2"), TODAY, contacts=people, memory=memory)
    assert again == []
    assert codes(skipped) == ["ja_na_fila", "ja_na_fila"]


def test_a_problem_of_one_debtor_holds_the_message_of_all() -> None:
    broken = debt(FIRING, customer="2", problem="A coluna VENCIMENTO não pode ser lida.")
    (draft,) = plan([*debts("1"), broken], TODAY, contacts=flagged("1", "2"))[0]
    assert draft.problem == "A coluna VENCIMENTO não pode ser lida."
    assert len(draft.titles) == 2


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("Construtora e Incorporadora Vale do Rio do Peixe Ltda", "NF 8123"),
        ("Ana", "DOCUMENTO-COM-QUARENTA-CARACTERES-1234567"),
        ("Construtora e Incorporadora Vale do Rio", "DOCUMENTO-COM-QUARENTA-CARACTERES-1234567"),
    ],
)
def test_the_debtors_name_gives_way_so_that_the_document_fits_its_column(name: str, document: str) -> None:
    found = debts("1", "2")
    found[0] = replace(
        found[0],
        customer=replace(found[0].customer, name=name),
        title=replace(found[0].title, document=document),
    )
    (draft,) = plan(found, TODAY, contacts=flagged("1", "2"))[0]
    shown = draft.titles[0].document
    assert len(shown) <= 40
    assert shown.startswith(name[:10])
