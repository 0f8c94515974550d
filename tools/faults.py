"""The longer proof: two integrators send one queue while everything around them is killed, at random, again and again.

``python -m tools.faults --rows 400 --kills 40 --seed 1 [--json]`` (``dev.py faults``). Engines are killed with SIGKILL,
the Firebird server too, and WhatsApp's answers are lost; then what the queue says is compared with the simulator's
ledger. Exit code 1 when a message was lost or sent twice. ``--field`` is about the database's server instead: see
:mod:`tools.field`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import date
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

from integrator.erp.connection import Target
from integrator.gateways.simulator.faults import Fault, FaultKind
from integrator.gateways.simulator.posts import Mode
from integrator.gateways.simulator.process import RunningSimulator, start_simulator
from integrator.settings.sections import SendingSettings
from tools import field
from tools.faults_engine import EngineRun, next_workday, send_all, start_engine
from tools.faults_shop import Shop, judge
from tools.firebird_server import PrivateServer

_FAST = SendingSettings(gap_min_s=20, gap_max_s=20, daily_max=5000)
_LOST_ANSWERS = (FaultKind.TIME_OUT, FaultKind.DROP, FaultKind.DROP_AFTER, FaultKind.REFUSE_LATER)
_LEASE_S = 2
_PATIENCE_S = 120.0


@dataclass(frozen=True, slots=True)
class Figures:
    """What came out of one mode. ``uncertain`` rows wait for a person; none of them was sent twice."""

    mode: str
    rows: int
    engines_killed: int
    servers_killed: int
    answers_lost: int
    sent_once: int
    uncertain: int
    duplicates: int
    lost: int
    seconds: float

    @property
    def kept(self) -> bool:
        """Whether the promise held: every row is sent once or shown as uncertain."""
        return self.duplicates == 0 and self.lost == 0 and self.sent_once + self.uncertain == self.rows


def prove(folder: Path, mode: Mode, rows: int, kills: int, seed: int) -> Figures:
    """One night in ``folder`` with ``kills`` kills; the same seed plans the same kills, timing is the machine's."""
    began = time.monotonic()
    random = Random(seed)
    with PrivateServer(folder / "firebird") as server, start_simulator(folder / "simulador", mode=mode) as simulator:
        path = server.create_database("noite.fdb")
        target = Target(server.host, server.port, str(path), server.user, server.password, server.client_library)
        with closing(Shop(target)) as shop:
            shop.install()
            shop.debts(range(rows), date.today())
        run = EngineRun(
            target,
            folder / "a",
            simulator.folder,
            next_workday(date.today()),
            lease_s=_LEASE_S,
            sending=_FAST,
            timeout_s=1.0,
            patience_s=_PATIENCE_S,
        )
        havoc = _Havoc(random, server, simulator, (run, replace(run, folder=folder / "b", seed=2)))
        done = havoc.wreak(kills)
        send_all(run)
        with closing(Shop(target)) as shop:
            verdict = judge(shop.queue(), simulator.ledger())
    return Figures(
        mode.value,
        rows,
        done["engine"],
        done["server"],
        done["answer"],
        len(verdict.sent),
        len(verdict.uncertain),
        len(verdict.duplicates),
        len(verdict.lost) + len(verdict.other),
        round(time.monotonic() - began, 1),
    )


class _Havoc:
    """Keeps both engines running and kills at random."""

    def __init__(
        self, random: Random, server: PrivateServer, simulator: RunningSimulator, runs: tuple[EngineRun, ...]
    ) -> None:
        self._random = random
        self._server = server
        self._simulator = simulator
        self._runs = runs
        self._engines: list[BaseProcess] = [start_engine(run) for run in runs]

    def wreak(self, kills: int) -> Counter[str]:
        """Kill until ``kills`` are done or everything is sent; what was killed how often. Both engines end here."""
        done: Counter[str] = Counter()
        while done.total() < kills and not self._finished():
            time.sleep(self._random.uniform(0.05, 0.6))
            what = self._random.choices(("engine", "server", "answer"), (14, 1, 5))[0]
            if what == "engine":
                self._kill_engine(self._random.randrange(len(self._engines)))
            elif what == "server":
                self._server.kill()
                self._server.start()
            else:
                skip = self._random.randrange(6)
                self._simulator.fail(Fault(self._random.choice(_LOST_ANSWERS), skip=skip, delay_s=5))
            done[what] += 1
            self._revive()
        for engine in self._engines:
            engine.join(_PATIENCE_S)
            engine.kill()
            engine.join()
        return done

    def _finished(self) -> bool:
        return all(engine.exitcode == 0 for engine in self._engines)

    def _kill_engine(self, index: int) -> None:
        self._engines[index].kill()
        self._engines[index].join()

    def _revive(self) -> None:
        """An engine that was killed, or found no server when it started, is started again; one that is done is not."""
        for index, engine in enumerate(self._engines):
            if engine.exitcode not in (None, 0):
                self._engines[index] = start_engine(self._runs[index])


def _table(found: Sequence[Figures]) -> str:
    names = {
        "rows": "mensagens",
        "engines_killed": "motores derrubados",
        "servers_killed": "servidores derrubados",
        "answers_lost": "respostas perdidas",
        "sent_once": "enviadas uma vez",
        "uncertain": "incertas",
        "duplicates": "em dobro",
        "lost": "perdidas",
        "seconds": "segundos",
    }
    lines = [f"{'':24}" + "".join(f"{figures.mode:>14}" for figures in found)]
    lines += [
        f"{name:24}" + "".join(f"{getattr(figures, field):>14}" for figures in found) for field, name in names.items()
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 1 when the promise was broken."""
    parser = argparse.ArgumentParser(prog="dev.py faults", description=__doc__)
    parser.add_argument("--rows", type=int, default=400, help="messages in the queue")
    parser.add_argument("--kills", type=int, default=40, help="kills and lost answers")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--field", action="store_true", help="what happens to a Firebird server in a shop, instead")
    parser.add_argument("--rounds", type=int, default=2, help="with --field: how often each fault comes")
    parser.add_argument("--hold", type=float, default=60.0, help="with --field: seconds that the server is frozen")
    options = parser.parse_args(arguments)
    if options.field:
        return field.report(options.rounds, options.hold, options.seed, as_json=options.json)
    found = []
    for mode in Mode:
        with tempfile.TemporaryDirectory(prefix="faults-") as folder:
            found.append(prove(Path(folder), mode, options.rows, options.kills, options.seed))
    if options.json:
        print(json.dumps({"cores": os.cpu_count(), "modes": [asdict(figures) for figures in found]}, indent=2))
    else:
        print(f"{_table(found)}\n{os.cpu_count()} núcleos")
    return 0 if all(figures.kept for figures in found) else 1


if __name__ == "__main__":
    sys.exit(main())
