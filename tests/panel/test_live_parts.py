"""Live parts of a page: drawn anew without taking away what a person is doing in them."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page as Tab
from playwright.sync_api import Route, expect
from starlette.responses import HTMLResponse, Response

from integrator.panel.access import Role
from integrator.panel.app import build_app
from integrator.panel.render import asset
from integrator.panel.routes import Page, get
from integrator.panel.server import PanelServer
from integrator.panel.visit import Visit
from tests.panel.browser import person
from tests.panel.site import Site
from tests.waiting import eventually
from tools.firebird_server import free_port


class Part:
    """What the live part shows: rows with a box to tick, a field, something to open, a button of its own."""

    def __init__(self) -> None:
        self.rows = ["a", "b", "c"]
        self.asked = 0
        self.heard = 0
        self.gate = threading.Event()
        self.gate.set()

    def html(self) -> str:
        lines = "".join(
            f'<p><input type="checkbox" name="linha" value="{each}" aria-label="{each}"> {each} '
            f'<button name="fazer" value="{each}">Abrir {each}</button></p>'
            for each in self.rows
        )
        return (
            f"<output>{len(self.rows)}</output>{lines}<details><summary>Mais</summary><p>dentro</p></details>"
            '<label>Nota <input name="nota"></label>'
        )

    def page(self, visit: Visit) -> Response:
        assert visit.session is not None
        return HTMLResponse(
            f'<!doctype html><title>Prova</title><meta name="live-worker" content="{asset("live-worker.js")}">'
            f'<meta name="live-version" content="{visit.panel.live.version()}">'
            f'<link rel="icon" href="data:,"><script src="{asset("panel.js")}" defer></script>'
            '<main id="conteudo"><h1>Prova</h1>'
            f'<section data-live="/prova/parte" data-topics="fila">{self.html()}</section>'
            '<section data-live="/prova/ouvido" data-topics="registro"></section></main>'
        )

    def fragment(self, _: Visit) -> Response:
        self.asked += 1
        self.gate.wait(60)
        return HTMLResponse(self.html())

    def hear(self, _: Visit) -> Response:
        self.heard += 1
        return HTMLResponse("")

    @property
    def pages(self) -> tuple[Page, ...]:
        return get("/prova", self.page), get("/prova/parte", self.fragment), get("/prova/ouvido", self.hear)


@pytest.fixture
def part(monkeypatch: pytest.MonkeyPatch) -> Part:
    made = Part()
    monkeypatch.setattr("tests.panel.site.build_app", lambda panel: build_app(panel, made.pages))
    return made


@pytest.fixture
def tab(part: Part, site: Site, chromium: Chromium, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tab]:
    monkeypatch.setattr(site.panel.live._watcher, "_look", set)
    with person(chromium, site, Role.OPERATOR) as page:
        page.goto("/prova")
        eventually(lambda: site.panel.live.streams == 1)
        yield page


def tell(part: Part, site: Site) -> None:
    """The rows changed, and the page has heard of it."""
    before = part.heard
    site.panel.live.tell("fila", "registro")
    eventually(lambda: part.heard > before)


def test_what_a_person_chose_stays_chosen_and_focused(part: Part, tab: Tab, site: Site) -> None:
    tab.get_by_label("b", exact=True).check()
    tab.get_by_text("Mais").click()
    tab.get_by_role("button", name="Abrir c").focus()

    part.rows.insert(0, "novo")
    site.panel.live.tell("fila")

    expect(tab.locator("output")).to_have_text("4")
    expect(tab.get_by_label("b", exact=True)).to_be_checked()
    expect(tab.get_by_label("a", exact=True)).not_to_be_checked()
    expect(tab.get_by_label("novo", exact=True)).not_to_be_checked()
    expect(tab.get_by_text("dentro")).to_be_visible()
    expect(tab.get_by_role("button", name="Abrir c")).to_be_focused()


def test_nothing_is_taken_from_under_who_types_and_it_comes_when_they_leave(part: Part, tab: Tab, site: Site) -> None:
    tab.get_by_label("Nota").focus()
    part.rows.append("antes")
    tell(part, site)
    expect(tab.locator("output")).to_have_text("3")
    expect(tab.get_by_label("Nota")).to_be_focused()
    tab.get_by_label("Nota").press_sequentially("me")
    part.rows.append("d")
    tell(part, site)
    tab.get_by_label("Nota").press_sequentially("io")
    expect(tab.get_by_label("Nota")).to_have_value("meio")
    tab.get_by_role("button", name="Abrir a").focus()
    tab.wait_for_timeout(300)
    expect(tab.get_by_label("Nota")).to_have_value("meio")  # left, and not yet saved

    tab.get_by_label("Nota").fill("")
    tab.get_by_role("button", name="Abrir a").focus()
    expect(tab.locator("output")).to_have_text("5")


def test_many_changes_are_one_fetch_and_other_topics_none(part: Part, tab: Tab, site: Site) -> None:
    site.panel.live.tell("registro")
    eventually(lambda: part.heard == 1)
    assert part.asked == 0

    part.gate.clear()
    site.panel.live.tell("fila")
    eventually(lambda: part.asked == 1)
    for number in range(4):
        part.rows.append(f"n{number}")
        tell(part, site)
    assert part.asked == 1  # one at a time
    part.gate.set()
    expect(tab.locator("output")).to_have_text("7")
    eventually(lambda: part.asked == 2)
    tell_again = part.heard
    site.panel.live.tell("registro")
    eventually(lambda: part.heard > tell_again)
    assert part.asked == 2  # one for all four


def test_what_changed_between_the_drawing_and_the_stream_is_not_missed(
    part: Part, site: Site, chromium: Chromium, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site.panel.live._watcher, "_look", set)
    with person(chromium, site, Role.VIEWER) as page:
        page.route("**/panel.js*", lambda route: _meanwhile(part, site, route))
        page.goto("/prova")
        expect(page.locator("output")).to_have_text("4")


def _meanwhile(part: Part, site: Site, route: Route) -> None:
    part.rows.append("entretanto")
    site.panel.live.tell("fila")
    route.continue_()


@pytest.fixture
def at_a_lasting_port(part: Part, site: Site) -> None:
    """Nobody's connection takes it while the server is away."""
    first, site.server = site.server, PanelServer(build_app(site.panel, part.pages), port=free_port())
    first.stop()


@pytest.mark.usefixtures("at_a_lasting_port")
def test_the_page_says_when_the_program_is_away_and_catches_up(part: Part, site: Site, chromium: Chromium) -> None:
    with person(chromium, site, Role.OPERATOR) as tab:
        tab.goto("/prova")
        eventually(lambda: site.panel.live.streams == 1)
        goes_away_and_comes_back(part, site, tab)


def goes_away_and_comes_back(part: Part, site: Site, tab: Tab) -> None:
    port = site.server.port
    site.panel.live._closed = True
    site.panel.live.recheck()
    site.server.stop()
    expect(tab.locator("p.warning")).to_contain_text("Sem conexão com o programa", timeout=60_000)

    part.rows.append("d")
    site.panel.live._closed = False
    site.panel.live._boot = "outro"  # as after a new start of the program: no change is known
    site.panel.live._topics.clear()
    site.server = PanelServer(build_app(site.panel, part.pages), port=port)
    expect(tab.locator("output")).to_have_text("4", timeout=60_000)  # each wait is twice as long as the one before
    expect(tab.locator("p.warning")).to_have_count(0)


def test_without_a_shared_worker_a_page_has_a_stream_of_its_own(part: Part, site: Site, chromium: Chromium) -> None:
    with person(chromium, site, Role.VIEWER) as page:
        page.add_init_script("delete window.SharedWorker")
        page.goto("/prova")
        eventually(lambda: site.panel.live.streams == 1)
        part.rows.append("d")
        site.panel.live.tell("fila")
        expect(page.locator("output")).to_have_text("4")
