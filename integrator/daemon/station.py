"""One database with what works on it: the nightly closing and the engine, or the rehearsal.

The rehearsal takes the engine's place while the installation has to ask whether it may send.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from integrator.app import JOURNAL_FILE, build, open_database
from integrator.domain.errors import DatabaseRefused, ErpDatabaseError, IntegratorError
from integrator.erp.new_records import NewRecordDesk
from integrator.erp.schema import installer
from integrator.facade import StationStatus
from integrator.installation.authorisation import standing
from integrator.installation.identity import Installation, this_installation
from integrator.installation.rehearsal_folder import forget_rehearsal
from integrator.installation.standing import Asks, Standing
from integrator.installation.watch import Watch
from integrator.installation.watch import Worker as Ticked
from integrator.logs import log_event
from integrator.policies import new_record_policy, pace_of
from integrator.sending.engine import Engine, Status
from integrator.sending.gateway import Gateway
from integrator.sending.pace import Pace
from integrator.sending.ports import Clock
from integrator.settings import Settings
from integrator.settings.sections import NumberSettings, OtherDatabaseSettings

if TYPE_CHECKING:
    from integrator.nightly import NightlyClosing
    from integrator.panel.summary.daily import Summary

log = logging.getLogger(__name__)

_STARTING = "iniciando"
_DEFECT = "O programa encontrou um erro que não conhecia e tenta de novo em instantes. Se continuar, chame o suporte."


class Engines(Protocol):
    """The WhatsApp engines of this installation, by number."""

    def gateway(self, number: NumberSettings) -> Gateway:
        """The number's engine, started. Raises :class:`GatewayError`."""
        ...

    def running(self, instance: str) -> Gateway | None:
        """The engine of a number, if it was started. From any thread."""
        ...

    def drop(self, instance: str) -> None:
        """Stop a number's engine."""
        ...

    def keep(self, instances: Collection[str]) -> None:
        """Stop the engines of all other numbers."""
        ...


@dataclass(frozen=True, slots=True)
class Premises:
    """What the stations share: data folder, clock, the numbers, and the pace of each, whichever database sends.

    A number is connected when the first station is known to be allowed to send: a copied folder must not use the
    session that was copied with it.
    """

    folder: Path
    clock: Clock
    numbers: Engines
    paces: dict[str, Pace] = field(default_factory=dict)

    def pace(self, settings: Settings) -> Pace:
        """The pace of the number that these settings send from, by its newest limits; its batch goes on."""
        wanted = pace_of(settings)
        pace = self.paces.setdefault(settings.whatsapp.instance, wanted)
        if pace.policy != wanted.policy:
            pace.adopt(wanted.policy)
        return pace


class Worker(Ticked, Protocol):
    """What works on a database, and says what it does."""

    @property
    def status(self) -> Status: ...


class Shift:
    """What works on a database that may be sent from: closing, new records, an engine for each number, summary."""

    def __init__(
        self,
        closing: NightlyClosing | None,
        engines: Mapping[str, Engine],
        summary: Summary | None,
        clock: Clock,
        new_records: NewRecordDesk,
    ) -> None:
        self._closing = closing
        self._engines = engines
        self._summary = summary
        self._clock = clock
        self._new_records = new_records

    @property
    def status(self) -> Status:
        """Of all engines: what each does where they do not do the same."""
        told = {name: engine.status for name, engine in self._engines.items()}
        texts = {status.text for status in told.values()}
        text = texts.pop() if len(texts) == 1 else " · ".join(f"{name}: {each.text}" for name, each in told.items())
        coming = min((each.next_send for each in told.values() if each.next_send is not None), default=None)
        problem = next((each.problem for each in told.values() if each.problem is not None), None)
        counts = [each.waiting for each in told.values() if each.waiting is not None]
        paused = next((each.paused_until for each in told.values() if each.paused_until is not None), None)
        return Status(text, coming, problem, sum(counts) if counts else None, paused)

    def tick(self) -> None:
        if self._closing is not None:
            self._closing.tick(self._clock.now())
        if self.status.problem is None:
            self._new_records.tick(self._clock.now())
        for engine in self._engines.values():
            engine.tick()
        if self._summary is not None:
            self._summary.tick(self._clock.now())

    def stop(self) -> None:
        for engine in self._engines.values():
            engine.stop()


class Station:
    """One database. Opened at its first turn that can reach it, and anew when its standing changes. One thread.

    Raises :class:`SettingsError` for a database without a path.
    """

    def __init__(self, settings: Settings, premises: Premises) -> None:
        self.settings = settings
        self._premises = premises
        self._database = open_database(settings)
        self._held = ExitStack()
        self._worker: Worker | None = None
        self._watch: Watch | None = None
        self._asks = ""
        self._changed = threading.Event()
        self._told = ""

    def tick(self) -> None:
        """One turn. Never raises: what goes wrong is logged and tried again at the next one."""
        try:
            self.open()
        except IntegratorError as error:
            self._tell(error)
        except Exception as error:
            # The top of the loop: a defect of ours must not end the sending of a shop.
            log.exception("action=defect")
            self._tell(IntegratorError(_DEFECT, detail=repr(error)))
        if self._watch is not None:
            self._watch.tick()

    def status(self) -> StationStatus:
        """What it is doing. May be called from another thread."""
        name, worker = self.settings.database.name, self._worker
        if worker is None:
            return StationStatus(name, self._told or _STARTING, problem=self._told)
        now = worker.status
        problem = now.problem.message if now.problem is not None else ""
        return StationStatus(name, now.text, now.next_send, problem, self._asks, now.waiting, now.paused_until)

    def open(self) -> None:
        """Open what is not open. A database that is away is told and left for a later turn.

        Raises :class:`SettingsError` and the other errors that waiting does not mend.
        """
        if self._watch is not None and not self._changed.is_set() and not self._password_changed():
            return
        self.close()
        fresh = open_database(self.settings)
        if fresh.target != self._database.target:  # an attempt that hangs keeps its database
            self._database = fresh
        try:
            with ExitStack() as stack:
                self._start(stack)
                self._held = stack.pop_all()
        except ErpDatabaseError as error:
            self._tell(error)
        else:
            self._told = ""
            log_event(log, "ready", database=self.settings.database.name)

    def _password_changed(self) -> bool:
        """Asked only once the database refuses: no change of the configuration tells of a stored password."""
        worker = self._worker
        refused = worker is not None and isinstance(worker.status.problem, DatabaseRefused)
        return refused and open_database(self.settings).target != self._database.target

    def stop(self) -> None:
        """Ask to stop: the row in hand is finished. May be called from another thread."""
        watch = self._watch
        if watch is not None:
            watch.stop()

    def close(self) -> None:
        """Let go of the database."""
        self._worker = self._watch = None
        self._held.close()
        self._database.close()
        self._changed.clear()

    def _tell(self, error: IntegratorError) -> None:
        """Say why this database cannot be worked on, once for each reason."""
        if error.message != self._told:
            log_event(log, "waiting", level=logging.WARNING, message=error.message, detail=error.detail)
        self._told = error.message

    def _start(self, stack: ExitStack) -> None:
        # The same one at each try: while an attempt hangs on a frozen server it makes no other.
        database, folder, clock = self._database, self._premises.folder, self._premises.clock
        installer.require_ready(database)
        us = this_installation(folder / JOURNAL_FILE, clock.now())
        verdict = self._standing(us)
        self._asks = verdict.reason if isinstance(verdict, Asks) else ""
        if isinstance(verdict, Asks):
            log_event(log, "asks", level=logging.WARNING, reason=verdict.reason)
            self._worker = self._rehearsal(stack, verdict)
        else:
            self._worker = self._shift(stack)
        self._watch = Watch(self._worker, lambda: self._standing(us), verdict, self._changed)

    def _standing(self, us: Installation) -> Standing:
        """Whether we may still send; the attachment is let go if nobody else has use for it."""
        try:
            return standing(self._database, us, self._premises.clock.now())
        finally:
            self._database.rest()

    def _shift(self, stack: ExitStack) -> Worker:
        premises, settings = self._premises, self.settings
        forget_rehearsal(self.rehearsal_folder)
        engines: dict[str, Engine] = {}
        for number in settings.numbers:
            own = settings.for_number(number.instance)
            parts = build(
                own,
                premises.folder,
                clock=premises.clock,
                gateway=premises.numbers.gateway(number),
                pace=premises.pace(own),
                database=self._database,
            )
            engines[number.instance] = stack.enter_context(parts).engine
        closing = summary = None
        if settings.closing.enabled:
            from integrator.nightly import NightlyClosing  # heavy, and only for ERPs that do not fill the queue

            closing = NightlyClosing(settings, premises.folder)
        if settings.summary.phone:
            from integrator.panel.summary.daily import Summary

            summary = Summary(settings, self._database)
        desk = NewRecordDesk(self._database, new_record_policy(settings))
        return Shift(closing, engines, summary, premises.clock, desk)

    def _rehearsal(self, stack: ExitStack, asks: Asks) -> Worker:
        from integrator.installation.simulation import rehearsing  # brings the phone page along

        folder, clock = self.rehearsal_folder, self._premises.clock
        return stack.enter_context(rehearsing(self.settings, folder, database=self._database, clock=clock, asks=asks))

    @property
    def rehearsal_folder(self) -> Path:
        """The folder in which a rehearsal of this database makes its own."""
        other = isinstance(self.settings.database, OtherDatabaseSettings)
        return self._premises.folder / self.settings.database.name if other else self._premises.folder
