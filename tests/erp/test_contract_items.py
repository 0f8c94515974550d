"""`WA_INCLUIR_ITEM` and `WA_INCLUIR_JSON`: what an ERP writes is what is read, and no closing stops."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

import pytest

from integrator.domain.errors import MessageError
from integrator.domain.message import LineItem, Message, Purpose
from integrator.erp.connection import Database
from integrator.erp.queue import FirebirdQueue
from tests.erp.helpers import Attached, ContractDatabase, contract_database
from tools.firebird_server import PrivateServer

ITEM = "SELECT RESULTADO FROM WA_INCLUIR_ITEM(?, ?, ?, ?, ?, ?, ?, ?)"
JSON = "SELECT RESULTADO FROM WA_INCLUIR_JSON(?, ?)"
ROPE = ("Corda de nylon 8 mm", 12.5, "m", 1.2345, 14.43, "7891", 1.0)


@pytest.fixture(params=[3, 1], ids=["dialect 3", "dialect 1"])
def contract(firebird_server: PrivateServer, request: pytest.FixtureRequest) -> Iterator[ContractDatabase]:
    database = contract_database(firebird_server, dialect=request.param)
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


def released(erp: Attached, queue: FirebirdQueue, key: str = "k") -> Message:
    """The row as the engine reads it, once the ERP has let go of it."""
    assert erp.value("SELECT RESULTADO FROM WA_LIBERAR(?)", (key,)) == "OK"
    erp.commit()
    reservation = queue.reserve(Purpose.COLLECTION, datetime.now())
    assert reservation is not None
    return queue.load(reservation).message


@pytest.mark.feature("B24")
def test_items_come_out_as_they_were_put_in(erp: Attached, queue: FirebirdQueue) -> None:
    number, *_ = erp.enqueue("k")
    assert erp.value(ITEM, (number, *ROPE)) == "OK"
    assert erp.value(ITEM, (number, "  Mão de obra ", None, None, None, 80, None, None)) == "OK"

    assert released(erp, queue).items == (
        LineItem(
            "Corda de nylon 8 mm", "7891", Decimal("12.5"), "m", Decimal("1.2345"), Decimal("1.00"), Decimal("14.43")
        ),
        LineItem("Mão de obra", total=Decimal("80.00")),
    )


def test_items_written_by_insert_keep_the_erps_order(erp: Attached, queue: FirebirdQueue) -> None:
    erp.run("INSERT INTO WA_FILA (CHAVE, SITUACAO) VALUES ('k', 'rascunho')")
    for order, name in ((2, "segundo"), (1, "primeiro")):
        sql = "INSERT INTO WA_ITEM (FILA_ID, ORDEM, DESCRICAO) SELECT ID, ?, ? FROM WA_FILA"
        erp.run(sql, (order, name))

    assert [item.description for item in released(erp, queue).items] == ["primeiro", "segundo"]


@pytest.mark.parametrize("sold", ["quantidade", "valor_unitario", "total", "desconto"])
def test_a_negative_number_of_an_item_holds_the_message_and_tells_which(
    erp: Attached, queue: FirebirdQueue, sold: str
) -> None:
    number, *_ = erp.enqueue("k")
    erp.value(ITEM, (number, *ROPE))
    erp.run(f"INSERT INTO WA_ITEM (FILA_ID, DESCRICAO, {sold}) VALUES (?, 'Frete', -1)", (number,))
    with pytest.raises(MessageError, match=r"No item 2, .* negativo"):
        released(erp, queue)


def test_an_item_without_description_holds_the_message(erp: Attached, queue: FirebirdQueue) -> None:
    number, *_ = erp.enqueue("k")
    assert erp.value(ITEM, (number, None, None, None, None, None, None, None)) == "OK"
    with pytest.raises(MessageError, match="O item 1 está sem descrição"):
        released(erp, queue)


@pytest.mark.parametrize("amount", [1e18, -1e18, 1e300, float("inf"), float("nan")])
@pytest.mark.parametrize("place", [1, 3, 4, 6])
def test_an_impossible_number_holds_the_message_and_stops_nothing(erp: Attached, place: int, amount: float) -> None:
    number, *_ = erp.enqueue("k")
    values: list[object] = list(ROPE)
    values[place] = amount
    assert erp.value(ITEM, (number, *values)) == "ERRO"
    assert erp.one("SELECT RESULTADO FROM WA_LIBERAR('k')") == ("RETIDA",)
    assert "Corda de nylon" in erp.value("SELECT MOTIVO FROM WA_FILA")


@pytest.mark.parametrize("place", [0, 2, 5])
def test_a_text_as_long_as_the_parameter_takes_never_raises(erp: Attached, place: int) -> None:
    number, *_ = erp.enqueue("k")
    values: list[object] = list(ROPE)
    values[place] = "ç" * {0: 1000, 2: 100, 5: 200}[place]
    assert erp.value(ITEM, (number, *values)) == "ERRO"
    assert erp.value("SELECT RESULTADO FROM WA_LIBERAR('k')") == "RETIDA"


@pytest.mark.parametrize("row", [None, -1, 999999])
def test_a_message_that_does_not_exist_is_refused_without_raising(erp: Attached, row: int | None) -> None:
    assert erp.value(ITEM, (row, *ROPE)) == "ERRO"
    assert erp.value(JSON, (row, "{}")) == "ERRO"


@pytest.mark.parametrize("state", ["reservada", "pendente", "aguardando_confirmacao", "enviada", "retida"])
def test_nothing_is_added_to_a_message_that_is_no_draft(erp: Attached, state: str) -> None:
    number = erp.put("k", state)
    assert erp.value(ITEM, (number, *ROPE)) == "IGNORADO"
    assert erp.value(JSON, (number, "{}")) == "IGNORADO"
    assert erp.one("SELECT COUNT(*), COUNT(VARIAVEIS) FROM WA_FILA LEFT JOIN WA_ITEM ON FILA_ID = WA_FILA.ID") == (1, 0)
    assert erp.value("SELECT COUNT(*) FROM WA_ITEM") == 0


@pytest.mark.feature("B25")
def test_enqueued_again_items_and_json_are_those_of_the_new_content(erp: Attached, queue: FirebirdQueue) -> None:
    number, *_ = erp.enqueue("k")
    erp.value(ITEM, (number, *ROPE))
    erp.value(JSON, (number, '{"placa": "ABC1D23"}'))
    erp.value("SELECT RESULTADO FROM WA_LIBERAR('k')")
    erp.commit()

    assert erp.enqueue("k")[1] == "ATUALIZADA"
    assert erp.one("SELECT COUNT(*), COUNT(VARIAVEIS) FROM WA_FILA LEFT JOIN WA_ITEM ON FILA_ID = WA_FILA.ID") == (1, 0)
    erp.value(JSON, (number, '{"km": 10}'))
    erp.value(JSON, (number, '{"placa": "XYZ9A88"}'))
    message = released(erp, queue)
    assert (message.variables, message.items) == ({"placa": "XYZ9A88"}, ())


@pytest.mark.feature("B24")
def test_variables_and_items_in_one_json(erp: Attached, queue: FirebirdQueue) -> None:
    number, *_ = erp.enqueue("k")
    told = {
        "numero": 5521,
        "valor": 1234.5,
        "peso": 1.234,
        "pronta": True,
        "obs": None,
        "Situação": " PRONTA ",
        "itens": [
            {"descricao": "Troca de óleo", "quantidade": 1.5, "unidade": "l", "valor_unitario": 39.9, "total": 59.85},
            {"descricao": "Filtro", "codigo": "F-10", "desconto": 0},
        ],
    }
    assert erp.value(JSON, (number, json.dumps(told, ensure_ascii=False))) == "OK"
    erp.value("SELECT RESULTADO FROM WA_INCLUIR_VARIAVEL(?, 'NUMERO', '5521-A')", (number,))

    message = released(erp, queue)

    assert message.variables == {
        "NUMERO": "5521-A",
        "valor": "1234,5",
        "peso": "1.2340",
        "pronta": "S",
        "Situação": "PRONTA",
    }
    assert message.items == (
        LineItem("Troca de óleo", "", Decimal("1.5"), "l", Decimal("39.9"), None, Decimal("59.85")),
        LineItem("Filtro", "F-10", discount=Decimal(0)),
    )


def test_a_json_as_long_as_may_be_is_read_whole_and_a_longer_one_holds(erp: Attached, queue: FirebirdQueue) -> None:
    longest = '{"a": "' + "á" * (65_536 - 9) + '"}'
    number, *_ = erp.enqueue("longo")
    assert erp.value(JSON, (number, longest + " ")) == "ERRO"
    assert erp.one("SELECT RESULTADO, MOTIVO FROM WA_LIBERAR('longo')") == (
        "RETIDA",
        "Os dados em JSON têm 65537 bytes; o máximo é 65536.",
    )
    number, *_ = erp.enqueue("k")
    assert erp.value(JSON, (number, longest)) == "OK"
    assert released(erp, queue).variables == {"a": "á" * (65_536 - 9)}


def test_a_json_written_past_the_procedure_is_measured_too(erp: Attached, queue: FirebirdQueue) -> None:
    erp.run("INSERT INTO WA_FILA (CHAVE, SITUACAO, VARIAVEIS) VALUES ('k', 'rascunho', ?)", ("x" * 1_000_000,))
    with pytest.raises(MessageError, match="1000000 bytes"):
        released(erp, queue)


def test_items_in_both_places_are_a_doubt(erp: Attached, queue: FirebirdQueue) -> None:
    number, *_ = erp.enqueue("k")
    erp.value(ITEM, (number, *ROPE))
    erp.value(JSON, (number, '{"itens": [{"descricao": "Corda"}]}'))
    with pytest.raises(MessageError, match="use um só"):
        released(erp, queue)


@pytest.mark.parametrize(("table", "most"), [("WA_ITEM", 2000), ("WA_TITULO", 500)])
def test_more_than_fits_one_message_is_refused_at_once(
    erp: Attached, queue: FirebirdQueue, table: str, most: int
) -> None:
    columns, values = ("DESCRICAO", ":N") if table == "WA_ITEM" else ("REF, VENCIMENTO, VALOR", ":N, '2026-11-20', 1")
    number, *_ = erp.enqueue("k")
    erp.run(
        f"EXECUTE BLOCK AS DECLARE N INTEGER = 0; BEGIN WHILE (N < {most}) DO BEGIN "
        f"INSERT INTO {table} (FILA_ID, {columns}) VALUES ({number}, {values}); N = N + 1; END END"
    )
    message = released(erp, queue)
    assert len(message.items) + len(message.titles) == most

    erp.run(f"INSERT INTO {table} (FILA_ID, {columns}) SELECT FIRST 1 FILA_ID, {columns} FROM {table}")
    erp.done("UPDATE WA_FILA SET SITUACAO = 'pendente', TOKEN = NULL")
    reservation = queue.reserve(Purpose.COLLECTION, datetime.now())
    assert reservation is not None
    with pytest.raises(MessageError, match=f"mais de {most}"):
        queue.load(reservation)


@pytest.mark.feature("B13", "B24")
@pytest.mark.parametrize(
    ("charset", "attachment", "given"),
    [
        ("NONE", "NONE", "cp1252"),
        ("NONE", "NONE", "utf-8"),
        ("WIN1252", "WIN1252", "cp1252"),
        ("UTF8", "UTF8", ""),
        ("ISO8859_1", "ISO8859_1", ""),
    ],
)
def test_accents_of_json_and_items_through_every_attachment(
    firebird_server: PrivateServer, charset: str, attachment: str, given: str
) -> None:
    database = contract_database(firebird_server, charset)
    written = '{"nome": "João Conceição Á"}'
    with database.attach(attachment) as erp:
        number, *_ = erp.enqueue("k")
        assert erp.value(JSON, (number, written.encode(given) if attachment == "NONE" else written)) == "OK"
        described = "Açúcar União"
        assert erp.value(ITEM, (number, described.encode("cp1252") if attachment == "NONE" else described, *ROPE[1:]))
        opened = Database(database.target())
        message = released(erp, FirebirdQueue(opened, owner="test", instance="principal"))
        opened.close()
    assert message.variables == {"nome": "João Conceição Á"}
    assert message.items[0].description == "Açúcar União"
    database.path.unlink()


def test_bytes_of_no_charset_hold_the_row_and_not_the_queue(firebird_server: PrivateServer) -> None:
    database = contract_database(firebird_server, "NONE")
    with database.attach("NONE") as erp:
        number, *_ = erp.enqueue("k")
        assert erp.value(JSON, (number, b'{"nome": "Jo\x81\x8d\xe3o"}')) == "OK"
        opened = Database(database.target())
        with pytest.raises(MessageError, match="nem Windows-1252"):
            released(erp, FirebirdQueue(opened, owner="test", instance="principal"))
        opened.close()
    database.path.unlink()
