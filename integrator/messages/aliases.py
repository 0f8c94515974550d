"""Which variable of ours another system's name means, for one situation. The names are data: ``aliases.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from integrator.messages.catalogue import Situation, Subject, bare
from integrator.messages.guards import always_there, only_with_titles
from integrator.messages.schema import Kind, Schema
from integrator.messages.vocabulary import base_schema, situation_schema
from integrator.paths import packaged

_QUALIFIED: Final = re.compile(r"\s*(\w+)\s*[:.]\s*(\w+)\s*")
#: Which list holds the title that a text speaks of.
_LIST_OF: Final = {Subject.OPEN_TITLES: "titulos", Subject.SETTLED_TITLES: "quitados"}


@dataclass(frozen=True, slots=True)
class Meant:
    """What to write instead: ``text`` with its braces, and the kind of what it prints."""

    text: str
    kind: Kind


class Aliases:
    """The names that mean something in a text of ``situation`` (None: a text of any message)."""

    def __init__(self, situation: Situation | None) -> None:
        self._situation = situation
        self.schema: Schema = situation_schema(situation) if situation else base_schema()
        own = {each.name for each in situation.variables} if situation else set()
        absent = only_with_titles() - always_there(situation) - own if situation else frozenset()
        self._own = {bare(name) for name in own}
        known = [*sorted(own), *(name for name in self.schema.fields if name not in own and name not in absent)]
        self._names = {bare(name): name for name in reversed(known)}

    def meant(self, name: str) -> Meant | None:
        """What ``name``, as the other system writes it between its signs, means; None: nobody knows."""
        for wanted, barred, is_title in self._candidates(name):
            found = "" if barred and wanted not in self._own else self._names.get(wanted) or self._grouped(wanted)
            if found:
                return Meant(f"{{{found}}}", self.schema.fields[found])
            if is_title and (of_title := self._of_title(wanted)):
                return of_title
        return None

    def _candidates(self, name: str) -> Iterator[tuple[str, bool, bool]]:
        """The names to look up, best first; each with whether only a variable of the situation's may have it, and
        whether it may be a title's."""
        qualified = _QUALIFIED.fullmatch(name)
        if qualified is None:
            yield bare(name), bare(name) in _listed("sem_dono"), bare(name) not in _listed("sem_dono")
            return
        table, field = map(bare, qualified.groups())
        if party := _party(table):
            yield party + field, False, False
            return
        yield table.removeprefix("t") + field, False, True
        yield field, field in _listed("ambiguos"), True

    def _grouped(self, wanted: str) -> str:
        for group in _groups("grupos").values():
            if wanted in group:
                found = next((self._names[name] for name in group if name in self._names), "")
                if found:
                    return found
        return ""

    def _of_title(self, wanted: str) -> Meant | None:
        listed = _LIST_OF.get(self._situation.subject) if self._situation else "titulos"
        for field, group in _groups("de_titulo").items():
            if listed and wanted in group:
                kind = self.schema.lists[listed].fields[field]
                return Meant(f"{{#{listed}:1}}{{{field}}}{{/{listed}}}", kind)
        return None


def _party(table: str) -> str:
    """The party whose table that is, or empty for the message's own document."""
    for party, tables in _groups("partes").items():
        if {table, table.removeprefix("t"), table.removeprefix("tb")} & set(tables):
            return party
    return ""


@cache
def _groups(section: str) -> Mapping[str, Sequence[str]]:
    """The names of that section; in ``grupos`` our own name stands among the others."""
    return {
        name: (bare(name), *names) if section == "grupos" else tuple(names) for name, names in _data()[section].items()
    }


def _listed(key: str) -> Sequence[str]:
    names: Sequence[str] = _data()[key]
    return names


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(packaged("messages", "aliases.toml").read_text(encoding="utf-8"))
