"""Cells of an ERP's rows as values of ours: bytes decoded, money in centavos, what cannot be used named.

A bad cell never raises: the row goes on with a harmless value and a problem that names the column, so that its message
is held and the others go out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

from integrator.domain.money import to_money
from integrator.erp.profiles.canonical import ColumnKind, SourceSpec
from integrator.erp.profiles.charsets import codec_of
from integrator.erp.session import Column, Row
from integrator.messages.formatting import format_date, format_datetime

_LONGEST_VARIABLE = 4000
#: ``WA_TITULO`` keeps amounts as NUMERIC(15, 2).
_LARGEST = Decimal("9999999999999.99")
#: ``WA_ITEM`` keeps unit prices as NUMERIC(15, 4).
_LARGEST_NUMBER = Decimal("99999999999")
_YES = frozenset({"S", "SIM", "T", "TRUE", "Y", "1"})
_MEND = "Corrija o cadastro no ERP."
_SHOWN_PROBLEMS = 2

_EXACT = frozenset({"SMALLINT", "INTEGER", "BIGINT", "NUMERIC"})
_APPROXIMATE = frozenset({"DOUBLE PRECISION", "FLOAT"})
_TEXTS = frozenset({"CHAR", "VARCHAR"})
#: Which of Firebird's types each kind accepts. Customer codes are numbers as often as texts; a dialect 1 database
#: keeps large numbers and money in double precision.
ACCEPTED: Mapping[ColumnKind, frozenset[str]] = {
    ColumnKind.TEXT: _TEXTS | {"BLOB TEXT"} | _EXACT | _APPROXIMATE,
    ColumnKind.DATE: frozenset({"DATE", "TIMESTAMP"}),
    ColumnKind.TIMESTAMP: frozenset({"DATE", "TIMESTAMP"}),
    ColumnKind.MONEY: _EXACT | _APPROXIMATE,
    ColumnKind.NUMBER: _EXACT | _APPROXIMATE,
    ColumnKind.FLAG: _TEXTS | _EXACT | {"BOOLEAN"},
    ColumnKind.BLOB: frozenset({"BLOB", "BLOB TEXT"}),
}
#: What may become a variable of a text.
VARIABLE_TYPES = _TEXTS | {"BLOB TEXT", "BOOLEAN", "DATE", "TIMESTAMP", "TIME"} | _EXACT | _APPROXIMATE


class Layout:
    """Where each column of a prepared query stands and how its text is decoded; made once for all rows."""

    def __init__(self, spec: SourceSpec, columns: Sequence[Column], charset: str) -> None:
        self.spec = spec
        self.charset = charset
        self.columns = {column.name: column for column in columns}
        self.at = {column.name: index for index, column in enumerate(columns)}
        self.codecs = {column.name: codec_of(column.charset_id, charset) for column in columns}
        self.variables = tuple(column.name for column in columns if spec.column(column.name) is None)
        self.lengths = {column.name: column.length for column in spec.columns}
        self.needed = frozenset(
            column.name
            for column in spec.columns
            if column.required and not column.may_be_empty and column.kind is not ColumnKind.FLAG
        )


class Cells:
    """One row, read by column name; a column that the profile does not have reads as NULL."""

    def __init__(self, layout: Layout, row: Row) -> None:
        self._layout = layout
        self.row = row
        self._problems: list[str] = []

    @property
    def problem(self) -> str:
        """What is wrong with the row, in Portuguese; empty when nothing is."""
        told = " ".join(self._problems[:_SHOWN_PROBLEMS])
        more = len(self._problems) - _SHOWN_PROBLEMS
        return f"{told} Há mais {more} campos com problema." if more > 0 else told

    def blames(self, name: str) -> bool:
        """Whether this column is one of the problems."""
        return any(problem.startswith(f"O campo {name} ") for problem in self._problems)

    def text(self, name: str) -> str:
        """Decoded and trimmed, cut to its column's length; empty for a column that the source cannot have."""
        # Of most titles most columns are empty or absent: a night asks this a few million times.
        at = self._layout.at.get(name)
        if (at is None or self.row[at] is None) and name not in self._layout.needed:
            return ""
        value = self._decoded(name)
        if not value and name in self._layout.needed:
            self.blame(name, "está vazio")
        return self._fitting(name, value, self._layout.lengths[name])

    def flag(self, name: str, default: bool = False) -> bool:
        """``S`` and its kin are yes, empty is ``default``, everything else is no."""
        raw = self._raw(name)
        if raw is None:
            return default
        if isinstance(raw, bool):
            return raw
        value = self._decoded(name).upper()
        return value in _YES if value else default

    def day(self, name: str) -> date | None:
        raw = self._required(name)
        return raw.date() if isinstance(raw, datetime) else raw

    def moment(self, name: str) -> datetime | None:
        """A date alone is the midnight that begins it."""
        raw = self._required(name)
        if isinstance(raw, date) and not isinstance(raw, datetime):
            return datetime.combine(raw, datetime.min.time())
        return raw if isinstance(raw, datetime) else None

    def money(self, name: str) -> Decimal | None:
        """Reais with two places."""
        raw = self._required(name)
        if raw is None:
            return None
        try:
            amount = to_money(raw)
        except InvalidOperation:
            amount = _LARGEST + 1
        if abs(amount) > _LARGEST:
            self.blame(name, "tem um valor que não cabe em reais e centavos")
            return None
        return amount

    def number(self, name: str, places: int) -> Decimal | None:
        """A number with that many places at the most, and none that say nothing: ``2.5``, ``3``."""
        raw = self._required(name)
        if raw is None:
            return None
        try:
            found = Decimal(str(raw))
            if not found.is_finite() or abs(found) > _LARGEST_NUMBER:
                raise InvalidOperation
        except InvalidOperation:
            self.blame(name, "tem um número que não cabe no documento")
            return None
        rounded = round(found, places)
        return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded.normalize()

    def content(self, name: str) -> bytes | None:
        """A blob's bytes; an empty one is none."""
        raw = self._raw(name)
        return bytes(raw) or None if raw is not None else None

    def variables(self) -> dict[str, str]:
        """All columns that are not canonical, as a Brazilian reads them."""
        return {name: self._fitting(name, self._as_read(name), _LONGEST_VARIABLE) for name in self._layout.variables}

    def shown(self, name: str) -> str:
        """Any column for a person's eye: a file by its size, everything else as it is read."""
        if self._layout.columns[name].type_name == "BLOB":
            content = self.content(name)
            return "" if content is None else f"arquivo de {len(content):,} bytes".replace(",", ".")
        return self._as_read(name)

    def blame(self, name: str, what: str) -> None:
        """Note that a column cannot be used: ``what`` ends the sentence that begins with it."""
        sentence = f"O campo {name} {what}. {_MEND}"
        if sentence not in self._problems:
            self._problems.append(sentence)

    def _raw(self, name: str) -> Any:
        at = self._layout.at.get(name)
        return None if at is None else self.row[at]

    def _required(self, name: str) -> Any:
        raw = self._raw(name)
        if raw is None and name in self._layout.needed:
            self.blame(name, "está vazio")
        return raw

    def _decoded(self, name: str) -> str:
        raw = self._raw(name)
        if raw is None:
            return ""
        if not isinstance(raw, bytes):
            return _number(raw)
        codec = self._layout.codecs.get(name)
        if codec is None:
            self.blame(name, "está num charset que o integrador não lê")
            codec = "ascii"
        try:
            value = raw.decode(codec)
        except UnicodeDecodeError:
            charset = self._layout.columns[name].charset_id
            where = f"em {self._layout.charset}" if charset == 0 else "no charset da coluna"
            self.blame(name, f"tem caracteres que não existem {where}")
            value = raw.decode(codec, errors="replace")
        if "\0" in value:
            self.blame(name, "tem um caractere nulo")
            value = value.replace("\0", "")
        return value.strip()

    def _fitting(self, name: str, value: str, limit: int) -> str:
        if len(value) > limit:
            self.blame(name, f"tem {len(value)} caracteres, e o máximo é {limit}")
        return value[:limit]

    def _as_read(self, name: str) -> str:
        raw = self._raw(name)
        match raw:
            case datetime():
                # A dialect 1 database has no date without an hour.
                return format_datetime(raw) if raw.time() != raw.min.time() else format_date(raw)
            case date():
                return format_date(raw)
            case bool():
                return "sim" if raw else "não"
            case float() | Decimal():
                places = -self._layout.columns[name].scale or 2
                return f"{raw:,.{places}f}".translate(str.maketrans(",.", ".,"))
            case None | bytes():
                return self._decoded(name)
            case _:
                return str(raw)


def _number(raw: Any) -> str:
    """A code that is a number in the ERP: ``4711``, also when a dialect 1 database keeps it as 4711.0."""
    whole = isinstance(raw, float | Decimal) and isfinite(raw) and raw == int(raw)
    return str(int(raw)) if whole else str(raw)
