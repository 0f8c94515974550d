"""Giving, taking and checking the authorisation in the ERP's database: each change is one short transaction.

Every change first touches the one row of ``WA_SCHEMA``, so that two installations that decide at the same moment come
one after the other, and the second sees what the first wrote.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Final

from integrator.domain.errors import IntegratorError
from integrator.erp.connection import Database, Session
from integrator.erp.sql import QUERIES
from integrator.installation.identity import Installation
from integrator.installation.moving import Moving, Stage, forget_moving, read_moving
from integrator.installation.records import Authorisation, Noticed, look, look_in
from integrator.installation.standing import Authorised, Standing, Unclaimed, continues, judge
from integrator.logs import log_event

log = logging.getLogger(__name__)

_QUEUE_UP = "UPDATE WA_SCHEMA SET VERSAO = VERSAO WHERE ID = 1"
_RENAME_BEAT: Final = (
    "UPDATE WA_BATIMENTO SET DONO = ? WHERE DONO = ? AND NOT EXISTS(SELECT 1 FROM WA_BATIMENTO B WHERE B.DONO = ?)"
)
_RENAME_HELD: Final = "UPDATE WA_FILA SET DONO = ? WHERE DONO = ? AND SITUACAO IN ('reservada', 'enviando')"


class StandingChanged(IntegratorError):
    """Somebody authorised or moved an installation while a person was deciding."""

    title = "A situação mudou"


def standing(database: Database, us: Installation, now: datetime) -> Standing:
    """Whether ``us`` may send now; what needs nobody's word is written at once.

    ``now`` dates an authorisation (naive local time). The attachment is let go, because this is asked again and again
    between long waits. Raises the database's errors, and ``OSError`` for the folder.
    """
    moving = read_moving(us.folder)
    try:
        verdict = judge(us, look(database, us), moving)
        if isinstance(verdict, Unclaimed):
            return database.run(lambda session: _claim(session, database.target.host, us, moving, now))
        return verdict
    finally:
        database.rest()


def standing_without_claim(database: Database, us: Installation) -> Standing | Unclaimed:
    """:func:`standing` for somebody who only looks: nothing is written."""
    return judge(us, look(database, us), read_moving(us.folder))


def authorise(database: Database, us: Installation, seen: Noticed, now: datetime) -> None:
    """A person's word that ``us`` may send, given on what ``seen`` showed.

    Raises :class:`StandingChanged` when the authorisations are others by now, and the database's errors.
    """
    moving = read_moving(us.folder)

    def work(session: Session) -> None:
        session.execute(_QUEUE_UP)
        found = look_in(session, us, database.target.host)
        if found.granted != seen.granted:
            raise StandingChanged(
                "As autorizações deste banco mudaram enquanto você decidia. Veja de novo: integrator authorize"
            )
        former = moving.former.owner if moving and moving.former and continues(us, found, moving) else ""
        _write(session, us, found.place, former, now)

    database.run(work)
    if moving is not None and moving.stage is not Stage.ARRIVED:
        forget_moving(us.folder)
    log_event(log, "authorised", computer=us.machine.name, owner=us.owner, by="person")


def retire(database: Database, us: Installation) -> bool:
    """Take the authorisation of ``us`` back; False when there was none of this computer. The others keep theirs."""

    def work(session: Session) -> bool:
        session.execute(_QUEUE_UP)
        ours = look_in(session, us, database.target.host).of(us.journal)
        if ours is None or ours.machine != us.machine.id:
            return False
        return session.execute(QUERIES["delete_config"], (ours.key,)) == 1

    taken = database.run(work)
    log_event(log, "retired", computer=us.machine.name, owner=us.owner, taken=taken)
    return taken


def _claim(session: Session, host: str, us: Installation, moving: Moving | None, now: datetime) -> Standing:
    """Judge again, now that nobody else can write, and write."""
    session.execute(_QUEUE_UP)
    noticed = look_in(session, us, host)
    verdict = judge(us, noticed, moving)
    if not isinstance(verdict, Unclaimed):
        return verdict
    _write(session, us, noticed.place, verdict.succeeds, now)
    log_event(log, "authorised", computer=us.machine.name, owner=us.owner, succeeds=verdict.succeeds or None)
    return Authorised()


def _write(session: Session, us: Installation, place: str, former: str, now: datetime) -> None:
    """The authorisation; and with the journal of ``former`` came its heartbeat and the rows in its hand.

    They become ours, so that the engine does not take us for a stranger without a memory.
    """
    granted = Authorisation(us.journal, us.machine.id, place, us.machine.name, now)
    session.execute(QUERIES["set_config"], (granted.key, granted.value))
    if former and former != us.owner:
        session.execute(_RENAME_BEAT, (us.owner, former, us.owner))
        session.execute(_RENAME_HELD, (us.owner, former))
