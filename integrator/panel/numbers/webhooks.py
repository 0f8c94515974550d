"""``/webhook/<number>``: where an engine's server tells its news.

No session, no form, no proof of origin: the engine itself checks token or signature over the bytes as they came.
Neither headers nor bodies are ever logged. Webhooks have threads of their own: however many come, pages are served.
"""

from __future__ import annotations

import logging
import traceback
from typing import Final
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from integrator.domain.errors import IntegratorError
from integrator.facade import Running
from integrator.logs import log_event
from integrator.panel.bodies import read_body
from integrator.panel.premises import Panel
from integrator.sending.gateway import HookAnswer
from integrator.settings import Settings

log = logging.getLogger(__name__)

ROOT: Final = "/webhook/"
_LARGEST: Final = 1024 * 1024
#: Each event is one write to one file: more threads would only wait for each other.
_THREADS: Final = 4
#: More than this waiting is told "busy"; the servers come again.
_MOST: Final = 200
_UNKNOWN, _BUSY, _DEFECT = HookAnswer(404), HookAnswer(503), HookAnswer(500)


def is_webhook_host(host: str, path: str, settings: Settings) -> bool:
    """Whether ``host`` is by which a configured number's server reaches us; for webhooks and nothing else."""
    if not path.startswith(ROOT):
        return False
    return host in {urlsplit(each.webhook).hostname for each in settings.numbers if each.webhook}


class Webhooks:
    """Takes what the servers post. For one event loop."""

    def __init__(self, panel: Panel) -> None:
        self._running = panel.running
        self._waiting = 0
        self._threads: anyio.CapacityLimiter | None = None

    def route(self) -> Route:
        """For the application's routes."""
        return Route(f"{ROOT}{{instance}}", self._endpoint, methods=["GET", "POST"])

    async def _endpoint(self, request: Request) -> Response:
        if self._waiting >= _MOST:
            return _response(_BUSY)
        self._waiting += 1
        try:
            body = await read_body(request, _LARGEST) if request.method == "POST" else None
            threads = self._threads = self._threads or anyio.CapacityLimiter(_THREADS)
            answer = await anyio.to_thread.run_sync(_answer, self._running, request, body, limiter=threads)
        except HTTPException as error:
            answer = HookAnswer(error.status_code)
        finally:
            self._waiting -= 1
        return _response(answer)


def _answer(running: Running, request: Request, body: bytes | None) -> HookAnswer:
    """``body`` is None for the question by which a server proves the address."""
    instance = str(request.path_params["instance"])
    try:
        webhook = running.webhook(instance)
        if webhook is None:
            return _UNKNOWN
        if body is None:
            return webhook.check(request.query_params)
        return webhook.receive({name.lower(): value for name, value in request.headers.items()}, body)
    except IntegratorError as error:
        log_event(log, "webhook_refused", instance=instance, title=error.title, detail=error.detail)
        return _BUSY
    except Exception as error:
        # The top of a request. What the error says may quote what was posted: only its kind and place are told.
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{place.filename}:{place.lineno}"
        log_event(log, "defect", level=logging.ERROR, instance=instance, kind=type(error).__name__, where=where)
        return _DEFECT


def _response(answer: HookAnswer) -> Response:
    headers = {"retry-after": "5"} if answer.status == _BUSY.status else {}
    return PlainTextResponse(answer.body, answer.status, headers)
