"""A person's yes: remembered with the row, asked for by the shop's wish, and lost when the ERP writes the row anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from integrator.domain.message import Purpose
from integrator.erp.asking import REASON
from integrator.erp.connection import Database
from integrator.erp.desk import Decision, Desk
from integrator.erp.queue import FirebirdQueue
from tests.erp.helpers import Attached, ContractDatabase, contract_database
from tools.firebird_server import PrivateServer

INSERT = "INSERT INTO WA_FILA (CHAVE, FINALIDADE, MODULO, TIPO) VALUES (?, 'servico', ?, ?)"


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


def confirmed_at(erp: Attached, key: str = "k") -> Any:
    found = erp.value("SELECT CONFIRMADA_EM FROM WA_FILA WHERE CHAVE = ?", (key,))
    erp.commit()
    return found


def states(erp: Attached) -> dict[str, str]:
    found: dict[str, str] = dict(erp.ask("SELECT CHAVE, SITUACAO FROM WA_FILA"))
    erp.commit()
    return found


# -- the yes -------------------------------------------------------------------------------------------------------


@pytest.mark.feature("B24", "G21")
def test_a_yes_is_remembered_with_its_moment_and_reaches_the_engine(erp: Attached, queue: FirebirdQueue) -> None:
    erp.enqueue("k", confirmar="S")
    erp.value("SELECT RESULTADO FROM WA_LIBERAR('k')")
    assert confirmed_at(erp) is None
    assert erp.value("SELECT RESULTADO FROM WA_CONFIRMAR('k')") == "OK"
    assert abs(confirmed_at(erp) - datetime.now()) < timedelta(minutes=1)

    reservation = queue.reserve(Purpose.COLLECTION, datetime.now())
    assert reservation is not None
    assert queue.load(reservation).message.confirmed


def test_a_row_that_nobody_was_asked_about_is_not_confirmed(erp: Attached, queue: FirebirdQueue) -> None:
    erp.put("k", "pendente")
    assert erp.value("SELECT RESULTADO FROM WA_CONFIRMAR('k')") == "OK"  # it waits already; nobody saw it
    assert confirmed_at(erp) is None
    reservation = queue.reserve(Purpose.COLLECTION, datetime.now())
    assert reservation is not None
    assert not queue.load(reservation).message.confirmed


def test_a_person_confirms_at_the_desk_too(contract: ContractDatabase, erp: Attached) -> None:
    erp.put("k", "aguardando_confirmacao")
    database = Database(contract.target())
    Desk(database).decide("k", Decision.CONFIRM)
    database.close()
    assert confirmed_at(erp) is not None


@pytest.mark.feature("B25")
def test_an_erp_that_writes_the_row_anew_loses_the_yes(erp: Attached) -> None:
    erp.put("k", "aguardando_confirmacao")
    erp.done("UPDATE WA_FILA SET SITUACAO = 'pendente'")
    assert confirmed_at(erp) is not None
    assert erp.enqueue("k")[1] == "ATUALIZADA"
    assert confirmed_at(erp) is None
    erp.value("SELECT RESULTADO FROM WA_LIBERAR('k')")
    assert confirmed_at(erp) is None


def test_the_yes_survives_what_the_engine_does_with_the_row(erp: Attached) -> None:
    erp.put("k", "aguardando_confirmacao")
    erp.done("UPDATE WA_FILA SET SITUACAO = 'pendente'")
    at = confirmed_at(erp)
    for state in ("reservada", "enviando", "pendente", "retida", "pendente"):
        erp.done("UPDATE WA_FILA SET SITUACAO = ?, TOKEN = NULL", (state,))
        assert confirmed_at(erp) == at


@pytest.mark.parametrize("state", ["rascunho", "pendente", "aguardando_confirmacao"])
def test_nobody_writes_a_yes_by_hand(erp: Attached, state: str) -> None:
    erp.run("INSERT INTO WA_FILA (CHAVE, SITUACAO, CONFIRMADA_EM) VALUES ('k', ?, CURRENT_TIMESTAMP)", (state,))
    assert confirmed_at(erp) is None
    erp.done("UPDATE WA_FILA SET CONFIRMADA_EM = CURRENT_TIMESTAMP")
    assert confirmed_at(erp) is None


def test_a_refused_move_confirms_nothing(erp: Attached) -> None:
    erp.put("k", "aguardando_confirmacao")
    erp.done("UPDATE WA_FILA SET SITUACAO = 'enviada', CONFIRMADA_EM = CURRENT_TIMESTAMP")
    assert (states(erp)["k"], confirmed_at(erp)) == ("aguardando_confirmacao", None)


# -- asking --------------------------------------------------------------------------------------------------------


@pytest.mark.feature("G21")
def test_the_rows_of_one_kind_wait_for_a_yes_and_then_go(erp: Attached, queue: FirebirdQueue) -> None:
    for key, module, kind in (("a", "CRM", "CAMPANHA"), ("b", "CRM", "RETORNO"), ("c", "NF-E", "NF-E EMITIDA")):
        erp.done(INSERT, (key, module, kind))
    assert queue.kinds_waiting() == (("CRM", "CAMPANHA"), ("CRM", "RETORNO"), ("NF-E", "NF-E EMITIDA"))

    assert queue.ask_first("CRM", "CAMPANHA") == 1

    assert states(erp) == {"a": "aguardando_confirmacao", "b": "pendente", "c": "pendente"}
    assert erp.one("SELECT MOTIVO, MOTIVO_CODIGO FROM WA_FILA WHERE CHAVE = 'a'") == (REASON, "confirmar")
    event = "SELECT FIRST 1 DE, PARA, DETALHE FROM WA_EVENTO ORDER BY ID DESC"
    assert erp.one(event) == ("pendente", "aguardando_confirmacao", REASON)
    assert queue.kinds_waiting() == (("CRM", "RETORNO"), ("NF-E", "NF-E EMITIDA"))
    assert erp.value("SELECT RESULTADO FROM WA_CONFIRMAR('a')") == "OK"
    assert erp.one("SELECT MOTIVO, MOTIVO_CODIGO FROM WA_FILA WHERE CHAVE = 'a'") == (None, None)
    erp.commit()
    assert queue.ask_first("CRM", "CAMPANHA") == 0
    assert states(erp)["a"] == "pendente"


@pytest.mark.parametrize(
    ("module", "kind"),
    [
        (b"CRM", None),
        (None, None),
        (b"  CRM\t", b" Campanha "),
        ("SITUAÇÃO".encode("cp1252"), "É".encode("cp1252")),
        (b"CR\x81M", b"\x8d"),
        (b"", b"' OR 1=1"),
    ],
)
def test_a_name_is_found_again_however_it_is_written(
    contract: ContractDatabase, queue: FirebirdQueue, module: bytes | None, kind: bytes | None
) -> None:
    with contract.attach("NONE") as erp:
        erp.done(INSERT, ("a", module, kind))
        erp.done(INSERT, ("b", "OUTRO", "OUTRO"))
        (found,) = (pair for pair in queue.kinds_waiting() if pair != ("OUTRO", "OUTRO"))
        assert queue.ask_first(*found) == 1
        assert states(erp) == {"a": "aguardando_confirmacao", "b": "pendente"}


def test_one_name_written_in_two_ways_is_one(erp: Attached, queue: FirebirdQueue) -> None:
    erp.done(INSERT, ("a", "CRM", "X"))
    erp.done(INSERT, ("b", " CRM ", "X"))
    assert queue.kinds_waiting() == (("CRM", "X"),)
    assert queue.ask_first("CRM", "X") == 2


def test_what_another_holds_waits_for_the_next_time(
    contract: ContractDatabase, erp: Attached, queue: FirebirdQueue
) -> None:
    for key in ("a", "b", "c"):
        erp.done(INSERT, (key, "CRM", "X"))
    with contract.attach() as other:
        other.run("UPDATE WA_FILA SET PRIORIDADE = 1 WHERE CHAVE = 'b'")
        assert queue.ask_first("CRM", "X") == 2
    assert queue.ask_first("CRM", "X") == 1
    assert set(states(erp).values()) == {"aguardando_confirmacao"}


def test_rows_of_another_number_and_rows_that_began_to_leave_are_left_alone(
    erp: Attached, queue: FirebirdQueue
) -> None:
    for key in ("a", "b", "c"):
        erp.done(INSERT, (key, "CRM", "X"))
    erp.run("UPDATE WA_FILA SET INSTANCIA = 'filial' WHERE CHAVE = 'a'")
    part = "INSERT INTO WA_PARTE (FILA_ID, ORDEM, TIPO, HASH, TAMANHO, SITUACAO) SELECT ID, 1, 'linha', '', 1, ? "
    erp.run(part + "FROM WA_FILA WHERE CHAVE = 'b'", ("enviada",))
    erp.run(part + "FROM WA_FILA WHERE CHAVE = 'c'", ("pendente",))  # planned, never posted
    erp.commit()

    assert queue.ask_first("CRM", "X") == 1
    assert states(erp) == {"a": "pendente", "b": "pendente", "c": "aguardando_confirmacao"}
    assert queue.kinds_waiting() == ()
