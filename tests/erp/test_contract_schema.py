"""The contract's installer on a real server: complete, repeatable, patient, and nothing but `WA_*`."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from integrator.domain.errors import SchemaError
from integrator.erp.connection import Database
from integrator.erp.schema import installer, migrations
from tests.erp.helpers import ContractDatabase, contract_database, isql
from tools.firebird_server import PrivateServer

CHARSETS = ["NONE", "WIN1252", "ISO8859_1", "UTF8"]

OBJECTS = """
SELECT 'relation', RDB$RELATION_NAME, RDB$SYSTEM_FLAG FROM RDB$RELATIONS
UNION ALL SELECT 'field of ' || TRIM(RDB$RELATION_NAME), RDB$FIELD_NAME, RDB$FIELD_POSITION FROM RDB$RELATION_FIELDS
UNION ALL SELECT 'trigger on ' || COALESCE(TRIM(RDB$RELATION_NAME), ''), RDB$TRIGGER_NAME, RDB$TRIGGER_INACTIVE
    FROM RDB$TRIGGERS
UNION ALL SELECT 'procedure', RDB$PROCEDURE_NAME, 0 FROM RDB$PROCEDURES
UNION ALL SELECT 'index on ' || TRIM(RDB$RELATION_NAME), RDB$INDEX_NAME, RDB$INDEX_INACTIVE FROM RDB$INDICES
UNION ALL SELECT 'generator', RDB$GENERATOR_NAME, 0 FROM RDB$GENERATORS
UNION ALL SELECT 'role', RDB$ROLE_NAME, 0 FROM RDB$ROLES
UNION ALL SELECT 'exception', RDB$EXCEPTION_NAME, 0 FROM RDB$EXCEPTIONS
UNION ALL SELECT 'grant to ' || TRIM(RDB$USER), RDB$RELATION_NAME, 0 FROM RDB$USER_PRIVILEGES
    WHERE RDB$RELATION_NAME NOT STARTING WITH 'RDB$' AND RDB$RELATION_NAME NOT STARTING WITH 'SQL$'
"""

VENDOR = """
CREATE TABLE CLIENTE (CODIGO INTEGER NOT NULL PRIMARY KEY, NOME VARCHAR(60));
CREATE TABLE RECEBER (CODIGO INTEGER NOT NULL PRIMARY KEY, CLIENTE INTEGER REFERENCES CLIENTE, VALOR NUMERIC(9, 2));
CREATE INDEX RECEBER_VALOR ON RECEBER (VALOR);
CREATE GENERATOR GEN_CLIENTE;
CREATE ROLE VENDEDOR;
GRANT SELECT ON CLIENTE TO VENDEDOR;
COMMIT;
INSERT INTO CLIENTE VALUES (1, 'Maria');
COMMIT;
"""


@pytest.fixture
def contract(firebird_server: PrivateServer) -> Iterator[ContractDatabase]:
    database = contract_database(firebird_server)
    yield database
    database.path.unlink()


@contextmanager
def engine(database: ContractDatabase) -> Iterator[Database]:
    """The engine's own way to the database."""
    opened = Database(database.target())
    try:
        yield opened
    finally:
        opened.close()


@pytest.mark.feature("B24")
@pytest.mark.parametrize("dialect", [1, 3])
@pytest.mark.parametrize("charset", CHARSETS)
def test_the_contract_installs_in_every_charset_and_dialect(
    firebird_server: PrivateServer, charset: str, dialect: int
) -> None:
    database = contract_database(firebird_server, charset, dialect)
    with engine(database) as opened:
        status = installer.check(opened)
    assert status.ready
    assert status.version == migrations.latest_version()
    assert len(status.database_guid) == 36


def test_the_check_keeps_its_attachment_when_the_time_to_let_go_of_it_comes(
    contract: ContractDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a slow computer, where the number's engine takes seconds to start before the tables are looked at."""
    came, installed = threading.Event(), installer._installed

    class Resting(Database):
        def _detach_if_idle(self) -> None:
            came.set()
            super()._detach_if_idle()

    def held_up(ask: installer.Ask) -> tuple[int, str]:
        assert came.wait(60)
        time.sleep(0.1)
        return installed(ask)

    with closing(Resting(contract.target(), linger_s=0.01)) as opened:
        opened.read(lambda session: session.row("SELECT 1 FROM RDB$DATABASE"))
        monkeypatch.setattr(installer, "_installed", held_up)
        opened.rest()
        assert installer.check(opened).ready


def test_installing_twice_runs_no_statement_and_keeps_the_databases_identity(contract: ContractDatabase) -> None:
    with contract.attach() as erp:
        erp.enqueue("k")
        erp.commit()
    with engine(contract) as opened:
        before = installer.check(opened)
        steps: list[str] = []
        assert installer.install(opened, steps.append) == before
    assert steps == []
    with contract.attach() as erp:
        assert erp.state("k") == "rascunho"


DAMAGE = {
    "table": (["DROP TABLE WA_CONSENTIMENTO"], "WA_CONSENTIMENTO"),
    "procedure": (["DROP PROCEDURE WA_CONFIRMAR"], "WA_CONFIRMAR"),
    "index": (["DROP INDEX WA_I_FILA_VEZ"], "WA_I_FILA_VEZ"),
    "descending index": (["DROP INDEX WA_I_FILA_SAIU"], "WA_I_FILA_SAIU"),
    "trigger": (["DROP TRIGGER WA_FILA_BU"], "WA_FILA_BU"),
    "trigger switched off": (["ALTER TRIGGER WA_FILA_BU INACTIVE"], "WA_FILA_BU"),
    "view": (["DROP VIEW WA_V_HISTORICO"], "WA_V_HISTORICO"),
    "role": (["DROP ROLE WA_ERP"], "WA_ERP"),
    "column of a later migration": (
        ["ALTER TABLE WA_SCHEMA DROP FECHAMENTO_DESDE"],
        "WA_SCHEMA.FECHAMENTO_DESDE",
    ),
    "grant to the engine": (["REVOKE UPDATE ON WA_FILA FROM USER WAGATE"], "permissão em WA_FILA"),
    "grant to the ERP": (["REVOKE EXECUTE ON PROCEDURE WA_ENFILEIRAR FROM WA_ERP"], "permissão em WA_ENFILEIRAR"),
    "grant on a generator": (
        ["REVOKE USAGE ON GENERATOR WA_GEN_FILA FROM TRIGGER WA_FILA_BI"],
        "permissão em WA_GEN_FILA",
    ),
    "several": (["DROP PROCEDURE WA_CANCELAR_TITULO", "DROP PROCEDURE WA_CANCELAR"], "WA_CANCELAR"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_contract_is_noticed_then_completed_and_its_rows_stay(
    contract: ContractDatabase, damage: str
) -> None:
    statements, named = DAMAGE[damage]
    with contract.attach() as erp:
        erp.put("k", "enviada")
        for sql in statements:
            erp.done(sql)
    with engine(contract) as opened:
        found = installer.check(opened)
        assert named in found.missing
        assert not found.ready
        assert named in found.explain()
        with pytest.raises(SchemaError, match="integrator schema install"):
            installer.require_ready(opened)
        opened.close()
        repaired = installer.install(opened)
    assert repaired.ready
    assert repaired.database_guid == found.database_guid
    with contract.attach() as erp:
        assert erp.state("k") == "enviada"
        assert erp.run("UPDATE WA_FILA SET SITUACAO = 'pendente' WHERE CHAVE = 'k'") == 1
        assert erp.state("k") == "enviada"


def test_an_installation_that_broke_half_way_is_completed(firebird_server: PrivateServer) -> None:
    path = firebird_server.create_database("half.fdb")
    half = ContractDatabase(firebird_server, path, 3)
    with half.attach() as vendor:
        for statement in migrations.statements()[:9]:
            vendor.done(statement.sql)
    with engine(half) as opened:
        assert not installer.check(opened).ready
        assert installer.install(opened).ready


def test_a_newer_contract_is_refused_and_left_alone(contract: ContractDatabase) -> None:
    newer = migrations.latest_version() + 1
    with contract.attach() as erp:
        erp.done("UPDATE WA_SCHEMA SET VERSAO = ?", (newer,))
    with engine(contract) as opened:
        assert not installer.check(opened).ready
        with pytest.raises(SchemaError, match="Atualize o integrador"):
            installer.install(opened)
        with pytest.raises(SchemaError, match="Atualize o integrador"):
            installer.require_ready(opened)
    with contract.attach() as erp:
        assert erp.value("SELECT VERSAO FROM WA_SCHEMA") == newer


#: A closing that a vendor wrote for version 4: it names what it passes by place alone.
VENDORS_CLOSING = """
CREATE PROCEDURE FECHAMENTO AS
    DECLARE VARIABLE FILA INTEGER;
    DECLARE VARIABLE IGNORA VARCHAR(20);
BEGIN
    SELECT ID FROM WA_ENFILEIRAR('do ERP', 'RECEBER', 'DÉBITO', '1', 'João', '49988590187', 'S') INTO :FILA;
    SELECT RESULTADO FROM WA_INCLUIR_TITULO(:FILA, 'T1', 'NF', '1', NULL, '2026-11-20', 1, 1, NULL, NULL, NULL, NULL,
        'S', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) INTO :IGNORA;
    SELECT RESULTADO FROM WA_LIBERAR('do ERP') INTO :IGNORA;
END
"""


def of_version(
    version: int, server: PrivateServer, monkeypatch: pytest.MonkeyPatch, dialect: int = 3
) -> ContractDatabase:
    """A database as an older program left it, with a row in it and the vendor's own procedure."""
    path = server.create_database(f"version-{version}-{dialect}.fdb", "NONE", dialect)
    database = ContractDatabase(server, path, dialect)
    older = tuple(statement for statement in migrations.statements() if statement.version <= version)
    with monkeypatch.context() as patch, engine(database) as opened:
        patch.setattr(installer, "statements", lambda: older)
        patch.setattr(installer, "latest_version", lambda: version)
        assert installer.install(opened).ready
    with database.attach() as erp:
        erp.done(VENDORS_CLOSING)
        number = erp.put("k", "enviada")
        erp.done("INSERT INTO WA_TITULO (FILA_ID, REF, VALOR) VALUES (?, 'T0', 10.5)", (number,))
    return database


@pytest.mark.feature("B24")
@pytest.mark.parametrize(("version", "dialect"), [(4, 3), (5, 1), (8, 3)])
def test_an_older_database_is_upgraded_with_its_rows_and_the_vendors_closing_goes_on(
    firebird_server: PrivateServer, monkeypatch: pytest.MonkeyPatch, version: int, dialect: int
) -> None:
    database = of_version(version, firebird_server, monkeypatch, dialect)
    with engine(database) as opened:
        before = installer.check(opened)
        assert before.version == version
        assert "integrator schema install" in before.explain()
        opened.close()
        after = installer.install(opened)
        opened.close()
        steps: list[str] = []
        installer.install(opened, steps.append)
    assert after.ready
    assert after.version == migrations.latest_version()
    assert after.database_guid == before.database_guid
    assert steps == []
    with database.attach() as erp:
        assert erp.state("k") == "enviada"
        assert erp.one("SELECT REF, PAGADOR_NOME FROM WA_TITULO") == ("T0", None)
        erp.done("EXECUTE PROCEDURE FECHAMENTO")
        assert erp.state("do ERP") == "pendente"
        assert erp.value("SELECT COUNT(*) FROM WA_TITULO WHERE REF = 'T1'") == 1
        erp.done("UPDATE WA_FILA SET SITUACAO = 'aguardando_confirmacao' WHERE CHAVE = 'do ERP'")
        assert erp.value("SELECT RESULTADO FROM WA_CONFIRMAR('do ERP')") == "OK"
        assert erp.value("SELECT COUNT(CONFIRMADA_EM) FROM WA_FILA") == 1
    database.path.unlink()


def test_an_upgrade_that_broke_half_way_is_completed(
    firebird_server: PrivateServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = of_version(5, firebird_server, monkeypatch)
    newer = [statement for statement in migrations.statements() if statement.version == 6]
    with database.attach() as administrator:
        for statement in newer[:3]:
            administrator.done(statement.sql)
    with engine(database) as opened:
        assert installer.install(opened).ready
    database.path.unlink()


def test_an_object_in_use_is_waited_for(contract: ContractDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    with contract.attach() as erp, contract.attach() as administrator, engine(contract) as opened:
        administrator.done("DROP INDEX WA_I_TITULO_REF")
        erp.run("INSERT INTO WA_FILA (CHAVE) VALUES ('k')")
        erp.run("INSERT INTO WA_TITULO (FILA_ID, REF) SELECT ID, 'T1' FROM WA_FILA")
        waits: list[object] = []

        def wait(*told: object) -> None:
            waits.append(told)
            erp.commit()

        monkeypatch.setattr(installer.log, "info", wait)
        assert installer.install(opened, patience_s=20).ready
    assert waits


def test_an_object_that_stays_in_use_is_told_in_portuguese_and_does_not_hang(contract: ContractDatabase) -> None:
    with contract.attach() as erp, contract.attach() as administrator, engine(contract) as opened:
        administrator.done("DROP INDEX WA_I_TITULO_REF")
        erp.run("INSERT INTO WA_FILA (CHAVE) VALUES ('k')")
        erp.run("INSERT INTO WA_TITULO (FILA_ID, REF) SELECT ID, 'T1' FROM WA_FILA")
        with pytest.raises(SchemaError, match="em uso e não deixou atualizar WA_I_TITULO_REF"):
            installer.install(opened, patience_s=0.6)


def test_nothing_outside_our_names_is_created_or_changed(firebird_server: PrivateServer) -> None:
    path = firebird_server.create_database("vendor.fdb")
    database = ContractDatabase(firebird_server, path, 3)
    assert "rror" not in isql(database, VENDOR)
    with database.attach() as vendor:
        before = set(vendor.ask(OBJECTS))
    with engine(database) as opened:
        installer.install(opened)
    with database.attach() as vendor:
        after = set(vendor.ask(OBJECTS))
        assert vendor.ask("SELECT CODIGO, NOME FROM CLIENTE") == [(1, "Maria")]
    assert before <= after
    ours = ("WA_", "field of WA_", "index on WA_", "trigger on WA_")
    assert [row for row in after - before if not any(str(part).startswith(ours) for part in row)] == []


@pytest.mark.feature("B24")
@pytest.mark.parametrize("options", [(), ("-ch", "WIN1252"), ("-ch", "UTF8")], ids=["NONE", "WIN1252", "UTF8"])
def test_the_printed_script_installs_the_same_contract_by_isql(
    firebird_server: PrivateServer, options: tuple[str, ...]
) -> None:
    path = firebird_server.create_database(f"by-hand{''.join(options)}.fdb")
    database = ContractDatabase(firebird_server, path, 3)
    assert isql(database, migrations.as_script(), *options) == ""
    with engine(database) as opened:
        assert installer.check(opened).ready
    with database.attach() as erp:
        erp.run("INSERT INTO WA_FILA (CHAVE, SITUACAO) VALUES ('k', 'lida')")
        assert "não pode começar na situação" in erp.value("SELECT MOTIVO FROM WA_FILA")


def test_the_printed_script_is_plain_ascii_and_skips_what_firebird_25_does_not_know() -> None:
    script = migrations.as_script()
    assert script.isascii()
    usages = script.count("GRANT USAGE")
    assert usages == script.count("NOT STARTING WITH '2.'") > 5
