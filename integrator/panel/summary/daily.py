"""The day's figures on the owner's WhatsApp, once a day and database, and the message that tries the test number.

Both go through the queue like any message: its pace, its hours, its history, its redirection to the test number.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final
from zlib import crc32

from integrator.domain.errors import IntegratorError
from integrator.domain.lifecycle import State
from integrator.erp.connection import Database
from integrator.erp.own_messages import OwnMessage, put_own
from integrator.logs import log_event
from integrator.panel.summary.figures import DaySummary, read_summary
from integrator.settings import Settings

log = logging.getLogger(__name__)

SUMMARY: Final = "RESUMO DO DIA"
TEST: Final = "MENSAGEM DE TESTE"
#: A computer that was off at that time tells the next morning; later, the day is history.
_LATE: Final = timedelta(hours=18)
_RETRY: Final = timedelta(minutes=10)


class Summary:
    """The daily summary of one database; ``settings`` have it as the only one. :meth:`tick` belongs to one thread."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._done: date | None = None
        self._again = datetime.min

    def tick(self, now: datetime) -> None:
        """Queue the summary that is due, if any. Never raises; costs nothing while none is due."""
        day = self._due(now)
        if day is None or day == self._done or now < self._again:
            return
        self._again = now + _RETRY
        try:
            new = put_own(self._database, self._message(day))
            self._done = day
            log_event(log, "summary", day=day.isoformat(), queued=new)
        except IntegratorError as error:
            log_event(log, "summary_later", level=logging.WARNING, message=error.message, detail=error.detail)
        except Exception:
            # A summary is a courtesy: a defect in it must not end the sending of a shop.
            log.exception("action=defect")
        finally:
            self._database.rest()

    def _due(self, now: datetime) -> date | None:
        chosen = self._settings.summary
        if not chosen.phone:
            return None
        at = datetime.combine(now.date(), chosen.at)
        last = at if at <= now else at - timedelta(days=1)
        return last.date() if now - last <= _LATE else None

    def _message(self, day: date) -> OwnMessage:
        summary = read_summary(self._database, day)
        return OwnMessage(
            key=f"resumo:{day.isoformat()}",
            kind=SUMMARY,
            to="Resumo do dia",
            phone=self._settings.summary.phone,
            instance=self._settings.whatsapp.instance,
            expires_at=datetime.combine(day + timedelta(days=3), self._settings.summary.at),
            variables=variables_of(summary),
        )


def variables_of(summary: DaySummary) -> Mapping[str, str]:
    """What the summary's text may name; what is zero is left out, and the text passes over it."""
    figures, (rows, amount) = summary.figures, summary.reminded
    counts = {
        "enviadas": figures.sent,
        "entregues": figures.delivered,
        "lidas": figures.read,
        "falharam": figures.failed,
        "cobrancas": rows,
        "retidas": summary.waiting_in(State.HELD),
        "incertas": summary.waiting_in(State.UNCERTAIN),
        "aguardando": summary.waiting_in(State.AWAITING),
        "na_fila": summary.pending,
    }
    told = {name: str(count) for name, count in counts.items() if count}
    if amount:
        told["valor_lembrado"] = str(amount)
    if summary.held_by_reason:
        told["motivos"] = ", ".join(f"{count} por {name}" for name, count in summary.held_by_reason)
    return {"dia": figures.day.isoformat(), **told}


def put_test_message(settings: Settings, database: Database, now: datetime, phone: str = "") -> bool:
    """Queue :func:`message_for_test`; False when this very second had the same. Raises the database's own errors."""
    return put_own(database, message_for_test(settings, now, phone))


def message_for_test(settings: Settings, now: datetime, phone: str = "") -> OwnMessage:
    """A message by the settings' number to ``phone``, else to the test number, which they then must have.

    ``phone`` is E.164 digits. Of one number to one phone there is one message in a second: a button pressed twice.
    """
    instance, to = settings.whatsapp.instance, phone or settings.whatsapp.test_number
    return OwnMessage(
        key=f"teste:{now:%Y-%m-%dT%H:%M:%S}:{crc32(f'{instance} {to}'.encode()):08x}",
        kind=TEST,
        to="Número de teste",
        phone=to,
        instance=instance,
        expires_at=now + timedelta(days=1),
    )
