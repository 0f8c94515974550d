"""The desktop put together: what each line of the menu does, what is told and when, and how it ends."""

from __future__ import annotations

import sys
import time
import tkinter as tk
import webbrowser
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tkinter import ttk

import pytest

from integrator.desktop import about, app
from integrator.desktop.about import AboutWindow
from integrator.desktop.connection.window import ConnectionWindow
from integrator.desktop.dialogs import Doing, Question, Telling, Way
from integrator.desktop.ending import EndingWindow
from integrator.desktop.engine import EngineView, Reach
from integrator.desktop.home_window import HomeWindow
from integrator.desktop.keeping import EngineKeeper
from integrator.desktop.logview.window import LogWindow
from integrator.desktop.menu import Item
from integrator.desktop.outside import pick_file
from integrator.desktop.pairing.window import PairingWindow
from integrator.desktop.sign import Sign
from integrator.desktop.single_instance import QUIT, SHOW
from integrator.domain.errors import GatewayError
from integrator.paths import SERVICE_MARK
from integrator.secrets import Source
from integrator.sending.gateway import GatewayState
from tests.desktop.clerk import CONNECTED, RUNNING, Clerk, desktop_on
from tests.desktop.connection_desk import texts
from tests.desktop.fake_engine import FakeEngine
from tests.desktop.screen import Screen, cut_off

PAUSED = replace(RUNNING, shops=(replace(RUNNING.shops[0], paused_until=datetime.max),))
STOPPED = EngineView(Reach.STOPPED, problem="O Integrador não está em execução neste computador.")
CORRUPT = "[banco]\ncaminho = D:\\ERP\n"
#: What the browser was told to open.
pages: list[str] = []


def _opened(address: str) -> bool:
    pages.append(address)
    return True


@pytest.fixture
def clerk(screen: Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clerk]:
    """Of a desktop that runs, without a window."""
    monkeypatch.setattr(webbrowser, "open", _opened)
    pages.clear()
    with desktop_on(screen, tmp_path, monkeypatch) as clerk:
        yield clerk


# What is there at the start


@pytest.mark.feature("S16")
def test_started_with_the_computer_it_is_an_icon_and_no_window(clerk: Clerk) -> None:
    assert clerk.tray.look.sign is Sign.IDLE
    assert clerk.host.begun == 1
    assert clerk.windows() == []


@pytest.mark.feature("S14", "S17")
def test_the_first_start_asks_for_the_connection_and_for_nothing_else(
    screen: Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = EngineView(Reach.UNCONFIGURED, problem="Falta dizer qual é o banco de dados do ERP.")
    with desktop_on(screen, tmp_path, monkeypatch, config="", quiet=False, view=view) as clerk:
        clerk.window(ConnectionWindow)


def test_a_start_by_hand_shows_how_it_stands(screen: Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with desktop_on(screen, tmp_path, monkeypatch, quiet=False) as clerk:
        window = clerk.window(HomeWindow)
        clerk.pump(lambda: "Tudo certo" in texts(window))
        wide, left = window.winfo_screenwidth(), window.winfo_rootx()
        assert abs(wide - window.winfo_width() - 2 * left) < 20, "in the middle of the screen"


def test_a_configuration_with_an_error_opens_the_window_that_mends_it(
    screen: Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desktop_on(screen, tmp_path, monkeypatch, config=CORRUPT, quiet=False) as clerk:
        window = clerk.window(ConnectionWindow)
        clerk.pump(lambda: "linha 2" in " ".join(texts(window)))


# The lines of the menu


def test_each_window_of_the_menu_opens_once_however_often_it_is_asked_for(clerk: Clerk) -> None:
    for label, kind in (
        ("Conectar WhatsApp…", PairingWindow),
        ("Conexão com o banco…", ConnectionWindow),
        ("Registro…", LogWindow),
        ("Enviar agora", Doing),
        ("Enviar teste…", Doing),
        ("Sobre", AboutWindow),
        ("Sair", Question),
    ):
        for _ in range(3):
            clerk.choose(label)
        clerk.window(kind).close()
        clerk.pump(lambda: clerk.windows() == [])
    assert clerk.desktop.windows == {}
    assert clerk.quits == [], "closing all windows ends nothing"


@pytest.mark.parametrize(("label", "path"), [("Abrir painel", "/"), ("Histórico…", "/historico")])
def test_the_panel_opens_at_its_page_and_signed_in(clerk: Clerk, label: str, path: str) -> None:
    clerk.choose(label)
    clerk.pump(lambda: pages)
    assert pages == [f"http://127.0.0.1:8710{path}"]
    assert clerk.windows() == []


def test_without_an_engine_the_icon_opens_the_window_that_says_why(clerk: Clerk) -> None:
    clerk.sees(STOPPED)
    clerk.choose("Abrir painel")
    assert STOPPED.problem in texts(clerk.window(HomeWindow))
    assert pages == []


def test_a_computer_without_a_browser_is_told_so(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda _address: False)
    clerk.choose("Abrir painel")
    assert "navegador" in " ".join(texts(clerk.window(Telling)))


@pytest.mark.parametrize(
    ("choice", "ends"),
    [("Por 30 minutos", timedelta(minutes=30)), ("Até amanhã", None), ("Até alguém retomar", None)],
)
def test_nothing_leaves_for_as_long_as_was_chosen(clerk: Clerk, choice: str, ends: timedelta | None) -> None:
    before = datetime.now()
    clerk.choose("Pausar", choice)
    (until,) = clerk.asked("pause")
    if choice == "Até alguém retomar":
        assert until == ""
    elif ends is not None:
        assert before.replace(microsecond=0) <= datetime.fromisoformat(until) - ends <= datetime.now()
    else:
        assert datetime.fromisoformat(until).time().isoformat() == "00:00:00"


def test_a_pause_is_seen_at_once_and_ended_by_the_same_menu(clerk: Clerk) -> None:
    clerk.engine.meanwhile = lambda name: setattr(clerk.engine, "answer", PAUSED) if name == "pause" else None
    clerk.choose("Pausar", "Até alguém retomar")
    clerk.pump(lambda: clerk.tray.look.sign is Sign.PAUSED)
    assert not clerk.item("Enviar agora").enabled
    clerk.engine.meanwhile = lambda name: setattr(clerk.engine, "answer", RUNNING) if name == "resume" else None
    clerk.choose("Retomar envio")
    clerk.pump(lambda: clerk.tray.look.sign is Sign.IDLE)


def test_a_pause_of_some_databases_is_lengthened_and_ended_for_no_other(clerk: Clerk) -> None:
    matriz, filial = (replace(RUNNING.shops[0], name=name) for name in ("matriz", "filial"))
    clerk.sees(replace(RUNNING, shops=(matriz, replace(filial, paused_until=datetime.max))))
    clerk.choose("Pausar (matriz)", "Por 30 minutos")
    assert clerk.asked("pause")[1:] == ("matriz",)
    clerk.choose("Retomar envio (filial)")
    assert clerk.asked("resume") == ("filial",)


def test_with_one_database_paused_the_others_are_sent_now_and_only_they(clerk: Clerk) -> None:
    matriz, filial = (replace(RUNNING.shops[0], name=name) for name in ("matriz", "filial"))
    clerk.sees(replace(RUNNING, shops=(matriz, replace(filial, paused_until=datetime.max))))
    clerk.choose("Enviar agora (matriz)")
    window = clerk.window(Doing)
    assert "O que está na fila de matriz começa a sair agora" in " ".join(texts(window))
    window.act.invoke()
    assert clerk.asked("send_now") == ("matriz",)


def test_a_line_that_was_read_a_moment_ago_is_for_no_other_database(clerk: Clerk) -> None:
    matriz, filial = (replace(RUNNING.shops[0], name=name, paused_until=datetime.max) for name in ("matriz", "filial"))
    clerk.sees(replace(RUNNING, shops=(replace(matriz, paused_until=None), filial)))
    pauses, resumes = clerk.item("Pausar (matriz)", "Por 30 minutos"), clerk.item("Retomar envio (filial)")
    clerk.sees(replace(RUNNING, shops=(matriz, filial)))  # by the panel, while the menu is open
    assert resumes.action is not None
    resumes.action()
    assert clerk.asked("resume") == ("filial",)
    clerk.sees(replace(RUNNING, shops=tuple(replace(each, paused_until=None) for each in (matriz, filial))))
    assert pauses.action is not None
    pauses.action()
    assert clerk.asked("pause")[1:] == ("matriz",)


def test_the_number_that_the_protection_stopped_is_told_and_reached_from_the_icon(clerk: Clerk) -> None:
    clerk.sees(replace(RUNNING, numbers=(replace(CONNECTED, stopped_why="5 envios seguidos sem sucesso"),)))
    assert clerk.tray.look.sign is Sign.ERROR
    assert [title for title, _ in clerk.tray.notices] == ["A proteção parou o número"]
    clerk.choose("Ver o número parado")
    clerk.pump(lambda: pages)
    assert pages == ["http://127.0.0.1:8710/whatsapp"]


def test_sending_now_is_asked_first(clerk: Clerk) -> None:
    clerk.choose("Enviar agora")
    window = clerk.window(Doing)
    assert clerk.engine.times("send_now") == 0
    clerk.screen.key("e", "Alt_L")
    clerk.pump(lambda: "começam a sair" in window.banner.told)


def test_a_test_goes_to_the_number_that_was_typed(clerk: Clerk) -> None:
    clerk.choose("Enviar teste…")
    window = clerk.window(Doing)
    clerk.screen.type("49988590187\n")
    clerk.pump(lambda: window.banner.told)
    assert clerk.asked("send_test") == ("49988590187",)


def test_the_switch_of_the_start_follows_what_the_system_took(clerk: Clerk) -> None:
    label = next(each.label for each in clerk.tray.lines() if isinstance(each, Item) and each.checked is not None)
    clerk.choose(label)
    assert not clerk.autostart.on
    assert clerk.item(label).checked is False
    clerk.autostart.refuses = True
    clerk.desktop.hear(SHOW)
    home = clerk.window(HomeWindow)
    clerk.screen.key("i", "Alt_L")
    clerk.pump(lambda: len(clerk.windows()) == 2)
    (told,) = [each for each in clerk.windows() if isinstance(each, Telling)]
    assert "não aceitou" in " ".join(texts(told))
    (switch,) = [each for each in _below(home) if isinstance(each, ttk.Checkbutton)]
    assert switch.instate(["!selected"])


def test_what_the_engine_refuses_is_told_in_one_window(clerk: Clerk) -> None:
    clerk.engine.fails["pause"] = GatewayError("O Integrador não respondeu. Tente de novo.")
    for _ in range(3):
        clerk.choose("Pausar", "Até amanhã")
    clerk.pump(lambda: clerk.engine.times("pause") == 3)
    assert "Tente de novo" in " ".join(texts(clerk.window(Telling)))


def test_a_defect_is_told_and_not_only_logged(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(about, "AboutWindow", lambda *_args, **_named: 1 // 0)
    clerk.choose("Sobre")
    clerk.choose("Sobre")
    window = clerk.window(Telling)
    assert "não conhecia" in " ".join(texts(window))
    assert cut_off(window) == []
    clerk.screen.shot("defeito", window)
    assert "ZeroDivisionError" in caplog.text
    window.close()
    clerk.desktop.root.after(0, lambda: 1 // 0)
    clerk.window(Telling)


# What happens meanwhile


def test_a_second_start_brings_the_question_forward_that_waits_for_an_answer(clerk: Clerk) -> None:
    clerk.choose("Sobre")
    asking = clerk.window(AboutWindow)
    question = Question(asking, "Fechar?", "O que mudou não foi salvo.", Way("&Fechar", lambda: None))
    question.present()
    clerk.pump(lambda: clerk.desktop.root.tk.call("grab", "status", question) == "local")
    clerk.desktop.hear(SHOW)
    clerk.pump(lambda: clerk.desktop.windows.get("situação") and clerk.front() is question)


def test_what_needs_somebody_is_told_once(clerk: Clerk) -> None:
    banned = replace(RUNNING, numbers=(replace(CONNECTED, state=GatewayState.BANNED),))
    refused = EngineView(Reach.REFUSED, problem="A seção [envio] tem um erro na linha 4.")
    for view in (refused, RUNNING, refused, banned, refused):
        clerk.sees(view)
    assert [text for _, text in clerk.tray.notices] == [refused.problem]
    assert clerk.windows() == []


def test_an_engine_that_went_away_is_replaced(clerk: Clerk) -> None:
    clerk.sees(STOPPED)
    clerk.pump(lambda: clerk.host.begun == 2)


def test_the_icon_is_drawn_anew_only_when_there_is_something_to_see(clerk: Clerk) -> None:
    shown = clerk.tray.times_shown
    clerk.sees(replace(RUNNING, version="2.0"))
    assert clerk.tray.times_shown == shown


def test_passwords_go_to_the_service_also_when_it_was_seen_only_after_the_window_opened() -> None:
    engine, seen = FakeEngine(), list[bool]()
    keeper = EngineKeeper(engine, lambda: bool(seen))
    seen.append(True)
    _, saved = keeper.keep("senha", "segredo")
    assert (saved.kept, saved.fell_back) == (Source.FILE, False)
    assert engine.asked == [("keep_password", "senha", "segredo")]


def test_a_stopped_service_is_not_passed_over(clerk: Clerk) -> None:
    (clerk.desktop.premises.folder / SERVICE_MARK).touch()
    clerk.choose("Conexão com o banco…")
    clerk.window(ConnectionWindow).place.keeper.keep("senha", "segredo")
    assert clerk.asked("keep_password") == ("senha", "segredo")


# The end


def test_leaving_is_asked_first_when_the_messages_stop_with_it(clerk: Clerk) -> None:
    clerk.choose("Sair")
    clerk.window(Question)
    clerk.screen.key("Return")  # goes on sending
    clerk.pump(lambda: clerk.windows() == [])
    assert clerk.host.told_to_end == 0
    clerk.choose("Sair")
    clerk.window(Question)
    clerk.host.finished.set()
    clerk.screen.key("s", "Alt_L")
    clerk.pump(lambda: clerk.quits)


def test_leaving_the_client_of_a_service_asks_nothing(clerk: Clerk) -> None:
    clerk.host.here = False
    clerk.host.finished.set()
    clerk.choose("Sair")
    clerk.pump(lambda: clerk.quits)
    assert clerk.windows() == []


def test_the_end_waits_for_the_message_in_hand_and_says_so(clerk: Clerk) -> None:
    clerk.desktop.hear(SHOW)
    clerk.window(HomeWindow)
    told = time.monotonic()
    clerk.desktop.hear(QUIT)
    clerk.desktop.hear(QUIT)
    window = clerk.window(EndingWindow)
    assert time.monotonic() - told > 0.9, "Tk's clock is another one"
    assert cut_off(window) == []
    clerk.screen.shot("terminando", window)
    window.close()
    clerk.desktop.hear(SHOW)  # whoever starts it now learns why it does not come
    clerk.window(EndingWindow)
    assert clerk.host.told_to_end == 1
    assert clerk.quits == []
    clerk.host.finished.set()
    clerk.pump(lambda: clerk.quits)


def test_the_end_waits_for_no_question_that_is_open(clerk: Clerk) -> None:
    clerk.choose("Sobre")
    question = Question(
        clerk.window(AboutWindow), "Fechar?", "O que mudou não foi salvo.", Way("&Fechar", lambda: None)
    )
    question.present()
    clerk.pump(lambda: clerk.desktop.root.tk.call("grab", "status", question) == "local")
    clerk.desktop.hear(QUIT)
    window = clerk.window(EndingWindow)
    clerk.screen.key("Escape")
    clerk.pump(lambda: not window.winfo_exists())


def test_a_window_that_does_not_go_from_the_screen_keeps_the_program_from_ending_no_more(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stay(_root: tk.Tk) -> None:
        raise tk.TclError("bad window path name")

    monkeypatch.setattr(app, "put_away", stay)
    clerk.host.finished.set()
    clerk.desktop.hear(QUIT)
    clerk.pump(lambda: clerk.quits)


@pytest.mark.skipif(sys.platform == "win32", reason="there the window is the system's own")
def test_the_end_waits_for_no_file_that_somebody_is_to_choose(clerk: Clerk) -> None:
    chosen: list[str] = []
    root = clerk.desktop.root
    root.after(0, lambda: chosen.append(pick_file(root, "Biblioteca cliente", [("Todos", ("*",))])))
    clerk.desktop.root.after(200, lambda: clerk.desktop.hear(QUIT))
    clerk.host.finished.set()
    clerk.pump(lambda: chosen and clerk.quits)
    assert chosen == [""]


def test_while_it_ends_the_icon_says_neither_that_it_starts_nor_that_it_is_broken(clerk: Clerk) -> None:
    shown = clerk.tray.look
    clerk.desktop.hear(QUIT)
    clerk.engine.answer = STOPPED
    looks = clerk.engine.times("view")
    clerk.desktop.look_soon()
    clerk.pump(lambda: clerk.engine.times("view") > looks + 1)
    clerk.settled()
    assert clerk.tray.look == shown
    assert clerk.host.begun == 1


def _below(widget: tk.Misc) -> Iterator[tk.Misc]:
    for child in widget.winfo_children():
        yield child
        yield from _below(child)
