"""The benchmarks' own databases on the session's server, made once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tools.bench.place import Place, prepare
from tools.firebird_server import PrivateServer


@pytest.fixture(scope="session")
def place(firebird_server: PrivateServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INTEGRATOR_SENHA", firebird_server.password)
        yield prepare(firebird_server, tmp_path_factory.mktemp("bench"))
