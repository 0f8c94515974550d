"""Strict reading of a TOML table: wrong types, wrong words and unknown keys become problems with line and column."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from integrator.documents.blocks.texts import Text, parse_text, without_place
from integrator.domain.errors import TemplateError
from integrator.messages.schema import Schema, plain, shown
from integrator.settings.problems import Place, Problem
from integrator.settings.toml_places import Path, Places

Choice = TypeVar("Choice", bound=StrEnum)

#: Stands for a text that could not be read; its problem keeps the document from being used.
NOTHING = Text((), frozenset())
_WHERE = re.compile(r"^Texto da mensagem, linha (\d+), coluna (\d+): ")


@dataclass(slots=True)
class Problems:
    """Gathers what is wrong with a file, so that one look tells all of it."""

    places: Places
    found: list[Problem] = field(default_factory=list)

    def say(self, path: Path, sentence: str, at: Place | None = None) -> None:
        """One problem; ``at`` is a place inside the value of ``path``."""
        told = sentence[:1].upper() + sentence[1:]
        self.found.append(Problem(told if told.endswith((".", "?")) else f"{told}.", at or self.places.of(path)))


class Table:
    """One table of the file. Each key is asked for once; :meth:`finish` complains of those that nobody asked for."""

    def __init__(self, data: dict[str, Any], path: Path, problems: Problems) -> None:
        self._data = data
        self._asked: dict[str, None] = {}
        self.path = path
        self.problems = problems

    def say(self, key: str, sentence: str) -> None:
        """A problem of a key, or of the table itself where the key is empty or missing."""
        self.problems.say((*self.path, key) if key in self._data else self.path, sentence)

    def finish(self) -> None:
        """Complain of unknown keys."""
        for key in self._data:
            if key not in self._asked:
                self.say(key, f"a chave {key} não existe em {self._called()}.{meant(key, self._asked)}")

    def has(self, key: str) -> bool:
        """Whether the key is written."""
        return key in self._data

    def string(self, key: str, *, required: bool = False) -> str:
        """A text in one piece, without variables."""
        value = self._get(key, str, "um texto entre aspas", required=required)
        return value if isinstance(value, str) else ""

    def text(self, key: str, schema: Schema, *, required: bool = False, marks: bool = False) -> Text | None:
        """A text with variables, or None where it is not written."""
        source = self.string(key, required=required)
        if not source:
            return NOTHING if required else None
        try:
            return parse_text(source, schema, marks=marks)
        except TemplateError as error:
            self.problems.say((*self.path, key), without_place(error.message), self._inside(key, error.message))
            return NOTHING

    def number(self, key: str, low: float, high: float, default: float) -> float:
        """A number between the limits."""
        value = self._get(key, (int, float), "um número, sem aspas", required=False)
        if not isinstance(value, int | float):
            return default
        if not low <= value <= high:
            self.say(key, f"a chave {key} precisa ficar entre {low:g} e {high:g}")
            return default
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """``true`` or ``false``."""
        value = self._get(key, bool, "true (sim) ou false (não), sem aspas", required=False)
        return value if isinstance(value, bool) else default

    def choice(self, key: str, default: Choice) -> Choice:
        """One of the words of ``default``'s kind."""
        word = self.string(key)
        options = [each.value for each in type(default) if each.value]
        if not word:
            return default
        if plain(word) not in options:
            self.say(key, f"“{shown(word)}” não serve em {key}.{meant(word, options)}")
            return default
        return type(default)(plain(word))

    def name(self, key: str, known: Iterable[str]) -> str:
        """The name of a variable or list among ``known``, or empty."""
        names = self.names(key, known)
        return names[0] if names else ""

    def names(self, key: str, known: Iterable[str]) -> tuple[str, ...]:
        """Names of variables or lists, one as a text or several in brackets; unknown ones are complained of."""
        value = self._get(key, (str, list), 'um nome entre aspas, ou nomes entre colchetes: ["um", "dois"]')
        typed = value if isinstance(value, list) else [value] if value else []
        options = set(known)
        found: list[str] = []
        for each in typed:
            if not isinstance(each, str) or plain(each) not in options:
                self.say(key, f"não conheço “{shown(str(each))}”.{meant(str(each), options)}")
            else:
                found.append(plain(each))
        return tuple(found)

    def words(self, key: str) -> tuple[str, ...]:
        """Any texts, in brackets."""
        value = self._get(key, list, 'uma lista entre colchetes: ["um", "dois"]')
        if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
            if value is not None and not (isinstance(value, list) and not value):
                self.say(key, f"a chave {key} precisa ser uma lista de textos entre aspas")
            return ()
        return tuple(value)

    def tables(self, key: str, *, required: bool = True) -> list[Table]:
        """The tables ``[[…key]]`` below this one."""
        header = ".".join(part for part in (*self.path, key) if not part.isdigit())
        value = self._get(key, list, f"escrita como tabelas: [[{header}]]", required=False)
        tables = value if isinstance(value, list) else []
        if not all(isinstance(each, dict) for each in tables):
            self.say(key, f"a chave {key} precisa ser escrita como tabelas: [[{header}]]")
            return []
        if required and not tables and not self.has(key):
            self.say(key, f"falta ao menos um [[{header}]] em {self._called()}")
        return [Table(each, (*self.path, key, str(at)), self.problems) for at, each in enumerate(tables, start=1)]

    def _get(self, key: str, kinds: type | tuple[type, ...], wanted: str, *, required: bool = False) -> object:
        self._asked[key] = None
        value = self._data.get(key)
        missing = value is None or (isinstance(value, str) and not value.strip())
        if missing:
            if required:
                self.say(key, f"falta a chave {key} em {self._called()}")
            return None
        if not isinstance(value, kinds) or (isinstance(value, bool) and kinds is not bool):
            self.say(key, f"a chave {key} precisa ser {wanted}")
            return None
        return value

    def _called(self) -> str:
        if not self.path:
            return "um documento"
        names = ".".join(part for part in self.path if not part.isdigit())
        return f"[[{names}]]" if self.path[-1].isdigit() else f"[{names}]"

    def _inside(self, key: str, told: str) -> Place | None:
        """The place in the file of a complaint about a text, which counts its own lines and columns."""
        entry, found = self.problems.places.entries.get((*self.path, key)), _WHERE.match(told)
        if entry is None or found is None:
            return None
        line, column = int(found[1]), int(found[2])
        if line == 1:
            return Place(entry.content.line, entry.content.column + column - 1)
        return Place(entry.content.line + line - 1, column)


def meant(typed: str, known: Iterable[str]) -> str:
    """`` Você quis dizer x?``, else which ones there are."""
    options = sorted(known)
    close = difflib.get_close_matches(plain(typed), options, n=1, cutoff=0.6)
    return f" Você quis dizer {close[0]}?" if close else f" O que existe: {', '.join(options)}."
