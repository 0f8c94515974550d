"""`dev.py bench [--json] [--only NAME …] [--quick]`: measure, print, and exit 1 when a target is missed."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence

from tools.bench import (
    bulk,
    closing,
    contention,
    desktop,
    documents,
    engines,
    idle,
    logview,
    night,
    panel_pages,
    poll,
    reserve,
    startup,
    texts,
    webhooks,
)
from tools.bench.figures import Figure, Verdict
from tools.bench.machine import Machine, describe, wait_for_calm
from tools.bench.place import Place, open_place
from tools.bench.report import as_json, print_table
from tools.messages import SetupError

Measure = Callable[[Place, bool], list[Figure]]

_GROUPS: Mapping[str, Measure] = {
    startup.GROUP: lambda place, quick: startup.measure(place, quick=quick),
    idle.GROUP: lambda place, quick: idle.measure(place, quick=quick),
    night.NIGHT: lambda place, quick: night.measure_night(place, quick=quick),
    night.MESSAGE: lambda place, quick: night.measure_message(place, quick=quick),
    reserve.GROUP: lambda place, quick: reserve.measure(place, quick=quick),
    contention.GROUP: lambda place, quick: contention.measure(place, quick=quick),
    poll.GROUP: lambda place, quick: poll.measure(place, quick=quick),
    closing.GROUP: lambda place, quick: closing.measure(place, quick=quick),
    panel_pages.GROUP: lambda place, quick: panel_pages.measure(place, quick=quick),
    engines.GROUP: lambda place, quick: engines.measure(place, quick=quick),
    webhooks.GROUP: lambda place, quick: webhooks.measure(place, quick=quick),
    desktop.GROUP: lambda place, quick: desktop.measure(place, quick=quick),
    logview.GROUP: lambda _, quick: logview.measure(quick=quick),
    texts.GROUP: lambda _, quick: texts.measure(quick=quick),
    documents.GROUP: lambda _, quick: documents.measure(quick=quick),
    bulk.GROUP: lambda place, quick: bulk.measure(place, quick=quick),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 when every target is met, 1 when one is missed or nothing could be measured."""
    options = _parse(arguments)
    try:
        machine, figures = run(options.only or [name for name in _GROUPS if name != bulk.GROUP], quick=options.quick)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    if options.json:
        print(as_json(machine, figures))
    else:
        print_table(machine, figures)
    return 1 if any(figure.verdict is Verdict.FAIL for figure in figures) else 0


def run(groups: Sequence[str], *, quick: bool) -> tuple[Machine, list[Figure]]:
    """The figures of these groups, one group after the other; each waits first until the machine is calm."""
    figures: list[Figure] = []
    with open_place() as place:
        machine = describe(place.firebird_version)
        for group in groups:
            busy = wait_for_calm()
            others = f", others use {busy:.0%} of the processors" if busy > 0.1 else ""
            print(f"measuring {group}{others} ...", file=sys.stderr, flush=True)
            start = time.monotonic()
            figures += _GROUPS[group](place, quick)
            print(f"  {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    return machine, figures


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py bench", description="Each figure beside its floor and its target.")
    parser.add_argument("--json", action="store_true", help="the same data as JSON")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, histories of 1k and 20k only")
    parser.add_argument(
        "--only", nargs="+", action="extend", choices=list(_GROUPS), help="only these groups; bulk runs only when named"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
