"""What files are called: something that says what they are and that every system can save."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrator.documents.formats import is_reserved_name
from integrator.documents.names import (
    MAX_NAME,
    boleto_file_name,
    boleto_file_names,
    boletos_file_name,
    carne_file_name,
    unique_names,
)
from integrator.domain.message import Title
from tests.documents.builders import boleto_title

TITLE = boleto_title(date(2026, 12, 10), Decimal("152.30"))
SAFE = re.compile(r"[A-Za-z0-9$,_-]+\.pdf")


def test_a_boletos_name_tells_its_day_and_amount() -> None:
    assert boleto_file_name(TITLE) == "boleto-2026-12-10-R$152,30.pdf"
    assert boleto_file_name(replace(TITLE, amount=Decimal(12345))) == "boleto-2026-12-10-R$12345,00.pdf"


def test_boletos_of_the_same_day_and_amount_tell_their_document() -> None:
    other = replace(TITLE, document="NF 12/34: ção?", instalment="1/3")
    later = boleto_title(date(2027, 1, 10), Decimal("152.30"))
    assert boleto_file_names([TITLE, other, later]) == (
        "boleto-NF1234-1-2026-12-10-R$152,30.pdf",
        "boleto-NF-12-34-cao-1-3-2026-12-10-R$152,30.pdf",
        "boleto-2027-01-10-R$152,30.pdf",
    )


def test_boletos_of_the_same_document_are_numbered() -> None:
    assert boleto_file_names([TITLE, TITLE]) == (
        "boleto-NF1234-1-2026-12-10-R$152,30.pdf",
        "boleto-NF1234-1-2026-12-10-R$152,30-2.pdf",
    )


@pytest.mark.parametrize(
    ("document", "instalment", "ref", "middle"),
    [
        ("", "", "REF 9", "REF-9"),
        ("", "", "日本", "titulo"),
        ("CON", "", "1", "CON"),
        ("NF.1", "", "1", "NF-1"),
        ("X" * 300, "1", "1", "X" * 40),
    ],
)
def test_any_document_gives_a_safe_name(document: str, instalment: str, ref: str, middle: str) -> None:
    title = replace(TITLE, document=document, instalment=instalment, ref=ref)
    assert boleto_file_names([title, TITLE])[0] == f"boleto-{middle}-2026-12-10-R$152,30.pdf"


def test_several_in_one_file_tell_how_many_from_when_to_when_and_how_much() -> None:
    three = [replace(TITLE, due=date(2026, 12, 10)), replace(TITLE, due=date(2027, 2, 10)), TITLE]
    assert boletos_file_name(three) == "3-boletos-2026-12-10-a-2027-02-10-R$456,90.pdf"
    assert boletos_file_name([TITLE, TITLE]) == "2-boletos-2026-12-10-R$304,60.pdf"
    assert boletos_file_name([TITLE]) == boleto_file_name(TITLE)
    assert carne_file_name(three) == "carne-3-boletos-2026-12-10-a-2027-02-10-R$456,90.pdf"
    assert carne_file_name([TITLE]) == "carne-1-boleto-2026-12-10-R$152,30.pdf"
    with pytest.raises(ValueError, match="empty"):
        boletos_file_name([])


def test_names_that_differ_only_in_case_are_the_same_to_windows() -> None:
    assert unique_names(["Nota.pdf", "nota.PDF", "nota", "nota.pdf", "nota-2.PDF"]) == (
        "Nota.pdf",
        "nota-2.PDF",
        "nota",
        "nota-3.pdf",
        "nota-2-2.PDF",
    )


def test_a_numbered_name_is_not_longer_than_systems_allow() -> None:
    long = "x" * (MAX_NAME - 4) + ".pdf"
    assert all(len(name) <= MAX_NAME for name in unique_names([long] * 12))


titles = st.builds(
    replace,
    st.just(TITLE),
    document=st.text(max_size=60),
    instalment=st.text(max_size=5),
    ref=st.text(max_size=20),
    amount=st.decimals("0.01", "99999999.99", places=2),
    due=st.dates(date(2000, 7, 3), date(2049, 10, 13)),
)


@given(st.lists(titles, min_size=1, max_size=6), st.booleans())
def test_names_are_safe_everywhere_and_unique(given_titles: list[Title], twice: bool) -> None:
    several = given_titles * 2 if twice else given_titles
    names = boleto_file_names(several)
    assert len({name.lower() for name in names}) == len(several)
    for name in (*names, boletos_file_name(several), carne_file_name(several)):
        assert SAFE.fullmatch(name)
        assert len(name) <= MAX_NAME
        assert not is_reserved_name(name)
