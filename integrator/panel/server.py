"""uvicorn in a thread of the daemon: begun once, stopped in under two seconds whatever pages are open."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from integrator.domain.errors import IntegratorError

_LOOPBACK: Final = "127.0.0.1"
_START_S: Final = 10.0
_STOP_S: Final = 2.0


class PanelServerError(IntegratorError):
    """The panel's port cannot be used. Messages are sent all the same."""

    title = "Painel indisponível"


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
        if self._loop is not None and self._leave is not None:
            self._loop.call_soon_threadsafe(self._leave.set)


class PanelServer:
    """Listens from construction to :meth:`stop`. ``port`` 0 takes any free one.

    Raises :class:`PanelServerError` when the port is taken.
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
            timeout_graceful_shutdown=1,
            ssl_certfile=certificate[0] if certificate else None,
            ssl_keyfile=certificate[1] if certificate else None,
        )
        self._server = _Server(config)
        self._thread = threading.Thread(target=self._run, name="painel", daemon=True)
        self._thread.start()
        self._server.ready.wait(_START_S)

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    def stop(self) -> None:
        """Stop listening; open pages are let go."""
        self._server.leave()
        self._thread.join(_STOP_S)
        self._socket.close()

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise PanelServerError(
            f"O painel não pôde abrir a porta {port}: outro programa a usa. Escolha outra em [painel] porta. As "
            "mensagens continuam saindo.",
            detail=repr(error),
        ) from error
    return listener
