"""The worker of the embedded engine, made to trust the fake server: ``python -m tests.fake_whatsapp.worker_entry``.

``SSL_CERT_FILE`` must already be in the process's environment (``FakeWhatsApp.environment``): Go copies the
environment when the process starts.
"""

from __future__ import annotations

import ctypes
import os
import sys


def main(arguments: list[str]) -> int:
    """``--anchor HEX``."""
    if not os.environ.get("SSL_CERT_FILE"):
        raise SystemExit("SSL_CERT_FILE is missing: start this with FakeWhatsApp.environment()")
    if arguments[:1] != ["--anchor"]:
        raise SystemExit("usage: worker_entry --anchor HEX ")
    from integrator.gateways.embedded import native, worker
    from tests.fake_whatsapp.trust import trust

    library = ctypes.CDLL(str(native.library_folder() / native.library_name()))
    trust(library, bytes.fromhex(arguments[1]))
    return worker.main()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
