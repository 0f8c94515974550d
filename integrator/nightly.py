"""Our own closing put together: settings, profile, database, calendar; and when it is due.

:func:`open_closing` serves the command line and the daemon alike. :class:`NightlyClosing` is what the daemon's loop
calls: cheap while nothing is due, never raising, and making up once for the nights on which the computer was off.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final

from integrator.app import open_database
from integrator.closing.policy import SendDay, closing_policy, send_day_after
from integrator.closing.result import ClosingResult
from integrator.closing.run import run_closing
from integrator.domain.errors import IntegratorError
from integrator.domain.message import Purpose
from integrator.erp.outbox import FirebirdOutbox
from integrator.erp.profiles.configured import profile_of
from integrator.erp.profiles.source import ProfileSource
from integrator.erp.schema import installer
from integrator.logs import log_event
from integrator.policies import calendars_of
from integrator.sending.bank_days import next_bank_day
from integrator.settings import Settings

log = logging.getLogger(__name__)

_DAY: Final = timedelta(days=1)
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
        policy = closing_policy(self.settings)
        return run_closing(self.source, self.outbox, policy, self.send_day(at), at, dry_run)

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
        source = ProfileSource(database, profile)
        stack.callback(source.close)
        yield Closing(settings, source, FirebirdOutbox(database, confirm=settings.closing.confirm))


class NightlyClosing:
    """Runs the closing at the configured hour, once, or at the first chance after it. Used by one thread.

    ``problem`` is what a person should know about the last try, in Portuguese, and empty when all is well.
    """

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._settings = settings
        self._folder = folder
        self._done: datetime | None = None
        self._not_before = datetime.min
        self.problem = ""

    def tick(self, now: datetime) -> ClosingResult | None:
        """Close if the hour has come since the last closing; what was done, or None. Never raises.

        It looks into the database once per configured hour, and again after an error.
        """
        hour = latest_hour(now, self._settings.closing.at)
        if not self._settings.closing.enabled or (self._done is not None and hour <= self._done <= now):
            return None
        if timedelta(0) < self._not_before - now <= _RETRY_PERMANENT:  # further away: the clock was set back
            return None
        try:
            result = self._close(now, hour)
        except IntegratorError as error:
            self._later(now, error)
        except Exception as error:
            # The top of the daemon's loop: a defect of ours must not end the sending of a shop.
            log.exception("action=defect")
            self._later(now, IntegratorError(_DEFECT, detail=repr(error)))
        else:
            self._done, self.problem = now, ""
            return result
        return None

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
