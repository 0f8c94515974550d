"""The few words that a customer may answer with and that the program obeys, whole message only."""

from __future__ import annotations

import unicodedata
from enum import Enum
from typing import Final


class Word(Enum):
    """What a whole message may mean."""

    YES = "sim"
    STOP = "sair"
    BACK = "voltar"
    WRONG_NUMBER = "número errado"


_SAID: Final = {
    "sim": Word.YES,
    "sair": Word.STOP,
    "parar": Word.STOP,
    "voltar": Word.BACK,
    "numero errado": Word.WRONG_NUMBER,
}


def word_of(text: str) -> Word | None:
    """The word that ``text`` is, letters and spaces alone counting; None for anything longer or other."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    letters = " ".join("".join(char if char.isalpha() else " " for char in plain).split())
    return _SAID.get(letters)
