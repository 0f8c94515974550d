"""People whom the ERP has just registered (``WA_CADASTRO``): asked, or taken to agree, as the shop has chosen.

Each record is read once and deleted: what came of it stands in the queue or in the register of consent. Two
integrators that read one record ask once and write the same yes.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from integrator.domain.errors import IntegratorError, PhoneError
from integrator.domain.message import Purpose
from integrator.domain.phone import parse_phones
from integrator.erp import rows
from integrator.erp.connection import Database, Row, Session
from integrator.erp.consents import ConsentRegister
from integrator.erp.contacts import Contacts
from integrator.erp.sql import QUERIES
from integrator.erp.term import Asking, Person, ask_consent
from integrator.logs import log_event

log = logging.getLogger(__name__)

_EVERY: Final = timedelta(seconds=60)
#: Nobody is taken to want offers, nor asked for them by himself.
_PURPOSES: Final = (Purpose.COLLECTION, Purpose.SERVICE)


@dataclass(frozen=True, slots=True)
class NewRecordPolicy:
    """``asks``: the consent term; else ``accepts``: a yes that nobody said. Of records made from ``since`` on."""

    asks: bool = False
    accepts: bool = False
    since: datetime | None = None
    default_area: str = ""


class NewRecordDesk:
    """Works off the new records of one database. One thread."""

    def __init__(self, database: Database, policy: NewRecordPolicy) -> None:
        self._db = database
        self._policy = policy
        self._looked_at = datetime.min

    def tick(self, now: datetime) -> None:
        """Once a minute. Never raises: what the database refuses is tried again the next time."""
        if abs(now - self._looked_at) < _EVERY:
            return
        self._looked_at = now
        try:
            self.work(now)
        except IntegratorError as error:
            log_event(log, "new_records_wait", level=logging.WARNING, message=error.message, detail=error.detail)

    def work(self, now: datetime) -> int:
        """Take the records that wait; how many. Raises the database's errors."""
        found = self._db.read(lambda session: session.rows(QUERIES["new_records"]))
        for row in found:
            result = self._take(row, now)
            self._db.run(partial(_drop, number=int(row[0])))
            log_event(log, "new_record", result=result)
        return len(found)

    def _take(self, row: Row, now: datetime) -> str:
        policy = self._policy
        _, phones, name, code, company, created = row
        if policy.since is None or created < policy.since:
            return "nada"
        try:
            phone = parse_phones(rows.lenient(phones), policy.default_area)[0]
        except PhoneError as error:
            return error.code
        if policy.asks:
            person = Person(phone, rows.lenient(name), rows.lenient(code), rows.lenient(company))
            return ask_consent(self._db, [person], _PURPOSES, Asking("cadastro novo"), now)[phone.e164].name
        if not policy.accepts or Contacts(self._db).find(phone.e164).wrong_at is not None:
            return "nada"
        source = f"cadastro novo, autorização automática ligada em {policy.since:%d/%m/%Y}"
        written = ConsentRegister(self._db).accept_all([phone], _PURPOSES, source)
        return ", ".join(sorted({each.name for each in written.values()}))


def _drop(session: Session, number: int) -> None:
    session.execute(QUERIES["drop_new_record"], (number,))
