"""The private server that every database test stands on."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import fdb
import pytest

from tools.firebird_server import PrivateServer

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="a server over TCP needs a Linux distribution's packages"
)


def connect(server: PrivateServer, name: str | Path, dialect: int = 3) -> fdb.Connection:
    return fdb.connect(dsn=server.dsn(name), user=server.user, password=server.password, sql_dialect=dialect)


@pytest.fixture
def own_server(firebird_server: PrivateServer, tmp_path: Path) -> Iterator[PrivateServer]:
    """A second server, to be killed and restarted; the shared one has loaded fdb's library already."""
    assert firebird_server.port
    with PrivateServer(tmp_path / "firebird") as server:
        yield server


@pytest.mark.parametrize("charset", ["NONE", "WIN1252", "ISO8859_1", "UTF8"])
@pytest.mark.parametrize("dialect", [1, 3])
def test_a_fresh_database_has_the_charset_and_dialect_asked_for(
    firebird_server: PrivateServer, fresh_database: Callable[..., Path], charset: str, dialect: int
) -> None:
    database = fresh_database(charset, dialect)

    with closing(connect(firebird_server, database, dialect)) as connection:
        row = connection.cursor().execute("select rdb$character_set_name from rdb$database").fetchone()
        assert row is not None
        assert row[0].strip() == charset
        assert connection.database_sql_dialect == dialect
        assert connection.page_size == 8192


def test_what_one_test_writes_another_does_not_see(
    firebird_server: PrivateServer, fresh_database: Callable[..., Path]
) -> None:
    first, second = fresh_database(), fresh_database()
    with closing(connect(firebird_server, first)) as connection:
        connection.execute_immediate("create table only_here (id integer)")
        connection.commit()

    with (
        closing(connect(firebird_server, second)) as connection,
        pytest.raises(fdb.DatabaseError, match="Table unknown"),
    ):
        connection.cursor().execute("select id from only_here")


def test_it_listens_on_the_loopback_only(firebird_server: PrivateServer) -> None:
    assert _listening("0100007F", firebird_server.port)
    assert not _listening("00000000", firebird_server.port)


def test_a_wrong_password_is_refused(firebird_server: PrivateServer, fresh_database: Callable[..., Path]) -> None:
    with pytest.raises(fdb.DatabaseError) as refusal:
        fdb.connect(dsn=firebird_server.dsn(fresh_database()), user="SYSDBA", password="masterkey")
    assert refusal.value.args[-1] == 335544472


def test_committed_work_survives_a_kill_and_the_port_stays(own_server: PrivateServer) -> None:
    own_server.create_database("shop.fdb")
    with closing(connect(own_server, "shop.fdb")) as connection:
        connection.execute_immediate("create table debts (id integer)")
        connection.commit()
        connection.execute_immediate("insert into debts values (1)")
        connection.commit()
    port = own_server.port

    own_server.kill()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((own_server.host, port), timeout=1)
    own_server.start()

    assert own_server.port == port
    with closing(connect(own_server, "shop.fdb")) as connection:
        assert connection.cursor().execute("select id from debts").fetchall() == [(1,)]


def test_a_frozen_server_keeps_its_clients_waiting_until_it_thaws(own_server: PrivateServer) -> None:
    own_server.create_database("shop.fdb")
    own_server.freeze()
    waiting = subprocess.Popen([sys.executable, "-c", _CONNECT, own_server.dsn("shop.fdb"), own_server.password])
    with pytest.raises(subprocess.TimeoutExpired):
        waiting.wait(timeout=0.7)

    own_server.thaw()

    assert waiting.wait(timeout=120) == 0


def test_the_server_dies_with_a_parent_that_is_killed(firebird_server: PrivateServer, tmp_path: Path) -> None:
    assert firebird_server.port
    parent = subprocess.Popen(
        [sys.executable, "-c", _KILLED_PARENT, str(tmp_path / "firebird")], stdout=subprocess.PIPE, text=True
    )
    output, _ = parent.communicate(timeout=120)
    assert parent.returncode == -9

    deadline = time.monotonic() + 10
    while (listening := _listening("0100007F", int(output))) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not listening


def test_a_folder_can_be_taken_over_by_a_later_server(firebird_server: PrivateServer, tmp_path: Path) -> None:
    assert firebird_server.port
    with PrivateServer(tmp_path / "firebird") as first:
        first.create_database("shop.fdb")
    with PrivateServer(tmp_path / "firebird") as second:
        assert second.password != first.password
        connect(second, "shop.fdb").close()


_CONNECT = """
import sys, fdb
from tools import firebird_packages
firebird = firebird_packages.ensure()
firebird.prepare_process()
fdb.load_api(str(firebird.client_library))
fdb.connect(dsn=sys.argv[1], user="SYSDBA", password=sys.argv[2]).close()
"""

_KILLED_PARENT = """
import os, signal, sys
from pathlib import Path
from tools.firebird_server import PrivateServer
server = PrivateServer(Path(sys.argv[1]))
server.start()
server.create_database("shop.fdb")
print(server.port, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def _listening(address: str, port: int) -> list[str]:
    """Lines of the kernel's table of listening IPv4 sockets for an address in its hexadecimal form."""
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    return [line for line in lines if line.split()[1] == f"{address}:{port:04X}" and line.split()[3] == "0A"]
