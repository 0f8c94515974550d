"""What did not reach a customer, for people: grouped by state and reason, with a few names each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from integrator.domain.lifecycle import State
from integrator.erp.desk import QueueRow
from integrator.messages.formatting import format_count

_NAMES = 3
_SENTENCE_END = re.compile(r"(?<=\.)\s")
#: What differs between two messages held for one reason: what was typed, phones, paths, amounts, dates, numbers.
_PARTICULARS = re.compile(r"“[^”]*”|\(\d\d\) [\d-]+|\S*[/\\]\S*|R\$ [\d.,]+|\w*\d[\w.,]*")
_NO_REASON = {State.AWAITING: "Espera que alguém confirme o envio."}


@dataclass(frozen=True, slots=True)
class Group:
    """Messages that stopped in one state for one reason; ``reason`` is the first one's if it is alone."""

    state: State
    reason: str
    customers: tuple[str, ...]


def group_by_reason(rows: Iterable[QueueRow]) -> tuple[Group, ...]:
    """In the order of the life cycle, the largest group of each state first."""
    found: dict[tuple[State, str], list[QueueRow]] = {}
    for row in rows:
        shared = _PARTICULARS.sub("…", _first_sentence(row)).replace(": ….", ".")
        found.setdefault((row.state, shared), []).append(row)
    groups = (
        Group(state, _first_sentence(same[0]) if len(same) == 1 else shared, tuple(row.customer for row in same))
        for (state, shared), same in found.items()
    )
    order = list(State)
    return tuple(sorted(groups, key=lambda group: (order.index(group.state), -len(group.customers), group.reason)))


def draw_groups(groups: Iterable[Group]) -> Table:
    """A table without lines that wraps well in any width."""
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", min_width=5)
    table.add_column(overflow="fold")
    listed = tuple(groups)
    for state in dict.fromkeys(group.state for group in listed):
        same = [group for group in listed if group.state is state]
        total = sum(len(group.customers) for group in same)
        table.add_row("", Text(f"{state.label}: {format_count(total, 'mensagem', 'mensagens')}", style="bold"))
        for group in same:
            table.add_row(str(len(group.customers)), Text(group.reason))
            table.add_row("", Text(_names(group.customers), style="dim"))
    return table


def _first_sentence(row: QueueRow) -> str:
    reason = row.reason or _NO_REASON.get(row.state, "Sem motivo anotado.")
    return _SENTENCE_END.split(reason, maxsplit=1)[0]


def _names(customers: tuple[str, ...]) -> str:
    shown = ", ".join(customers[:_NAMES])
    more = len(customers) - _NAMES
    return f"{shown} e mais {more}" if more > 0 else shown
