"""Lines taken away from the log viewer: copied, exported, in the support bundle; and what goes wrong with each."""

import os
import threading
import zipfile
from pathlib import Path

import pytest

from integrator.desktop.kit.signs import Kind
from integrator.desktop.logview.bundling import FILE
from integrator.desktop.logview.progress import Progress
from integrator.desktop.logview.taking import ask_file
from tests.desktop.logview_desk import TODAY, line, viewer, write_day
from tests.desktop.screen import Screen, cut_off


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """The doctor's first check takes until this is set."""
    gate, at = threading.Event(), Progress.at

    def slowly(self: Progress, part: float, doing: str = "") -> None:
        at(self, part, doing)
        if doing.startswith("Verificando"):
            gate.wait(60)

    monkeypatch.setattr(Progress, "at", slowly)
    return gate


def test_the_chosen_lines_are_copied_as_they_stand_in_the_file(screen: Screen, tmp_path: Path) -> None:
    write_day(tmp_path, TODAY, range(1000))
    with viewer(screen, tmp_path) as log:
        log.wait_rows(1000)
        assert log.window.taking.copy_button.instate(["disabled"])
        screen.key("End")
        screen.key("Up", "Shift_L")
        screen.key("c", "Control_L")
        screen.pump(lambda: log.status == "2 linhas copiadas.")
        assert log.window.clipboard_get() == line(TODAY, 998) + line(TODAY, 999)


def test_too_many_lines_are_not_copied_but_exported(screen: Screen, tmp_path: Path) -> None:
    path = write_day(tmp_path, TODAY, range(50_000))
    target = tmp_path / "cópia do registro.log"
    with viewer(screen, tmp_path, target=target) as log:
        log.wait_rows(50_000)
        screen.key("a", "Control_L")
        screen.click(log.window.taking.copy_button)
        assert "Use Exportar" in log.banner(Kind.BAD)
        screen.key("x", "Alt_L")
        assert str(target) in log.banner(Kind.OK)
        screen.shot("registro-exportado", log.window)
        assert cut_off(log.window) == []
    assert target.read_bytes() == path.read_bytes()
    assert sorted(each.name for each in tmp_path.iterdir()) == [target.name, "registro"]


def test_only_the_lines_that_are_shown_are_exported(screen: Screen, tmp_path: Path) -> None:
    write_day(tmp_path, TODAY, range(3000))
    target = tmp_path / "erros.log"
    with viewer(screen, tmp_path, target=target) as log:
        log.wait_rows(3000)
        screen.key("p", "Alt_L")
        screen.type("falha")
        log.wait_rows(3)
        screen.click(log.window.taking.export_button)
        assert "3 linhas exportadas" in log.banner(Kind.OK)
    assert target.read_text(encoding="utf-8") == "".join(line(TODAY, number) for number in (999, 1999, 2999))


@pytest.mark.skipif(os.name == "nt", reason="a folder that refuses everybody is /proc")
def test_a_folder_that_may_not_be_written_to_is_told(screen: Screen, tmp_path: Path) -> None:
    write_day(tmp_path, TODAY, range(30))
    with viewer(screen, tmp_path, target=Path("/proc/registro.log")) as log:
        log.wait_rows(30)
        screen.click(log.window.taking.export_button)
        told = log.banner(Kind.BAD)
        assert "Não consegui gravar /proc/registro.log" in told
        assert "escolha outra pasta" in told


def test_the_systems_own_dialog_asks_where_to(screen: Screen, tmp_path: Path) -> None:
    write_day(tmp_path, TODAY, range(30))
    with viewer(screen, tmp_path) as log:
        log.wait_rows(30)

        def answer() -> None:
            if "filedialog" not in str(log.window.tk.call("focus")):  # it is not there yet
                log.window.after(20, answer)
                return
            screen.key("slash", "Control_L")
            screen.type(f"{tmp_path}/escolhido.log\n")

        log.window.after(20, answer)
        assert ask_file(log.window, f"registro-{TODAY}.log") == tmp_path / "escolhido.log"


def test_a_name_that_is_not_given_exports_nothing(screen: Screen, tmp_path: Path) -> None:
    write_day(tmp_path, TODAY, range(30))
    with viewer(screen, tmp_path, target=None) as log:
        log.wait_rows(30)
        screen.click(log.window.taking.export_button)
        assert not log.window.task.busy
        assert log.window.task.banner.kind is None


def test_the_folder_of_the_log_is_opened(screen: Screen, tmp_path: Path) -> None:
    write_day(tmp_path, TODAY, range(3))
    with viewer(screen, tmp_path) as log:
        log.wait_rows(3)
        screen.key("b", "Alt_L")
        screen.pump(lambda: log.shown == [tmp_path / "registro"])


def test_the_support_bundle_is_made_with_progress_and_shown(
    screen: Screen, tmp_path: Path, slow: threading.Event
) -> None:
    write_day(tmp_path, TODAY, range(30))
    with viewer(screen, tmp_path) as log:
        log.wait_rows(30)
        screen.click(log.window.taking.bundle_button)
        screen.pump(lambda: "Verificando" in str(log.window.task._doing.cget("text")))
        screen.shot("registro-pacote-andamento", log.window)
        assert cut_off(log.window) == []
        assert log.window.taking.bundle_button.instate(["disabled"])
        slow.set()
        told = log.banner(Kind.OK)
        assert str(tmp_path / FILE) in told
        screen.pump(lambda: log.shown == [tmp_path / FILE])
        screen.shot("registro-pacote", log.window)
        assert log.rows[-1].startswith("00:00:29"), "the end is still seen above the message"
        assert cut_off(log.window) == []
    with zipfile.ZipFile(tmp_path / FILE) as bundle:
        assert {"diagnostico.txt", f"registro/integrador-{TODAY}.log"} <= set(bundle.namelist())


def test_a_bundle_that_nobody_waits_for_is_not_written(screen: Screen, tmp_path: Path, slow: threading.Event) -> None:
    write_day(tmp_path, TODAY, range(30))
    with viewer(screen, tmp_path) as log:
        log.wait_rows(30)
        screen.click(log.window.taking.bundle_button)
        log.window.task.cancel()
        assert "Nada foi gravado" in log.banner(Kind.INFO)
        assert log.window.taking.bundle_button.instate(["!disabled"])
        slow.set()
        screen.pump(lambda: not any(each.name == "tarefa da janela" for each in threading.enumerate()), seconds=60)
    assert not (tmp_path / FILE).exists()
    assert log.shown == []
