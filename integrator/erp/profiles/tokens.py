"""The words of a SELECT, told apart as Firebird does: strings, quoted names, comments, parameters. Pure.

Whatever could be read in two ways by two versions of Firebird is refused rather than guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class TokenKind(Enum):
    """What a token is."""

    WORD = "palavra"
    NAME = "nome entre aspas"
    STRING = "texto"
    NUMBER = "número"
    PARAMETER = "parâmetro"
    SYMBOL = "sinal"


@dataclass(frozen=True, slots=True)
class Token:
    """``value`` is upper case for words, without its marks for names and parameters (these in lower case)."""

    kind: TokenKind
    value: str
    start: int
    end: int

    def is_word(self, *values: str) -> bool:
        return self.kind is TokenKind.WORD and self.value in values

    def is_symbol(self, *values: str) -> bool:
        return self.kind is TokenKind.SYMBOL and self.value in values


class LexicalError(Exception):
    """Text that no Firebird would read, or that two of them would read differently; ``at`` is its offset."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.message = message
        self.at = at


_TOKEN = re.compile(
    r"""
    (?P<blank>[ \t\n]+)
  | (?P<comment>--[^\n]*|/\*.*?\*/)
  | (?P<odd>[qQ]'[^'])
  | (?P<string>'(?:[^']|'')*')
  | (?P<quoted>"(?:[^"]|"")*")
  | (?P<parameter>:[ ]?[A-Za-z][A-Za-z0-9_$]*)
  | (?P<word>[A-Za-z][A-Za-z0-9_$]*|_[A-Za-z][A-Za-z0-9_$]*)
  | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)
  | (?P<symbol><>|<=|>=|!=|\^=|~=|!<|!>|\|\||[-+*/(),.;?=<>:\[\]{}@!^~|])
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_UNFINISHED = {
    "'": "Este texto entre aspas simples não termina. Feche-o com outra aspa; uma aspa dentro do texto se escreve ''.",
    '"': "Este nome entre aspas não termina. Feche as aspas.",
}
_ODD_STRING = (
    "Textos na forma q'…' não são aceitos, porque o Firebird 2.5 os lê de outro modo. Use aspas simples comuns."
)


def tokenize(sql: str) -> list[Token]:
    """All tokens of ``sql`` without blanks and comments. Raises :class:`LexicalError`."""
    tokens: list[Token] = []
    at = 0
    while at < len(sql):
        match = _TOKEN.match(sql, at)
        if match is None:
            raise LexicalError(_strange(sql, at), at)
        if match.lastgroup == "odd":
            raise LexicalError(_ODD_STRING, at)
        if match["symbol"] == "/" and sql.startswith("/*", at):
            raise LexicalError("Este comentário /* não termina. Feche-o com */.", at)
        token = _token(match)
        if token is not None:
            tokens.append(token)
        at = match.end()
    return tokens


def _token(match: re.Match[str]) -> Token | None:
    text = match.group()
    match match.lastgroup:
        case "string":
            kind, value = TokenKind.STRING, text[1:-1].replace("''", "'")
        case "quoted":
            kind, value = TokenKind.NAME, text[1:-1].replace('""', '"')
        case "parameter":
            kind, value = TokenKind.PARAMETER, text[1:].strip().lower()
        case "word":
            kind, value = TokenKind.WORD, text.upper()
        case "number":
            kind, value = TokenKind.NUMBER, text
        case "symbol":
            kind, value = TokenKind.SYMBOL, text
        case _:
            return None
    return Token(kind, value, match.start(), match.end())


def _strange(sql: str, at: int) -> str:
    char = sql[at]
    if char in _UNFINISHED:
        return _UNFINISHED[char]
    if char.isprintable():
        return (
            f"O sinal “{char}” não pode estar aqui. Nomes com acentos ou espaços vão entre aspas duplas, e textos "
            "entre aspas simples."
        )
    return f"Há um caractere de controle (código {ord(char)}) no SQL. Apague-o e digite o trecho de novo."
