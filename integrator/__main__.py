"""``python -m integrator``."""

import sys

from integrator.cli.entry import main

if __name__ == "__main__":
    sys.exit(main())
