"""How commands reach the sender numbers: through the running integrator's panel, else by the engine itself.

The data folder has one user at a time: who holds its lock may open an engine, and everybody else asks who does.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from integrator.clock import SystemClock
from integrator.daemon.numbers import Numbers
from integrator.domain.errors import AlreadyRunning, ErpDatabaseError, GatewayError
from integrator.gateways.configured import session_folder, simulator_folder
from integrator.local_address import PanelAway, ask
from integrator.sending.gateway import Code, Gateway, GatewayState, Pairable, Pairing
from integrator.settings import Settings
from integrator.settings.sections import Engine, NumberSettings
from integrator.single_instance import InstanceLock

Deed = Literal["look", "begin", "end"]
_PAIRING: Final = "/local/whatsapp/pairing"
_NUMBERS: Final = "/local/whatsapp/numbers"
_WAKE: Final = "/local/whatsapp/wake"


class PairingDesk(Protocol):
    """The pairing of one number, wherever its engine runs."""

    def do(self, deed: Deed, phone: str = "") -> Pairing:
        """Look, begin to wait for a phone, or disconnect it. Raises :class:`GatewayError` and ``PanelAway``."""
        ...


@dataclass(frozen=True, slots=True)
class NumberNow:
    """A configured number as the running integrator sees it. ``state`` is None while its engine does not run."""

    instance: str
    state: GatewayState | None
    number: str
    until: datetime | None
    detail: str


def running_numbers(folder: Path) -> tuple[NumberNow, ...]:
    """What the running integrator says of each number. Raises ``PanelAway`` where none answers."""
    return tuple(_number(each) for each in ask(folder, _NUMBERS, {})["numbers"])


def wake(folder: Path) -> None:
    """Let the running integrator look at once; without one, or without its panel, it looks at its next turn."""
    with suppress(PanelAway, GatewayError):
        ask(folder, _WAKE, {})


def engine_was_used(folder: Path, number: NumberSettings) -> bool:
    """Whether the number's engine ever kept something here; one on a server keeps its session there."""
    match number.engine:
        case Engine.EMBEDDED:
            return session_folder(folder, number).exists()
        case Engine.SIMULATOR:
            return simulator_folder(folder, number).exists()
        case _:
            return True


@contextmanager
def pairing_desk(
    settings: Settings, folder: Path, number: NumberSettings, *, leaving: bool = False
) -> Iterator[PairingDesk]:
    """The number's pairing; ``leaving``: to end it, also where no database can be asked.

    Raises :class:`GatewayError` for an engine that is not paired, where this computer may not use the number, and
    where its files cannot be used; :class:`SettingsError` where a token is missing.
    """
    with holding(folder) as alone:
        if not alone:
            yield _ThroughPanel(folder, number.instance)
            return
        if session_folder(folder, number).exists():
            refuse_a_copy(settings, folder, leaving=leaving)
        with opened_engine(folder, number) as gateway:
            yield _Here(_pairable(gateway, number))


@contextmanager
def holding(folder: Path) -> Iterator[bool]:
    """Whether nobody else works in the data folder; nobody can, then, until the end of the block."""
    try:
        lock = InstanceLock(folder)
    except AlreadyRunning:
        yield False
        return
    with lock:
        yield True


@contextmanager
def opened_engine(folder: Path, number: NumberSettings) -> Iterator[Gateway]:
    """The number's engine in this process, as the daemon opens it: what it hears is kept. For whoever holds the
    folder."""
    with closing(Numbers(folder, SystemClock(threading.Event()))) as numbers:
        yield numbers.gateway(number)


def refuse_a_copy(settings: Settings, folder: Path, *, leaving: bool) -> None:
    """A copied data folder must not use the session that was copied with it: the original would lose its number.

    Raises :class:`GatewayError` where a person has to decide first, or where the database cannot tell, unless
    ``leaving``.
    """
    from integrator.app import JOURNAL_FILE, open_database
    from integrator.installation.authorisation import standing_without_claim
    from integrator.installation.identity import this_installation
    from integrator.installation.moving import read_moving
    from integrator.installation.standing import Asks

    if not (folder / JOURNAL_FILE).exists():
        return
    us = this_installation(folder / JOURNAL_FILE, datetime.now())
    moved = read_moving(folder) is not None  # the session stayed behind: it is this computer's to end
    for chosen in settings.databases:
        if not chosen.path:
            continue
        try:
            with closing(open_database(settings.for_database(chosen.name))) as database:
                verdict = standing_without_claim(database, us)
        except ErpDatabaseError as error:
            if leaving:
                continue
            raise GatewayError(f"{error.message} {_ASK_FIRST}", detail=error.detail) from error
        if isinstance(verdict, Asks) and not (leaving and moved):
            raise GatewayError(f"{verdict.reason} Se é este computador que deve enviar: integrator authorize")


class _ThroughPanel:
    def __init__(self, folder: Path, instance: str) -> None:
        self._folder = folder
        self._instance = instance

    def do(self, deed: Deed, phone: str = "") -> Pairing:
        return _pairing(ask(self._folder, _PAIRING, {"instance": self._instance, "do": deed, "phone": phone}))


class _Here:
    def __init__(self, pairable: Pairable) -> None:
        self._pairable = pairable

    def do(self, deed: Deed, phone: str = "") -> Pairing:
        now = datetime.now()
        match deed:
            case "look":
                return self._pairable.look(now)
            case "begin":
                return self._pairable.begin(now, phone)
            case "end":
                return self._pairable.end(now)


def _pairable(gateway: Gateway, number: NumberSettings) -> Pairable:
    found = gateway.pairing()
    if found is None:
        raise GatewayError(f"O número “{number.instance}” usa a API oficial da Meta: ele não é conectado por QR Code.")
    return found


def _pairing(told: Mapping[str, Any]) -> Pairing:
    code = Code(told["qr"], datetime.fromisoformat(told["qr_until"])) if told["qr"] else None
    return Pairing(GatewayState(told["state"]), told["number"], code, told["digits"], told["problem"])


def _number(told: Mapping[str, Any]) -> NumberNow:
    return NumberNow(
        instance=told["instance"],
        state=GatewayState(told["state"]) if told["state"] else None,
        number=told["number"],
        until=datetime.fromisoformat(told["until"]) if told["until"] else None,
        detail=told["detail"],
    )


_ASK_FIRST: Final = (
    "Sem falar com o banco não dá para saber se este número está em uso por outro computador; resolva isso e repita."
)
