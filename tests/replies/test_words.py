"""The words that the program obeys: a whole message, however it is typed, and nothing that says more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrator.documents.poster import GREETING
from integrator.domain.words import Word, from_anybody, word_of


@pytest.mark.feature("B08")
@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("SAIR", Word.STOP),
        (" sair. ", Word.STOP),
        ("Sair!!! 😡", Word.STOP),
        ("*SAIR*", Word.STOP),
        ("“Sair”", Word.STOP),
        ("PARAR", Word.STOP),
        ("Pare, por favor", Word.STOP),
        ("Bom dia, cancelar por favor. Obrigada 🙏", Word.STOP),
        ("Não quero receber mais mensagens", Word.STOP),
        ("NAO QUERO MAIS RECEBER", Word.STOP),
        ("stop", Word.STOP),
        ("remover", Word.STOP),
        ("Sair, não quero mais receber mensagens", Word.STOP),
        ("Não. Pare de mandar mensagem!", Word.STOP),
        ("Não me mande mais nada", Word.STOP),
        ("Boa tarde!\nNão quero mais mensagens.\nObrigada", Word.STOP),
        ("Número errado. Pare de mandar mensagens!!", Word.WRONG_NUMBER),
        ("Não, não sou essa pessoa", Word.WRONG_NUMBER),
        ("Sim! Aceito.", Word.YES),
        ("Voltar", Word.BACK),
        ("sim", Word.YES),
        ("SIM 👍", Word.YES),
        ("Sim, aceito", Word.YES),
        ("Não", Word.NO),
        ("não, obrigada", Word.NO),
        ("Número errado", Word.WRONG_NUMBER),
        ("numero errado", Word.WRONG_NUMBER),
        ("Não é meu número", Word.WRONG_NUMBER),
        ("Na\u0303o e\u0301 meu nu\u0301mero!", Word.WRONG_NUMBER),
        ("engano", Word.WRONG_NUMBER),
        (GREETING, Word.WANTS),
        (f"Olá! {GREETING}.", Word.WANTS),
    ],
)
def test_a_word_is_understood_however_it_is_typed(text: str, word: Word) -> None:
    assert word_of(text) is word


@pytest.mark.feature("B08")
@pytest.mark.parametrize(
    "text",
    [
        "não vou sair daqui hoje",
        "vou sair agora, pago amanhã",
        "pode parar na minha casa",
        "posso cancelar o pedido 123?",
        "quero cancelar meu pedido",
        "sim, já paguei",
        "sim, sair",
        "não, volta",
        "sair. depois eu pago o boleto",
        "não sei",
        "sim senhor, o boleto veio errado",
        "o número do boleto está errado",
        "sair 2",
        "s.a.i.r.",
        "quero receber meus boletos por e-mail",
        "não quero mais",
        "não quero receber visita",
        "СТОП",
        "",
        "🙂",
        "obrigado",
        "sair " * 40,
    ],
)
def test_what_says_more_than_the_word_is_a_message_to_people(text: str) -> None:
    assert word_of(text) is None


@pytest.mark.feature("B08")
def test_of_strangers_only_what_concerns_the_shop_is_kept() -> None:
    assert [from_anybody(each) for each in ("Sair", GREETING, "voltar", "sim", "engano", "oi")] == [True] * 3 + [
        False
    ] * 3


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert word_of(text) in {None, *Word}


@given(st.sampled_from(["sair", "número errado", "voltar"]), st.text("abcdefghij", min_size=1, max_size=9))
def test_one_more_unknown_word_makes_it_another_message(said: str, more: str) -> None:
    assert word_of(f"{said} x{more}x") is None
