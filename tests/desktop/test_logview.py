"""The log viewer on a real display: the log as it comes, filtered, gone through from error to error, at any scale."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Self

import pytest

from integrator.logs import days
from tests.desktop.logview_desk import ERROR, TODAY, YESTERDAY, line, viewer, write_day
from tests.desktop.screen import LOOKS, Screen, cut_off

_WRITER = """
import sys, time
with open(sys.argv[1], "a", encoding="utf-8") as file:
    for number in range(int(sys.argv[2])):
        file.write(f"{sys.argv[3]}T23:59:00.000 INFO integrator.pump action=finished row={number} state=enviada\\n")
        file.flush()
        time.sleep(0.01)
"""


@LOOKS
def test_nothing_is_cut_off_at_any_scale(screen: Screen, tmp_path: Path, factor: float, dark: bool) -> None:
    write_day(tmp_path, TODAY, range(1003))
    with viewer(screen, tmp_path, factor=factor, dark=dark) as log:
        log.wait_rows(1003)
        screen.key("F8", "Shift_L")
        screen.key("Up", "Shift_L")
        screen.pump(lambda: "2 escolhidas" in log.status)
        name = f"registro-{round(factor * 100)}-{'dark' if dark else 'light'}"
        screen.shot(name, log.window)
        assert cut_off(log.window) == []
        log.window.geometry(f"{log.window.minsize()[0]}x{log.window.minsize()[1]}")
        screen.pump(lambda: log.window.winfo_width() == log.window.minsize()[0])
        screen.shot(f"{name}-least", log.window)
        assert log.status_is_whole
        assert any("erro falha" in row for row in log.rows)
        assert cut_off(log.window) == []
        width, height = log.window.minsize()
        assert width <= 620 * factor
        assert height <= 400 * factor


def test_the_newest_lines_are_shown_in_words_and_the_chosen_one_whole(screen: Screen, tmp_path: Path) -> None:
    write_day(tmp_path, TODAY, range(1000))
    with viewer(screen, tmp_path) as log:
        log.wait_rows(1000)
        assert log.rows[-1].endswith("erro falha")
        assert any(row.endswith("…") for row in log.rows), "a long line is cut where the row ends"
        screen.key("Up")
        screen.pump(lambda: "detalhe interno" in log.detail)
        for _ in range(3):
            screen.key("Up")
        screen.pump(lambda: "Mensagem 996: enviada." in log.detail)
        assert f"{TODAY}T00:16:36.000 INFO integrator.sending.pump action=finished row=996" in log.detail


def test_another_process_writes_and_the_end_is_followed_until_somebody_looks_up(screen: Screen, tmp_path: Path) -> None:
    path = write_day(tmp_path, TODAY, range(500))
    with viewer(screen, tmp_path) as log:
        log.wait_rows(500)
        with subprocess.Popen([sys.executable, "-c", _WRITER, str(path), "250", str(TODAY)]) as writer:
            screen.pump(lambda: log.window.list.count > 550)
            assert "Mensagem" in log.rows[-1]
            canvas = log.window.list.canvas
            x, y = canvas.winfo_rootx() + 90, canvas.winfo_rooty() + 90
            screen.click_at(x, y, button=4)
            assert not log.window.controls.following.get()
            top, before = log.window.list.top, log.rows[0]
            screen.pump(lambda: log.window.list.count > 650)
            assert (log.window.list.top, log.rows[0]) == (top, before)
            screen.key("End")
            assert log.window.controls.following.get()
            assert writer.wait(60) == 0
        log.wait_rows(750)
        assert "Mensagem 249: enviada." in log.rows[-1]
        assert log.status.startswith("750 linhas")


class _Tomorrow(date):
    @classmethod
    def today(cls) -> Self:
        return cls.fromisoformat(str(TODAY + timedelta(days=1)))


def test_the_next_day_is_shown_when_it_begins_unless_somebody_reads_this_one(
    screen: Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_day(tmp_path, YESTERDAY, range(30))
    with viewer(screen, tmp_path) as log:
        log.wait_rows(30)
        write_day(tmp_path, TODAY, range(2))
        log.wait_rows(2)
        assert log.window.controls.day.box.get() == f"hoje, {TODAY:%d/%m/%Y}"
        log.window.controls.follow.invoke()
        monkeypatch.setattr(days, "date", _Tomorrow)
        write_day(tmp_path, TODAY + timedelta(days=1), range(5))
        screen.pump(lambda: len(log.window.seen.days) == 3)
        assert log.window.list.count == 2
        log.window.controls.follow.invoke()
        log.wait_rows(5)


def test_a_day_to_come_that_a_wrong_clock_left_is_not_followed(screen: Screen, tmp_path: Path) -> None:
    write_day(tmp_path, TODAY + timedelta(days=400), range(7))
    write_day(tmp_path, TODAY, range(2))
    with viewer(screen, tmp_path) as log:
        log.wait_rows(2)
        write_day(tmp_path, TODAY, range(3))
        log.wait_rows(5)
        assert log.window.controls.following.get()


def test_another_day_is_chosen_by_the_keyboard(screen: Screen, tmp_path: Path) -> None:
    write_day(tmp_path, YESTERDAY, range(30))
    write_day(tmp_path, TODAY, range(2))
    with viewer(screen, tmp_path) as log:
        log.wait_rows(2)
        screen.key("d", "Alt_L")
        screen.key("Down")
        screen.pump(lambda: log.window.tk.call("focus") != str(log.window.controls.day.box))
        screen.key("Down")
        screen.key("Return")
        log.wait_rows(30)
        assert not log.window.controls.following.get()


def test_a_file_that_vanishes_is_explained_and_another_day_serves(screen: Screen, tmp_path: Path) -> None:
    path = write_day(tmp_path, YESTERDAY, range(30))
    write_day(tmp_path, TODAY, range(2))
    with viewer(screen, tmp_path) as log:
        log.wait_rows(2)
        log.window.choose_day(1)
        log.wait_rows(30)
        path.unlink()
        screen.pump(lambda: "os dias antigos são apagados" in str(log.window._empty.cget("text")))
        screen.shot("registro-apagado", log.window)
        assert cut_off(log.window) == []
        log.window.choose_day(0)
        log.wait_rows(2)


def test_a_folder_that_this_user_may_not_read_is_told(
    screen: Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: Path) -> Iterator[Path]:
        raise PermissionError(13, "Permission denied", str(self))

    write_day(tmp_path, TODAY, range(3))
    with viewer(screen, tmp_path) as log:
        with monkeypatch.context() as forbidden:
            forbidden.setattr(Path, "iterdir", refused)
            screen.pump(lambda: "não tem permissão" in str(log.window._empty.cget("text")))
            screen.shot("registro-sem-permissao", log.window)
            assert cut_off(log.window) == []
        log.wait_rows(3)


def test_a_file_that_cannot_be_read_is_told_once_in_the_log(
    screen: Screen, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "registro" / f"integrador-{TODAY}.log").mkdir(parents=True)
    write_day(tmp_path, YESTERDAY, range(3))
    with viewer(screen, tmp_path) as log:
        screen.pump(lambda: "Não consegui ler" in str(log.window._empty.cget("text")))
        log.window.choose_day(1)
        log.wait_rows(3)
    assert caplog.text.count("log_unreadable") == 1


def test_a_file_that_is_written_anew_is_read_anew(screen: Screen, tmp_path: Path) -> None:
    path = write_day(tmp_path, TODAY, range(30))
    with viewer(screen, tmp_path) as log:
        log.wait_rows(30)
        path.write_text(line(TODAY, 7, "INFO integrator.daemon action=stopped"), encoding="utf-8")
        log.wait_rows(1)
        assert log.rows == ["00:00:07 informação Parou."]


def test_without_a_log_the_window_says_what_to_expect(screen: Screen, tmp_path: Path) -> None:
    with viewer(screen, tmp_path) as log:
        screen.pump(lambda: "Ainda não há registro" in str(log.window._empty.cget("text")))
        screen.key("F8")
        screen.key("Up")
        screen.key("End")
        write_day(tmp_path, TODAY, range(3))
        log.wait_rows(3)


def test_words_are_found_without_case_or_accents_and_levels_narrow(screen: Screen, tmp_path: Path) -> None:
    write_day(tmp_path, TODAY, range(2000))
    with viewer(screen, tmp_path) as log:
        log.wait_rows(2000)
        screen.key("p", "Alt_L")
        screen.type("NAO EXISTE")
        log.wait_rows(sum(number % 7 == 3 and number % 1000 != 999 for number in range(2000)))
        assert log.status == "286 de 2.000 linhas"
        log.window.controls.words.value = ""
        screen.type("mensagem 12: env\n")
        log.wait_rows(1)
        assert log.window.focus_displayof() is log.window.list.canvas
        log.window.controls.words.value = ""
        log.window.controls.words.entry.focus_set()
        screen.type("zebra")
        screen.pump(lambda: "tem “zebra”" in str(log.window._empty.cget("text")))
        screen.shot("registro-nada", log.window)
        for _ in "zebra":
            screen.key("BackSpace")
        log.wait_rows(2000)
        log.window.controls.level.at = 2
        log.window.controls.level.box.event_generate("<<ComboboxSelected>>")
        log.wait_rows(2)
        write_day(tmp_path, TODAY, range(2999, 3001))
        log.wait_rows(3)


def test_the_chosen_line_stays_chosen_when_the_filter_changes(screen: Screen, tmp_path: Path) -> None:
    write_day(tmp_path, TODAY, range(2000))
    with viewer(screen, tmp_path) as log:
        log.wait_rows(2000)
        screen.key("F8", "Shift_L")
        screen.key("F8", "Shift_L")
        screen.pump(lambda: log.window.list.selection.cursor == 999)
        screen.key("p", "Alt_L")
        screen.type("detalhe interno")
        log.wait_rows(2)
        assert log.window.list.selection.cursor == 0
        screen.key("F8")
        assert log.window.list.selection.cursor == 1
        screen.key("F8")
        assert log.status == "Não há erro depois desta linha."


def test_a_traceback_that_comes_later_belongs_to_its_line_and_is_found(screen: Screen, tmp_path: Path) -> None:
    path = write_day(tmp_path, TODAY, range(5))
    with viewer(screen, tmp_path) as log:
        log.wait_rows(5)
        screen.key("p", "Alt_L")
        screen.type("tardio")
        log.wait_rows(0)
        with path.open("ab") as file:
            file.write(line(TODAY, 6, ERROR).encode())
            file.flush()
            screen.pump(lambda: log.window.seen.view is not None and log.window.seen.view.index.count == 6)
            file.write(b"\n  detalhe tardio")
        log.wait_rows(1)


def test_a_whole_window_without_a_mouse(screen: Screen, tmp_path: Path) -> None:
    write_day(tmp_path, TODAY, range(100))
    with viewer(screen, tmp_path) as log:
        log.wait_rows(100)
        screen.key("Home")
        assert log.window.list.top == 0
        screen.key("Next")
        screen.key("Down", "Shift_L")
        assert len(log.window.list.selection) == 2
        screen.key("Prior")
        screen.key("a", "Control_L")
        screen.pump(lambda: "100 escolhidas" in log.status)
        reached = []
        for _ in range(14):
            screen.key("Tab")
            screen.pump()
            reached.append(log.window.focus_displayof())
        taking, controls = log.window.taking, log.window.controls
        assert {
            controls.day.box,
            controls.level.box,
            controls.words.entry,
            controls.follow,
            controls.previous,
            controls.next,
            log.window.list.canvas,
            log.window.detail.text,
            taking.copy_button,
            taking.export_button,
            taking.folder_button,
            taking.bundle_button,
        } <= set(reached)
        screen.key("Escape")
        screen.pump(lambda: not log.window.winfo_exists())


def test_rows_are_chosen_by_the_mouse_alone_with_shift_and_with_control(screen: Screen, tmp_path: Path) -> None:
    write_day(tmp_path, TODAY, range(100))
    with viewer(screen, tmp_path) as log:
        log.wait_rows(100)
        canvas = log.window.list.canvas
        x, y = canvas.winfo_rootx() + 90, canvas.winfo_rooty() + 12
        top = log.window.list.top
        screen.click_at(x, y)
        assert list(log.window.list.selection) == [top]
        with screen.holding("Shift_L"):
            screen.click_at(x, y + 24 * 3)
        assert list(log.window.list.selection) == [top, top + 1, top + 2, top + 3]
        with screen.holding("Control_L"):
            screen.click_at(x, y + 24)
            screen.click_at(x, y + 24 * 5)
        assert list(log.window.list.selection) == [top, top + 2, top + 3, top + 5]


@pytest.mark.parametrize(
    "content",
    [
        b"x" * (5 * 1024 * 1024),
        b"\xff\xfe\x00\x00\n" * 2000,
        line(TODAY, 1).encode()[:-40],
        f"{TODAY}T08:00:00.000 INFO a action=status text=\U0001f600\u202e\ud7ff\x07\n".encode() * 50,
        b"\n" * 5000,
    ],
    ids=["five-megabytes", "bytes", "half-a-line", "signs", "blank"],
)
def test_what_is_not_a_log_does_no_harm(screen: Screen, tmp_path: Path, content: bytes) -> None:
    path = write_day(tmp_path, TODAY, range(0))
    path.write_bytes(content)
    with viewer(screen, tmp_path) as log:
        screen.pump(lambda: log.window.list.count > 0)
        screen.key("Home")
        screen.key("F8")
        write_day(tmp_path, TODAY, range(3))
        screen.pump(lambda: log.window.list.count >= 3)
        screen.key("p", "Alt_L")
        screen.type("mensagem")
        screen.pump(lambda: log.window.seen.view is not None and log.window.seen.view.filter.words == "mensagem")
