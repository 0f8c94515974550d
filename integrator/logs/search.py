"""Whether a record says something: as people type it, without regard to case or accents, in its line or in words.

Who looks for "mensagem 12" means the sentence that is shown, which the file does not hold. Making every sentence would
take seconds for a long day: only those are made whose fixed words have a part in what is looked for.
"""

from __future__ import annotations

import re
import unicodedata
from string import Formatter
from typing import Final

from integrator.logs.record import record_of
from integrator.logs.words import ACTIONS, in_words

_ACCENTS = re.compile("[\u0300-\u036f]")
_DIGITS = re.compile("[0-9]+")
_ACTION = re.compile(rb"action=(\w+)")
#: Of a record that is longer, so much is looked through.
_LONGEST: Final = 1024 * 1024


class Search:
    """What is looked for; nothing but blanks is in every record."""

    def __init__(self, words: str) -> None:
        self._words = fold(words.strip())
        self._bytes = self._words.encode() if self._words.isascii() else None
        self._sentences = frozenset(
            action.encode() for action, sentence in ACTIONS.items() if _takes_part(sentence, self._words)
        )
        #: No sentence has digits of its own: these stand in the line, too.
        self._digits = tuple(_DIGITS.findall(self._words))
        #: Signs that the line has otherwise than the sentence: between title and message, and in quoted fields.
        self._rewritten = not {":", '"', "\\"}.isdisjoint(self._words)

    def __bool__(self) -> bool:
        return bool(self._words)

    def may_be_in(self, block: bytes) -> bool:
        """False when no record of the block can say it: most of a long file is passed over by this."""
        if self._sentences or self._rewritten or self._bytes is None or not block.isascii():
            return True
        return self._bytes in block.lower()

    def finds(self, raw: bytes) -> bool:
        """Whether the record with these bytes says it."""
        raw = raw[:_LONGEST]
        text = fold(raw.decode("utf-8", "replace"))
        return self._words in text or (all(run in text for run in self._digits) and self._is_in_sentence(raw))

    def _is_in_sentence(self, raw: bytes) -> bool:
        found = _ACTION.search(raw)
        if not self._rewritten and (found is None or found[1] not in self._sentences):
            return False
        return self._words in fold(in_words(record_of(0, raw)))


def fold(text: str) -> str:
    """Without case and without accents: ``NÃO`` and ``nao`` are the same."""
    if text.isascii():
        return text.lower()
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))


def _takes_part(sentence: str, words: str) -> bool:
    """Whether the words, where they are found in such a sentence, can overlap its fixed parts."""
    parts = list(Formatter().parse(sentence))
    return any(
        _overlap(fold(fixed), words, after_field=place > 0, before_field=field is not None)
        for place, (fixed, field, *_) in enumerate(parts)
        if fixed
    )


def _overlap(fixed: str, words: str, *, after_field: bool, before_field: bool) -> bool:
    if words in fixed or (fixed in words and (after_field or before_field)):
        return True
    shorter = range(1, min(len(fixed), len(words)))
    return any(
        (before_field and fixed.endswith(words[:length])) or (after_field and fixed.startswith(words[-length:]))
        for length in shorter
    )
