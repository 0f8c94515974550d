"""The bare loop on the embedded engine's library: what any program that sends with it would hold and take.

``python -m tools.bench.engine_bare FOLDER PROXY ANCHOR`` loads the library through the product's ``native.py`` and sits
connected, with the session in ``FOLDER``: no journal, no gate, no pipe between. Each line of its input is an
:class:`Errand`, answered by the milliseconds of each message. It ends with its input.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any

from integrator.gateways.embedded.native import Ears, Native, library_folder, library_name
from tests.fake_whatsapp.trust import trust

CODE, CONNECTED, TOOK, FAILED = "code", "connected", "took", "failed"
_CONNECTED_EVENT = 3
_EVENTS = bytes((_CONNECTED_EVENT,))


@dataclass(frozen=True, slots=True)
class Errand:
    """A text to each of these numbers (E.164 digits), or with ``size`` a file of so many bytes."""

    to: list[str]
    text: str
    size: int = 0


def tell(kind: str, what: object = None) -> None:
    """One line for the bench."""
    print(json.dumps([kind, what]), flush=True)


def main(arguments: list[str]) -> None:
    """Connect, and obey until the input ends. ``os._exit``: threads of the library would keep the process alive."""
    folder, proxy, anchor = arguments
    os.chdir(folder)
    library = ctypes.CDLL(str(library_folder() / library_name()))
    trust(library, bytes.fromhex(anchor))
    native = Native()
    threading.Thread(target=_listen, args=(native, proxy), daemon=True).start()
    for line in sys.stdin:
        errand = Errand(**json.loads(line))
        content = os.urandom(errand.size)
        tell(TOOK, [_milliseconds(native, to, errand.text, content) for to in errand.to])
    os._exit(0)


def _listen(native: Native, proxy: str) -> None:
    ears = Ears(lambda code: tell(CODE, code), _ignore, lambda code, _data: _connected(code), _ignore)
    tell(FAILED, native.run("sessao.db", proxy, _EVENTS, ears))
    os._exit(1)


def _connected(code: int) -> None:
    if code == _CONNECTED_EVENT:
        tell(CONNECTED)


def _ignore(_text: object) -> None:
    """Nobody asks what the library says besides."""


def _milliseconds(native: Native, to: str, text: str, content: bytes) -> float:
    """Of one message. The number is asked about first, untimed, as the product does."""
    native.on_whatsapp(f"+{to}")
    begun = time.perf_counter()
    message = _file(native, text, content) if content else native.e2e.Message(conversation=text)
    native.send(native.jid(to), message)
    return (time.perf_counter() - begun) * 1000


def _file(native: Native, caption: str, content: bytes) -> Any:
    stored = native.upload(content)
    document = native.e2e.DocumentMessage(
        URL=stored.url,
        directPath=stored.DirectPath,
        mediaKey=stored.MediaKey,
        fileEncSHA256=stored.FileEncSHA256,
        fileSHA256=stored.FileSHA256,
        fileLength=stored.FileLength,
        mimetype="application/pdf",
        fileName="boleto.pdf",
        title="boleto.pdf",
        caption=caption,
    )
    return native.e2e.Message(documentMessage=document)


if __name__ == "__main__":
    main(sys.argv[1:])
