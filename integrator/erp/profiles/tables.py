"""One table of a profile's file, read key by key; what is wrong with it is told with line and column."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from integrator.erp.profiles.canonical import SOURCES, SourceName
from integrator.erp.profiles.sql_check import Statement, check_sql
from integrator.settings.problems import Place, Problem
from integrator.settings.toml_places import Places, find_places


def places_of_each(text: str, name: str) -> tuple[Places, ...]:
    """The places of each table ``[[name]]`` of the file, in its order; also of the one ``[name]``."""
    lines = text.split("\n")
    starts: list[int] = []
    place = find_places(text).tables.get((name,))
    while place is not None:
        starts.append(place.line)
        place = find_places("\n" * place.line + "\n".join(lines[place.line :])).tables.get((name,))
    ends = [*(start - 1 for start in starts[1:]), len(lines)]
    pieces = ("\n" * (start - 1) + "\n".join(lines[start - 1 : end]) for start, end in zip(starts, ends, strict=False))
    return tuple(map(find_places, pieces))


def meant(typed: str, known: Iterable[str]) -> str:
    """What was probably meant by a name that is not known: a sentence with a blank before it."""
    options = sorted(known)
    close = difflib.get_close_matches(typed.lower(), options, n=1, cutoff=0.6)
    return f" Você quis dizer {close[0]}?" if close else f" As que existem são: {', '.join(options)}."


class Table:
    """The table of one source. ``problems`` and ``warnings`` gather what was found, so that one run tells it all."""

    def __init__(self, name: str, keys: Mapping[str, Any], places: Places) -> None:
        self.name = name
        self.keys = keys
        self._places = places
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def place(self, key: str = "") -> Place:
        """Where a key stands, or the table; of a key that is not written, the table's."""
        return self._places.of((self.name, key) if key else (self.name,))

    def say(self, key: str, message: str) -> None:
        """Note what is wrong with a key, or with the table."""
        sentence = message[0].upper() + message[1:]
        self.problems.append(Problem(sentence, self.place(key), source=self.name))

    def refuse_unknown(self, known: Iterable[str]) -> None:
        """A mistyped key would silently change who is written to."""
        for key in self.keys:
            if key not in known:
                self.say(key, f"a chave {key} não existe em [{self.name}].{meant(key, known)}")

    def text(self, key: str, *, required: bool = False) -> str:
        """A text, empty when there is none."""
        value = self.keys.get(key)
        if value is None or (isinstance(value, str) and not value.strip()):
            if required:
                self.say(key, f"falta a chave {key} em [{self.name}].")
            return ""
        if not isinstance(value, str):
            self.say(key, f"{key} precisa ser um texto entre aspas.")
            return ""
        return value

    def whole(self, key: str, usual: int, most: int) -> int:
        """A whole number from 0 on."""
        value = self.keys.get(key, usual)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most:
            return value
        self.say(key, f"{key} precisa ser um número inteiro de 0 a {most}, sem aspas.")
        return usual

    def statement(self, key: str, source: SourceName, *, required: bool) -> Statement | None:
        """The SELECT in a key; None when there is none or it cannot be used."""
        sql = self.text(key, required=required)
        if not sql:
            return None
        entry = self._places.entries.get((self.name, key))
        if entry is not None and entry.quote in ('"""', '"') and "\\" in entry.raw:
            self.say(key, "escreva o SQL entre ''' e ''', para que a barra invertida valha como está.")
            return None
        start = entry.content if entry is not None else self.place()
        spec = SOURCES[source]
        statement, problems = check_sql(sql, start, spec.parameters, spec.required_parameters, source=source.value)
        self.problems += [problem for problem in problems if not problem.warning]
        self.warnings += [problem for problem in problems if problem.warning]
        return statement
