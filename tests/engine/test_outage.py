"""How often a database that is away is asked again, and how often the log says so."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import pytest

from integrator.domain.errors import DatabaseRefused, DatabaseUnavailable, ErpDatabaseError, Remedy
from integrator.sending.outage import Outage

START = datetime(2026, 10, 5, 9)
LOST = DatabaseUnavailable("Não consegui falar com o servidor.")
SHUT = DatabaseUnavailable("Em manutenção.", remedy=Remedy.WAIT)
REFUSED = DatabaseRefused("Senha errada.")
UNKNOWN = ErpDatabaseError("O banco de dados respondeu com um erro inesperado.")


@pytest.mark.parametrize("error", [LOST, UNKNOWN], ids=["lost", "never seen before"])
def test_the_pauses_grow_from_one_second_to_a_minute(error: ErpDatabaseError) -> None:
    outage = Outage()
    pauses = []
    for _ in range(8):
        outage.failed(error, START)
        pauses.append(outage.wait_s)

    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]


@pytest.mark.parametrize("error", [SHUT, REFUSED], ids=["maintenance", "login"])
def test_what_people_are_working_on_is_asked_for_each_minute(error: DatabaseUnavailable | DatabaseRefused) -> None:
    outage = Outage()
    outage.failed(error, START)

    assert not outage.due(START + timedelta(seconds=40))
    assert outage.due(START + timedelta(seconds=60))


def test_a_clock_that_is_put_back_makes_nobody_wait() -> None:
    outage = Outage()
    outage.failed(SHUT, START)

    assert outage.due(START - timedelta(hours=1))


def test_an_episode_is_logged_when_it_begins_when_it_changes_and_when_it_is_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    outage = Outage()
    for error in (LOST, LOST, LOST, SHUT, SHUT):
        outage.failed(error, START)
    outage.over(START + timedelta(minutes=5))
    outage.over(START + timedelta(minutes=6))

    assert [record.getMessage().split()[0] for record in caplog.records] == [
        "action=problem",
        "action=problem",
        "action=problem_over",
    ]
    assert outage.due(START)
