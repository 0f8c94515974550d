"""Looking for words in the log, as people type them."""

import pytest

from integrator.logs.record import record_of
from integrator.logs.search import Search
from integrator.logs.words import ACTIONS, in_words

_AT = b"2026-11-20T08:00:05.000 INFO integrator.sending.pump "
SENT = _AT + b"action=finished row=12 state=enviada\n"
REFUSED = _AT + 'action=config_refused message="A chave \\"nome\\" não existe na seção Envio."\n'.encode()
UNKNOWN = _AT + b'action=novidade title="Banco fora do ar" message="Confira o servidor."\n'
FALLEN = _AT + "msg=falha\nTraceback (most recent call last):\n  Exceção: número inválido\n".encode()


@pytest.mark.parametrize(
    ("words", "record"),
    [
        ("mensagem 12: enviada", SENT),
        ("MENSAGEM", SENT),
        ("12: env", SENT),
        ("row=12", SENT),
        ("08:00:05", SENT),
        ("nao existe", REFUSED),
        ("SECAO", REFUSED),
        ('"nome" não', REFUSED),
        ("não pode ser usada: a chave", REFUSED),
        ("ar: confira", UNKNOWN),
        ("servidor", UNKNOWN),
        ("numero invalido", FALLEN),
        ("  falha ", FALLEN),
        ("", SENT),
    ],
)
def test_what_is_shown_or_written_is_found(words: str, record: bytes) -> None:
    search = Search(words)
    assert search.finds(record), in_words(record_of(0, record))
    assert search.may_be_in(b"x" * 1000 + record)


@pytest.mark.parametrize("words", ["enviadas", "mensagem 13", "erro", "12:enviada"])
def test_what_is_not_there_is_not_found(words: str) -> None:
    assert not Search(words).finds(SENT)


def test_a_block_without_the_words_is_passed_over() -> None:
    assert not Search("zebra").may_be_in(SENT * 10)
    assert Search("mensagem").may_be_in(SENT * 10)


def test_no_sentence_has_digits_of_its_own() -> None:
    assert not [sentence for sentence in ACTIONS.values() if any(letter.isdigit() for letter in sentence)]


def test_nothing_ends_a_search_through_garbage() -> None:
    for raw in (b"\xff\xfe\x00", b"", b"x" * 5_000_000, _AT + b"action=\xff\n", _AT + b"action=finished\n"):
        assert not Search("zebra").finds(raw)
        assert not Search("mensagem: zebra").finds(raw)
