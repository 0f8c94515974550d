"""The pieces of the windows, on a real display: what a person sees, types and presses."""

import threading
import tkinter as tk
from tkinter import ttk

import pytest

from integrator.desktop.kit.pieces import Banner, Choice, Field, button, check, link, wrapped
from integrator.desktop.kit.signs import Kind
from integrator.desktop.kit.window import Window
from integrator.desktop.loop import UiLoop
from integrator.domain.errors import IntegratorError
from tests.desktop.screen import Desk, Screen, cut_off

_LONG = (
    "Não encontrei o arquivo do banco em D:\\Programas do Comércio\\Dados\\MATRIZ.FDB no servidor SRV01. Confira o "
    "caminho na configuração do ERP ou peça ao suporte. (detalhe no registro)"
)


def _sample(root: tk.Tk) -> Window:
    window = Window(root, "Amostra")
    ttk.Label(window.body, text="Conexão com o banco", style="Title.TLabel").grid(sticky="w", pady=(0, 8))
    for kind in Kind:
        banner = Banner(window.body)
        banner.grid(sticky="ew", pady=4)
        banner.show(kind, f"Sinal {kind.value}", _LONG)
    field = Field(window.body, "&Servidor", hint="O computador onde está o banco do ERP.")
    field.grid(sticky="ew", pady=4)
    wrong = Field(window.body, "&Porta")
    wrong.grid(sticky="ew", pady=4)
    wrong.value = "abc"
    wrong.complain("“abc” não é uma porta: escreva um número, por exemplo 3050.")
    window.ticked = tk.BooleanVar(window, value=True)  # type: ignore[attr-defined]
    check(window.body, "&Iniciar com o Windows", window.ticked).grid(sticky="w")  # type: ignore[attr-defined]
    check(window.body, "Sem marca", tk.BooleanVar(window)).grid(sticky="w")
    box = ttk.Combobox(window.body, values=["principal", "filial"], state="readonly")
    box.set("principal")
    box.grid(sticky="ew", pady=4)
    link(window.body, "Como conectar o celular", lambda: None).grid(sticky="w")
    wrapped(window.body, _LONG, style="Muted.TLabel").grid(sticky="ew")
    row = ttk.Frame(window.body)
    row.grid(sticky="e", pady=(8, 0))
    button(row, "&Fechar", window.close).pack(side="left", padx=4)
    button(row, "&Salvar", lambda: None, primary=True).pack(side="left")
    window.body.columnconfigure(0, weight=1, minsize=window.look.px(420))
    return window


@pytest.mark.parametrize("factor", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_is_cut_off_at_any_scale(screen: Screen, factor: float, dark: bool) -> None:
    with screen.application(factor=factor, dark=dark) as root:
        window = _sample(root)
        window.present()
        screen.pump(window.winfo_viewable)
        screen.shot(f"kit-{round(factor * 100)}-{'dark' if dark else 'light'}", window)
        assert cut_off(window) == []


def test_a_letter_with_alt_presses_its_button_and_escape_closes(desk: Desk) -> None:
    pressed: list[str] = []
    closed: list[bool] = []
    window = Window(desk.root, "Amostra", on_close=lambda: closed.append(True))
    button(window.body, "&Testar", lambda: pressed.append("testar")).grid()
    field = Field(window.body, "&Senha", secret=True)
    field.grid()
    window.present()
    desk.screen.pump(lambda: window.focus_displayof() is not None)
    desk.screen.key("t", "Alt_L")
    desk.screen.key("s", "Alt_L")
    desk.screen.type("m4ster")
    desk.screen.pump(lambda: field.value == "m4ster" and pressed == ["testar"])
    desk.screen.key("Escape")
    desk.screen.pump(lambda: closed == [True])


def test_what_a_thread_found_out_comes_back_on_tks_thread(desk: Desk) -> None:
    heard: list[object] = []
    desk.loop.background(lambda: 42, lambda found: heard.append((found, threading.current_thread())), heard.append)
    desk.screen.pump(lambda: heard)
    assert heard == [(42, threading.main_thread())]


def test_a_defect_of_a_task_is_told_in_portuguese(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    told: list[IntegratorError] = []
    desk.loop.background(lambda: 1 // 0, lambda _: None, told.append)
    desk.screen.pump(lambda: told)
    assert "registro" in told[0].message
    assert "ZeroDivisionError" in caplog.text


def test_an_answer_for_a_window_that_was_closed_stops_nothing(desk: Desk) -> None:
    window = Window(desk.root, "Amostra")
    label = ttk.Label(window.body)
    window.close()
    heard: list[int] = []
    loop: UiLoop = desk.loop
    loop.call(lambda: label.configure(text="tarde"))
    loop.call(lambda: heard.append(1))
    desk.screen.pump(lambda: heard)


def test_a_choice_is_made_by_the_keyboard_alone(desk: Desk) -> None:
    chosen: list[int] = []
    window = Window(desk.root, "Amostra")
    button(window.body, "&Testar", lambda: None).grid()
    choice = Choice(window.body, "&Banco", lambda: chosen.append(choice.at))
    choice.offer(["principal", "filial", "depósito"])
    choice.at = 0
    choice.grid()
    window.present()
    desk.screen.pump(lambda: window.focus_displayof() is not None)
    desk.screen.key("b", "Alt_L")
    desk.screen.key("Down")
    desk.screen.pump(lambda: choice.box.tk.call("focus") != str(choice.box))
    desk.screen.key("Down")
    desk.screen.key("Return")
    desk.screen.pump(lambda: chosen == [1])


@pytest.mark.parametrize("factor", [1.0, 3.0])
def test_a_window_that_wants_room_takes_what_the_screen_has(screen: Screen, factor: float) -> None:
    with screen.application(factor=factor) as root:
        window = Window(root, "Amostra", size=(700, 500))
        ttk.Label(window.body, text="pouca coisa").grid()
        window.present()
        screen.pump(lambda: window.winfo_width() > 600)
        wide, high = root.winfo_screenwidth(), root.winfo_screenheight()
        assert min(700 * factor, wide * 0.95) <= window.winfo_width() <= 700 * factor
        assert min(500 * factor, high * 0.75) <= window.winfo_height() <= 500 * factor
        assert window.winfo_rootx() + window.winfo_width() <= wide
        assert window.winfo_rooty() + window.winfo_height() <= high


def test_a_text_of_any_length_leaves_the_width_of_its_window_alone(desk: Desk) -> None:
    window = Window(desk.root, "Amostra")
    window.body.columnconfigure(0, weight=1, minsize=310)
    label = wrapped(window.body)
    label.grid(sticky="ew")
    window.present()
    desk.screen.pump(window.winfo_viewable)
    width = window.winfo_width()
    for end in range(0, len(_LONG), 7):
        label.configure(text=_LONG[:end])
        desk.root.update()
        assert window.winfo_width() == width
    assert cut_off(window) == []


def test_a_window_opens_with_the_keyboard_in_the_field_that_was_chosen_for_it(desk: Desk) -> None:
    window = Window(desk.root, "Amostra")
    fields = [Field(window.body, label) for label in ("Servidor", "Banco")]
    for field in fields:
        field.grid()
    window.first = fields[1].entry
    window.present()
    desk.screen.pump(lambda: window.focus_get() is fields[1].entry)
    fields[0].entry.focus_set()
    window.present()
    desk.screen.pump(lambda: window.focus_get() is fields[0].entry)
