"""A technician's computer: a configuration, a data folder, and a shop's database on the tests' server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from integrator.cli.main import main
from integrator.erp.connection import Target
from integrator.settings import Settings
from integrator.support import checks
from integrator.support.context import Context
from integrator.support.doctor import Check, Report, examine
from integrator.support.finding import Finding, fine
from integrator.support.machine import Machine
from tools.faults_shop import Shop
from tools.firebird_server import PrivateServer, free_port

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Desk:
    """One computer; ``server`` is where its databases are."""

    folder: Path
    capture: pytest.CaptureFixture[str]
    server: PrivateServer | None = None

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def data(self) -> Path:
        return self.folder / "dados"

    def configure(self, text: str) -> None:
        self.config.write_text(text, encoding="utf-8")

    def connect(self, path: Path | str, *, port: int = 0, more: str = "") -> None:
        """Configure the database at ``path``; ``more`` are further keys of ``[banco]`` and sections."""
        assert self.server is not None
        engine = "" if "[whatsapp]" in more else "[whatsapp]\nmotor = 'simulador'\n"
        panel = "" if "[painel]" in more else f"[painel]\nporta = {free_port()}\n"
        self.configure(
            f"[banco]\nservidor = '{self.server.host}'\nporta = {port or self.server.port}\ncaminho = '{path}'\n"
            f"cliente = '{self.server.client_library}'\n{more}{panel}{engine}"
        )

    def context(self, machine: Machine | None = None) -> Context:
        return Context(self.config, self.data, lambda: Settings.load(self.config), machine)

    def examine(self, machine: Machine | None = None) -> Report:
        return examine(self.context(machine), checks.GENERAL, checks.PER_DATABASE)

    def options(self, *arguments: str) -> list[str]:
        return ["--config", str(self.config), "--dados", str(self.data), "doctor", *arguments]

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, output and error output."""
        self.capture.readouterr()
        code = main(self.options(*arguments))
        said = self.capture.readouterr()
        return code, said.out, said.err

    def spawn(self, *arguments: str, limit_s: float) -> subprocess.CompletedProcess[str]:
        """As a process of its own, to its end; the attachment to a database may take no longer than ``limit_s``."""
        own = self.server.client_environment() if self.server else {}
        return subprocess.run(
            [sys.executable, "-m", "tests.support.desk", *self.options(*arguments)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, **own, "PYTHONIOENCODING": "utf-8", "DOCTOR_LIMIT_S": str(limit_s)},
            timeout=60,
            check=False,
        )

    def items(self) -> dict[str, Any]:
        """The JSON form's items by id."""
        _, out, _ = self.run("--json")
        return {item["id"]: item for item in json.loads(out)["itens"]}


def found(report: Report, name: str) -> Finding:
    """The only finding of that check."""
    (finding,) = [finding for finding in report.findings if finding.id == name]
    return finding


#: A server answers in milliseconds, but not on a machine with ten other things to do.
_PATIENCE_S = 60.0


def _patient(check: Check) -> Check:
    """What is proved is the answer; that a question's time is limited, ``test_runner`` and frozen servers prove."""
    return replace(check, limit_s=_PATIENCE_S)


def _lighter(check: Check) -> Check:
    """Without a look at thousands of files each time: ``test_levels`` takes it, and the doctor as a process."""
    return replace(check, ask=lambda _: fine("")) if check.id == "arquivos" else check


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a space and an accent, and none of the machine's own variables."""
    for name in [name for name in os.environ if name.startswith("INTEGRATOR_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "Loja do João"
    folder.mkdir()
    monkeypatch.setenv("INTEGRATOR_DADOS", str(folder / "dados"))
    monkeypatch.setattr(checks, "GENERAL", tuple(map(_lighter, map(_patient, checks.GENERAL))))
    monkeypatch.setattr(checks, "PER_DATABASE", tuple(map(_patient, checks.PER_DATABASE)))
    return folder


@pytest.fixture
def desk(place: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """Nothing is configured."""
    return Desk(place, capsys)


@pytest.fixture
def office(
    place: Path, capsys: pytest.CaptureFixture[str], firebird_server: PrivateServer, monkeypatch: pytest.MonkeyPatch
) -> Desk:
    """It can reach the tests' server."""
    monkeypatch.setenv("INTEGRATOR_SENHA", firebird_server.password)
    return Desk(place, capsys, firebird_server)


@pytest.fixture(scope="session")
def _shop_template(firebird_server: PrivateServer) -> Path:
    path = firebird_server.create_database("doctor-template.fdb")
    Shop(target_of(firebird_server, path)).install()
    return path


@pytest.fixture
def shop(office: Desk, firebird_server: PrivateServer, _shop_template: Path) -> Iterator[Shop]:
    """A shop with the contract and no message, and the office connected to it."""
    path = firebird_server.copy_database(_shop_template, f"doctor-{next(_numbers)}.fdb")
    office.connect(path)
    shop = Shop(target_of(firebird_server, path))
    yield shop
    shop.close()
    path.unlink(missing_ok=True)


def target_of(server: PrivateServer, path: Path) -> Target:
    return Target(server.host, server.port, str(path), server.user, server.password, server.client_library)
