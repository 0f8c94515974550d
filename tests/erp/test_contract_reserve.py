"""`WA_RESERVAR`: which row is next, and that two engines never get the same one."""

import multiprocessing
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import fdb
import pytest

from integrator.erp.connection import Database, Target
from integrator.erp.sql import QUERIES
from tests.erp.helpers import Attached, ContractDatabase, contract_database
from tools.firebird_server import PrivateServer

NOW = datetime(2026, 11, 23, 10, 0)
RESERVE = QUERIES["reserve"]


@pytest.fixture
def contract(firebird_server: PrivateServer) -> Iterator[ContractDatabase]:
    database = contract_database(firebird_server)
    yield database
    database.path.unlink()


@pytest.fixture
def erp(contract: ContractDatabase) -> Iterator[Attached]:
    with contract.attach() as attached:
        yield attached


def insert(erp: Attached, key: str, **columns: object) -> None:
    names = ", ".join(["CHAVE", *columns])
    marks = ", ".join("?" * (1 + len(columns)))
    erp.done(f"INSERT INTO WA_FILA ({names}) VALUES ({marks})", (key, *columns.values()))


def reserve(
    attached: Attached, purpose: str = "cobranca", instance: str = "loja", contact: str | None = None, rest: str = "S"
) -> str | None:
    """The key of the row that was reserved, committed."""
    found = attached.ask(RESERVE, ("pc1", instance, 300, NOW, purpose, contact, rest))
    key = attached.value("SELECT CHAVE FROM WA_FILA WHERE ID = ?", (found[0][0],)) if found else None
    attached.commit()
    return key


def test_a_reserved_row_carries_its_holder_token_and_lease(erp: Attached) -> None:
    insert(erp, "k")
    number, guid, token = erp.one(RESERVE, ("pc1", "loja", 300, NOW, "cobranca", None, "S"))
    row = erp.one("SELECT ID, GUID, TOKEN, SITUACAO, DONO, INSTANCIA FROM WA_FILA")
    # Not bound to that number: if its computer dies, any other may send the row.
    assert row == (number, guid, token, "reservada", "pc1", None)
    seconds = "SELECT DATEDIFF(SECOND, CAST('NOW' AS TIMESTAMP), RESERVADA_ATE) FROM WA_FILA"
    assert 200 <= erp.value(seconds) <= 300


def test_rows_that_are_not_for_now_are_passed_over(erp: Attached) -> None:
    insert(erp, "future", NAO_ANTES=NOW + timedelta(minutes=1))
    insert(erp, "expired", EXPIRA_EM=NOW)
    insert(erp, "other number", INSTANCIA="filial")
    insert(erp, "other purpose", FINALIDADE="servico")
    insert(erp, "draft", SITUACAO="rascunho")
    insert(erp, "due", NAO_ANTES=NOW, EXPIRA_EM=NOW + timedelta(seconds=1))
    insert(erp, "mine", INSTANCIA="loja")
    assert [reserve(erp) for _ in range(3)] == ["due", "mine", None]
    assert reserve(erp, purpose="servico") == "other purpose"
    assert reserve(erp, instance="filial") == "other number"


def test_rows_go_by_priority_then_by_order_then_by_arrival(erp: Attached) -> None:
    insert(erp, "late", ORDEM=NOW)
    insert(erp, "early", ORDEM=NOW - timedelta(days=3))
    insert(erp, "urgent", PRIORIDADE=1, ORDEM=NOW)
    insert(erp, "late too", ORDEM=NOW)
    assert [reserve(erp) for _ in range(5)] == ["urgent", "early", "late", "late too", None]


def test_a_row_that_somebody_holds_is_skipped_without_an_error(contract: ContractDatabase, erp: Attached) -> None:
    insert(erp, "first", ORDEM=NOW - timedelta(days=1))
    insert(erp, "second")
    with contract.attach() as other:
        other.run("UPDATE WA_FILA SET PRIORIDADE = 5 WHERE CHAVE = 'first'")
        assert reserve(erp) == "second"
        assert reserve(erp) is None
    assert reserve(erp) == "first"


@pytest.mark.feature("B07")
def test_known_contacts_are_asked_for_apart_from_cold_ones(erp: Attached) -> None:
    for key, contact in (("cold", "F"), ("known", "C"), ("not looked at", None)):
        insert(erp, key, ORDEM=NOW)
        erp.done("UPDATE WA_FILA SET CONTATO = ? WHERE CHAVE = ?", (contact, key))

    assert [reserve(erp, contact="C") for _ in range(2)] == ["known", None]
    assert [reserve(erp, contact="F") for _ in range(2)] == ["cold", None]
    assert reserve(erp) == "not looked at"


@pytest.mark.feature("A07", "B11")
def test_the_rule_of_modules_binds_a_row_to_its_number_and_what_the_erp_says_wins(erp: Attached) -> None:
    for key, named in (("ruled", None), ("named", "filial"), ("free", None)):
        insert(erp, key, ORDEM=NOW, INSTANCIA=named)
    erp.done("UPDATE WA_FILA SET INSTANCIA_REGRA = 'oficina' WHERE CHAVE IN ('ruled', 'named')")

    assert [reserve(erp, instance="oficina", rest="N") for _ in range(2)] == ["ruled", None]
    assert [reserve(erp, instance="filial", rest="N") for _ in range(2)] == ["named", None]
    assert [reserve(erp, instance="loja") for _ in range(2)] == ["free", None]


def test_another_phone_or_module_is_looked_at_again(erp: Attached) -> None:
    insert(erp, "k", TELEFONE="49988590187", MODULO="RECEBER")
    looked_at = "UPDATE WA_FILA SET CONTATO = 'C', CONTATO_FONE = '5549988590187', INSTANCIA_REGRA = 'loja'"
    told = "SELECT CONTATO, CONTATO_FONE, INSTANCIA_REGRA FROM WA_FILA"
    erp.done(looked_at)
    erp.done("UPDATE WA_FILA SET PRIORIDADE = 1")
    assert erp.one(told) == ("C", "5549988590187", "loja")

    for change in ("TELEFONE = '49991112222'", "MODULO = 'OS'"):
        erp.done(looked_at)
        erp.done(f"UPDATE WA_FILA SET {change}")
        assert erp.one(told) == (None, None, None)


def test_an_erp_cannot_say_that_a_contact_is_known(erp: Attached) -> None:
    insert(erp, "k", CONTATO="C", INSTANCIA_REGRA="loja")
    assert erp.one("SELECT CONTATO, INSTANCIA_REGRA FROM WA_FILA") == (None, None)


@pytest.mark.parametrize(("which", "index"), [(0, "WA_I_FILA_VEZ"), (1, "WA_I_FILA_CONTATO")])
def test_the_next_row_is_found_by_the_index_and_never_sorted(erp: Attached, which: int, index: str) -> None:
    cursor = erp.connection.cursor()
    source = erp.value("SELECT RDB$PROCEDURE_SOURCE FROM RDB$PROCEDURES WHERE RDB$PROCEDURE_NAME = 'WA_RESERVAR'")
    query = source.split("SELECT ID, GUID")[which + 1]
    query = f"SELECT ID, GUID {query[: query.index('INTO :ID, :GUID')]}"
    for name in (":P_FINALIDADE", ":P_AGORA", ":P_INSTANCIA"):
        assert name in query
        query = query.replace(name, "?")
    query = query.replace(":P_LIVRES", "CAST(? AS CHAR(1))").replace(":P_CONTATO", "?")
    plan = cursor.prep(query).plan
    assert f"ORDER {index}" in plan
    assert "SORT" not in plan
    cursor.close()


def _take_all(client: str, target: Target, owner: str, taken: "multiprocessing.Queue[list[int]]") -> None:
    fdb.load_api(client)
    database = Database(target)
    rows: list[int] = []
    while True:
        found = database.run(lambda session: session.row(RESERVE, (owner, "loja", 300, NOW, "cobranca", None, "S")))
        if found is None:
            break
        rows.append(int(found[0]))
    database.close()
    taken.put(rows)


@pytest.mark.feature("B11")
def test_two_engines_share_the_queue_and_never_get_the_same_row(
    firebird_server: PrivateServer, contract: ContractDatabase, erp: Attached
) -> None:
    erp.done(
        "EXECUTE BLOCK AS DECLARE I INTEGER = 0; BEGIN WHILE (I < 200) DO BEGIN "
        "INSERT INTO WA_FILA (CHAVE) VALUES ('k' || :I); I = I + 1; END END"
    )
    context = multiprocessing.get_context("spawn")
    taken: multiprocessing.Queue[list[int]] = context.Queue()
    client = str(Path(firebird_server.client_library))
    engines = [
        context.Process(target=_take_all, args=(client, contract.target(), owner, taken)) for owner in ("pc1", "pc2")
    ]
    for process in engines:
        process.start()
    first, second = taken.get(timeout=60), taken.get(timeout=60)
    for process in engines:
        process.join()
    assert sorted(first + second) == sorted(number for (number,) in erp.ask("SELECT ID FROM WA_FILA"))
    assert erp.value("SELECT COUNT(*) FROM WA_FILA WHERE SITUACAO = 'reservada'") == 200
