"""One row from the queue to WhatsApp: reserve, settle, load, compose, re-check, ``enviando``, post, record.

This is the page to read first. Each step that can end the row says so by returning an :class:`Ending`; nothing is
posted before the row is ``enviando`` in Firebird and the intent is in the journal, both committed. A crash at any
point leaves a row that :mod:`integrator.sending.rescue` settles without sending anything twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from integrator.domain.errors import GatewayError, IntegratorError, MessageError, RowLocked
from integrator.domain.lifecycle import State, move
from integrator.domain.message import Composed, Message, PartKind, Purpose
from integrator.domain.phone import mask_phone
from integrator.domain.sender import Contact
from integrator.logs import log_event
from integrator.sending.caps import Closed
from integrator.sending.debts import Debts, Pointless
from integrator.sending.destination import Destinations
from integrator.sending.late import Composes
from integrator.sending.news import News
from integrator.sending.number_checks import BEFORE_SENDING
from integrator.sending.once import REPEATED, REPEATED_CODE, claim_of
from integrator.sending.pace import Pace
from integrator.sending.ports import (
    Asks,
    Begun,
    CancelAsked,
    Changed,
    Ending,
    Loaded,
    Lost,
    PartRecord,
    PartState,
    Plan,
    Repeated,
    Reservation,
    World,
)
from integrator.sending.posting import Posting, PostingPolicy, latest, put_back
from integrator.sending.sender import Sender
from integrator.sending.settle import DOUBT, Clean, Doubt, Partly, Whole, recall, settle
from integrator.sending.templates import fitting

log = logging.getLogger(__name__)

_RECOMPOSE_TRIES = 3
_GATEWAY_RETRY_S = 60.0
_ALREADY_LEFT = "Esta mensagem já tinha saído deste computador; a situação foi recuperada do diário de envios."
_LOCKED_RETRY_S = 60.0
#: A limit that only another configuration lifts is looked at again once a day.
_NEVER = timedelta(days=1)
_DEFECT = (
    "O programa não conseguiu montar esta mensagem, por um erro que não conhecia. Confira os dados dela no ERP; se "
    "estiverem certos, chame o suporte."
)
_CHANGED_TOO_OFTEN = (
    "Os títulos desta mensagem mudaram várias vezes durante o envio. Confira-os no ERP e libere a mensagem."
)
_WRITING = "O cliente está conversando com a loja; os avisos automáticos esperam."
_ASKED = "A loja quer confirmar mensagens deste tipo antes de enviar."
_CONTENT_CHANGED = (
    "Parte desta mensagem já tinha saído e o conteúdo mudou depois disso; o resto não foi enviado. Confira "
    "com o cliente."
)


@dataclass(frozen=True, slots=True)
class Done:
    """One row was dealt with: ``left`` when at least one part was posted, so that the gap counts."""

    state: State
    left: bool


@dataclass(frozen=True, slots=True)
class Nothing:
    """No row of that purpose is due."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """Where a row stood when it was decided, and where it goes. ``ask``: its kind, whose rows are to wait for a yes."""

    origin: State
    ending: Ending
    ask: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class PumpPolicy:
    """``test_number`` (E.164 digits) gets everything when set. ``max_attempts`` counts proven refusals of one row.

    ``default_area`` is the area code of phones typed without one; empty: such a row is held. ``asks``: see ``Asks``;
    None asks nobody.
    """

    instance: str
    max_attempts: int = 5
    test_number: str = ""
    default_area: str = ""
    asks: Asks | None = None


class Pump:
    """Sends one row at a time. Used by the engine's thread only."""

    def __init__(
        self,
        world: World,
        *,
        composer: Composes,
        pace: Pace,
        policy: PumpPolicy,
        database: str,
        news: News,
        sender: Sender,
    ) -> None:
        self._queue = world.queue
        self._journal = world.journal
        self._gateway = world.gateway
        self._clock = world.clock
        self._composer = composer
        self._pace = pace
        self._policy = policy
        self._database = database
        self._news = news
        self._sender = sender
        self._destinations = Destinations(world, policy.default_area, BEFORE_SENDING)
        how = PostingPolicy(database, policy.max_attempts, policy.default_area)
        self._posting = Posting(world, pace=pace, news=news, sender=sender, policy=how)

    def send_next(self, purpose: Purpose, debts: Debts | None = None, contact: Contact | None = None) -> Done | Nothing:
        """Take the first due row of ``purpose`` for that kind of contact (None: any) and bring it to its next state."""
        reservation = self._queue.reserve(purpose, self._clock.now(), contact)
        if reservation is None:
            return Nothing()
        log_event(log, "reserved", row=reservation.id)
        try:
            turn = self._work(reservation, debts)
        except MessageError as error:
            log_event(log, "held", row=reservation.id, code=error.code, detail=error.detail)
            turn = _Turn(State.RESERVED, Ending(State.HELD, error.message, error.code))
        except GatewayError as error:
            log_event(log, "gateway_unreachable", row=reservation.id, detail=error.detail)
            turn = _Turn(State.RESERVED, put_back(self._clock.now(), error.message, _GATEWAY_RETRY_S))
        done = self._finish(reservation, turn)
        if turn is not None and turn.ask is not None and self._queue.ask_first(*turn.ask):
            return Done(State.AWAITING, left=False)
        return done

    def _work(self, reservation: Reservation, debts: Debts | None) -> _Turn | None:
        """Everything between reserving and recording; None when the row is no longer ours."""
        for _ in range(_RECOMPOSE_TRIES):
            with _holding_defects():
                loaded = self._queue.load(reservation)
            message = loaded.message
            before = self._stopped_before(loaded)
            if isinstance(before, _Turn):
                return before
            with _holding_defects():
                composed = self._composer.compose(message, self._clock.now(), debts)
            if isinstance(composed, Pointless):
                return _Turn(State.RESERVED, Ending(State.CANCELLED, composed.reason, composed.code))
            plan = self._plan(message, composed, before)
            if isinstance(plan, Ending):
                return _Turn(State.RESERVED, plan)
            match self._begin(reservation, message, plan):
                case Ending() as early:
                    return _Turn(State.RESERVED, early)
                case Begun():
                    to = mask_phone(plan.destination)
                    log_event(log, "sending", row=reservation.id, to=to, parts=len(plan.composed.parts))
                    ending = self._post(reservation, message, plan, before)
                    return _Turn(State.SENDING, ending) if ending else None
                case Changed():
                    log_event(log, "recompose", row=reservation.id)
                case Lost():
                    log_event(log, "lost", row=reservation.id)
                    return None
        raise MessageError(_CHANGED_TOO_OFTEN)

    def _stopped_before(self, loaded: Loaded) -> _Turn | tuple[PartRecord, ...]:
        """The row's end before anything of it is composed, or the parts that need not be posted again.

        A row that waits for a person's yes comes here when it was released after the engine last looked for such rows;
        one that has begun to leave is finished.
        """
        message, asks = loaded.message, self._policy.asks
        before = self._settled_before(loaded)
        if isinstance(before, Ending):
            return _Turn(State.RESERVED, before)
        if asks is not None and not before and not message.confirmed and asks(message.module, message.kind):
            return _Turn(State.RESERVED, Ending(State.PENDING, _ASKED), (message.module, message.kind))
        return before

    def _settled_before(self, loaded: Loaded) -> Ending | tuple[PartRecord, ...]:
        """What was already posted of the row: an end for it, or the parts that need not be posted again.

        The journal knows what this computer posted, even if the database was restored; ``WA_PARTE`` knows what another
        integrator posted of a row that came back to the queue half sent.
        """
        message = loaded.message
        ours, total = recall(self._journal, self._gateway, self._database, message.guid, message.key)
        known = {part.order: part for part in loaded.parts if part.state is not PartState.PLANNED}
        known |= {part.order: part for part in ours}
        match settle(tuple(known.values()), max(total, len(loaded.parts)), self._gateway):
            case Whole(parts, at):
                return Ending(State.SENT, _ALREADY_LEFT, "diario", at, None, parts)
            case Doubt(parts):
                return Ending(State.UNCERTAIN, DOUBT, "duvida", latest(parts), None, parts)
            case Partly(parts):
                return parts
            case Clean():
                return ()

    def _plan(self, message: Message, composed: Composed, before: tuple[PartRecord, ...]) -> Plan | Ending:
        """Where it goes, unless the number may not write to such a contact any more. A "no" that has arrived counts.

        To whom the number may not write freely, the message goes as a template.
        """
        self._news.take()
        now = self._clock.now()
        number = self._destinations.find(message)
        contact = self._sender.caps.admit(self._sender.number, number, now)
        if isinstance(contact, Closed):
            until = contact.until or now + _NEVER
            return Ending(
                State.PENDING, f"{contact.reason[0].upper()}{contact.reason[1:]}.", "limite", not_before=until
            )
        test = self._policy.test_number
        composed = fitting(composed, self._gateway, test or number)
        if not _continues(composed, before):
            return Ending(State.UNCERTAIN, _CONTENT_CHANGED, "mudou", parts=before)
        ids = tuple(self._gateway.new_message_id(message.guid, part) for part in composed.parts)
        claim = claim_of(message, number, now.year)
        return Plan(composed, test or number, self._gateway.sender(), bool(test), ids, claim, contact)

    def _begin(self, reservation: Reservation, message: Message, plan: Plan) -> Begun | Changed | Lost | Ending:
        if not plan.test and _nobody_asked_for(message):
            quiet = self._news.quiet_until(plan.destination, self._clock.now())
            if quiet is not None:
                return Ending(State.PENDING, _WRITING, "conversa", not_before=quiet)
        try:
            beginning = self._queue.begin(reservation, message, plan)
            match beginning:
                case CancelAsked(reason):
                    return Ending(State.CANCELLED, reason, "erp")
                case Repeated():
                    return Ending(State.CANCELLED, REPEATED, REPEATED_CODE)
                case _:
                    return beginning
        except RowLocked as error:
            # The ERP is writing to this very row and its closing may take long: others go first.
            return put_back(self._clock.now(), error.message, _LOCKED_RETRY_S)

    def _post(
        self, reservation: Reservation, message: Message, plan: Plan, before: tuple[PartRecord, ...]
    ) -> Ending | None:
        if plan.contact is not None:
            self._sender.caps.wrote(self._sender.number, plan.destination, plan.contact, self._clock.now())
        return self._posting.post(reservation, message, plan, before)

    def _finish(self, reservation: Reservation, turn: _Turn | None) -> Done:
        if turn is None:
            return Done(State.PENDING, left=False)
        ending = turn.ending
        left = turn.origin is State.SENDING and latest(ending.parts) is not None
        if left:
            self._journal.count_row(self._policy.instance, reservation.guid, self._clock.now())
            self._pace.row_left()
        move(turn.origin, ending.state)
        if not self._queue.finish(reservation, ending):
            log_event(log, "not_ours_any_more", row=reservation.id, state=ending.state.value)
        log_event(log, "finished", row=reservation.id, state=ending.state.value, code=ending.code)
        return Done(ending.state, left)


@contextmanager
def _holding_defects() -> Iterator[None]:
    """Whatever goes wrong with one message holds that message: else it would come up before the others for ever."""
    try:
        yield
    except IntegratorError:
        raise
    except Exception as error:
        log.exception("action=defect")
        raise MessageError(_DEFECT, detail=repr(error)) from error


def _nobody_asked_for(message: Message) -> bool:
    """A reminder or an offer by itself: neither a service's document nor what a person of the shop has confirmed."""
    return message.purpose is not Purpose.SERVICE and not message.confirmed


def _continues(composed: Composed, before: tuple[PartRecord, ...]) -> bool:
    """Whether what already left fits what was composed now.

    The text may differ by its greeting or its days of delay; the documents must be the same files.
    """
    now = {part.order: part for part in composed.parts}
    return all(
        part.order in now
        and now[part.order].kind is part.kind
        and (
            part.kind is PartKind.TEXT
            or part.sha256 == now[part.order].sha256
            or (part.file_name and part.file_name == now[part.order].file_name)
        )
        for part in before
    )
