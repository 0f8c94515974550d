"""Accents through every attachment that ERPs use, and bytes that are no cp1252 at all."""

from collections.abc import Iterator

import pytest

from tests.erp.helpers import ContractDatabase, contract_database
from tools.firebird_server import PrivateServer

NAME = "João Conceição – “Açaí & Cia”"
RAW = NAME.encode("cp1252")
LATIN = "João Conceição"
READ = "SELECT CAST(CLIENTE_NOME AS VARCHAR(120) CHARACTER SET OCTETS) FROM WA_FILA WHERE CHAVE = ?"
#: Not one of them is a character of Windows-1252.
UNDEFINED = bytes([0x4A, 0x81, 0x8D, 0x8F, 0x90, 0x9D, 0x41])


@pytest.fixture(params=["NONE", "WIN1252", "ISO8859_1", "UTF8"])
def contract(firebird_server: PrivateServer, request: pytest.FixtureRequest) -> Iterator[ContractDatabase]:
    database = contract_database(firebird_server, request.param)
    yield database
    database.path.unlink()


@pytest.mark.feature("B13", "B24")
@pytest.mark.parametrize(
    ("attachment", "given", "stored"),
    [
        ("NONE", RAW, RAW),
        ("WIN1252", NAME, RAW),
        ("UTF8", NAME, RAW),
        ("ISO8859_1", LATIN, LATIN.encode("latin-1")),
    ],
    ids=["NONE", "WIN1252", "UTF8", "ISO8859_1"],
)
def test_accents_arrive_whole_by_procedure_and_by_insert(
    contract: ContractDatabase, attachment: str, given: str | bytes, stored: bytes
) -> None:
    with contract.attach(attachment) as erp:
        number, result, _ = erp.enqueue("p", cliente_nome=given)
        assert result == "NOVA"
        title = "SELECT RESULTADO FROM WA_INCLUIR_TITULO(?, 'T1', ?, '1', NULL, NULL, 1, 1)"
        assert erp.value(title, (number, given)) == "OK"
        assert erp.value("SELECT RESULTADO FROM WA_INCLUIR_VARIAVEL(?, 'a', ?)", (number, given)) == "OK"
        erp.run("INSERT INTO WA_FILA (CHAVE, CLIENTE_NOME) VALUES ('i', ?)", (given,))
        erp.commit()
    with contract.attach("UTF8") as engine:
        assert engine.value(READ, ("p",)) == stored
        assert engine.value(READ, ("i",)) == stored
        assert engine.value("SELECT CLIENTE_NOME FROM WA_FILA WHERE CHAVE = 'p'") == stored.decode("cp1252")
        assert engine.value("SELECT DOCUMENTO FROM WA_TITULO") == stored.decode("cp1252")
        assert engine.value("SELECT VALOR FROM WA_VARIAVEL") == stored.decode("cp1252")


@pytest.mark.feature("B13", "B24")
@pytest.mark.parametrize("raw", [RAW, UNDEFINED], ids=["cp1252", "undefined bytes"])
def test_a_vendors_procedure_copies_its_own_none_columns(firebird_server: PrivateServer, raw: bytes) -> None:
    contract = contract_database(firebird_server, "NONE")
    with contract.attach("NONE") as erp:
        erp.done("CREATE TABLE PESSOA (ID INTEGER, NOME VARCHAR(60))")
        erp.done(
            "CREATE PROCEDURE FECHAR AS DECLARE N VARCHAR(60); DECLARE I INTEGER; DECLARE R VARCHAR(20); BEGIN "
            "FOR SELECT ID, NOME FROM PESSOA INTO :I, :N DO BEGIN "
            "SELECT ID, RESULTADO FROM WA_ENFILEIRAR('p' || :I, :N, :N, :N, :N, '499', 'S', NULL, NULL, :N, :N, :N) "
            "INTO :I, :R; SELECT RESULTADO FROM WA_INCLUIR_TITULO(:I, :N, :N, '1', NULL, NULL, 1, 1) INTO :R; "
            "SELECT RESULTADO FROM WA_LIBERAR('p1') INTO :R; END END"
        )
        erp.done("INSERT INTO PESSOA VALUES (1, ?)", (raw,))
        erp.done("EXECUTE PROCEDURE FECHAR")
        erp.done("INSERT INTO WA_FILA (CHAVE, CLIENTE_NOME, CLIENTE_CODIGO) SELECT 'i', NOME, NOME FROM PESSOA")
        erp.done("INSERT INTO WA_FILA (CLIENTE_NOME, CLIENTE_CODIGO, TELEFONE) SELECT 'x', NOME, NOME FROM PESSOA")
        assert erp.value("SELECT RESULTADO FROM WA_CANCELAR_TITULO(?, ?)", (raw, raw)) == "OK"
        erp.commit()
    with contract.attach("UTF8") as engine:
        assert engine.value(READ, ("p1",)) == raw
        assert engine.value(READ, ("i",)) == raw
        assert engine.value("SELECT COUNT(*) FROM WA_FILA WHERE SITUACAO IN ('pendente', 'cancelada')") == 3
    contract.path.unlink()


def test_a_key_with_bytes_of_no_charset_works_in_every_procedure(firebird_server: PrivateServer) -> None:
    contract = contract_database(firebird_server, "NONE")
    with contract.attach("NONE") as erp:
        for key in (UNDEFINED, UNDEFINED * 30):
            first, result, _ = erp.one(
                "SELECT ID, RESULTADO, MOTIVO FROM WA_ENFILEIRAR(?, 'm', 't', 'c', 'n', 'f', 'S')", (key,)
            )
            assert result == "NOVA"
            assert erp.value("SELECT RESULTADO FROM WA_LIBERAR(?)", (key,)) == "OK"
            assert erp.value("SELECT RESULTADO FROM WA_CONFIRMAR(?)", (key,)) == "OK"
            assert erp.value("SELECT RESULTADO FROM WA_CANCELAR(?, ?)", (key, key)) == "OK"
            assert erp.value("SELECT SITUACAO FROM WA_FILA WHERE ID = ?", (first,)) == "cancelada"
    contract.path.unlink()
