"""The name that an account gave itself at WhatsApp, made fit for one line of a window or a page."""

from __future__ import annotations

import unicodedata
from typing import Final

LONGEST: Final = 40
_JOINER: Final = "\u200d"
#: Controls, invisible marks that turn the direction of what follows, halves of characters, private characters.
_UNFIT: Final = frozenset({"Cc", "Cf", "Cs", "Co"})
_CUT: Final = "…"


def account_name(told: str) -> str:
    """``told`` on one line of at most :data:`LONGEST` characters, without what is invisible; empty when none is left.

    A name of right-to-left letters stays as it is: the letters carry their direction, and turn nothing after them.
    """
    words = " ".join(told.split())
    kept = "".join(each for each in words if each == _JOINER or unicodedata.category(each) not in _UNFIT)
    shown = " ".join(kept.strip(_JOINER).split())
    if len(shown) <= LONGEST:
        return shown
    end = LONGEST - len(_CUT)
    while end and (_joins(shown[end]) or shown[end - 1] == _JOINER):
        end -= 1  # what is drawn as one is left out as one
    return shown[:end].rstrip() + _CUT


def _joins(char: str) -> bool:
    return char == _JOINER or unicodedata.category(char).startswith("M")
