"""Where the bench works: a private Firebird server, databases with the contract installed, and their settings."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import fdb

from integrator.erp.connection import Database, Target
from integrator.erp.schema import installer
from integrator.settings import Settings
from tools import firebird_packages
from tools.bench import content
from tools.environment import ROOT
from tools.firebird_server import PrivateServer
from tools.messages import SetupError

_PARENT = ROOT / ".demo"  # on the disk of the project: a /tmp in memory would flatter every commit
_TEMPLATE = "bench.fdb"
_PREFIX = "INTEGRATOR_"

#: Open day and night on every day, because a benchmark is run at any time; the shortest gap that settings accept, so
#: that a clock that skips the waits sends a whole night in one tick.
_SETTINGS = """\
[banco]
servidor = "{host}"
porta = {port}
caminho = '{path}'
usuario = "{user}"
cliente = '{client}'

[whatsapp]
{number}
maximo_conhecidos = 5000
maximo_novos = 2000

[painel]
ligado = {panel}
porta = {panel_port}

[envio]
intervalo_min_s = 20
intervalo_max_s = 20
maximo_por_dia = 5000

[calendario.cobranca]
{always}
[calendario.servico]
{always}"""
_SIMULATED = 'motor = "simulador"'
_ALWAYS = """\
seg_sex = "00:00-24:00"
sabado = "00:00-24:00"
domingo = "00:00-24:00"
feriados = true
"""


@dataclass(frozen=True, slots=True)
class Place:
    """One bench's server and folder. Files are named once each: a second database of a name replaces the first."""

    server: PrivateServer
    folder: Path
    firebird_version: str

    def database(self, name: str, source: str = _TEMPLATE) -> Path:
        """A copy of `source`, by default an empty queue of a registered shop; nobody may be attached to either."""
        return self.server.copy_database(source, name)

    def attach(self, path: Path) -> fdb.Connection:
        """A plain attachment, as an ERP or a script of one's own would open it."""
        server = self.server
        return fdb.connect(dsn=server.dsn(path), user=server.user, password=server.password, charset="UTF8")

    def target(self, path: Path) -> Target:
        """The database as the product's own adapter wants it."""
        server = self.server
        return Target(server.host, server.port, str(path), server.user, server.password, server.client_library)

    def config(self, path: Path, *, panel_port: int = 0, number: str = _SIMULATED) -> Path:
        """A `config.toml` for that database; with a port, the panel is served at it. `number`: the engine's keys."""
        server = self.server
        values = {"host": server.host, "port": server.port, "user": server.user, "client": server.client_library}
        panel = {"panel": "true" if panel_port else "false", "panel_port": panel_port or 8787}
        file = self.folder / f"{path.stem}.toml"
        file.write_text(_SETTINGS.format(path=path, number=number, always=_ALWAYS, **values, **panel), encoding="utf-8")
        return file

    def settings(self, path: Path) -> Settings:
        """The same settings, loaded."""
        return Settings.load(self.config(path))

    def data_folder(self, name: str) -> Path:
        """A new, empty data folder for an engine."""
        folder = self.folder / f"data-{name}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder

    def environment(self) -> Mapping[str, str]:
        """For child processes: ours without anybody's settings, the password, and Firebird's libraries."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(_PREFIX)}
        return {**clean, f"{_PREFIX}SENHA": self.server.password, **self.server.client_environment()}


@contextmanager
def open_place() -> Iterator[Place]:
    """Start the server and install the contract; everything is removed at the end. SetupError where it cannot run."""
    if sys.platform != "linux":
        raise SetupError("bench needs /proc and a Firebird server over TCP: run it on Linux.", "python3 dev.py bench")
    firebird = firebird_packages.ensure()
    firebird.prepare_process()
    _PARENT.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=_PARENT))
    for name in [name for name in os.environ if name.startswith(_PREFIX)]:
        del os.environ[name]
    try:
        with PrivateServer(folder / "server", firebird) as server:
            os.environ[f"{_PREFIX}SENHA"] = server.password
            yield prepare(server, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def prepare(server: PrivateServer, folder: Path) -> Place:
    """A place on a running server: the database that all others are copies of is made there."""
    server.create_database(_TEMPLATE)
    empty = Place(server, folder, "")
    path = server.path(_TEMPLATE)
    database = Database(empty.target(path))
    installer.install(database)
    database.close()
    with empty.attach(path) as connection:
        content.insert_company(connection)
        version = str(connection.firebird_version)
    return Place(server, folder, version)
