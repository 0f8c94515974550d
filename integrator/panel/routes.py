"""How an address is answered: who may ask, the proof that the page itself asks, and errors as pages."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from integrator.domain.errors import DatabaseUnavailable, IntegratorError
from integrator.logs import log_event
from integrator.panel.access import Role
from integrator.panel.accounts.sessions import COOKIE
from integrator.panel.premises import Panel
from integrator.panel.visit import Memories, Memory, NotThere, Visit, Wrong

log = logging.getLogger(__name__)

Handler = Callable[[Visit], Response]
CSRF_FIELD: Final = "_csrf"
CSRF_HEADER: Final = "x-csrf-token"
LARGEST_FORM: Final = 4 * 1024 * 1024
LOGIN: Final = "/entrar"
_DEFECT: Final = (
    "O painel encontrou um erro que não conhecia. As mensagens continuam saindo. Se voltar, chame o suporte."
)


@dataclass(frozen=True, slots=True)
class Page:
    """One route. ``least``: the role that it asks for; None: anybody may, signed in or not."""

    path: str
    method: str
    handler: Handler
    least: Role | None


def get(path: str, handler: Handler, least: Role | None = Role.VIEWER) -> Page:
    """A page to look at; it changes nothing."""
    return Page(path, "GET", handler, least)


def post(path: str, handler: Handler, least: Role | None) -> Page:
    """Something to be done, by a form of the panel."""
    return Page(path, "POST", handler, least)


class Router:
    """Makes Starlette's routes of pages."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._memories = Memories()

    def route(self, page: Page) -> Route:
        async def endpoint(request: Request) -> Response:
            form = FormData()
            if page.method == "POST":
                if int(request.headers.get("content-length") or 0) > LARGEST_FORM:
                    raise HTTPException(413)
                form = await request.form(max_files=4, max_fields=4000, max_part_size=LARGEST_FORM)
            try:
                return await run_in_threadpool(self._answer, page, request, form)
            finally:
                await form.close()

        return Route(page.path, endpoint, methods=[page.method])

    def visit(self, request: Request, form: FormData) -> Visit:
        """Who asks, by the cookie."""
        session = self._panel.sessions.find(request.cookies.get(COOKIE, ""), self._panel.clock.now())
        memory = self._memories.of(session.id) if session else Memory()
        return Visit(self._panel, request, session, memory, form)

    def _answer(self, page: Page, request: Request, form: FormData) -> Response:
        visit = self.visit(request, form)
        try:
            refusal = _refusal(page, visit)
            return refusal if refusal is not None else page.handler(visit)
        except IntegratorError as error:
            log_event(log, "page_refused", path=page.path, title=error.title, detail=error.detail)
            return error_page(visit, error, _status(error))
        except HTTPException:
            raise
        except Exception:
            # The top of a request: a defect of ours is one page that fails, and is in the log.
            log.exception("action=defect path=%s", page.path)
            return error_page(visit, IntegratorError(_DEFECT), 500)


def error_page(visit: Visit, error: IntegratorError, status: int) -> Response:
    """What happened, why and what to do."""
    return visit.render("erro.html", status, error=error)


def _refusal(page: Page, visit: Visit) -> Response | None:
    """Why the handler is not asked at all; None when it is."""
    told = ""
    if page.method != "GET" and not _same_site(visit.request):
        told = "O pedido veio de outra página. Abra o painel e tente de novo."
    elif page.least is None:
        return None
    elif visit.session is None:
        if page.method == "GET":
            return RedirectResponse(f"{LOGIN}?ir={quote(_asked(visit.request), safe='')}", 303)
        told = "Sua sessão terminou. Entre de novo e repita o que fazia."
    elif not visit.session.member.may(page.least):
        told = f"Isto é só para quem tem o papel “{page.least.label}”. Peça ao dono da loja."
    elif page.method != "GET" and not _proved(visit):
        told = "Esta página ficou aberta de uma sessão anterior. Volte, recarregue a página e repita."
    return error_page(visit, Wrong(told), 403) if told else None


def _asked(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _same_site(request: Request) -> bool:
    """Whether a page of ours posted: browsers say so in one of these headers, and no script can forge them."""
    origin = request.headers.get("origin", "")
    if origin:
        return urlsplit(origin).netloc == request.headers.get("host", "")
    return request.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}


def _proved(visit: Visit) -> bool:
    assert visit.session is not None
    shown = visit.form.get(CSRF_FIELD) or visit.request.headers.get(CSRF_HEADER, "")
    return isinstance(shown, str) and hmac.compare_digest(shown.encode(), visit.session.csrf.encode())


def _status(error: IntegratorError) -> int:
    match error:
        case NotThere():
            return 404
        case Wrong():
            return 400
        case DatabaseUnavailable():
            return 503
        case _:
            return 409
