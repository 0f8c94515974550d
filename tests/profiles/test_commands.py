"""`integrator profile …` as a technician types it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from integrator.erp.profiles.loader import load_profile
from tests.cli.conftest import Office, english_in
from tests.profiles.shop import CONTACTS, DEBTS, RECHECK, ErpShop


@pytest.fixture
def office(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], shop: ErpShop, monkeypatch: pytest.MonkeyPatch
) -> Office:
    """A computer that is connected to the sample ERP, which has none of our tables."""
    monkeypatch.setenv("INTEGRATOR_DADOS", str(tmp_path / "dados"))
    monkeypatch.setenv("INTEGRATOR_SENHA", shop.server.password)
    monkeypatch.chdir(tmp_path)
    here = Office(tmp_path, capsys, shop.server)
    here.connect(shop.path)
    return here


def write(folder: Path, debts: str = DEBTS) -> Path:
    file = folder / "loja.toml"
    text = f"[perfil]\nnome = 'Loja do João'\n[titulos]\nsql = '''\n{debts}\n'''\n[contatos]\nsql = '''{CONTACTS}'''\n"
    file.write_text(f"{text}[conferir]\nsql = '''{RECHECK}'''\n", encoding="utf-8")
    return file


@pytest.mark.feature("B13")
def test_a_good_profile_is_checked_and_shown(office: Office) -> None:
    file = write(office.folder)
    answer = office.run("profile", "check", str(file))
    assert (answer.code, answer.err) == (0, "")
    assert "O perfil pode ser usado." in answer.out
    answer = office.run("profile", "preview", str(file))
    assert answer.code == 0
    assert "João da Conceição" in answer.out
    assert "(49) 9****-0187" in answer.out
    assert "98859-0187" not in answer.out
    assert "(49) 98859-0187" in office.run("profile", "preview", str(file), "--mostrar-telefones").out


def test_a_bad_profile_ends_with_one_and_names_file_line_and_column(office: Office) -> None:
    file = write(office.folder, DEBTS.replace("R.SALDO", "R.SALDU"))
    answer = office.run("profile", "check", str(file))
    assert answer.code == 1
    assert f"{file}, linha 6, coluna 23: Em [titulos], a coluna R.SALDU não existe." in answer.out
    answer = office.run("profile", "check", str(write(office.folder, "DELETE FROM CLIENTE")))
    assert answer.code == 1
    assert "linha 5, coluna 1: O SQL precisa começar com SELECT" in answer.err
    answer = office.run("profile", "preview", str(write(office.folder, DEBTS.replace("R.SALDO", "R.SALDU"))))
    assert answer.code == 1
    assert "a coluna R.SALDU não existe" in answer.err


def test_the_configured_profile_is_the_default(office: Office) -> None:
    answer = office.run("profile", "check")
    assert answer.code == 1
    assert "Nenhum perfil foi escolhido" in answer.err
    office.connect(_path_of(office), more=f"[fechamento]\nperfil = '{write(office.folder)}'\n")
    assert office.run("profile", "check").code == 0


def test_a_new_profile_is_a_template_that_loads_and_is_never_overwritten(office: Office) -> None:
    answer = office.run("profile", "new", "minha loja.toml")
    assert answer.code == 0
    made = office.folder / "minha loja.toml"
    assert load_profile(made).name == "Meu ERP"
    answer = office.run("profile", "new", str(made))
    assert answer.code == 2
    assert "já existe" in answer.err


def test_a_new_profile_from_the_database_proposes_its_tables(office: Office) -> None:
    answer = office.run("profile", "new", "loja.toml", "--do-banco")
    assert answer.code == 0
    assert "Títulos em aberto: RECEBER." in answer.out
    text = (office.folder / "loja.toml").read_text(encoding="utf-8")
    assert "FROM RECEBER T\nWHERE T.VENC BETWEEN :de AND :ate" in text
    assert "T.SALDO AS VALOR_ABERTO" in text
    assert re.search(r"T\.CELULAR AS TELEFONE[^\n]*\n.*FROM CLIENTE T", text, re.DOTALL)
    checked = office.run("profile", "check", "loja.toml")
    assert checked.code == 1, "CLIENTE_NOME is in another table: a person completes it"
    assert "TROQUE_AQUI" in checked.out


def test_the_examples_are_listed(office: Office) -> None:
    answer = office.run("profile", "list")
    assert answer.code == 0
    assert "oficina: Oficina (exemplo). Fontes: titulos, contatos" in answer.out


@pytest.mark.parametrize("command", [[], ["new"], ["check"], ["preview"], ["list"]])
def test_the_help_is_portuguese(office: Office, command: list[str]) -> None:
    answer = office.run("profile", *command, "--help")
    assert answer.code == 0
    assert english_in(answer.out) == []


def _path_of(office: Office) -> str:
    found = re.search(r"caminho = '(.*)'", office.config.read_text(encoding="utf-8"))
    assert found is not None
    return found[1]
