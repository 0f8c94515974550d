"""What the engine's user and the ERP's role may do, and may not, on a server that checks passwords."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import fdb
import pytest

from integrator.closing.ports import Queued, TitleState
from integrator.domain.errors import SchemaError
from integrator.domain.message import Company
from integrator.erp.claims import claimed
from integrator.erp.connection import Database
from integrator.erp.error_codes import gds_code
from integrator.erp.outbox import FirebirdOutbox
from integrator.erp.queue import FirebirdQueue
from integrator.erp.recheck import TitleNews, record
from integrator.erp.schema import installer
from integrator.erp.sql import QUERIES
from tests.erp.helpers import Attached, ContractDatabase, contract_database
from tests.erp.test_outbox import DEBT, MONDAY, NIGHT, NOTICE
from tools import firebird_packages
from tools.firebird_server import PrivateServer, StrictServer

NO_PERMISSION = 335544352
#: Names a procedure that the vendor writes, and grants.
VENDORS_OWN = frozenset({"ask_hook"})


@pytest.fixture(scope="module")
def contract(firebird_server: PrivateServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ContractDatabase]:
    firebird = firebird_packages.ensure()
    if firebird.prefix != Path("/"):
        pytest.skip("only an installed Firebird finds its plugins without the build switch")
    with StrictServer(tmp_path_factory.mktemp("strict"), firebird) as server:
        database = contract_database(server)
        with database.attach() as administrator:
            for name in ("WAGATE", "CAIXA01", "NINGUEM"):
                administrator.done(f"CREATE USER {name} PASSWORD 'segredo'")
            administrator.done("GRANT WA_ERP TO CAIXA01")
            administrator.done("CREATE TABLE CLIENTE (NOME VARCHAR(60))")
            assert administrator.value("SELECT CURRENT_USER FROM RDB$DATABASE") == "SYSDBA"
        yield database


@pytest.fixture
def gate(contract: ContractDatabase) -> Iterator[Attached]:
    with contract.attach("UTF8", user="WAGATE", password="segredo") as attached:
        assert attached.value("SELECT CURRENT_USER FROM RDB$DATABASE") == "WAGATE"
        yield attached


@pytest.fixture
def cashier(contract: ContractDatabase) -> Iterator[Attached]:
    with contract.attach(user="CAIXA01", password="segredo", role="WA_ERP") as attached:
        assert attached.value("SELECT CURRENT_ROLE FROM RDB$DATABASE") == "WA_ERP"
        yield attached


def forbidden(attached: Attached, sql: str) -> bool:
    try:
        attached.connection.prep(sql) if hasattr(attached.connection, "prep") else attached.connection.cursor().prep(
            sql
        )
    except fdb.DatabaseError as error:
        return gds_code(error) == NO_PERMISSION
    return False


def statements(queries: Mapping[str, str]) -> list[str]:
    return sorted(set(queries) - VENDORS_OWN)


@pytest.mark.feature("B24")
@pytest.mark.parametrize("name", statements(QUERIES))
def test_the_engines_user_may_run_every_statement_of_the_engine(gate: Attached, name: str) -> None:
    gate.connection.cursor().prep(QUERIES[name])


def test_the_engines_user_moves_a_row_through_its_whole_life(contract: ContractDatabase, gate: Attached) -> None:
    with contract.attach() as administrator:
        administrator.done("INSERT INTO WA_FILA (CHAVE) VALUES ('vida')")
    (row,) = gate.ask("SELECT ID FROM WA_RESERVAR('pc', 'loja', 60, CAST('NOW' AS TIMESTAMP), 'cobranca')")
    for state in ("enviando", "enviada", "lida"):
        token = "TOKEN" if state == "enviando" else "NULL"
        gate.run(f"UPDATE WA_FILA SET SITUACAO = ?, TOKEN = {token} WHERE ID = ?", (state, row[0]))
    part = (
        "INSERT INTO WA_PARTE (FILA_ID, ORDEM, TIPO, HASH, TAMANHO, SITUACAO) VALUES (?, 1, 'pix', 'x', 1, 'enviada')"
    )
    gate.run(part, row)
    gate.run("INSERT INTO WA_CONSENTIMENTO (TELEFONE, FINALIDADE, ACEITA) VALUES ('55', 'cobranca', 'N')")
    gate.one("SELECT ANEXOS FROM WA_EXPURGAR(CAST('NOW' AS TIMESTAMP))")
    assert gate.state("vida") == "lida"
    gate.rollback()
    with contract.attach() as administrator:
        administrator.done("DELETE FROM WA_FILA")


@pytest.mark.feature("G21", "G30")
def test_the_engines_user_asks_first_and_claims_what_leaves_once(contract: ContractDatabase, gate: Attached) -> None:
    with contract.attach() as administrator:
        for key in ("um", "outro"):
            administrator.done("INSERT INTO WA_FILA (CHAVE, FINALIDADE, MODULO) VALUES (?, 'servico', 'CRM')", (key,))
    opened = Database(contract.target("WAGATE", "segredo"))
    queue = FirebirdQueue(opened, owner="pc1", instance="principal")
    (first,), (second,) = gate.ask("SELECT ID FROM WA_FILA ORDER BY ID")
    gate.rollback()

    assert opened.run(lambda session: claimed(session, first, "ANIVERSARIANTES|1|2026"))
    assert opened.run(lambda session: claimed(session, second, "ANIVERSARIANTES|1|2026"))
    assert queue.ask_first("CRM", "") == 2
    opened.close()

    with contract.attach() as administrator:
        administrator.done("DELETE FROM WA_FILA")


@pytest.mark.feature("B13", "B24")
def test_the_engines_user_queues_a_closing_of_its_own(contract: ContractDatabase, gate: Attached) -> None:
    opened = Database(contract.target("WAGATE", "segredo"))
    outbox = FirebirdOutbox(opened)

    outbox.register_companies([Company("1", "Loja"), Company("1", "Loja", "Loja Modelo")])
    assert outbox.put([NOTICE]) == (Queued.NEW,)
    assert outbox.put([NOTICE]) == (Queued.UPDATED,)
    outbox.begin(NIGHT)
    outbox.activate(MONDAY)
    outbox.closed(NIGHT, MONDAY)
    assert outbox.remember(MONDAY, 7).waiting
    queue = FirebirdQueue(opened, owner="pc1", instance="principal")
    reservation = queue.reserve(NOTICE.purpose, datetime(2026, 11, 23, 9))
    assert reservation is not None
    paid = TitleNews(DEBT, TitleState.PAID, DEBT.open_amount, DEBT.due)
    opened.run(lambda session: record(session, reservation.id, [paid], "pc1"))
    opened.close()

    assert gate.value("SELECT COUNT(*) FROM WA_EVENTO WHERE ACAO = 'titulo_mudou'") == 1
    gate.rollback()
    with contract.attach() as administrator:
        for table in ("WA_FILA", "WA_EMPRESA", "WA_FECHAMENTO"):
            administrator.done(f"DELETE FROM {table}")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT NOME FROM CLIENTE",
        "DELETE FROM WA_FILA",
        "DELETE FROM WA_EVENTO",
        "UPDATE WA_EVENTO SET ACAO = 'x'",
        "DELETE FROM WA_CONSENTIMENTO",
        "INSERT INTO WA_FILA (CHAVE) VALUES ('x')",
        "DELETE FROM WA_EMPRESA",
        "DELETE FROM WA_TITULO",
        "DELETE FROM WA_FECHAMENTO",
        "UPDATE WA_ETAPA SET REF = 'x'",
        "DELETE FROM WA_ITEM",
        "DELETE FROM WA_UNICA",
    ],
)
def test_the_engines_user_may_not(gate: Attached, sql: str) -> None:
    assert forbidden(gate, sql)


@pytest.mark.feature("B24")
def test_the_erps_role_enqueues_releases_cancels_and_reads(cashier: Attached) -> None:
    number, result, _ = cashier.enqueue("k", confirmar="S")
    assert result == "NOVA"
    title = "SELECT RESULTADO FROM WA_INCLUIR_TITULO(?, 'T1', 'NF', '1', NULL, NULL, 1, 1)"
    assert cashier.value(title, (number,)) == "OK"
    assert cashier.value("SELECT RESULTADO FROM WA_INCLUIR_VARIAVEL(?, 'a', 'b')", (number,)) == "OK"
    assert cashier.one("SELECT RESULTADO FROM WA_INCLUIR_ANEXO(?, 'a.pdf', 'x')", (number,)) == ("OK",)
    item = "SELECT RESULTADO FROM WA_INCLUIR_ITEM(?, 'Corda', 1, 'm', 2, 2)"
    assert cashier.value(item, (number,)) == "OK"
    assert cashier.value("SELECT RESULTADO FROM WA_INCLUIR_JSON(?, '{}')", (number,)) == "OK"
    assert cashier.enqueue("k", confirmar="S")[1] == "ATUALIZADA"
    assert cashier.value("SELECT RESULTADO FROM WA_LIBERAR('k')") == "OK"
    assert cashier.value("SELECT RESULTADO FROM WA_CONFIRMAR('k')") == "OK"
    cashier.run("INSERT INTO WA_FILA (CHAVE) VALUES ('direto')")
    cashier.run("INSERT INTO WA_TITULO (FILA_ID, REF) SELECT ID, 'T9' FROM WA_FILA WHERE CHAVE = 'direto'")
    cashier.run("INSERT INTO WA_ITEM (FILA_ID, DESCRICAO) SELECT ID, 'Corda' FROM WA_FILA WHERE CHAVE = 'direto'")
    assert cashier.one("SELECT RESULTADO, MENSAGENS FROM WA_CANCELAR_TITULO('T9')") == ("OK", 1)
    assert cashier.value("SELECT RESULTADO FROM WA_CANCELAR('k')") == "OK"
    assert cashier.enqueue("k")[1] == "REPETIDA"
    assert cashier.value("SELECT COUNT(*) FROM WA_V_HISTORICO") == 2
    for table in (
        "WA_PARTE",
        "WA_EVENTO",
        "WA_INSTANCIA",
        "WA_BATIMENTO",
        "WA_SCHEMA",
        "WA_EMPRESA",
        "WA_CONFIG",
        "WA_UNICA",
    ):
        cashier.value(f"SELECT COUNT(*) FROM {table}")
    cashier.run("UPDATE OR INSERT INTO WA_CONFIG (CHAVE, VALOR) VALUES ('PAUSADO_ATE', 'SEMPRE') MATCHING (CHAVE)")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE WA_FILA SET SITUACAO = 'pendente'",
        "DELETE FROM WA_FILA",
        "UPDATE WA_TITULO SET VALOR = 1",
        "INSERT INTO WA_EVENTO (ID, QUANDO, ACAO) VALUES (1, CURRENT_TIMESTAMP, 'x')",
        "UPDATE WA_PARTE SET SITUACAO = 'x'",
        "SELECT ID FROM WA_RESERVAR('pc', 'loja', 60, CURRENT_TIMESTAMP, 'cobranca')",
        "INSERT INTO WA_ETAPA (FILA_ID, REF, ETAPA, DIA) VALUES (1, 'T', 'x', '2026-11-23')",
        "UPDATE WA_SCHEMA SET VERSAO = 1",
        "INSERT INTO WA_UNICA (CHAVE, FILA_ID) VALUES ('x', 1)",
        "UPDATE WA_ITEM SET TOTAL = 1",
    ],
)
def test_the_erps_role_may_not(cashier: Attached, sql: str) -> None:
    assert forbidden(cashier, sql)


def test_a_stranger_may_nothing(contract: ContractDatabase) -> None:
    with contract.attach(user="NINGUEM", password="segredo") as stranger:
        assert forbidden(stranger, "SELECT CHAVE FROM WA_FILA")
        assert forbidden(stranger, "SELECT RESULTADO FROM WA_LIBERAR('k')")


def test_who_may_not_create_tables_is_told_so_at_once(contract: ContractDatabase) -> None:
    path = contract.server.create_database("plain.fdb")
    plain = ContractDatabase(contract.server, path, 3)
    database = Database(plain.target("NINGUEM", "segredo"))
    with pytest.raises(SchemaError, match="Instale com o usuário SYSDBA"):
        installer.install(database, patience_s=30)
    database.close()
