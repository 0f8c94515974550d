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
from integrator.panel.routes import get
from integrator.panel.server import PanelServer
from integrator.panel.visit import Visit
from tests.panel.browser import person
from tests.panel.site import Site
from tests.panel.test_live import wait_for


class Part:
    """What the live part shows: rows with a box to tick, a field, something to open, a button of its own."""

    def __init__(self) -> None:
        self.rows = ["a", "b", "c"]
        self.asked = 0
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
            f'<section data-live="/prova/parte" data-topics="fila">{self.html()}</section></main>'
        )

    def fragment(self, _: Visit) -> Response:
        self.asked += 1
        self.gate.wait(5)
        return HTMLResponse(self.html())


@pytest.fixture
def part(monkeypatch: pytest.MonkeyPatch) -> Part:
    made = Part()
    pages = (get("/prova", made.page), get("/prova/parte", made.fragment))
    monkeypatch.setattr("tests.panel.site.build_app", lambda panel: build_app(panel, pages))
    return made


@pytest.fixture
def tab(part: Part, site: Site, chromium: Chromium, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tab]:
    monkeypatch.setattr(site.panel.live._watcher, "_look", set)
    with person(chromium, site, Role.OPERATOR) as page:
        page.goto("/prova")
        wait_for(lambda: site.panel.live.streams == 1)
        yield page


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
    site.panel.live.tell("fila")
    tab.wait_for_timeout(400)
    expect(tab.locator("output")).to_have_text("3")
    expect(tab.get_by_label("Nota")).to_be_focused()
    tab.get_by_label("Nota").press_sequentially("me")
    part.rows.append("d")
    site.panel.live.tell("fila")
    tab.wait_for_timeout(400)
    tab.get_by_label("Nota").press_sequentially("io")
    expect(tab.get_by_label("Nota")).to_have_value("meio")
    tab.get_by_role("button", name="Abrir a").focus()
    tab.wait_for_timeout(300)
    expect(tab.get_by_label("Nota")).to_have_value("meio")  # left, and not yet saved

    tab.get_by_label("Nota").fill("")
    tab.get_by_role("button", name="Abrir a").focus()
    expect(tab.locator("output")).to_have_text("5")


def test_many_changes_are_one_fetch_and_other_topics_none(part: Part, tab: Tab, site: Site) -> None:
    tab.wait_for_timeout(300)
    begun = part.asked
    site.panel.live.tell("registro")
    tab.wait_for_timeout(300)
    assert part.asked == begun

    part.gate.clear()
    site.panel.live.tell("fila")
    wait_for(lambda: part.asked == begun + 1)
    for number in range(4):
        part.rows.append(f"n{number}")
        site.panel.live.tell("fila")
        tab.wait_for_timeout(150)
    assert part.asked == begun + 1  # one at a time
    part.gate.set()
    expect(tab.locator("output")).to_have_text("7")
    assert part.asked <= begun + 3


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


def test_the_page_says_when_the_program_is_away_and_catches_up(part: Part, tab: Tab, site: Site) -> None:
    port = site.server.port
    site.panel.live._closed = True
    site.panel.live.recheck()
    site.server.stop()
    expect(tab.locator("p.warning")).to_contain_text("Sem conexão com o programa", timeout=10_000)

    part.rows.append("d")
    site.panel.live._closed = False
    site.panel.live._boot = "outro"  # as after a new start of the program: no change is known
    site.panel.live._topics.clear()
    pages = (get("/prova", part.page), get("/prova/parte", part.fragment))
    site.server = PanelServer(build_app(site.panel, pages), port=port)
    expect(tab.locator("output")).to_have_text("4", timeout=10_000)
    expect(tab.locator("p.warning")).to_have_count(0)


def test_without_a_shared_worker_a_page_has_a_stream_of_its_own(part: Part, site: Site, chromium: Chromium) -> None:
    with person(chromium, site, Role.VIEWER) as page:
        page.add_init_script("delete window.SharedWorker")
        page.goto("/prova")
        wait_for(lambda: site.panel.live.streams == 1)
        part.rows.append("d")
        site.panel.live.tell("fila")
        expect(page.locator("output")).to_have_text("4")
