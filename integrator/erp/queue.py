"""The queue of the engine on ``WA_*`` (implements :class:`integrator.sending.ports.Queue`)."""

from __future__ import annotations

import logging
import platform
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from integrator import __version__
from integrator.closing.ports import RULE
from integrator.domain.consent import Consent
from integrator.domain.errors import SchemaError
from integrator.domain.lifecycle import State
from integrator.domain.message import Company, Message, PartKind, Purpose, Title
from integrator.domain.sender import Contact, DayUse
from integrator.erp import asking, hook, rows
from integrator.erp.claims import claimed
from integrator.erp.connection import Database, Session
from integrator.erp.contacts import known
from integrator.erp.receipts import receive
from integrator.erp.recheck import TitleChecker, TitleNews, ask_profile, news_of, record
from integrator.erp.schema.migrations import latest_version
from integrator.erp.sorting import Sorting, day_use, days_of_sending
from integrator.erp.sql import QUERIES
from integrator.sending.gateway import GatewayState, Receipt
from integrator.sending.ports import (
    Age,
    Beginning,
    Begun,
    CancelAsked,
    Changed,
    Ending,
    Heartbeat,
    Identity,
    Leftover,
    Loaded,
    Lost,
    NumberFor,
    PartRecord,
    PartState,
    Plan,
    Repeated,
    Reservation,
    SentCount,
    Waiting,
)

log = logging.getLogger(__name__)

_REASON = 500
#: Integrators beat every half minute; silent for so long, one is taken for gone.
_SILENT_S = 600
_RESTORED = (
    "Este computador não tem o registro do que já foi enviado (o banco veio de um backup, ou o integrador mudou de "
    "computador), e esta mensagem talvez já tenha saído. Confira e libere ou cancele."
)
_EXPIRED = "O prazo desta mensagem passou antes de ela ser enviada."
_EXPIRED_OLD = "A mensagem esperou dias demais na fila e perdeu o sentido."


class FirebirdQueue:
    """One integrator's view of the queue: ``owner`` holds the rows, ``instance`` is the number it sends from.

    ``checker`` asks the ERP about each title of our own closing once more, just before it is sent. ``takes_rest``:
    also rows that neither the ERP nor the rule of modules gave to a number.
    """

    def __init__(
        self,
        database: Database,
        *,
        owner: str,
        instance: str,
        lease_s: int = 300,
        fallback_company: Company | None = None,
        checker: TitleChecker | None = None,
        takes_rest: bool = True,
    ) -> None:
        self._db = database
        self._takes_rest = "S" if takes_rest else "N"
        self._sorting = Sorting(database)
        self._checker = checker if checker is not None and checker.can_ask else None
        self._owner = owner
        self._instance = instance
        self._lease_s = lease_s
        self._fallback = fallback_company or Company(code="", legal_name="")
        self._companies: dict[str, Company] = {}
        self._hook: bool | None = None

    # -- which database ---------------------------------------------------------------------------------------------

    def identity(self) -> Identity:
        self._companies.clear()
        row = self._db.read(lambda s: s.row(QUERIES["identity"]))
        if row is None or int(row[0]) != latest_version():
            found = "nenhuma" if row is None else row[0]
            raise SchemaError(
                f"As tabelas do integrador neste banco são da versão {found} e o programa usa a {latest_version()}. "
                "Rode: integrator schema install"
            )
        _, guid, stamped, created, now, numbered = row
        age = Age(created, int(numbered))
        if stamped == created:
            return Identity(str(guid).strip(), None, age)
        # Restored on a computer whose clock is behind: nothing in it is newer than this moment.
        restored = created if stamped is None or created > stamped else now
        return Identity(str(guid).strip(), restored, age)

    def quarantine(self, restored: datetime, *, hold: bool) -> int:
        def work(session: Session) -> int:
            held = 0
            if hold:
                held += session.execute(QUERIES["quarantine"], (_RESTORED, restored))
                held += session.execute(QUERIES["quarantine_sending"], (_RESTORED, restored))
            session.execute(QUERIES["stamp_creation"])
            return held

        return self._db.run(work)

    def others_worked_here(self) -> bool:
        row = self._db.read(lambda s: s.row(QUERIES["other_owners"], (self._owner,)))
        return bool(row and row[0])

    def orphaned(self) -> datetime | None:
        row = self._db.read(lambda s: s.row(QUERIES["last_beats"], (self._owner,) * 3))
        if row is None or row[0] is None or row[2] or row[1] <= _SILENT_S:
            return None
        last: datetime = row[0]
        return last

    # -- one row, from reservation to its end -----------------------------------------------------------------------

    def sort_waiting(self, default_area: str, number_for: NumberFor) -> int:
        return self._sorting.sort(default_area, number_for)

    def known(self, phones: Sequence[str]) -> frozenset[str]:
        return self._db.read(lambda session: known(session, phones))

    def day_use(self, number: str, now: datetime) -> DayUse:
        return self._db.read(lambda session: day_use(session, number, now))

    def days_of_sending(self, number: str, now: datetime) -> int:
        return self._db.read(lambda session: days_of_sending(session, number, now))

    def reserve(self, purpose: Purpose, now: datetime, contact: Contact | None = None) -> Reservation | None:
        kind = None if contact is None else contact.value
        parameters = (self._owner, self._instance, self._lease_s, now, purpose.value, kind, self._takes_rest)
        row = self._db.run(lambda s: s.row(QUERIES["reserve"], parameters))
        return Reservation(int(row[0]), str(row[1]).strip(), str(row[2]).strip()) if row else None

    def load(self, reservation: Reservation) -> Loaded:
        key = (reservation.id,)

        def work(session: Session) -> tuple[Any, ...]:
            *row, json_size, has_items = session.row(QUERIES["load_row"], key) or ()
            return (
                row,
                session.rows(QUERIES["load_variables"], key),
                session.rows(QUERIES["load_titles"], key),
                session.rows(QUERIES["load_attachments"], key),
                session.rows(QUERIES["parts_done"], key),
                _load_json(session, reservation.id, json_size) if json_size else None,
                session.rows(QUERIES["load_items"], key) if has_items else [],
            )

        row, variables, titles, attachments, parts, json, items = self._db.read(work)
        company = self._company(rows.lenient(row[4]))
        message = replace(rows.message(row, variables, titles, attachments, company), id=reservation.id)
        if json or items:
            from integrator.erp import row_json

            message = row_json.with_extras(message, json, items)
        return Loaded(message, tuple(map(_part_record, parts)))

    def companies(self) -> tuple[Company, ...]:
        found = self._db.read(lambda s: s.rows(QUERIES["load_company"]))
        return tuple(self._completed(rows.company(row)) for row in found) or (self._fallback,)

    def consent(self, phone: str, purpose: Purpose) -> Consent | None:
        row = self._db.read(lambda s: s.row(QUERIES["consent"], (phone, purpose.value)))
        return Consent(phone, purpose, str(row[0]).strip() == "S", row[1], rows.lenient(row[2])) if row else None

    def recorded_parts(self, reservation: Reservation) -> tuple[PartRecord, ...]:
        found = self._db.read(lambda s: s.rows(QUERIES["parts_done"], (reservation.id,)))
        return tuple(map(_part_record, found))

    def begin(self, reservation: Reservation, message: Message, plan: Plan) -> Beginning:
        if self._checker is not None and message.origin.rule == RULE:
            # Before the writing transaction: the vendor's SELECT may take its time.
            news = ask_profile(self._checker, message.titles)
            if news:
                self._db.run(lambda session: record(session, reservation.id, news, self._owner))
                return Changed()

        def work(session: Session) -> Beginning:
            fresh = tuple(rows.title(row) for row in session.rows(QUERIES["load_titles"], (reservation.id,)))
            if fresh != message.titles:
                return Changed()
            asked_news = self._ask_hook(session, fresh)
            if asked_news:
                record(session, reservation.id, asked_news, self._owner)
                return Changed()
            if plan.claim and not claimed(session, reservation.id, plan.claim):
                return Repeated()
            if session.execute(QUERIES["extend"], self._sending(reservation, plan)) == 1:
                self._write_plan(session, reservation, plan)
                return Begun()
            asked = session.row(QUERIES["cancel_request"], (reservation.id,))
            return CancelAsked(rows.lenient(asked[0])) if asked and asked[0] else Lost()

        return self._db.run(work)

    def hold(self, reservation: Reservation) -> bool:
        key = (reservation.id, reservation.guid, reservation.token)
        row = self._db.read(lambda s: s.row(QUERIES["lease_left"], key))
        if row is None or row[0] > self._lease_s / 2:
            return row is not None
        return self._db.run(lambda s: s.execute(QUERIES["renew"], (self._lease_s, *key))) == 1

    def finish(self, reservation: Reservation, ending: Ending) -> bool:
        def work(session: Session) -> bool:
            for part in ending.parts:
                self._write_part(session, reservation.id, part)
            changed = session.execute(
                QUERIES["finish"],
                (
                    ending.state.value,
                    rows.storable(ending.reason, _REASON) or None,
                    ending.code or None,
                    ending.sent_at,
                    ending.not_before,
                    reservation.id,
                    reservation.guid,
                    reservation.token,
                ),
            )
            return changed == 1

        return self._db.run(work)

    def leftovers(self) -> tuple[Leftover, ...]:
        found = self._db.read(lambda s: s.rows(QUERIES["leftovers"], (self._instance, self._owner)))
        return tuple(
            Leftover(
                Reservation(int(number), str(guid).strip(), str(token).strip()),
                rows.lenient(key),
                State(state.strip()),
                mine=str(owner or "").strip() == self._owner,
                expired=bool(expired),
                same_number=bool(same_number),
            )
            for number, guid, key, state, token, owner, expired, same_number in found
            if token
        )

    # -- news of what was sent --------------------------------------------------------------------------------------

    def receive(self, receipt: Receipt) -> bool:
        return self._db.run(lambda session: receive(session, receipt))

    # -- the whole queue --------------------------------------------------------------------------------------------

    def expire(self, now: datetime, oldest: datetime) -> int:
        return self._db.run(
            lambda s: (
                s.execute(QUERIES["expire"], (_EXPIRED, now))
                + s.execute(QUERIES["expire_old"], (_EXPIRED_OLD, oldest, oldest))
            )
        )

    def sent_since(self, since: datetime) -> SentCount:
        parameters = (self._instance, since, since + timedelta(days=1))
        row = self._db.read(lambda s: s.row(QUERIES["sent_since"], parameters))
        return SentCount(int(row[0]), row[1]) if row else SentCount(0, None)

    def waiting(self, now: datetime) -> tuple[Waiting, ...]:
        found = self._db.read(lambda s: s.rows(QUERIES["waiting"], (now, self._instance, self._takes_rest)))
        return tuple(
            Waiting(Purpose(purpose.strip()), int(count), int(due or 0), int(cold or 0))
            for purpose, count, due, cold in found
        )

    def kinds_waiting(self) -> tuple[tuple[str, str], ...]:
        return self._db.read(lambda session: asking.kinds_waiting(session, self._instance))

    def ask_first(self, module: str, kind: str) -> int:
        return self._db.run(lambda session: asking.ask_first(session, self._instance, module, kind))

    def config(self) -> dict[str, str]:
        found = self._db.read(lambda s: s.rows(QUERIES["config"]))
        return {str(key).strip().upper(): rows.lenient(value) for key, value in found}

    def beat(self, heartbeat: Heartbeat) -> None:
        parameters = (
            self._owner,
            rows.storable(platform.node(), 80),
            __version__,
            rows.storable(self._instance, 40),
            heartbeat.started_at,
            rows.storable(heartbeat.status, 200),
            heartbeat.waiting,
            heartbeat.next_send,
        )
        self._db.run(lambda s: s.execute(QUERIES["heartbeat"], parameters))

    def report_instance(self, number: str, state: GatewayState, engine: str) -> None:
        parameters = (self._instance, number or None, state.value, engine)
        self._db.run(lambda s: s.execute(QUERIES["instance_state"], parameters))

    def purge(self, before: datetime) -> int:
        row = self._db.run(lambda s: s.row(QUERIES["purge"], (before,)))
        return int(row[0]) if row else 0

    def rest(self) -> None:
        self._hook = None
        self._db.rest()
        if self._checker is not None:
            self._checker.rest()

    # -- inside -----------------------------------------------------------------------------------------------------

    def _company(self, code: str) -> Company:
        """The row's company; with one company in the table, the ERP need not name it."""
        if not self._companies:
            self._companies = {company.code: company for company in self.companies()}
        only = next(iter(self._companies.values())) if len(self._companies) == 1 else None
        return self._companies.get(code) or only or self._fallback

    def _completed(self, company: Company) -> Company:
        """Empty fields of the ERP's record filled from the settings."""
        return replace(
            company,
            **{
                name: getattr(self._fallback, name)
                for name in ("legal_name", "trade_name", "tax_id", "phone", "mobile", "email", "logo")
                if not getattr(company, name)
            },
            address=company.address if company.address.one_line else self._fallback.address,
        )

    def _ask_hook(self, session: Session, titles: tuple[Title, ...]) -> tuple[TitleNews, ...]:
        """What the vendor's ``WA_CONFERIR_TITULO`` says anew of what is still owed; nothing where there is no such."""
        if self._hook is None:
            found = session.row(QUERIES["hook_exists"])
            self._hook = bool(found and found[0])
        asked = (item for item in titles if self._hook and item.open and item.open_amount > 0 and item.ref)
        return tuple(news for item in asked if (news := news_of(item, hook.ask(session, item))) is not None)

    def _sending(self, reservation: Reservation, plan: Plan) -> tuple[object, ...]:
        return (
            self._lease_s,
            plan.composed.text,
            rows.storable(plan.composed.text, len(plan.composed.text)),
            plan.composed.text_version,
            plan.destination,
            self._instance,
            plan.sender or None,
            "S" if plan.test else "N",
            plan.contact.value if plan.contact is not None else None,
            reservation.id,
            reservation.guid,
            reservation.token,
        )

    def _write_plan(self, session: Session, reservation: Reservation, plan: Plan) -> None:
        session.execute(QUERIES["forget_unsent_parts"], (reservation.id,))
        known = {row[0] for row in session.rows(QUERIES["parts_done"], (reservation.id,))}
        for part, message_id in zip(plan.composed.parts, plan.message_ids, strict=True):
            if part.order not in known:
                session.execute(
                    QUERIES["plan_part"],
                    (
                        reservation.id,
                        part.order,
                        part.kind.value,
                        part.file_name or None,
                        part.sha256,
                        len(part.content),
                        message_id or None,
                    ),
                )

    def _write_part(self, session: Session, row_id: int, part: PartRecord) -> None:
        state = PartState.PLANNED if part.state is PartState.REFUSED else part.state
        result = (
            state.value,
            part.provider_id or None,
            rows.storable(part.reason, _REASON) or None,
            None if state is PartState.PLANNED else part.at,
            row_id,
            part.order,
        )
        if session.execute(QUERIES["part_result"], result) == 0:
            plan = (
                row_id,
                part.order,
                part.kind.value,
                part.file_name or None,
                part.sha256,
                part.size,
                part.provider_id or None,
            )
            session.execute(QUERIES["plan_part"], plan)
            session.execute(QUERIES["part_result"], result)


def _part_record(row: tuple[Any, ...]) -> PartRecord:
    order, kind, digest, size, name, state, provider, at = row
    return PartRecord(
        int(order),
        PartKind(kind.strip()),
        digest,
        int(size),
        name or "",
        PartState(state.strip()),
        provider or "",
        at=at,
    )


def _load_json(session: Session, row_id: int, size: int) -> bytes:
    """Loaded with the first row that has some: most shops have none."""
    from integrator.erp import row_json

    return row_json.load(session, row_id, size)
