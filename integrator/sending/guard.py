"""May anything leave now? Pause, number, stop, limits and the calendar of each purpose, in that order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from integrator.domain.calendar import Calendar
from integrator.domain.message import Purpose
from integrator.domain.sender import Contact, Stop
from integrator.sending.gateway import Condition, GatewayState
from integrator.sending.pace import Pace, day_start
from integrator.sending.ports import SentCount, Waiting, World
from integrator.sending.sender import Sender

#: The priority lane: a finished service order does not stand behind two hundred debts.
LANES = (Purpose.SERVICE, Purpose.COLLECTION, Purpose.PROMOTION)
PAUSE_KEY = "PAUSADO_ATE"
#: The day (``AAAA-MM-DD``) on which a person let collection begin without waiting for ``HORA_INICIO``.
BEGUN_KEY = "INICIO_LIBERADO"
FOREVER = "SEMPRE"
_STAMP = "%Y-%m-%d %H:%M:%S"

_NUMBER = {
    GatewayState.CONNECTED: "conectado",
    GatewayState.CONNECTING: "conectando ao WhatsApp",
    GatewayState.NEEDS_PAIRING: "nenhum celular conectado: leia o QR Code",
    GatewayState.PASSKEY: "o celular pede uma chave de acesso (passkey), que este motor não atende: use outro motor",
    GatewayState.OFFLINE: "WhatsApp sem conexão",
    GatewayState.LOGGED_OUT: "o celular desconectou este computador: leia o QR Code de novo",
    GatewayState.RESTRICTED: "o WhatsApp restringiu este número",
    GatewayState.BANNED: "o WhatsApp bloqueou este número",
    GatewayState.OUTDATED: "o WhatsApp exige uma versão mais nova do programa: atualize o Integrador",
    GatewayState.AUTH: "o WhatsApp não aceitou a chave de acesso: confira a configuração do número",
    GatewayState.STOPPED: "o motor do WhatsApp não está em execução",
}


@dataclass(frozen=True, slots=True)
class Go:
    """Rows of these purposes may leave, the first lane first, not before ``at``.

    Within a lane the kinds of ``contacts`` in their order: who ever wrote to the shop, then cold contacts.
    """

    lanes: tuple[Purpose, ...]
    at: datetime
    contacts: tuple[Contact, ...] = tuple(Contact)


@dataclass(frozen=True, slots=True)
class Stay:
    """Nothing may leave until ``until`` (None: until somebody acts); ``reason`` in Portuguese.

    ``paused_until``: the end of a person's pause, ``datetime.max`` for one without an end; None: there is no pause.
    """

    reason: str
    until: datetime | None
    paused_until: datetime | None = None


Decision = Go | Stay


@dataclass(frozen=True, slots=True)
class Guard:
    """Decides for one number."""

    world: World
    instance: str
    calendars: Mapping[Purpose, Calendar]
    pace: Pace
    sender: Sender

    def decide(self, now: datetime, config: Mapping[str, str], waiting: Sequence[Waiting]) -> Decision:
        """What may leave at ``now``; ``config`` is what the ERP or a person set in ``WA_CONFIG``.

        With nothing ``waiting`` the calendar is not consulted: holidays are heavy to load, and most hours are idle. Who
        may be written to is asked when something may leave now.
        """
        held = self._held(now, config)
        if held is not None:
            return held
        if not waiting:
            return Stay("fila vazia", None)
        sent = self.sent_today(now)
        if self.pace.day_is_full(sent):
            return Stay(f"limite de {self.pace.policy.daily_max} mensagens por dia atingido", _tomorrow(now))
        decision = self._by_calendar(now, self.pace.next_at(sent) or now, start_hour(config, now.date()))
        if isinstance(decision, Stay) or decision.at > now:
            return decision
        allowance = self.sender.caps.look(self.sender.number, now)
        closed = allowance.nobody_left(waiting)
        if closed is not None:
            return Stay(closed.reason, closed.until)
        return replace(decision, contacts=allowance.open_kinds())

    def _held(self, now: datetime, config: Mapping[str, str]) -> Stay | None:
        """Why nothing leaves, whatever waits: a pause, the number's condition, or a stop."""
        paused = pause_until(config.get(PAUSE_KEY, ""), now)
        if paused is not None:
            return Stay(pause_words(paused), None if paused == datetime.max else paused, paused)
        condition = self.world.gateway.condition()
        if condition.state is not GatewayState.CONNECTED:
            return Stay(number_status(condition), condition.until)
        stop = self.sender.stopped(now)
        return None if stop is None else Stay(stop_words(stop), None)

    def sent_today(self, now: datetime) -> SentCount:
        """Rows of today by the queue or by the journal, whichever knows more."""
        ours = self.world.journal.sent_since(self.instance, day_start(now))
        told = self.world.queue.sent_since(day_start(now))
        times = [at for at in (ours.latest, told.latest) if at is not None]
        return SentCount(max(ours.rows, told.rows), max(times, default=None))

    def _by_calendar(self, now: datetime, gap_ends: datetime, start: time | None) -> Decision:
        at = max(now, gap_ends)
        lanes = tuple(purpose for purpose in LANES if self._open(purpose, at, start))
        if lanes:
            return Go(lanes, at)
        opening = min(self._opening(purpose, at, start) for purpose in LANES)
        why = self.calendars[Purpose.COLLECTION].why_closed(at) or "antes do horário de envio"
        return Stay(f"fora do horário de envio ({why})", opening)

    def _open(self, purpose: Purpose, at: datetime, start: time | None) -> bool:
        early = purpose is Purpose.COLLECTION and start is not None and at.time() < start
        return self.calendars[purpose].is_open(at) and not early

    def _opening(self, purpose: Purpose, at: datetime, start: time | None) -> datetime:
        calendar = self.calendars[purpose]
        opening = calendar.next_open(at)
        if purpose is Purpose.COLLECTION and start is not None and opening.time() < start:
            opening = calendar.next_open(datetime.combine(opening.date(), start))
        return opening


def stop_words(stop: Stop) -> str:
    """Why the number is stopped, and who lets it go on, in Portuguese."""
    why = stop.why.rstrip(".")
    return f"número parado em {stop.at:%d/%m %H:%M}: {why}. Confira o celular e retome o número na página WhatsApp"


def number_status(condition: Condition) -> str:
    """What a number's condition means for sending, in Portuguese."""
    text = condition.told or _NUMBER[condition.state]
    return text if condition.until is None else f"{text} até {condition.until:%d/%m %H:%M}"


def pause_until(value: str, now: datetime) -> datetime | None:
    """When a pause written in ``WA_CONFIG`` ends; None when there is none or it is over, ``datetime.max`` for ever."""
    text = value.strip().upper()
    if not text:
        return None
    try:
        until = datetime.max if text == FOREVER else datetime.strptime(text, _STAMP)
    except ValueError:
        return datetime.max
    return until if until > now else None


def pause_words(until: datetime) -> str:
    """``pausado até 20/11 14:30``; of ``datetime.max``, a pause that a person ends."""
    return "pausado até alguém retomar" if until == datetime.max else f"pausado até {until:%d/%m %H:%M}"


def pause_value(until: datetime | None) -> str:
    """What to write in ``WA_CONFIG`` to pause until then, or for ever."""
    return FOREVER if until is None else until.strftime(_STAMP)


def start_hour(config: Mapping[str, str], today: date | None = None) -> time | None:
    """The hour at which the ERP wants collection to begin (``HORA_INICIO``), inside the calendar's own hours.

    None where it wants none, and on the day that a person let it begin earlier.
    """
    if today is not None and config.get(BEGUN_KEY, "").strip() == today.isoformat():
        return None
    try:
        return time.fromisoformat(config.get("HORA_INICIO", "").strip())
    except ValueError:
        return None


def _tomorrow(now: datetime) -> datetime:
    return day_start(now) + timedelta(days=1)
