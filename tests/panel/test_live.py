"""Live pages: changes reach every open browser at once, and a page that nobody looks at costs nothing."""

from __future__ import annotations

import asyncio
import gc
import json
import re
import socket
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from integrator.domain.lifecycle import State
from integrator.panel.access import Role
from integrator.panel.accounts.sessions import COOKIE, IDLE, hashed
from integrator.panel.live import EVENTS, _Listener
from integrator.panel.live_watch import Watcher
from tests.panel.browser import person
from tests.panel.site import Browser, Site, all_closed
from tests.waiting import eventually


@contextmanager
def listening(browser: Browser) -> Iterator[Iterator[str]]:
    """The lines of an open stream that say something; a sign of life, as when two changes came as one, says nothing."""
    with browser.get(browser.url + EVENTS, stream=True, timeout=120) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines(chunk_size=1, decode_unicode=True)
        yield (line for line in lines if line and not line.startswith(":"))


def topics(line: str) -> dict[str, int]:
    found: dict[str, int] = json.loads(line.removeprefix("data: "))["topics"]
    return found


def test_only_who_is_signed_in_may_listen(site: Site) -> None:
    assert site.browser(None).page(EVENTS).status_code == 401
    assert site.browser(Role.VIEWER).head(site.url + EVENTS).status_code == 200
    assert site.panel.live.streams == 0


def test_a_change_is_told_at_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site.panel.live._watcher, "_look", set)  # not only when somebody looks, every three seconds,
    monkeypatch.setattr("integrator.panel.live.HEARTBEAT_S", 3600.0)  # nor with the next sign of life
    with listening(site.browser(Role.VIEWER)) as lines:
        next(lines)
        time.sleep(0.3)  # mostly it waits by now
        site.panel.live.tell("clientes")
        while topics(next(lines)).get("clientes", 0) < 1:
            pass


def test_what_the_erp_changes_is_noticed_and_nothing_is_asked_when_nobody_listens(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site.panel.live._watcher, "_often_s", 0.05)
    all_closed()
    with listening(site.browser()) as lines:
        before: dict[str, int] = {}
        while not {"fila", "estado", "config"} <= before.keys():  # what was never seen counts as changed
            before = topics(next(lines))
        looking = site.panel.live._watcher._thread
        assert looking is not None
        key = site.keys(State.PENDING)[0]
        site.execute("UPDATE WA_FILA SET SITUACAO = 'cancelada' WHERE CHAVE = ?", (key,))
        after = topics(next(lines))
        assert after["fila"] > before["fila"]
        assert after.get("estado") == before["estado"]
        site.config.write_text(site.config.read_text(encoding="utf-8") + "\n# tocado\n", encoding="utf-8")
        assert topics(next(lines))["config"] > after["config"]
    looking.join(120)
    assert not looking.is_alive()
    assert not site.panel.live._watcher.alive


def test_signing_out_ends_the_stream_at_once(site: Site) -> None:
    browser = site.browser(Role.OPERATOR)
    with listening(browser) as lines:
        next(lines)
        site.panel.sessions.close(hashed(browser.cookies[COOKIE]))
        assert "event: fim" in list(lines)
    with listening(idle := site.browser(Role.VIEWER)) as lines:
        next(lines)
        site.clock.sleep((IDLE + timedelta(minutes=1)).total_seconds())
        site.panel.live.tell("fila")
        assert "event: fim" in list(lines)
    assert idle.page(EVENTS).status_code == 401


def test_the_server_stops_quickly_with_streams_open(site: Site) -> None:
    site.server._server.config.timeout_graceful_shutdown = 100  # it would wait for a stream that stays open
    browser = site.browser()
    answers = [browser.get(site.url + EVENTS, stream=True, timeout=120) for _ in range(10)]
    eventually(lambda: site.panel.live.streams == 10)
    serving, looking = site.server._thread, site.panel.live._watcher._thread
    assert looking is not None

    site.panel.live.close()
    site.server.stop()

    for thread in (serving, looking):
        thread.join(120)
        assert not thread.is_alive(), thread.name
    assert site.panel.live.streams == 0
    for answer in answers:
        answer.close()


@contextmanager
def _left_behind() -> Iterator[Callable[[], int]]:
    """How many bytes of what was made since then are still there. The stacks of threads do not count: a busy computer
    may need more of them at a time."""
    tracemalloc.start()
    try:
        yield lambda: tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_hundreds_of_comings_and_goings_leave_nothing_behind(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site.panel.live._watcher, "_look", set)
    token = site.token(Role.VIEWER)

    def come_and_go(times: int) -> None:
        for _ in range(times):
            with socket.create_connection(("127.0.0.1", site.server.port)) as line:
                line.sendall(f"GET {EVENTS} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {COOKIE}={token}\r\n\r\n".encode())
                assert b"200 OK" in line.recv(4096)

    all_closed()  # the sites of other tests
    come_and_go(100)
    eventually(lambda: site.panel.live.streams == 0)
    files = _open_files()
    with _left_behind() as left:
        come_and_go(200)
        eventually(lambda: site.panel.live.streams == 0)
        eventually(lambda: _open_files() <= files + 5)
        gc.collect()
        assert left() < 200_000, "a thousand bytes of each"


def test_the_watcher_outlives_a_look_that_fails_and_starts_anew() -> None:
    looks: list[int] = []
    told: list[str] = []

    def look() -> set[str]:
        looks.append(1)
        if len(looks) == 1:
            raise ValueError("a defect")
        return {"fila"}

    watcher = Watcher(look, lambda *topics: told.extend(topics), often_s=0.01)
    watcher.join()
    eventually(lambda: len(told) > 2)
    watcher.leave()
    eventually(lambda: not watcher.alive)
    seen = len(looks)
    watcher.join()
    eventually(lambda: len(looks) > seen)
    watcher.close()
    eventually(lambda: not watcher.alive)


def test_a_change_that_is_told_while_the_server_stops_harms_nobody(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.new_event_loop()
    listener = _Listener(loop, asyncio.Event())
    site.panel.live._join(listener)
    loop.close()
    monkeypatch.setattr(loop, "is_closed", lambda: False)  # it was not when it was asked

    site.panel.live.tell("fila")

    site.panel.live._leave(listener)


def test_twelve_tabs_are_live_at_once(site: Site, chromium: Chromium) -> None:
    awaiting, already = site.keys(State.PENDING)[:2], len(site.keys(State.AWAITING))
    with person(chromium, site, Role.OPERATOR) as page:
        tabs = [page, *(page.context.new_page() for _ in range(11))]
        for tab in tabs:
            tab.goto("/simulador", wait_until="commit")  # the lightest page; all load at once
        eventually(lambda: site.panel.live.streams == 1)
        for key in awaiting:
            site.execute("UPDATE WA_FILA SET SITUACAO = 'aguardando_confirmacao' WHERE CHAVE = ?", (key,))
        site.panel.live.tell("fila")
        for tab in tabs:
            expect(tab.locator('#menu a[href="/confirmar"] .badge')).to_have_text(
                f"{already + 2} aguardando confirmação"
            )
            expect(tab).to_have_title(re.compile(r"^\(\d+\) "))
        assert site.panel.live.streams == 1


def test_who_signed_out_elsewhere_is_sent_to_sign_in(site: Site, chromium: Chromium) -> None:
    with person(chromium, site, Role.VIEWER) as page:
        page.goto("/")
        eventually(lambda: site.panel.live.streams == 1)
        with site.panel.store.change() as db:
            db.execute("DELETE FROM session")
        site.panel.live.recheck()
        page.wait_for_url("**/entrar?*")


def test_a_listener_too_many_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrator.panel.live.MOST_STREAMS", 1)
    browser = site.browser()
    with listening(browser) as lines:
        next(lines)
        assert requests.get(site.url + EVENTS, cookies=browser.cookies, timeout=120).status_code == 503


def test_a_page_left_open_does_not_keep_its_session(site: Site) -> None:
    browser = site.browser()
    for _ in range(13):
        site.clock.sleep(3600)
        browser.page("/avisos", headers={"x-live": "1"})

    assert browser.page("/").status_code == 303, "nobody was there for thirteen hours"
    somebody = site.browser()
    for _ in range(13):
        site.clock.sleep(3600)
        somebody.page("/avisos")
    assert somebody.page("/").status_code == 200
