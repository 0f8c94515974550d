"""``integrator senha`` and ``integrator schema user``: where the database's password goes."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from integrator.cli.context import Choice
from integrator.secrets import Source, database_password, read_secret
from integrator.settings import Settings
from tests.cli.conftest import Office


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


def typed(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    monkeypatch.setattr(typer, "prompt", lambda *_words, **_options: password)


@pytest.mark.feature("S18")
def test_a_password_is_kept_and_forgotten_and_never_shown(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "segredo-da-loja")

    kept = desk.run("senha", "--maquina")

    assert (kept.code, kept.err) == (0, "")
    assert kept.out == "Senha guardada em: arquivo protegido.\n"
    assert database_password() == ("segredo-da-loja", Source.FILE)
    assert desk.run("senha", "--esquecer").out == "Senha apagada.\n"
    assert database_password()[1] is Source.FACTORY


def test_a_second_database_may_have_a_password_of_its_own(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.configure("[[outros_bancos]]\nnome = 'filial'\ncaminho = 'B.FDB'\n")
    typed(monkeypatch, "da-matriz")
    desk.run("senha", "--maquina")
    assert database_password("senha_filial") == ("da-matriz", Source.FILE)

    typed(monkeypatch, "da-filial")
    desk.run("--banco", "filial", "senha", "--maquina")

    assert database_password("senha_filial") == ("da-filial", Source.FILE)
    assert database_password() == ("da-matriz", Source.FILE)
    assert "Não há banco com o nome “loja”" in desk.run("--banco", "loja", "queue").err


def test_an_empty_password_is_refused(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "")

    answer = desk.run("senha")

    assert answer.code == 2
    assert "A senha não pode ficar vazia" in answer.err


@pytest.mark.feature("B13")
def test_the_least_privilege_user_is_made_and_its_password_kept(
    office: Office, empty_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert office.run("schema", "user").code == 1
    assert office.run("schema", "install").code == 0

    made = office.run("schema", "user")

    assert made.code == 0
    assert 'usuario = "WAGATE"' in made.out
    monkeypatch.delenv("INTEGRATOR_SENHA")
    password, source = database_password()
    assert source is not Source.FACTORY
    assert password not in made.out
    office.connect(empty_database, more="usuario = 'WAGATE'\n")
    assert office.run("queue").code == 0


_NUMBERS = (
    "[whatsapp]\nmotor = 'evolution'\nservidor = 'http://127.0.0.1:8080'\n"
    "[[outros_numeros]]\ninstancia = 'Cobrança'\nmotor = 'oficial'\nmeta_numero_id = '123'\n"
    "[[outros_numeros]]\ninstancia = 'balcao'\nmotor = 'embutido'\n"
)


@pytest.mark.feature("S18")
def test_the_token_of_a_number_is_kept_and_masked_in_the_log(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.configure(_NUMBERS)
    typed(monkeypatch, " chave-da-evolution\n")
    kept = desk.run("senha", "--numero", "principal", "--maquina")
    typed(monkeypatch, "token-da-meta")
    desk.run("senha", "--numero", "Cobrança", "--maquina")
    typed(monkeypatch, "segredo-da-meta")
    desk.run("senha", "--numero", "Cobrança", "--segredo-do-app", "--maquina")

    masker = Choice(desk.config, desk.data).start_log(Settings.load(desk.config))

    assert kept.out.startswith("Chave guardada em: arquivo protegido.\n")
    assert read_secret("token_principal") == "chave-da-evolution"
    assert (read_secret("token_cobranca"), read_secret("token_cobranca_app")) == ("token-da-meta", "segredo-da-meta")
    said = masker("chave-da-evolution token-da-meta segredo-da-meta")
    assert said == "[segredo] [segredo] [segredo]"
    assert desk.run("senha", "--numero", "Cobrança", "--esquecer").out == "Token apagado.\n"
    assert read_secret("token_cobranca") is None
    assert read_secret("token_cobranca_app") == "segredo-da-meta"


def test_a_token_where_none_is_used_is_refused(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.configure(_NUMBERS)
    typed(monkeypatch, "nada")

    assert "conectado pelo celular" in desk.run("senha", "--numero", "balcao").err
    assert "Não há número com o nome" in desk.run("senha", "--numero", "loja").err
    assert "não usa a API oficial" in desk.run("senha", "--numero", "principal", "--segredo-do-app").err
    assert desk.run("senha", "--segredo-do-app").code == 2
