"""The vendor's manual, `docs/contrato-fila.md`: every example of it runs, and its tables name what exists."""

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from integrator.domain.message import Purpose
from integrator.erp.connection import Database
from integrator.erp.queue import FirebirdQueue
from integrator.erp.schema import migrations
from integrator.messages.catalogue import find_situation
from tests.erp.helpers import Attached, ContractDatabase, contract_database, isql
from tools.firebird_server import PrivateServer

MANUAL = Path(__file__).parents[2] / "docs" / "contrato-fila.md"
USERS = "DROP USER WAGATE; DROP USER CAIXA01; COMMIT;"


def examples() -> list[str]:
    return re.findall(r"^```sql exemplo\n(.*?)^```", MANUAL.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.fixture(params=["NONE", "WIN1252", "UTF8"])
def contract(firebird_server: PrivateServer, request: pytest.FixtureRequest) -> Iterator[ContractDatabase]:
    database = contract_database(firebird_server, request.param)
    isql(database, USERS)
    yield database
    isql(database, USERS)
    database.path.unlink()


@pytest.fixture
def followed(contract: ContractDatabase) -> Iterator[Attached]:
    """The database of somebody who typed every example, in order."""
    printed = isql(contract, "\n".join(examples()), "-b", "-ch", "WIN1252", encoding="cp1252")
    assert "SQLSTATE" not in printed, printed[-2000:]
    with contract.attach() as erp:
        yield erp


@pytest.mark.feature("B24")
def test_a_vendor_who_follows_the_manual_gets_what_it_says(followed: Attached) -> None:
    assert dict(followed.ask("SELECT CHAVE, SITUACAO FROM WA_FILA")) == {
        "2026-11-20|1|4711": "pendente",
        "orc|812": "pendente",
        "os|5530|ABERTA": "pendente",
        "2026-11-20|1|1": "pendente",
        "2026-11-20|1|2": "pendente",
        "os|5521|PRONTA": "cancelada",
    }
    titles = followed.ask("SELECT REF, SITUACAO FROM WA_TITULO ORDER BY REF")
    assert titles == [("1001", "aberto"), ("101", "aberto"), ("102", "cancelado"), ("103", "aberto")]
    assert followed.ask("SELECT NOME_ARQUIVO, TIPO, TITULO_REF FROM WA_ANEXO") == [("boleto-101.pdf", "boleto", "101")]
    names = [name for (name,) in followed.ask("SELECT CLIENTE_NOME FROM WA_FILA ORDER BY ID")]
    assert names == [*["João da Conceição"] * 3, "Maria Aparecida", "Oficina São José", "Oficina São José"]
    items = followed.ask("SELECT DESCRICAO, TRIM(UNIDADE), TOTAL FROM WA_ITEM ORDER BY ORDEM")
    assert items == [("Corda de nylon 8 mm", "m", Decimal("15.43")), ("Instalação", None, Decimal("80.00"))]
    assert followed.ask("SELECT CHAVE, VALOR FROM WA_CONFIG") == [("HORA_INICIO", "08:30")]
    followed.run("UPDATE WA_FILA SET SITUACAO = 'reservada' WHERE CHAVE = '2026-11-20|1|2'")
    assert followed.one("SELECT * FROM FECHAMENTO_WHATSAPP('2026-11-20')") == (0, 1, 1, 0)


@pytest.mark.feature("B24")
def test_the_engine_reads_the_manuals_documents(contract: ContractDatabase, followed: Attached) -> None:
    database = Database(contract.target())
    queue = FirebirdQueue(database, owner="pc1", instance="principal")
    found = []
    while (reservation := queue.reserve(Purpose.SERVICE, datetime.now())) is not None:
        found.append(queue.load(reservation).message)
    database.close()

    quote, order = found
    assert (quote.key, quote.variables) == ("orc|812", {"numero": "812", "valor_total": "95,43"})
    assert (order.key, order.variables["equipamento"]) == ("os|5530|ABERTA", "Roçadeira Exemplo RX-200")
    assert [item.description for item in (*quote.items, *order.items)] == [
        *("Corda de nylon 8 mm", "Instalação"),
        *("Troca de óleo", "Mão de obra"),
    ]
    assert all(find_situation(message.module, message.kind) for message in found)


def test_the_hook_of_the_manual_answers_as_the_engine_asks(followed: Attached) -> None:
    def answer(ref: str) -> tuple[str | None, str | None]:
        opened, amount, due = followed.one("EXECUTE PROCEDURE WA_CONFERIR_TITULO(?)", (ref,))
        return opened, None if due is None else f"{amount:.2f} {due:%d/%m/%Y}"

    assert answer("103") == ("S", "500.00 10/11/2026")
    assert answer("999") == ("N", None)


def test_a_stopped_engine_is_told_with_the_hour_of_its_last_beat(followed: Attached) -> None:
    beat = "INSERT INTO WA_BATIMENTO (DONO, BATIDA_EM, SITUACAO) VALUES (?, CAST(? AS TIMESTAMP), 'enviando')"
    followed.run(beat, ("a", "2026-01-05 08:02:00"))
    followed.run(beat, ("b", "NOW"))
    (query,) = [example for example in examples() if "FROM WA_BATIMENTO" in example]
    told = {row[2].strip() for row in followed.ask(query.strip().rstrip(";"))}
    assert told == {"integrador parado desde 8:02", "enviando"}


def test_the_manual_names_every_table_procedure_parameter_and_column() -> None:
    text = MANUAL.read_text(encoding="utf-8")
    private = {"WA_RESERVAR"}
    for statement in migrations.statements():
        if statement.kind in {"TABLE", "PROCEDURE", "VIEW", "ROLE"} and statement.name not in private:
            assert f"`{statement.name}" in text or f"### {statement.name}" in text, statement.name
        if statement.kind == "PROCEDURE" and statement.name not in private | {"WA_EXPURGAR"}:
            for parameter in re.findall(r"^\s*(P_\w+) ", statement.sql, re.MULTILINE):
                assert parameter in text, f"{statement.name}({parameter})"
        if statement.kind == "TABLE":
            for column in re.findall(r"^    (?!CONSTRAINT)([A-Z_]+) ", statement.sql, re.MULTILINE):
                short = column.removeprefix("CLIENTE")
                assert f"`{column}`" in text or f"`{short}`" in text, f"{statement.name}.{column}"


def test_the_links_of_the_table_of_contents_lead_somewhere() -> None:
    text = MANUAL.read_text(encoding="utf-8")
    headings = {
        re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^## (.+)$", text, re.MULTILINE)
    }
    links = re.findall(r"\]\(#([^)]+)\)", text)
    assert len(links) == len(headings) == 20
    assert set(links) == headings
