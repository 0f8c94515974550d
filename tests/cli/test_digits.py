"""``boleto check`` and ``pix check`` on the command line; what they know is tested in ``tests/documents``."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Office
from tests.documents import vectors
from tests.documents.builders import PIX

KEYS = ["kind", "bank", "due", "amount", "barcode", "linha", "valid", "reason"]
BOLETO = vectors.of_kind("cobranca")[0]
GUIA = vectors.of_kind("arrecadacao")[0]
WRONG = vectors.of_kind("invalid")[0]


@pytest.mark.feature("B09")
@pytest.mark.parametrize("digits", [BOLETO["barcode"], BOLETO["linha"], GUIA["barcode"], GUIA["linha"]])
def test_digits_of_44_47_and_48_answer_exactly_the_documented_keys(digits: str, desk: Office) -> None:
    answer = desk.run("boleto", "check", digits, "--json")
    assert (answer.code, answer.err) == (0, "")
    told = json.loads(answer.out)
    assert list(told) == KEYS
    assert told["valid"] is True
    assert {BOLETO["barcode"], GUIA["barcode"]} >= {told["barcode"]}


@pytest.mark.parametrize("typed", [("{}",), ("{} ",), ("Linha:", "{}")])
def test_any_punctuation_and_any_number_of_words_will_do(typed: tuple[str, ...], desk: Office) -> None:
    linha = BOLETO["linha"]
    spaced = f"{linha[:5]}.{linha[5:10]} {linha[10:15]}.{linha[15:21]}-{linha[21:]}"
    words = " ".join(typed).format(spaced).replace("Linha: ", "").split()
    answer = desk.run("boleto", "check", *words)
    assert answer.code == 0
    assert BOLETO["barcode"] in answer.out
    assert answer.out.endswith("Dígitos conferem.\n")


@pytest.mark.parametrize("day", [BOLETO["due"], "/".join(reversed(BOLETO["due"].split("-")))])
def test_the_due_date_is_read_as_on_the_day_that_is_asked_for(day: str, desk: Office) -> None:
    told = json.loads(desk.run("boleto", "check", BOLETO["linha"], "--on", day, "--json").out)
    assert told["due"] == BOLETO["due"]


def test_wrong_digits_end_with_1_and_the_reason(desk: Office) -> None:
    answer = desk.run("boleto", "check", WRONG["linha"])
    assert answer.code == 1
    assert "Não confere: " in answer.out
    told = desk.run("boleto", "check", WRONG["linha"], "--json")
    assert told.code == 1
    assert list(json.loads(told.out)) == KEYS
    assert json.loads(told.out)["reason"]


def test_nothing_is_written_for_a_check(desk: Office) -> None:
    desk.run("boleto", "check", BOLETO["linha"])
    assert not desk.data.exists()


def test_a_pix_code_is_checked(desk: Office) -> None:
    good, bad = desk.run("pix", "check", PIX), desk.run("pix", "check", PIX[:-1] + "5", "--json")
    assert (good.code, bad.code) == (0, 1)
    assert "PIX copia e cola" in good.out
    assert json.loads(bad.out)["valid"] is False


@pytest.mark.parametrize(("encoding", "told"), [("cp850", "Não confere"), ("cp437", "Nao confere")])
def test_an_old_code_page_shows_the_nearest_characters(encoding: str, told: str, desk: Office) -> None:
    answer = desk.spawn("boleto", "check", WRONG["linha"], encoding=encoding)
    assert answer.code == 1
    assert told in answer.out


def test_a_wrong_word_is_told_also_where_the_code_page_has_few_characters(desk: Office) -> None:
    help_page = desk.spawn("boleto", "chek", encoding="cp437")
    assert help_page.code == 2
    assert '"chek"' in help_page.err
