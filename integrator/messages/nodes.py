"""The tree of a parsed text. Immutable, so that one parsed text serves every message of the night.

``line`` is where a node stands in the source, counted from 1; it does not tell two nodes apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from integrator.messages.filters import Filter
from integrator.messages.schema import Kind


@dataclass(frozen=True, slots=True)
class Literal:
    """Text printed as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Print:
    """``{name|filter…}``; ``default`` is printed when the value is missing."""

    name: str
    kind: Kind
    filters: tuple[Filter, ...]
    default: str | None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Plural:
    """``{name|one|many}``: the word that fits the number."""

    name: str
    one: str
    many: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Loop:
    """``{#name:limit}…{/name}``; without a limit, every item."""

    name: str
    limit: int | None
    body: tuple[Node, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Condition:
    """``{?name}…{:senao}…{/name}``."""

    name: str
    then: tuple[Node, ...]
    otherwise: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Variation:
    """``[[a|b|c]]``: one of them, by the seed; ``index`` tells the variations of a text apart."""

    index: int
    options: tuple[tuple[Node, ...], ...]


Node: TypeAlias = Literal | Print | Plural | Loop | Condition | Variation
