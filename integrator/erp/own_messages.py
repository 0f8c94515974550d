"""What the program itself writes to the shop, put into the queue by the procedures that ERPs call."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from integrator.erp import rows
from integrator.erp.connection import Database, Session
from integrator.erp.sql import QUERIES

MODULE: Final = "INTEGRADOR"


@dataclass(frozen=True, slots=True)
class OwnMessage:
    """One message; what has its ``key`` already is never written again. ``phone`` as the shop configured it."""

    key: str
    kind: str
    to: str
    phone: str
    instance: str
    expires_at: datetime | None = None
    variables: Mapping[str, str] = field(default_factory=dict)


def put_own(database: Database, message: OwnMessage) -> bool:
    """Queue it, whole or not at all; False when a row with its key is there, whoever wrote it.

    Raises the database's own errors.
    """

    def work(session: Session) -> bool:
        if session.row(QUERIES["state_of_key"], (message.key,)) is not None:
            return False
        station = rows.storable(platform.node(), 60)
        parameters = (
            *(message.key, message.kind, rows.storable(message.to, 120), message.phone),
            *(message.expires_at, station, rows.storable(message.instance, 40)),
        )
        found = session.row(QUERIES["enqueue_own"], parameters)
        if found is None or str(found[1]).strip() != "NOVA":
            return False
        for name, value in message.variables.items():
            session.row(QUERIES["enqueue_variable"], (found[0], name, rows.storable(value, 4000)))
        session.row(QUERIES["release"], (message.key,))
        return True

    return database.run(work)
