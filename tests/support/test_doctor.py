"""The doctor before a real server: well, stopped, frozen, with a wrong login or file, and with nothing configured."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import count

import pytest

from integrator.support import checks
from integrator.support.doctor import examine
from integrator.support.finding import Level
from integrator.support.machine import Machine
from tests.cli.conftest import english_in
from tests.conftest import FreshDatabase
from tests.erp.helpers import contract_database
from tests.support.conftest import Desk, found
from tools.faults_shop import Shop
from tools.firebird_server import PrivateServer


@pytest.mark.feature("B14")
def test_a_shop_in_order_has_no_error(office: Desk, shop: Shop) -> None:
    code, out, err = office.run()
    assert (code, err) == (0, ""), out
    assert "[erro]" not in out
    assert "[não verificado]" not in out
    assert english_in(out) == []
    assert not office.data.exists(), "looking makes no folder"


def test_a_stopped_server_is_told_from_everything_that_builds_on_it(office: Desk, shop: Shop) -> None:
    office.connect(shop.database.target.path, port=1)
    items = office.items()
    assert items["porta"]["nivel"] == "erro"
    assert "não há Firebird nessa porta" in items["porta"]["texto"]
    assert {items[name]["nivel"] for name in ("conexao", "contrato", "pendentes")} == {"nao_verificado"}
    assert "“Porta do servidor”" in items["pendentes"]["texto"]
    assert items["programa"]["nivel"] == "ok"
    assert office.run()[0] == 1


@pytest.fixture(scope="module")
def icy(tmp_path_factory: pytest.TempPathFactory, firebird_server: PrivateServer) -> Iterator[PrivateServer]:
    """A server that a test may freeze; it is thawed afterwards."""
    with PrivateServer(tmp_path_factory.mktemp("icy")) as server:
        yield server


def test_a_frozen_server_costs_its_limit_and_no_more(office: Desk, icy: PrivateServer) -> None:
    """And the program ends, too, while the client library still waits."""
    office.connect(icy.path("x.fdb"), port=icy.port)
    icy.freeze()
    try:
        done = office.spawn("--json", limit_s=1.5)
    finally:
        icy.thaw()
    items = {item["id"]: item for item in json.loads(done.stdout)["itens"]}
    assert (done.returncode, done.stderr) == (1, "")
    assert items["porta"]["nivel"] == "ok", "the kernel still answers for a frozen process"
    assert items["conexao"]["nivel"] == "erro"
    assert "o serviço está travado" in items["conexao"]["texto"]
    assert items["contrato"]["nivel"] == "nao_verificado"


def test_a_missing_file_is_named_with_its_cure(office: Desk, firebird_server: PrivateServer) -> None:
    office.connect(firebird_server.path("nao-existe.fdb"))
    item = office.items()["conexao"]
    assert item["nivel"] == "erro"
    assert "arquivo do banco" in item["texto"]
    assert "[banco] caminho" in item["correcao"]


def test_a_wrong_password_is_told_as_such(office: Desk, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTEGRATOR_SENHA", "errada99")
    item = office.items()["conexao"]
    assert item["nivel"] == "erro"
    assert "usuário ou a senha" in item["texto"]
    assert "integrator senha" in item["correcao"]
    assert "errada99" not in json.dumps(item)


def test_a_database_without_our_tables_and_a_damaged_contract(
    office: Desk, fresh_database: FreshDatabase, shop: Shop
) -> None:
    shop.run("DROP PROCEDURE WA_EXPURGAR")
    shop.close()
    item = office.items()["contrato"]
    assert (item["nivel"], item["correcao"]) == ("erro", "Complete com: integrator schema install")
    assert "WA_EXPURGAR" in item["texto"]
    office.connect(fresh_database())
    items = office.items()
    assert "ainda não existem" in items["contrato"]["texto"]
    assert items["pendentes"]["nivel"] == "nao_verificado"


def test_nothing_configured_wrong_configuration_and_no_folder(desk: Desk) -> None:
    items = desk.items()
    assert items["configuracao"]["nivel"] == "erro"
    assert "Não encontrei o arquivo de configuração" in items["configuracao"]["texto"]
    assert items["conexao"]["nivel"] == "nao_verificado"
    desk.configure("")
    assert "ainda não diz qual é o banco" in desk.items()["configuracao"]["texto"]
    desk.configure("[banco]\ncaminh = 'x'\nporta = 99999\n[envio\n")
    assert "erro de escrita na linha 4" in desk.items()["configuracao"]["texto"]
    desk.configure("")
    assert "ainda não diz qual é o banco" in desk.items()["configuracao"]["texto"]
    desk.configure("[banco]\ncaminh = 'x'\n")
    assert "você quis dizer “caminho”" in desk.items()["configuracao"]["texto"]
    assert desk.run()[0] == 1


def test_two_heartbeats_held_and_uncertain_rows_and_a_pause(office: Desk, shop: Shop) -> None:
    for owner, name in (("aaaaaaaa-x", "CAIXA-1"), ("bbbbbbbb-y", "CAIXA-2")):
        shop.run(
            "INSERT INTO WA_BATIMENTO (DONO, MAQUINA, INSTANCIA, BATIDA_EM) "
            "VALUES (?, ?, 'principal', CAST('NOW' AS TIMESTAMP))",
            (owner, name),
        )
    shop.enqueue(1)
    shop.enqueue(2, accepts="N")
    shop.release("COB-00001")
    shop.run("UPDATE WA_FILA SET SITUACAO = 'retida', MOTIVO = 'x' WHERE CHAVE = 'COB-00001'")
    shop.config("PAUSADO_ATE", "SEMPRE")
    shop.close()
    items = office.items()
    assert "CAIXA-" in items["outros"]["texto"]
    assert items["outros"]["nivel"] == "atencao"
    assert "retida" in items["decidir"]["texto"]
    assert "integrator queue --situacao retida" in items["decidir"]["correcao"]
    assert items["pausa"]["nivel"] == "atencao"
    assert office.run()[0] == 0, "attention is no error"


def test_a_transaction_of_somebody_else_does_not_stop_the_doctor(office: Desk, shop: Shop) -> None:
    with shop.database.transaction() as session:
        session.execute("UPDATE WA_CONFIG SET VALOR = 'x' WHERE CHAVE = 'y'")
        assert found(office.examine(), "transacoes").level is Level.OK


def test_several_databases_are_examined_each(office: Desk, shop: Shop, fresh_database: FreshDatabase) -> None:
    other = fresh_database()
    office.connect(
        shop.database.target.path,
        more=(
            f"[[outros_bancos]]\nnome = 'filial'\nservidor = '{shop.database.target.host}'\n"
            f"porta = {shop.database.target.port}\ncaminho = '{other}'\n"
        ),
    )
    report = office.examine()
    levels = {finding.database: finding.level for finding in report.findings if finding.id == "contrato"}
    assert levels == {"principal": Level.OK, "filial": Level.ERROR}
    assert "(banco filial)" in office.run()[1]


PROFILE = """
[perfil]
nome = "Sistema X"
[titulos]
sql = '''SELECT T.REF AS REF, T.CLI AS CLIENTE_CODIGO, T.NOME AS CLIENTE_NOME, T.VENC AS VENCIMENTO, T.VALOR AS VALOR,
T.VALOR AS VALOR_ABERTO FROM {table} T WHERE T.VENC <= :ate'''
[contatos]
sql = '''SELECT T.CLI AS CLIENTE_CODIGO, T.FONE AS TELEFONE, T.AVISA AS RECEBE_AVISO FROM {table} T'''
[retorno_bancario]
sql = '''SELECT MAX(T.VENC) AS ULTIMO_RETORNO FROM {table} T'''
"""


def test_the_profile_and_the_closing_of_an_erp_that_fills_no_queue(office: Desk, shop: Shop) -> None:
    shop.run(
        "CREATE TABLE DEBITO (REF VARCHAR(20), CLI INTEGER, NOME VARCHAR(60), VENC DATE, VALOR NUMERIC(15, 2), "
        "FONE VARCHAR(30), AVISA CHAR(1))"
    )
    shop.run("INSERT INTO DEBITO (REF, VENC) VALUES ('1', CAST('NOW' AS DATE) - 30)")
    shop.close()
    profile = office.folder / "perfil.toml"
    closing = f"[fechamento]\nligado = true\nperfil = '{profile}'\n"
    office.connect(shop.database.target.path, more=closing)
    profile.write_text(PROFILE.format(table="DEBITO"), encoding="utf-8")
    items = office.items()
    assert items["perfil"]["nivel"] == "atencao", "it has no [conferir]"
    assert items["ultimo_fechamento"]["texto"] == "O fechamento ainda não rodou."
    assert "Importe no ERP" in items["retorno_bancario"]["correcao"]
    profile.write_text(PROFILE.format(table="NAO_EXISTE"), encoding="utf-8")
    items = office.items()
    assert items["perfil"]["nivel"] == "erro"
    assert "integrator profile check" in items["perfil"]["correcao"]
    assert items["retorno_bancario"]["nivel"] == "nao_verificado"
    profile.unlink()
    assert office.items()["perfil"]["nivel"] == "erro"


def test_a_server_that_freezes_half_way_is_asked_no_more(
    office: Desk, icy: PrivateServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = count()

    def now() -> datetime:
        """The report asks first, at its beginning; the check of the clocks asks next, attached, and once more later."""
        if next(calls) == 1:
            icy.freeze()
        return datetime.now()

    monkeypatch.setenv("INTEGRATOR_SENHA", icy.password)
    office.connect(icy.create_database("half-way.fdb"), port=icy.port)
    quick = [replace(check, limit_s=1.5) if check.id == "relogio" else check for check in checks.PER_DATABASE]
    try:
        report = examine(office.context(Machine(now=now)), checks.GENERAL, quick)
    finally:
        icy.thaw()
    assert found(report, "conexao").level is Level.OK
    assert found(report, "relogio").level is Level.ERROR
    assert {found(report, name).level for name in ("transacoes", "contrato", "pendentes")} == {Level.SKIPPED}


@pytest.mark.parametrize(("charset", "dialect"), [("NONE", 1), ("UTF8", 3)])
def test_every_question_is_answered_in_other_charsets_and_dialects(
    office: Desk, charset: str, dialect: int, firebird_server: PrivateServer
) -> None:
    contract = contract_database(firebird_server, charset, dialect)
    with contract.attach() as erp:
        erp.put("COB-1", "pendente")
    office.connect(contract.path)
    items = office.items()
    assert f"Dialeto {dialect}, caracteres {charset}" in items["formato"]["texto"]
    assert [item for item in items.values() if item["nivel"] in ("erro", "nao_verificado")] == []
    contract.path.unlink()
