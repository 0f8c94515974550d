"""``integrator senha`` and ``integrator schema user``: where the database's password goes."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from integrator.secrets import Source, database_password
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
