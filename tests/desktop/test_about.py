"""The window "Sobre": the version, and links that lead where they say."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path

from integrator import __version__
from integrator.desktop.about import AboutWindow, Leads, licences
from integrator.desktop.loop import UiLoop
from integrator.domain.errors import IntegratorError
from tests.desktop.connection_desk import texts
from tests.desktop.screen import LOOKS, Desk, Screen, cut_off

DATA = Path("C:\\ProgramData\\Integrador da Loja do João e Filhos Comércio de Materiais de Construção\\Dados")


def leads(opened: list[object], *, refuses: str = "") -> Leads:
    def open_file(path: Path) -> None:
        if refuses:
            raise IntegratorError(refuses)
        opened.append(path)

    return Leads(DATA, lambda: opened.append("painel"), lambda: opened.append("registro"), open_file)


def link_to(window: tk.Misc, text: str) -> tk.Misc:
    (found,) = [
        child
        for child in window.winfo_children()[0].winfo_children()
        if child.winfo_class() == "TLabel" and child.cget("text") == text
    ]
    return found


@LOOKS
def test_nothing_is_cut_off_at_any_scale(screen: Screen, factor: float, dark: bool) -> None:
    with screen.application(factor=factor, dark=dark) as root:
        loop = UiLoop(root)
        window = AboutWindow(root, loop, leads([]))
        window.present()
        screen.pump(window.winfo_viewable)
        screen.shot(f"sobre-{round(factor * 100)}-{'dark' if dark else 'light'}", window)
        assert cut_off(window) == []
        assert f"Versão {__version__}" in texts(window)
        loop.close()


def test_its_links_lead_where_they_say(desk: Desk) -> None:
    opened: list[object] = []
    window = AboutWindow(desk.root, desk.loop, leads(opened))
    window.present()
    wanted = {
        "Abrir a pasta de dados": DATA,
        "Abrir o registro": "registro",
        "Ver as licenças": licences(),
        "Abrir o painel": "painel",
    }
    for text, target in wanted.items():
        desk.screen.click(link_to(window, text))
        desk.screen.pump(lambda: opened)
        assert opened.pop() == target


def test_what_cannot_be_opened_is_told(desk: Desk) -> None:
    window = AboutWindow(desk.root, desk.loop, leads([], refuses="Não consegui abrir a pasta. Abra-a você."))
    window.present()
    desk.screen.click(link_to(window, "Abrir a pasta de dados"))
    desk.screen.pump(lambda: "Não consegui abrir a pasta" in window.banner.told)


def test_the_licences_are_there() -> None:
    assert licences().exists()
