"""The figures for people (a table) and for programs (JSON)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from tools.bench.figures import Figure, Target, Verdict
from tools.bench.machine import Machine

_STYLE = {Verdict.PASS: "green", Verdict.FAIL: "bold red", Verdict.NO_TARGET: "dim"}
_PLAIN_WIDTH = 150


def as_json(machine: Machine, figures: Sequence[Figure]) -> str:
    """`{"machine": {…}, "figures": [{…, "ratio", "verdict"}]}`."""
    rows = [{**asdict(figure), "ratio": figure.ratio, "verdict": figure.verdict.value} for figure in figures]
    return json.dumps({"machine": asdict(machine), "figures": rows}, ensure_ascii=False, indent=2)


def print_table(machine: Machine, figures: Sequence[Figure], console: Console | None = None) -> None:
    """One line per figure, then what the floors are."""
    console = console or Console()
    if not console.is_terminal:
        console.width = _PLAIN_WIDTH
    console.print(
        f"{machine.cores} cores, {machine.cpu}; {machine.system}; Python {machine.python}; "
        f"Firebird {machine.firebird}; load {machine.load:.2f}",
        highlight=False,
    )
    table = Table(show_lines=False)
    for heading in ("group", "figure"):
        table.add_column(heading, overflow="fold")
    for heading in ("n", "measured", "p95", "floor", "× floor", "target"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("result")
    for figure in figures:
        table.add_row(*_cells(figure))
    console.print(table)
    for figure in figures:
        if figure.floor is not None or figure.note:
            told = "; ".join(filter(None, (f"floor: {figure.floor.what}" if figure.floor else "", figure.note)))
            console.print(f"  {figure.what}: {told}", highlight=False, style="dim")


def number(value: float) -> str:
    """Three significant digits, never in exponents."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _cells(figure: Figure) -> tuple[str, ...]:
    ratio = figure.ratio
    return (
        figure.group,
        figure.what,
        str(figure.n),
        f"{number(figure.value)} {figure.unit}",
        number(figure.p95) if figure.p95 is not None else "",
        number(figure.floor.value) if figure.floor else "",
        number(ratio) if ratio is not None else "",
        _target(figure.target, figure.unit) if figure.target else "",
        f"[{_STYLE[figure.verdict]}]{figure.verdict.value}[/]",
    )


def _target(target: Target, unit: str) -> str:
    return f"{target.sense.value} {target.limit:g} {'× floor' if target.of_floor else unit}"
