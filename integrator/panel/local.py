"""What the running program answers to the other programs of this computer: tray, windows, commands. JSON both ways.

Only by the loopback, and only with the token of ``painel.json``: who has it can read the data folder anyway. For
anybody else these addresses do not exist. An error is ``{"message": …}`` with 409, in Portuguese. They are there also
when the panel's pages are switched off.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from integrator.domain.errors import IntegratorError
from integrator.local_address import is_ours
from integrator.logs import log_event
from integrator.panel.bodies import read_body
from integrator.panel.premises import Panel

log = logging.getLogger(__name__)

NUMBERS: Final = "/local/whatsapp"
PROGRAM: Final = "/local/programa"
ROOTS: Final = (f"{NUMBERS}/", f"{PROGRAM}/")
_LARGEST: Final = 16 * 1024
_REFUSED: Final = 409
_DEFECT: Final = "O Integrador encontrou um erro que não conhecia. Veja o registro."
#: What was asked, by name, to the answer. Raises :class:`IntegratorError`.
Answer = Callable[[Panel, Mapping[str, str]], Mapping[str, Any]]


def local_app(panel: Panel) -> ASGIApp:
    """The application behind :data:`ROOTS`."""
    from integrator.panel import local_numbers, local_program

    def route(path: str, answer: Answer) -> Route:
        async def endpoint(request: Request) -> Response:
            if not await run_in_threadpool(_is_of_this_computer, panel, request):
                raise HTTPException(404)
            asked = _fields(await read_body(request, _LARGEST))
            if asked is None:
                return JSONResponse({"message": "O pedido não foi entendido."}, 400)
            return await run_in_threadpool(_answered, panel, answer, asked)

        return Route(path, endpoint, methods=["POST"])

    known = {f"{NUMBERS}/{name}": answer for name, answer in local_numbers.ANSWERS.items()}
    known |= {f"{PROGRAM}/{name}": answer for name, answer in local_program.ANSWERS.items()}
    return Starlette(
        routes=[route(path, answer) for path, answer in known.items()],
        exception_handlers={HTTPException: _plain},
    )


class Front:
    """ASGI: leads the programs of this computer to ``local``, everybody else to ``pages``; None: nobody else comes."""

    def __init__(self, local: ASGIApp, pages: ASGIApp | None) -> None:
        self._local = local
        self._pages = pages or PlainTextResponse("", 404)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ours = scope["type"] == "http" and scope["path"].startswith(ROOTS)
        await (self._local if ours else self._pages)(scope, receive, send)


def _plain(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    # Another method is answered as an address that does not exist: nobody but ours learns that there is one.
    hidden = error.status_code in {404, 405}
    return PlainTextResponse("Not Found", 404) if hidden else PlainTextResponse(error.detail, error.status_code)


def _is_of_this_computer(panel: Panel, request: Request) -> bool:
    kind, _, shown = request.headers.get("authorization", "").partition(" ")
    near = request.client is not None and request.client.host.startswith("127.")
    return near and kind == "Bearer" and is_ours(panel.folder, shown)


def _fields(body: bytes) -> dict[str, str] | None:
    try:
        found = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
        return None
    return found


def _answered(panel: Panel, answer: Answer, asked: Mapping[str, str]) -> Response:
    try:
        return JSONResponse(answer(panel, asked))
    except IntegratorError as error:
        log_event(log, "local_refused", title=error.title, detail=error.detail)
        return JSONResponse({"message": error.message}, _REFUSED)
    except Exception:
        # The top of a request: a defect of ours is one answer that fails, and is in the log.
        log.exception("action=defect")
        return JSONResponse({"message": _DEFECT}, 500)
