"""Which command lines go the daemon's light way, and that it is light."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from integrator.cli.context import Choice
from integrator.cli.daemon import plain_run


@pytest.mark.parametrize(
    ("typed", "choice"),
    [
        (["run", "--headless"], Choice(None, None)),
        (["--config", "a b.toml", "run", "--headless"], Choice(Path("a b.toml"), None)),
        (["--dados=d", "--config=c", "run", "--headless"], Choice(Path("c"), Path("d"))),
    ],
)
def test_a_plain_run_is_recognised(typed: list[str], choice: Choice) -> None:
    assert plain_run(typed) == choice


@pytest.mark.parametrize(
    "typed",
    [
        [],
        ["run"],
        ["run", "--headless", "--help"],
        ["--config", "run", "--headless"],
        ["--config", "a", "--config", "b", "run", "--headless"],
        ["--verbose", "run", "--headless"],
        ["queue", "run", "--headless"],
    ],
)
def test_anything_else_is_left_to_the_command_line(typed: list[str]) -> None:
    assert plain_run(typed) is None


def test_the_light_way_imports_no_command_line() -> None:
    code = (
        "import sys, integrator.cli.entry, integrator.daemon; print({'typer', 'rich', 'holidays'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"
