"""Firebird without a server: its files are found, and what loading them takes is complete."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools import firebird_embedded

pytestmark = pytest.mark.skipif(not firebird_embedded.available(), reason="the wheels are for Linux on x86-64")

_LOAD = "import sys, fdb; fdb.load_api(sys.argv[1]); print(fdb.create_database(dsn=sys.argv[2], user='SYSDBA').version)"


@pytest.mark.parametrize("major", firebird_embedded.MAJORS)
def test_a_process_with_its_environment_makes_a_database(major: int, tmp_path: Path) -> None:
    firebird = firebird_embedded.ensure(major)
    arguments = [str(firebird.client_library), str(tmp_path / "a.fdb")]

    done = subprocess.run(
        [sys.executable, "-c", _LOAD, *arguments],
        env=firebird.environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.stdout.startswith(f"{major}."), done.stderr[-1000:]


def test_a_version_that_no_wheel_brings_is_refused() -> None:
    with pytest.raises(ValueError, match="no embedded Firebird 2"):
        firebird_embedded.ensure(2)
