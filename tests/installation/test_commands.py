"""``integrator authorize`` and ``integrator move …`` as a technician types them."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer

from integrator.cli import main as program
from integrator.cli import move
from integrator.cli.portuguese import App
from integrator.domain.errors import IntegratorError
from integrator.installation.identity import this_installation
from integrator.installation.records import look
from integrator.installation.standing import Authorised, judge
from tests.cli.conftest import english_in
from tests.installation.conftest import MORNING
from tools.faults_shop import Shop

BEAT = "INSERT INTO WA_BATIMENTO (DONO, MAQUINA, BATIDA_EM) VALUES ('x-BALCAO-1', 'BALCÃO', CAST('NOW' AS TIMESTAMP))"


@dataclass(frozen=True, slots=True)
class Said:
    code: int
    out: str


Run = Callable[..., Said]


@pytest.fixture(autouse=True)
def _own_process(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("INTEGRATOR_") and name != "INTEGRATOR_SENHA"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("INTEGRATOR_DADOS", "")


@pytest.fixture
def run(shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Types a command on the computer whose data folder has that name; every one knows the shop's database."""
    app = App(help="x")
    app.callback()(program.options)
    app.command("authorize")(move.authorize)
    app.add_typer(move.app, name="move")
    place = shop.database.target
    text = (
        f"[banco]\nservidor = '0.0.0.0'\nporta = {place.port}\ncaminho = '{place.path}'\ncliente = '{place.client}'\n"
    )

    def typed(computer: str, *arguments: str, config: bool = True) -> Said:
        folder = tmp_path / computer
        if config:
            folder.mkdir(exist_ok=True)
            (folder / "config.toml").write_text(text, encoding="utf-8")
        capsys.readouterr()
        command = typer.main.get_command(app)
        try:
            code = command.main(["--dados", str(folder), *arguments], prog_name="integrator", standalone_mode=False)
        except IntegratorError as error:
            return Said(1, f"{error.title}: {error.message}")
        except typer.Abort:
            return Said(130, capsys.readouterr().out)
        said = capsys.readouterr()
        assert english_in(said.out + said.err) == []
        return Said(int(code or 0), said.out)

    return typed


def answering(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    monkeypatch.setattr(typer, "prompt", lambda *_, **__: answer)


def test_the_first_computer_need_not_be_authorised(run: Run) -> None:
    said = run("balcao", "authorize")

    assert (said.code, said.out.splitlines()[-1]) == (0, "Este computador já está autorizado a enviar.")


@pytest.mark.feature("B11", "B25")
def test_a_second_one_is_shown_what_was_noticed_and_asks(
    run: Run, shop: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shop.run(BEAT)
    answering(monkeypatch, "não")
    refused = run("notebook", "authorize")
    answering(monkeypatch, "SIM")
    agreed = run("notebook", "authorize")

    assert (refused.code, agreed.code) == (1, 0)
    assert "Outro integrador já atende esta fila (BALCÃO)" in refused.out
    assert "Outro integrador: BALCÃO, último sinal em" in refused.out
    assert "Atenção: outro integrador está em atividade agora (BALCÃO)" in refused.out
    assert "continua só simulando" in refused.out
    assert "Este computador passa a enviar." in agreed.out
    us = this_installation(tmp_path / "notebook" / "integrator.db", MORNING)
    assert judge(us, look(shop.database, us), None) != Authorised()  # "0.0.0.0" and "127.0.0.1": other servers
    assert "já está autorizado" in run("notebook", "authorize").out


def test_an_installation_is_taken_to_another_computer(run: Run, tmp_path: Path) -> None:
    run("balcao", "authorize")
    file = tmp_path / "leva.zip"

    exported = run("balcao", "move", "export", str(file))
    imported = run("novo", "move", "import", str(file), config=False)
    again = run("novo", "move", "import", str(file), config=False)

    assert (exported.code, imported.code, again.code) == (0, 0, 1)
    assert "Este computador não envia mais" in exported.out
    assert "A senha do banco não vai no arquivo" in exported.out
    assert "este computador passa a enviar; o outro não envia mais" in imported.out
    assert "--substituir" in again.out
    assert "foi exportada para outro computador" in run("balcao", "authorize", "--sim").out


def test_a_profile_goes_along_and_what_is_missing_is_named(run: Run, tmp_path: Path) -> None:
    run("balcao", "authorize")
    profile = tmp_path / "loja.toml"
    profile.write_text("[perfil]\nnome = 'X'\n", encoding="utf-8")
    config = tmp_path / "balcao.toml"
    known = (tmp_path / "balcao" / "config.toml").read_text(encoding="utf-8")
    config.write_text(f"{known}[fechamento]\nperfil = '{profile}'\n", encoding="utf-8")
    file = tmp_path / "leva.zip"

    run("balcao", "--config", str(config), "move", "export", str(file))
    profile.unlink()
    imported = run("novo", "move", "import", str(file), config=False)

    assert (tmp_path / "novo" / "perfil" / "loja.toml").exists()
    assert f"[fechamento] perfil: {profile}" in imported.out


def test_a_profile_beside_the_configuration_keeps_its_place(run: Run, tmp_path: Path) -> None:
    run("balcao", "authorize")
    folder = tmp_path / "balcao"
    config = tmp_path / "fora.toml"
    known = (folder / "config.toml").read_text(encoding="utf-8")
    config.write_text(f"{known}[fechamento]\nperfil = 'loja.toml'\n", encoding="utf-8")
    (folder / "loja.toml").write_text("[perfil]\nnome = 'X'\n", encoding="utf-8")
    file = tmp_path / "leva.zip"

    run("balcao", "--config", str(config), "move", "export", str(file))
    imported = run("novo", "move", "import", str(file), config=False)

    assert (tmp_path / "novo" / "loja.toml").exists()
    assert "Falta neste computador" not in imported.out


def test_a_profile_with_a_name_that_cannot_travel_is_told_and_retires_nobody(run: Run, tmp_path: Path) -> None:
    run("balcao", "authorize")
    profile = tmp_path / "a&b.toml"
    profile.write_text("[perfil]\nnome = 'X'\n", encoding="utf-8")
    config = tmp_path / "fora.toml"
    known = (tmp_path / "balcao" / "config.toml").read_text(encoding="utf-8")
    config.write_text(f"{known}[fechamento]\nperfil = '{profile}'\n", encoding="utf-8")

    said = run("balcao", "--config", str(config), "move", "export", str(tmp_path / "leva.zip"))

    assert (said.code, "a&b.toml tem um nome que não pode ser levado" in said.out) == (1, True)
    assert "já está autorizado" in run("balcao", "authorize").out


def test_a_file_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    said = run("novo", "move", "import", str(tmp_path / "nada.zip"), config=False)

    assert (said.code, "Não encontrei o arquivo" in said.out) == (1, True)
    assert "Traceback" not in said.out


def test_an_export_that_cannot_be_written_is_told_and_retires_nobody(run: Run, tmp_path: Path) -> None:
    run("balcao", "authorize")

    said = run("balcao", "move", "export", str(tmp_path / "não existe" / "leva.zip"))

    assert (said.code, "Não consegui ler ou gravar" in said.out) == (1, True)
    assert "já está autorizado" in run("balcao", "authorize").out


def test_an_import_without_the_database_waits_for_it(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("balcao", "authorize")
    file = tmp_path / "leva.zip"
    run("balcao", "move", "export", str(file))
    with monkeypatch.context() as patch:
        patch.setenv("INTEGRATOR_BANCO__PORTA", "1")
        said = run("novo", "move", "import", str(file), config=False)

    assert "assume o lugar do outro assim que" in said.out
    assert "já está autorizado" in run("novo", "authorize", config=False).out
