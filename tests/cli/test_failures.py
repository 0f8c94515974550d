"""What goes wrong is told in Portuguese with exit code 1, never with a traceback or a secret."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from integrator.erp.desk import Desk
from tests.cli.conftest import Office, english_in
from tools.faults_shop import Shop


def refused(office: Office, *command: str) -> str:
    """What a command that fails says on the error output."""
    answer = office.run(*command)
    assert (answer.code, answer.out) == (1, "")
    assert english_in(answer.err) == []
    return answer.err


def test_without_configuration_it_says_what_is_missing(desk: Office) -> None:
    desk.configure("")
    assert "Preencha [banco] caminho no config.toml" in refused(desk, "queue")
    assert "Preencha [banco] caminho no config.toml" in refused(desk, "run", "--headless")


def test_a_config_that_does_not_exist_is_told(desk: Office) -> None:
    assert f"Não encontrei o arquivo de configuração {desk.config}" in refused(desk, "queue")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[banco\n", "tem um erro de escrita na linha 1"),
        ("[banco]\nsenhor = 'x'\n", "senhor"),
        ("[envio]\nintervalo_min_s = 5\n", "costuma banir o número"),
    ],
)
def test_a_wrong_config_is_told_with_its_fix(text: str, told: str, desk: Office) -> None:
    desk.configure(text)
    said = refused(desk, "queue")
    assert said.startswith("Configuração inválida: ")
    assert told in said


def test_a_wrong_password_is_told_and_shown_nowhere(
    office: Office, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTEGRATOR_SENHA", "sEgRedo-errado")
    said = refused(office, "queue")
    assert "não aceitou o usuário ou a senha" in said
    assert "sEgRedo" not in said + office.log()
    assert "command_refused" in office.log()


def test_a_database_file_that_is_not_there_is_told(office: Office) -> None:
    office.connect("/não/existe/DADOS.FDB")
    assert "Não encontrei o arquivo do banco de dados no servidor" in refused(office, "schema", "check")


def test_a_server_that_is_down_is_told(office: Office) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        office.connect("/tmp/DADOS.FDB", port=probe.getsockname()[1])
        assert "Não consegui falar com o servidor do banco de dados" in refused(office, "queue")


def test_a_data_folder_that_cannot_be_used_is_told(desk: Office) -> None:
    desk.configure("[banco]\ncaminho = '/tmp/DADOS.FDB'\n")
    desk.data.write_text("a file where the folder should be", encoding="utf-8")
    assert "Não consegui usar a pasta de dados" in refused(desk, "queue")


def test_what_nobody_foresaw_is_one_sentence_and_its_detail_is_in_the_log(
    office: Office, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Desk) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(Desk, "counts", broken)
    said = refused(office, "queue")
    assert said.startswith("Erro inesperado: o comando parou.")
    assert len(said.splitlines()) == 1
    assert str(office.data / "registro") in said
    assert "ZeroDivisionError: a bug" in office.log()


def test_a_child_process_fails_as_politely(office: Office, tmp_path: Path) -> None:
    office.connect("/não/existe/DADOS.FDB")
    answer = office.spawn("queue", encoding="cp850")
    assert (answer.code, answer.out) == (1, "")
    assert "Não encontrei o arquivo do banco de dados" in answer.err
    assert len(answer.err.splitlines()) == 1
