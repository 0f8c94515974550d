"""The forecast of the queue: pace, daily maximum, calendar and pause become one sentence."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from integrator.app import JOURNAL_FILE
from integrator.journal.senders import SenderBook
from integrator.reports import Forecast, read_forecast
from integrator.settings import Settings
from integrator.settings.sections import SendingSettings
from tools.faults_shop import Shop

MORNING = datetime(2026, 3, 3, 9)  # a Tuesday without a holiday
STEADY = SendingSettings(gap_min_s=60, gap_max_s=60, part_gap_min_s=0, part_gap_max_s=0, daily_max=100)


def waiting(shop: Shop, rows: int) -> Shop:
    shop.debts(range(rows), date(2026, 3, 3))
    return shop


def test_the_last_message_leaves_after_the_gaps_of_those_before_it(shop: Shop) -> None:
    told = read_forecast(waiting(shop, 11).database, Settings(sending=STEADY), MORNING)
    assert told == Forecast(11, MORNING + timedelta(minutes=10), None)
    assert told.sentence(MORNING) == "O envio termina por volta de 09:10 de hoje."


def test_what_passes_the_daily_maximum_leaves_on_the_next_day(shop: Shop) -> None:
    few = STEADY.model_copy(update={"daily_max": 5})
    told = read_forecast(waiting(shop, 6).database, Settings(sending=few), MORNING)
    assert told.sentence(MORNING) == "O envio termina por volta de 08:00 de amanhã."


def test_outside_the_hours_the_next_opening_counts(shop: Shop) -> None:
    friday_night = datetime(2026, 3, 6, 22)
    told = read_forecast(waiting(shop, 1).database, Settings(sending=STEADY), friday_night)
    assert told.sentence(friday_night) == "O envio termina por volta de 08:00 de 09/03/2026."


def test_a_pause_is_told_and_waited_for(shop: Shop) -> None:
    waiting(shop, 1)
    shop.config("PAUSADO_ATE", "2026-03-03 15:00:00")
    told = read_forecast(shop.database, Settings(sending=STEADY), MORNING)
    assert told.sentence(MORNING) == ("Envio pausado até 03/03/2026 15:00. O envio termina por volta de 15:00 de hoje.")


@pytest.mark.parametrize(("pause", "sentence"), [("", ""), ("SEMPRE", "Envio pausado até alguém retomar.")])
def test_with_nothing_to_foresee_it_says_no_time(pause: str, sentence: str, shop: Shop) -> None:
    if pause:
        waiting(shop, 1).config("PAUSADO_ATE", pause)
    told = read_forecast(shop.database, Settings(sending=STEADY), MORNING)
    assert (told.ends, told.sentence(MORNING)) == (None, sentence)


@pytest.mark.feature("B07")
def test_cold_contacts_beyond_the_numbers_limit_are_told_and_counted(shop: Shop, tmp_path: Path) -> None:
    waiting(shop, 45)
    shop.run("UPDATE WA_FILA SET CONTATO = 'F'")
    with closing(SenderBook(tmp_path / JOURNAL_FILE)) as book:
        book.meet("5549999990001", "principal", MORNING)

    told = read_forecast(shop.database, Settings(sending=STEADY), MORNING, tmp_path)

    assert told.sentence(MORNING) == (
        "45 mensagens são para contatos novos: o limite deste número é de 20 por dia. "
        "O envio termina por volta de 08:05 de 05/03/2026."
    )


@pytest.mark.feature("B07")
def test_a_stopped_number_has_no_end_and_says_why(shop: Shop, tmp_path: Path) -> None:
    waiting(shop, 1)
    with closing(SenderBook(tmp_path / JOURNAL_FILE)) as book:
        book.meet("5549999990001", "principal", MORNING)
        book.halt("5549999990001", MORNING, "5 envios seguidos sem sucesso")

    told = read_forecast(shop.database, Settings(sending=STEADY), MORNING, tmp_path)

    assert told.ends is None
    assert told.sentence(MORNING).startswith("Número parado em 03/03 09:00: 5 envios seguidos sem sucesso.")
