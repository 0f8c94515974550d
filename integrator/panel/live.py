"""Live pages: what changed is told to every open browser, which then fetches the parts that show it.

Each topic has the number of its last change. A page carries the number at which it was drawn (:meth:`Live.version`), so
that nothing is missed between its drawing and its first connection, nor while the connection was lost. A browser has
one stream for all its tabs (``static/live-worker.js``).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from integrator.panel.accounts.sessions import cookie_name
from integrator.panel.live_looks import Looks
from integrator.panel.live_watch import Watcher

if TYPE_CHECKING:
    from integrator.panel.premises import Panel

EVENTS: Final = "/eventos"
HEARTBEAT_S: Final = 15.0
_GATHER_S: Final = 0.1
#: A shop has a handful of browsers; more streams than this are a fault or an attack.
MOST_STREAMS: Final = 200
_OVER: Final = b"event: fim\ndata:\n\n"
_ALIVE: Final = b": \n\n"


@dataclass(frozen=True, slots=True, eq=False)
class _Listener:
    """One open stream; woken from any thread."""

    loop: asyncio.AbstractEventLoop
    changed: asyncio.Event

    def wake(self) -> None:
        with contextlib.suppress(RuntimeError):  # the server has stopped meanwhile, and with it this stream
            self.loop.call_soon_threadsafe(self.changed.set)


class Live:
    """Topics that changed, told to who listens. Used by any thread."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._lock = threading.Lock()
        self._boot = secrets.token_hex(4)
        self._changes = 0
        self._topics: dict[str, int] = {}
        self._listeners: set[_Listener] = set()
        self._closed = False
        self._watcher = Watcher(Looks(panel), self.tell)

    def tell(self, *topics: str) -> None:
        """Something of these topics changed: ``fila``, ``estado``, ``config``, ``registro``, ``simulador``…"""
        with self._lock:
            self._changes += 1
            self._topics.update(dict.fromkeys(topics, self._changes))
        self.recheck()

    def recheck(self) -> None:
        """A session may have ended: its streams end now, not with the next change."""
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener.wake()

    def version(self) -> str:
        """What a page that is drawn now knows."""
        with self._lock:
            return f"{self._boot}.{self._changes}"

    @property
    def streams(self) -> int:
        """How many are open."""
        with self._lock:
            return len(self._listeners)

    def close(self) -> None:
        """End every open stream, and look at nothing any more."""
        with self._lock:
            self._closed = True
        self.recheck()
        self._watcher.close()

    def route(self) -> Route:
        """The streams' address."""
        return Route(EVENTS, self._answer, methods=["GET"])

    async def _answer(self, request: Request) -> Response:
        token = request.cookies.get(cookie_name(request.url.scheme == "https"), "")
        if not await run_in_threadpool(self._signed_in, token):
            return PlainTextResponse("Entre no painel de novo.", 401)
        if self._closed or self.streams >= MOST_STREAMS:
            return PlainTextResponse("O painel não aceita mais páginas abertas agora.", 503)
        if request.method == "HEAD":
            return Response(media_type="text/event-stream")
        return StreamingResponse(self._stream(token), media_type="text/event-stream")

    async def _stream(self, token: str) -> AsyncIterator[bytes]:
        listener = _Listener(asyncio.get_running_loop(), asyncio.Event())
        self._join(listener)
        try:
            told = -1
            while not self._closed:
                if not await run_in_threadpool(self._signed_in, token):
                    yield _OVER
                    return
                changes, state = self._state()
                yield state if changes != told else _ALIVE
                told = changes
                await asyncio.sleep(_GATHER_S)  # a burst of changes is told as one
                await _wait(listener.changed)
        finally:
            self._leave(listener)

    def _state(self) -> tuple[int, bytes]:
        with self._lock:
            text = json.dumps({"boot": self._boot, "topics": self._topics})
            return self._changes, f"data: {text}\n\n".encode()

    def _signed_in(self, token: str) -> bool:
        return self._panel.sessions.find(token, self._panel.clock.now(), by_itself=True) is not None

    def _join(self, listener: _Listener) -> None:
        with self._lock:
            self._listeners.add(listener)
        self._watcher.join()

    def _leave(self, listener: _Listener) -> None:
        with self._lock:
            self._listeners.discard(listener)
        self._watcher.leave()


async def _wait(changed: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(changed.wait(), HEARTBEAT_S)
    except TimeoutError:
        return
    changed.clear()
