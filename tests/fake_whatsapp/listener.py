"""The fake server's thread: it listens, takes each client where it wants to go, and does what the test asks."""

from __future__ import annotations

import asyncio
import concurrent.futures
import ssl
import threading
from collections.abc import Callable
from typing import TypeVar

from tests.fake_whatsapp.connection import Connection
from tests.fake_whatsapp.exchange import Exchange
from tests.fake_whatsapp.noise import ServerIdentity
from tests.fake_whatsapp.transport import GONE, Request, WebSocket, answer, take_upload, through_proxy

_START_S = 30.0
_CONTROL_S = 30.0
_BUFFER = 1 << 22
Result = TypeVar("Result")


class Listener:
    """Listens on the loopback from :meth:`start` to :meth:`stop`. ``connections`` counts chats that were opened."""

    def __init__(self, exchange: Exchange, identity: ServerIdentity, context: ssl.SSLContext) -> None:
        self._exchange = exchange
        self._identity = identity
        self._context = context
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._over = asyncio.Event()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._run, name="fake-whatsapp", daemon=True)
        self.port = 0
        self.connections = 0
        self.problems: list[str] = []

    def start(self) -> None:
        self._thread.start()
        if not self._ready.wait(_START_S):
            raise RuntimeError("the fake server did not start")

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(_CONTROL_S)

    def do(self, action: Callable[[], Result]) -> Result:
        """Run it between two stanzas, and wait for it."""
        done: concurrent.futures.Future[Result] = concurrent.futures.Future()

        def run() -> None:
            try:
                done.set_result(action())
            except Exception as problem:
                done.set_exception(problem)

        self._loop.call_soon_threadsafe(run)
        return done.result(_CONTROL_S)

    def hang_up(self) -> None:
        """Cut every connection; for use inside :meth:`do`."""
        for writer in self._writers:
            writer.transport.abort()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._listen())

    async def _listen(self) -> None:
        server = await asyncio.start_server(self._client, "127.0.0.1", 0, limit=_BUFFER)
        self.port = int(server.sockets[0].getsockname()[1])
        self._ready.set()
        await self._over.wait()
        server.close()
        for writer in self._writers:
            writer.transport.abort()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._writers.add(writer)
        try:
            if not self._exchange.faults.refuse:
                await self._serve(await through_proxy(reader, writer, self._context), reader, writer)
        except GONE:
            pass
        except asyncio.CancelledError:
            writer.transport.abort()
        except Exception as problem:
            self.problems.append(repr(problem))
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _serve(self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if request.headers.get("upgrade", "").lower() == "websocket":
            self.connections += 1
            socket = WebSocket(reader, writer)
            socket.accept(request)
            connection = Connection(socket)
            await connection.greet(self._identity)
            await self._exchange.serve(connection)
            return
        error = self._exchange.faults.upload.take() if request.target.startswith("/mms/") else 404
        if error:
            answer(writer, error)
        else:
            await take_upload(reader, writer, request, self._exchange.media.keep)
        await writer.drain()
