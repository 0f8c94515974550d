"""Everything that happens to a Firebird server in a shop, in any order, under a running daemon with a queue.

``dev.py faults --field [--rounds 2] [--hold 60] [--seed 1] [--json]``. The daemon's own time is compressed
(:mod:`tools.field_daemon`), the faults' is real: a server that is frozen for ``--hold`` seconds is silent for longer
than the product's patience. Exit code 1 when a message was lost or sent twice.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from tools.field_faults import FAULTS, Trial
from tools.field_site import Site

_WARM_UP_S = 60.0
_RECOVERY_S = 150.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """One fault: how long it lasted, and how long after it the queue was empty again, real seconds.

    ``codes`` are Firebird's, as the daemon logged them; the counts are of all messages so far.
    """

    fault: str
    fault_s: float
    recovery_s: float
    codes: tuple[int, ...]
    note: str
    rows: int
    sent_once: int
    uncertain: int
    duplicates: int
    lost: int

    @property
    def kept(self) -> bool:
        """Whether the promise held: the queue is complete and nobody got anything twice."""
        return self.duplicates == 0 and self.lost == 0 and self.sent_once + self.uncertain == self.rows


def suffer(site: Site, fault: str, *, rows: int, hold_s: float, random: Random) -> Outcome:
    """``rows`` messages are queued, the fault comes when the first has left, and the rest must follow."""
    mark = len(site.log())
    site.queue_more(rows)
    site.wait_for_customers(site.rows - rows + 1, _WARM_UP_S)
    began = time.monotonic()
    note = FAULTS[fault](Trial(site, hold_s, random))
    ended = time.monotonic()
    verdict = site.wait_until_sent(_RECOVERY_S)
    return Outcome(
        fault,
        round(ended - began, 1),
        round(time.monotonic() - ended, 1),
        site.codes_after(mark),
        note,
        site.rows,
        len(verdict.sent),
        len(verdict.uncertain),
        len(verdict.duplicates),
        len(verdict.lost) + len(verdict.other),
    )


def possible(site: Site) -> tuple[str, ...]:
    """The faults that this machine can make: a disk of the database's own can be filled, the computer's must not."""
    return tuple(name for name in FAULTS if site.disk is not None or name != "disk full")


def prove(rounds: int, hold_s: float, seed: int) -> tuple[Outcome, ...]:
    """Each fault once in every round, in any order. The freeze lasts ``hold_s``, the others a drawn part of it."""
    random = Random(seed)
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="field-") as folder, Site(Path(folder, "loja")) as site:
        for _ in range(rounds):
            for fault in random.sample(possible(site), k=len(possible(site))):
                chosen_s = hold_s if fault == "server frozen" else random.uniform(0.5, max(1.0, hold_s / 6))
                outcomes.append(suffer(site, fault, rows=random.randint(4, 12), hold_s=chosen_s, random=random))
    return tuple(outcomes)


def lines(outcomes: Iterable[Outcome]) -> str:
    """A table for people."""
    table: list[tuple[str, ...]] = [
        ("", "falha s", "volta s", "mensagens", "uma vez", "incertas", "em dobro", "perdidas", "")
    ]
    for one in outcomes:
        counts = (one.rows, one.sent_once, one.uncertain, one.duplicates, one.lost)
        told = f"{' '.join(map(str, one.codes))} {one.note}".strip()
        table.append((one.fault, str(one.fault_s), str(one.recovery_s), *map(str, counts), told))
    return "\n".join(f"{name:26}{''.join(f'{cell:>10}' for cell in cells)}  {told}" for name, *cells, told in table)


def report(rounds: int, hold_s: float, seed: int, *, as_json: bool) -> int:
    """The command; 1 when the promise was broken."""
    outcomes: Sequence[Outcome] = prove(rounds, hold_s, seed)
    if as_json:
        print(json.dumps({"cores": os.cpu_count(), "faults": [asdict(one) for one in outcomes]}, indent=2))
    else:
        print(f"{lines(outcomes)}\n{os.cpu_count()} núcleos")
    return 0 if all(one.kept for one in outcomes) else 1
