"""New records of the ERP: asked once, or taken to agree where the shop answers for it; never over a no."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from integrator.domain.message import Purpose
from integrator.domain.phone import PhoneCandidate
from integrator.erp.connection import Database
from integrator.erp.consents import ConsentRegister, Said
from integrator.erp.contacts import Contacts
from integrator.erp.customers import phone_of
from integrator.erp.new_records import NewRecordDesk, NewRecordPolicy
from integrator.settings import Settings
from integrator.settings.customers import CustomerSettings, NewRecords
from tests.erp.helpers import ContractDatabase, contract_database
from tools.firebird_server import PrivateServer

MARIA, JOAO = "5549988590187", "5549999991111"
NOW = datetime.now()
SINCE = NOW - timedelta(hours=1)
ASKS = NewRecordPolicy(asks=True, since=SINCE, default_area="49")
ACCEPTS = NewRecordPolicy(accepts=True, since=SINCE, default_area="49")


@pytest.fixture
def contract(firebird_server: PrivateServer) -> Iterator[ContractDatabase]:
    contract = contract_database(firebird_server)
    yield contract
    contract.path.unlink()


@pytest.fixture
def database(contract: ContractDatabase) -> Iterator[Database]:
    database = Database(contract.target())
    yield database
    database.close()


def told(contract: ContractDatabase, *phones: str | None) -> list[object]:
    """The ERP tells of new records; what the procedure answered."""
    with contract.attach() as erp:
        found = [
            erp.value("SELECT RESULTADO FROM WA_NOVO_CADASTRO(?, 'Maria José', 'C1')", (phone,)) for phone in phones
        ]
        erp.commit()
    return [str(each).strip() for each in found]


def phone(digits: str) -> PhoneCandidate:
    found = phone_of(digits)
    assert found is not None
    return found


def answers(database: Database, digits: str) -> dict[Purpose, str]:
    found = ConsentRegister(database).answers([phone(digits)])[phone(digits).e164]
    return {answer.purpose: f"{answer.said.value} {answer.source}" for answer in found}


def rows(database: Database, sql: str) -> list[tuple[object, ...]]:
    return database.read(lambda session: session.rows(sql))


@pytest.mark.feature("A21")
def test_each_new_record_is_asked_once_and_what_has_no_phone_is_let_go(
    contract: ContractDatabase, database: Database
) -> None:
    assert told(contract, "(49) 98859-0187", "98859-0187", "não tem", None, "9" * 300) == [
        *("OK", "OK", "OK", "SEM_TELEFONE", "SEM_TELEFONE")
    ]
    desk = NewRecordDesk(database, ASKS)
    desk.tick(NOW)
    assert rows(database, "SELECT TELEFONE, TRIM(TIPO), TRIM(SITUACAO), CLIENTE_CODIGO FROM WA_FILA") == [
        (MARIA, "TERMO DE CONSENTIMENTO", "pendente", "C1")
    ]
    assert rows(database, "SELECT COUNT(*) FROM WA_CADASTRO") == [(0,)]
    assert answers(database, MARIA) == {}


@pytest.mark.feature("A21")
def test_a_yes_that_nobody_said_names_itself_and_is_never_over_a_no_nor_for_offers(
    contract: ContractDatabase, database: Database
) -> None:
    register = ConsentRegister(database)
    for purpose in Purpose:
        register.record(phone(JOAO), purpose, Said.NO, "balcão")
    Contacts(database).mark_wrong("5549977770000", NOW)
    told(contract, MARIA, JOAO, "49 97777-0000")
    NewRecordDesk(database, ACCEPTS).tick(NOW)
    source = f"S cadastro novo, autorização automática ligada em {SINCE:%d/%m/%Y}"
    assert answers(database, MARIA) == {Purpose.COLLECTION: source, Purpose.SERVICE: source}
    assert set(answers(database, JOAO).values()) == {"N balcão"}
    assert answers(database, "5549977770000") == {}


@pytest.mark.feature("A21")
@pytest.mark.parametrize("policy", [NewRecordPolicy(), NewRecordPolicy(accepts=True, since=NOW + timedelta(hours=1))])
def test_switched_off_or_older_than_its_switching_on_nothing_comes_of_it(
    contract: ContractDatabase, database: Database, policy: NewRecordPolicy
) -> None:
    told(contract, MARIA)
    NewRecordDesk(database, policy).tick(NOW)
    assert answers(database, MARIA) == {}
    assert rows(database, "SELECT COUNT(*) FROM WA_FILA") == [(0,)]
    assert rows(database, "SELECT COUNT(*) FROM WA_CADASTRO") == [(0,)]


def test_nothing_is_done_by_itself_and_whoever_switches_it_on_says_since_when() -> None:
    assert Settings().customers == CustomerSettings()
    assert CustomerSettings().new_records is NewRecords.NOTHING
    with pytest.raises(ValueError, match="cadastros_novos_desde"):
        CustomerSettings(new_records=NewRecords.ACCEPT)
