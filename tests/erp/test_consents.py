"""The register of consent: what is read of it is what the engine goes by, whoever wrote it and in what order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product

import pytest

from integrator.domain.message import Purpose
from integrator.erp.connection import Database
from integrator.erp.consents import ConsentRegister, Said, Written, standing
from integrator.erp.customers import phone_of
from integrator.erp.queue import FirebirdQueue
from tests.erp.helpers import ContractDatabase, contract_database
from tools.firebird_server import PrivateServer

PHONE = phone_of("49 98859-0187")
OTHER = phone_of("49 99999-1111")
NOON = datetime(2026, 11, 20, 12)


@pytest.fixture
def contract(firebird_server: PrivateServer) -> Iterator[ContractDatabase]:
    database = contract_database(firebird_server)
    yield database
    database.path.unlink()


@pytest.fixture
def database(contract: ContractDatabase) -> Iterator[Database]:
    opened = Database(contract.target())
    yield opened
    opened.close()


def insert(database: Database, said: str, at: datetime, phone: str = "5549988590187") -> None:
    sql = "INSERT INTO WA_CONSENTIMENTO (TELEFONE, FINALIDADE, ACEITA, QUANDO) VALUES (?, 'cobranca', ?, ?)"
    database.run(lambda session: session.execute(sql, (phone, said, at)))


@pytest.mark.feature("B08")
def test_the_pages_and_the_engine_read_every_order_of_answers_alike(database: Database) -> None:
    assert PHONE is not None
    queue, register = FirebirdQueue(database, owner="", instance=""), ConsentRegister(database)
    for order in (each for length in (1, 2, 3) for each in product("SNRX", repeat=length)):
        database.run(lambda session: session.execute("DELETE FROM WA_CONSENTIMENTO"))
        for minute, said in enumerate(order):
            insert(database, said, NOON + timedelta(minutes=minute))
        told = queue.consent(PHONE.e164, Purpose.COLLECTION)
        shown = standing(register.answers([PHONE])[PHONE.e164]).get(Purpose.COLLECTION)
        assert (told.accepts if told else None) == (shown.said is Said.YES if shown else None), order
        if "N" in order or "X" in order:
            last_no = max(n for n, said in enumerate(order) if said in "NX")
            assert told is not None, order
            assert told.accepts == (any(s == "S" for s in order[last_no + 1 :]) and order[-1] == "S"), order


def test_answers_of_both_spellings_of_a_mobile_are_one_persons(database: Database) -> None:
    assert PHONE is not None
    insert(database, "S", NOON)
    insert(database, "N", NOON + timedelta(minutes=1), "554988590187")
    found = ConsentRegister(database).answers([PHONE])[PHONE.e164]
    assert [answer.said for answer in found] == [Said.NO, Said.YES]
    assert standing(found)[Purpose.COLLECTION].said is Said.NO


@pytest.mark.feature("A22")
def test_many_at_once_writes_only_what_nobody_answered_and_a_later_no_wins(database: Database) -> None:
    assert PHONE is not None
    assert OTHER is not None
    register = ConsentRegister(database)
    insert(database, "N", datetime(2020, 1, 1), OTHER.e164)
    first = register.accept_all([PHONE, OTHER], [Purpose.COLLECTION], "lote")
    again = register.accept_all([PHONE, OTHER], [Purpose.COLLECTION], "lote")

    assert list(first.values()) == [Written.NEW, Written.SAID_NO]
    assert list(again.values()) == [Written.ALREADY_YES, Written.SAID_NO]
    register.record(PHONE, Purpose.COLLECTION, Said.NO, "telefone")
    pairs = [(PHONE, Purpose.COLLECTION), (OTHER, Purpose.COLLECTION)]
    assert register.withdraw_all(pairs, "lote", "retirado") == 0
    assert standing(register.answers([PHONE])[PHONE.e164])[Purpose.COLLECTION].said is Said.NO


def test_a_source_that_windows_cannot_write_is_kept_as_far_as_it_can(database: Database) -> None:
    assert PHONE is not None
    register = ConsentRegister(database)
    register.accept_all([PHONE], [Purpose.SERVICE], "😀 " * 300)
    assert register.withdraw_all([(PHONE, Purpose.SERVICE)], "😀 " * 300, "x") == 1
    assert standing(register.answers([PHONE])[PHONE.e164]) == {}


@pytest.mark.parametrize(("charset", "dialect"), [("NONE", 1), ("UTF8", 3)])  # the matrix has the others
def test_it_works_in_every_database_that_erps_have(firebird_server: PrivateServer, charset: str, dialect: int) -> None:
    from integrator.erp.customers import known_customers, rows_of_phone
    from integrator.erp.personal_data import Erasure, erase_row, read_rows

    assert PHONE is not None
    made = contract_database(firebird_server, charset, dialect)
    opened = Database(made.target())
    with made.attach() as erp:
        erp.enqueue("k", cliente_nome="João", telefone="(49) 98859-0187")
        erp.commit()
    (customer,) = known_customers(opened, "joao", 1, 10)
    (row,) = rows_of_phone(opened, PHONE, "")
    assert customer.row == row.row
    assert customer.name == "João"
    assert ("CLIENTE_NOME", "João") in read_rows(opened, [row.row])[0].cells
    assert erase_row(opened, row.row, new_key=False, who="Zé") is Erasure.DONE
    assert erase_row(opened, 0, new_key=False, who="Zé") is Erasure.GONE
    assert known_customers(opened, "", 1, 10) == ()
    opened.close()
    made.path.unlink()
