"""The port to the running engine: what the tray and the windows may know of it and ask of it.

``local_engine.py`` implements it by the loopback, whether the engine is a thread of this very process or a service.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol

from integrator.secrets import Source
from integrator.sending.gateway import Code, GatewayState


class Reach(Enum):
    """Whether the engine can be asked."""

    RUNNING = "em execução"
    STARTING = "iniciando"
    UNCONFIGURED = "falta configurar o banco"
    REFUSED = "configuração com erro"
    FORBIDDEN = "sem permissão"  # this user of Windows may not read the data folder
    STOPPED = "parado"


@dataclass(frozen=True, slots=True)
class ShopView:
    """One database. Counts are of messages; None while the database has not been asked.

    ``asks`` is why this installation only simulates, empty when it sends. ``paused_until`` is ``datetime.max`` for a
    pause that a person ends.
    """

    name: str
    text: str
    next_send: datetime | None = None
    problem: str = ""
    asks: str = ""
    pending: int | None = None
    awaiting: int | None = None
    uncertain: int | None = None
    held: int | None = None
    paused_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class NumberView:
    """One sender number. ``state`` is None while its engine does not run; ``number`` in E.164 digits, or empty.

    ``expected`` is the number that the configuration demands; ``told`` says in Portuguese what the state does not.
    ``since``: when it came to be connected, None when that is not known. ``stopped_why``: why the protection stopped it
    until somebody resumes it, in Portuguese; empty while it may go on. ``stopped_at``: when it did.
    """

    instance: str
    engine: str
    state: GatewayState | None
    number: str = ""
    expected: str = ""
    told: str = ""
    until: datetime | None = None
    pairs_by_qr: bool = False
    pairs_by_code: bool = False
    since: datetime | None = None
    stopped_at: datetime | None = None
    stopped_why: str = ""


@dataclass(frozen=True, slots=True)
class EngineView:
    """How everything stands at one moment. ``problem`` says in Portuguese why it is not running, empty when it is.

    ``service``: it runs without anybody's desktop. ``version`` is that of the running program.
    """

    reach: Reach
    shops: tuple[ShopView, ...] = ()
    numbers: tuple[NumberView, ...] = ()
    problem: str = ""
    service: bool = False
    version: str = ""


@dataclass(frozen=True, slots=True)
class PairingView:
    """The pairing of one number at one moment; see :class:`integrator.sending.gateway.Pairing`."""

    state: GatewayState
    number: str = ""
    code: Code | None = None
    digits: str = ""
    problem: str = ""
    name: str = field(default="", repr=False)


class Engine(Protocol):
    """The running engine, asked from a background thread: methods take up to seconds, :meth:`view` up to one.

    All but :meth:`view` raise :class:`~integrator.domain.errors.IntegratorError` with what to tell the person.
    """

    def view(self) -> EngineView:
        """How it stands. Never raises."""
        ...

    def pause(self, until: datetime | None, shops: Sequence[str] = ()) -> None:
        """Let nothing leave until then; None: until somebody resumes. Of the databases named; empty: of every one."""
        ...

    def resume(self, shops: Sequence[str] = ()) -> None:
        """End the pause of the databases named; empty: of every one."""
        ...

    def send_now(self, shops: Sequence[str] = ()) -> str:
        """Begin with what is due without waiting for the configured hour, in allowed hours only; what came of it.

        Of the databases named, whose pause ends; empty: of every one.
        """
        ...

    def send_test(self, phone: str, instance: str = "") -> str:
        """Queue a test message to that mobile phone (as typed; empty: the configured one); what came of it.

        It leaves by the number ``instance`` alone, and raises where that cannot send; empty: by the first one.
        """
        ...

    def test_number(self) -> str:
        """The configured number for tests, E.164 digits; empty when there is none."""
        ...

    def page(self, path: str) -> str:
        """An address that opens the panel's page signed in, once, within two minutes."""
        ...

    def look(self, instance: str) -> PairingView:
        """The pairing of that number."""
        ...

    def pair(self, instance: str, phone: str = "") -> PairingView:
        """Wait for a phone; with ``phone`` (as typed) also by a pair code."""
        ...

    def unpair(self, instance: str) -> PairingView:
        """Disconnect the phone, or stop waiting for one."""
        ...

    def keep_password(self, name: str, password: str) -> Source:
        """Keep a database's password, by the name of its secret, where the engine reads it; where that is."""
        ...

    def stop(self) -> None:
        """Ask the engine to end: the row in hand is finished first."""
        ...
