"""The menu beside the clock, as data: what stands in it and what each line does. Pure.

The tray draws it with the system's own menu; where the system has none there, a window can draw the same lines.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum
from functools import partial
from typing import Final

from integrator.desktop.look import Look
from integrator.desktop.sign import Sign

_HALF_HOUR: Final = timedelta(minutes=30)
_ON_WINDOWS: Final = sys.platform == "win32"


class Pause(Enum):
    """For how long a person lets nothing leave; the words are the panel's."""

    HALF_HOUR = "Por 30 minutos"
    TODAY = "Até amanhã"
    UNTIL_RESUMED = "Até alguém retomar"

    def until(self, now: datetime) -> datetime | None:
        """When the pause ends, naive local time; None: when somebody resumes."""
        match self:
            case Pause.HALF_HOUR:
                return now.replace(microsecond=0) + _HALF_HOUR
            case Pause.TODAY:
                return datetime.combine(now.date() + timedelta(days=1), time.min)
            case Pause.UNTIL_RESUMED:
                return None


@dataclass(frozen=True, slots=True)
class Actions:
    """What the lines do. Called on the tray's thread: each must hand its work over to another and return at once."""

    open_panel: Callable[[], object]
    connect_whatsapp: Callable[[], object]
    connect_database: Callable[[], object]
    open_log: Callable[[], object]
    open_history: Callable[[], object]
    open_numbers: Callable[[], object]
    #: Of the databases that the line names; none: of every one.
    pause: Callable[[Pause, tuple[str, ...]], object]
    resume: Callable[[tuple[str, ...]], object]
    send_now: Callable[[tuple[str, ...]], object]
    send_test: Callable[[], object]
    toggle_autostart: Callable[[], object]
    about: Callable[[], object]
    leave: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Item:
    """One line. ``checked`` is None for one that cannot be; ``default`` is what a click on the icon does.

    ``letter``: of the label, with which Alt presses the line where a window draws it as a button; empty: none.
    ``advised``: what the situation asks for first.
    """

    label: str
    action: Callable[[], object] | None = None
    enabled: bool = True
    checked: bool | None = None
    default: bool = False
    submenu: tuple[Item, ...] = ()
    letter: str = ""
    advised: bool = False


class Separator(Enum):
    """A line drawn between groups."""

    LINE = "—"


Entry = Item | Separator


def menu(look: Look, actions: Actions, *, autostart: bool, windows: bool = _ON_WINDOWS) -> tuple[Entry, ...]:
    """The lines for ``look``; ``autostart``: whether the program starts with the person's session now."""
    runs = look.running
    unconnected = look.sign is Sign.DISCONNECTED
    opens = runs and not unconnected and not look.stopped
    return (
        Item(look.status, enabled=False),
        Item("Abrir painel", actions.open_panel, default=True, letter="A", advised=opens),
        *_released(look, actions),
        Separator.LINE,
        Item("Conectar WhatsApp…", actions.connect_whatsapp, runs, letter="W", advised=runs and unconnected),
        Item("Conexão com o banco…", actions.connect_database, letter="b", advised=unconnected and not runs),
        Item("Registro…", actions.open_log, letter="R"),
        Item("Histórico…", actions.open_history, runs, letter="H"),
        Separator.LINE,
        *_pausing(look, actions),
        _sending(look, actions),
        Item("Enviar teste…", actions.send_test, runs, letter="t"),
        Separator.LINE,
        Item(
            "Iniciar com o Windows" if windows else "Iniciar com a sessão",
            actions.toggle_autostart,
            checked=autostart,
            letter="I",
        ),
        Item("Sobre", actions.about, letter="o"),
        Item("Sair", actions.leave, letter="S"),
    )


def _released(look: Look, actions: Actions) -> tuple[Item, ...]:
    """The way to where a person lets a number go on that the protection stopped."""
    if not look.stopped:
        return ()
    return (Item("Ver o número parado", actions.open_numbers, look.running, letter="V", advised=look.running),)


def _pausing(look: Look, actions: Actions) -> tuple[Item, ...]:
    """Both ways where some databases are paused and others are not, each with those that it is for.

    It is for them also when others are by the time it is chosen.
    """
    some = bool(look.paused and look.unpaused)
    going, standing = (look.unpaused, look.paused) if some else ((), ())
    ways = tuple(Item(each.value, partial(actions.pause, each, going), look.running) for each in Pause)
    pauses = Item(f"Pausar{_those(going)}", enabled=look.running, submenu=ways, letter="P")
    resumes = Item(f"Retomar envio{_those(standing)}", partial(actions.resume, standing), look.running, letter="m")
    if some:
        return pauses, resumes
    return (resumes,) if look.paused else (pauses,)


def _sending(look: Look, actions: Actions) -> Item:
    """Of the databases that are not paused: what somebody paused goes on when somebody resumes it."""
    going = look.unpaused if look.paused else ()
    return Item(
        f"Enviar agora{_those(going)}",
        partial(actions.send_now, going),
        look.running and (not look.paused or bool(going)),
        letter="g",
    )


def _those(names: tuple[str, ...]) -> str:
    """`` (filial)``; several are counted, because their names would not fit; empty for every one."""
    if not names:
        return ""
    return f" ({names[0]})" if len(names) == 1 else f" ({len(names)} bancos)"
