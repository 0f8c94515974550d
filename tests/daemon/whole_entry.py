"""The program with a few things exchanged: ``python -m tests.daemon.whole_entry WORKERS ARGUMENTS…``.

``WORKERS`` is JSON: by the address of a fake server's proxy the command that starts a worker which trusts that server.
Rows may follow each other at once, and what a killed run left in doubt is settled after a second, not after 90.
Another start of the program and its windows wait for an answer for as long as a busy computer takes, and with
``TICK_VARIABLE`` the engine looks at the queue by itself so rarely that whoever sees it look knows that it was woken.
The desktop writes down what its icon and windows show now, ``action=shown``, so that nobody has to guess it.
Everything else is the program as a shop starts it.
"""

from __future__ import annotations

import inspect
import json
import logging
import os
import sys
from typing import Any

from integrator import app, daemon
from integrator.cli.entry import main as run
from integrator.desktop import local_engine, single_instance
from integrator.gateways.embedded import gateway
from integrator.gateways.embedded.gateway import EmbeddedGateway
from integrator.logs import log_event
from integrator.settings import sections

#: Seconds between two looks of the engine at the queue; absent: the product's own.
TICK_VARIABLE = "WHOLE_TICK_S"
_DOUBT_AGE_S = 1.0
_ANSWER_S = 30.0


def main(workers: str, arguments: list[str]) -> int:
    """The exit code of the program."""
    commands: dict[str, list[str]] = json.loads(workers)

    class TrustingGateway(EmbeddedGateway):
        """Starts the worker that trusts the server behind its proxy."""

        def __init__(self, *place: Any, **named: Any) -> None:
            super().__init__(*place, **named, command=commands[named["proxy"]])

    setattr(gateway, EmbeddedGateway.__name__, TrustingGateway)
    _replace(sections, "_SAFE_GAP_S", 0)
    _replace(single_instance, "_PATIENCE_S", _ANSWER_S)
    _replace(local_engine, "_LOOK_S", _ANSWER_S)
    _replace(daemon, "TICK_S", float(os.environ.get(TICK_VARIABLE, app.TICK_S)))
    inspect.unwrap(app.build).__kwdefaults__["doubt_age_s"] = _DOUBT_AGE_S
    if not {"--headless", "--service"} & {*arguments}:
        _write_down_what_is_shown()
    sys.argv = ["integrator", *arguments]
    return run()


def _write_down_what_is_shown() -> None:
    from integrator.desktop.app import Desktop

    show, shown = Desktop._show, [""]

    def showing(desktop: Desktop) -> None:
        show(desktop)
        now = desktop._shown[0].sign.name.lower() if desktop._shown else ""
        if now != shown[0]:
            shown[0] = now
            log_event(logging.getLogger("integrator.shown"), "shown", sign=now)

    _replace(Desktop, "_show", showing)


def _replace(owner: Any, name: str, value: object) -> None:
    getattr(owner, name)  # a name that the product no longer has must not pass unnoticed
    setattr(owner, name, value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
