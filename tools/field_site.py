"""A shop as it is found: a server that can be killed, a wire that can be cut, a disk that can fill, a running daemon.

The database lies on a small disk of its own where this machine lets us mount one (root on Linux). The daemon is the
product's, with its time compressed (:mod:`tools.field_daemon`), logged in as the least-privilege user ``WAGATE``, and
reaches the server through :class:`tools.field_proxy.Proxy`; the ERP's side goes to the server directly.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from integrator.erp.connection import Target
from integrator.erp.schema.user import USER, create_user
from integrator.gateways.simulator.ledger import Ledger, read_ledger
from integrator.paths import log_folder
from tools import firebird_packages
from tools.faults_engine import PASSWORD_VARIABLE
from tools.faults_shop import Shop, Verdict, judge
from tools.field_daemon import PATIENCE_VARIABLE
from tools.field_proxy import Proxy
from tools.firebird_packages import ROOT
from tools.firebird_server import StrictServer

_DISK_MB = 64
_LOOK_S = 0.05
_STOP_S = 30.0
_MOVING = frozenset({"pendente", "reservada", "enviando"})
_CODE = re.compile(r"gdscode=(\d+)")
_PROGRAM_S = 60.0
_CONFIG = """\
[banco]
servidor = "{host}"
porta = {port}
caminho = '{path}'
usuario = "{user}"
cliente = '{client}'
[whatsapp]
motor = "simulador"
[painel]
ligado = false
[envio]
intervalo_min_s = 20
intervalo_max_s = 20
maximo_por_dia = 5000
[calendario.cobranca]
feriados = true
[documentos]
gerar_boleto = false
"""


@dataclass(frozen=True, slots=True)
class Small:
    """A disk of the database's own, that can be filled to the last byte."""

    folder: Path

    @contextmanager
    def full(self) -> Iterator[None]:
        filler = self.folder / "cheio.bin"
        try:
            with filler.open("wb", buffering=0) as stream:
                size = 1024 * 1024
                while size:
                    try:
                        stream.write(b"\0" * size)
                    except OSError as error:
                        if error.errno != errno.ENOSPC:
                            raise
                        size //= 2
            yield
        finally:
            filler.unlink(missing_ok=True)


class Site:
    """Everything of one shop, in one folder. A context manager; the daemon runs from its start to its end."""

    def __init__(self, folder: Path, patience_s: float = 0.0) -> None:
        """``patience_s``: for how long the daemon bears a silent server; 0: as the product does."""
        self.folder = folder
        self._own = {PATIENCE_VARIABLE: str(patience_s)} if patience_s else {}
        self.server = StrictServer(folder / "firebird")
        self.disk: Small | None = None
        self.rows = 0
        self._data = folder / "dados"
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.disk = stack.enter_context(_small_disk(self.server.data))
            stack.enter_context(self.server)
            self.path = self.server.create_database("loja.fdb")
            server = self.server
            self.target = Target(
                server.host, server.port, str(self.path), server.user, server.password, server.client_library
            )
            self.shop = stack.enter_context(closing(Shop(self.target)))
            self.shop.install()
            self.password = create_user(self.shop.database)
            self.proxy = stack.enter_context(Proxy(server.port))
            self.daemon = self._start()
            stack.callback(self._stop)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def queue_more(self, rows: int) -> None:
        """The ERP's next closing: ``rows`` new messages."""
        first, self.rows = self.rows, self.rows + rows
        self.shop.debts(range(first, self.rows), date.today())
        self.shop.close()

    def close_again(self) -> None:
        """The ERP runs its closings again, as after a failure or a restore."""
        self.shop.debts(range(self.rows), date.today())
        self.shop.close()

    def ledger(self) -> Ledger:
        """What WhatsApp accepted so far."""
        return read_ledger(self._data / "simulador")

    def customers(self) -> int:
        """How many got something so far."""
        return len({bubble.to for bubble in self.ledger().messages})

    def wait_for(self, what: Callable[[], bool], patience_s: float, name: str) -> float:
        """Seconds until ``what``; TimeoutError with the end of the daemon's log when it does not come."""
        began = time.monotonic()
        while not what():
            if self.daemon.poll() is not None:
                raise RuntimeError(f"the daemon ended with {self.daemon.returncode}: {self.log()[-3000:]}")
            if time.monotonic() - began > patience_s:
                raise TimeoutError(f"{name} took more than {patience_s} s: {self.log()[-3000:]}")
            time.sleep(_LOOK_S)
        return time.monotonic() - began

    def wait_for_customers(self, count: int, patience_s: float) -> float:
        """Until so many got something, all told."""
        return self.wait_for(lambda: self.customers() >= count, patience_s, f"message {count}")

    def wait_until_sent(self, patience_s: float) -> Verdict:
        """Until nothing waits any more; the queue compared with what was accepted."""
        self.wait_for_customers(self.rows, patience_s)
        self.wait_for(lambda: not self._moving(), patience_s, "the end of the queue")
        queue = self.shop.queue()
        self.shop.close()
        return judge(queue, self.ledger())

    def _moving(self) -> bool:
        moving = any(row.state in _MOVING for row in self.shop.queue().values())
        self.shop.close()
        return moving

    def log(self) -> str:
        """All that the daemon logged."""
        files = sorted(log_folder(self._data).glob("*.log"))
        return "".join(file.read_text(encoding="utf-8") for file in files)

    def codes_after(self, mark: int) -> tuple[int, ...]:
        """Firebird's error codes in the log after its first ``mark`` characters, each once."""
        return tuple(dict.fromkeys(int(code) for code in _CODE.findall(self.log()[mark:])))

    def program(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A program of Firebird (gbak, gfix) as SYSDBA, directly on the server."""
        login = ("-user", self.server.user, "-password", self.server.password)
        return subprocess.run(
            [firebird_packages.ensure().isql.with_name(name), *arguments, *login],
            env={**os.environ, **self.server.client_environment()},
            check=False,
            capture_output=True,
            text=True,
            timeout=_PROGRAM_S,
        )

    def _start(self) -> subprocess.Popen[bytes]:
        self._data.mkdir(parents=True)
        config = self.folder / "config.toml"
        text = _CONFIG.format(
            host=self.server.host,
            port=self.proxy.port,
            path=self.path,
            user=USER,
            client=self.server.client_library,
        )
        config.write_text(text, encoding="utf-8")
        options = ["--config", str(config), "--dados", str(self._data)]
        with (self.folder / "output.txt").open("wb") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "tools.field_daemon", *options, "run", "--headless"],
                cwd=ROOT,
                env={**os.environ, **self.server.client_environment(), PASSWORD_VARIABLE: self.password, **self._own},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def _stop(self) -> None:
        self.daemon.send_signal(signal.SIGTERM)
        try:
            self.daemon.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self.daemon.kill()
            self.daemon.wait()


@contextmanager
def _small_disk(folder: Path) -> Iterator[Small | None]:
    """A small file system in memory at ``folder``; None where this user may not mount one."""
    folder.mkdir(parents=True)
    if sys.platform != "linux" or os.geteuid() != 0:
        yield None
        return
    options = ["-t", "tmpfs", "-o", f"size={_DISK_MB}m", "integrator-field", str(folder)]
    if subprocess.run(["mount", *options], check=False, capture_output=True).returncode:
        yield None
        return
    try:
        yield Small(folder)
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            subprocess.run(["umount", str(folder)], check=True, capture_output=True)
