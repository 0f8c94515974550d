"""Every error code of the facts sheet, and what a shop is told about it."""

from __future__ import annotations

from dataclasses import replace

import fdb
import pytest

from integrator.domain.errors import (
    DatabaseRefused,
    DatabaseUnavailable,
    ErpDatabaseError,
    Remedy,
    RowLocked,
    SchemaError,
)
from integrator.erp.connection import Database
from integrator.erp.error_codes import CODES, code_of, connection_lost, is_conflict, translate
from tests.erp.helpers import ContractDatabase, contract_database
from tools.firebird_server import PrivateServer

#: Measured, and what is to be done about each.
MEASURED = {
    335544721: Remedy.RETRY,
    335544726: Remedy.RETRY,
    335544727: Remedy.RETRY,
    335544856: Remedy.RETRY,
    335544794: Remedy.RETRY,
    335544528: Remedy.WAIT,
    335544336: Remedy.RETRY,
    335544345: Remedy.RETRY,
    335544451: Remedy.RETRY,
    335544472: Remedy.ASK,
    335544344: Remedy.ASK,
    335544352: Remedy.ASK,
    335544849: Remedy.BUG,
}


def _error(code: int, text: str = "Error while executing SQL statement:") -> fdb.DatabaseError:
    return fdb.DatabaseError(text, -902, code)


@pytest.mark.parametrize(("code", "remedy"), MEASURED.items())
def test_every_measured_code_has_its_remedy(code: int, remedy: Remedy) -> None:
    assert CODES[code].remedy is remedy
    assert code_of(_error(code)).remedy is remedy
    assert translate(_error(code)).remedy is remedy


@pytest.mark.parametrize("code", CODES)
def test_every_code_says_in_portuguese_what_happened_and_keeps_the_number_for_the_log(code: int) -> None:
    told = translate(_error(code))

    assert (
        told.message.endswith(".") or told.message.endswith("integrator senha") or "integrator schema" in told.message
    )
    assert len(told.message) > 60
    assert str(code) in told.detail
    assert str(code) not in told.message


@pytest.mark.parametrize("code", CODES)
def test_the_kind_of_error_follows_from_the_remedy(code: int) -> None:
    known = CODES[code]
    expected: dict[Remedy, type[ErpDatabaseError]] = {
        Remedy.RETRY: RowLocked if known.locked else DatabaseUnavailable,
        Remedy.WAIT: DatabaseUnavailable,
        Remedy.ASK: DatabaseRefused,
        Remedy.BUG: ErpDatabaseError,
    }
    assert type(translate(_error(code))) is expected[known.remedy]


def test_an_unknown_code_is_a_defect_and_the_attachment_is_kept() -> None:
    error = _error(335540000)

    assert type(translate(error)) is ErpDatabaseError
    assert code_of(error).remedy is Remedy.BUG
    assert not connection_lost(error)


def test_what_the_system_says_of_the_network_is_a_lost_connection() -> None:
    for error in (ConnectionRefusedError(111, "refused"), TimeoutError("timed out"), OSError(113, "no route")):
        assert connection_lost(error)
        assert code_of(error).remedy is Remedy.RETRY


def test_errors_of_the_tree_carry_their_remedy() -> None:
    assert SchemaError("As tabelas faltam.").remedy is Remedy.ASK
    assert RowLocked("Em uso.").remedy is Remedy.RETRY


_WRITE = 'I/O error during "write" operation for file "/dados/s4.fdb"\n- Error while trying to write to file\n- '
_OPEN = 'I/O error during "CreateFile (open)" operation for file "x.fdb"\n- Error while trying to open file\n- '


@pytest.mark.parametrize(
    "text",
    [
        _WRITE + "No space left on device",
        _WRITE + "Espaço insuficiente no disco.",
        _WRITE + "There is not enough space on the disk.",
        _WRITE + "Input/output error",
    ],
)
def test_a_full_disk_on_the_server_is_not_a_missing_file(text: str) -> None:
    error = _error(335544344, text)
    told = translate(error)

    assert isinstance(told, DatabaseUnavailable)
    assert "disco do servidor está cheio" in told.message
    assert not connection_lost(error)


def test_a_file_in_another_programs_hands_is_not_a_missing_file() -> None:
    text = _OPEN + "Database already opened with engine instance, incompatible with current"

    assert "uso exclusivo" in translate(_error(335544344, text)).message
    assert "Não encontrei o arquivo" in translate(_error(335544344, _OPEN + "No such file")).message


@pytest.fixture(scope="module")
def shop(firebird_server: PrivateServer) -> ContractDatabase:
    return contract_database(firebird_server)


@pytest.mark.parametrize(
    ("sql", "remedy"),
    [
        ("SELECT 1 / 0 FROM RDB$DATABASE", Remedy.BUG),
        ("SELECT CAST('x' AS INTEGER) FROM RDB$DATABASE", Remedy.BUG),
        ("SELECT CAST('longo' AS VARCHAR(2)) FROM RDB$DATABASE", Remedy.BUG),
        ("SELECT NADA FROM RDB$DATABASE", Remedy.BUG),
        ("UPDATE WA_CONFIG SET VALOR = VALOR", Remedy.BUG),
    ],
)
def test_the_servers_own_answers_are_translated(shop: ContractDatabase, sql: str, remedy: Remedy) -> None:
    database = Database(shop.target())
    with pytest.raises(ErpDatabaseError) as told:
        database.read(lambda session: session.rows(sql) or session.execute(sql))
    database.close()

    assert told.value.remedy is remedy
    assert not isinstance(told.value, DatabaseUnavailable)


@pytest.mark.parametrize(("user", "password"), [("SYSDBA", "outra"), ("NINGUEM", "x")])
def test_a_wrong_login_asks_for_the_person(shop: ContractDatabase, user: str, password: str) -> None:
    database = Database(shop.target(user, password))

    with pytest.raises(DatabaseRefused, match="usuário ou a senha"):
        database.read(lambda session: session.row("SELECT 1 FROM RDB$DATABASE"))


def test_a_missing_file_asks_for_the_person(shop: ContractDatabase) -> None:
    database = Database(replace(shop.target(), path="/nao/existe.fdb"))

    with pytest.raises(DatabaseRefused, match="arquivo do banco"):
        database.read(lambda session: session.row("SELECT 1 FROM RDB$DATABASE"))


def test_a_row_in_the_erps_hands_is_a_conflict() -> None:
    assert is_conflict(_error(335544336))
    assert not is_conflict(_error(335544528))
