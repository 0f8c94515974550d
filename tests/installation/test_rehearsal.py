"""While an installation asks, it shows what customers would get, and leaves every table as it was."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from integrator.domain.errors import ErpDatabaseError
from integrator.domain.message import Purpose
from integrator.erp.connection import Database
from integrator.erp.pending import PendingRows, ReadOnlyDatabase
from integrator.erp.queue import FirebirdQueue
from integrator.gateways.simulator.ledger import read_ledger
from integrator.installation.rehearsal_folder import FOLDER, forget_rehearsal
from integrator.installation.simulation import rehearsing
from integrator.installation.standing import Asks, Cause
from integrator.sending.compose import Composer
from integrator.sending.policy import ComposePolicy
from integrator.sending.ports import World
from integrator.sending.rehearsal import Fate, Rehearsal, RehearsalPolicy
from tests.installation.conftest import MORNING, Computer
from tools.faults_engine import SkippedClock
from tools.faults_shop import Shop, key_of, phone_of

ASKS = Asks(Cause.OTHERS, "Outro integrador já atende esta fila (BALCAO).")


def every_table(shop: Shop) -> dict[str, list[tuple[Any, ...]]]:
    """All that the contract holds."""
    named = shop.rows("SELECT RDB$RELATION_NAME FROM RDB$RELATIONS WHERE RDB$RELATION_NAME STARTING WITH 'WA_'")
    return {name.strip(): shop.rows(f"SELECT * FROM {name.strip()} ORDER BY 1, 2") for (name,) in named}


@pytest.mark.feature("B12", "B25")
def test_what_is_due_appears_on_the_phone_page_and_no_table_changes(laptop: Computer, shop: Shop) -> None:
    shop.debts(range(2), MORNING.date())
    shop.enqueue(7, purpose=Purpose.SERVICE)
    shop.release(key_of(7))
    before = every_table(shop)
    shop.close()

    results = laptop.rehearse(ASKS, ticks=3)

    assert every_table(shop) == before
    assert [(each.key, each.fate) for each in results] == [
        (key_of(7), Fate.SENT),  # a finished service order does not stand behind debts
        (key_of(0), Fate.SENT),
        (key_of(1), Fate.SENT),
    ]
    ledger = read_ledger(laptop.folder / FOLDER / "simulador")
    assert {bubble.to for bubble in ledger.messages} == {f"55{phone_of(n)}" for n in (0, 1, 7)}
    assert (ledger.reposts, ledger.duplicates()) == ((), ())
    page = (laptop.folder / FOLDER / "celulares.html").read_text(encoding="utf-8")
    assert "Cliente 1" in page
    assert "Loja Modelo" in page
    assert not (laptop.folder / "simulador").exists()

    again = laptop.rehearse(ASKS)  # the next start shows all of it anew
    assert (len(again), read_ledger(laptop.folder / FOLDER / "simulador").reposts) == (3, ())
    forget_rehearsal(laptop.folder)
    assert not (laptop.folder / FOLDER).exists()


def test_what_would_not_leave_is_told_with_its_reason(laptop: Computer, shop: Shop) -> None:
    shop.enqueue(1, purpose=Purpose.SERVICE, phone="123")
    shop.release(key_of(1))
    paid = shop.enqueue(2)
    shop.add_title(paid, 2, MORNING.date())
    shop.release(key_of(2))
    shop.run("UPDATE WA_TITULO SET SITUACAO = 'pago'")
    shop.run("UPDATE WA_FILA SET SITUACAO = 'pendente' WHERE SITUACAO = 'retida'")
    shop.close()

    fates = {each.key: (each.fate, bool(each.reason)) for each in laptop.rehearse(ASKS)}

    assert fates == {key_of(1): (Fate.HELD, True), key_of(2): (Fate.CANCELLED, True)}
    told = (laptop.folder / FOLDER / "lista.txt").read_text(encoding="utf-8-sig")
    assert f"{key_of(2)} Cliente 2: seria cancelada:" in told


def test_rows_of_another_time_or_number_are_left_out(laptop: Computer, shop: Shop) -> None:
    shop.debts(range(4), MORNING.date())
    shop.run("UPDATE WA_FILA SET NAO_ANTES = ? WHERE CHAVE = ?", (MORNING.replace(hour=23), key_of(0)))
    shop.run("UPDATE WA_FILA SET EXPIRA_EM = ? WHERE CHAVE = ?", (MORNING, key_of(1)))
    shop.run("UPDATE WA_FILA SET INSTANCIA = 'filial' WHERE CHAVE = ?", (key_of(2),))
    shop.close()

    assert [each.key for each in laptop.rehearse(ASKS)] == [key_of(3)]


def test_a_long_queue_is_shown_up_to_a_limit(laptop: Computer, shop: Shop, database: Database) -> None:
    shop.debts(range(4), MORNING.date())
    shop.close()
    clock = SkippedClock(MORNING)
    with rehearsing(laptop.settings, laptop.folder, database=database, clock=clock, asks=ASKS) as built:
        policy = RehearsalPolicy(ASKS.reason, limit=3)
        short = Rehearsal(built._world, built._rows, composer=built._composer, policy=policy)
        short.tick()
        short.tick()

    assert [each.key for each in short.results] == [key_of(n) for n in range(3)]


def test_the_server_itself_refuses_whatever_would_write(laptop: Computer, shop: Shop) -> None:
    shop.debts(range(1), MORNING.date())
    with closing(ReadOnlyDatabase(laptop.target)) as looked_at:
        queue = FirebirdQueue(looked_at, owner="x", instance="principal")
        with pytest.raises(ErpDatabaseError):
            queue.reserve(Purpose.COLLECTION, MORNING)
        with pytest.raises(ErpDatabaseError):
            queue.expire(MORNING, MORNING)
        assert len(PendingRows(looked_at, "principal").due(Purpose.COLLECTION, MORNING, 5)) == 1


def test_a_rehearsal_refuses_a_gateway_that_reaches_customers(tmp_path: Path) -> None:
    class Real:
        name = "whatsapp"

    world = World(queue=None, journal=None, gateway=Real(), clock=None)  # type: ignore[arg-type]  # never reached
    with pytest.raises(ValueError, match="simulator only"):
        Rehearsal(world, rows=None, composer=Composer(ComposePolicy()), policy=RehearsalPolicy(""))  # type: ignore[arg-type]  # never reached
