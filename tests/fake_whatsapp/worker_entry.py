"""The worker of the embedded engine, made to trust the fake server: ``python -m tests.fake_whatsapp.worker_entry``.

``SSL_CERT_FILE`` must already be in the process's environment (``FakeWhatsApp.environment``): Go copies the
environment when the process starts.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path
from typing import NoReturn


def main(arguments: list[str]) -> NoReturn:
    """``ANCHOR`` (hex) ``PIDFILE``, which is overwritten."""
    if not os.environ.get("SSL_CERT_FILE"):
        raise SystemExit("SSL_CERT_FILE is missing: start this with FakeWhatsApp.environment()")
    anchor, pid_file = arguments
    fresh = Path(f"{pid_file}.{os.getpid()}")
    fresh.write_text(str(os.getpid()), encoding="ascii")
    fresh.replace(pid_file)
    from integrator.gateways.embedded import native, worker
    from tests.fake_whatsapp.trust import trust

    library = ctypes.CDLL(str(native.library_folder() / native.library_name()))
    trust(library, bytes.fromhex(anchor))
    worker.main()


if __name__ == "__main__":
    main(sys.argv[1:])
