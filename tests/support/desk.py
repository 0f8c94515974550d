"""The doctor's command as people run it, alone in an application of its own; also a module that can be started."""

from __future__ import annotations

import os
import sys
from dataclasses import replace

import typer

from integrator.cli.doctor import doctor
from integrator.cli.ending import WRONG_USAGE, ending, tell
from integrator.cli.main import options
from integrator.cli.portuguese import App, complaint
from integrator.support import checks

app = App(help="Integrador")
app.callback()(options)
app.command("doctor")(doctor)


def run(arguments: list[str]) -> int:
    """The exit code."""

    def work() -> int:
        try:
            code = typer.main.get_command(app).main(arguments, prog_name="integrator", standalone_mode=False)
        except typer.TyperException as error:
            return tell(complaint(error), WRONG_USAGE)
        return code if isinstance(code, int) else 0

    return ending(work)


def hurry(limit_s: float) -> None:
    """No check may take longer: tests do not wait for what a shop would."""
    checks.PER_DATABASE = tuple(replace(each, limit_s=min(limit_s, each.limit_s)) for each in checks.PER_DATABASE)


if __name__ == "__main__":
    hurry(float(os.environ.get("DOCTOR_LIMIT_S", "60")))
    sys.exit(run(sys.argv[1:]))
