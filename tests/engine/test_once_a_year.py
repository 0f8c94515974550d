"""Birthdays: one message for each person and year, whatever the ERP queues and however many integrators send."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from integrator.gateways.simulator.process import RunningSimulator
from integrator.sending.once import REPEATED
from integrator.settings.calendar import CalendarSettings, PromotionHours
from tests.engine.conftest import MORNING
from tools.faults_engine import EngineRun, send_all, start_engine
from tools.faults_shop import Shop, phone_of

INSERT = (
    "INSERT INTO WA_FILA (CHAVE, FINALIDADE, MODULO, TIPO, CLIENTE_CODIGO, CLIENTE_NOME, TELEFONE, ACEITA_RECEBER, "
    "CRIADO_EM) VALUES (?, 'promocional', ?, ?, ?, 'Maria', ?, 'S', ?)"
)
_LEFT = ("enviada", "entregue", "lida")


@pytest.fixture
def engine_run(engine_run: EngineRun) -> EngineRun:
    """Open on holidays, whenever the test is run."""
    return replace(engine_run, calendar=CalendarSettings(promotion=PromotionHours(on_holidays=True)))


def birthday(
    shop: Shop,
    key: str,
    code: str | None,
    phone: str,
    *,
    kind: str = "ANIVERSÁRIO",
    module: str = "ANIVERSARIANTES",
    at: datetime = MORNING,
) -> None:
    shop.run(INSERT, (key, module, kind, code, phone, at))


def states(shop: Shop) -> dict[str, str]:
    """What became of each row; receipts come when they come."""
    return {key: "enviada" if row.state in _LEFT else row.state for key, row in shop.queue().items()}


@pytest.mark.feature("G30")
def test_a_person_gets_one_however_the_erp_calls_it(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    birthday(shop, "a", "4711", phone_of(1))
    birthday(shop, "b", "4711", phone_of(2), kind="Feliz Aniversário", module="aniversariantes")
    birthday(shop, "c", "4712", phone_of(3))

    send_all(engine_run)

    assert states(shop) == {"a": "enviada", "b": "cancelada", "c": "enviada"}
    repeated = shop.queue()["b"]
    assert (repeated.reason, repeated.code) == (REPEATED, "repetida_no_ano")
    assert {bubble.to for bubble in simulator.ledger().messages} == {f"55{phone_of(1)}", f"55{phone_of(3)}"}


@pytest.mark.feature("G30")
def test_without_a_code_the_phone_tells_the_person(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    phone = phone_of(1)
    birthday(shop, "a", None, phone)
    birthday(shop, "b", "", f"({phone[:2]}) {phone[2:7]}-{phone[7:]}")
    birthday(shop, "c", None, phone_of(2))

    send_all(engine_run)

    assert states(shop) == {"a": "enviada", "b": "cancelada", "c": "enviada"}
    assert len(simulator.ledger().messages) == 2


@pytest.mark.feature("G30")
def test_next_year_is_another_birthday(simulator: RunningSimulator, engine_run: EngineRun, shop: Shop) -> None:
    birthday(shop, "a", "4711", phone_of(1))
    send_all(engine_run)
    later = MORNING + timedelta(weeks=53)
    assert later.year > MORNING.year
    birthday(shop, "b", "4711", phone_of(1), at=later)

    send_all(replace(engine_run, start=later))

    assert states(shop) == {"a": "enviada", "b": "enviada"}


@pytest.mark.feature("G30")
def test_a_row_that_could_not_leave_does_not_stand_in_the_way(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    birthday(shop, "a", "4711", "11960000000")  # has no WhatsApp
    birthday(shop, "b", "4711", phone_of(1))
    send_all(engine_run)
    assert states(shop) == {"a": "retida", "b": "enviada"}


@pytest.mark.feature("G30", "B11")
def test_two_integrators_congratulate_each_person_once(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop, tmp_path: Path
) -> None:
    for number in range(8):
        for copy in "ab":
            birthday(shop, f"{number}{copy}", f"C{number}", phone_of(number))

    runs = (engine_run, replace(engine_run, folder=tmp_path / "outro", seed=2))
    processes = [start_engine(run) for run in runs]
    for process in processes:
        process.join(100)

    assert [process.exitcode for process in processes] == [0, 0]
    to = [bubble.to for bubble in simulator.ledger().messages]
    assert sorted(to) == sorted(f"55{phone_of(number)}" for number in range(8))
    assert sorted(states(shop).values()) == ["cancelada"] * 8 + ["enviada"] * 8
