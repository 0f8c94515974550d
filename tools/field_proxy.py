"""A wire between the daemon and the server that can be cut: every connection at once, in the middle of an answer."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from types import TracebackType
from typing import Self

from tools.firebird_server import free_port

_CHUNK = 4096
_RESET = struct.pack("ii", 1, 0)  # linger for no time: the other side sees a reset, as of a cable or a router that died


class Proxy:
    """Forwards 127.0.0.1:``port`` to another port. A context manager."""

    def __init__(self, upstream: int) -> None:
        self._upstream = upstream
        self._lock = threading.Lock()
        self._wires: set[_Wire] = set()
        self._listener: socket.socket | None = None
        self._left: int | None = None
        self.port = 0
        self.cuts = 0

    def open(self) -> None:
        """Listen; the first call chooses the port, later ones keep it."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.port = self.port or free_port()
        listener.bind(("127.0.0.1", self.port))
        listener.listen()
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def close(self) -> None:
        """Refuse new connections and cut the others, as a server that is down."""
        listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self._cut()

    def cut_after(self, answer_bytes: int) -> None:
        """Cut everything when so many bytes of the server's answers have passed from now on."""
        with self._lock:
            self._left = answer_bytes

    def passed(self, count: int) -> None:
        """The server answered ``count`` bytes: is it time?"""
        with self._lock:
            if self._left is None:
                return
            self._left -= count
            if self._left > 0:
                return
            self._left = None
            self.cuts += 1
        self._cut()

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._upstream), timeout=5)
            except OSError:
                _reset(client)
                continue
            server.settimeout(None)
            wire = _Wire(self, client, server)
            with self._lock:
                self._wires = {known for known in self._wires if not known.ended} | {wire}
            wire.start()

    def _cut(self) -> None:
        with self._lock:
            wires, self._wires = self._wires, set()
        for wire in wires:
            wire.end()


class _Wire:
    """One connection: a thread for each direction."""

    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy = proxy
        self._client = client
        self._server = server
        self.ended = False

    def start(self) -> None:
        for source, target, is_answer in ((self._client, self._server, False), (self._server, self._client, True)):
            threading.Thread(target=self._carry, args=(source, target, is_answer), daemon=True).start()

    def end(self) -> None:
        self.ended = True
        _reset(self._client)
        _reset(self._server)

    def _carry(self, source: socket.socket, target: socket.socket, is_answer: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(_CHUNK):
                if is_answer:
                    self._proxy.passed(len(data))
                target.sendall(data)
        self.end()


def _reset(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        connection.shutdown(socket.SHUT_RD)  # wakes the thread that reads; a close alone would not
    connection.close()
