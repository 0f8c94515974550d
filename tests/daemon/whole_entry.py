"""The program with three things exchanged: ``python -m tests.daemon.whole_entry WORKERS ARGUMENTS…``.

``WORKERS`` is JSON: by the address of a fake server's proxy the command that starts a worker which trusts that server.
Rows may follow each other at once, and what a killed run left in doubt is settled after a second, not after 90.
Everything else is the program as a shop starts it.
"""

from __future__ import annotations

import inspect
import json
import sys
from typing import Any

from integrator import app
from integrator.cli.entry import main as run
from integrator.gateways.embedded import gateway
from integrator.gateways.embedded.gateway import EmbeddedGateway
from integrator.settings import sections

_DOUBT_AGE_S = 1.0


def main(workers: str, arguments: list[str]) -> int:
    """The exit code of the program."""
    commands: dict[str, list[str]] = json.loads(workers)

    class TrustingGateway(EmbeddedGateway):
        """Starts the worker that trusts the server behind its proxy."""

        def __init__(self, *place: Any, **named: Any) -> None:
            super().__init__(*place, **named, command=commands[named["proxy"]])

    setattr(gateway, EmbeddedGateway.__name__, TrustingGateway)
    setattr(sections, "_SAFE_GAP_S", 0)  # noqa: B010
    inspect.unwrap(app.build).__kwdefaults__["doubt_age_s"] = _DOUBT_AGE_S
    sys.argv = ["integrator", *arguments]
    return run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
