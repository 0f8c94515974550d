"""A program without some of its files says so; a traceback would help nobody."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("library", ["fdb", "typer", "pydantic_settings"])
@pytest.mark.parametrize("command", [["doctor"], ["run", "--headless"]], ids=" ".join)
def test_a_library_that_was_quarantined_is_named(library: str, command: list[str]) -> None:
    if (library, command) == ("typer", ["run", "--headless"]):
        pytest.skip("the daemon goes without it")
    code = (
        f"import sys; sys.modules['{library}'] = None; sys.argv[1:] = {command!r}; "
        "from integrator.__main__ import main; sys.exit(main())"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, encoding="utf-8")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Faltam arquivos do programa ({library}")
    assert "antivírus" in done.stderr
