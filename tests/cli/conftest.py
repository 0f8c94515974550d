"""A shop's database, its ``config.toml``, and two ways to run a command: in this process, and as a child of it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from integrator.cli.main import main
from integrator.erp.connection import Target
from tests.conftest import FreshDatabase
from tools.faults_shop import Shop
from tools.firebird_server import PrivateServer, free_port

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Answer:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Office:
    """A computer with the integrator: its folder (a space and an accent in it), and the environment's password."""

    folder: Path
    capture: pytest.CaptureFixture[str]
    server: PrivateServer | None = None

    @property
    def config(self) -> Path:
        return self.folder / "configuração" / "config.toml"

    @property
    def data(self) -> Path:
        return self.folder / "dados"

    def configure(self, text: str) -> None:
        self.config.parent.mkdir(exist_ok=True)
        self.config.write_text(text, encoding="utf-8")

    def connect(self, path: Path | str, *, more: str = "", port: int = 0) -> None:
        """Configure the database at ``path`` on the tests' server."""
        assert self.server is not None
        engine = "" if "[whatsapp]" in more else "[whatsapp]\nmotor = 'simulador'\n"
        panel = "" if "[painel]" in more else f"[painel]\nporta = {free_port()}\n"
        self.configure(
            f"[banco]\nservidor = '{self.server.host}'\nporta = {port or self.server.port}\ncaminho = '{path}'\n"
            f"cliente = '{self.server.client_library}'\n{more}{panel}{engine}"
        )

    def options(self) -> list[str]:
        return ["--config", str(self.config), "--dados", str(self.data)]

    def run(self, *arguments: str) -> Answer:
        """In this process: quick."""
        self.capture.readouterr()
        code = main([*self.options(), *arguments])
        said = self.capture.readouterr()
        return Answer(code, said.out, said.err)

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        """As a child process, as people do."""
        return subprocess.Popen(
            [sys.executable, "-m", "integrator", *self.options(), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment(environment),
        )

    def spawn(self, *arguments: str, encoding: str = "utf-8", **environment: str) -> Answer:
        """As a child process, to its end."""
        child = self.start(*arguments, PYTHONIOENCODING=encoding, **environment)
        out, err = child.communicate(timeout=60)
        return Answer(child.returncode, out.decode(encoding), err.decode(encoding))

    def environment(self, more: dict[str, str]) -> dict[str, str]:
        own = (
            {}
            if self.server is None
            else {**self.server.client_environment(), "INTEGRATOR_SENHA": self.server.password}
        )
        # Programs side by side would want the same port.
        return {**os.environ, "INTEGRATOR_PAINEL__LIGADO": "não", **own, **more}

    def log(self) -> str:
        files = sorted((self.data / "registro").glob("*.log"))
        return "".join(file.read_text(encoding="utf-8") for file in files)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "Loja do João"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def _own_process(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    """A data folder of the test's own, and none of the machine's own variables."""
    for name in [name for name in os.environ if name.startswith("INTEGRATOR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("INTEGRATOR_DADOS", str(place / "dados"))


@pytest.fixture
def desk(place: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    """A computer without a database."""
    return Office(place, capsys)


@pytest.fixture
def office(
    place: Path, capsys: pytest.CaptureFixture[str], firebird_server: PrivateServer, monkeypatch: pytest.MonkeyPatch
) -> Office:
    """A computer that can reach the tests' server."""
    monkeypatch.setenv("INTEGRATOR_SENHA", firebird_server.password)
    return Office(place, capsys, firebird_server)


@pytest.fixture
def empty_database(office: Office, fresh_database: FreshDatabase) -> Path:
    """A database without the contract, and the office connected to it."""
    path = fresh_database()
    office.connect(path)
    return path


@pytest.fixture(scope="session")
def _shop_template(firebird_server: PrivateServer) -> Path:
    path = firebird_server.create_database("cli-template.fdb")
    Shop(_target(firebird_server, path)).install()
    return path


@pytest.fixture
def shop(office: Office, firebird_server: PrivateServer, _shop_template: Path) -> Iterator[Shop]:
    """A shop with the contract and no message, and the office connected to it."""
    path = firebird_server.copy_database(_shop_template, f"cli-{next(_numbers)}.fdb")
    office.connect(path)
    shop = Shop(_target(firebird_server, path))
    yield shop
    shop.close()
    path.unlink(missing_ok=True)


def _target(server: PrivateServer, path: Path) -> Target:
    return Target(server.host, server.port, str(path), server.user, server.password, server.client_library)


#: Words of Typer's and Python's own texts that nobody may meet.
ENGLISH = (
    "Usage",
    "Options",
    "Commands",
    "Arguments",
    "Error",
    "Missing",
    "Invalid",
    "No such",
    "Try ",
    "Show this",
    "required",
    "default",
    "Traceback",
    "Aborted",
    "Got unexpected",
    "Did you mean",
)


def english_in(text: str) -> Sequence[str]:
    """What of :data:`ENGLISH` is in a text."""
    return [word for word in ENGLISH if word in text]
