"""Which contact a pending row is for, and which number sends it, told on real rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from integrator.domain.message import Purpose
from integrator.domain.sender import Contact, DayUse
from integrator.erp.connection import Database
from integrator.erp.contacts import Contacts
from integrator.erp.queue import FirebirdQueue
from integrator.erp.sorting import person_wrote
from tests.erp.helpers import Attached, ContractDatabase, contract_database
from tools.firebird_server import PrivateServer

NOW = datetime(2026, 11, 23, 10)
MOBILE, WITHOUT_NINE = "5549988590187", "554988590187"
TOLD = "SELECT CONTATO, CONTATO_FONE, INSTANCIA_REGRA FROM WA_FILA WHERE CHAVE = ?"


@pytest.fixture
def contract(firebird_server: PrivateServer) -> Iterator[ContractDatabase]:
    database = contract_database(firebird_server)
    yield database
    database.path.unlink()


@pytest.fixture
def erp(contract: ContractDatabase) -> Iterator[Attached]:
    with contract.attach() as attached:
        yield attached


@pytest.fixture
def database(contract: ContractDatabase) -> Iterator[Database]:
    database = Database(contract.target())
    yield database
    database.close()


def queue_of(database: Database) -> FirebirdQueue:
    return FirebirdQueue(database, owner="test", instance="principal")


def nobody(_module: str) -> str:
    return ""


def insert(erp: Attached, key: str, phone: str = "(49) 98859-0187", module: str = "RECEBER", state: str = "") -> None:
    sql = "INSERT INTO WA_FILA (CHAVE, TELEFONE, MODULO, SITUACAO) VALUES (?, ?, ?, ?)"
    erp.done(sql, (key, phone, module, state or "pendente"))


@pytest.mark.feature("B07")
def test_whoever_ever_wrote_is_known_under_any_spelling_and_the_others_are_cold(
    erp: Attached, database: Database
) -> None:
    Contacts(database).wrote(WITHOUT_NINE, NOW, talked=True)
    insert(erp, "known", "(49) 98859-0187 / (49) 99111-2222")
    insert(erp, "cold", "49 99111-2222")
    insert(erp, "unreadable", "depois eu passo")
    insert(erp, "draft", state="rascunho")

    assert queue_of(database).sort_waiting("", nobody) == 3

    assert erp.one(TOLD, ("known",)) == ("C", MOBILE, None)
    assert erp.one(TOLD, ("cold",)) == ("F", "5549991112222", None)
    # Held at once instead of waiting for a turn of the cold ones: nothing is written to anybody.
    assert erp.one(TOLD, ("unreadable",)) == ("C", None, None)
    assert erp.one(TOLD, ("draft",)) == (None, None, None)


@pytest.mark.feature("B07")
def test_a_person_who_writes_is_known_from_then_on(erp: Attached, database: Database) -> None:
    insert(erp, "his")
    insert(erp, "other", "49 99111-2222")
    queue = queue_of(database)
    queue.sort_waiting("", nobody)

    assert database.run(lambda session: person_wrote(session, WITHOUT_NINE)) == 1

    assert queue.reserve(Purpose.COLLECTION, datetime.now(), Contact.KNOWN) is not None
    assert queue.reserve(Purpose.COLLECTION, datetime.now(), Contact.KNOWN) is None
    assert queue.reserve(Purpose.COLLECTION, datetime.now(), Contact.COLD) is not None


@pytest.mark.feature("A07")
def test_modules_go_to_their_number_and_anew_when_the_rule_changed(erp: Attached, database: Database) -> None:
    insert(erp, "debt")
    insert(erp, "order", module="ORDEM DE SERVIÇO")
    rule = {"ORDEM DE SERVIÇO": "oficina"}
    queue_of(database).sort_waiting("", lambda module: rule.get(module, ""))
    assert [erp.one(TOLD, (key,))[2] for key in ("debt", "order")] == [None, "oficina"]

    changed = {"RECEBER": "cobranças"}
    assert queue_of(database).sort_waiting("", lambda module: changed.get(module, "")) == 0

    erp.commit()
    assert [erp.one(TOLD, (key,))[2] for key in ("debt", "order")] == ["cobranças", None]


def test_a_row_that_the_erp_holds_is_looked_at_later(
    contract: ContractDatabase, erp: Attached, database: Database
) -> None:
    insert(erp, "held")
    queue = queue_of(database)
    with contract.attach() as other:
        other.run("UPDATE WA_FILA SET PRIORIDADE = 1")
        assert queue.sort_waiting("", nobody) == 0
    assert queue.sort_waiting("", nobody) == 1


def test_a_long_closing_is_looked_at_completely(erp: Attached, database: Database) -> None:
    erp.done(
        "EXECUTE BLOCK AS DECLARE I INTEGER = 0; BEGIN WHILE (I < 1200) DO BEGIN "
        "INSERT INTO WA_FILA (CHAVE, TELEFONE) VALUES ('k' || :I, '4998859' || (1000 + :I)); I = I + 1; END END"
    )

    assert queue_of(database).sort_waiting("", nobody) == 1200
    (waiting,) = queue_of(database).waiting(NOW)
    assert (waiting.rows, waiting.cold) == (1200, 1200)


@pytest.mark.feature("B07")
def test_the_queue_counts_people_per_sender_number_whoever_sent(
    contract: ContractDatabase, erp: Attached, database: Database
) -> None:
    sent = [
        # number, contact, destination, when, test
        ("551", "F", "5549900000001", NOW, "N"),
        ("551", "F", "5549900000001", NOW, "N"),
        ("551", "C", "5549900000002", NOW, "N"),
        ("551", "F", "5549900000003", NOW, "S"),
        ("552", "F", "5549900000004", NOW, "N"),
        ("551", "F", "5549900000005", NOW - timedelta(days=1), "N"),
        ("551", "F", "5549900000006", NOW - timedelta(days=3), "N"),
        ("551", "F", "5549900000007", NOW - timedelta(days=60), "N"),
    ]
    for number, (sender, contact, destination, at, test) in enumerate(sent):
        insert(erp, f"k{number}")
        erp.done(
            "UPDATE WA_FILA SET REMETENTE = ?, CONTATO = ?, DESTINO = ?, ENVIADA_EM = ?, TESTE = ? WHERE CHAVE = ?",
            (sender, contact, destination, at, test, f"k{number}"),
        )

    assert queue_of(database).day_use("551", NOW) == DayUse(known=1, cold=1)
    assert queue_of(database).days_of_sending("551", NOW) == 2
    assert queue_of(database).day_use("553", NOW) == DayUse()


def test_what_waited_for_a_person_is_looked_at_again_when_it_may_leave(erp: Attached, database: Database) -> None:
    """Meanwhile its contact may have written, and its number may be gone."""
    queue = queue_of(database)
    insert(erp, "asked", module="OFICINA")
    queue.sort_waiting("", lambda _module: "oficina")
    erp.done("UPDATE WA_FILA SET SITUACAO = 'rascunho'", ())
    erp.done("UPDATE WA_FILA SET SITUACAO = 'aguardando_confirmacao'", ())
    Contacts(database).wrote(MOBILE, NOW, talked=True)
    erp.done("UPDATE WA_FILA SET SITUACAO = 'pendente'", ())
    assert erp.one(TOLD, ("asked",)) == (None, None, None)
    queue_of(database).sort_waiting("", nobody)
    assert erp.one(TOLD, ("asked",)) == ("C", MOBILE, None)


def test_a_row_that_the_erp_holds_while_the_rule_changes_is_given_its_number_afterwards(
    contract: ContractDatabase, erp: Attached, database: Database
) -> None:
    insert(erp, "held", module="OFICINA")
    queue_of(database).sort_waiting("", lambda _module: "oficina")
    queue = queue_of(database)
    with contract.attach() as holder:
        holder.run("UPDATE WA_FILA SET PRIORIDADE = 4")
        queue.sort_waiting("", nobody)
    assert erp.one(TOLD, ("held",))[2] == "oficina"
    queue.sort_waiting("", nobody)
    assert erp.one(TOLD, ("held",))[2] is None
