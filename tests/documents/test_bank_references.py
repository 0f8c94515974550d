"""What stands on the bank papers, word by word, as when somebody last looked at every page.

``references/bank`` holds the text of each page. After a wanted change look at the pages again, then write them anew::

    INTEGRATOR_WRITE_REFERENCES=1 python -m pytest tests/documents/test_bank_references.py
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from integrator.documents.boleto import draw_boleto
from integrator.documents.carne import draw_carne
from tests.documents.builders import COMPANY, CUSTOMER
from tests.documents.readers import page_texts
from tests.documents.test_decoding import titles

FOLDER = Path(__file__).with_name("references") / "bank"


def _carne(count: int) -> bytes:
    return draw_carne(COMPANY, CUSTOMER, titles(count))


PAPERS: dict[str, Callable[[], bytes]] = {
    "boleto": lambda: draw_boleto(COMPANY, CUSTOMER, replace(titles(1)[0], pix="")),
    "boleto-hibrido": lambda: draw_boleto(COMPANY, CUSTOMER, titles(1)[0]),
    "boleto-vencido": lambda: draw_boleto(
        COMPANY, CUSTOMER, replace(titles(1)[0], updated_amount=Decimal("160.00"), payable_until=date(2027, 1, 20))
    ),
    "boleto-de-terceiro": lambda: draw_boleto(
        COMPANY,
        CUSTOMER,
        replace(titles(1)[0], beneficiary_name="Fundo Alfa", beneficiary_tax_id="98.765.432/0001-10"),
    ),
    **{f"carne-{count}": partial(_carne, count) for count in (1, 2, 3, 4, 7)},
    "carne-sem-pix": lambda: draw_carne(COMPANY, CUSTOMER, [replace(title, pix="") for title in titles(3)]),
    "carne-vencido": lambda: draw_carne(
        COMPANY,
        CUSTOMER,
        [replace(title, updated_amount=Decimal("160.00"), beneficiary_name="Fundo Alfa") for title in titles(2)],
    ),
}


@pytest.mark.parametrize("paper", PAPERS)
def test_every_page_says_what_it_said_when_it_was_looked_at(paper: str) -> None:
    pages = "\f".join(text.replace("\r", "").rstrip() + "\n" for text in page_texts(PAPERS[paper]()))
    reference = FOLDER / f"{paper}.txt"
    if os.environ.get("INTEGRATOR_WRITE_REFERENCES"):
        reference.write_text(pages, encoding="utf-8", newline="\n")
    assert pages == reference.read_text(encoding="utf-8")
