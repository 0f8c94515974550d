"""A panel per test on a copy of the sample shop, and a real browser for the tests that need one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from integrator.demo.sample_erp.build import SampleErp
from tests.demo.conftest import target_of
from tests.panel.kept_shop import kept_shop
from tests.panel.site import Site, all_closed, close_site, open_site
from tools.firebird_server import PrivateServer

_numbers = count(1)


@pytest.fixture(scope="session", autouse=True)
def nothing_left_open() -> Iterator[None]:
    """Sites close behind the backs of the tests; the session ends after the last of them."""
    yield
    all_closed()


@pytest.fixture(scope="session")
def closed_shop(firebird_server: PrivateServer, tmp_path_factory: pytest.TempPathFactory) -> SampleErp:
    """The sample shop after its closing, with the day's messages of the other modules: only to be copied."""
    made = kept_shop(firebird_server, tmp_path_factory)
    path = firebird_server.path("panel-shop.fdb")
    shutil.copyfile(made.database, path)
    return replace(made.erp, target=target_of(firebird_server, path))


@pytest.fixture
def shop(firebird_server: PrivateServer, closed_shop: SampleErp) -> Iterator[SampleErp]:
    """A copy of the test's own."""
    path = firebird_server.copy_database(closed_shop.target.path, f"panel-{next(_numbers)}.fdb")
    yield replace(closed_shop, target=target_of(firebird_server, path))
    path.unlink(missing_ok=True)


@pytest.fixture
def site(
    shop: SampleErp, firebird_server: PrivateServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Site]:
    """A running panel; its folder has a space and an accent in it."""
    monkeypatch.setenv("INTEGRATOR_SENHA", firebird_server.password)
    running = open_site(shop, tmp_path / "dados da loja é")
    yield running
    close_site(running)
