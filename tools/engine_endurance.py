"""A long day of the embedded engine: thousands of files with flat memory, and ``kill -9`` in the middle of sending.

``python -m tools.engine_endurance [--sends 2000] [--kib 300] [--kills 40] [--seed 1] [--json]``. The real worker with
the unmodified library sends through the fake WhatsApp server of the tests; the daemon's side runs in a process of its
own (:mod:`tools.engine_sender`). Exit code 1 when memory grew, or a message was lost, doubled or not recorded.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from random import Random

from integrator.domain.outcome import Confirmed
from integrator.gateways.events.log import EVENTS_FILE, EventLog, everybody
from tests.fake_whatsapp.server import FakeWhatsApp
from tools.engine_sender import Job
from tools.engine_sending import CUSTOMER, Ledger, Sender

_SAMPLES = 20
_WARM = 0.25
"""Until then memory may grow: caches fill, the library's heap finds its size."""
_FLAT_MIB = 8.0
_LONGEST_LIFE_S = 1.0
_ON_ITS_WAY_S = 0.05
"""WhatsApp takes about that long to say that it has a message."""
_KILLED_SIZE = 20_000
_ENDLESS = 1 << 30
_DAEMON_DIES = 0.3
"""The share of kills that hit the daemon itself instead of its worker."""
_RECEIPTS_S = 10.0
_LOOK_S = 0.05


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident memory, MiB: when warm, at the end, and the most that was seen between the two."""

    warm: float
    end: float
    most: float

    @property
    def flat(self) -> bool:
        """Whether it stopped growing."""
        return self.end - self.warm <= _FLAT_MIB


@dataclass(frozen=True, slots=True)
class Endurance:
    """Many files in a row: what they cost."""

    sends: int
    kib: int
    seconds: float
    daemon: Memory
    worker: Memory
    broken: tuple[str, ...]

    @property
    def kept(self) -> bool:
        """Whether every file arrived as it was sent, and memory stayed flat."""
        return not self.broken and self.daemon.flat and self.worker.flat


@dataclass(frozen=True, slots=True)
class Kills:
    """Processes killed while rows were being sent.

    ``arrived``: rows in doubt that the customer has; ``settled``: those of them that a later receipt proved.
    """

    kills: int
    rows: int
    sent: int
    uncertain: int
    arrived: int
    settled: int
    broken: tuple[str, ...]

    @property
    def kept(self) -> bool:
        """Whether the promise held. A receipt may be lost with the worker that had just acknowledged it."""
        return not self.broken


def endure(server: FakeWhatsApp, folder: Path, sends: int, kib: int) -> Endurance:
    """``sends`` files of ``kib`` KiB, one after the other."""
    ledger = Ledger()
    samples: list[tuple[float, float]] = []
    size = kib * 1024
    with Sender(_job(server, folder, range(sends), size), server, ledger) as sender:
        began = time.monotonic()
        for mark in range(1, _SAMPLES + 1):
            sender.wait_for(lambda rows=mark * sends // _SAMPLES: ledger.settled_rows >= rows)  # type: ignore[misc]
            samples.append((resident_mib(sender.pid), resident_mib(server.worker_pid)))
            ledger.saw(server.forget(), size)
        seconds = time.monotonic() - began
        sender.wait_for(lambda: sender.over)
    ledger.saw(server.forget(), size)
    warm = samples[int(len(samples) * _WARM) :]
    broken = (*ledger.broken(range(sends)), *server.problems)
    daemon, worker = _memory([one for one, _ in warm]), _memory([two for _, two in warm])
    return Endurance(sends, kib, round(seconds, 1), daemon, worker, broken)


def kill_at_random(server: FakeWhatsApp, folder: Path, kills: int, random: Random) -> Kills:
    """Rows are sent without a pause while the worker, or the whole daemon, is killed again and again."""
    server.forget()
    server.receipts_automatic = True
    server.slow_acks(_ON_ITS_WAY_S)
    ledger = Ledger()
    row, done = 0, 0
    while done < kills:
        with Sender(_job(server, folder, range(row, _ENDLESS), _KILLED_SIZE), server, ledger) as sender:
            daemon_dies = False
            while done < kills and not daemon_dies:
                _after_next_row(sender, ledger)
                _at_a_bad_moment(sender, ledger, random)
                daemon_dies = random.random() < _DAEMON_DIES
                if daemon_dies:
                    sender.kill()
                done += daemon_dies or server.kill_worker()
            if not daemon_dies:
                _after_next_row(sender, ledger)
        row = ledger.cut_off()
    accepted = {message.id for message in server.messages}
    doubtful = [message_id for message_id in ledger.uncertain.values() if message_id in accepted]
    with Sender(_job(server, folder, range(0), _KILLED_SIZE), server, ledger):
        settled = _settled(folder, doubtful)
    broken = [*ledger.unrecorded(server), *server.problems]
    ledger.saw(server.forget(), _KILLED_SIZE)
    return Kills(
        kills,
        row,
        len(ledger.sent),
        len(ledger.uncertain),
        len(doubtful),
        settled,
        (*ledger.broken(range(row)), *broken),
    )


def run(folder: Path, sends: int, kib: int, kills: int, seed: int) -> tuple[Endurance, Kills]:
    """Both, with one paired session."""
    with FakeWhatsApp(folder / "servidor") as server:
        server.contact(CUSTOMER)
        return endure(server, folder, sends, kib), kill_at_random(server, folder, kills, Random(seed))


def resident_mib(pid: int) -> float:
    """Memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    kib = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))
    return round(kib / 1024, 1)


def _job(server: FakeWhatsApp, folder: Path, rows: range, size: int) -> Job:
    return Job(str(folder), server.proxy, tuple(server.worker_command()), CUSTOMER, rows.start, rows.stop, size)


def _after_next_row(sender: Sender, ledger: Ledger) -> None:
    sender.wait_for(lambda before=ledger.settled_rows: ledger.settled_rows > before)  # type: ignore[misc]


def _at_a_bad_moment(sender: Sender, ledger: Ledger, random: Random) -> None:
    """Any instant of a worker's life, or every other time the one in which a message is on its way."""
    if random.random() < 0.5:
        time.sleep(random.uniform(0.0, _LONGEST_LIFE_S))
    else:
        sender.wait_for(lambda before=ledger.assigned: ledger.assigned > before)  # type: ignore[misc]
        time.sleep(random.uniform(0.0, _ON_ITS_WAY_S))


def _settled(folder: Path, doubtful: Sequence[str]) -> int:
    """How many of those ids are proved, once the engine that has come back heard what it missed."""
    log = EventLog(folder / EVENTS_FILE, datetime.now, everybody)
    end = time.monotonic() + _RECEIPTS_S
    try:
        while True:
            settled = sum(isinstance(log.confirm("principal", one), Confirmed) for one in doubtful)
            if settled == len(doubtful) or time.monotonic() > end:
                return settled
            time.sleep(_LOOK_S)
    finally:
        log.close()


def _memory(samples: Sequence[float]) -> Memory:
    return Memory(samples[0], samples[-1], max(samples))


def _lines(endurance: Endurance, kills: Kills) -> str:
    each_ms = 1000 * endurance.seconds / endurance.sends
    return "\n".join(
        (
            f"{endurance.sends} PDFs de {endurance.kib} KiB em {endurance.seconds} s ({each_ms:.1f} ms cada)",
            f"  memória do integrador {_told(endurance.daemon)}",
            f"  memória do WhatsApp   {_told(endurance.worker)}",
            f"{kills.kills} quedas (kill -9): {kills.rows} mensagens, {kills.sent} enviadas e {kills.uncertain} "
            f"incertas; {kills.arrived} destas chegaram e {kills.settled} foram provadas pelo aviso de entrega",
            *(f"  QUEBRADO: {text}" for text in (*endurance.broken, *kills.broken)),
        )
    )


def _told(memory: Memory) -> str:
    growth = "estável" if memory.flat else "CRESCEU"
    return f"{memory.warm} MiB quente, {memory.end} MiB no fim, {memory.most} MiB no máximo: {growth}"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 1 when the promise was broken."""
    parser = argparse.ArgumentParser(prog="engine_endurance")
    for name, default in (("sends", 2000), ("kib", 300), ("kills", 40), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="motor-") as folder:
        endurance, kills = run(Path(folder), wanted.sends, wanted.kib, wanted.kills, wanted.seed)
    if wanted.json:
        print(json.dumps({"endurance": asdict(endurance), "kills": asdict(kills)}, indent=2, ensure_ascii=False))
    else:
        print(_lines(endurance, kills))
    return 0 if endurance.kept and kills.kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
