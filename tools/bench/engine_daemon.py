"""The product's own program, whose embedded engine starts the worker that trusts the fake server.

``python -m tools.bench.engine_daemon WORKER ARGUMENTS…``: ``WORKER`` is the worker's command as JSON, all the rest what
``python -m integrator`` is given. The command is all that differs.
"""

from __future__ import annotations

import json
import sys

from integrator.gateways.embedded import child


def main() -> int:
    """As ``integrator`` ends."""
    from integrator.__main__ import main as run

    name, worker, *arguments = sys.argv
    command = [str(word) for word in json.loads(worker)]
    child.program = lambda: command  # before the engine is loaded, which takes it from there
    sys.argv = [name, *arguments]
    return run()


if __name__ == "__main__":
    sys.exit(main())
