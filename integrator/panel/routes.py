"""How an address is answered: who may ask, the proof that the page itself asks, and errors as pages.

A request is refused as early as it can be: what was posted is read only for somebody who may post it there.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from integrator.domain.errors import DatabaseUnavailable, IntegratorError
from integrator.logs import log_event
from integrator.panel.access import Role
from integrator.panel.accounts.sessions import cookie_name
from integrator.panel.forms import read_form
from integrator.panel.premises import Panel
from integrator.panel.security import same_origin
from integrator.panel.visit import Memories, Memory, NotThere, Visit, Wrong

log = logging.getLogger(__name__)

Handler = Callable[[Visit], Response]
CSRF_FIELD: Final = "_csrf"
CSRF_HEADER: Final = "x-csrf-token"
#: With what a live page fetches by itself.
LIVE_HEADER: Final = "x-live"
LOGIN: Final = "/entrar"
#: Where somebody whose password was made by another chooses one of their own; until then only this and the way out.
OWN_PASSWORD: Final = "/minha-conta"
_WAY_OUT: Final = "/sair"
_SEE_OTHER: Final = 303
_LEFT: Final = 499
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
            if page.method == "GET":
                return await run_in_threadpool(self._answer, page, request, FormData())
            refused = await run_in_threadpool(self._refused, page, request)
            if refused is not None:
                return refused
            try:
                form = await read_form(request)
            except ClientDisconnect:
                return Response(status_code=_LEFT)  # nobody is there to read it
            try:
                return await run_in_threadpool(self._answer, page, request, form)
            finally:
                await form.close()

        return Route(page.path, endpoint, methods=[page.method])

    def visit(self, request: Request, form: FormData) -> Visit:
        """Who asks, by the cookie."""
        token = request.cookies.get(cookie_name(request.url.scheme == "https"), "")
        by_itself = LIVE_HEADER in request.headers
        session = self._panel.sessions.find(token, self._panel.clock.now(), by_itself=by_itself)
        memory = self._memories.of(session.id) if session else Memory()
        return Visit(self._panel, request, session, memory, form)

    def _refused(self, page: Page, request: Request) -> Response | None:
        """Why what is being posted is not even read; None when it is."""
        return _refusal(page, self.visit(request, FormData()))

    def _answer(self, page: Page, request: Request, form: FormData) -> Response:
        visit = self.visit(request, form)
        try:
            refusal = _refusal(page, visit) or _unproved(page, visit)
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
    """Why this person, or this place that the request comes from, is not answered; None when they are."""
    looks = page.method == "GET"
    if not looks and not same_origin(visit.request):
        return _forbidden(visit, "O pedido veio de outra página. Abra o painel e tente de novo.")
    if page.least is None:
        return None
    if looks and visit.session is None:
        return RedirectResponse(f"{LOGIN}?ir={quote(_asked(visit.request), safe='')}", _SEE_OTHER)
    if looks and _owes_password(page, visit):
        return RedirectResponse(OWN_PASSWORD, _SEE_OTHER)
    told = _why_not(page, visit, page.least)
    return _forbidden(visit, told) if told else None


def _why_not(page: Page, visit: Visit, least: Role) -> str:
    if visit.session is None:
        return "Sua sessão terminou. Entre de novo e repita o que fazia."
    if _owes_password(page, visit):
        return "Antes, troque a senha provisória por uma sua, em “Minha conta”."
    if not visit.may(least):
        return f"Isto é só para quem tem o papel “{least.label}”. Peça ao dono da loja."
    return ""


def _owes_password(page: Page, visit: Visit) -> bool:
    provisional = visit.session is not None and visit.session.member.provisional
    return provisional and not page.path.startswith((OWN_PASSWORD, _WAY_OUT))


def _unproved(page: Page, visit: Visit) -> Response | None:
    """Why what was posted is not believed to come from a page that this very session was shown; None when it is."""
    if page.method == "GET" or page.least is None or visit.session is None:
        return None
    shown = visit.form.get(CSRF_FIELD) or visit.request.headers.get(CSRF_HEADER, "")
    if isinstance(shown, str) and hmac.compare_digest(shown.encode(), visit.session.csrf.encode()):
        return None
    return _forbidden(visit, "Esta página ficou aberta de uma sessão anterior. Volte, recarregue a página e repita.")


def _forbidden(visit: Visit, told: str) -> Response:
    return error_page(visit, Wrong(told), 403)


def _asked(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


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
