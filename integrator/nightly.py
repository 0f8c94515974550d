"""Our own closing put together: settings, profile, database, calendar; and when it is due.

:func:`open_closing` serves the command line and the daemon alike. :class:`NightlyClosing` is what the daemon's loop
calls: cheap while nothing is due, never raising, and making up once for the nights on which the computer was off.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final

from integrator.app import open_database
from integrator.closing.notices import documents_since
from integrator.closing.policy import ClosingPolicy, SendDay, closing_policy, send_day_after
from integrator.closing.result import ClosingResult
from integrator.closing.run import Moment, run_closing, run_documents
from integrator.domain.errors import IntegratorError
from integrator.domain.message import Purpose
from integrator.erp.outbox import FirebirdOutbox
from integrator.erp.profiles.configured import profile_of
from integrator.erp.profiles.source import ProfileSource
from integrator.erp.schema import installer
from integrator.logs import log_event
from integrator.policies import calendars_of, choices_of
from integrator.sending.bank_days import next_bank_day
from integrator.settings import Settings

log = logging.getLogger(__name__)

_DAY: Final = timedelta(days=1)
#: Less than what parts two moments in the database.
_INSTANT: Final = timedelta(milliseconds=1)
#: A database that is away or rows that the ERP holds mend themselves; what only a person can mend is tried less often.
_RETRY: Final = timedelta(minutes=1)
_RETRY_PERMANENT: Final = timedelta(minutes=10)
_DEFECT: Final = (
    "O fechamento parou por um erro que o programa não conhecia. Ele tenta de novo em dez minutos; se continuar, chame "
    "o suporte."
)


@dataclass(frozen=True, slots=True)
class Closing:
    """A closing ready to be run on one database; made by :func:`open_closing`."""

    settings: Settings
    source: ProfileSource
    outbox: FirebirdOutbox

    def run(self, at: datetime, dry_run: bool = False) -> ClosingResult:
        """Queue what is to leave on the first send day from ``at`` on; a dry run writes nothing.

        Raises the errors of :mod:`integrator.domain.errors`; what was queued until then stays, and running again
        completes it.
        """
        moment = Moment(at, self.send_day(at), self.documents_since(at))
        return run_closing(self.source, self.outbox, self._policy(), moment, dry_run=dry_run)

    def run_documents(self, at: datetime, told: dict[str, str]) -> ClosingResult:
        """Queue the documents of the profile that came since the last closing; see :func:`run_documents`."""
        return run_documents(self.source, self.outbox, self._policy(), at, self.documents_since(at), told)

    def documents_since(self, at: datetime) -> datetime:
        """From when on documents matter at ``at``."""
        last = self.outbox.last_closing(at)
        if last is None:
            return documents_since(None, None, at)
        # Whoever was switched on that very day begins there, and not with the day.
        first, midnight = last, datetime.combine(last.date(), time.min)
        while (earlier := self.outbox.last_closing(first - _INSTANT)) is not None and earlier >= midnight:
            first = earlier
        return documents_since(last, first if earlier is None else None, at)

    @property
    def has_documents(self) -> bool:
        """Whether the profile has a source of documents."""
        return bool(self.source.profile.documents)

    def _policy(self) -> ClosingPolicy:
        return closing_policy(self.settings, choices_of(self.settings))

    def send_day(self, at: datetime) -> SendDay:
        """The day that a closing at ``at`` works for, in collection's calendar."""
        companies = (*self.outbox.companies(), *self.source.companies())
        state = next((company.address.state for company in companies if company.address.state), "")
        calendar = calendars_of(self.settings, state)[Purpose.COLLECTION]
        return send_day_after(at, calendar, next_bank_day)


@contextmanager
def open_closing(settings: Settings, folder: Path) -> Iterator[Closing]:
    """The closing of the configured database and profile; ``folder`` is the data folder, where a profile may lie.

    Raises :class:`SettingsError` for a missing or wrong profile, :class:`SchemaError` where the contract is not
    installed, and the database's errors.
    """
    profile = profile_of(settings, folder)
    with ExitStack() as stack:
        database = open_database(settings)
        stack.callback(database.close)
        installer.require_ready(database)
        source = ProfileSource(database, profile, cashback_days=settings.modules.cashback_days)
        stack.callback(source.close)
        yield Closing(settings, source, FirebirdOutbox(database, confirm=settings.closing.confirm))


class NightlyClosing:
    """Runs the closing at the configured hour, once, or at the first chance after it; documents also between closings.

    Used by one thread.

    ``problem`` is what a person should know about the last try, in Portuguese, and empty when all is well.
    """

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._settings = settings
        self._folder = folder
        self._done: datetime | None = None
        self._round: datetime | None = None
        self._told: dict[str, str] = {}
        self._not_before = datetime.min
        self.problem = ""

    def tick(self, now: datetime) -> ClosingResult | None:
        """Close if the hour has come since the last closing; else look for documents, as often as the shop wants it.

        What a closing did, or None. Never raises. It looks into the database once per configured hour, for documents
        at their interval, and again after an error.
        """
        if not self._settings.closing.enabled:
            return None
        if timedelta(0) < self._not_before - now <= _RETRY_PERMANENT:  # further away: the clock was set back
            return None
        hour = latest_hour(now, self._settings.closing.at)
        if self._done is None or not hour <= self._done <= now:
            return self._guarded(now, lambda: self._closing_turn(now, hour))
        if self._is_time_for_documents(now):
            self._guarded(now, lambda: self._documents_turn(now))
        return None

    def _guarded(self, now: datetime, turn: Callable[[], ClosingResult | None]) -> ClosingResult | None:
        try:
            result = turn()
        except IntegratorError as error:
            self._later(now, error)
        except Exception as error:
            # The top of the daemon's loop: a defect of ours must not end the sending of a shop.
            log.exception("action=defect")
            self._later(now, IntegratorError(_DEFECT, detail=repr(error)))
        else:
            self.problem = ""
            return result
        return None

    def _closing_turn(self, now: datetime, hour: datetime) -> ClosingResult | None:
        result = self._close(now, hour)
        self._done = now
        self._told.clear()
        return result

    def _documents_turn(self, now: datetime) -> None:
        with open_closing(self._settings, self._folder) as closing:
            if closing.has_documents:
                closing.run_documents(now, self._told)
        self._round = now

    def _is_time_for_documents(self, now: datetime) -> bool:
        minutes = self._settings.closing.documents_every_min
        if not minutes:
            return False
        return self._round is None or not self._round <= now < self._round + timedelta(minutes=minutes)

    def _close(self, now: datetime, hour: datetime) -> ClosingResult | None:
        with open_closing(self._settings, self._folder) as closing:
            last = closing.outbox.last_closing(now)
            if last is None:
                # Just switched on: the first closing is that of the next hour, and nothing older is owed.
                closing.outbox.begin(now)
                log_event(log, "closing_watched", hour=self._settings.closing.at)
                return None
            if last >= hour:
                return None
            log_event(log, "closing_begins", hour=hour, last=last)
            return closing.run(now)

    def _later(self, now: datetime, error: IntegratorError) -> None:
        level = logging.ERROR if error.permanent else logging.WARNING
        log_event(log, "closing_problem", level=level, title=error.title, message=error.message, detail=error.detail)
        self._not_before = now + (_RETRY_PERMANENT if error.permanent else _RETRY)
        self.problem = error.message


def latest_hour(now: datetime, at: time) -> datetime:
    """The newest ``at`` o'clock that is not after ``now``."""
    today = datetime.combine(now.date(), at)
    return today if today <= now else today - _DAY
