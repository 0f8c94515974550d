"""What all tests share: the private Firebird server, databases made by copy, and the check of feature ids."""

import gc
import itertools
import logging
import os
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fdb
import hypothesis
import pytest

from integrator.logs import close_logging
from tools import features, firebird_packages
from tools.firebird_server import PrivateServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FreshDatabase = Callable[..., Path]

# The same examples on every run, and no limit of time for one of them, which a busy computer would exceed. New ones are
# looked for with `python3 dev.py test --hypothesis-profile=default …`.
hypothesis.settings.load_profile("ci")

#: Few tests, which wait for whole programs: begun last, they would be waited for with nothing else left to do.
_LONGEST = ("tests/daemon/", "tests/installer/", "tests/engine/", "tests/field/", "tests/windows/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest come first; a test may only claim to prove what the mission table has."""
    items.sort(key=lambda item: not item.nodeid.startswith(_LONGEST))
    known = {feature.id for feature in features.load()}
    for item in items:
        for mark in item.iter_markers("feature"):
            unknown = sorted(set(mark.args) - known)
            if unknown or not mark.args:
                raise pytest.UsageError(f"{item.nodeid}: not in docs/features.toml: {unknown or 'no id at all'}")


def pytest_collection_finish() -> None:
    """The thousands of tests and the modules stay to the end: whoever collects garbage need not look at them again."""
    gc.collect()
    gc.freeze()


def pytest_runtest_logfinish(nodeid: str) -> None:
    """What a window's test left is collected here, on Tk's own thread, and not in a later test on another."""
    if nodeid.startswith("tests/desktop/"):
        gc.collect()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, None]:
    """What a test logged may be text that no encoding has; reports travel between processes as UTF-8."""
    outcome = yield
    report = outcome.get_result()
    report.sections = [(name, text.encode("utf-8", "backslashreplace").decode()) for name, text in report.sections]


@pytest.fixture(autouse=True)
def _process_as_found() -> Iterator[None]:
    """What a test changed in its process is put back: any other may be the next."""
    raises, root = logging.raiseExceptions, logging.getLogger()
    handlers, levels = list(root.handlers), {each: each.level for each in _loggers()}
    folder, environment = Path.cwd(), dict(os.environ)
    yield
    close_logging()
    logging.raiseExceptions, root.handlers[:] = raises, handlers
    for logger in _loggers():
        if logger.level != (before := levels.get(logger, logging.NOTSET)):
            logger.setLevel(before)
    os.chdir(folder)
    if os.environ != environment:
        os.environ.clear()
        os.environ.update(environment)


def _loggers() -> list[logging.Logger]:
    root = logging.getLogger()
    return [root, *(each for each in root.manager.loggerDict.values() if isinstance(each, logging.Logger))]


@pytest.fixture(scope="session")
def firebird_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateServer]:
    """One server on the loopback for the whole session; fdb is loaded with its client library."""
    if sys.platform == "win32":
        pytest.skip("a server over TCP needs the packages of a Linux distribution")
    firebird = firebird_packages.ensure()
    firebird.prepare_process()
    fdb.load_api(str(firebird.client_library))
    with PrivateServer(tmp_path_factory.mktemp("firebird"), firebird) as server:
        yield server


@pytest.fixture(scope="session")
def _templates() -> dict[tuple[str, int], Path]:
    """One empty database per charset and dialect, made when first asked for."""
    return {}


@pytest.fixture
def fresh_database(firebird_server: PrivateServer, _templates: dict[tuple[str, int], Path]) -> Iterator[FreshDatabase]:
    """`fresh_database(charset="NONE", dialect=3)` answers the path of an empty database of the test's own.

    Connect with `firebird_server.dsn(path)`. The file is removed after the test.
    """
    made: list[Path] = []

    def make(charset: str = "NONE", dialect: int = 3) -> Path:
        if (charset, dialect) not in _templates:
            name = f"template-{charset.lower()}-{dialect}.fdb"
            _templates[charset, dialect] = firebird_server.create_database(name, charset, dialect)
        made.append(firebird_server.copy_database(_templates[charset, dialect], f"test-{next(_numbers)}.fdb"))
        return made[-1]

    yield make
    for path in made:
        path.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """The system's Chromium, headless, one for the session; tests open contexts in it."""
    from tests.panel.browser import launched

    with launched() as running:
        yield running


_numbers = itertools.count(1)
