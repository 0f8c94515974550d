"""``python -m integrator.gateways.simulator``: the simulator's process."""

from __future__ import annotations

import sys

from integrator.gateways.simulator.server import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
