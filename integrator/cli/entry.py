"""The program's entrance: what lives long goes a light way, every other command through Typer."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from integrator.cli.context import Choice, choose
from integrator.cli.ending import ending
from integrator.program import is_windowed

_CHOICES: Final = ("--config", "--dados")
Way = Callable[[Choice], int]


def main() -> int:
    """Run what the process' arguments say; the exit code."""
    way = light_way(sys.argv[1:], windowed=is_windowed())
    if way is not None:
        return ending(way)
    from integrator.cli.main import main as run_command

    return run_command()


def light_way(arguments: Sequence[str], *, windowed: bool = False) -> Callable[[], int] | None:
    """What ``[--config X] [--dados X]`` and one of the ways runs; None for every other command.

    ``windowed``: this is the program without a console, whose plain start opens the desktop.
    """
    left, given = list(arguments), dict[str, Path]()
    while left and left[0].partition("=")[0] in _CHOICES:
        name, equals, value = left.pop(0).partition("=")
        if name in given or not (equals or left):
            return None
        given[name] = Path(value if equals else left.pop(0))
    if left[:1] == ["--selftest"]:
        return lambda: _selftest(left[1:])
    way = _WAYS.get(tuple(left)) or (_WINDOWED.get(tuple(left)) if windowed else None)
    if way is None:
        return None
    chosen = choose(given.get("--config"), given.get("--dados"))
    return lambda: way(chosen)


def _selftest(arguments: Sequence[str]) -> int:
    from integrator.selftest import main as selftest

    return selftest(arguments)


def _headless(choice: Choice) -> int:
    from integrator.cli.daemon import serve

    return serve(choice)


def _service(choice: Choice) -> int:
    from integrator.cli.daemon import serve_always

    return serve_always(choice)


def _desktop(choice: Choice) -> int:
    from integrator.cli.desktop import open_desktop

    return open_desktop(choice)


def _quiet_desktop(choice: Choice) -> int:
    from integrator.cli.desktop import open_desktop

    return open_desktop(choice, quiet=True)


def _quit(choice: Choice) -> int:
    from integrator.cli.desktop import quit_all

    return quit_all(choice)


_WAYS: Final[dict[tuple[str, ...], Way]] = {
    ("run", "--headless"): _headless,
    ("run", "--service"): _service,
    ("run",): _desktop,
    ("run", "--autostart"): _quiet_desktop,
    ("--autostart",): _quiet_desktop,
    ("--quit",): _quit,
}
_WINDOWED: Final[dict[tuple[str, ...], Way]] = {(): _desktop}
