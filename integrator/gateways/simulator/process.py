"""Starting, steering and killing the simulator's process: for tests, demo and benchmark."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import requests

from integrator.domain.errors import GatewayError
from integrator.gateways.simulator import wire
from integrator.gateways.simulator.client import SimulatorGateway
from integrator.gateways.simulator.fate import NO_LATE_REFUSALS
from integrator.gateways.simulator.faults import Fault, fault_to_json
from integrator.gateways.simulator.ledger import Ledger, read_ledger
from integrator.gateways.simulator.posts import Mode
from integrator.gateways.simulator.transport import Transport
from integrator.program import command, is_frozen
from integrator.sending.gateway import GatewayState

OUTPUT_FILE: Final = "saida.txt"
_READY_S: Final = 30.0
_STOP_S: Final = 10.0
_CONTROL_S: Final = 10.0
_NO_WINDOW: Final[int] = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # exists on Windows alone
_PROJECT: Final = Path(__file__).resolve().parents[3]


class RunningSimulator:
    """The simulator's process and its controls; a context manager that stops it on leaving.

    The process also ends by itself when the one that started it dies.
    """

    def __init__(self, folder: Path, process: subprocess.Popen[bytes], card: wire.Card) -> None:
        self.folder = folder
        self.card = card
        self._process = process
        self._transport = Transport(card.url, card.token)

    @property
    def url(self) -> str:
        """Address for a :class:`SimulatorGateway`."""
        return self.card.url

    @property
    def token(self) -> str:
        """Token for a :class:`SimulatorGateway`."""
        return self.card.token

    def gateway(self, *, clock: Callable[[], datetime] = datetime.now, timeout_s: float = 75.0) -> SimulatorGateway:
        """A new gateway to this simulator; the caller closes it."""
        return SimulatorGateway(
            self.url, self.token, timeout_s=timeout_s, clock=clock, mode=self.card.mode, folder=self.folder
        )

    def ledger(self) -> Ledger:
        """What is on disk now; works after the process died, too."""
        return read_ledger(self.folder)

    def fail(self, *faults: Fault) -> None:
        """Arm faults for the sends to come."""
        self._control(wire.FAULTS, {"faults": [fault_to_json(fault) for fault in faults]})

    def clear_faults(self) -> None:
        """Forget the faults that are armed."""
        self._transport.delete(wire.FAULTS, _CONTROL_S).raise_for_status()

    def set_state(self, state: GatewayState) -> None:
        """Connect, disconnect or unpair the number."""
        self._control(wire.STATE, {"state": state})

    def set_number(self, number: str, canonical: str = "") -> None:
        """Let WhatsApp know ``number`` as ``canonical``; empty: it has no WhatsApp."""
        self._control(wire.NUMBERS, {"number": number, "canonical": canonical})

    def write(self, sender: str, text: str, at: datetime, name: str = "") -> None:
        """A pretended customer writes to the number."""
        self._control(wire.WRITTEN, {"sender": sender, "text": text, "at": at.isoformat(), "name": name})

    def kill(self) -> None:
        """End the process at once, as a power cut would; what it answered is in the ledger."""
        self._process.kill()
        self._clean_up()

    def stop(self) -> None:
        """Ask the process to end and wait for it; nothing happens when it is gone already."""
        if self._process.poll() is None:
            try:
                self._control(wire.STOP, {})
                self._process.wait(_STOP_S)
            except (requests.RequestException, subprocess.TimeoutExpired):
                self._process.kill()
        self._clean_up()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _control(self, path: str, fields: dict[str, object]) -> None:
        body = json.dumps(fields).encode("ascii")
        self._transport.post(path, _CONTROL_S, body).raise_for_status()

    def _clean_up(self) -> None:
        self._transport.close()
        _reap(self._process)


def start_simulator(
    folder: Path, *, mode: Mode = Mode.CONFIRMS, seed: int = NO_LATE_REFUSALS, port: int = 0
) -> RunningSimulator:
    """Start a simulator that keeps its ledger in ``folder`` (continued when there is one) and wait until it serves.

    Raises :class:`GatewayError` when it does not start, or when one is already running there; what it said is in
    ``saida.txt``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if wire.is_running(folder):
        raise GatewayError(f"Já há um simulador em execução na pasta {folder}. Encerre-o ou use outra pasta.")
    (folder / wire.CARD_FILE).unlink(missing_ok=True)
    options = ["--pasta", str(folder.absolute()), "--porta", str(port), "--modo", mode, "--semente", str(seed)]
    with (folder / OUTPUT_FILE).open("ab") as output:
        process = subprocess.Popen(
            [*_program(), *options, "--ate-fechar-entrada"],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            env=_environment(),
            creationflags=_NO_WINDOW,
        )
    try:
        card = _wait_for_card(folder, process)
    except BaseException:
        process.kill()
        _reap(process)
        raise
    return RunningSimulator(folder, process, card)


def _program() -> list[str]:
    """This program's own executable when frozen, else Python with our module."""
    if is_frozen():
        return command("simulador")
    return [sys.executable, "-m", "integrator.gateways.simulator"]


def _environment() -> dict[str, str]:
    """Ours, with the project importable wherever we were started from."""
    known = os.environ.get("PYTHONPATH", "")
    return {**os.environ, "PYTHONPATH": os.pathsep.join(part for part in (str(_PROJECT), known) if part)}


def _wait_for_card(folder: Path, process: subprocess.Popen[bytes]) -> wire.Card:
    deadline = time.monotonic() + _READY_S
    while time.monotonic() < deadline:
        if (folder / wire.CARD_FILE).exists():
            return wire.read_card(folder)
        if process.poll() is not None:
            break
        time.sleep(0.01)
    said = (folder / OUTPUT_FILE).read_text(encoding="utf-8", errors="replace")[-500:]
    raise GatewayError(f"O simulador de WhatsApp não iniciou. Veja {folder / OUTPUT_FILE}.", detail=said)


def _reap(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    process.wait()
