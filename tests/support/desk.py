"""The program with a doctor in a hurry, to be started as a process: tests do not wait for what a shop would."""

from __future__ import annotations

import os
import sys
from dataclasses import replace

from integrator.cli.main import main
from integrator.support import checks


def hurry(limit_s: float) -> None:
    """No check of a database may take longer."""
    checks.PER_DATABASE = tuple(replace(each, limit_s=min(limit_s, each.limit_s)) for each in checks.PER_DATABASE)


if __name__ == "__main__":
    hurry(float(os.environ["DOCTOR_LIMIT_S"]))
    sys.exit(main(sys.argv[1:]))
