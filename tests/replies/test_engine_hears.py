"""The whole engine hears: a SAIR that arrives while a row is on its way stops it, and who talks is not interrupted."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from integrator.app import JOURNAL_FILE
from integrator.domain.errors import GatewayError
from integrator.domain.message import Purpose
from integrator.erp.queue import FirebirdQueue
from integrator.gateways.simulator.process import RunningSimulator
from integrator.journal.store import SqliteJournal
from integrator.sending.news import News
from integrator.sending.pace import Pace
from tests.engine.conftest import MORNING
from tests.replies.conftest import answers
from tools.faults_engine import EngineRun, engine_of, next_workday, send_all
from tools.faults_shop import Shop, key_of, phone_of

LEFT = {"enviada", "entregue", "lida"}
PERSON = f"55{phone_of(0)}"


def debt(shop: Shop, number: int = 0) -> None:
    row_id = shop.enqueue(number)
    shop.add_title(row_id, number, MORNING.date() - timedelta(days=10))
    shop.release(key_of(number))


def written_at(
    monkeypatch: pytest.MonkeyPatch, owner: type, method: str, simulator: RunningSimulator, text: str
) -> None:
    """The customer writes when the engine comes by there for the first time."""
    original = getattr(owner, method)
    waiting = [text]

    def wrapped(*args: Any, **named: Any) -> Any:
        if waiting:
            simulator.write(PERSON, waiting.pop(), MORNING)
        return original(*args, **named)

    monkeypatch.setattr(owner, method, wrapped)


def known(shop: Shop) -> None:
    """The shop has written to that person before."""
    shop.run("INSERT INTO WA_CONSENTIMENTO (TELEFONE, FINALIDADE, ACEITA) VALUES (?, 'servico', 'S')", (PERSON,))


@pytest.mark.feature("B08")
def test_a_sair_between_reserving_and_sending_is_obeyed(
    engine_run: EngineRun, simulator: RunningSimulator, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    debt(shop)
    written_at(monkeypatch, FirebirdQueue, "load", simulator, "SAIR")
    send_all(engine_run)
    row = shop.queue()[key_of(0)]
    assert (row.state, row.code) == ("retida", "consentimento")
    (answer,) = simulator.ledger().messages
    assert "VOLTAR" in answer.text


@pytest.mark.feature("B08")
def test_a_sair_between_two_parts_keeps_the_rest_back(
    engine_run: EngineRun, simulator: RunningSimulator, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    debt(shop, 0)
    shop.rows("SELECT RESULTADO FROM WA_CANCELAR(?, 'teste')", (key_of(0),))
    row_id = shop.enqueue(0, key="OUTRA")
    shop.add_title(row_id, 4, MORNING.date() - timedelta(days=10))
    shop.release("OUTRA")
    written_at(monkeypatch, Pace, "part_gap_s", simulator, "pare")
    send_all(engine_run)
    row = shop.queue()["OUTRA"]
    assert (row.state, row.code) == ("falhou", "consentimento")
    assert [part.state in LEFT for part in row.parts].count(True) == 1
    assert len(simulator.ledger().messages) == 2


@pytest.mark.feature("S31")
def test_a_reminder_waits_a_day_after_its_person_wrote_and_a_service_does_not(
    engine_run: EngineRun, simulator: RunningSimulator, shop: Shop
) -> None:
    known(shop)
    debt(shop)
    shop.enqueue(1, purpose=Purpose.SERVICE, phone=phone_of(0))
    shop.release(key_of(1))
    with engine_of(engine_run) as (parts, clock):
        simulator.write(PERSON, "Bom dia, qual o valor para pagar hoje?", clock.now())
        for _ in range(20):
            parts.engine.tick()
            clock.sleep(60)
        assert shop.queue()[key_of(0)].state == "pendente"
        assert shop.queue()[key_of(1)].state in LEFT
        assert "conversando" in shop.queue()[key_of(0)].reason
        clock.sleep((next_workday(MORNING.date()) + timedelta(hours=1) - clock.now()).total_seconds())
        for _ in range(20):
            parts.engine.tick()
            clock.sleep(60)
    assert shop.queue()[key_of(0)].state in LEFT


@pytest.mark.feature("S31", "B08")
def test_strangers_leave_no_trace_on_the_disk(
    engine_run: EngineRun, simulator: RunningSimulator, shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    with engine_of(engine_run) as (parts, clock):
        simulator.write("5548911112222", "segredo de família", clock.now())
        simulator.write(PERSON, "sair", clock.now())
        parts.engine.tick()
    assert answers(shop, PERSON)["cobranca"] == "N"
    for file in engine_run.folder.rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        assert b"segredo" not in content
        assert b"48911112222" not in content
    assert shop.rows("SELECT COUNT(*) FROM WA_CONTATO WHERE TELEFONE STARTING WITH '5548'") == [(0,)]
    assert PERSON not in caplog.text
    assert "segredo" not in caplog.text


@pytest.mark.feature("B08")
def test_while_nobody_can_be_heard_the_rest_of_a_row_waits_and_what_left_is_written_down(
    engine_run: EngineRun, simulator: RunningSimulator, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    debt(shop, 4)
    away = [GatewayError("As notícias não podem ser lidas.")]
    original = News.listen

    def listen(news: News) -> None:
        if away:
            raise away.pop()
        original(news)

    monkeypatch.setattr(News, "listen", listen)
    with engine_of(engine_run) as (parts, clock):
        parts.engine.tick()
        row = shop.queue()[key_of(4)]
        assert row.state == "pendente"
        assert [part.state in LEFT for part in row.parts].count(True) == 1
        for _ in range(20):
            clock.sleep(60)
            parts.engine.tick()
    row = shop.queue()[key_of(4)]
    assert row.state in LEFT
    assert len(simulator.ledger().messages) == len(row.parts)


@pytest.mark.feature("B08", "B25")
@pytest.mark.parametrize("restored", [True, False], ids=["restored", "copied back"])
def test_a_sair_that_came_after_the_backup_counts_in_the_restored_database(
    engine_run: EngineRun, simulator: RunningSimulator, shop: Shop, *, restored: bool
) -> None:
    """What the person wrote is no longer in any table, and the journal has long read it."""
    with engine_of(engine_run) as (parts, clock):
        parts.engine.tick()
        simulator.write(PERSON, "SAIR", clock.now())
        clock.sleep(60)
        parts.engine.tick()
        parts.engine.tick()
    assert answers(shop, PERSON)["cobranca"] == "N"
    shop.run("DELETE FROM WA_CONSENTIMENTO")
    shop.run("DELETE FROM WA_CONTATO")
    debt(shop)
    with closing(SqliteJournal(engine_run.folder / JOURNAL_FILE, MORNING)) as journal:
        # As if the journal had known a database of another day, or one in which more had happened.
        mark = "principal|banco" if restored else "principal|numerados"
        journal.set_cursor(mark, journal.cursor(mark) + (-1 if restored else 1_000))
    send_all(engine_run)
    assert shop.queue()[key_of(0)].code == "consentimento"
    assert answers(shop, PERSON)["cobranca"] == "N"
    assert len(simulator.ledger().messages) == 1
