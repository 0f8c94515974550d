"""What the history page's address asks for: the filter, the place in the list, and what is wrong with either."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from integrator.erp.history_filter import STATES, Filter
from integrator.erp.history_rows import Place

_DAYS: Final = 30
_WEEK: Final = 7
_BETWEEN: Final = "|"
_MOST_SEEN: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """The filter that can be used, the form as typed, and what is wrong with a field, by its name."""

    wanted: Filter
    begin: Place | None
    form: Mapping[str, str]
    problems: Mapping[str, str]

    @property
    def address(self) -> str:
        """The filter as the end of an address, ready for one more parameter."""
        named = {name: value for name, value in self.form.items() if value}
        return f"?{urlencode(named)}&" if named else "?"

    @property
    def plain(self) -> bool:
        """Whether nothing but the period is asked for."""
        wanted = self.wanted
        return not (wanted.module or wanted.kind or wanted.state or wanted.words)

    @property
    def told(self) -> str:
        """Which messages of the period these are, in words; empty: all of them."""
        wanted = self.wanted
        parts = (
            ("Módulo", wanted.module),
            ("Tipo", wanted.kind),
            ("Situação", wanted.state.label if wanted.state else ""),
            ("Busca", wanted.words),
        )
        return " · ".join(f"{name}: {value}" for name, value in parts if value)


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A period that people ask for often."""

    label: str
    first: date
    last: date


def shortcuts(today: date) -> tuple[Shortcut, ...]:
    """In the order in which they are shown."""
    yesterday = today - timedelta(days=1)
    month_end = today.replace(day=1) - timedelta(days=1)
    return (
        Shortcut("Hoje", today, today),
        Shortcut("Ontem", yesterday, yesterday),
        Shortcut("7 dias", today - timedelta(days=_WEEK - 1), today),
        Shortcut("30 dias", today - timedelta(days=_DAYS - 1), today),
        Shortcut("Mês passado", month_end.replace(day=1), month_end),
    )


def kind_value(module: str, kind: str) -> str:
    """A module with one of its types as a value of the form."""
    return f"{module}{_BETWEEN}{kind}"


def read_asked(query: Mapping[str, str], today: date, area: str) -> Asked:
    """Read the address; a period that cannot be used is told and replaced by the last 30 days."""
    form = {name: query.get(name, "").strip() for name in ("de", "ate", "tipo", "situacao", "q")}
    problems: dict[str, str] = {}
    last = _day(form, "ate", today, problems)
    first = _day(form, "de", last - timedelta(days=_DAYS - 1), problems)
    if first > last:
        problems["de"] = "O período termina antes de começar."
        first = last
    module, _, kind = form["tipo"].partition(_BETWEEN)
    state = next((state for state in STATES if state.value == form["situacao"]), None)
    wanted = Filter(first, last, module, kind, state, form["q"][:100], area)
    return Asked(wanted, _place(query.get("antes", "")), form, problems)


def _day(form: Mapping[str, str], name: str, default: date, problems: dict[str, str]) -> date:
    typed = form[name]
    if not typed:
        return default
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = datetime.strptime(typed, pattern).date()
        except ValueError:
            continue
        if date(1990, 1, 1) <= day <= date(2200, 1, 1):
            return day
    problems[name] = "Esta data não existe. Escreva como 20/11/2026."
    return default


def place_value(place: Place) -> str:
    """A place in the list as a value of the address."""
    return f"{place.at.isoformat()}~{place.seen}"


def _place(value: str) -> Place | None:
    """What :func:`place_value` made; anything else is the beginning of the list."""
    instant, _, seen = value.partition("~")
    try:
        at = datetime.fromisoformat(instant)
        count = int(seen)
    except ValueError:
        return None
    return Place(at.replace(tzinfo=None), count) if 0 <= count <= _MOST_SEEN else None


def state_choices() -> tuple[tuple[str, str], ...]:
    """The states that a message of the history can be in, for the form."""
    return ("", "todas"), *((state.value, state.label) for state in STATES)
