"""How the window "Conexão com o banco" looks: at every scale, light and dark, with much to say."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrator.desktop.connection import words
from integrator.desktop.connection.fields import Fields
from integrator.desktop.connection.window import ConnectionWindow
from integrator.desktop.loop import UiLoop
from integrator.domain.fault import Fault
from integrator.support.finding import Finding, Level
from tests.desktop.connection_desk import office_of, texts
from tests.desktop.screen import LOOKS, Desk, Screen, cut_off

_WIDEST, _HIGHEST = 900, 620
LONG = "D:\\Programas do Comércio\\Dados da Loja\\MATRIZ E FILIAIS\\SALDO DE ABERTURA\\DADOS.FDB"


def _finding(id_: str, title: str, level: Level, text: str, fix: str = "", *, fault: Fault | None = None) -> Finding:
    return Finding(id_, "Grupo", title, level, text, fix, fault=fault)


def full(window: ConnectionWindow) -> None:
    """As much as the window can have to say."""
    window.results.list.clear()
    for finding in (
        _finding("biblioteca", "Biblioteca do Firebird", Level.OK, "C:\\Integrador\\fbclient.dll. Veio junto."),
        _finding("conexao", "Conexão", Level.OK, "Conectado ao banco como SYSDBA."),
        _finding(
            "usuario",
            "Usuário",
            Level.WARNING,
            "O integrador entra como SYSDBA com a senha padrão do Firebird, que todos conhecem; ele só precisa das "
            "tabelas WA_*.",
            "Salve a conexão: em seguida o Integrador oferece criar o usuário WAGATE, que só vê as próprias tabelas.",
        ),
        _finding(
            "contrato",
            "Tabelas",
            Level.ERROR,
            "As tabelas do integrador ainda não existem neste banco.",
            "Salve a conexão: em seguida o Integrador oferece instalá-las.",
            fault=Fault.TABLES_ABSENT,
        ),
        _finding("permissoes", "Permissões", Level.SKIPPED, "Depende de “Tabelas”."),
    ):
        window.results.list.add(finding)


@LOOKS
def test_everything_fits_at_any_scale(
    screen: Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, factor: float, dark: bool
) -> None:
    with screen.application(factor=factor, dark=dark) as root:
        loop = UiLoop(root)
        office = office_of(Desk(screen, root, loop), tmp_path, monkeypatch)
        office.configure(
            f"[banco]\ncaminho = '{LONG}'\n[[outros_bancos]]\nnome = 'filial'\nservidor = 'srv02'\ncaminho = 'filial'\n"
        )
        window = office.window()
        name = f"conexao-{round(factor * 100)}-{'dark' if dark else 'light'}"
        screen.pump(lambda: any("libfbclient2" in text for text in texts(window.form)))
        screen.shot(f"{name}-aberta", window)
        assert cut_off(window) == []
        full(window)
        window.after_saving.go_on("A senha ficou no cofre de senhas do sistema.")
        screen.shot(f"{name}-cheia", window)
        assert cut_off(window) == []
        assert window.winfo_width() <= _WIDEST * factor
        assert window.winfo_height() <= _HIGHEST * factor
        window.form.fields = Fields("", "trinta", "", "", "/não/existe.dll")
        screen.click(window.test_button)
        screen.shot(f"{name}-errada", window)
        assert cut_off(window) == []
        assert window.winfo_height() <= _HIGHEST * factor
        window.destroy()
        loop.close()


def test_the_first_start_says_in_two_sentences_what_to_do(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = office_of(desk, tmp_path, monkeypatch).window()
    desk.screen.shot("conexao-primeira-vez", window)
    assert words.WELCOME in texts(window)
    assert cut_off(window) == []
