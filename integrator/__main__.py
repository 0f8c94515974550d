"""``python -m integrator`` and the entry point of the packaged program."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the program; 1 with a sentence where files of it are missing, as after an antivirus' quarantine."""
    try:
        from integrator.cli.entry import main as run

        return run()
    except ImportError as error:
        print(
            f"Faltam arquivos do programa ({error.name}). O antivírus pode tê-los tirado: libere a pasta do Integrador "
            "nele e instale o programa de novo. Nada do que está na fila se perde.",
            file=sys.stderr,
        )
        return 1


if __name__ == "__main__":
    sys.exit(main())
