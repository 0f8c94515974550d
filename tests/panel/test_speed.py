"""Pages stay quick over a long history: each filter has its index, and no page reads what it does not show."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from integrator.demo.sample_erp.build import SampleErp
from integrator.documents.report import HistoryRow
from integrator.domain.lifecycle import State
from integrator.erp.connection import Database, Session
from integrator.erp.history import per_day
from integrator.erp.history_filter import Filter, conditions
from integrator.erp.history_rows import Entry, known_kinds, read_totals
from integrator.erp.sql import QUERIES
from integrator.panel.nav import MENU
from integrator.reports import report_row
from tests.demo.conftest import target_of
from tests.panel.effort import effort
from tests.panel.site import Site, close_site, open_site
from tools.bench.panel_rows import PER_DAY, fill_history
from tools.bench.place import Place
from tools.firebird_server import PrivateServer

ROWS = 20_000
#: Of the processors, the database's among them. Generous: what reads the whole history takes much longer.
LIMIT_S = 0.6
#: An answer that waits for an acknowledgement takes at least 40 ms.
QUICK_S = 0.03
_NEWEST = "SELECT MAX(ENVIADA_EM) FROM WA_FILA WHERE CHAVE STARTING WITH 'HISTORICO|'"


@pytest.fixture(scope="module")
def long_history(
    firebird_server: PrivateServer, closed_shop: SampleErp, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A panel on the sample shop after a month of 600 messages a day; its day is the one after the last of them."""
    path = firebird_server.copy_database(closed_shop.target.path, "panel-speed.fdb")
    with Place(firebird_server, path.parent, "").attach(path) as connection:
        fill_history(connection, ROWS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INTEGRATOR_SENHA", firebird_server.password)
        site = open_site(
            replace(closed_shop, target=target_of(firebird_server, path)), tmp_path_factory.mktemp("speed")
        )
        newest: datetime = site.sql(_NEWEST)[0][0]
        site.clock.sleep((newest + timedelta(days=1) - site.clock.now()).total_seconds())
        yield site
        close_site(site)
    path.unlink(missing_ok=True)


@pytest.fixture
def today(long_history: Site) -> date:
    """The day of the panel's clock."""
    return long_history.clock.now().date()


def plan(database: Database, wanted: Filter, query: str = "history_page") -> str:
    """How the server reads a page, or the totals, of that filter."""

    def work(session: Session) -> str:
        where = conditions(session, wanted, *wanted.bounds)
        order = where.newest_first if query == "history_page" else ""
        return session.plan(f"{QUERIES[query]} {where.sql} {order}")

    return database.read(work)


def test_each_filter_is_read_by_its_index(long_history: Site, today: date) -> None:
    database = long_history.database
    month = Filter(today - timedelta(days=30), today)
    walked = "PLAN (WA_FILA ORDER WA_I_FILA_SAIU)"
    common = Filter(month.first, today, module="RECEBER", state=State.READ)
    rare = Filter(month.first, today, module="RECEBER", kind="NÃO EXISTE")
    phone = Filter(month.first, today, words="(49) 98800-0123")
    assert plan(database, month) == walked
    assert plan(database, common) == walked
    assert "INDEX (WA_I_FILA_SAIU)" in plan(database, month, "history_totals")
    assert "INDEX (WA_I_FILA_TIPO)" in plan(database, rare)
    assert "WA_I_FILA_DESTINO" in plan(database, phone)
    assert re.search("WA_I_FILA_(VEZ|CONTATO)", plan(database, Filter(month.first, today, state=State.UNCERTAIN)))
    newest = "SELECT FIRST 50 ID FROM WA_FILA ORDER BY ID DESC"
    assert "ORDER WA_I_FILA_NOVAS" in database.read(lambda session: session.plan(newest))


def test_figures_agree_however_they_are_counted(long_history: Site, today: date) -> None:
    first, last = today - timedelta(days=10), today - timedelta(days=2)
    days = per_day(long_history.database, first, last)
    totals = read_totals(long_history.database, Filter(first, last))

    assert {day.sent + day.failed + day.uncertain for day in days} == {PER_DAY}
    assert totals.messages == PER_DAY * len(days)
    assert totals.read == sum(day.read for day in days)
    assert ("RECEBER", "DÉBITO VENCIDO") in known_kinds(long_history.database)


def test_every_page_of_the_menu_is_quick(long_history: Site, firebird_server: PrivateServer, today: date) -> None:
    browser = long_history.browser()
    browser.page("/")
    slow: dict[str, float] = {}
    month = f"de={today - timedelta(days=30)}&ate={today}"
    addresses = [entry.path for entry in MENU]
    addresses += [f"/historico?{month}", f"/historico?{month}&situacao=falhou", "/historico?de=2000-01-01"]
    for address in addresses:
        quickest = LIMIT_S + 1
        for _ in range(5):  # who shares the machine may be unlucky four times
            started = effort(firebird_server)
            assert browser.page(address).status_code == 200, address
            quickest = min(quickest, effort(firebird_server) - started)
            if quickest < LIMIT_S:
                break
        else:
            slow[address] = quickest
    assert slow == {}


def test_an_answer_does_not_wait_for_an_acknowledgement(long_history: Site) -> None:
    browser = long_history.browser(None)
    browser.page("/fila")  # the first one of a connection never waits

    def quick() -> bool:
        started = time.perf_counter()
        browser.page("/fila")
        return time.perf_counter() - started < QUICK_S

    # Nagle's algorithm would keep every one of them; a busy computer now and then lets one through.
    assert any(quick() for _ in range(500))


def test_a_page_does_not_wait_for_a_file_that_is_being_made(
    long_history: Site, today: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, go_on = threading.Event(), threading.Event()

    def slow_row(row: Entry) -> HistoryRow:
        reading.set()
        go_on.wait(60)
        return report_row(row)

    monkeypatch.setattr("integrator.panel.history.files.report_row", slow_row)
    with ThreadPoolExecutor(1) as maker:
        file = maker.submit(long_history.browser().page, f"/historico/planilha.csv?de={today - timedelta(days=2)}")
        assert reading.wait(30)
        assert long_history.browser().page("/historico").status_code == 200
        assert not file.done()
        go_on.set()
    assert file.result().status_code == 200
