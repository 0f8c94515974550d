"""A configuration that cannot be read or written, or that somebody else changed: what is said, and the ways out."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from integrator.desktop.connection.setting_aside import set_aside
from integrator.desktop.dialogs import Way
from integrator.desktop.kit.signs import Kind
from integrator.domain.errors import IntegratorError, SettingsError

if TYPE_CHECKING:
    from pathlib import Path

    from integrator.desktop.connection.window import ConnectionWindow

_CHANGED: Final = (
    "Outra pessoa ou outro programa mudou a configuração enquanto esta janela estava aberta. Nada foi salvo, e o que "
    "você digitou continua nos campos."
)


def offer(window: ConnectionWindow, error: IntegratorError) -> None:
    """Say what is wrong; where it is the file itself, offer to open it, to read it again, and to begin a new one."""
    config = window.place.config
    try:
        config.settings()
    except SettingsError as problem:
        ways = (
            Way("&Guardar uma cópia e começar de novo", lambda: _begin_again(window)),
            Way("Ler &de novo", lambda: _again(window, keep=True)),
            Way("&Abrir o arquivo", lambda: _open(window, config.path)),
        )
        window.notice.show(Kind.BAD, problem.title, problem.message, *ways)
    else:
        window.notice.show(Kind.BAD, "Não consegui salvar", error.message)


def changed_by_others(window: ConnectionWindow) -> None:
    """Two editors at once: whose words count is for the person to say."""
    ways = (
        Way("&Ler o que está salvo", lambda: _again(window, keep=False)),
        Way("Salvar o que &digitei", lambda: window.keep(over=True)),
    )
    window.notice.show(Kind.WARN, "A configuração mudou", _CHANGED, *ways)


def _again(window: ConnectionWindow, *, keep: bool) -> None:
    window.notice.hide()
    window.load(window.stored.name if window.stored is not None else "", keep=keep)


def _open(window: ConnectionWindow, path: Path) -> None:
    try:
        window.place.open_file(path)
    except IntegratorError as error:
        window.notice.show(Kind.BAD, "Não consegui abrir o arquivo", error.message)


def _begin_again(window: ConnectionWindow) -> None:
    def done(kept: Path) -> None:
        window.load(keep=True)
        window.notice.show(Kind.OK, "Configuração nova", f"A anterior ficou guardada em {kept}.")

    window.loop.background(
        lambda: set_aside(window.place.config.path, datetime.now()),
        done,
        lambda error: window.notice.show(Kind.BAD, "Não consegui guardar a cópia", error.message),
    )
