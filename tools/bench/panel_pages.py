"""How long the panel's server takes for each page with 100,000 messages of history and 10,000 that wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http import HTTPStatus
from pathlib import Path

import requests
from starlette.responses import Response

from integrator.daemon.standby import Standby
from integrator.demo.clock import SkippingClock
from integrator.facade import StationStatus
from integrator.panel.access import THIS_COMPUTER
from integrator.panel.accounts.sessions import COOKIE
from integrator.panel.app import build_app
from integrator.panel.pages import all_pages
from integrator.panel.premises import Panel
from integrator.panel.routes import get
from integrator.panel.server import PanelServer
from integrator.panel.visit import Visit
from integrator.settings.editing import ConfigFile
from tools.bench.figures import Figure, Floor, Target, median, percentile
from tools.bench.panel_rows import fill_history
from tools.bench.place import Place
from tools.bench.reserve import fill_queue

GROUP = "panel"
_LIMIT_MS = 100.0
_PROBE = "/medida"
#: What is no page to look at: files, one's own password, and addresses that only lead elsewhere.
_NOT_PAGES = (".csv", ".pdf", ".png", ".zip", "/arquivo", "/entrar", "/certificado", "/primeiro-acesso", "/ultimo-erro")


class IdleEngine(Standby):
    """An engine that does nothing, for the panel to ask."""

    def __init__(self) -> None:
        super().__init__("", False, threading.Event(), lambda: None)

    def stations(self) -> tuple[StationStatus, ...]:
        return (StationStatus("principal", "fila vazia"),)


class Unanswered(Exception):
    """That address shows no page."""

    def __init__(self, path: str, status: int) -> None:
        super().__init__(f"{path}: {status}")
        self.status = status


@dataclass(slots=True)
class Visitor:
    """Somebody signed in at this computer, over one kept connection."""

    panel: Panel
    session: requests.Session
    url: str

    def milliseconds(self, path: str) -> float:
        """From the request to the answer's end. Raises :class:`Unanswered` for what is no page."""
        start = time.perf_counter()
        answer = self.session.get(self.url + path, allow_redirects=False, timeout=60)
        taken = (time.perf_counter() - start) * 1000
        if answer.status_code != HTTPStatus.OK:
            raise Unanswered(path, answer.status_code)
        return taken


@contextmanager
def open_panel(config: Path, folder: Path) -> Iterator[Visitor]:
    """A served panel on the databases of that configuration, and the owner's browser."""
    clock = SkippingClock(datetime.now())
    panel = Panel(ConfigFile(config), folder, clock=clock, running=IdleEngine())
    server = PanelServer(build_app(panel, [get(_PROBE, _probe)]), port=0)
    session = requests.Session()
    session.trust_env = False
    session.cookies.set(
        COOKIE, panel.sessions.open(THIS_COMPUTER, clock.now(), address="127.0.0.1", agent=""), domain="127.0.0.1"
    )
    try:
        yield Visitor(panel, session, f"http://127.0.0.1:{server.port}")
    finally:
        session.close()
        panel.live.close()
        server.stop()
        panel.close()


def pages_of_the_panel(visitor: Visitor) -> list[str]:
    """Every address that may show something, with the filters that people use and one row of each state."""
    plain = [
        page.path
        for page in all_pages()
        if page.method == "GET" and "{" not in page.path and not any(part in page.path for part in _NOT_PAGES)
    ]
    month = f"de={date.today() - timedelta(days=30)}&ate={date.today()}"
    filtered = (
        f"/historico?{month}&situacao=falhou",
        f"/historico?{month}&tipo=OR%C3%87AMENTO%7C",
        f"/historico?{month}&tipo=RECEBER%7CD%C3%89BITO+VENCIDO&situacao=lida",
        f"/historico?{month}&q=%2849%29+98800-0123",
        f"/historico?de=2000-01-01&ate={date.today()}",
        f"/historico?{month}&antes={datetime.now() - timedelta(days=15):%Y-%m-%dT12:00:00}~0",
    )
    database = visitor.panel.shops()[0].database
    rows = database.read(lambda session: session.rows("SELECT MIN(ID) FROM WA_FILA GROUP BY SITUACAO"))
    return [*plain, *filtered, *(f"/fila/{number}" for (number,) in rows), "/clientes/telefone/5549988000123"]


def measure(place: Place, *, quick: bool) -> list[Figure]:
    """Each page once cold and then warm, in turn with the floor."""
    history, pending, repeat = (20_000, 2_000, 5) if quick else (100_000, 10_000, 15)
    path = place.database("panel.fdb")
    with place.attach(path) as connection:
        fill_history(connection, history)
        fill_queue(connection, pending)
    with open_panel(place.config(path), place.data_folder("panel")) as visitor:
        visitor.milliseconds(_PROBE)
        floors = [visitor.milliseconds(_PROBE) for _ in range(repeat)]
        floor = Floor("a page that asks the database for nothing but SELECT 1", median(floors))
        found = [_figure(visitor, page, repeat, floor) for page in pages_of_the_panel(visitor)]
    return [figure for figure in found if figure is not None]


def _figure(visitor: Visitor, page: str, repeat: int, floor: Floor) -> Figure | None:
    """None for an address that wants more than its path."""
    try:
        cold = visitor.milliseconds(page)
    except Unanswered as error:
        if error.status != HTTPStatus.NOT_FOUND:
            raise
        return None
    warm = [visitor.milliseconds(page) for _ in range(repeat)]
    note = f"the first time {cold:.0f} ms"
    return Figure(GROUP, page, median(warm), "ms", repeat, floor, Target(_LIMIT_MS), percentile(warm, 95), note)


def _probe(visit: Visit) -> Response:
    visit.shop.database.read(lambda session: session.rows("SELECT 1 FROM RDB$DATABASE"))
    return Response("1")
