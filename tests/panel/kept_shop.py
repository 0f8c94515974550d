"""The sample shop after its closing, made once for all the processes of a test run: making it takes seconds of each."""

from __future__ import annotations

import os
import pickle
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import pytest

from integrator.demo.sample_erp import build
from integrator.demo.sample_erp.build import SampleErp
from integrator.erp.connection import Target
from tests.demo.conftest import target_of
from tests.demo.sample_erp_probe import TODAY
from tools.firebird_server import PrivateServer


@dataclass(frozen=True, slots=True)
class KeptShop:
    """``database`` is a file to copy to one's own server; ``erp`` has no target."""

    database: Path
    erp: SampleErp


def kept_shop(server: PrivateServer, folders: pytest.TempPathFactory) -> KeptShop:
    """The first to ask makes it on its server; the others wait for that."""
    import fcntl  # Windows, which has none, skips before: there is no server

    folder = _folder_of_the_run(folders) / "panel-shop"
    folder.mkdir(exist_ok=True)
    database, known = folder / "shop.fdb", folder / "shop.pickle"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not known.exists():
            known.write_bytes(pickle.dumps(_make(server, database, folder / "arquivos")))
    return KeptShop(database, cast("SampleErp", pickle.loads(known.read_bytes())))


def _make(server: PrivateServer, database: Path, files: Path) -> SampleErp:
    path = server.create_database("panel-shop-made.fdb")
    erp = build.build_sample_erp(target_of(server, path), files, TODAY)
    build.run_closing(erp, TODAY)
    path.rename(database)
    # Each process has a server of its own, with a password of its own.
    return replace(erp, target=cast("Target", None))


def _folder_of_the_run(folders: pytest.TempPathFactory) -> Path:
    own = folders.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
