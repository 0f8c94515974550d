"""What a text may name: variables with their kinds, and lists with the variables of their items.

Names are looked up without regard to case and accents: ``{CLIENTE}``, ``{Cliente}`` and ``{cliente}`` are one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

#: What people call a variable that has another name here.
_ALSO_CALLED = {
    "nome": "cliente",
    "loja": "empresa",
    "cpf": "documento",
    "valor_total": "total",
    "data_vencimento": "vencimento",
}
_SHOWN = 40
_ALIKE = 0.65


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
    #: A text of the ERP's own, which may be anything: every filter fits, and what cannot be read holds the message.
    OWN = "texto do ERP"


class Hidden(str):
    """Printed in place of a value that a test number may not see; no filter touches it."""

    __slots__ = ()


Scalar: TypeAlias = str | Decimal | date | datetime | int | bool | None
Item: TypeAlias = Mapping[str, Scalar]
Value: TypeAlias = Scalar | tuple[Item, ...]
#: By the plain name (see :func:`plain`).
Values: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Schema:
    """``fields`` by plain name; ``lists`` by plain name, each with the schema of one item."""

    fields: Mapping[str, Kind]
    lists: Mapping[str, Schema] = field(default_factory=dict)

    def with_text(self, names: Iterable[str]) -> Schema:
        """Also the variables that an ERP's row brings, as text; a built-in of the same name stays what it is."""
        own = {plain(name): Kind.OWN for name in names}
        return replace(self, fields={**own, **self.fields})

    def inside(self, name: str) -> Schema:
        """What a text may name inside the loop over ``name``: the item's variables hide the outer ones.

        Lists are those of the item: a list inside itself would multiply without sense.
        """
        item = self.lists[name]
        return Schema({**self.fields, **item.fields}, item.lists)

    def suggest(self, name: str) -> str:
        """What to do about an unknown name: `` Você quis dizer {cliente}?`` or the list it is in."""
        wanted = plain(name)
        for listed, item in self.lists.items():
            if wanted in item.fields:
                return f" Ela só existe dentro de {{#{listed}}}…{{/{listed}}}."
        meant = self.meant_by(name)
        return f" Você quis dizer {meant}?" if meant else " Confira o nome."

    def meant_by(self, name: str) -> str:
        """The variable or list probably meant by ``name``, as it is written: ``{cliente}``; or empty."""
        wanted = re.sub(r"[\s-]+", "_", plain(name[: _SHOWN * 2]))
        also = _ALSO_CALLED.get(wanted, wanted)
        found = also if also in self.fields else alike(wanted, [*self.fields, *self.lists])
        return f"{{{'#' if found in self.lists else ''}{found}}}" if found else ""


def plain(name: str) -> str:
    """A name as it is compared: lower case, without accents or outer blanks."""
    decomposed = unicodedata.normalize("NFD", name.strip().lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def alike(name: str, known: Iterable[str]) -> str:
    """The known name most like ``name``, or empty."""
    import difflib  # only told to somebody who mistyped

    close = difflib.get_close_matches(name[: _SHOWN * 2], list(known), n=1, cutoff=_ALIKE)
    return close[0] if close else ""


def shown(typed: str) -> str:
    """What somebody typed, cut to a length that fits a message."""
    return typed if len(typed) <= _SHOWN else f"{typed[:_SHOWN]}…"
