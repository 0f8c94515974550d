"""Warnings for what is allowed but probably not meant."""

from __future__ import annotations

import time

import pytest

from integrator.messages.catalogue import DebtKind
from integrator.messages.language import lint
from tests.messages.builders import SCHEMA, default_text

DOUBLED = "Há “R$” antes de {total}, que já sai com R$: o cliente leria “R$ R$ 10,00”. Tire o “R$” do texto."


@pytest.mark.parametrize("source", ["Total R$ {total}", "Total R${total}", "R$ {total|minusculas}"])
def test_a_doubled_currency_sign_is_told(source: str) -> None:
    assert lint(source, SCHEMA) == [DOUBLED]
    assert lint(source) == [DOUBLED]


def test_an_amount_that_is_a_plain_text_may_have_the_sign_before_it() -> None:
    assert lint("R$ {obs}", SCHEMA) == []
    assert len(lint("R$ {obs|moeda}", SCHEMA)) == 1
    assert len(lint("{#titulos}R$ {valor}{/titulos}", SCHEMA)) == 1


@pytest.mark.parametrize(
    ("source", "warning"),
    [
        ("Oi\n*{cliente}", "Linha 2: há um “*” sem par, e o negrito pode pegar o texto errado."),
        ("_Oi {cliente}", "Linha 1: há um “_” sem par, e o itálico pode pegar o texto errado."),
        ("~Oi~ ~", ""),
        ("~Oi~ e~", "Linha 1: há um “~” sem par, e o riscado pode pegar o texto errado."),
    ],
)
def test_a_mark_without_its_pair_is_told(source: str, warning: str) -> None:
    assert lint(source, SCHEMA) == ([warning] if warning else [])


@pytest.mark.parametrize(
    "source",
    [
        "*{cliente}*",
        "joao_silva@x.com",
        "* item\n* item",
        "{?qtd}*{qtd}*{/qtd}",
        "[[*Olá*|Oi]]",
        "{total}",
        "2*3",
        "{{ {",
    ],
)
def test_a_text_that_is_fine_has_no_warning(source: str) -> None:
    assert lint(source, SCHEMA) == []


@pytest.mark.parametrize("typed", ["[NOME]", "<<NOME>>", "<NOME>", "@NOME@"])
def test_what_looks_like_a_variable_of_another_system_is_told(typed: str) -> None:
    assert lint(f"Oi {typed}") == [
        f"“{typed}” parece uma variável de outro sistema e sairia assim mesmo. Use uma do integrador, como {{cliente}}."
    ]


@pytest.mark.parametrize("kind", list(DebtKind))
def test_the_default_texts_have_no_warning(kind: DebtKind) -> None:
    assert lint(default_text(kind)) == []


@pytest.mark.parametrize("piece", ["R$ {" + "a" * 19_000, "{a", "[[", "*a ", "R$ ", "\n", "<A", "[A"])
def test_no_text_takes_long_to_look_over(piece: str) -> None:
    began = time.thread_time()
    lint(piece * (20_000 // len(piece)), SCHEMA)
    assert time.thread_time() - began < 0.5
