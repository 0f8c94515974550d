"""A panel as a shop has it: a real database after the closing, its ``config.toml``, a server on the loopback."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import requests

from integrator.demo.clock import SkippingClock
from integrator.demo.sample_erp.build import SampleErp
from integrator.domain.lifecycle import State
from integrator.erp.connection import Database
from integrator.facade import NumberStatus, StationStatus
from integrator.gateways.simulator.pairing import PairingControl
from integrator.panel.access import THIS_COMPUTER, Member, Role
from integrator.panel.accounts.sessions import COOKIE
from integrator.panel.app import build_app
from integrator.panel.local import Front, local_app
from integrator.panel.premises import Panel
from integrator.panel.server import PanelServer
from integrator.sending.gateway import Pairable, Webhook
from integrator.settings.editing import ConfigFile
from tests.demo.sample_erp_probe import TODAY

#: The Friday after whose closing the sample shop's queue was made, at the time when sending begins.
MORNING = datetime(TODAY.year, TODAY.month, TODAY.day, 8, 0)
#: Servers on their way out: uvicorn gives each of its connections a tenth of a second, for which no test waits.
_leaving: list[threading.Thread] = []
_CSRF = re.compile(r'name="csrf" content="([^"]+)"')


@dataclass(slots=True)
class StillEngine:
    """A running engine for the panel to ask; it does nothing, and remembers how often it was woken."""

    status: StationStatus = field(default_factory=lambda: StationStatus("principal", "fila vazia"))
    woken: int = 0
    ledger: Path | None = None
    connected: tuple[NumberStatus, ...] = ()
    pairable: dict[str, Pairable] = field(default_factory=dict)
    hooks: dict[str, Webhook] = field(default_factory=dict)
    reconnected: list[str] = field(default_factory=list)
    ended: int = 0
    service: bool = False
    waits: str = ""

    def end(self) -> None:
        self.ended += 1

    def stations(self) -> tuple[StationStatus, ...]:
        return (self.status,)

    def wake(self) -> None:
        self.woken += 1

    def simulator(self) -> Path | None:
        return self.ledger

    def numbers(self) -> tuple[NumberStatus, ...]:
        return self.connected

    def pairing(self, instance: str) -> Pairable | None:
        """The simulator's, unless a test gave another."""
        if instance in self.pairable:
            return self.pairable[instance]
        return PairingControl(self.ledger) if self.ledger is not None else None

    def webhook(self, instance: str) -> Webhook | None:
        return self.hooks.get(instance)

    def reconnect(self, instance: str) -> None:
        self.reconnected.append(instance)


class Browser(requests.Session):
    """A browser without script: keeps its cookie, and posts as a form of the panel does."""

    def __init__(self, url: str, token: str = "") -> None:
        super().__init__()
        self.url = url
        self.trust_env = False
        self._proof = ("", "")
        if token:
            self.cookies.set(COOKIE, token, domain="127.0.0.1")

    def page(self, path: str, **options: Any) -> requests.Response:
        """GET a path of the panel, without following where it leads."""
        return self.get(self.url + path, allow_redirects=False, timeout=120, **options)

    def submit(self, path: str, fields: dict[str, Any] | None = None, **options: Any) -> requests.Response:
        """POST a form of the panel, its proof included; the answer, not where it leads."""
        who = self.cookies.get(COOKIE) or ""
        if self._proof[0] != who:
            found = _CSRF.search(self.page("/minha-conta").text)
            self._proof = (who, found[1] if found else "")
        data = {"_csrf": self._proof[1], **(fields or {})}
        options.setdefault("headers", {"Origin": self.url})
        return self.post(self.url + path, data=data, allow_redirects=False, timeout=120, **options)


@dataclass(slots=True)
class Site:
    """What a test holds of it all."""

    panel: Panel
    server: PanelServer
    erp: SampleErp
    clock: SkippingClock
    engine: StillEngine
    folder: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    def token(self, role: Role = Role.OWNER) -> str:
        """A session's cookie for a person of that role; the owner is who sits at this computer."""
        member = THIS_COMPUTER if role is Role.OWNER else self.member(role)
        return self.panel.sessions.open(member, self.clock.now(), address="127.0.0.1", agent="teste")

    def member(self, role: Role) -> Member:
        """A person with that role, made when first asked for; the password is no hash, so that nobody can log in."""
        login = f"{role.name.lower()}@loja"
        found = self.panel.store.read("SELECT id FROM member WHERE login = ?", (login,))
        if not found:
            with self.panel.store.change() as db:
                db.execute(
                    "INSERT INTO member (login, name, role, password, created_at) VALUES (?, ?, ?, '!', ?)",
                    (login, f"Pessoa {role.label}", int(role), self.clock.now().isoformat()),
                )
            return self.member(role)
        return Member(found[0][0], login, f"Pessoa {role.label}", role)

    def browser(self, role: Role | None = Role.OWNER) -> Browser:
        """Signed in with that role; None: nobody."""
        return Browser(self.url, self.token(role) if role else "")

    @property
    def database(self) -> Database:
        """The panel's own attachment to the shop's database."""
        return self.panel.shops()[0].database

    def sql(self, statement: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a SELECT."""
        return self.database.read(lambda session: session.rows(statement, parameters))

    def execute(self, statement: str, parameters: Sequence[object] = ()) -> int:
        """A statement in a transaction of its own; rows changed."""
        return self.database.run(lambda session: session.execute(statement, parameters))

    def keys(self, state: State) -> list[str]:
        """The keys of the rows in that state, oldest first."""
        return [
            row[0].strip() for row in self.sql("SELECT CHAVE FROM WA_FILA WHERE SITUACAO = ? ORDER BY ID", (state,))
        ]

    def audit(self) -> list[str]:
        """What people did, newest first."""
        return [f"{deed.who}: {deed.action} {deed.detail}".strip() for deed in self.panel.audit.latest()]


def open_site(erp: SampleErp, folder: Path, more: str = "") -> Site:
    """Start it; stopped by :func:`close_site`. ``more`` is added to ``config.toml``."""
    folder.mkdir(parents=True, exist_ok=True)
    target = erp.target
    (folder / "config.toml").write_text(
        f"[banco]\nservidor = '{target.host}'\nporta = {target.port}\ncaminho = '{target.path}'\n"
        f'cliente = \'{target.client}\'\n\n[whatsapp]\nmotor = "simulador"\nddd_padrao = "49"\n{more}',
        encoding="utf-8",
    )
    clock, engine = SkippingClock(MORNING), StillEngine()
    panel = Panel(ConfigFile(folder / "config.toml"), folder, clock=clock, running=engine)
    server = PanelServer(Front(local_app(panel), build_app(panel)), port=0)
    return Site(panel, server, erp, clock, engine, folder)


def close_site(site: Site) -> None:
    """Stop it, whatever pages are open; :func:`all_closed` waits for it."""
    leaving = threading.Thread(target=_close, args=(site,))
    leaving.start()
    _leaving.append(leaving)


def all_closed() -> None:
    """Wait until nothing runs any more of the sites that were closed."""
    while _leaving:
        _leaving.pop().join()


def _close(site: Site) -> None:
    site.panel.live.close()
    site.server.stop()
    site.panel.close()
