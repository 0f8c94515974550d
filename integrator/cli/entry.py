"""The program's entrance: the daemon goes a light way, every other command through Typer."""

from __future__ import annotations

import sys

from integrator.cli.daemon import plain_run, serve
from integrator.cli.ending import ending


def main() -> int:
    """Run what the process' arguments say; the exit code."""
    choice = plain_run(sys.argv[1:])
    if choice is not None:
        return ending(lambda: serve(choice))
    from integrator.cli.main import main as run_command

    return run_command()
