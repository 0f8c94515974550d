"""What a text may name: variables with their kinds, and lists with the variables of their items.

Names are looked up without regard to case and accents: ``{CLIENTE}``, ``{Cliente}`` and ``{cliente}`` are one.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import TypeAlias


class Kind(Enum):
    """What a variable holds; it decides how it is printed and which filters fit."""

    TEXT = "texto"
    MONEY = "valor"
    DATE = "data"
    DATETIME = "data e hora"
    NUMBER = "número"
    FLAG = "sim ou não"
    PHONE = "telefone"
    DOCUMENT = "CPF ou CNPJ"


Scalar: TypeAlias = str | Decimal | date | datetime | int | bool | None
Item: TypeAlias = Mapping[str, Scalar]
Value: TypeAlias = Scalar | tuple[Item, ...]
Values: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Schema:
    """``fields`` by name; ``lists`` by name, each with the schema of one item."""

    fields: Mapping[str, Kind]
    lists: Mapping[str, Schema] = field(default_factory=dict)

    def with_text(self, names: Iterable[str]) -> Schema:
        """Also the variables that an ERP's row brings, as text; a built-in of the same name stays what it is."""
        own = {plain(name): Kind.TEXT for name in names}
        return replace(self, fields={**own, **self.fields})

    def inside(self, name: str) -> Schema:
        """What a text may name inside the loop over ``name``: the item's variables hide the outer ones."""
        item = self.lists[name]
        return Schema({**self.fields, **item.fields}, self.lists)

    def suggest(self, name: str) -> str:
        """``" Você quis dizer {cliente}?"``, or nothing when no name is close."""
        close = difflib.get_close_matches(plain(name), [*self.fields, *self.lists], n=1, cutoff=0.6)
        return f" Você quis dizer {{{close[0]}}}?" if close else ""


def plain(name: str) -> str:
    """A name as it is compared: lower case, without accents or outer blanks."""
    decomposed = unicodedata.normalize("NFD", name.strip().lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
