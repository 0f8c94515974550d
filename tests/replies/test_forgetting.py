"""What a person wrote is handed out to that person, and forgotten at her request: on the disk, too."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from decimal import Decimal

import pytest

from integrator.app import JOURNAL_FILE
from integrator.erp.connection import Database, Target
from integrator.erp.contacts import Contacts
from integrator.erp.customers import phone_of
from integrator.gateways.events.log import EVENTS_FILE, EventLog, everybody
from integrator.journal.replies import ReplyBook
from integrator.panel.customers.health import Fault, Registered, examine
from integrator.panel.customers.wrote import forget_wrote, read_wrote
from integrator.settings.sections import Replies
from tests.engine.conftest import MORNING
from tests.replies.conftest import JOAO, MARIA, Ears, answers, customer, hear
from tools.faults_shop import Shop


@pytest.mark.feature("B08")
def test_what_she_wrote_is_told_and_then_gone_and_her_no_stays(ears: Ears, shop: Shop, target: Target) -> None:
    database, maria = Database(target), phone_of(MARIA)
    assert maria is not None
    for number, phone in enumerate((MARIA, JOAO)):
        customer(shop, number, phone)
    listening = ears.listen(target, replies=Replies.ANSWER, reply_text="Fale com a loja")
    said = [ears.wrote("Paguei na lotérica ontem", "554988590187"), ears.wrote("Outro assunto, do João", JOAO)]
    hear(listening, *said, ears.wrote("sair"))
    with closing(EventLog(ears.folder / EVENTS_FILE, ears.clock.now, everybody)) as events:
        for each in said:
            events.append("principal", each)

    told = read_wrote(ears.folder, database, maria)
    assert [text for _, text in told.texts] == ["Paguei na lotérica ontem"]
    assert any("última vez" in words for words, _ in told.facts)

    forget_wrote(ears.folder, database, maria.e164)
    ears.stack.close()
    told = read_wrote(ears.folder, database, maria)
    assert told.texts == told.facts == ()
    assert Contacts(database).known([MARIA, JOAO]) == {JOAO}
    with closing(ReplyBook(ears.folder / JOURNAL_FILE)) as book:
        assert book.exchange(MARIA, ears.clock.now() - timedelta(days=1)).heard == ()
        assert len(book.exchange(JOAO, ears.clock.now() - timedelta(days=1)).heard) == 1
    on_disk = b"".join(each.read_bytes() for each in ears.folder.rglob("*") if each.is_file())
    assert "lotérica".encode() not in on_disk
    assert b"4988590187" not in on_disk
    assert b"988590187" not in on_disk
    assert answers(shop)["cobranca"] == "N"
    database.close()


def test_a_wrong_number_stands_in_the_health_of_the_register() -> None:
    customer_of = Registered("1", "C1", "José", ("(49) 98859-0187",), Decimal("50.00"), 1)
    (finding,) = examine([customer_of], "49", {MARIA: MORNING})
    assert finding.fault is Fault.WRONG
    assert "(49) 98859-0187" in finding.why
    assert examine([customer_of], "49") == ()
