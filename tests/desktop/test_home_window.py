"""The window of the program itself: what it says in each situation, and its lines by mouse and by keyboard."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import datetime, timedelta
from tkinter import ttk

import pytest

from integrator.desktop.dialogs import Doing, Telling, Wanted
from integrator.desktop.engine import EngineView, NumberView, Reach, ShopView
from integrator.desktop.home_window import HomeWindow, problem_of
from integrator.desktop.kit.signs import Kind
from integrator.desktop.look import look
from integrator.desktop.menu import Actions, Pause, menu
from integrator.sending.gateway import GatewayState
from tests.desktop.screen import LOOKS, Desk, Screen, cut_off

NOW = datetime(2026, 11, 20, 14, 5)
CONNECTED = NumberView("principal", "embutido", GatewayState.CONNECTED, "5549988590187")
UNPAIRED = NumberView("principal", "embutido", GatewayState.NEEDS_PAIRING)
_LONG = (
    "O servidor SRV01 recusou a senha do usuário SYSDBA. Abra Conexão com o banco, escreva a senha certa e teste; "
    "enquanto isso nenhuma mensagem sai, e o que está na fila espera até que a conexão volte."
)


STOPPED = NumberView(
    "principal", "embutido", GatewayState.CONNECTED, "5549988590187", stopped_at=NOW, stopped_why="5 envios sem sucesso"
)


def running(*numbers: NumberView, **shop: object) -> EngineView:
    return EngineView(Reach.RUNNING, (ShopView("Loja", str(shop.pop("text", "")), **shop),), numbers)  # type: ignore[arg-type]


SITUATIONS = {
    "tudo-certo": (running(CONNECTED, text="fila vazia"), "Tudo certo"),
    "enviando": (running(CONNECTED, text="enviando", pending=42), "Enviando"),
    "esperando-hora": (running(CONNECTED, next_send=NOW + timedelta(hours=18), pending=42, awaiting=3), "Tudo certo"),
    "pausado": (running(CONNECTED, paused_until=datetime.max, pending=42), "Envio pausado"),
    "simulando": (running(CONNECTED, asks="Este computador é uma cópia."), "Nada está saindo"),
    "sem-celular": (running(UNPAIRED, pending=42), "WhatsApp não conectado"),
    "problema": (running(CONNECTED, problem=_LONG, pending=42), "Precisa de atenção"),
    "protecao": (running(STOPPED, text="número parado", pending=42), "Precisa de atenção"),
    "pausa-em-parte": (
        EngineView(
            Reach.RUNNING,
            (ShopView("principal", "fila vazia"), ShopView("filial_do_centro_2", "", paused_until=datetime.max)),
            (CONNECTED,),
        ),
        "Envio pausado em parte",
    ),
    "iniciando": (EngineView(Reach.STARTING, problem="O Integrador está iniciando."), "Iniciando"),
    "sem-banco": (EngineView(Reach.UNCONFIGURED, problem="Falta dizer qual é o banco."), "Falta configurar"),
    "parado": (EngineView(Reach.STOPPED, problem=_LONG), "Precisa de atenção"),
}
#: Letters that Alt presses a line by, and what it does.
BY_LETTER = {
    "a": "open_panel",
    "w": "connect_whatsapp",
    "b": "connect_database",
    "r": "open_log",
    "h": "open_history",
    "g": "send_now",
    "t": "send_test",
    "i": "toggle_autostart",
    "o": "about",
    "s": "leave",
}


class Home:
    """The window on a display, and what was done by it."""

    def __init__(self, screen: Screen, root: tk.Tk) -> None:
        self.screen = screen
        self.done: list[str] = []
        self.window = HomeWindow(root)
        self.autostart = True
        self.actions = Actions(**{each.name: self._action(each.name) for each in fields(Actions)})

    def _action(self, name: str) -> Callable[..., object]:
        def act(*given: Pause | tuple[str, ...]) -> None:
            words = [" ".join(each) if isinstance(each, tuple) else each.name for each in given]
            self.done.append(" ".join(filter(None, [name, *words])))

        return act

    def tell(self, view: EngineView) -> None:
        """Tk draws nothing of it yet."""
        shown = look(view, NOW)
        self.window.show(shown, menu(shown, self.actions, autostart=self.autostart, windows=True), problem_of(view))

    def show(self, view: EngineView) -> None:
        self.tell(view)
        if not self.window.winfo_viewable():
            self.window.present()
        self.screen.pump(lambda: self.window.winfo_viewable() and self.window.focus_displayof())

    def line(self, label: str) -> ttk.Widget:
        return next(each for each in self.lines() if str(each.cget("text")) == label)

    def lines(self) -> list[ttk.Widget]:
        """Those that are shown, in Tab's order."""

        def below(widget: tk.Misc) -> Iterator[tk.Misc]:
            for child in widget.winfo_children():
                yield child
                yield from below(child)

        kinds = (ttk.Button, ttk.Menubutton, ttk.Checkbutton)
        return [each for each in below(self.window.body) if isinstance(each, kinds) and each.winfo_viewable()]

    def title(self) -> str:
        return str(self.window._title.cget("text"))

    def did(self, *what: str) -> None:
        """Until exactly that was done; it is forgotten then."""
        self.screen.pump(lambda: self.done)
        assert self.done == list(what)
        self.done.clear()

    def primary(self) -> list[str]:
        return [str(each.cget("text")) for each in self.lines() if str(each.cget("style")).startswith("Primary")]


def _right(line: ttk.Widget) -> int:
    return line.winfo_rootx() + line.winfo_width()


def _as_read(line: ttk.Widget) -> tuple[int, int]:
    """From above, then from the left."""
    return (line.winfo_rooty() + line.winfo_height() // 2) // 10, line.winfo_rootx()


@pytest.fixture
def home(desk: Desk) -> Home:
    return Home(desk.screen, desk.root)


@LOOKS
def test_nothing_is_cut_off_in_any_situation_at_any_scale(screen: Screen, factor: float, dark: bool) -> None:
    with screen.application(factor=factor, dark=dark) as root:
        home = Home(screen, root)
        for name, (view, title) in SITUATIONS.items():
            home.show(view)
            screen.shot(f"situacao-{name}-{round(factor * 100)}-{'dark' if dark else 'light'}", home.window)
            assert cut_off(home.window) == []
            assert home.title() == title


def test_a_letter_with_alt_does_each_line(home: Home) -> None:
    home.show(running(CONNECTED, text="fila vazia"))
    for letter, deed in BY_LETTER.items():
        home.screen.key(letter, "Alt_L")
        home.did(deed)


def test_a_letter_is_heard_also_before_what_changed_is_drawn(home: Home) -> None:
    """Tk hears keys first and draws when nothing is left to hear."""
    home.show(running(CONNECTED, paused_until=datetime.max))
    home.tell(running(CONNECTED))
    home.window.event_generate("<Alt-t>")
    home.did("send_test")
    home.tell(running(CONNECTED, paused_until=datetime.max))
    home.window.event_generate("<Alt-m>")
    home.did("resume")


def test_tab_goes_through_the_lines_as_they_are_seen_also_after_they_changed(home: Home) -> None:
    for view in (running(CONNECTED, paused_until=datetime.max), running(CONNECTED)):
        home.show(view)
        home.window.focus_force()
        reached = []
        works = [each for each in home.lines() if not each.instate(["disabled"])]
        for _ in works:
            home.screen.key("Tab")
            home.screen.pump()
            reached.append(home.window.focus_get())
        assert reached == sorted(works, key=_as_read)


@pytest.mark.parametrize("opened", ["p", "Return", "space", "Down"])
def test_a_pause_is_chosen_by_the_keyboard(home: Home, opened: str) -> None:
    home.show(running(CONNECTED))
    home.line("Pausar").focus_force()
    home.screen.key(opened, *(("Alt_L",) if opened == "p" else ()))
    home.screen.pump(lambda: home.window.tk.call("grab", "current"))
    home.screen.shot("situacao-pausar")
    home.screen.key("Down")
    home.screen.key("Down")
    home.screen.key("Return")
    home.did("pause TODAY")


def test_a_pause_is_chosen_by_the_mouse_and_ended_by_the_line_in_its_place(home: Home) -> None:
    home.show(running(CONNECTED))
    pausing = home.line("Pausar")
    home.screen.click(pausing)
    home.screen.pump(lambda: home.window.tk.call("grab", "current"))
    home.screen.click_at(pausing.winfo_rootx() + 30, pausing.winfo_rooty() + pausing.winfo_height() + 12)
    home.did("pause HALF_HOUR")
    pausing.focus_force()
    home.show(running(CONNECTED, paused_until=NOW + timedelta(minutes=30)))
    assert home.window.focus_get() is home.line("Retomar envio")
    home.screen.key("Return")
    home.did("resume")


def test_what_changes_here_leaves_the_keyboard_to_the_window_that_has_it(home: Home, desk: Desk) -> None:
    home.show(running(CONNECTED, paused_until=datetime.max))
    home.line("Retomar envio").focus_force()
    other = Doing(desk.root, desk.loop, Wanted("Enviar teste", "Para quem?", "&Enviar", "&Celular"), lambda _: "")
    other.present()
    home.screen.pump(lambda: home.window.focus_displayof() is other.field.entry)
    home.show(running(CONNECTED))
    home.screen.type("49")
    home.screen.pump(lambda: other.field.value == "49")


def test_a_window_that_is_just_being_shown_keeps_the_keyboard(home: Home) -> None:
    home.show(running(CONNECTED))
    home.line("Pausar").focus_set()
    home.screen.pump(lambda: home.window.focus_displayof() is home.line("Pausar"))
    asking = Telling(home.window, Kind.BAD, "Aviso", "Texto.")
    asking.present()
    paused = running(CONNECTED)
    home.show(replace(paused, shops=(replace(paused.shops[0], paused_until=datetime.max),)))
    home.screen.pump(asking.winfo_viewable)
    home.screen.settle()
    assert home.window.focus_displayof() is asking.first
    asking.close()


def test_nothing_is_sent_out_of_turn_while_it_is_paused(home: Home) -> None:
    home.show(running(CONNECTED, paused_until=datetime.max, pending=4))
    home.screen.key("g", "Alt_L")
    home.screen.click(home.line("Enviar agora"))
    home.screen.key("m", "Alt_L")
    home.did("resume")


def test_the_button_that_stands_out_is_what_the_situation_asks_for(home: Home) -> None:
    home.show(EngineView(Reach.UNCONFIGURED))
    assert home.primary() == ["Conexão com o banco…"]
    home.show(running(UNPAIRED))
    assert home.primary() == ["Conectar WhatsApp…"]
    home.show(running(CONNECTED))
    assert home.primary() == ["Abrir painel"]
    home.show(EngineView(Reach.STOPPED))
    assert home.primary() == []


def test_a_number_that_the_protection_stopped_is_reached_by_the_button_that_stands_out(home: Home) -> None:
    home.show(running(STOPPED))
    assert home.primary() == ["Ver o número parado"]
    home.screen.key("v", "Alt_L")
    home.did("open_numbers")
    home.show(running(CONNECTED))
    assert home.primary() == ["Abrir painel"]


def test_with_one_database_of_two_paused_each_way_has_its_button(home: Home) -> None:
    home.show(running(CONNECTED))
    home.show(SITUATIONS["pausa-em-parte"][0])
    home.screen.pump(lambda: _right(home.line("Enviar teste…")) == _right(home.line("Histórico…")))
    home.screen.key("g", "Alt_L")
    home.did("send_now principal")
    assert _right(home.line("Enviar agora (principal)")) < home.line("Enviar teste…").winfo_rootx()
    home.screen.key("m", "Alt_L")
    home.did("resume filial_do_centro_2")
    home.screen.key("p", "Alt_L")
    home.screen.pump(lambda: home.window.tk.call("grab", "current"))
    home.screen.key("Down")
    home.screen.key("Return")
    home.did("pause HALF_HOUR principal")


def test_a_line_that_reads_as_before_is_for_the_databases_that_it_is_for_now(home: Home) -> None:
    view = running(CONNECTED)
    for paused in (("a", "b"), ("c", "d")):
        shops = [replace(view.shops[0], name=name) for name in "abcd"]
        paused_now = [replace(each, paused_until=datetime.max) if each.name in paused else each for each in shops]
        home.show(replace(view, shops=tuple(paused_now)))
        home.screen.click(home.line("Retomar envio (2 bancos)"))
        home.did(f"resume {' '.join(paused)}")
    home.screen.click(home.line("Pausar (2 bancos)"))
    home.screen.pump(lambda: home.window.tk.call("grab", "current"))
    home.screen.key("Down")
    home.screen.key("Return")
    home.did("pause HALF_HOUR a b")


def test_without_an_engine_only_what_needs_none_can_be_pressed(home: Home) -> None:
    home.show(EngineView(Reach.STOPPED, problem="O envio está parado."))
    pressed = [str(each.cget("text")) for each in home.lines() if not each.instate(["disabled"])]
    assert pressed == ["Conexão com o banco…", "Registro…", "Iniciar com o Windows", "Sobre", "Sair"]


def test_the_tick_says_what_is_so_and_not_what_was_pressed(home: Home) -> None:
    home.show(running(CONNECTED))
    home.screen.click(home.line("Iniciar com o Windows"))
    home.did("toggle_autostart")
    home.show(running(CONNECTED))
    assert home.line("Iniciar com o Windows").instate(["selected"])
    home.autostart = False
    home.show(running(CONNECTED))
    assert home.line("Iniciar com o Windows").instate(["!selected"])


def test_what_changes_while_the_choices_are_open_leaves_them_open(home: Home) -> None:
    home.show(running(CONNECTED, pending=4))
    home.screen.click(home.line("Pausar"))
    home.screen.pump(lambda: home.window.tk.call("grab", "current"))
    shown = look(running(CONNECTED, pending=3), NOW)
    home.window.show(shown, menu(shown, home.actions, autostart=True, windows=True))
    home.screen.key("Down")
    home.screen.key("Return")
    home.screen.pump(lambda: home.done)
    assert home.done[0].startswith("pause")


def test_escape_closes_it(home: Home) -> None:
    home.show(running(CONNECTED))
    home.screen.key("Escape")
    home.screen.pump(lambda: not home.window.winfo_exists())
