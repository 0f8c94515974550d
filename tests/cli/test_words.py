"""Help and complaints are Portuguese throughout, and each way of ending has its exit code."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import typer
from typer._click import Command as AnyCommand
from typer.core import TyperOption

from integrator import __version__
from integrator.cli.main import app
from integrator.cli.portuguese import Group
from tests.cli.conftest import Office, english_in

Path_ = tuple[str, ...]


def _all_commands(command: AnyCommand, path: Path_ = ()) -> dict[Path_, AnyCommand]:
    found = {path: command}
    if isinstance(command, Group):
        for name, each in command.commands.items():
            if not each.hidden:
                found |= _all_commands(each, (*path, name))
    return found


COMMANDS = _all_commands(typer.main.get_command(app))


def test_the_commands_are_these() -> None:
    assert {" ".join(path) for path in COMMANDS} == {
        "",
        "run",
        "demo",
        "history",
        "pause",
        "resume",
        "panel",
        "pair",
        "contacts",
        "contacts list",
        "contacts show",
        "contacts known",
        "contacts optin",
        "contacts optout",
        "contacts term",
        "contacts check",
        "contacts export",
        "contacts forget",
        "gateway",
        "gateway status",
        "gateway test",
        "meta",
        "meta status",
        "meta templates",
        "meta submit",
        "meta delete",
        "gateway disconnect",
        "gateway resume",
        "service",
        "service install",
        "service remove",
        "service start",
        "service stop",
        "service status",
        "schema",
        "schema install",
        "schema check",
        "schema print",
        "schema user",
        "senha",
        "queue",
        "queue release",
        "queue confirm",
        "queue cancel",
        "queue decide",
        "boleto",
        "boleto check",
        "pix",
        "pix check",
        "authorize",
        "close",
        "doctor",
        "move",
        "move export",
        "move import",
        "template",
        "template list",
        "template show",
        "template check",
        "template preview",
        "template import",
        "document",
        "document list",
        "document check",
        "document preview",
        "document copy",
        "profile",
        "profile check",
        "profile list",
        "profile new",
        "profile preview",
        "profile report",
    }


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_help_page_is_portuguese_and_fits_the_screen(
    path: Path_, desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    answer = desk.run(*path, "--help")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines()[0].strip()
    assert f"Uso: {' '.join(('integrator', *path))} [OPÇÕES]" in answer.out
    assert "--help" in answer.out
    assert english_in(answer.out) == []
    assert max(map(len, answer.out.splitlines())) <= 80


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_option_and_argument_is_explained(path: Path_) -> None:
    for param in COMMANDS[path].params:
        assert getattr(param, "help", None), param.name
        takes_value = not isinstance(param, TyperOption) or not param.is_flag
        assert param.metavar or not takes_value, param.name


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("fila", "Não existe o comando “fila”."),
        ("quue", "Você quis dizer queue?"),
        ("queue relase X", "Você quis dizer release?"),
        ("queue confirm", "Falta informar CHAVE."),
        ("queue release A B", "Há palavras a mais no comando."),
        ("queue decide X", "Falta informar --chegou ou --nao-chegou."),
        ("queue --limit 3", "A opção --limit não existe aqui. Você quis dizer --limite?"),
        ("queue --limite", "Falta o valor da opção --limite."),
        ("queue --limite três", "--limite: “três” não serve: escreva um número inteiro de 1 a 10000."),
        ("queue --limite 0", "escreva um número inteiro de 1 a 10000."),
        ("queue --situacao parada", "“parada” não é uma situação. Use: rascunho, "),
        ("pause --hoje=sim", "A opção --hoje não leva valor."),
        ("pause --minutos 5 --hoje", "Escolha --minutos ou --hoje"),
        ("history --from 31/02/2026", "--from: “31/02/2026” não é uma data: escreva 20/11/2026 ou 2026-11-20."),
        ("history --from 02/01/2026 --to 01/01/2026", "O período termina (01/01/2026) antes de começar (02/01/2026)."),
        ("boleto check", "Falta informar DÍGITOS."),
        ("run --headless --service", "Escolha --headless, --service ou --autostart"),
        ("demo --erp loja", "--erp: “loja” não serve. Use: fila, varejo, oficina."),
        ("", "Falta o comando."),
    ],
)
def test_a_mistyped_command_is_explained_and_ends_with_2(typed: str, told: str, desk: Office) -> None:
    answer = desk.run(*typed.split())
    assert answer.code == 2
    assert told in answer.err
    assert answer.out == ""
    assert english_in(answer.err) == []


def test_without_any_word_the_help_is_shown() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "integrator"],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert "Uso: integrator [OPÇÕES] COMANDO" in done.stderr


def test_the_version_is_told(desk: Office) -> None:
    answer = desk.run("--version")
    assert (answer.code, answer.out, answer.err) == (0, f"Integrador {__version__}\n", "")
