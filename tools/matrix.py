"""One small night on every Firebird that this machine has: 3 over TCP, 4 and 5 embedded; three charsets, two dialects.

``python -m tools.matrix [--major 3 4 5] [--json]``. Each cell makes a database, installs the contract, writes rows as
an ERP would, lets the product's engine send them and fetch the receipts, and compares what arrived with what was
written.
Each version runs in a process of its own, because a process loads one Firebird client.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from itertools import product
from pathlib import Path

import fdb

from integrator.erp.connection import Target
from integrator.gateways.simulator.process import start_simulator
from tools import firebird_embedded, firebird_packages
from tools.firebird_packages import ROOT
from tools.firebird_server import PrivateServer
from tools.matrix_night import small_night

CHARSETS = ("UTF8", "WIN1252", "NONE")
DIALECTS = (1, 3)
_EMBEDDED_USER = "SYSDBA"
_PATIENCE_S = 300.0
_CUSTOMERS = 10  # at most, in one cell
_RUN = "from tools.matrix import child; child({major}, {folder!r})"


@dataclass(frozen=True, slots=True)
class Cell:
    """What came out of one database. ``problems`` says in English what did not come back as it was written."""

    major: int
    charset: str
    dialect: int
    engine: str
    seconds: float
    problems: tuple[str, ...]


def majors() -> tuple[int, ...]:
    """The versions of Firebird that this machine can run."""
    return (3, *firebird_embedded.MAJORS) if firebird_embedded.available() else (3,)


def run(major: int) -> tuple[Cell, ...]:
    """All cells of one version, in a process of their own. RuntimeError, with what it said, when that one fails."""
    with tempfile.TemporaryDirectory(prefix=f"matrix-{major}-", dir=_quick_folder()) as folder:
        lock = Path(folder, "lock")
        lock.mkdir()
        done = subprocess.run(
            [sys.executable, "-c", _RUN.format(major=major, folder=folder)],
            cwd=ROOT,
            env={**os.environ, **_environment(major, lock)},
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"Firebird {major}: {done.stdout[-500:]}{done.stderr[-2000:]}")
    told = (json.loads(line) for line in done.stdout.splitlines())
    return tuple(Cell(**{**cell, "problems": tuple(cell["problems"])}) for cell in told)


def run_all(wanted: Sequence[int]) -> tuple[Cell, ...]:
    """All cells of these versions, two versions at a time."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        return tuple(cell for cells in pool.map(run, wanted) for cell in cells)


def child(major: int, folder: str) -> None:
    """Print one line of JSON per cell."""
    with _place(major, Path(folder)) as place, start_simulator(Path(folder, "simulador")) as simulator:
        for number, (charset, dialect) in enumerate(product(CHARSETS, DIALECTS)):
            began = time.monotonic()
            target = _new_database(place, charset, dialect)
            journal = Path(folder, f"dados-{number}")
            found = small_night(target, journal, simulator.folder, dialect, number * _CUSTOMERS)
            seconds = round(time.monotonic() - began, 2)
            print(json.dumps(asdict(Cell(major, charset, dialect, found.engine, seconds, found.problems))), flush=True)


@contextmanager
def _place(major: int, folder: Path) -> Iterator[Target]:
    """A target whose path is the folder where databases may be made."""
    if major != 3:
        client = firebird_embedded.ensure(major).client_library
        fdb.load_api(str(client))
        yield Target("", 3050, str(folder), _EMBEDDED_USER, "", client)
        return
    with PrivateServer(folder / "server") as server:
        yield Target(server.host, server.port, str(server.data), server.user, server.password, server.client_library)


def _new_database(place: Target, charset: str, dialect: int) -> Target:
    target = replace(place, path=f"{place.path}/{charset.lower()}-{dialect}.fdb")
    fdb.create_database(
        dsn=target.dsn,
        user=target.user,
        password=target.password,
        charset=charset,
        sql_dialect=dialect,
        page_size=8192,
    ).close()
    return target


def _environment(major: int, lock: Path) -> dict[str, str]:
    return firebird_packages.ensure().environment() if major == 3 else firebird_embedded.ensure(major).environment(lock)


def _quick_folder() -> Path | None:
    """In memory where there is such a place: the matrix is about types and charsets, not about disks."""
    memory = Path("/dev/shm")
    return memory if os.access(memory, os.W_OK) else None


def _lines(cells: Iterable[Cell]) -> Iterator[str]:
    for cell in cells:
        verdict = "; ".join(cell.problems) or "ok"
        yield f"{cell.engine:14} {cell.charset:8} dialeto {cell.dialect} {cell.seconds:6.2f} s  {verdict}"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 1 when something did not come back as it was written."""
    parser = argparse.ArgumentParser(prog="python -m tools.matrix", description=__doc__)
    parser.add_argument("--major", type=int, nargs="+", choices=majors(), default=majors())
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    cells = run_all(options.major)
    print(json.dumps([asdict(cell) for cell in cells], indent=2) if options.json else "\n".join(_lines(cells)))
    return 1 if any(cell.problems for cell in cells) else 0


if __name__ == "__main__":
    sys.exit(main())
