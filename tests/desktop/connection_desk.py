"""A shop's computer for the connection window: a data folder, a configuration, and how to start a try."""

from __future__ import annotations

import os
import re
import sys
import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from integrator.desktop.connection.saving import Keeper, OwnKeeper
from integrator.desktop.connection.trial import Trial
from integrator.desktop.connection.trial_child import ARGUMENT
from integrator.desktop.connection.window import ConnectionWindow, Place
from integrator.desktop.connection.wire import End, Examined, Found, News, event_line
from integrator.program import command
from integrator.settings.editing import ConfigFile
from integrator.support.finding import Finding, Level
from tests.desktop.screen import Desk
from tests.waiting import PATIENCE_S

#: The process of a try, as the program starts it.
CHILD = command(ARGUMENT)


#: What sends somebody who sits at a window to the command line or into a file.
COMMAND_LINE = re.compile(
    r"\bintegrator(?:-cli)? [a-z]|config\.toml|\[\w+\]|\[banco\]|\bgfix\b|apague (?:essa|a) linha|--\w"
)
OWN = OwnKeeper()
_SCRIPT = "import sys; sys.stdin.buffer.readline(); sys.stdout.write(sys.argv[1]); sys.stdout.flush()"


def patient() -> Trial:
    """As the program's own, which gives up sooner."""
    return Trial(limit_s=PATIENCE_S)


def telling(*events: News | End) -> Callable[[], Trial]:
    """A process that reads the request and answers this, whatever it was asked."""
    lines = b"".join(map(event_line, events)).decode("ascii")
    return lambda: Trial([sys.executable, "-S", "-c", _SCRIPT, lines], PATIENCE_S)


def found(id_: str, title: str, level: Level, text: str = "Texto.", fix: str = "") -> Found:
    """One finding, as it is told."""
    return Found(Finding(id_, "Grupo", title, level, text, fix))


#: A connection that is as it should be.
CONNECTED = (
    found("conexao", "Conexão", Level.OK, "Conectado ao banco como LOJA."),
    found("contrato", "Tabelas", Level.OK, "As tabelas do integrador estão instaladas."),
    Examined(),
)
REFUSED = (found("conexao", "Conexão", Level.ERROR, "O banco não aceitou a senha.", "Confira a senha."), Examined())


@dataclass
class Office:
    """``opened`` and ``nexts`` are what the window asked of the outside."""

    desk: Desk
    folder: Path
    picks: list[str] = field(default_factory=list)
    opened: list[Path] = field(default_factory=list)
    nexts: list[bool] = field(default_factory=list)
    closed: list[bool] = field(default_factory=list)

    @property
    def config(self) -> ConfigFile:
        return ConfigFile(self.folder / "config.toml")

    @property
    def text(self) -> str:
        return self.config.path.read_text(encoding="utf-8")

    def configure(self, text: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.config.path.write_text(text, encoding="utf-8")

    def window(
        self, *, keeper: Keeper = OWN, make: Callable[[], Trial] = patient, read: bool = True
    ) -> ConnectionWindow:
        """Shown, with what is stored ``read``."""
        place = Place(self.config, keeper, make, lambda *_: self.picks.pop(), self.opened.append)
        window = ConnectionWindow(
            self.desk.root,
            self.desk.loop,
            place,
            on_next=lambda: self.nexts.append(True),
            on_close=lambda: self.closed.append(True),
        )
        window.present()
        self.desk.screen.pump(lambda: window.stored is not None or window.notice.told or not read)
        return window

    def wait(self, until: Callable[[], object], seconds: float = PATIENCE_S) -> None:
        self.desk.screen.pump(until, seconds=seconds)


def office_of(desk: Desk, parent: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A computer whose database is to be configured; no setting and no password of this machine is seen.

    The data folder has a space and an accent.
    """
    for name in [name for name in os.environ if name.startswith("INTEGRATOR_") and name != "INTEGRATOR_FBCLIENT"]:
        monkeypatch.delenv(name)
    for name in ("DBUS_SESSION_BUS_ADDRESS", "PYTHON_KEYRING_BACKEND"):
        monkeypatch.delenv(name, raising=False)
    folder = parent / "Loja do João"
    monkeypatch.setenv("INTEGRATOR_DADOS", str(folder))
    return Office(desk, folder)


def texts(widget: tk.Misc) -> list[str]:
    """Everything that labels and buttons in the widget say now."""
    said = [
        str(child.cget("text"))
        for child in widget.winfo_children()
        if child.winfo_class() in {"TLabel", "TButton"} and child.winfo_viewable()
    ]
    return said + [text for child in widget.winfo_children() for text in texts(child)]
