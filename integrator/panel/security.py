"""What stands before every route: only known host names are answered, and browsers are told what pages may do."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

#: Nothing from anywhere else, no inline script or style, no frame around us.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "worker-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


_STRANGER: Final = (
    "O painel não atende por este endereço. Use o nome deste computador ou acrescente este em [painel] nomes."
)
_DEFECT: Final = "O painel encontrou um erro que não conhecia. As mensagens continuam saindo."


class Guarded:
    """ASGI middleware. ``known`` tells of a host name and a path whether the name is one of this computer's there."""

    def __init__(self, app: ASGIApp, *, known: Callable[[str, str], bool]) -> None:
        self._app = app
        self._known = known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        if not self._answers_to(scope):
            await PlainTextResponse(_STRANGER, 400)(scope, receive, guarded)
            return
        try:
            await self._app(scope, receive, guarded)
        except Exception:
            # The top of a request: what no page caught. The answer is guarded all the same.
            log.exception("action=defect")
            if begun:
                raise
            await PlainTextResponse(_DEFECT, 500)(scope, receive, guarded)

    def _answers_to(self, scope: Scope) -> bool:
        """By name if it is known, or by the very number that was connected to: no foreign page can have that one."""
        name = host_name(Headers(scope=scope).get("host", ""))
        own, _port = scope.get("server") or ("", 0)
        return name == own or self._known(name, scope["path"])


def host_name(header: str) -> str:
    """The name of a Host header, without its port, in lower case."""
    if header.startswith("["):
        return header[: header.find("]") + 1].lower()
    return header.partition(":")[0].lower()


def same_origin(request: Request) -> bool:
    """Whether a page of ours posted: browsers say so in one of these headers, and no script can forge them."""
    origin = request.headers.get("origin")
    if origin is not None:
        return origin.lower() == f"{request.url.scheme}://{request.headers.get('host', '').lower()}"
    return request.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
