"""The engine's view of the queue, where no run of the engine shows it by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from integrator.domain.message import Composed, Purpose
from integrator.erp.connection import Database
from integrator.erp.desk import Desk
from integrator.erp.queue import FirebirdQueue
from integrator.sending.gateway import Receipt, ReceiptKind
from integrator.sending.ports import CancelAsked, Plan
from tests.erp.helpers import Attached, ContractDatabase, contract_database
from tools.firebird_server import PrivateServer

NOTHING = Plan(Composed("Olá", "v1", ()), "5549988590187", "", False, ())


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
def queue(contract: ContractDatabase) -> Iterator[FirebirdQueue]:
    database = Database(contract.target())
    yield FirebirdQueue(database, owner="test", instance="principal")
    database.close()


@pytest.mark.feature("B05")
def test_a_cancellation_that_met_a_locked_row_still_stops_the_message(
    contract: ContractDatabase, erp: Attached, queue: FirebirdQueue
) -> None:
    erp.put("k", "pendente")
    reservation = queue.reserve(Purpose.COLLECTION, datetime.now())
    assert reservation is not None
    with contract.attach() as other:
        other.run("UPDATE WA_FILA SET PRIORIDADE = 1")
        assert erp.value("SELECT RESULTADO FROM WA_CANCELAR('k', 'Pagou no balcão')") == "JA_RESERVADA"
        erp.commit()
        other.commit()

    message = queue.load(reservation).message

    assert queue.begin(reservation, message, NOTHING) == CancelAsked("Pagou no balcão")


@pytest.mark.feature("B24")
@pytest.mark.parametrize("key", [None, "K" * 130])
def test_enqueuing_tells_the_key_under_which_the_row_can_be_released(erp: Attached, key: str | None) -> None:
    stored = erp.value(
        "SELECT CHAVE FROM WA_ENFILEIRAR(?, 'RECEBER', 'DÉBITO VENCIDO', '7', 'João', '49988590187', 'S')", (key,)
    )

    assert erp.value("SELECT RESULTADO FROM WA_LIBERAR(?)", (stored,)) == "OK"


@pytest.mark.feature("B25")
def test_what_a_restored_database_held_is_released_at_once_but_not_what_still_waited(
    contract: ContractDatabase, erp: Attached, queue: FirebirdQueue
) -> None:
    for key in ("rascunho", "aguardando_confirmacao", "pendente", "retida", "enviada"):
        erp.put(key, key)
    assert queue.quarantine(datetime.max, hold=True) == 4
    database = Database(contract.target())

    assert Desk(database).release_restored() == 1

    database.close()
    states: dict[str, str] = dict(erp.ask("SELECT CHAVE, SITUACAO FROM WA_FILA"))
    assert states == {
        "rascunho": "retida",
        "aguardando_confirmacao": "retida",
        "pendente": "pendente",
        "retida": "retida",
        "enviada": "enviada",
    }


@pytest.mark.parametrize("provider_id", ["ação", "3A\ud83d", "A" * 500])
def test_a_receipt_whose_id_no_column_holds_is_nobodys_and_stops_nothing(
    queue: FirebirdQueue, provider_id: str
) -> None:
    assert not queue.receive(Receipt(provider_id, ReceiptKind.DELIVERED, datetime(2026, 11, 23, 10)))
