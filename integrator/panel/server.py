"""uvicorn in a thread of the daemon: begun once, stopped in under two seconds whatever pages are open."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import sys
import threading
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from integrator.domain.errors import IntegratorError

log = logging.getLogger(__name__)

_LOOPBACK: Final = "127.0.0.1"
_START_S: Final = 10.0
_STOP_S: Final = 2.0
#: Live streams, their pages, and some more: beyond it the answer is "busy" instead of a daemon without memory.
_MOST_CONNECTIONS: Final = 600
_KEEP_ALIVE_S: Final = 20
_NOT_STARTED: Final = (
    "O painel não iniciou. Se ele abre para a rede da loja, confira os arquivos em [painel] certificado e "
    "chave_do_certificado. As mensagens continuam saindo."
)


class PanelServerError(IntegratorError):
    """The panel's port cannot be used. Messages are sent all the same."""

    title = "Painel indisponível"


class PortTaken(PanelServerError):
    """Another program listens there, or one that has just ended did: it may become free."""


class _Server(uvicorn.Server):
    """Without the ten looks a second at the clock: who waits for nothing costs nothing."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._leave: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def main_loop(self) -> None:
        self._loop, self._leave = asyncio.get_running_loop(), asyncio.Event()
        self.ready.set()
        if not self.should_exit:
            await self._leave.wait()

    def leave(self) -> None:
        """End the main loop. May be called from any thread."""
        self.should_exit = True
        loop, leave = self._loop, self._leave
        if loop is not None and leave is not None and not loop.is_closed():
            with contextlib.suppress(RuntimeError):  # it ended between the question and the call
                loop.call_soon_threadsafe(leave.set)


class PanelServer:
    """Listens from construction to :meth:`stop`. ``port`` 0 takes any free one.

    ``certificate``: the PEM files of a chain and of its key, to serve by TLS alone.

    Raises :class:`PortTaken`, and :class:`PanelServerError` when the certificate or the server cannot be used.
    """

    def __init__(
        self, app: ASGIApp, *, port: int, everywhere: bool = False, certificate: tuple[str, str] | None = None
    ) -> None:
        self._socket = _listen("" if everywhere else _LOOPBACK, port)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            http="h11",
            ws="none",
            loop="asyncio",
            lifespan="off",
            proxy_headers=False,  # nobody stands between: an address in a header is a lie
            limit_concurrency=_MOST_CONNECTIONS,
            timeout_keep_alive=_KEEP_ALIVE_S,
            timeout_graceful_shutdown=1,
            ssl_certfile=certificate[0] if certificate else None,
            ssl_keyfile=certificate[1] if certificate else None,
        )
        self._failure: Exception | None = None
        try:
            config.load()  # here, where a bad certificate can be told
            self._server = _Server(config)
            self._thread = threading.Thread(target=self._run, name="painel", daemon=True)
            self._thread.start()
            if not self._server.ready.wait(_START_S) or self._failure is not None:
                raise OSError(f"did not start in {_START_S} s: {self._failure!r}")
        except (OSError, ValueError) as error:
            self._socket.close()
            raise PanelServerError(_NOT_STARTED, detail=repr(error)) from error

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    def stop(self) -> None:
        """Stop listening; open pages are let go. Nothing happens the second time. From any thread but its own."""
        self._server.leave()
        self._thread.join(_STOP_S)
        self._socket.close()

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._socket])
        except Exception as error:
            # The top of a thread: before it serves, whoever waits for it is told; later, the log.
            self._failure = error
            log.exception("action=defect")
        finally:
            self._server.ready.set()


def is_free(port: int, *, everywhere: bool) -> bool:
    """Whether a server could listen there now."""
    try:
        _listen("" if everywhere else _LOOPBACK, port).close()
    except PortTaken:
        return False
    return True


def _listen(host: str, port: int) -> socket.socket:
    # With the protocol named, asyncio switches Nagle's algorithm off: with it, each answer takes 40 ms more.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform == "win32":  # there, "reuse" would let another program take the port from us
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise PortTaken(
            f"O painel não pôde abrir a porta {port}: outro programa a usa. Escolha outra em [painel] porta. As "
            "mensagens continuam saindo.",
            detail=repr(error),
        ) from error
    return listener
