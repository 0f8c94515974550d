"""WA_CONTATO: who ever wrote to the shop, whichever way the number is spelled, and never backwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from integrator.erp.connection import Database
from integrator.erp.contacts import Contacts
from tests.erp.helpers import contract_database
from tools.firebird_server import PrivateServer

LONG, SHORT, OTHER = "5549988590187", "554988590187", "5549999991111"
NOON = datetime(2026, 11, 20, 12)


@pytest.fixture
def contacts(firebird_server: PrivateServer) -> Iterator[Contacts]:
    contract = contract_database(firebird_server)
    database = Database(contract.target())
    yield Contacts(database)
    database.close()
    contract.path.unlink()


def test_who_wrote_under_either_spelling_is_known_as_asked(contacts: Contacts) -> None:
    contacts.wrote(SHORT, NOON, talked=False)
    assert contacts.known([LONG, SHORT, OTHER]) == {LONG, SHORT}
    assert contacts.known([]) == frozenset()
    assert contacts.find(SHORT) == contacts.find(LONG)


def test_news_that_come_late_or_again_take_nothing_back(contacts: Contacts) -> None:
    contacts.wrote(LONG, NOON, talked=True)
    contacts.wrote(LONG, NOON - timedelta(hours=2), talked=True)
    contacts.wrote(LONG, NOON + timedelta(hours=1), talked=False)
    found = contacts.find(LONG)
    assert found.wrote_at == NOON + timedelta(hours=1)
    assert found.talked_at == NOON


def test_only_one_integrator_answers_a_message_and_no_second_one_too_soon(contacts: Contacts) -> None:
    day_before, day_after = NOON - timedelta(days=1), NOON + timedelta(days=1)
    assert contacts.claim_answer(LONG, "m1", NOON, not_after=NOON)
    assert not contacts.claim_answer(SHORT, "m1", NOON, not_after=day_after)
    assert not contacts.claim_answer(LONG, "m2", NOON, not_after=day_before)
    assert contacts.claim_answer(LONG, "m2", day_after, not_after=NOON)


def test_a_robot_holds_nothing_and_erasure_keeps_what_protects_the_person(contacts: Contacts) -> None:
    contacts.wrote(LONG, NOON, talked=True)
    contacts.mark_robot(LONG, NOON)
    assert contacts.find(LONG).talked_at is None
    contacts.mark_wrong(LONG, NOON)
    contacts.forget(SHORT)
    found = contacts.find(LONG)
    assert found.wrote_at is found.robot_at is None
    assert found.wrong_at == NOON
    assert contacts.wrong_numbers() == {LONG: NOON}
    contacts.mark_wrong(LONG, None)
    assert contacts.wrong_numbers() == {}
