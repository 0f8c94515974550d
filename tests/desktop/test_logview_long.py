"""A day of 200,000 lines stays smooth: first rows, searching, jumping, scrolling also while a search is under way."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from integrator.desktop.logview.follower import Follower
from tests.desktop.logview_desk import TODAY, YESTERDAY, Viewer, viewer, write_day
from tests.desktop.screen import Screen

_LINES = 200_000
#: Of the processors' time that both threads take, whatever else the computer does: a reader without rests would take
#: its share while a screen waits for it. A person notices 0.1 s, and waits at 1 s.
_FIRST_S, _SEARCH_S, _JUMP_S, _SCREEN_S, _SCREEN_WHILE_S = 8.0, 60.0, 1.0, 0.1, 0.3


@pytest.fixture(scope="module")
def long_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("longo")
    write_day(folder, TODAY, range(_LINES))
    return folder


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def screens(log: Viewer, count: int) -> list[float]:
    """The seconds that each of so many screens all over the file took to be painted."""

    def one(place: int) -> None:
        log.window.list.go(place)
        log.window.update_idletasks()

    step = log.window.list.count // count
    return [seconds(lambda place=number * step: one(place)) for number in range(count)]  # type: ignore[misc]


def test_two_hundred_thousand_lines_are_opened_searched_and_gone_through(screen: Screen, long_day: Path) -> None:
    began = time.process_time()
    with viewer(screen, long_day) as log:
        log.wait_rows(_LINES)
        assert time.process_time() - began < _FIRST_S
        assert log.rows[-1].endswith("erro falha")
        assert seconds(lambda: screen.key("F8", "Shift_L")) < _JUMP_S
        assert log.window.list.selection.cursor == _LINES - 1
        painted = sorted(screens(log, 40))
        assert painted[20] < _SCREEN_S
        log.window.controls.words.value = "detalhe interno"
        log.window.choose_filter()
        while_searching = sorted(screens(log, 10))
        assert while_searching[5] < _SCREEN_WHILE_S
        screen.pump(lambda: log.window.list.count == _LINES // 1000, seconds=_SEARCH_S)


def test_a_long_search_shows_how_far_it_is_and_is_given_up(
    screen: Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endlessly(self: Follower, progress: float) -> None:
        while True:  # until it is given up
            breathe(self, progress)
            time.sleep(0.01)

    breathe = Follower._breathe
    write_day(tmp_path, TODAY, range(2000))
    with viewer(screen, tmp_path) as log:
        log.wait_rows(2000)
        monkeypatch.setattr(Follower, "_breathe", endlessly)
        log.window.controls.words.value = "iguana: nunca"
        log.window.choose_filter()
        screen.pump(lambda: "Procurando" in log.status and log.window.controls.cancel.winfo_viewable())
        screen.shot("registro-procurando", log.window)
        screen.click(log.window.controls.cancel)
        assert log.window.controls.words.value == ""
        screen.pump(lambda: log.status == "2.000 linhas")
        assert log.window.list.count == 2000


def test_the_way_over_two_hundred_thousand_lines_without_an_error_is_smooth(screen: Screen, tmp_path: Path) -> None:
    """They name one in their texts, so that each of them must be looked at."""
    write_day(tmp_path, YESTERDAY, range(_LINES), 'INFO integrator.sending.pump msg="nenhum ERROR na mensagem {n}"')
    write_day(tmp_path, YESTERDAY - timedelta(days=1), range(1000))
    write_day(tmp_path, TODAY, range(900))
    with viewer(screen, tmp_path) as log:
        log.wait_rows(900)
        screen.key("F8", "Shift_L")
        painted: list[float] = []
        while log.window.jumps.busy or not painted:
            log.window.list.draw()
            painted.append(seconds(log.window.update))
        assert sorted(painted)[len(painted) // 2] < _SCREEN_WHILE_S
        screen.pump(lambda: log.window.list.count == 1000 and log.window.list.selection.cursor == 999)
