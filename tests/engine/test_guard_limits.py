"""The number guard on the real engine: who is written to first, how many, and what stops a number."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from integrator.app import JOURNAL_FILE
from integrator.domain.sender import Used
from integrator.erp.contacts import Contacts
from integrator.gateways.simulator.faults import Fault, FaultKind
from integrator.gateways.simulator.process import RunningSimulator
from integrator.journal.senders import SenderBook
from integrator.settings.sections import WhatsAppSettings
from tests.engine.conftest import MORNING
from tools.faults_engine import EngineRun, drive, engine_of, next_workday, send_all
from tools.faults_shop import Shop, key_of, phone_of

SENDER = "5549999990001"


@pytest.fixture
def run(engine_run: EngineRun) -> EngineRun:
    """Three cold and ten known contacts a day; three failures in a row stop the number."""
    number = WhatsAppSettings(cold_cap=3, known_cap=10, failures_to_stop=3)
    return replace(engine_run, number=number, step_s=900)


def order(simulator: RunningSimulator) -> list[str]:
    """Recipients in the order in which they got something."""
    return list(dict.fromkeys(bubble.to.removeprefix("55") for bubble in simulator.ledger().messages))


def days(simulator: RunningSimulator) -> list[int]:
    """On which day, counted from the first, each recipient got something."""
    first = {bubble.to: bubble.at.date() for bubble in reversed(simulator.ledger().messages)}
    return sorted((at - MORNING.date()).days for at in first.values())


def known(shop: Shop, *numbers: int) -> None:
    for number in numbers:
        Contacts(shop.database).wrote(f"55{phone_of(number)}", MORNING - timedelta(days=20), talked=True)
    shop.database.rest()


@contextmanager
def book(run: EngineRun) -> Iterator[SenderBook]:
    with closing(SenderBook(run.folder / JOURNAL_FILE)) as opened:
        yield opened


@pytest.mark.feature("B07")
def test_people_who_ever_wrote_go_first_and_cold_ones_wait_for_the_next_day(
    simulator: RunningSimulator, run: EngineRun, shop: Shop
) -> None:
    shop.debts(range(6), MORNING.date())
    known(shop, 4, 5)

    with engine_of(run) as (parts, clock):
        drive(parts, clock, replace(run, until=MORNING + timedelta(hours=2)))
        told, waits = parts.engine.status.text, parts.engine.status.next_send
        first_day = order(simulator)
        drive(parts, clock, run)

    assert [*first_day[:2]] == [phone_of(4), phone_of(5)]
    assert len(first_day) == 5
    assert told == "1 mensagem para contato novo espera: limite de 3 contatos novos por dia deste número"
    assert waits is not None
    assert waits.date() == MORNING.date() + timedelta(days=1)
    assert len(order(simulator)) == 6


@pytest.mark.feature("B07", "B11")
def test_two_integrators_of_one_number_share_its_limits(
    simulator: RunningSimulator, run: EngineRun, shop: Shop, tmp_path: Path
) -> None:
    """The other one has a journal of its own and another name for the same number."""
    shop.debts(range(5), MORNING.date())
    send_all(replace(run, ticks=1))
    before = len(order(simulator))

    other = replace(run, folder=tmp_path / "outro", instance="filial", start=MORNING + timedelta(hours=2))
    send_all(replace(other, until=MORNING + timedelta(hours=3)))

    assert 0 < before < 3
    assert len(order(simulator)) == 3


@pytest.mark.feature("B07")
def test_a_new_number_begins_with_twenty_and_grows_by_half_each_day_on_which_it_sends(
    simulator: RunningSimulator, run: EngineRun, shop: Shop
) -> None:
    shop.debts(range(23), MORNING.date())
    new = replace(run, number=WhatsAppSettings(), used=Used.UNKNOWN)

    send_all(new)

    assert days(simulator).count(0) == 20
    with book(new) as opened:
        last = MORNING + timedelta(days=max(days(simulator)))
        assert opened.use(SENDER, last).days_before == 1


@pytest.mark.feature("B07")
def test_the_first_sign_pauses_cold_contacts_for_a_day_and_known_ones_go_on(
    simulator: RunningSimulator, run: EngineRun, shop: Shop
) -> None:
    shop.debts(range(3), MORNING.date())
    known(shop, 2)
    simulator.fail(Fault(FaultKind.RESTRICT, to=frozenset({f"55{phone_of(0)}"})))
    with engine_of(run) as (parts, clock):
        drive(parts, clock, replace(run, ticks=1))
        shop.debts(range(3, 4), MORNING.date())
        known(shop, 3)
        drive(parts, clock, replace(run, until=MORNING + timedelta(hours=2)))

        assert order(simulator) == [phone_of(2), phone_of(3)]
        assert shop.queue()[key_of(0)].state == "pendente"
        assert "contatos novos em pausa até" in parts.engine.status.text

        drive(parts, clock, run)

    assert set(order(simulator)) == {phone_of(number) for number in range(4)}
    assert max(days(simulator)) > 0


@pytest.mark.feature("B07")
def test_a_second_sign_stops_the_number_across_restarts_until_a_person_resumes_it(
    simulator: RunningSimulator, run: EngineRun, shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    shop.debts(range(2), MORNING.date())
    simulator.fail(Fault(FaultKind.RESTRICT, times=2, reason="Conversa recusada (463)."))
    two_workdays_later = next_workday(next_workday(MORNING.date()).date())
    send_all(replace(run, until=two_workdays_later, step_s=3600))
    assert "sender_stopped" in caplog.text

    with engine_of(replace(run, start=two_workdays_later)) as (parts, _):
        parts.engine.tick()
        told = parts.engine.status.text

    assert "parado em" in told
    assert "segundo aviso do WhatsApp em uma semana: Conversa recusada (463). Confira" in told
    assert order(simulator) == []
    assert shop.rows("SELECT SITUACAO FROM WA_INSTANCIA") == [("restrito",)]
    ((beat,),) = shop.rows("SELECT SITUACAO FROM WA_BATIMENTO")
    assert str(beat).startswith("número parado em")
    with book(run) as opened:
        assert opened.resume(SENDER)
    send_all(replace(run, start=two_workdays_later))
    assert len(order(simulator)) == 2


@pytest.mark.feature("B07")
def test_failures_in_a_row_stop_the_number_and_a_success_between_them_does_not(
    simulator: RunningSimulator, run: EngineRun, shop: Shop
) -> None:
    shop.debts(range(9), MORNING.date())
    known(shop, *range(9))
    bad = frozenset(f"55{phone_of(number)}" for number in (0, 1, 3, 4, 5))
    simulator.fail(Fault(FaultKind.REFUSE, times=0, to=bad))

    with engine_of(run) as (parts, clock):
        drive(parts, clock, replace(run, until=MORNING + timedelta(hours=3)))
        told = parts.engine.status.text

    assert order(simulator) == [phone_of(2)]
    assert "3 envios seguidos sem sucesso" in told
    assert [shop.queue()[key_of(number)].state for number in (5, 6)] == ["falhou", "pendente"]


@pytest.mark.feature("A07")
def test_each_module_leaves_by_its_number(simulator: RunningSimulator, run: EngineRun, shop: Shop) -> None:
    shop.debts(range(1), MORNING.date())
    elsewhere = WhatsAppSettings(modules=("ordem_de_servico",), cold_cap=3)

    send_all(replace(run, number=elsewhere, ticks=3))

    # The only number takes what nobody claims, too.
    assert order(simulator) == [phone_of(0)]
