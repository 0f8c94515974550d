"""Status callbacks: told once for each change, in order, signed, again and again until somebody answers."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import fdb
import pytest

from integrator.domain.lifecycle import State
from integrator.panel.api.callbacks.book import Book
from integrator.panel.api.callbacks.worker import Callbacks
from integrator.panel.api.keys import ApiKeys
from tests.panel.api_client import Client, client, message
from tests.panel.site import Site
from tests.waiting import eventually


@dataclass(slots=True)
class Listener:
    """The ERP's own little server: keeps what it was told and answers with ``status``."""

    url: str = ""
    status: int = 200
    refused: str = ""
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.heard]

    def targets(self, key: str) -> list[str]:
        """What a message was told to have become, in the order it was told."""
        return [each["para"] for each in self.told if each["mensagem"]["chave"] == key]


@pytest.fixture
def listener() -> Iterator[Listener]:
    ours = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            ours.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
            refused = ours.refused and ours.refused.encode() in body
            self.send_response(500 if refused else ours.status)
            self.send_header("Location", f"{ours.url}/outro")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    ours.url = f"http://127.0.0.1:{server.server_port}/integrador"
    yield ours
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def erp(site: Site) -> Client:
    return client(site)


def turn(worker: Callbacks) -> None:
    """Until nothing can be told at once."""
    for _ in range(50):
        wait = worker.turn()
        if wait is None or wait > 1:
            return
    raise AssertionError("never at rest")


def registered(site: Site, erp: Client, url: str, *, all_rows: bool = False) -> Callbacks:
    Book(site.panel.store).register(erp.key.id, url, all_rows=all_rows)
    worker = Callbacks(site.panel)
    turn(worker)
    return worker


def test_each_change_of_the_keys_own_messages_is_told_signed_and_in_order(
    site: Site, erp: Client, listener: Listener
) -> None:
    worker = registered(site, erp, listener.url)
    answer = erp.post("/messages", message("os|1", texto="Segredo do cliente")).json()
    guid = answer["mensagem"]["id"]
    erp.post(f"/messages/{guid}/cancel", {"motivo": "Cliente já retirou"})
    other = site.keys(State.PENDING)[0]
    site.execute("UPDATE WA_FILA SET SITUACAO = 'retida' WHERE CHAVE = ?", (other,))

    turn(worker)

    assert listener.targets("os|1") == ["pendente", "cancelada"]
    assert {each["mensagem"]["id"] for each in listener.told} == {guid}
    headers, body = listener.heard[-1]
    (callback,) = Book(site.panel.store).callbacks()
    expected = hmac.new(callback.secret.encode(), body, hashlib.sha256).hexdigest()
    told = json.loads(body)
    assert headers["x-integrador-assinatura"] == f"sha256={expected}"
    assert headers["x-integrador-evento"] == told["evento"]
    assert headers["x-integrador-momento"] == told["enviado_em"]
    assert (told["de"], told["motivo"]) == ("pendente", "Cliente já retirou")
    assert b"Segredo" not in b"".join(body for _, body in listener.heard)
    turn(worker)
    assert len(listener.heard) == 2


def test_all_messages_are_told_to_who_asks_for_all(site: Site, erp: Client, listener: Listener) -> None:
    worker = registered(site, erp, listener.url, all_rows=True)
    key = site.sql("SELECT FIRST 1 CHAVE FROM WA_FILA WHERE SITUACAO = 'pendente'")[0][0].strip()

    site.execute("UPDATE WA_FILA SET SITUACAO = 'retida', MOTIVO = 'Conferir' WHERE CHAVE = ?", (key,))
    turn(worker)

    assert listener.targets(key) == ["retida"]


def test_what_a_long_transaction_commits_late_is_told_too(site: Site, erp: Client, listener: Listener) -> None:
    """Its events have lower numbers than those that were read meanwhile."""
    worker = registered(site, erp, listener.url, all_rows=True)
    target = site.erp.target
    first, second, third = (
        row[0].strip() for row in site.sql("SELECT FIRST 3 CHAVE FROM WA_FILA WHERE SITUACAO = 'pendente'")
    )
    slow = fdb.connect(
        dsn=f"{target.host}/{target.port}:{target.path}",
        user="SYSDBA",
        password=site.panel.shops()[0].database.target.password,
        charset="UTF8",
    )
    slow.cursor().execute(
        "UPDATE WA_FILA SET SITUACAO = 'retida' WHERE CHAVE IN (?, ?)", (first.encode(), third.encode())
    )
    site.execute("UPDATE WA_FILA SET SITUACAO = 'cancelada' WHERE CHAVE = ?", (second,))
    turn(worker)
    assert (listener.targets(second), listener.targets(first)) == (["cancelada"], [])

    slow.commit()
    slow.close()
    turn(Callbacks(site.panel))

    assert (listener.targets(first), listener.targets(third), listener.targets(second)) == (
        ["retida"],
        ["retida"],
        ["cancelada"],
    )


def test_nobody_there_is_tried_again_at_growing_waits_and_given_up_after_a_day(
    site: Site, erp: Client, listener: Listener
) -> None:
    listener.status = 503
    worker = registered(site, erp, listener.url)
    erp.post("/messages", message("os|1"))
    waits = []
    for _ in range(60):
        heard = len(listener.heard)
        turn(worker)
        if len(listener.heard) == heard:
            break
        book = Book(site.panel.store)
        at = book.next_at()
        if at is None:
            break
        waits.append((at - site.clock.now()).total_seconds())
        site.clock.sleep(waits[-1])

    assert waits[:8] == [10, 30, 60, 120, 300, 600, 1800, 3600]
    assert timedelta(hours=22) < timedelta(seconds=sum(waits)) <= timedelta(hours=24)
    figures = Book(site.panel.store).figures(erp.key.id)
    assert (figures.pending, figures.given_up) == (0, 1)
    assert len({each["evento"] for each in listener.told}) == 1
    assert [each["tentativa"] for each in listener.told] == list(range(1, len(listener.told) + 1))


def test_one_message_that_is_refused_holds_up_neither_the_others_nor_its_own_order(
    site: Site, erp: Client, listener: Listener
) -> None:
    worker = registered(site, erp, listener.url)
    listener.refused = "os|1"
    guid = erp.post("/messages", message("os|1")).json()["mensagem"]["id"]
    erp.post(f"/messages/{guid}/cancel")
    erp.post("/messages", message("os|2"))
    turn(worker)
    assert (listener.targets("os|1"), listener.targets("os|2")) == (["pendente"], ["pendente"])

    listener.refused = ""
    listener.heard.clear()
    Book(site.panel.store).hurry(erp.key.id, site.clock.now())
    turn(worker)

    assert listener.targets("os|1") == ["pendente", "cancelada"]


def test_where_nobody_answers_the_others_wait_with_the_first(site: Site, erp: Client, listener: Listener) -> None:
    worker = registered(site, erp, "http://127.0.0.1:9/nada")
    for number in range(3):
        erp.post("/messages", message(f"os|{number}"))
    turn(worker)
    turn(worker)

    assert site.panel.store.read("SELECT attempts FROM api_delivery ORDER BY id") == [(1,), (0,), (0,)]
    (callback,) = Book(site.panel.store).callbacks()
    assert callback.last_answer == "não foi possível conectar"


def test_a_redirect_is_not_followed(site: Site, erp: Client, listener: Listener) -> None:
    listener.status = 307
    worker = registered(site, erp, listener.url)
    erp.post("/messages", message("os|1"))
    turn(worker)

    assert len(listener.heard) == 1
    assert "redirecionamento" in Book(site.panel.store).callbacks()[0].last_answer


def test_a_restored_backup_is_read_from_now_on(site: Site, erp: Client, listener: Listener) -> None:
    worker = registered(site, erp, listener.url, all_rows=True)
    with site.panel.store.change() as db:
        db.execute("UPDATE api_cursor SET event = event + 1000000")
    turn(worker)
    erp.post("/messages", message("os|1"))
    turn(worker)

    assert listener.targets("os|1") == ["pendente"]


def test_a_revoked_key_is_told_nothing_more(site: Site, erp: Client, listener: Listener) -> None:
    worker = registered(site, erp, listener.url)
    erp.post("/messages", message("os|1"))
    ApiKeys(site.panel.store).revoke(erp.key.id, site.clock.now())

    assert worker.turn() is None
    assert listener.heard == []
    assert erp.get("/status").status_code == 401


def test_the_thread_tells_at_once_sleeps_without_work_and_stops_quickly(
    site: Site, erp: Client, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []
    read = site.panel.store.read

    def counted(sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        looks.append(sql)
        return read(sql, parameters)

    monkeypatch.setattr(site.panel.store, "read", counted)
    monkeypatch.setattr("integrator.panel.api.callbacks.worker.LOOK_S", 3600.0)  # only the bell wakes it
    worker = Callbacks(site.panel)
    worker.start()
    try:
        eventually(lambda: bool(looks))
        time.sleep(0.3)
        assert len(looks) == 1, "with nobody to tell it looked once and sleeps"
        registered_at = Book(site.panel.store).register(erp.key.id, listener.url, all_rows=False)
        assert registered_at.url == listener.url
        worker.wake()
        eventually(lambda: read("SELECT COUNT(*) FROM api_cursor") == [(1,)])  # it is told from now on
        erp.post("/messages", message("os|1"))
        eventually(lambda: bool(listener.heard))
        assert listener.targets("os|1") == ["pendente"]
    finally:
        worker.stop()
    assert worker._thread is not None
    worker._thread.join(120)
    assert not worker._thread.is_alive()
