"""One request as a page's handler sees it: who asks, what was typed, and the ways to answer."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.datastructures import FormData, QueryParams, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from integrator.domain.errors import IntegratorError, SettingsError
from integrator.panel.access import Member, Role
from integrator.panel.accounts.audit import Deed
from integrator.panel.accounts.sessions import Session
from integrator.panel.premises import Panel, Shop
from integrator.panel.render import render

_SEE_OTHER: Final = 303
_MOST_MEMORIES: Final = 500


class NotThere(IntegratorError):
    """What the address names does not exist: answered with 404."""

    title = "Não encontrado"


class Wrong(IntegratorError):
    """What was typed or asked cannot be done: answered with 400."""

    title = "Não foi possível"


@dataclass(slots=True)
class Memory:
    """What a browser's session keeps until the panel stops: the chosen database, and what to say on its next page."""

    shop: str = ""
    notes: list[str] = field(default_factory=list)


class Memories:
    """The memory of each session."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, Memory] = {}

    def of(self, session_id: str) -> Memory:
        """That session's own; an unknown one is new, and the one unused for longest gives way."""
        with self._lock:
            memory = self._known.pop(session_id, None) or Memory()
            self._known[session_id] = memory
            while len(self._known) > _MOST_MEMORIES:
                del self._known[next(iter(self._known))]
            return memory


@dataclass(slots=True)
class Visit:
    """Made by :mod:`.routes` for each request. Handlers are plain functions in a worker thread: they may block."""

    panel: Panel
    request: Request
    session: Session | None
    memory: Memory
    form: FormData

    @property
    def member(self) -> Member:
        """Who asks. Only for routes that somebody signed in may see."""
        if self.session is None:
            raise RuntimeError("a page that anybody may see has no member")
        return self.session.member

    def may(self, least: Role) -> bool:
        """Whether this person may do what asks for that role."""
        return self.session is not None and self.session.member.may(least)

    @property
    def now(self) -> datetime:
        return self.panel.clock.now()

    @property
    def query(self) -> QueryParams:
        return self.request.query_params

    @property
    def address(self) -> str:
        """Where the request came from."""
        return self.request.client.host if self.request.client else ""

    def path(self, name: str) -> str:
        """A part of the address: ``{chave}`` of the route."""
        return str(self.request.path_params[name])

    def typed(self, name: str) -> str:
        """A field of the form, without the blanks around it; empty when absent."""
        value = self.form.get(name)
        return value.strip() if isinstance(value, str) else ""

    def all_typed(self, name: str) -> tuple[str, ...]:
        """Every value of a field that may come several times."""
        return tuple(value.strip() for value in self.form.getlist(name) if isinstance(value, str))

    def uploaded(self, name: str) -> bytes | None:
        """The content of a file of the form; None when no file was chosen."""
        value = self.form.get(name)
        if not isinstance(value, UploadFile) or not value.filename:
            return None
        value.file.seek(0)
        return value.file.read()

    @property
    def shop(self) -> Shop:
        """The database that this browser chose, else the first one.

        Raises :class:`SettingsError` while none is configured.
        """
        shops = self.panel.shops()
        if not shops:
            raise SettingsError(
                "Nenhum banco de dados está configurado. Preencha [banco] caminho no config.toml, ou a janela "
                "“Conexão com o banco” do ícone ao lado do relógio."
            )
        return next((shop for shop in shops if shop.name == self.memory.shop), shops[0])

    def same_shop(self) -> None:
        """For what is done to one database: the form says of which it was (``banco``), and this browser still sees it.

        Another tab, or a restart of the program, may have changed that. Raises :class:`Wrong`.
        """
        named = self.typed("banco")
        if named != self.shop.name and (named or len(self.panel.shops()) > 1):
            raise Wrong("Esta página era de outro banco de dados, e você escolheu outro depois. Abra a página de novo.")

    def render(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page. Templates see ``visit`` and the values."""
        return HTMLResponse(render(template, visit=self, **values), status)

    def fragment(self, template: str, **values: Any) -> Response:
        """A part of a page, which a live page fetches by itself."""
        return HTMLResponse(render(template, visit=self, **values))

    def go(self, to: str, note: str = "") -> Response:
        """After something was done: show that page, with a sentence on top. ``to`` is a path of the panel."""
        if note:
            self.memory.notes.append(note)
        return RedirectResponse(safe_path(to), _SEE_OTHER)

    def notes(self) -> list[str]:
        """What the last deed had to say; told once."""
        told, self.memory.notes = self.memory.notes, []
        return told

    def record(self, action: str, detail: str = "") -> None:
        """Write down what this person did. No message bodies, full phones or secrets."""
        who = self.member.name
        self.panel.audit.record(Deed(self.now, who, self.address, action, detail))


def safe_path(to: str) -> str:
    """``to`` if it is a path of this panel, else its first page: nobody is sent to another site."""
    parts = urlsplit(to)
    plain = to.startswith("/") and not to.startswith("//") and not parts.scheme and not parts.netloc
    return to if plain and "\\" not in to and all(" " < char <= "~" for char in to) else "/"
