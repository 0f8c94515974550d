"""The engine's tick: housekeeping, then rows as long as the guard lets them go.

A ticker calls :meth:`Engine.tick` every few seconds. What is due is computed each time from the database, the wall
clock and the calendar, so that sleep, clock jumps and missed ticks need no special case.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product

from integrator.domain.errors import ErpDatabaseError, IntegratorError, RowLocked
from integrator.domain.lifecycle import State
from integrator.logs import log_event
from integrator.sending.debts import Debts, debts_of
from integrator.sending.gateway import GatewayState
from integrator.sending.guard import Go, Guard, Stay
from integrator.sending.news import News
from integrator.sending.outage import Outage
from integrator.sending.ports import Asks, Heartbeat, Identity, NumberFor, Waiting, World
from integrator.sending.pump import Done, Pump
from integrator.sending.rescue import Rescue

log = logging.getLogger(__name__)

#: This computer's journal vouches for a restored database when it posted something that recently before.
_JOURNAL_VOUCHES = timedelta(days=7)
_PURGE_EVERY = timedelta(hours=12)
_DEFECT = "O programa encontrou um erro que não conhecia e tenta de novo em instantes. Se continuar, chame o suporte."
_BEAT_EVERY = timedelta(seconds=30)
_INSTANCE_EVERY = timedelta(minutes=10)


def _any_number(_module: str) -> str:
    """No module has a number of its own."""
    return ""


@dataclass(frozen=True, slots=True)
class EnginePolicy:
    """``tick_s`` is the longest wait inside one tick; older rows than ``expire_days`` lose their sense.

    ``asks``: which messages wait for a person's yes (see ``Asks``); None: none do, and the queue is not asked about it.
    ``number_for``: the rule of modules. ``default_area``: of phones typed without one.
    """

    instance: str
    tick_s: float = 20.0
    expire_days: int = 7
    purge_days: int = 90
    asks: Asks | None = None
    number_for: NumberFor = _any_number
    default_area: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """What the engine is doing, for people: ``text`` in Portuguese, and when the next row may leave.

    ``waiting``: rows that are due, None while the queue was not read. ``paused_until``: see :class:`~.guard.Stay`.
    """

    text: str
    next_send: datetime | None = None
    problem: IntegratorError | None = None
    waiting: int | None = None
    paused_until: datetime | None = None


class Engine:
    """One number's engine. :meth:`tick` runs in one thread; :attr:`status` may be read from any."""

    def __init__(
        self,
        world: World,
        *,
        guard: Guard,
        pump: Pump,
        rescue: Rescue,
        policy: EnginePolicy,
        news: News,
    ) -> None:
        self._queue = world.queue
        self._journal = world.journal
        self._gateway = world.gateway
        self._clock = world.clock
        self._guard = guard
        self._pump = pump
        self._rescue = rescue
        self._policy = policy
        self._news = news
        self._started_at = world.clock.now()
        self._purged_at = self._beat_at = self._instance_at = datetime.min
        self._instance_seen: tuple[str, GatewayState] | None = None
        self._outage = Outage()
        self._stopping = threading.Event()
        self.status = Status("iniciando")

    def stop(self) -> None:
        """Ask to stop: the row in hand is finished, no other is begun."""
        self._stopping.set()

    def tick(self) -> None:
        """Never raises: what goes wrong is logged, shown in :attr:`status` and tried again.

        A database that is away is asked again within the tick while that fits, then at later ticks (see ``Outage``).
        """
        began = self._clock.now()
        if not self._outage.due(began):
            return
        try:
            while not self._attempt():
                wait_s = self._outage.wait_s
                left_s = self._policy.tick_s - (self._clock.now() - began).total_seconds()
                if wait_s > left_s or self._stopping.is_set() or not self._clock.sleep(wait_s):
                    return
        finally:
            self._queue.rest()

    def _attempt(self) -> bool:
        """All the work of a tick; False when the database stood in its way."""
        try:
            self._send(self._housekeeping())
            self._outage.over(self._clock.now())
        except RowLocked as error:
            self._report(error)
        except ErpDatabaseError as error:
            self._outage.failed(error, self._clock.now())
            self.status = Status(error.message, None, error)
            return False
        except IntegratorError as error:
            self._report(error)
        except Exception as error:
            # The top of the engine's loop: a defect of ours must not end the sending of a shop.
            log.exception("action=defect")
            self._report(IntegratorError(_DEFECT, detail=repr(error)))
        return True

    def _housekeeping(self) -> Mapping[str, str]:
        now = self._clock.now()
        self._notice_restore(self._queue.identity())
        self._rescue.run(now)
        self._news.settling = self._rescue.waits
        self._news.take()
        self._tidy(now)
        self._report_instance(now)
        return self._queue.config()

    def _tidy(self, now: datetime) -> None:
        """What the ERP holds locked (a closing that rewrites its rows) waits for a later tick and stops nothing."""
        try:
            self._queue.expire(now, now - timedelta(days=self._policy.expire_days))
            if now - self._purged_at > _PURGE_EVERY:
                self._queue.purge(now - timedelta(days=self._policy.purge_days))
                self._purged_at = now
        except RowLocked as error:
            log_event(log, "tidy_later", detail=error.detail)

    def _send(self, config: Mapping[str, str]) -> None:
        """Send rows until none is due, the guard says stay, or the next one is further away than a tick."""
        self._queue.sort_waiting(self._policy.default_area, self._policy.number_for)
        waiting = self._queue.waiting(self._clock.now())
        if waiting and self._ask_first():
            waiting = self._queue.waiting(self._clock.now())
        while not self._stopping.is_set():
            now = self._clock.now()
            decision = self._guard.decide(now, config, waiting)
            self._beat(decision, now)
            match decision:
                case Stay():
                    return
                case Go(at=at):
                    wait_s = (at - now).total_seconds()
                    self._queue.rest()
                    if wait_s > self._policy.tick_s:
                        return
                    if wait_s > 0:
                        # What held may have changed meanwhile: a pause, another integrator on the same number.
                        if not self._clock.sleep(wait_s):
                            return
                        config = self._queue.config()
                        continue
                    if not self._one_of(decision, waiting, debts_of(config)):
                        return
                    self._outage.over(self._clock.now())
                    self._news.take()
                    config = self._queue.config()
                    waiting = self._queue.waiting(self._clock.now())

    def _ask_first(self) -> int:
        """Let what the shop wants to confirm wait for a person, also while nothing may leave; how many rows.

        What is released later in this tick meets the pump, which asks too.
        """
        asks = self._policy.asks
        asked = 0
        for module, kind in self._queue.kinds_waiting() if asks is not None else ():
            if asks is not None and asks(module, kind):
                asked += self._queue.ask_first(module, kind)
        if asked:
            log_event(log, "asked", rows=asked)
        return asked

    def _one_of(self, go: Go, waiting: Sequence[Waiting], debts: Debts | None) -> bool:
        """One row of the first lane that has one. False when none is due, or when it must wait: so must the others."""
        there = {each.purpose: each for each in waiting}
        for purpose, contact in product(go.lanes, go.contacts):
            if purpose not in there or not there[purpose].of(contact):
                continue
            done = self._pump.send_next(purpose, debts, contact)
            if isinstance(done, Done):
                return done.state is not State.PENDING
        return False

    def _report_instance(self, now: datetime) -> None:
        """The number's state for the ERP's screens: at every change, else now and then."""
        number, state = self._guard.sender.look(), self._gateway.condition().state
        if state is GatewayState.CONNECTED and self._guard.sender.stopped(now) is not None:
            state = GatewayState.RESTRICTED
        seen = (number, state)
        if seen != self._instance_seen or now - self._instance_at > _INSTANCE_EVERY:
            self._queue.report_instance(*seen, self._gateway.name)
            self._instance_seen, self._instance_at = seen, now

    def _notice_restore(self, identity: Identity) -> None:
        self._news.database_is(identity.age)
        if identity.restored is None:
            self._notice_new_computer()
            return
        last = self._journal.last_post(identity.guid)
        vouched = (
            last is not None and last > identity.restored - _JOURNAL_VOUCHES and not self._queue.others_worked_here()
        )
        held = self._queue.quarantine(identity.restored, hold=not vouched)
        log_event(log, "database_restored", level=logging.WARNING, vouched=vouched, held=held)

    def _notice_new_computer(self) -> None:
        """A first start on a queue whose integrators fell silent: their journals, which know what left, are not here.

        The database may be a plain copy of yesterday's file, which nothing else shows.
        """
        silent_since = self._queue.orphaned() if self._beat_at == datetime.min else None
        if silent_since is not None:
            held = self._queue.quarantine(silent_since, hold=True)
            log_event(log, "computer_replaced", level=logging.WARNING, silent_since=silent_since, held=held)

    def _beat(self, decision: Go | Stay, now: datetime) -> None:
        """Tell the ERP's screens that we live: at every change of what we do, else every half minute.

        When the next row may leave is known here at once: it is further away after every row.
        """
        changed = isinstance(decision, Stay) and decision.reason != self.status.text
        if not changed and now - self._beat_at < _BEAT_EVERY:
            if isinstance(decision, Go):
                self.status = replace(self.status, next_send=decision.at)
            return
        waiting = sum(item.rows for item in self._queue.waiting(now))
        if isinstance(decision, Stay):
            status = Status(decision.reason, decision.until, None, waiting, decision.paused_until)
        else:
            text, coming = ("enviando", decision.at) if waiting else ("fila vazia", None)
            status = Status(text, coming, None, waiting)
        if status.text != self.status.text:
            log_event(log, "status", text=status.text)
        self.status, self._beat_at = status, now
        self._queue.beat(Heartbeat(self._started_at, status.text, waiting, status.next_send))

    def _report(self, error: IntegratorError) -> None:
        level = logging.ERROR if error.permanent else logging.WARNING
        log_event(log, "problem", level=level, title=error.title, message=error.message, detail=error.detail)
        self.status = Status(error.message, None, error)
