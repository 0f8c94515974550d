"""The web application: every page's routes behind the guards."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from integrator.panel import names
from integrator.panel.api.app import api_routes
from integrator.panel.pages import PAGES
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


def build_app(panel: Panel, pages: Iterable[Page] = PAGES, extra: Iterable[BaseRoute] = ()) -> Starlette:
    """The application on those premises."""
    router = Router(panel)

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        told = _TOLD.get(error.status_code, Wrong("O pedido não foi entendido."))
        response = error_page(router.visit(request, FormData()), told, error.status_code)
        response.headers.update(error.headers or {})
        return response

    routes: list[BaseRoute] = [router.route(page) for page in pages]
    routes += [panel.live.route(), *api_routes(panel), *extra]
    routes.append(Mount("/estatico", _Static(directory=packaged("panel", "static"))))
    return Starlette(
        routes=routes,
        middleware=[Middleware(Guarded, known=lambda host: names.known(host, panel.settings.panel))],
        exception_handlers={HTTPException: refused},
    )
