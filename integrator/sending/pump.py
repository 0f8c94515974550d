"""One row from the queue to WhatsApp: reserve, settle, load, compose, re-check, ``enviando``, post, record.

This is the page to read first. Each step that can end the row says so by returning an :class:`Ending`; nothing is
posted before the row is ``enviando`` in Firebird and the intent is in the journal, both committed. A crash at any
point leaves a row that :mod:`integrator.sending.rescue` settles without sending anything twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from integrator.domain.errors import GatewayError, IntegratorError, MessageError, RowLocked
from integrator.domain.lifecycle import State, move
from integrator.domain.message import Composed, Message, Part, PartKind, Purpose
from integrator.domain.outcome import Outcome, Rejected, Restricted, Sent, TryLater, Unknown
from integrator.domain.phone import mask_phone
from integrator.logs import log_event
from integrator.sending.debts import Debts, Pointless
from integrator.sending.destination import Destinations, NoConsent, consenting
from integrator.sending.late import Composes
from integrator.sending.news import News
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
    Post,
    Repeated,
    Reservation,
    World,
)
from integrator.sending.settle import DOUBT, Clean, Doubt, Partly, Whole, recall, settle

log = logging.getLogger(__name__)

_RECOMPOSE_TRIES = 3
_BACKOFF_LIMIT_S = 3600.0
_GATEWAY_RETRY_S = 60.0
_RESTRICTED_RETRY_S = 3600.0
_ALREADY_LEFT = "Esta mensagem já tinha saído deste computador; a situação foi recuperada do diário de envios."
_LOCKED_RETRY_S = 60.0
_DEFECT = (
    "O programa não conseguiu montar esta mensagem, por um erro que não conhecia. Confira os dados dela no ERP; se "
    "estiverem certos, chame o suporte."
)
_CHANGED_TOO_OFTEN = (
    "Os títulos desta mensagem mudaram várias vezes durante o envio. Confira-os no ERP e libere a mensagem."
)
_WRITING = "O cliente está conversando com a loja; os avisos automáticos esperam."
_OPTED_OUT = "O cliente pediu para não receber durante o envio; o resto da mensagem não foi enviado."
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
        self._destinations = Destinations(world, policy.default_area)

    def send_next(self, purpose: Purpose, debts: Debts | None = None) -> Done | Nothing:
        """Take the first due row of ``purpose`` and bring it to its next state."""
        reservation = self._queue.reserve(purpose, self._clock.now())
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
            turn = _Turn(State.RESERVED, self._later(error.message, _GATEWAY_RETRY_S))
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
            if not _continues(composed, before):
                return _Turn(State.RESERVED, Ending(State.UNCERTAIN, _CONTENT_CHANGED, "mudou", parts=before))
            plan = self._plan(message, composed)
            match self._begin(reservation, message, plan):
                case Ending() as early:
                    return _Turn(State.RESERVED, early)
                case Begun():
                    to = mask_phone(plan.destination)
                    log_event(log, "sending", row=reservation.id, to=to, parts=len(composed.parts))
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
                return Ending(State.UNCERTAIN, DOUBT, "duvida", _latest(parts), None, parts)
            case Partly(parts):
                return parts
            case Clean():
                return ()

    def _plan(self, message: Message, composed: Composed) -> Plan:
        """Where it goes. A "no" that has arrived by now counts."""
        self._news.take()
        now = self._clock.now()
        number = self._destinations.find(message, now)
        test = self._policy.test_number
        ids = tuple(self._gateway.new_message_id(message.guid, part) for part in composed.parts)
        claim = claim_of(message, number, now.year)
        return Plan(composed, test or number, self._gateway.sender(), bool(test), ids, claim)

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
            return self._later(error.message, _LOCKED_RETRY_S)

    def _post(
        self, reservation: Reservation, message: Message, plan: Plan, before: tuple[PartRecord, ...]
    ) -> Ending | None:
        """Post the parts in order; stop at the first that is not accepted. None when the lease ended meanwhile.

        It ends when a computer sleeps in the middle of a row: the rest may have become another's, or goes in the
        morning, as :mod:`integrator.sending.rescue` finds.
        """
        post = Post(self._database, message.guid, message.key, plan.destination, len(plan.composed.parts))
        done = {part.order: part for part in before}
        for part, message_id in zip(plan.composed.parts, plan.message_ids, strict=True):
            if part.order in done:
                continue
            if len(done) > len(before):
                self._clock.sleep(self._pace.part_gap_s())
                if not self._queue.hold(reservation):
                    log_event(log, "lost", row=reservation.id, posted=len(done) - len(before))
                    return None
                if not self._still_wanted(message):
                    parts = tuple(done.values())
                    return Ending(State.FAILED, _OPTED_OUT, NoConsent.code, _latest(parts), None, parts)
            outcome, record = self._post_part(post, part, message_id)
            done[part.order] = record
            if not isinstance(outcome, Sent):
                return self._stopped(outcome, message, tuple(done.values()))
        return Ending(State.SENT, sent_at=self._clock.now(), parts=tuple(done.values()))

    def _still_wanted(self, message: Message) -> bool:
        """Whether its person has not said no since the row was begun."""
        self._news.take()
        try:
            consenting(self._queue, message, self._policy.default_area)
        except NoConsent:
            return False
        return True

    def _post_part(self, post: Post, part: Part, message_id: str) -> tuple[Outcome, PartRecord]:
        self._journal.intend(post, part, message_id, self._clock.now())
        chosen: list[str] = []

        def assigned(its_id: str) -> None:
            self._journal.assign(post, part.order, its_id)
            chosen.append(its_id)

        outcome = self._gateway.send(post.to, part, message_id, assigned)
        message_id = chosen[-1] if chosen else message_id
        at = self._clock.now()
        state, provider_id, reason = _part_state(outcome)
        self._journal.answer(post, part.order, state, provider_id, reason, at)
        log_event(log, "posted", part=part.order, outcome=type(outcome).__name__)
        record = PartRecord(
            part.order,
            part.kind,
            part.sha256,
            len(part.content),
            part.file_name,
            state,
            provider_id or message_id,
            reason,
            at,
        )
        return outcome, record

    def _stopped(
        self, outcome: Rejected | TryLater | Restricted | Unknown, message: Message, parts: tuple[PartRecord, ...]
    ) -> Ending:
        at = _latest(parts)
        match outcome:
            case Unknown(reason, detail):
                log_event(log, "uncertain", row=message.id, detail=detail)
                return Ending(State.UNCERTAIN, f"{reason} {DOUBT}", "duvida", at, None, parts)
            case Rejected(reason, detail):
                log_event(log, "refused", row=message.id, detail=detail)
                return Ending(State.FAILED, _with_what_left(reason, parts), "recusada", at, None, parts)
            case Restricted(reason, detail):
                log_event(log, "restricted", level=logging.WARNING, row=message.id, detail=detail)
                return replace(self._later(reason, _RESTRICTED_RETRY_S), parts=parts)
            case TryLater(reason, after_s, detail):
                log_event(log, "try_later", row=message.id, detail=detail, attempt=message.attempts + 1)
                if message.attempts + 1 >= self._policy.max_attempts:
                    told = f"{reason} Foram {message.attempts + 1} tentativas sem sucesso."
                    return Ending(State.FAILED, _with_what_left(told, parts), "tentativas", at, None, parts)
                grown = min(after_s * 2**message.attempts, _BACKOFF_LIMIT_S)
                return replace(self._later(reason, max(after_s, grown)), parts=parts)

    def _later(self, reason: str, after_s: float) -> Ending:
        at = self._clock.now() + timedelta(seconds=after_s)
        return Ending(State.PENDING, reason, "tentar_depois", not_before=at)

    def _finish(self, reservation: Reservation, turn: _Turn | None) -> Done:
        if turn is None:
            return Done(State.PENDING, left=False)
        ending = turn.ending
        left = turn.origin is State.SENDING and _latest(ending.parts) is not None
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


def _part_state(outcome: Outcome) -> tuple[PartState, str, str]:
    """The state, provider id and reason to record for an answer."""
    match outcome:
        case Sent(provider_id):
            return PartState.SENT, provider_id, ""
        case Rejected(reason) | TryLater(reason) | Restricted(reason):
            return PartState.REFUSED, "", reason
        case Unknown(reason):
            return PartState.UNCERTAIN, "", reason


def _latest(parts: tuple[PartRecord, ...]) -> datetime | None:
    """When the last part that left, or may have left, was posted; None when none did."""
    return max((part.at for part in parts if part.at and part.state is not PartState.REFUSED), default=None)


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


def _with_what_left(reason: str, parts: tuple[PartRecord, ...]) -> str:
    left = sum(part.state is PartState.SENT for part in parts)
    return f"{reason} Antes disso, parte da mensagem já tinha saído." if left else reason
