"""The small windows: what they ask, what they do once, and what they tell."""

from __future__ import annotations

import threading
import tkinter as tk

from integrator.desktop.dialogs import Doing, Question, Telling, Way, send_now, send_test
from integrator.desktop.kit.pieces import button
from integrator.desktop.kit.signs import Kind
from integrator.desktop.kit.window import Window
from integrator.desktop.loop import UiLoop
from integrator.domain.errors import GatewayError
from tests.desktop.fake_engine import FakeEngine
from tests.desktop.screen import LOOKS, Desk, Screen, cut_off

_LONG = (
    "Enquanto o Integrador estiver fechado, nenhuma mensagem sai. A mensagem em andamento termina antes, e o que está "
    "na fila espera até que alguém o abra de novo neste computador."
)


def shown(desk: Desk, window: Window) -> Window:
    window.present()
    desk.screen.pump(window.winfo_viewable)
    return window


@LOOKS
def test_nothing_is_cut_off_at_any_scale(screen: Screen, factor: float, dark: bool) -> None:
    with screen.application(factor=factor, dark=dark) as root:
        loop, engine = UiLoop(root), FakeEngine(test_phone="5549988590187")
        ways = (Way("&Sair", lambda: None), Way("&Continuar enviando", lambda: None))
        windows = {
            "pergunta": Question(root, "Sair do Integrador?", _LONG, *ways),
            "aviso": Telling(root, Kind.BAD, "Não consegui abrir o painel", _LONG),
            "enviar-agora": send_now(root, loop, engine),
            "enviar-teste": send_test(root, loop, engine),
        }
        for name, window in windows.items():
            window.present()
            screen.pump(window.winfo_viewable)
            screen.shot(f"{name}-{round(factor * 100)}-{'dark' if dark else 'light'}", window)
            assert cut_off(window) == []
            window.close()
        loop.close()


def test_a_question_goes_the_way_that_was_taken_once(desk: Desk) -> None:
    taken: list[str] = []
    ways = (Way("&Sair", lambda: taken.append("sair")), Way("&Continuar", lambda: taken.append("continuar")))
    shown(desk, Question(desk.root, "Sair?", _LONG, *ways))
    desk.screen.pump(lambda: desk.root.focus_get() is not None)
    desk.screen.key("Return")
    desk.screen.pump(lambda: taken == ["continuar"])
    shown(desk, Question(desk.root, "Sair?", _LONG, *ways))
    desk.screen.pump(lambda: desk.root.focus_get() is not None)
    desk.screen.key("s", "Alt_L")
    desk.screen.pump(lambda: taken == ["continuar", "sair"])


def test_a_question_that_is_closed_does_nothing(desk: Desk) -> None:
    taken: list[str] = []
    closed: list[bool] = []
    way = Way("&Sair", lambda: taken.append("sair"))
    window = shown(desk, Question(desk.root, "Sair?", _LONG, way, on_close=lambda: closed.append(True)))
    desk.screen.pump(lambda: window.focus_displayof() is not None)
    desk.screen.key("Escape")
    desk.screen.pump(lambda: closed == [True])
    assert taken == []


def test_the_window_that_asks_waits_for_the_answer(desk: Desk) -> None:
    pressed: list[str] = []
    asking = Window(desk.root, "Amostra")
    behind = button(asking.body, "Testar", lambda: pressed.append("testar"))
    behind.grid()
    shown(desk, asking)
    asking.geometry("300x200+0+0")
    question = shown(desk, Question(asking, "Fechar?", _LONG, Way("&Sair", lambda: None)))
    desk.screen.pump(lambda: desk.root.tk.call("grab", "status", question) == "local")
    desk.screen.click(behind)
    assert pressed == []
    question.close()
    desk.screen.click(behind)
    desk.screen.pump(lambda: pressed == ["testar"])


def test_a_test_goes_to_the_configured_number_unless_another_is_typed(desk: Desk) -> None:
    engine = FakeEngine(test_phone="5549988590187")
    window = shown(desk, send_test(desk.root, desk.loop, engine))
    assert isinstance(window, Doing)
    desk.screen.pump(lambda: window.field.value == "(49) 98859-0187")
    desk.screen.type("(47) 99911-2233")
    desk.screen.pump(lambda: window.field.value == "(47) 99911-2233")
    desk.screen.key("Return")
    desk.screen.pump(lambda: "Mensagem de teste na fila" in window.banner.told)
    desk.screen.shot("enviar-teste-feito", window)
    assert ("send_test", "(47) 99911-2233") in engine.asked
    assert threading.main_thread().name not in engine.threads
    desk.screen.key("Return")
    desk.screen.pump(lambda: not window.winfo_exists())


def test_what_was_refused_is_told_and_can_be_tried_again(desk: Desk) -> None:
    engine = FakeEngine(fails={"send_test": GatewayError("“12” não é um celular com DDD. Confira e escreva de novo.")})
    window = send_test(desk.root, desk.loop, engine)
    shown(desk, window)
    desk.screen.type("12\n")
    desk.screen.pump(lambda: "não é um celular" in window.banner.told)
    desk.screen.shot("enviar-teste-recusado", window)
    engine.fails.clear()
    desk.screen.pump(lambda: window.focus_get() is window.field.entry)
    desk.screen.key("Return")
    desk.screen.pump(lambda: "na fila" in window.banner.told)


def test_the_queue_is_started_only_after_a_yes(desk: Desk) -> None:
    engine = FakeEngine()
    window = send_now(desk.root, desk.loop, engine)
    shown(desk, window)
    assert engine.times("send_now") == 0
    desk.screen.click(window.act)
    desk.screen.pump(lambda: "começam a sair" in window.banner.told)
    assert engine.times("send_now") == 1


def test_an_answer_that_comes_after_the_window_was_closed_stops_nothing(desk: Desk) -> None:
    going = threading.Event()
    engine = FakeEngine(meanwhile=lambda _: going.wait(30))
    window = send_now(desk.root, desk.loop, engine)
    shown(desk, window)
    window.act.invoke()
    window.close()
    going.set()
    heard: list[tk.Misc] = []
    desk.loop.call(lambda: heard.append(desk.root))
    desk.screen.pump(lambda: heard)
