"""Which command lines go the daemon's light way, and that it is light."""

from __future__ import annotations

import subprocess
import sys

import pytest

from integrator.cli.entry import light_way


@pytest.mark.parametrize(
    "typed",
    [
        ["run"],
        ["run", "--headless"],
        ["run", "--service"],
        ["--config", "a b.toml", "run", "--autostart"],
        ["--dados=d", "--config=c", "--quit"],
        ["--selftest", "resultado.json"],
    ],
)
def test_what_lives_long_goes_the_light_way(typed: list[str]) -> None:
    assert light_way(typed) is not None


@pytest.mark.parametrize(
    "typed",
    [
        [],
        ["run", "--headless", "--help"],
        ["--config", "run", "--headless"],
        ["--config", "a", "--config", "b", "run", "--headless"],
        ["--verbose", "run", "--headless"],
        ["queue", "run", "--headless"],
    ],
)
def test_anything_else_is_left_to_the_command_line(typed: list[str]) -> None:
    assert light_way(typed) is None


def test_the_program_without_a_console_opens_the_desktop() -> None:
    assert light_way([], windowed=True) is not None


def test_the_light_way_imports_no_command_line() -> None:
    code = (
        "import sys, integrator.cli.entry, integrator.daemon; print({'typer', 'rich', 'holidays'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"
