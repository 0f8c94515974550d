"""What the settings refuse, beside the field that it is about and in the words of the form."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from integrator.domain.errors import SettingsError
from integrator.panel.settings_forms.fields import Field

_ITEM: Final = re.compile(r"^\[(?P<section>[^\]]+)\] (?P<key>[\w]+)(?: = .*?)?: (?P<told>.*)$", re.DOTALL)
_SECTION: Final = re.compile(r"^(?P<section>[\w.]+): (?P<told>.*)$", re.DOTALL)
_ADVICE: Final = re.compile(r" (?:Ajuste|Confira) a seção \[[\w.]+\] do config\.toml\.")


@dataclass(frozen=True, slots=True)
class Problems:
    """Sentences by the name of the field, and those about no single field."""

    by_field: dict[str, str] = field(default_factory=dict)
    general: tuple[str, ...] = ()


def sorted_problems(error: SettingsError, fields: Iterable[Field]) -> Problems:
    """Each sentence of ``error`` at the field that it names, else among the general ones."""
    known = {each.path: each for each in fields}
    by_field: dict[str, str] = {}
    general: list[str] = []
    for sentence in _sentences(error.message):
        found = _field_of(sentence, known)
        if found is None:
            general.append(_readable(sentence, known.values()))
        else:
            place, told = found
            by_field.setdefault(place.name, _full(_readable(told, known.values())))
    return Problems(by_field, tuple(general))


def _sentences(message: str) -> list[str]:
    first, *items = message.split("\n- ")
    return items or [first]


def _field_of(sentence: str, known: dict[tuple[str, ...], Field]) -> tuple[Field, str] | None:
    item = _ITEM.match(sentence)
    if item is not None:
        found = known.get((*item["section"].split("."), item["key"]))
        return (found, item["told"]) if found is not None else None
    section = _SECTION.match(sentence)
    prefix = tuple(section["section"].split(".")) if section is not None else ()
    told = section["told"] if section is not None else sentence
    for path, each in known.items():
        if path[: len(prefix)] == prefix and len(path[-1]) > 3 and re.search(rf"\b{re.escape(path[-1])}\b", told):
            return each, told
    return None


def _readable(sentence: str, fields: Iterable[Field]) -> str:
    """Keys become the labels that people see."""
    told = _ADVICE.sub("", sentence)
    for each in fields:
        if "_" in each.path[-1]:  # other keys are words that a sentence may use as such
            told = re.sub(rf"\b{re.escape(each.path[-1])}\b", f"“{each.label}”", told)
    return told


def _full(sentence: str) -> str:
    told = sentence[:1].upper() + sentence[1:]
    return told if told.endswith((".", "?", "”")) else f"{told}."
