"""The default texts read well whatever the row and the shop lack: every combination is printed and looked over."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import product

import pytest

from integrator.domain.message import Company, Customer, Message, Title
from integrator.messages.catalogue import DebtKind
from integrator.messages.language import parse, utf16_length
from integrator.messages.values import Enclosed, message_values
from integrator.messages.vocabulary import base_schema
from tests.messages.builders import COMPANY, CUSTOMER, NOW, debt_notice, default_text, title

ENCLOSED = [Enclosed(*each) for each in product((0, 1, 3), (False, True), (False, True))]
SHOPS = [
    replace(COMPANY, tax_id=tax_id, address=address, phone=phone)
    for tax_id, address, phone in product(
        ("", "12345678909"), (COMPANY.address, type(COMPANY.address)()), ("", COMPANY.phone)
    )
]
CUSTOMERS = [
    CUSTOMER,
    Customer("1", "PADARIA PÃO QUENTE LTDA", "12345678000195"),
    replace(CUSTOMER, name="Ana", contact_name="FINANCEIRO"),
]
#: What nobody wants to read: holes, dangling punctuation, blanks at the end of a line, leftovers of the language.
UGLY = re.compile(r"\n{3}|[ \t]{2}| \n|\n | [,.;:!?]|[,;]\n|[.,:;]{2}|[{}\[\]|]|None|\*\*")


def titles(kind: DebtKind, count: int, *, instalment: str, document: str) -> tuple[Title, ...]:
    """``count`` titles of a situation; the two of ``BOTH`` take turns."""
    days = {
        DebtKind.OVERDUE: [date(2026, 11, 10)],
        DebtKind.UPCOMING: [date(2026, 11, 20), date(2026, 11, 30)],
        DebtKind.BOTH: [date(2026, 11, 10), date(2026, 11, 30)],
    }[kind]
    made = [title(f"{document}{number if document else ''}", days[number % len(days)]) for number in range(count)]
    return tuple(replace(each, instalment=instalment) for each in made)


def situations() -> list[tuple[DebtKind, Message]]:
    # Of twelve the text already tells how many it leaves out.
    counts = {DebtKind.OVERDUE: (1, 2, 12), DebtKind.UPCOMING: (1, 2, 12), DebtKind.BOTH: (2, 12)}
    return [
        (kind, debt_notice(*titles(kind, count, instalment=instalment, document=document)))
        for kind in DebtKind
        for count, instalment, document in product(counts[kind], ("", "2"), ("", "NF"))
    ]


TEMPLATES = {kind: parse(default_text(kind), base_schema()) for kind in DebtKind}


def printed(kind: DebtKind, row: Message, enclosed: Enclosed, *, masked: bool = False) -> str:
    return TEMPLATES[kind].render(message_values(row, NOW, enclosed, masked=masked), row.seed)


@cache
def every_text() -> list[tuple[Message, Enclosed, str]]:
    """Every combination, printed; the seed goes round, so that all variations are met."""
    every = product(situations(), SHOPS, CUSTOMERS[:2], ENCLOSED)
    rows = [
        (kind, replace(row, company=shop, customer=customer, seed=seed), enclosed)
        for seed, ((kind, row), shop, customer, enclosed) in enumerate(every)
    ]
    return [(row, enclosed, printed(kind, row, enclosed)) for kind, row, enclosed in rows]


@pytest.mark.feature("S29")
def test_no_combination_leaves_a_hole_or_a_dangling_sign() -> None:
    for _, _, text in every_text():
        assert UGLY.search(text) is None, text
        assert text.count("*") == 4, text
        assert utf16_length(text) < 1500


@pytest.mark.feature("S29")
def test_no_combination_says_what_is_not_so() -> None:
    for row, enclosed, text in every_text():
        assert "Se já pagou, desconsidere esta mensagem." in text
        assert ("O boleto segue" in text) is (enclosed.boletos == 1)
        assert ("Os boletos seguem" in text) is (enclosed.boletos == 3)
        assert ("emonstrativo" in text) is enclosed.statement
        assert ("PIX" in text) is enclosed.pix
        assert ("CPF 123.456.789-09" in text) is bool(row.company.tax_id)
        assert ("Telefone (49) 3442-0000" in text) is bool(row.company.phone)
        assert ("Rua Marechal Deodoro" in text) is bool(row.company.address.street)


@pytest.mark.feature("S29")
@pytest.mark.parametrize(
    ("kind", "count", "said"),
    [
        (DebtKind.OVERDUE, 1, ("consta um débito vencido em nome de", "Total vencido: *R$ 100,00*")),
        (
            DebtKind.OVERDUE,
            30,
            ("constam débitos vencidos em nome de", "Total vencido: *R$ 3.000,00*", "e mais 20 títulos"),
        ),
        (DebtKind.UPCOMING, 1, ("há um vencimento próximo em nome de", "Total a vencer: *R$ 100,00*")),
        (
            DebtKind.UPCOMING,
            11,
            ("há vencimentos próximos em nome de", "Total a vencer: *R$ 1.100,00*", "e mais 1 título\n"),
        ),
        (DebtKind.BOTH, 2, ("dos títulos em aberto em nome de", "Total em aberto: *R$ 200,00*")),
    ],
)
def test_the_words_fit_the_number_and_the_total_is_of_all_titles(
    kind: DebtKind, count: int, said: tuple[str, ...]
) -> None:
    text = printed(kind, debt_notice(*titles(kind, count, instalment="1", document="NF")), Enclosed())
    assert all(each in text for each in said), text


def test_a_masked_text_is_the_same_but_for_the_amounts() -> None:
    for kind, row in situations():
        shown, hidden = printed(kind, row, ENCLOSED[-1]), printed(kind, row, ENCLOSED[-1], masked=True)
        assert re.sub(r"R\$ [\d.,]+\d", "R$ •••", shown) == hidden
        assert not re.search(r"R\$ \d", hidden)


@pytest.mark.parametrize(
    ("customer", "greeting"),
    [
        (CUSTOMERS[0], "José."),
        (CUSTOMERS[1], "PADARIA PÃO QUENTE LTDA."),
        (CUSTOMERS[2], "Financeiro."),
        (Customer("1", "123", "12345678909"), ""),
    ],
)
def test_the_greeting_names_a_person_or_the_whole_firm_or_nobody(customer: Customer, greeting: str) -> None:
    row = replace(situations()[0][1], customer=customer)
    first_line = printed(DebtKind.OVERDUE, row, Enclosed()).splitlines()[0]
    assert first_line in ({f"Bom dia, {greeting}", f"Olá, {greeting}"} if greeting else {"Bom dia.", "Olá."})


def test_a_shop_without_trade_name_signs_with_its_legal_name() -> None:
    shop = Company("1", "João Ferragens ME", tax_id="12345678909")
    text = printed(DebtKind.OVERDUE, replace(situations()[0][1], company=shop), Enclosed())
    assert text.endswith("*João Ferragens ME*\nCPF 123.456.789-09")
