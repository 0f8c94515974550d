"""What leaves once per person and year: the derived key, and two integrators that mean to send it at one moment."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime
from itertools import count

import pytest

from integrator.domain.errors import RowLocked
from integrator.domain.message import Composed, Message, Purpose
from integrator.erp.claims import claimed
from integrator.erp.connection import Database, Session
from integrator.erp.queue import FirebirdQueue
from integrator.sending.ports import Begun, Plan, Repeated, Reservation
from tests.erp.helpers import Attached, ContractDatabase, contract_database
from tools.firebird_server import PrivateServer

CLAIM = "ANIVERSARIANTES|ANIVERSÁRIO|1|4711|2026"
PLAN = Plan(Composed("Parabéns", "v1", ()), "5549988590187", "", False, (), CLAIM)
INSERT = "INSERT INTO WA_FILA (CHAVE, FINALIDADE, MODULO, TIPO) VALUES (?, 'promocional', 'ANIVERSARIANTES', 'x')"
BIRTHDAY = (
    "INSERT INTO WA_FILA (FINALIDADE, MODULO, TIPO, EMPRESA, CLIENTE_CODIGO, TELEFONE, NAO_ANTES) "
    "VALUES ('promocional', ?, 'ANIVERSÁRIO', ?, ?, ?, ?)"
)


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
def queues(contract: ContractDatabase) -> Iterator[tuple[FirebirdQueue, FirebirdQueue]]:
    """Two integrators on the same database."""
    databases = [Database(contract.target()) for _ in range(2)]
    first, second = (
        FirebirdQueue(database, owner=name, instance="principal")
        for database, name in zip(databases, ("um", "dois"), strict=True)
    )
    yield first, second
    for database in databases:
        database.close()


Taken = tuple[Reservation, Message]


def take(queue: FirebirdQueue) -> Taken:
    reservation = queue.reserve(Purpose.PROMOTION, datetime.now())
    assert reservation is not None
    return reservation, queue.load(reservation).message


@pytest.mark.feature("G30")
def test_the_second_row_of_a_person_and_year_does_not_leave(
    erp: Attached, queues: tuple[FirebirdQueue, FirebirdQueue]
) -> None:
    first, second = queues
    erp.done(INSERT, ("a",))
    erp.done(INSERT, ("b",))
    a, b = take(first), take(second)

    assert first.begin(*a, PLAN) == Begun()
    assert second.begin(*b, PLAN) == Repeated()
    assert erp.ask("SELECT SITUACAO FROM WA_FILA ORDER BY ID") == [("enviando",), ("reservada",)]
    assert first.begin(*a, PLAN) != Begun()  # it is being sent already


@pytest.mark.parametrize("state", ["enviando", "enviada", "entregue", "lida", "incerta"])
def test_who_got_it_or_may_have_got_it_gets_no_other(
    erp: Attached, queues: tuple[FirebirdQueue, FirebirdQueue], state: str
) -> None:
    number = erp.put("a", state)
    erp.done("INSERT INTO WA_UNICA (CHAVE, FILA_ID) VALUES (?, ?)", (CLAIM, number))
    erp.done(INSERT, ("b",))
    assert queues[0].begin(*take(queues[0]), PLAN) == Repeated()


@pytest.mark.parametrize("state", ["pendente", "retida", "cancelada", "expirada", "falhou"])
def test_a_row_that_did_not_leave_gives_way(
    erp: Attached, queues: tuple[FirebirdQueue, FirebirdQueue], state: str
) -> None:
    number = erp.put("a", state)
    erp.done("INSERT INTO WA_UNICA (CHAVE, FILA_ID) VALUES (?, ?)", (CLAIM, number))
    erp.done(INSERT, ("b",))
    assert queues[0].begin(*take(queues[0]), PLAN) == Begun()


def test_a_row_of_which_a_part_left_does_not_give_way(
    erp: Attached, queues: tuple[FirebirdQueue, FirebirdQueue]
) -> None:
    number = erp.put("a", "pendente")
    erp.run("INSERT INTO WA_UNICA (CHAVE, FILA_ID) VALUES (?, ?)", (CLAIM, number))
    part = (
        "INSERT INTO WA_PARTE (FILA_ID, ORDEM, TIPO, HASH, TAMANHO, SITUACAO) VALUES (?, 1, 'texto', '', 1, 'enviada')"
    )
    erp.done(part, (number,))
    erp.done(INSERT, ("b",))
    assert queues[0].begin(*take(queues[0]), PLAN) == Repeated()


def test_a_row_that_is_tried_again_keeps_its_claim_and_another_year_is_another(
    erp: Attached, queues: tuple[FirebirdQueue, FirebirdQueue]
) -> None:
    erp.done(INSERT, ("a",))
    reservation, message = take(queues[0])
    assert queues[0].begin(reservation, message, PLAN) == Begun()
    erp.done("UPDATE WA_FILA SET SITUACAO = 'pendente', TOKEN = NULL")
    assert queues[1].begin(*take(queues[1]), PLAN) == Begun()
    erp.done(INSERT, ("b",))
    later = Plan(PLAN.composed, PLAN.destination, "", False, (), CLAIM.replace("2026", "2027"))
    assert queues[0].begin(*take(queues[0]), later) == Begun()


@pytest.mark.feature("G30")
def test_a_claim_that_another_is_writing_is_asked_again_when_that_is_over(
    contract: ContractDatabase, erp: Attached
) -> None:
    """The other's insert is not committed: nobody knows yet which of the two may leave."""
    erp.done(INSERT, ("a",))
    erp.done(INSERT, ("b",))
    (a,), (b,) = erp.ask("SELECT ID FROM WA_FILA ORDER BY ID")
    erp.run("INSERT INTO WA_UNICA (CHAVE, FILA_ID) VALUES (?, ?)", (CLAIM, a))
    database = Database(contract.target())
    with pytest.raises(RowLocked):
        database.run(lambda session: claimed(session, b, CLAIM))

    tries = count(1)

    def ask(session: Session) -> bool:
        if next(tries) == 3:
            erp.rollback()
        return claimed(session, b, CLAIM)

    assert database.run(ask)
    assert next(tries) == 4
    database.close()


@pytest.mark.feature("G30")
def test_two_integrators_at_one_moment_send_one_message_of_two(
    contract: ContractDatabase, erp: Attached, queues: tuple[FirebirdQueue, FirebirdQueue]
) -> None:
    """Again and again, both begin at once: of each person exactly one row is ever ``enviando``."""
    people = 20
    for person in range(people):
        erp.run(INSERT, (f"a{person}",))
        erp.run(INSERT, (f"b{person}",))
    erp.commit()
    taken = [{}, {}]  # type: list[dict[str, Taken]]
    for turn in range(2 * people):
        reservation, message = take(queues[turn % 2])
        taken[turn % 2][message.key] = (reservation, message)
    gate = threading.Barrier(2)
    answers: dict[str, object] = {}

    def send(side: int) -> None:
        for person in range(people):
            for key in (f"a{person}", f"b{person}"):
                if key in taken[side]:
                    plan = Plan(PLAN.composed, PLAN.destination, "", False, (), f"{CLAIM}|{person}")
                    gate.wait(60)
                    try:
                        answers[key] = queues[side].begin(*taken[side][key], plan)
                    except RowLocked:
                        answers[key] = "later"

    threads = [threading.Thread(target=send, args=(side,)) for side in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100)

    assert len(answers) == 2 * people
    for person in range(people):
        pair = [answers[f"a{person}"], answers[f"b{person}"]]
        assert pair.count(Begun()) == 1, pair
    assert erp.value("SELECT COUNT(*) FROM WA_FILA WHERE SITUACAO = 'enviando'") == people


# -- the key of rows that come without one ---------------------------------------------------------------------------


@pytest.mark.feature("G30", "B25")
def test_the_days_birthdays_generated_twice_are_one_message_each(erp: Attached) -> None:
    for module in ("ANIVERSARIANTES", " Aniversariantes "):
        for code in ("1", "2"):
            erp.run(BIRTHDAY, (module, "1", code, "49988590187", datetime(2027, 2, 28, 9)))
    found = erp.ask("SELECT CHAVE, SITUACAO FROM WA_FILA ORDER BY ID")
    assert found[:2] == [("ANIV|1|1|2027", "pendente"), ("ANIV|1|2|2027", "pendente")]
    assert [state for _, state in found[2:]] == ["cancelada", "cancelada"]


@pytest.mark.parametrize(
    ("company", "code", "phone", "key"),
    [
        (None, " 7 ", "49", "ANIV||7|2027"),
        ("1", None, "49 98859-0187", "ANIV|1|49 98859-0187|2027"),
        ("1", "  ", "49", "ANIV|1|49|2027"),
        ("1" * 20, None, "9" * 200, f"ANIV|{'1' * 20}|{'9' * 60}|2027"),
    ],
)
def test_the_derived_key_names_the_person(
    erp: Attached, company: str | None, code: str | None, phone: str, key: str
) -> None:
    erp.run(BIRTHDAY, ("ANIVERSARIANTES", company, code, phone, datetime(2027, 1, 2)))
    assert erp.value("SELECT CHAVE FROM WA_FILA") == key


def test_without_a_person_each_row_is_its_own(erp: Attached) -> None:
    for _ in range(2):
        erp.run(BIRTHDAY, ("ANIVERSARIANTES", "1", None, None, None))
    assert [key[:5] for (key,) in erp.ask("SELECT CHAVE FROM WA_FILA")] == ["AUTO|", "AUTO|"]


def test_by_procedure_the_second_birthday_is_repeated(erp: Attached) -> None:
    assert erp.enqueue(None, modulo="Aniversariantes", finalidade="promocional")[1] == "NOVA"
    assert erp.enqueue(None, modulo="ANIVERSARIANTES", finalidade="promocional")[1] == "REPETIDA"
    assert erp.value("SELECT CHAVE FROM WA_FILA WHERE SITUACAO = 'rascunho'") == f"ANIV||1|{datetime.now().year}"
