"""``python -m integrator`` and the entry point of the packaged program."""

from __future__ import annotations

import sys
from typing import Final

#: Makes this process the one that tries a database's connection for a window.
TRIAL: Final = "--connection-trial"
#: Makes this process the embedded WhatsApp engine's worker: nothing else of the program is loaded.
WORKER: Final = "--wa-worker"


def main() -> int:
    """Run the program; 1 with a sentence where files of it are missing, as after an antivirus' quarantine."""
    try:
        if sys.argv[1:] == [WORKER]:
            from integrator.gateways.embedded.worker import main as work

            work()
        if sys.argv[1:] == [TRIAL]:
            from integrator.desktop.connection.trial_child import main as try_out

            try_out()
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
