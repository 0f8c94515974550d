"""A private Firebird 3 server for tests, the demo and the benchmarks.

It listens on the loopback only, on a port of its own, with a password and a security database of its own, all in one
folder; no service, no root and nothing below /etc or /var is needed. Standard library only, but for
`create_database`, which needs the project's virtual environment. Linux; see `tools.firebird_windows` for the other.
"""

import atexit
import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tools import firebird_packages
from tools.firebird_packages import Firebird

START_SECONDS = 60.0
STOP_SECONDS = 10.0
_PORT_TRIES = 5
_PORTS = range(15_000, 32_000)  # below those that Linux gives to whoever connects

# The server's life hangs on its parent's: the shell waits for the end of its input, which the kernel closes however
# the parent dies, and then stops the server; with force when it does not listen, as in its first instants.
_WATCHED = """\
"$@" </dev/null >&2 & server=$!
echo $server
read -r _
kill -TERM $server 2>/dev/null
{ sleep 3; kill -KILL $server; } </dev/null >/dev/null 2>&1 & force=$!
wait $server
kill $force
"""

_SETTINGS = """\
ServerMode = Super
RemoteBindAddress = 127.0.0.1
RemoteServicePort = {port}
AuthServer = Srp256, Srp, Legacy_Auth
UserManager = Srp, Legacy_UserManager
WireCrypt = Enabled
SecurityDatabase = {security}
"""


class PrivateServer:
    """A server and its databases in one folder. A context manager; may be started again after `stop` or `kill`.

    The first start chooses the port, later ones keep it, as a real server's would be kept.
    """

    host = "127.0.0.1"
    user = "SYSDBA"

    def __init__(self, folder: Path, firebird: Firebird | None = None) -> None:
        self.folder = folder.resolve()
        self.port = 0
        self.password = secrets.token_hex(8)
        self._firebird = firebird or firebird_packages.ensure()
        self._root = self.folder / "root"
        self._watcher: subprocess.Popen[str] | None = None
        self.process_id = 0
        self._password_set = False

    @property
    def data(self) -> Path:
        """Where databases named without a folder lie."""
        return self.folder / "data"

    @property
    def client_library(self) -> Path:
        return self._firebird.client_library

    def client_environment(self) -> dict[str, str]:
        """Variables for a child process that is to load `client_library`."""
        return self._firebird.environment()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Returns when the server answers. RuntimeError, with the server's own log, when it does not."""
        self._prepare_folder()
        for _ in range(1 if self.port else _PORT_TRIES):
            port = self.port or free_port()
            self._write_settings(port)
            self._ensure_security_database()
            self._launch()
            if self._answers(port):
                self.port = port
                atexit.register(self.stop)
                return
            self.stop()
        raise RuntimeError(f"firebird did not start in {self.folder}: {self._log()}")

    def stop(self) -> None:
        """Asks the server to end, insists after `STOP_SECONDS`. Does nothing when it is not running."""
        watcher, self._watcher = self._watcher, None
        if watcher is None:
            return
        atexit.unregister(self.stop)
        try:
            watcher.communicate(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            watcher.communicate()

    def kill(self) -> None:
        """Ends the server as a power cut would: at once, nothing flushed."""
        if self._watcher is not None:
            self._signal(signal.SIGKILL)
            self.stop()

    def freeze(self) -> None:
        """Leaves connections open and unanswered, as a hung server does, until `thaw`."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def path(self, name: str | Path) -> Path:
        """The file of a database: names without a folder lie in `data`."""
        return self.data / name

    def dsn(self, name: str | Path) -> str:
        """The database as `fdb.connect` wants it."""
        return f"{self.host}/{self.port}:{self.path(name)}"

    def create_database(self, name: str | Path, charset: str = "NONE", dialect: int = 3, page_size: int = 8192) -> Path:
        """An empty database; fdb is loaded with this server's client library if nobody loaded it before."""
        import fdb  # here and not above: dev.py imports this module before the virtual environment exists

        self._firebird.prepare_process()
        fdb.load_api(str(self.client_library))
        fdb.create_database(
            dsn=self.dsn(name),
            user=self.user,
            password=self.password,
            sql_dialect=dialect,
            page_size=page_size,
            charset=charset,
        ).close()
        return self.path(name)

    def copy_database(self, source: str | Path, target: str | Path) -> Path:
        """A copy by file: about ten times quicker than making one. Nobody may be attached to `source`."""
        shutil.copyfile(self.path(source), self.path(target))
        return self.path(target)

    def _prepare_folder(self) -> None:
        for folder in (self._root / "intl", self._root / "plugins", self.folder / "lock", self.data):
            folder.mkdir(parents=True, exist_ok=True)
        home, settings = self._firebird.home, self._firebird.settings
        # Copies, because plugins and character sets are refused when a link leads to them.
        for file in (*(home / "plugins").glob("*.so"), home / "intl/libfbintl.so", home / "firebird.msg"):
            shutil.copyfile(file, self._root / file.relative_to(home))
        shutil.copyfile(settings / "fbintl.conf", self._root / "intl/fbintl.conf")
        shutil.copyfile(settings / "plugins.conf", self._root / "plugins.conf")

    def _write_settings(self, port: int) -> None:
        # The port goes here and not to the command line: with `-p` the server listens on every address.
        text = _SETTINGS.format(port=port, security=self._security_database)
        (self._root / "firebird.conf").write_text(text, encoding="utf-8")

    @property
    def _security_database(self) -> Path:
        return self.folder / "security3.fdb"

    def _ensure_security_database(self) -> None:
        if self._password_set:
            return
        if not self._security_database.exists():
            script = self._firebird.security_script.read_text(encoding="utf-8")
            self._isql(f"create database '{self._security_database}' user {self.user};\n{script}")
        self._isql(
            f"connect '{self._security_database}' user {self.user};\n"
            f"create or alter user {self.user} password '{self.password}' using plugin Srp;\ncommit;\n"
            f"create or alter user {self.user} password '{self.password}' using plugin Legacy_UserManager;\ncommit;\n"
        )
        self._password_set = True

    def _isql(self, script: str) -> None:
        """Runs on the embedded engine: no server and no password are needed yet."""
        done = subprocess.run(
            [self._firebird.isql, "-q", "-b"],
            input=script,
            text=True,
            env=self._environment(),
            check=False,
            capture_output=True,
            timeout=60,
        )
        if done.returncode:
            raise RuntimeError(f"isql failed: {done.stderr.strip()}")

    def _launch(self) -> None:
        options: list[str | Path] = ["-e", self._root, "-el", self.folder / "lock", "-em", self._root]
        with (self.folder / "server.out").open("a", encoding="utf-8") as output:
            watcher = subprocess.Popen(
                ["/bin/sh", "-c", _WATCHED, "firebird", self._firebird.server, *options],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
                env=self._environment(),
                start_new_session=True,  # Ctrl+C is for the parent, which stops the server last
            )
        self._watcher = watcher
        assert watcher.stdout is not None
        self.process_id = int(watcher.stdout.readline())

    def _answers(self, port: int) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and _alive(self.process_id):
            try:
                socket.create_connection((self.host, port), timeout=0.5).close()
            except OSError:
                time.sleep(0.02)
            else:
                return _alive(self.process_id)
        return False

    def _signal(self, number: signal.Signals) -> None:
        if _alive(self.process_id):
            os.kill(self.process_id, number)

    def _environment(self) -> dict[str, str]:
        own = {"FIREBIRD": self._root, "FIREBIRD_LOCK": self.folder / "lock", "FIREBIRD_MSG": self._root}
        # Without BOOT_BUILD plugins, character sets and the log are those of the paths that Debian compiled in.
        switches = {name: str(path) for name, path in own.items()} | {"FIREBIRD_BOOT_BUILD": "1"}
        return {**os.environ, **self._firebird.environment(), **switches}

    def _log(self) -> str:
        files = (self.folder / "server.out", self._root / "firebird.log")
        return " ".join(file.read_text(encoding="utf-8", errors="replace") for file in files if file.exists())


class StrictServer(PrivateServer):
    """One that checks passwords and rights: without the build switch under which Firebird takes everybody for SYSDBA.

    Only an installed Firebird finds its plugins without that switch; an unpacked one keeps it.
    """

    def _environment(self) -> dict[str, str]:
        known = super()._environment()
        if self._firebird.prefix == Path("/"):
            del known["FIREBIRD_BOOT_BUILD"]
        return known


def free_port() -> int:
    """One that no connection gets as its own end, so that it is still free when a server that was killed returns."""
    while True:
        port = secrets.choice(_PORTS)
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


def _alive(process: int) -> bool:
    """Whether the process runs; a dead one that nobody has waited for yet counts as dead."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] not in {"Z", "X"}
