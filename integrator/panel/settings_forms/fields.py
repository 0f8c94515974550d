"""One key of ``config.toml`` as people see it in a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from integrator.settings.editing import fixed_by_environment

YES: Final = "sim"
CLOSED: Final = ""
SAME: Final = "igual"


class Kind(Enum):
    """How a value is typed and written."""

    TEXT = "text"
    NUMBER = "number"
    DECIMAL = "decimal"
    CLOCK = "time"
    PHONE = "tel"
    COLOUR = "color"
    FLAG = "flag"
    CHOICE = "choice"
    HOURS = "hours"
    WEEKDAYS = "weekdays"


@dataclass(frozen=True, slots=True)
class Field:
    """A key, its label and help. ``unit`` stands behind the input; ``options`` are pairs of value and text."""

    path: tuple[str, ...]
    label: str
    kind: Kind = Kind.TEXT
    help: str = ""
    unit: str = ""
    options: tuple[tuple[str, str], ...] = ()
    low: int | None = None
    high: int | None = None
    private: bool = False

    @property
    def name(self) -> str:
        """Its name in the form and in the audit."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Control:
    """A field with what it holds now. ``locked`` names the variable of the environment that fixes it."""

    field: Field
    value: str
    problem: str = ""
    locked: str = ""

    @property
    def on(self) -> bool:
        """Of a flag."""
        return self.value == YES

    @property
    def hours(self) -> tuple[str, str]:
        """Beginning and end of a day's hours, ``HH:MM``; empty where there are none."""
        start, _, end = self.value.partition("-")
        return (start, end.replace("24:00", "00:00")) if end else ("", "")

    @property
    def mode(self) -> str:
        """Of a day's hours: closed, as collection, or ``horario``."""
        return self.value if self.value in {CLOSED, SAME} else "horario"

    @property
    def chosen(self) -> frozenset[str]:
        """Of weekdays."""
        return frozenset(self.value.split())


class Controls(dict[str, Control]):
    """The controls of a form, by the name of their field."""

    @classmethod
    def of(cls, fields: tuple[Field, ...], values: Mapping[str, str], problems: Mapping[str, str]) -> Controls:
        """``values`` and ``problems`` by the name of the field; a missing value is empty."""
        return cls(
            (
                field.name,
                Control(
                    field,
                    values.get(field.name, ""),
                    problems.get(field.name, ""),
                    fixed_by_environment(field.path),
                ),
            )
            for field in fields
        )
