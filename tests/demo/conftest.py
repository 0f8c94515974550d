"""A sample ERP built and closed once, and copies of it for the tests that change it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from integrator.demo.sample_erp import build
from integrator.demo.sample_erp.build import SampleErp
from integrator.erp.connection import Target
from tests.demo.sample_erp_probe import TODAY
from tools.firebird_server import PrivateServer


def target_of(server: PrivateServer, path: Path) -> Target:
    """How to reach a database of the tests' server."""
    return Target(server.host, server.port, str(path), server.user, server.password, server.client_library)


@pytest.fixture(scope="session")
def erp_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("erp")


@pytest.fixture(scope="session")
def closed(firebird_server: PrivateServer, erp_files: Path) -> SampleErp:
    """Only to be read."""
    path = firebird_server.create_database("sample-erp.fdb")
    erp = build.build_sample_erp(target_of(firebird_server, path), erp_files, TODAY)
    build.run_closing(erp, TODAY)
    return erp


@pytest.fixture
def closed_copy(firebird_server: PrivateServer, closed: SampleErp) -> Iterator[SampleErp]:
    path = firebird_server.copy_database(closed.target.path, "sample-erp-copy.fdb")
    yield replace(closed, target=target_of(firebird_server, path))
    path.unlink()
