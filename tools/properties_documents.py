"""Random customers on random documents: each is drawn whole and readable, or refused with a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final

import pypdfium2

from integrator.documents.blocks.draw import draw_document
from integrator.documents.blocks.models import Models
from integrator.documents.boleto import draw_boleto
from integrator.documents.carne import draw_carne
from integrator.domain.errors import MessageError
from integrator.domain.message import Company, Customer, LineItem, Message, Title
from integrator.messages.schema import Kind
from integrator.messages.values import Enclosed, message_values
from tools.bench import content
from tools.bench.papers import situation_with

DRAWN: Final = "desenhados"
REFUSED: Final = "recusados com explicação"
_MODELS: Final = Models()
_COUNTS: Final = (0, 1, 1, 2, 3, 9, 25, 60)
_BANK_PAPERS: Final = ("boleto", "carnê")
_WORDS: Final = "José da Conceição|Três Irmãos|& Filhos|Ltda|ÇÃÕÜ|nº 1º|d'Água|Maçã/Uva|Pneu 175/70 R13|R$ 1,00|WWWWWWW"
_MARKUP: Final = "<b> </para> &amp; & <font size=90> {cliente} {{x}} [[a|b]] %s *negrito* _x_ ~y~ “aspas” – … \\ ( ) 0"
_PIECES: Final = (*_WORDS.split("|"), *_MARKUP.split(" "), "\n", "\t")
_NOT_WORD: Final = re.compile(r"[\W_]+")


def check_document(random: Random) -> str:
    """One document of one customer: :data:`DRAWN` or :data:`REFUSED`. Raises when one is drawn that is wrong."""
    kind = random.choice((*_BANK_PAPERS, *_MODELS.names()))
    draw, expected = (_bank_paper if kind in _BANK_PAPERS else _block_document)(random, kind)
    try:
        pdf = draw()
    except MessageError as refusal:
        _demand(refusal.message.rstrip("”").endswith((".", "?")), f"no sentence: {refusal.message}")
        return REFUSED
    _demand(draw() == pdf, "equal input, other bytes")
    check_pages(pdf, expected)
    return DRAWN


Job = tuple[Callable[[], bytes], Sequence[str]]
"""What draws, and what must be read in it."""


def _bank_paper(random: Random, kind: str) -> Job:
    company, customer = _company(random), _customer(random)
    count = 1 if kind == "boleto" else random.randint(1, 7)
    titles = [replace(title, payer=None, instructions=_words(random, 4)) for title in _titles(random, count)]
    expected = [company.legal_name, company.tax_id[-6:], customer.name, *(title.our_number for title in titles)]
    if kind == "boleto":
        return lambda: draw_boleto(company, customer, titles[0]), expected
    return lambda: draw_carne(company, customer, titles), expected


def _block_document(random: Random, kind: str) -> Job:
    model, situation = _MODELS.get(kind), situation_with(kind)
    row = content.message(situation, random.randrange(10**6), count=1)
    texts = [each.name for each in situation.variables if each.kind is Kind.TEXT]
    spoilt = {name: _words(random, 6) for name in texts if random.random() < 0.3}
    row = replace(
        row,
        company=_company(random),
        customer=_customer(random),
        items=_lines(random, random.choice(_COUNTS)),
        titles=_like(row, _titles(random, random.choice(_COUNTS))),
        variables={**row.variables, **spoilt},
    )
    expected = [row.company.name, row.customer.name]
    if model.collects:
        expected += [row.company.tax_id[-6:], row.company.address.street]
    if "itens" in model.needs:
        expected += [line.description for line in row.items]

    def draw() -> bytes:
        values = message_values(row, datetime(2026, 11, 24, 9, 30), Enclosed(), situation=situation)
        return draw_document(model, row.company, values, seed=row.seed)

    return draw, expected


def _like(row: Message, titles: Sequence[Title]) -> tuple[Title, ...]:
    """Open or settled as those of the row."""
    return tuple(replace(title, open=row.titles[0].open) for title in titles) if row.titles else ()


def _company(random: Random) -> Company:
    logo = random.choice((None, b"", b"\x89PNG\r\n\x1a\n" + random.randbytes(60)))
    company = replace(content.COMPANY, logo=logo)
    if random.random() < 0.5:
        return company
    return replace(company, legal_name=_words(random, 6), trade_name=_words(random, 4))


def _customer(random: Random) -> Customer:
    return replace(content.CUSTOMER, name=_words(random, random.choice((1, 3, 30))))


def _titles(random: Random, count: int) -> Sequence[Title]:
    return [_spoilt(random, title) for title in content.titles(random.randrange(10**5), count)]


def _spoilt(random: Random, title: Title) -> Title:
    """Now and then a title that nobody should print as it is."""
    match random.randrange(12):
        case 0:
            return replace(title, document=_words(random, 3), instalment=_words(random, 1))
        case 1:
            return replace(title, updated_amount=title.amount * Decimal("1.02"))
        case 2:
            return replace(title, due=title.due + timedelta(days=random.choice((-46_000, 1, 26_000))))
        case 3:
            return replace(title, amount=-title.amount, open_amount=-title.amount)
        case _:
            return title


def _lines(random: Random, count: int) -> tuple[LineItem, ...]:
    return tuple(
        replace(line, description=_words(random, random.choice((1, 4, 40)))) if random.random() < 0.3 else line
        for line in content.lines(random.randrange(10**5), count)
    )


def _words(random: Random, most: int) -> str:
    """At most 300 characters, never blank."""
    pieces = [random.choice(_PIECES) for _ in range(random.randint(1, most))]
    return f"Ré {' '.join(pieces)}"[:300]


def check_pages(pdf: bytes, expected: Sequence[str]) -> None:
    """Raises ``AssertionError`` for an empty page, and for a word of ``expected`` that is on none."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    _demand(all(page.strip() for page in pages), "an empty page")
    shown = _letters(" ".join(pages))
    for text in expected:
        missing = [word for word in re.split(r"\s+", text) if _letters(word) not in shown]
        _demand(not missing, f"not in the document: {missing} of {text!r}")


def _demand(holds: bool, told: str) -> None:
    if not holds:
        raise AssertionError(told)


def _letters(text: str) -> str:
    return _NOT_WORD.sub("", text)
