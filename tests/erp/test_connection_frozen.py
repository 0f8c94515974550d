"""A server that stands still holds nobody: not an attach, not a statement, not a detach, not the end of a program."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from integrator.domain.errors import DatabaseUnavailable, Remedy
from integrator.erp.attachment import PATIENCE_S
from integrator.erp.connection import Database, Session, Target
from integrator.erp.watchdog import Opening, Watchdog
from tests.waiting import eventually
from tools.firebird_server import PrivateServer

ROOT = Path(__file__).resolve().parents[2]
_ONE = "SELECT 1 FROM RDB$DATABASE"
_ENDLESS = "SELECT COUNT(*) FROM RDB$FIELDS A CROSS JOIN RDB$FIELDS B CROSS JOIN RDB$FIELDS C CROSS JOIN RDB$FIELDS D"
_OURS = "SELECT COUNT(*) FROM MON$ATTACHMENTS WHERE MON$SYSTEM_FLAG = 0 AND MON$ATTACHMENT_ID <> CURRENT_CONNECTION"
_PATIENCE_S = 0.4
#: A busy computer takes a while too; without the guards a call waits thirty seconds, or for ever.
_SOON_S = 20.0


@pytest.fixture(scope="module")
def sleepy(tmp_path_factory: pytest.TempPathFactory, firebird_server: PrivateServer) -> Iterator[PrivateServer]:
    """Another server than everybody's, because it will stand still."""
    with PrivateServer(tmp_path_factory.mktemp("sleepy")) as server:
        server.create_database("sleepy.fdb")
        yield server


@pytest.fixture
def target(sleepy: PrivateServer) -> Target:
    path = str(sleepy.path("sleepy.fdb"))
    return Target(
        sleepy.host, sleepy.port, path, sleepy.user, sleepy.password, connect_timeout_s=60, attach_timeout_s=60
    )


@pytest.fixture
def database(target: Target) -> Iterator[Database]:
    """Patient while the server is well, however busy the computer."""
    database = Database(target)
    yield database
    database.close()


def _freeze(server: PrivateServer, database: Database) -> None:
    """From now on nothing comes of waiting, and nobody waits long."""
    server.freeze()
    database.patience_s = _PATIENCE_S
    database.target = replace(database.target, attach_timeout_s=_PATIENCE_S)
    if database._attachment is not None:
        database._attachment.watch.patience_s = _PATIENCE_S


def _thaw(server: PrivateServer, database: Database) -> None:
    server.thaw()
    database.patience_s = PATIENCE_S
    database.target = replace(database.target, attach_timeout_s=60)


@contextmanager
def _frozen(server: PrivateServer, database: Database) -> Iterator[None]:
    _freeze(server, database)
    try:
        yield
    finally:
        _thaw(server, database)


@contextmanager
def _soon() -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < _SOON_S


def _ask(database: Database) -> object:
    return database.read(lambda session: session.row(_ONE))


def test_a_statement_ends_with_a_sentence_of_its_own_and_the_next_one_works(
    database: Database, sleepy: PrivateServer
) -> None:
    _ask(database)
    with _frozen(sleepy, database), _soon(), pytest.raises(DatabaseUnavailable, match="parou de responder") as told:
        _ask(database)

    assert told.value.remedy is Remedy.RETRY
    assert _ask(database) == (1,)


def test_a_killed_server_leaves_no_complaints_of_the_driver_behind(database: Database, sleepy: PrivateServer) -> None:
    """Warnings are errors here, those of finalizers too."""

    def work(session: Session) -> None:
        rows = session.stream(_ENDLESS.replace("COUNT(*)", "A.RDB$FIELD_NAME"))
        next(rows)
        session.row(_ONE)
        sleepy.kill()
        session.describe(_ONE)

    try:
        with pytest.raises(DatabaseUnavailable, match="Não consegui falar"):
            database.read(work)
    finally:
        sleepy.start()
    gc.collect()
    assert _ask(database) == (1,)


@pytest.mark.parametrize("freeze", ["before the commit", "before the rollback"])
def test_the_end_of_a_transaction_does_not_hang(database: Database, sleepy: PrivateServer, freeze: str) -> None:
    def work(session: Session) -> None:
        session.row(_ONE)
        _freeze(sleepy, database)
        if freeze == "before the rollback":
            raise KeyError

    try:
        with _soon(), pytest.raises((DatabaseUnavailable, KeyError)):
            database.run(work)
    finally:
        _thaw(sleepy, database)
    assert _ask(database) == (1,)


def test_a_stream_that_stalls_half_way_ends(database: Database, sleepy: PrivateServer) -> None:
    many = (
        "SELECT A.RDB$DESCRIPTION, A.RDB$FIELD_NAME FROM RDB$FIELDS A CROSS JOIN RDB$FIELDS B CROSS JOIN RDB$FIELDS C"
    )

    def work(session: Session) -> None:
        rows = session.stream(many)
        next(rows)
        _freeze(sleepy, database)
        for _ in rows:
            pass

    try:
        with _soon(), pytest.raises(DatabaseUnavailable, match="parou de responder"):
            database.read(work)
    finally:
        _thaw(sleepy, database)


def test_an_attach_ends_and_a_second_is_not_begun_beside_it(database: Database, sleepy: PrivateServer) -> None:
    others = set(threading.enumerate())
    with _frozen(sleepy, database):
        with _soon(), pytest.raises(DatabaseUnavailable, match="parou de responder"):
            _ask(database)
        with _soon(), pytest.raises(DatabaseUnavailable, match="parou de responder"):
            _ask(database)
        assert [thread.name for thread in set(threading.enumerate()) - others] == ["banco-conexão"]
    eventually(_nobody_attaches)
    assert _ask(database) == (1,)


def test_an_attach_that_comes_too_late_is_closed_again(
    database: Database, target: Target, sleepy: PrivateServer
) -> None:
    with _frozen(sleepy, database), pytest.raises(DatabaseUnavailable):
        _ask(database)

    eventually(_nobody_attaches)
    witness = Database(target)
    eventually(lambda: witness.read(lambda session: session.row(_OURS)) == (0,))
    witness.close()
    assert database._attachment is None


def test_a_detach_gives_up_by_itself(database: Database, sleepy: PrivateServer) -> None:
    _ask(database)
    with _frozen(sleepy, database), _soon():
        database.close()


def test_a_slow_query_is_dropped_by_the_server_as_well(database: Database, target: Target) -> None:
    _ask(database)
    with _soon(), pytest.raises(DatabaseUnavailable, match="parou de responder"):
        database.read(lambda session: session.row(_ENDLESS), patience_s=_PATIENCE_S)

    witness = Database(target)
    eventually(lambda: witness.read(lambda session: session.row(_OURS)) == (0,))
    witness.close()


def test_a_long_read_may_be_given_more_patience(database: Database) -> None:
    fields = "SELECT FIRST 20 RDB$FIELD_NAME FROM RDB$FIELDS"
    slow = f"SELECT COUNT(*) FROM RDB$FIELDS A CROSS JOIN RDB$FIELDS B CROSS JOIN ({fields}) C"
    database.patience_s = 0.01

    with pytest.raises(DatabaseUnavailable):
        database.read(lambda session: session.row(slow))
    assert database.read(lambda session: session.row(slow), patience_s=100) is not None


def test_lost_attachments_leave_no_socket_behind(database: Database, sleepy: PrivateServer) -> None:
    _ask(database)
    before = _sockets()
    for _ in range(3):
        with _frozen(sleepy, database), pytest.raises(DatabaseUnavailable):
            _ask(database)
        _ask(database)
    assert len(_sockets() - before) == 1, "that of the attachment, and none of those that were lost"


def test_what_fails_inside_the_block_leaves_no_attachment_on_the_server(database: Database, target: Target) -> None:
    """An error of the system, taken for a lost connection, although the server is well."""

    def work(session: Session) -> None:
        session.row(_ONE)
        raise OSError

    with pytest.raises(DatabaseUnavailable):
        database.run(work)

    witness = Database(target)
    eventually(lambda: witness.read(lambda session: session.row(_OURS)) == (0,))
    witness.close()


_PROGRAM = """
import sys
from pathlib import Path
from integrator.domain.errors import DatabaseUnavailable
from integrator.erp.connection import Database, Target

port, path, password, client, when = sys.argv[1:]
connect_s, attach_s = (60, 60) if when == "attached" else (2, 1)
target = Target("127.0.0.1", int(port), path, "SYSDBA", password, Path(client), "", connect_s, attach_s)
database = Database(target)
if when == "attached":
    database.read(lambda session: session.row("SELECT 1 FROM RDB$DATABASE"))
print("go", flush=True)
sys.stdin.readline()
if when == "attaching":
    try:
        database.read(lambda session: session.row("SELECT 1 FROM RDB$DATABASE"))
    except DatabaseUnavailable as error:
        print("told", flush=True)
"""


@pytest.mark.parametrize("when", ["attached", "attaching"])
def test_a_program_ends_while_the_server_stands_still(target: Target, sleepy: PrivateServer, when: str) -> None:
    words = [str(target.port), target.path, target.password, str(sleepy.client_library), when]
    program = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, *words],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "go\n"
    sleepy.freeze()
    try:
        output, errors = program.communicate("\n", timeout=60)
    finally:
        sleepy.thaw()
        program.kill()

    assert (program.returncode, errors) == (0, "")
    assert output == ("told\n" if when == "attaching" else "")


class _Clock:
    """In the place of the module :mod:`time`, which goes on while a busy computer holds a call up."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


def test_the_watchdog_lets_calls_that_end_in_time_pass_and_barks_once_at_one_that_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = _Clock()
    monkeypatch.setattr("integrator.erp.watchdog.time", clock)
    barks, barked = count(), threading.Event()
    watchdog = Watchdog(lambda: barked.set() if next(barks) == 0 else None, 0.1)
    for _ in range(10):
        with watchdog:
            clock.now += 0.09
            time.sleep(0.02)
    assert not watchdog.fired

    with watchdog:
        clock.now += 1
        assert barked.wait(60)
        clock.now += 1
        time.sleep(0.3)
    watchdog.close()
    assert (next(barks), watchdog.fired) == (1, True)


def test_the_watchdog_hears_of_a_shorter_patience_while_it_sleeps() -> None:
    barked = threading.Event()
    watchdog = Watchdog(barked.set, 60)
    with watchdog:
        pass
    watchdog.patience_s = 0.1
    with watchdog:
        assert barked.wait(30)
    watchdog.close()


def _nobody_attaches() -> bool:
    return all(thread.name != "banco-conexão" for thread in threading.enumerate())


def _sockets() -> set[str]:
    """Those that this process has open; each has a number that no later one gets."""
    found = set()
    for link in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            found.add(str(link.readlink()))
    return {name for name in found if name.startswith("socket:")}


class _Thing:
    def __init__(self) -> None:
        self.closed = threading.Event()

    def close(self) -> None:
        self.closed.set()


def test_what_opens_while_somebody_waits_again_is_taken_and_what_opens_later_is_closed() -> None:
    go = threading.Event()
    things = [_Thing(), _Thing()]
    numbers = count()

    def open_() -> _Thing:
        go.wait(60)
        return things[next(numbers)]

    def let_go() -> None:
        eventually(lambda: taken._wanted)
        go.set()

    taken = Opening(open_)
    with pytest.raises(TimeoutError):
        taken.result(0.05)
    helper = threading.Thread(target=let_go)
    helper.start()
    assert taken.result(60) is things[0]
    helper.join()

    go.clear()
    late = Opening(open_)
    with pytest.raises(TimeoutError):
        late.result(0.05)
    go.set()
    assert things[1].closed.wait(60)
    assert not things[0].closed.is_set()
