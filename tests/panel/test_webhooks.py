"""Webhooks: taken by the panel's server without session or proof, many of them, and never to the harm of pages."""

from __future__ import annotations

import http.client
import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
import requests

from integrator.domain.errors import GatewayError
from integrator.gateways.events.log import EventLog, everybody
from integrator.panel.access import Role
from integrator.sending.gateway import HookAnswer, Receipt, ReceiptKind
from tests.panel.site import MORNING, Site, all_closed
from tests.waiting import eventually

TOKEN = "segredo-do-webhook"


@dataclass(slots=True)
class Hook:
    """A webhook as an engine has it: it checks a token, and keeps a receipt per body."""

    events: EventLog
    instance: str = "principal"
    seen: list[bytes] = field(default_factory=list)
    hanging: int = 0
    gate: threading.Event = field(default_factory=threading.Event)
    breaks: Exception | None = None

    def check(self, query: Mapping[str, str]) -> HookAnswer:
        return HookAnswer(200, query.get("hub.challenge", "")) if query.get("token") == TOKEN else HookAnswer(403)

    def receive(self, headers: Mapping[str, str], body: bytes) -> HookAnswer:
        if headers.get("x-token") != TOKEN:
            return HookAnswer(401)
        if self.breaks is not None:
            raise self.breaks
        self.hanging += 1
        self.gate.wait(60)
        self.seen.append(body)
        self.events.append(self.instance, Receipt(body.decode(), ReceiptKind.DELIVERED, MORNING))
        return HookAnswer(200)


@pytest.fixture
def hook(site: Site, tmp_path: Path) -> Hook:
    made = Hook(EventLog(tmp_path / "eventos.db", site.clock.now, everybody))
    made.gate.set()
    site.engine.hooks["principal"] = made
    return made


def told(site: Site, body: bytes, path: str = "/webhook/principal", **headers: str) -> int:
    """What a server that posts gets back."""
    all_headers = {"X-Token": TOKEN, "Content-Type": "application/json", **headers}
    return requests.post(site.url + path, data=body, headers=all_headers, timeout=60).status_code


def test_the_bytes_reach_the_engine_as_they_came(site: Site, hook: Hook) -> None:
    assert told(site, b'{"a":  1}', Origin="https://graph.facebook.com") == 200
    assert told(site, b"x" * 1024 * 1024) == 200
    assert hook.seen == [b'{"a":  1}', b"x" * 1024 * 1024]
    found = requests.get(f"{site.url}/webhook/principal?token={TOKEN}&hub.challenge=123", timeout=120)
    assert (found.status_code, found.text, found.headers["content-type"]) == (200, "123", "text/plain; charset=utf-8")
    assert requests.get(f"{site.url}/webhook/principal?hub.challenge=123", timeout=120).status_code == 403


def test_a_number_is_found_by_its_name_as_the_shop_writes_it(site: Site, hook: Hook) -> None:
    site.engine.hooks["Loja 2 é"] = hook
    assert told(site, b"1", f"/webhook/{quote('Loja 2 é', safe='')}") == 200


def test_what_is_not_meant_for_us_is_refused(site: Site, hook: Hook) -> None:
    assert told(site, b"x" * (1024 * 1024 + 1)) == 413
    assert told(site, b"1", "/webhook/outro") == 404
    assert told(site, b"1", "/webhook/") == 404
    assert told(site, b"1", **{"X-Token": "errado"}) == 401
    assert requests.put(f"{site.url}/webhook/principal", data=b"1", timeout=120).status_code == 405
    assert hook.seen == []


def test_a_public_name_is_answered_for_webhooks_alone(site: Site, hook: Hook) -> None:
    site.config.write_text(
        site.config.read_text(encoding="utf-8").replace(
            "[whatsapp]\n", '[whatsapp]\nendereco_webhook = "https://loja.exemplo.com.br"\n'
        ),
        encoding="utf-8",
    )
    assert told(site, b"1", Host="loja.exemplo.com.br") == 200
    assert told(site, b"1", Host="outra.exemplo.com.br") == 400
    for path in ("/entrar", "/whatsapp", "/webhookx"):
        answer = requests.get(site.url + path, headers={"Host": "loja.exemplo.com.br"}, timeout=120)
        assert answer.status_code == 400, path


def test_an_engine_that_fails_asks_for_a_repetition_and_quotes_nothing(
    site: Site, hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        hook.breaks = GatewayError("O arquivo de eventos não pôde ser usado.", detail="disco cheio")
        assert told(site, b"corpo-privado") == 503
        hook.breaks = ValueError("corpo-privado de 5549988590187")
        assert told(site, b"corpo-privado") == 500
    written = caplog.text
    assert "ValueError" in written
    for private in ("corpo-privado", TOKEN, "5549988590187"):
        assert private not in written
    assert site.browser().page("/whatsapp").status_code == 200


def test_slow_webhooks_hold_no_page_up(site: Site, hook: Hook) -> None:
    hook.gate.clear()
    browser = site.browser(Role.VIEWER)
    posts = [threading.Thread(target=told, args=(site, f"{n}".encode())) for n in range(48)]
    for each in posts:
        each.start()
    eventually(lambda: hook.hanging == 4 and len(site.server._server.server_state.connections) >= len(posts))
    assert browser.page("/envio").status_code == 200
    assert hook.seen == []
    hook.gate.set()
    for each in posts:
        each.join()
    assert len(hook.seen) == len(posts)


@pytest.mark.slow
def test_three_hundred_events_in_three_seconds_are_all_kept(site: Site, hook: Hook) -> None:
    all_closed()  # the time of all threads counts, the server's among them

    def server(which: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", site.server.port, timeout=60)
        begun = time.monotonic()
        for n in range(75):
            time.sleep(max(0.0, begun + n * 0.04 - time.monotonic()))  # a hundred a second, of all four
            connection.request("POST", "/webhook/principal", f"{which}-{n}".encode(), {"X-Token": TOKEN})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200
        connection.close()

    servers = [threading.Thread(target=server, args=(which,)) for which in range(4)]
    begun = time.process_time()
    for each in servers:
        each.start()
    for each in servers:
        each.join()
    spent = time.process_time() - begun
    kept = hook.events.since("principal", 0).events
    assert len({each.provider_id for each in kept if isinstance(each, Receipt)}) == 300
    assert spent < 3, "who posts them and who takes them together had work for less than the three seconds"
