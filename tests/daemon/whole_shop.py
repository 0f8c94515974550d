"""A shop's computer with the whole program: a Firebird queue, WhatsApp's fake servers, and the running process."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests

from integrator.domain.errors import IntegratorError
from integrator.domain.message import Purpose
from integrator.local_address import ask, one_time_link, read_address
from tests.daemon.whole_entry import TICK_VARIABLE
from tests.fake_whatsapp.server import FakeWhatsApp
from tests.waiting import PATIENCE_S
from tools.faults_shop import QueueRow, Shop, key_of, phone_of
from tools.firebird_server import PrivateServer

ROOT = Path(__file__).resolve().parents[2]
_LOOK_S = 0.05
_WAKE_EVERY_S = 0.5
_CONFIG = """\
[banco]
servidor = "{host}"
porta = {port}
caminho = '{path}'
cliente = '{client}'
[whatsapp]
motor = "embutido"
proxy = "{proxy}"
{more}
[painel]
porta = {panel_port}
[envio]
intervalo_min_s = 0
intervalo_max_s = 0
entre_partes_min_s = 0
entre_partes_max_s = 0
[calendario.cobranca]
seg_sex = "00:00-24:00"
sabado = "00:00-24:00"
domingo = "00:00-24:00"
feriados = true
[calendario.servico]
seg_sex = "00:00-24:00"
sabado = "00:00-24:00"
domingo = "00:00-24:00"
"""


def _kept_port() -> socket.socket:
    """Holds a port that the system gives to no other program, and that who asks for it by its number may listen at."""
    keeper = socket.socket()
    keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    keeper.bind(("127.0.0.1", 0))
    return keeper


@dataclass(slots=True)
class WholeShop:
    """``folder`` is the program's data folder; ``server`` the first number's WhatsApp.

    ``tick_s``: how often the engine looks at the queue unless it is woken; 0: as often as in a shop.
    """

    shop: Shop
    firebird: PrivateServer
    servers: Sequence[FakeWhatsApp]
    folder: Path
    tick_s: float = 0.0
    process: subprocess.Popen[bytes] | None = field(default=None)
    port: socket.socket = field(default_factory=_kept_port)

    @property
    def server(self) -> FakeWhatsApp:
        return self.servers[0]

    @property
    def said(self) -> Path:
        """What the program says to who started it by hand."""
        return self.folder.with_name("saida.txt")

    # The program

    def configure(self, more: str = "") -> None:
        """Write ``config.toml``; ``more`` follows the first number's settings."""
        target = self.shop.database.target
        self.folder.mkdir(parents=True, exist_ok=True)
        values = {"host": target.host, "port": target.port, "path": target.path, "client": target.client}
        text = _CONFIG.format(**values, proxy=self.server.proxy, panel_port=self.port.getsockname()[1], more=more)
        (self.folder / "config.toml").write_text(text, encoding="utf-8")

    def start(self) -> None:
        """``integrator run --headless``; returns when its panel answers."""
        command = [*self._program(), "run", "--headless"]
        with self.said.open("ab") as said:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self._environment(), stderr=said)
        self.until(lambda: read_address(self.folder) and self._answers())

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another command of the program beside the running one."""
        return subprocess.run(
            [*self._program(), *arguments],
            cwd=ROOT,
            env=self._environment(),
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    def close(self) -> None:
        """Whatever runs of it is killed."""
        if self.process is not None:
            self.kill()
        self.port.close()

    def kill(self) -> None:
        """``kill -9``, as a power cut does."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> tuple[int, float]:
        """As a person or the system stops it: its exit code, and the seconds it took."""
        assert self.process is not None
        told = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(PATIENCE_S)
        return code, time.monotonic() - told

    def workers(self) -> list[int]:
        """The processes on this machine that hold a session of this shop."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                line = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if b"tests.fake_whatsapp.worker_entry" in line.split(b"\0") and any(
                each.anchor.encode() in line.split(b"\0") for each in self.servers
            ):
                found.append(int(entry.name))
        return found

    def workers_left(self) -> list[int]:
        """Those that do not end by themselves: a process takes a moment to see that the one it served is gone."""
        end = time.monotonic() + PATIENCE_S
        while self.workers() and time.monotonic() < end:
            time.sleep(_LOOK_S)
        return self.workers()

    # What people do and see

    def pairing(self, deed: str, instance: str = "principal") -> Any:
        """Ask the running program for a code (``begin``), how it stands (``look``) or the end (``end``)."""
        return ask(self.folder, "/local/whatsapp/pairing", {"instance": instance, "do": deed})

    def wake(self) -> None:
        """What a screen of the ERP does after it wrote a row."""
        ask(self.folder, "/local/whatsapp/wake", {})

    def state(self, instance: str = "principal") -> str:
        """How that number stands."""
        numbers = ask(self.folder, "/local/whatsapp/numbers", {})["numbers"]
        return next(str(each["state"]) for each in numbers if each["instance"] == instance)

    def page(self, path: str) -> str:
        """A page of the panel, as who sits at this computer."""
        with requests.Session() as browser:
            browser.trust_env = False
            entered = browser.get(one_time_link(self.folder), timeout=120)
            return browser.get(urljoin(entered.url, path), timeout=120).text

    def pair(self, instance: str = "principal", server: FakeWhatsApp | None = None) -> None:
        """Have that number's code scanned, and wait until it is connected."""
        asked = self.pairing("begin", instance)
        (server or self.server).scan(asked["qr"])
        self.until(lambda: self.state(instance) == "conectado")

    # The ERP

    def debt(self, number: int, *, boleto: bool = False, key: str | None = None) -> str:
        """A debt notice to customer ``number`` is queued; its key."""
        chosen = key or key_of(number)
        row_id = self.shop.enqueue(number, key=chosen)
        self.shop.add_title(row_id, sum(map(ord, chosen)), date.today() - timedelta(days=10), boleto=boleto)
        self.shop.release(chosen)
        return chosen

    def service(
        self, number: int, *, key: str | None = None, text: str | None = None, module: str | None = None
    ) -> str:
        """A finished service order to customer ``number`` is queued; its key."""
        chosen = key or key_of(number)
        self.shop.enqueue(number, purpose=Purpose.SERVICE, key=chosen, text=text, module=module)
        self.shop.release(chosen)
        return chosen

    def row(self, key: str) -> QueueRow:
        return self.shop.queue()[key]

    def provider_id(self, key: str) -> str:
        """The id of the first part of that row on WhatsApp, as the queue knows it."""
        query = "SELECT P.ID_PROVEDOR FROM WA_PARTE P JOIN WA_FILA F ON F.ID = P.FILA_ID WHERE F.CHAVE = ?"
        return str(self.shop.rows(query, (key,))[0][0]).strip()

    def becomes(self, key: str, *states: str) -> QueueRow:
        """The row, once it is in one of these states."""
        self.until(lambda: self.row(key).state in states, lambda: str(self.row(key)))
        return self.row(key)

    def beat(self) -> str:
        """What the program last said to the ERP's screens."""
        return " ".join(str(row[0]) for row in self.shop.rows("SELECT SITUACAO FROM WA_BATIMENTO"))

    def consents(self, phone: str) -> set[tuple[str, str, str]]:
        """Purpose, answer and message of all that is registered of a phone."""
        found = self.shop.rows(
            "SELECT FINALIDADE, ACEITA, MENSAGEM_ID FROM WA_CONSENTIMENTO WHERE TELEFONE = ?", (phone,)
        )
        return {(str(purpose).strip(), str(said), str(message or "").strip()) for purpose, said, message in found}

    def talked(self, phone: str) -> bool:
        """Whether it is known that the person at that phone wrote of their own accord."""
        return bool(self.shop.rows("SELECT 1 FROM WA_CONTATO WHERE TELEFONE = ? AND CONVERSA_EM IS NOT NULL", (phone,)))

    def until(self, true: Callable[[], object], else_tell: Callable[[], str] = str) -> None:
        """Wait until that holds, with the program woken now and then; fails when it does not in time."""
        end = time.monotonic() + PATIENCE_S
        woken = time.monotonic()
        while not true():
            assert self.process is None or self.process.poll() is None, self.said.read_text(encoding="utf-8")
            assert time.monotonic() < end, f"it did not happen in time {else_tell()}\n{self.log()[-3000:]}"
            if time.monotonic() - woken > _WAKE_EVERY_S and self._answers():
                self.wake()
                woken = time.monotonic()
            time.sleep(_LOOK_S)

    def log(self) -> str:
        """All that the program wrote down."""
        files = sorted((self.folder / "registro").glob("*.log"))
        return "".join(file.read_text(encoding="utf-8") for file in files)

    def _answers(self) -> bool:
        try:
            ask(self.folder, "/local/whatsapp/numbers", {}, patience_s=5)
        except IntegratorError:
            return False
        return True

    def _program(self) -> list[str]:
        workers = json.dumps({each.proxy: each.worker_command() for each in self.servers})
        place = ("--config", str(self.folder / "config.toml"), "--dados", str(self.folder))
        return [sys.executable, "-m", "tests.daemon.whole_entry", workers, *place]

    def _environment(self) -> dict[str, str]:
        known = {**os.environ, **self.firebird.client_environment(), "INTEGRATOR_SENHA": self.firebird.password}
        return known | ({TICK_VARIABLE: str(self.tick_s)} if self.tick_s else {})


def customer_number(number: int) -> str:
    """The WhatsApp number of customer ``number``."""
    return f"55{phone_of(number)}"


@contextmanager
def whole_shop(
    shop: Shop,
    firebird: PrivateServer,
    servers: Sequence[FakeWhatsApp],
    folder: Path,
    more: str = "",
    *,
    tick_s: float = 0.0,
) -> Iterator[WholeShop]:
    """The program is started, and whatever runs of it at the end is killed."""
    with closing(WholeShop(shop, firebird, servers, folder, tick_s)) as whole:
        whole.configure(more)
        whole.start()
        yield whole
