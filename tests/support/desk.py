"""The program with a doctor who does not wait for a frozen server as long as a shop would, to be started as a process.

Everything else has all the time that a busy computer may need.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace

from integrator.cli.main import main
from integrator.support import checks

_PATIENCE_S = 60.0


def hurry(limit_s: float) -> None:
    """The attachment to a database may take no longer."""
    checks.GENERAL = tuple(replace(each, limit_s=_PATIENCE_S) for each in checks.GENERAL)
    checks.PER_DATABASE = tuple(
        replace(each, limit_s=limit_s if each.id == "conexao" else _PATIENCE_S) for each in checks.PER_DATABASE
    )


if __name__ == "__main__":
    hurry(float(os.environ["DOCTOR_LIMIT_S"]))
    sys.exit(main(sys.argv[1:]))
