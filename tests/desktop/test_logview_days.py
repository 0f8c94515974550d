"""From error to error over the days, on a real display."""

import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from integrator.desktop.logview import other_days
from integrator.logs.errors import has_error
from tests.desktop.logview_desk import ERROR, TODAY, YESTERDAY, Viewer, viewer, write_day
from tests.desktop.screen import Screen, cut_off

EARLIER = TODAY - timedelta(days=5)


def shown(log: Viewer, day: date, cursor: int) -> bool:
    view = log.window.seen.view
    return view is not None and view.day == day and log.window.list.selection.cursor == cursor


def linger(screen: Screen) -> None:
    """Long enough for an answer that nobody waits for any more."""
    enough = time.monotonic() + 0.2
    screen.pump(lambda: time.monotonic() > enough)


def three_days(data: Path) -> None:
    """Errors at 999 and 1999 of the first, at 999 of the last, none between."""
    write_day(data, EARLIER, range(2500))
    write_day(data, YESTERDAY, range(300))
    write_day(data, TODAY, range(1200))


def test_the_way_goes_on_in_the_next_day_that_has_an_error_and_back(screen: Screen, tmp_path: Path) -> None:
    three_days(tmp_path)
    with viewer(screen, tmp_path) as log:
        log.wait_rows(1200)
        screen.key("F8", "Shift_L")
        screen.pump(lambda: shown(log, TODAY, 999))
        screen.key("F8", "Shift_L")
        screen.pump(lambda: shown(log, EARLIER, 1999) and log.window.list.idle)
        assert log.status == f"Este erro é de {EARLIER:%d/%m/%Y}."
        assert log.window.controls.day.box.get() == f"{EARLIER:%d/%m/%Y}"
        assert not log.window.controls.following.get()
        assert "detalhe interno" in log.detail
        screen.shot("registro-outro-dia", log.window)
        assert cut_off(log.window) == []
        screen.key("F8", "Shift_L")
        assert shown(log, EARLIER, 999)
        screen.key("F8", "Shift_L")
        assert log.status == "Não há erro antes desta linha."
        assert shown(log, EARLIER, 999)
        screen.key("F8")
        screen.key("F8")
        screen.pump(lambda: shown(log, TODAY, 999))
        assert log.status == f"Este erro é de {TODAY:%d/%m/%Y}."
        screen.key("F8")
        assert log.status == "Não há erro depois desta linha."


def test_with_words_only_errors_that_say_them_count(screen: Screen, tmp_path: Path) -> None:
    three_days(tmp_path)
    write_day(tmp_path, EARLIER, range(999, 1000), ERROR.replace("interno", "raro"))
    with viewer(screen, tmp_path) as log:
        log.wait_rows(1200)
        screen.key("p", "Alt_L")
        screen.type("raro\n")
        log.wait_rows(0)
        screen.key("F8", "Shift_L")
        screen.pump(lambda: shown(log, EARLIER, 0))
        assert "detalhe raro" in log.detail
        screen.key("F8")
        screen.pump(lambda: log.status == "Não há erro depois desta linha.")
        assert shown(log, EARLIER, 0)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Other days take as long as the test wants: until this is set, or the search is given up."""
    gate = threading.Event()

    def slowly(path: Path, words: str, pause: Callable[[], object]) -> bool:
        while not gate.wait(0.01):
            pause()
        return has_error(path, words, pause)

    monkeypatch.setattr(other_days, "has_error", slowly)
    return gate


@pytest.mark.parametrize("factor", [1.0, 2.0])
def test_a_long_way_says_where_it_is_and_is_given_up(
    screen: Screen, tmp_path: Path, slow: threading.Event, factor: float
) -> None:
    three_days(tmp_path)
    with viewer(screen, tmp_path, factor=factor) as log:
        log.wait_rows(1200)
        log.window.geometry(f"{log.window.minsize()[0]}x{log.window.minsize()[1]}")
        screen.key("Home")
        screen.key("F8", "Shift_L")
        cancel = log.window.controls.cancel
        screen.pump(lambda: "Procurando" in log.status and cancel.winfo_viewable())
        screen.key("F8", "Shift_L")
        assert log.status == f"Procurando erro em {YESTERDAY:%d/%m/%Y}…"
        screen.pump(lambda: log.window.winfo_width() == log.window.minsize()[0])
        screen.shot(f"registro-procurando-dias-{round(factor * 100)}", log.window)
        assert log.status_is_whole
        assert cut_off(log.window) == []
        screen.click(cancel)
        screen.pump(lambda: log.status == "1.200 linhas" and not cancel.winfo_viewable())
        slow.set()
        linger(screen)
        assert shown(log, TODAY, 0)


def test_who_reads_on_meanwhile_is_told_and_not_carried_away(
    screen: Screen, tmp_path: Path, slow: threading.Event
) -> None:
    three_days(tmp_path)
    with viewer(screen, tmp_path) as log:
        log.wait_rows(1200)
        screen.key("Home")
        screen.key("F8", "Shift_L")
        screen.pump(lambda: "Procurando" in log.status)
        screen.key("Down")
        slow.set()
        screen.pump(lambda: log.status == f"Há um erro em {EARLIER:%d/%m/%Y}.")
        assert shown(log, TODAY, 1)


def test_another_day_that_is_chosen_meanwhile_ends_it(screen: Screen, tmp_path: Path, slow: threading.Event) -> None:
    three_days(tmp_path)
    with viewer(screen, tmp_path) as log:
        log.wait_rows(1200)
        screen.key("Home")
        screen.key("F8", "Shift_L")
        screen.pump(lambda: "Procurando" in log.status)
        log.window.choose_day(1)
        log.wait_rows(300)
        slow.set()
        linger(screen)
        assert log.status == "300 linhas"


def test_days_that_cannot_be_read_are_counted(screen: Screen, tmp_path: Path) -> None:
    write_day(tmp_path, TODAY, range(3))
    for days in (2, 3):
        (tmp_path / "registro" / f"integrador-{TODAY - timedelta(days=days)}.log").mkdir()
    with viewer(screen, tmp_path) as log:
        log.wait_rows(3)
        log.window.geometry(f"{log.window.minsize()[0]}x{log.window.minsize()[1]}")
        screen.key("F8", "Shift_L")
        screen.pump(lambda: log.status == "Não há outro erro, mas não li 2 dias.")
        screen.shot("registro-dias-sem-leitura", log.window)
        assert log.status_is_whole
        assert cut_off(log.window) == []
