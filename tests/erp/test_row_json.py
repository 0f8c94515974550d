"""The JSON of a row: read as the same values, or refused with what is wrong."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrator.erp.row_json import MAX_BYTES, read_json
from integrator.erp.rows import RowError
from integrator.messages.filters import read_amount
from integrator.messages.schema import Kind
from integrator.messages.variables import read_value

TODAY = date(2026, 11, 20)


def variables(source: str) -> dict[str, str]:
    return dict(read_json(source.encode()).variables)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1234", "1234"),
        ("1234.5", "1234,5"),
        ("152.30", "152,30"),
        ("1.234", "1.2340"),
        ("1500.000", "1500"),
        ("152.30000000000001", "152,3"),
        ("5.684341886080802e-14", "0"),
        ("1e3", "1000"),
        ("-7.5", "-7,5"),
        ("0", "0"),
        ("123456789012345678", "123456789012345678"),
        ("true", "S"),
        ("false", "N"),
        ('"  texto "', "texto"),
        ('"\\ud83d\\ude00"', "😀"),
        ('""', ""),
    ],
)
def test_a_value_is_what_the_language_reads(written: str, read: str) -> None:
    assert variables(f'{{"a": {written}}}') == {"a": read}


def test_null_is_as_if_it_were_not_there() -> None:
    assert variables('{"a": null, "itens": null}') == {}


@pytest.mark.parametrize("empty", ["", "  \n ", "{}"])
def test_nothing_is_nothing(empty: str) -> None:
    assert (variables(empty), read_json(empty.encode()).items) == ({}, ())


@given(st.decimals(min_value=0, max_value=10**13, places=2), st.integers(0, 6))
def test_an_amount_reads_as_the_same_number_whatever_zeros_follow_it(amount: Decimal, zeros: int) -> None:
    (text,) = variables(f'{{"a": {amount}{"0" * zeros}}}').values()
    assert read_amount(text) == amount
    assert read_value(text, Kind.NUMBER, TODAY) == amount


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("[1]", "precisa ser um objeto|precisam ser um objeto"),
        ('"a"', "precisam ser um objeto"),
        ('{"a": 1', "linha 1, coluna 8"),
        ('{"a": 1,\n "b" 2}', "linha 2, coluna 6"),
        ("{'a': 1}", "linha 1, coluna 2"),
        ('{"a": "x\ny"}', "linha 1"),
        ('{"a": NaN}', "“NaN”"),
        ('{"a": -Infinity}', "“-Infinity”"),
        ('{"a": 1e400}', "grande demais"),
        ('{"a": 1e-400}', "grande demais"),
        ('{"a": 0e99999999999999999999}', "grande demais"),
        ('{"a": ' + "9" * 44 + "}", "entre aspas"),
        ('{"a": ' + "9" * 5000 + "}", "grande demais"),
        ('{"a": 1, "a": 2}', "“a” mais de uma vez"),
        ('{"número": 1, "NUMERO": 2}', "“NUMERO” mais de uma vez"),
        ('{"a": {"b": 1}}', "“a” dos dados em JSON é uma lista ou um objeto"),
        ('{"a": [1]}', "“a” dos dados"),
        ('{"": 1}', "Um nome"),
        ('{"' + "n" * 61 + '": 1}', "Um nome"),
        ('{"a\\u0000": 1}', "Um nome"),
        ('{"a": "x\\u0000"}', "caractere que não existe"),
        ('{"a": "\\ud83d"}', "caractere que não existe"),
        ("[" * 30_000, "demais"),
        ('{"a":' * 10_000, "demais"),
        ('{"itens": {}}', "precisa ser uma lista"),
        ('{"itens": "x"}', "precisa ser uma lista"),
        ('{"itens": [1]}', "O item 1 dos dados em JSON precisa ser um objeto"),
        ('{"itens": [{"descricao": "x"}, {"qtd": 1}]}', "O item 2 dos dados em JSON traz “qtd”"),
        ('{"itens": [{"descricao": "x", "total": "10,00"}]}', "No item 1 .*total precisa ser um número"),
        ('{"itens": [{"descricao": "x", "total": true}]}', "No item 1 .*total precisa ser um número"),
        ('{"itens": [{"descricao": ["x"]}]}', "descricao precisa ser um texto"),
        ('{"itens": [{"descricao": true}]}', "descricao precisa ser um texto"),
        ('{"itens": [{}]}', "O item 1 está sem descrição"),
        ('{"itens": [{"descricao": "x", "quantidade": -1}]}', "No item 1, a quantidade é um número negativo"),
        ('{"itens": [{"descricao": "x", "total": 1e16}]}', "No item 1, o total não é um número que caiba"),
        ('{"itens": [{"descricao": "x\\u0000"}]}', "No item 1, descricao"),
        ('{"itens": [' + ",".join(['{"codigo":1}'] * 2001) + "]}", "mais de 2000 itens"),
        (" " * (MAX_BYTES + 1), "65537 bytes"),
    ],
)
def test_a_doubt_is_refused_with_what_is_wrong(source: str, told: str) -> None:
    with pytest.raises(RowError, match=told) as caught:
        read_json(source.encode())
    assert caught.value.message[0].isupper() or caught.value.message[0] == "“"
    assert caught.value.message.endswith(".")


def test_names_of_an_item_may_have_accents_and_capitals() -> None:
    (item,) = read_json('{"Itens": [{"Descrição": "Óleo", "CODIGO": 7891, "Quantidade": 1.5}]}'.encode()).items
    assert (item.description, item.code, item.quantity) == ("Óleo", "7891", Decimal("1.5"))


def test_utf8_with_its_mark_and_windows_1252_are_told_apart() -> None:
    for raw in ("\ufeff" + '{"a": "João"}').encode(), '{"a": "João"}'.encode("cp1252"):
        assert read_json(raw).variables == {"a": "João"}


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from(["a", "itens", "Ítens", "total"]) | st.text(), _ANY) | _ANY)
def test_whatever_is_written_is_read_or_refused(anything: object) -> None:
    with suppress(RowError):
        found = read_json(json.dumps(anything).encode())
        assert all("\x00" not in value for value in found.variables.values())
        assert all(item.description for item in found.items)


@settings(max_examples=100)
@given(st.binary(max_size=80))
def test_no_bytes_do_anything_but_be_refused(raw: bytes) -> None:
    with suppress(RowError):
        read_json(raw)
