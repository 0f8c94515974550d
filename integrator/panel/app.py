"""The web application: every page's routes behind the guards."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.routing import Router as Routes
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from integrator.panel import names
from integrator.panel.api import ROOT
from integrator.panel.late import LateApp
from integrator.panel.numbers.webhooks import Webhooks, is_webhook_host
from integrator.panel.pages import SECTIONS, pages_of, section_of
from integrator.panel.premises import Panel
from integrator.panel.routes import Page, Router, error_page
from integrator.panel.security import Guarded
from integrator.panel.visit import NotThere, Wrong
from integrator.paths import packaged

_TOLD = {
    404: NotThere("Esta página não existe. Use o menu."),
    405: Wrong("Esta página não aceita este tipo de pedido."),
    408: Wrong("O pedido demorou demais para chegar. Tente de novo."),
    413: Wrong("O que foi enviado é grande demais."),
}


class _Static(StaticFiles):
    """Files whose address changes with their content: browsers keep them for a year."""

    def file_response(self, *args: object, **options: object) -> Response:
        response = super().file_response(*args, **options)  # type: ignore[arg-type]
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response


class _Sections:
    """Leads a request to the routes of its section, which are made when first asked for."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self._known: dict[str, Routes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        section = section_of(scope["path"])
        if section not in SECTIONS:
            raise HTTPException(404)
        if section not in self._known:
            self._known[section] = await run_in_threadpool(self._made, section)
        await self._known[section](scope, receive, send)

    def _made(self, section: str) -> Routes:
        return Routes([self._router.route(page) for page in pages_of(section)])


def build_app(panel: Panel, more: Iterable[Page] = ()) -> Starlette:
    """The application on those premises; ``more`` are pages beside the panel's own."""
    router = Router(panel)

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        told = _TOLD.get(error.status_code, Wrong("O pedido não foi entendido."))
        response = error_page(router.visit(request, FormData()), told, error.status_code)
        response.headers.update(error.headers or {})
        return response

    def known(host: str, path: str) -> bool:
        settings = panel.settings
        return names.known(host, settings.panel) or is_webhook_host(host, path, settings)

    routes: list[BaseRoute] = [
        panel.live.route(),
        Webhooks(panel).route(),
        Mount(ROOT, LateApp(lambda: _api(panel))),
        Mount("/estatico", _Static(directory=packaged("panel", "static"))),
        *(router.route(page) for page in more),
    ]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Guarded, known=known)],
        exception_handlers={HTTPException: refused},
    )
    app.router.default = _Sections(router)
    return app


def _api(panel: Panel) -> ASGIApp:
    """The API has weight of its own, and most shops have no use for it."""
    from integrator.panel.api.app import api_app

    return api_app(panel)
