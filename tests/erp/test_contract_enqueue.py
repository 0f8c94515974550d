"""`WA_ENFILEIRAR`, `WA_INCLUIR_*` and plain INSERTs: whatever the ERP's closing throws at us, it is never stopped."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.erp.helpers import Attached, ContractDatabase, contract_database
from tools.firebird_server import PrivateServer

TITLE = "SELECT RESULTADO FROM WA_INCLUIR_TITULO(?, ?, ?, '1', NULL, ?, ?, ?)"
TEXTS = [
    *("modulo", "tipo", "cliente_codigo", "cliente_nome", "telefone", "aceita_receber", "finalidade", "empresa"),
    *("cliente_doc", "contato_nome", "endereco", "bairro", "cidade", "uf", "cep", "confirmar", "usuario", "estacao"),
    *("regra", "etapa", "instancia"),
]


@pytest.fixture(params=[3, 1], ids=["dialect 3", "dialect 1"])
def contract(firebird_server: PrivateServer, request: pytest.FixtureRequest) -> Iterator[ContractDatabase]:
    database = contract_database(firebird_server, dialect=request.param)
    yield database
    database.path.unlink()


@pytest.fixture
def erp(contract: ContractDatabase) -> Iterator[Attached]:
    with contract.attach() as attached:
        yield attached


def add_title(erp: Attached, row: object, ref: str = "T1", amount: object = 10) -> str:
    return str(erp.value(TITLE, (row, ref, "NF 1", datetime(2026, 11, 30), amount, amount)))


def release(erp: Attached, key: str) -> str:
    return str(erp.value("SELECT RESULTADO FROM WA_LIBERAR(?)", (key,)))


@pytest.mark.feature("B24")
def test_a_new_message_is_a_draft_until_it_is_released(erp: Attached) -> None:
    number, result, reason = erp.enqueue("k")
    assert (result, reason) == ("NOVA", None)
    assert erp.one(
        "SELECT SITUACAO, FINALIDADE, PRIORIDADE, CONFIRMAR, ACEITA_RECEBER, TENTATIVAS, ERP_USUARIO FROM WA_FILA "
        "WHERE ID = ?",
        (number,),
    ) == ("rascunho", "cobranca", 5, "N", "S", 0, "SYSDBA")
    assert add_title(erp, number) == "OK"
    assert release(erp, "k") == "OK"
    assert erp.one("SELECT SITUACAO, ORDEM FROM WA_FILA") == ("pendente", datetime(2026, 11, 30))


def test_a_title_comes_in_open_and_not_registered_unless_told_otherwise(erp: Attached) -> None:
    number, *_ = erp.enqueue("k")
    erp.value(TITLE, (number, "  T1 ", "NF 1", datetime(2026, 11, 30), 10.5, None))
    assert erp.one("SELECT REF, SITUACAO, REGISTRADO, CAST(VALOR_ABERTO AS VARCHAR(10)) FROM WA_TITULO")[:3] == (
        "T1",
        "aberto",
        "N",
    )
    assert float(erp.value("SELECT VALOR_ABERTO FROM WA_TITULO")) == 10.5


def test_enqueued_again_before_leaving_everything_is_replaced(erp: Attached) -> None:
    first, *_ = erp.enqueue("k", texto="velho")
    add_title(erp, first)
    erp.value("SELECT RESULTADO FROM WA_INCLUIR_VARIAVEL(?, 'a', 'b')", (first,))
    erp.one("SELECT ID, RESULTADO FROM WA_INCLUIR_ANEXO(?, 'a.pdf', 'PDF')", (first,))
    release(erp, "k")
    erp.commit()
    again, result, _ = erp.enqueue("k", cliente_nome="José", prioridade=2)
    assert (again, result) == (first, "ATUALIZADA")
    assert erp.one("SELECT SITUACAO, CLIENTE_NOME, PRIORIDADE, TEXTO FROM WA_FILA") == ("rascunho", "José", 2, None)
    for table in ("WA_TITULO", "WA_VARIAVEL", "WA_ANEXO", "WA_PARTE"):
        assert erp.value(f"SELECT COUNT(*) FROM {table}") == 0


@pytest.mark.feature("B25")
@pytest.mark.parametrize(
    "state", ["reservada", "enviando", "incerta", "enviada", "entregue", "lida", "falhou", "cancelada", "expirada"]
)
def test_what_has_left_or_ended_is_repeated_and_untouched(erp: Attached, state: str) -> None:
    number = erp.put("k", state)
    again, result, reason = erp.enqueue("k", cliente_nome="Outro")
    assert (again, result) == (number, "REPETIDA")
    assert "nada foi alterado" in reason
    assert erp.one("SELECT SITUACAO, CLIENTE_NOME FROM WA_FILA") == (state, "João")
    assert erp.value("SELECT COUNT(*) FROM WA_EVENTO WHERE ACAO = 'chave_repetida'") == 1


@pytest.mark.feature("B25")
def test_a_message_of_which_a_part_was_posted_is_repeated(erp: Attached) -> None:
    number = erp.put("k", "pendente")
    erp.run(
        "INSERT INTO WA_PARTE (FILA_ID, ORDEM, TIPO, HASH, TAMANHO, SITUACAO) VALUES (?, 1, 'texto', '', 1, 'enviada')",
        (number,),
    )
    assert erp.enqueue("k")[1] == "REPETIDA"
    assert erp.state("k") == "pendente"


@pytest.mark.feature("B25")
def test_a_message_held_after_a_restored_backup_is_neither_rewritten_nor_released_by_the_erp(erp: Attached) -> None:
    erp.put("k", "retida")
    erp.done("UPDATE WA_FILA SET MOTIVO_CODIGO = 'restaurado', MOTIVO = 'Confira.'")
    assert erp.enqueue("k")[1] == "REPETIDA"
    assert erp.one("SELECT RESULTADO, MOTIVO FROM WA_LIBERAR('k')") == ("RETIDA", "Confira.")
    assert erp.state("k") == "retida"


@pytest.mark.parametrize("state", ["reservada", "pendente", "enviada", "retida"])
def test_items_are_not_added_to_a_message_that_is_no_draft(erp: Attached, state: str) -> None:
    number = erp.put("k", state)
    assert add_title(erp, number) == "IGNORADO"
    assert erp.value("SELECT RESULTADO FROM WA_INCLUIR_VARIAVEL(?, 'a', 'b')", (number,)) == "IGNORADO"
    assert erp.one("SELECT ID, RESULTADO FROM WA_INCLUIR_ANEXO(?, 'a.pdf', 'x')", (number,)) == (None, "IGNORADO")
    assert erp.value("SELECT COUNT(*) FROM WA_TITULO") == 0


def test_nulls_everywhere_make_a_message_and_no_error(erp: Attached) -> None:
    number, result, _ = erp.enqueue(None, **dict.fromkeys(TEXTS))
    assert (number is not None, result) == (True, "NOVA")
    assert erp.one("SELECT SITUACAO, FINALIDADE, ACEITA_RECEBER FROM WA_FILA") == ("rascunho", "cobranca", "N")


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_as_long_as_the_parameter_takes_never_raises(erp: Attached, name: str) -> None:
    longest = erp.value(
        "SELECT F.RDB$CHARACTER_LENGTH FROM RDB$PROCEDURE_PARAMETERS P JOIN RDB$FIELDS F "
        "ON F.RDB$FIELD_NAME = P.RDB$FIELD_SOURCE "
        "WHERE P.RDB$PROCEDURE_NAME = 'WA_ENFILEIRAR' AND P.RDB$PARAMETER_NAME = ?",
        (f"P_{name.upper()}",),
    )
    _, result, reason = erp.enqueue("k", **{name: "ç" * longest})
    assert result == "NOVA"
    held = name in {"telefone", "cliente_nome", "finalidade"}
    assert bool(reason) == held
    assert release(erp, "k") == ("RETIDA" if held else "OK")
    assert erp.state("k") == ("retida" if held else "pendente")


def test_an_unknown_purpose_is_held_with_the_reason(erp: Attached) -> None:
    assert "Finalidade desconhecida" in erp.enqueue("k", finalidade="propaganda")[2]
    assert release(erp, "k") == "RETIDA"
    assert "propaganda" in erp.value("SELECT MOTIVO FROM WA_FILA")
    assert release(erp, "k") == "RETIDA"


@pytest.mark.parametrize(("given", "kept"), [(-5, 1), (0, 1), (3, 3), (99, 9), (2_000_000_000, 9), (None, 5)])
def test_the_priority_stays_between_1_and_9(erp: Attached, given: int | None, kept: int) -> None:
    erp.enqueue("k", prioridade=given)
    assert erp.value("SELECT PRIORIDADE FROM WA_FILA") == kept


@pytest.mark.parametrize("length", [120, 121, 500])
def test_a_long_key_still_names_one_message_everywhere(erp: Attached, length: int) -> None:
    key = "cobrança-" + "x" * (length - 9)
    other = key[:-1] + "y"
    first, result, _ = erp.enqueue(key)
    assert result == "NOVA"
    if length < 500:
        assert erp.enqueue(f" {key} ")[:2] == (first, "ATUALIZADA")
    assert erp.enqueue(key)[:2] == (first, "ATUALIZADA")
    assert erp.enqueue(other)[1] == "NOVA"
    assert release(erp, key) == "OK"
    assert erp.value("SELECT SITUACAO FROM WA_FILA WHERE ID = ?", (first,)) == "pendente"
    assert erp.value("SELECT RESULTADO FROM WA_CONFIRMAR(?)", (key,)) == "OK"
    assert erp.value("SELECT RESULTADO FROM WA_CANCELAR(?)", (key,)) == "OK"
    assert erp.value("SELECT SITUACAO FROM WA_FILA WHERE ID = ?", (first,)) == "cancelada"


def test_a_row_that_another_transaction_holds_is_answered_at_once(contract: ContractDatabase, erp: Attached) -> None:
    erp.put("k", "pendente")
    with contract.attach() as other:
        other.run("UPDATE WA_FILA SET PRIORIDADE = 1")
        assert erp.enqueue("k", cliente_nome="Outro")[1] == "REPETIDA"
        assert erp.enqueue("outra")[1] == "NOVA"
        erp.commit()
    assert erp.value("SELECT CLIENTE_NOME FROM WA_FILA WHERE CHAVE = 'k'") == "João"


def test_a_key_that_another_transaction_is_writing_does_not_raise(contract: ContractDatabase, erp: Attached) -> None:
    with contract.attach() as other:
        other.enqueue("k")
        assert erp.enqueue("k")[1] == "REPETIDA"


def test_a_message_without_a_key_is_told_apart_by_day_customer_and_phone(erp: Attached) -> None:
    assert erp.enqueue(None, telefone="111")[1] == "NOVA"
    assert erp.enqueue(None, telefone="222")[1] == "NOVA"
    assert erp.enqueue(None, telefone="111")[1] == "REPETIDA"
    assert erp.value("SELECT COUNT(*) FROM WA_FILA WHERE SITUACAO = 'rascunho'") == 2


@pytest.mark.parametrize("amount", [1e18, -1e18, 1e300, float("inf"), float("nan")])
def test_an_impossible_amount_holds_its_message_and_stops_nothing(erp: Attached, amount: float) -> None:
    number, *_ = erp.enqueue("k")
    assert add_title(erp, number, amount=amount) == "ERRO"
    assert erp.one("SELECT RESULTADO FROM WA_LIBERAR('k')") == ("RETIDA",)
    assert "NF 1" in erp.value("SELECT MOTIVO FROM WA_FILA")
    assert erp.value("SELECT COUNT(*) FROM WA_TITULO") == 0


def test_bad_items_hold_their_message_with_the_reason(erp: Attached) -> None:
    pix = "SELECT RESULTADO FROM WA_INCLUIR_TITULO(?, 'r', 'NF 9', '1', NULL, NULL, 1, 1, NULL, NULL, NULL, ?)"
    variable = "SELECT RESULTADO FROM WA_INCLUIR_VARIAVEL(?, 'NF 9', ?)"
    file = "SELECT RESULTADO FROM WA_INCLUIR_ANEXO(?, 'NF 9 ' || CAST(? AS VARCHAR(900)), NULL)"
    for key, sql, length in (("pix", pix, 1001), ("variable", variable, 4001), ("file", file, 900)):
        number, *_ = erp.enqueue(key)
        assert erp.value(sql, (number, "x" * length)) == "ERRO"
        assert release(erp, key) == "RETIDA"
        assert "NF 9" in erp.value("SELECT MOTIVO FROM WA_FILA WHERE CHAVE = ?", (key,))


@pytest.mark.parametrize("row", [None, -1, 999999])
def test_items_of_a_message_that_does_not_exist_are_refused_without_raising(erp: Attached, row: int | None) -> None:
    assert add_title(erp, row) == "ERRO"
    assert erp.value("SELECT RESULTADO FROM WA_INCLUIR_VARIAVEL(?, 'a', 'b')", (row,)) == "ERRO"
    assert erp.one("SELECT ID, RESULTADO FROM WA_INCLUIR_ANEXO(?, 'a', NULL)", (row,)) == (None, "ERRO")


def test_a_title_without_due_date_or_amount_is_taken_for_the_engine_to_judge(erp: Attached) -> None:
    number, *_ = erp.enqueue("k")
    assert erp.value(TITLE, (number, None, None, None, None, None)) == "OK"
    assert erp.one("SELECT REF, VENCIMENTO, VALOR, VALOR_ABERTO FROM WA_TITULO") == (None, None, None, None)


@pytest.mark.feature("B25")
def test_the_closing_run_twice_on_a_day_doubles_nothing(erp: Attached) -> None:
    def closing() -> list[str]:
        answers = []
        for customer in range(5):
            number, result, _ = erp.enqueue(f"2026-11-21|{customer}", cliente_codigo=str(customer))
            add_title(erp, number, f"T{customer}")
            release(erp, f"2026-11-21|{customer}")
            answers.append(result)
        erp.commit()
        return answers

    assert closing() == ["NOVA"] * 5
    erp.done("UPDATE WA_FILA SET SITUACAO = 'reservada' WHERE CLIENTE_CODIGO = '3'")
    assert closing() == ["ATUALIZADA"] * 3 + ["REPETIDA", "ATUALIZADA"]
    assert erp.value("SELECT COUNT(*) FROM WA_FILA") == 5
    assert erp.value("SELECT COUNT(*) FROM WA_TITULO") == 5


# -- plain INSERTs ----------------------------------------------------------------------------------------------------


@pytest.mark.feature("B24")
def test_a_plain_insert_is_ready_to_go_with_a_key_of_its_own(erp: Attached) -> None:
    erp.run("INSERT INTO WA_FILA (CLIENTE_CODIGO, TELEFONE, MODULO, TIPO) VALUES ('7', '499', 'Receber', 'Aviso')")
    state, key, guid, purpose = erp.one("SELECT SITUACAO, CHAVE, GUID, FINALIDADE FROM WA_FILA")
    assert (state, purpose, len(guid)) == ("pendente", "cobranca", 36)
    assert key.startswith("AUTO|")
    assert key.endswith("|Receber|Aviso|7|499")


def test_a_key_used_twice_cancels_the_second_row_and_leaves_the_first(erp: Attached) -> None:
    erp.run("INSERT INTO WA_FILA (CHAVE, CLIENTE_NOME) VALUES ('k', 'Primeira')")
    erp.run("INSERT INTO WA_FILA (CHAVE, CLIENTE_NOME) VALUES ('k', 'Segunda')")
    first, second = erp.ask("SELECT CLIENTE_NOME, SITUACAO, MOTIVO_CODIGO, CHAVE FROM WA_FILA ORDER BY ID")
    assert first == ("Primeira", "pendente", None, "k")
    assert second[:3] == ("Segunda", "cancelada", "chave_repetida")
    assert second[3].startswith("k#")
    assert "já pertence à mensagem" in erp.value("SELECT MOTIVO FROM WA_FILA WHERE SITUACAO = 'cancelada'")


def test_documents_without_a_key_are_each_a_message(erp: Attached) -> None:
    for _ in range(2):
        erp.run("INSERT INTO WA_FILA (FINALIDADE, TELEFONE) VALUES ('servico', '499')")
    assert erp.value("SELECT COUNT(*) FROM WA_FILA WHERE SITUACAO = 'pendente'") == 2


def test_a_plain_insert_of_unknown_purpose_is_held_and_not_released_by_mistake(erp: Attached) -> None:
    erp.run("INSERT INTO WA_FILA (CHAVE, FINALIDADE) VALUES ('k', 'spam')")
    assert erp.one("SELECT SITUACAO, MOTIVO_CODIGO FROM WA_FILA") == ("retida", "finalidade")
    assert release(erp, "k") == "RETIDA"


def test_the_engine_sees_nothing_before_the_commit(contract: ContractDatabase, erp: Attached) -> None:
    reserve = "SELECT ID FROM WA_RESERVAR('d', 'i', 60, CAST('NOW' AS TIMESTAMP), 'cobranca')"
    with contract.attach("UTF8") as daemon:
        erp.run("INSERT INTO WA_FILA (CHAVE) VALUES ('k')")
        assert daemon.ask(reserve) == []
        daemon.rollback()
        erp.commit()
        assert len(daemon.ask(reserve)) == 1


# -- one blob for several messages ------------------------------------------------------------------------------------


def test_a_shared_file_survives_when_the_message_that_brought_it_is_rewritten(erp: Attached) -> None:
    first, *_ = erp.enqueue("a")
    blob, _ = erp.one("SELECT ID, RESULTADO FROM WA_INCLUIR_ANEXO(?, 'a.pdf', 'CONTEUDO')", (first,))
    for key in ("b", "c"):
        number, *_ = erp.enqueue(key)
        sql = "SELECT RESULTADO FROM WA_INCLUIR_ANEXO(?, 'a.pdf', NULL, NULL, NULL, NULL, 1, NULL, ?)"
        assert erp.value(sql, (number, blob)) == "OK"
    erp.commit()
    assert erp.enqueue("a")[1] == "ATUALIZADA"
    erp.commit()
    found = erp.ask(
        "SELECT F.CHAVE, COALESCE(A.CONTEUDO, B.CONTEUDO) FROM WA_ANEXO A JOIN WA_FILA F ON F.ID = A.FILA_ID "
        "LEFT JOIN WA_ANEXO B ON B.ID = A.ORIGEM_ID ORDER BY F.CHAVE"
    )
    assert [(key, bytes(content)) for key, content in found] == [("b", b"CONTEUDO"), ("c", b"CONTEUDO")]
