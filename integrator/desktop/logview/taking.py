"""Taking lines away: to the clipboard, to a file, and the support bundle; each in the background."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tkinter import filedialog, ttk
from typing import Protocol

from integrator.desktop.kit.pieces import button
from integrator.desktop.kit.signs import Kind
from integrator.desktop.kit.theme import look_of
from integrator.desktop.logview.bundling import make_bundle
from integrator.desktop.logview.export import copied, export
from integrator.desktop.logview.folder import show_in_folder
from integrator.desktop.logview.follower import Seen
from integrator.desktop.logview.row_list import RowList
from integrator.desktop.logview.task_strip import TaskStrip
from integrator.desktop.logview.words import counted
from integrator.desktop.loop import UiLoop
from integrator.domain.errors import IntegratorError
from integrator.messages.formatting import format_count
from integrator.paths import log_folder
from integrator.settings.editing import ConfigFile


def ask_file(parent: tk.Misc, name: str) -> Path | None:
    """Where to, by the system's own dialog; None when the person closed it."""
    chosen = filedialog.asksaveasfilename(
        parent=parent,
        title="Exportar o registro",
        initialfile=name,
        defaultextension=".log",
        filetypes=[("Registro", "*.log"), ("Todos os arquivos", "*")],
    )
    return Path(chosen) if chosen else None


@dataclass(frozen=True, slots=True)
class Ports:
    """What is asked of the system: a file's name, and its file manager."""

    ask_file: Callable[[tk.Misc, str], Path | None] = ask_file
    show_in_folder: Callable[[Path], None] = show_in_folder


class Shown(Protocol):
    """The window whose lines are taken."""

    @property
    def list(self) -> RowList: ...
    @property
    def seen(self) -> Seen: ...
    @property
    def body(self) -> ttk.Frame: ...
    def note(self, text: str) -> object: ...


class Taking:
    """The buttons below the list and what they do."""

    def __init__(
        self, shown: Shown, loop: UiLoop, task: TaskStrip, data: Path, config: ConfigFile, ports: Ports
    ) -> None:
        self._shown = shown
        self._loop = loop
        self._task = task
        self._data = data
        self._config = config
        self._ports = ports
        self.bar = ttk.Frame(shown.body)
        gap = look_of(self.bar).px(8)
        self.copy_button = button(self.bar, "&Copiar", self.copy)
        self.export_button = button(self.bar, "E&xportar…", self.export)
        self.folder_button = button(self.bar, "A&brir pasta", self.open_folder)
        self.bundle_button = button(self.bar, "Pacote de s&uporte", self.bundle, primary=True)
        for column, piece in enumerate((self.copy_button, self.export_button, self.folder_button)):
            piece.grid(row=0, column=column, padx=(gap if column else 0, 0))
        self.bundle_button.grid(row=0, column=4, padx=(2 * gap, 0))
        self.bar.columnconfigure(3, weight=1)

    def allow(self, *, copy: bool, work: bool, lines: bool) -> None:
        """What can be done now; ``work``: no other long work is under way."""
        for piece, allowed in (
            (self.copy_button, copy),
            (self.export_button, work and lines),
            (self.bundle_button, work),
        ):
            piece.state(["!disabled" if allowed else "disabled"])

    def copy(self) -> str:
        """The chosen lines as they stand in the file."""
        view, places = self._shown.seen.view, list(self._shown.list.selection)
        if view is not None and places:
            self._loop.background(
                lambda: copied(view, places), lambda text: self._copied(text, len(places)), self._failed
            )
        return "break"

    def export(self) -> None:
        """The lines that are shown, to a file that the person names."""
        seen = self._shown.seen
        view = seen.view
        if view is None:
            return
        target = self._ports.ask_file(self.bar, f"registro-{view.day.isoformat()}.log")
        if target is None:
            return
        self._task.run(
            f"Exportando {counted(seen.count)}",
            lambda progress: export(view, seen.count, target, progress),
            lambda lines: self._task.banner.show(
                Kind.OK, f"{format_count(lines, 'linha exportada', 'linhas exportadas')}", f"Estão em {target}."
            ),
        )

    def open_folder(self) -> None:
        """The folder of the daily files."""
        self._show_in_folder(log_folder(self._data))

    def bundle(self) -> None:
        """The doctor's answers and the last days of the log, without secrets, in one file."""
        self._task.run(
            "Preparando o pacote de suporte",
            lambda progress: make_bundle(self._config.path, self._data, self._config.settings, progress),
            self._bundled,
        )

    def _bundled(self, path: Path) -> None:
        self._task.banner.show(
            Kind.OK,
            "Pacote de suporte pronto",
            f"Está em {path}. Envie este arquivo ao suporte: não há nele senhas nem dados de clientes.",
        )
        self._show_in_folder(path)

    def _copied(self, text: str, lines: int) -> None:
        self.bar.clipboard_clear()
        self.bar.clipboard_append(text)
        self._shown.note(f"{format_count(lines, 'linha copiada', 'linhas copiadas')}.")

    def _show_in_folder(self, path: Path) -> None:
        self._loop.background(lambda: self._ports.show_in_folder(path), lambda _: None, self._failed)

    def _failed(self, error: IntegratorError) -> None:
        self._task.banner.show(Kind.BAD, error.title, error.message)
