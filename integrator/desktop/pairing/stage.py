"""What the window of pairing shows, decided from what the engine said; knows neither Tk nor time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from integrator.desktop.engine import EngineView, NumberView, PairingView, Reach
from integrator.desktop.pairing.words import AWAY, EXPIRED, NO_NUMBERS, OFFICIAL, OTHER_PHONE
from integrator.domain.phone import format_phone, spellings, with_ninth_digit
from integrator.sending.gateway import Code, Condition, GatewayState
from integrator.sending.number_words import NumberWords, engine_words, number_words
from integrator.settings.sections import Engine

_S: Final = GatewayState
#: A connection that is there, or will come back by itself.
_HOLDS: Final = frozenset({_S.CONNECTED, _S.CONNECTING, _S.OFFLINE, _S.RESTRICTED})
#: What no phone that reads a code could mend.
_NO_CODE_HELPS: Final = _HOLDS | {_S.AUTH}


@dataclass(frozen=True, slots=True)
class Asking:
    """The engine was asked and has not answered yet."""


@dataclass(frozen=True, slots=True)
class Told:
    """Something to read. ``begins``: a phone can be connected from here; ``page`` of the panel that helps, or empty."""

    words: NumberWords
    begins: bool = False
    page: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """A phone is waited for. ``code`` is None before the first one and between two."""

    code: Code | None
    by_code: bool
    engine: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class AskPhone:
    """The person wants a pair code and types the phone; ``suggested`` in E.164 digits or empty."""

    suggested: str


@dataclass(frozen=True, slots=True)
class Typed:
    """The pair code to type on the phone, without a dash."""

    digits: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Paired:
    """A phone is connected, or was and will be again by itself. ``other`` says that it is not the right one.

    ``name`` is what its account calls itself, empty when that is not known.
    """

    number: str
    name: str
    instance: str
    engine: str
    words: NumberWords
    since: datetime | None
    other: str = ""


@dataclass(frozen=True, slots=True)
class Confirm:
    """The person wants to let go of the phone and is asked first."""

    number: str


Stage = Asking | Told | Scan | AskPhone | Typed | Paired | Confirm


@dataclass(frozen=True, slots=True)
class Seen:
    """The last answers for one number. ``refused`` is what the number's engine said instead of how it stands."""

    view: EngineView | None = None
    pairing: PairingView | None = None
    refused: NumberWords | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person is doing. ``waiting``: asked for a code and has not given up; ``expired``: nobody came."""

    waiting: bool = False
    expired: bool = False
    asks_phone: bool = False
    prefers_qr: bool = False
    leaving: bool = False


def stage_of(seen: Seen, instance: str, wish: Wish) -> Stage:
    """What is shown for the number ``instance``."""
    if seen.view is None:
        return Asking()
    if seen.view.reach is not Reach.RUNNING:
        words = AWAY[seen.view.reach]
        return Told(NumberWords(words.level, words.title, seen.view.problem or words.text))
    number = number_of(seen.view, instance)
    if number is None:
        return Told(NO_NUMBERS, page="/whatsapp")
    if is_official(number):
        return Told(OFFICIAL, page="/whatsapp")
    if seen.refused is not None:
        return Told(seen.refused, page="/whatsapp")
    return Asking() if seen.pairing is None else _pairable(number, seen.pairing, wish)


def number_of(view: EngineView, instance: str) -> NumberView | None:
    """The number of that name."""
    return next((each for each in view.numbers if each.instance == instance), None)


def is_official(number: NumberView) -> bool:
    """Whether no phone is ever paired with it."""
    return number.engine == Engine.CLOUD_API.value


def words_of(number: NumberView, pairing: PairingView | None = None) -> NumberWords:
    """Its state in words; what its pairing says is newer than the view."""
    state = pairing.state if pairing is not None else number.state
    if state is None:
        return number_words(None)
    known = number.state is state
    condition = Condition(state, number.until if known else None, told=number.told if known else "")
    words = number_words(state, condition)
    problem = pairing.problem if pairing is not None else ""
    return NumberWords(words.level, words.title, problem) if problem else words


def _pairable(number: NumberView, pairing: PairingView, wish: Wish) -> Stage:
    words = words_of(number, pairing)
    if pairing.number and pairing.state in _HOLDS:
        if wish.leaving:
            return Confirm(pairing.number)
        other = _other(number, pairing.number)
        engine = engine_words(number.engine)
        return Paired(pairing.number, pairing.name, number.instance, engine, words, number.since, other)
    shows = pairing.code is not None or bool(pairing.digits)
    comes = wish.waiting and pairing.state is _S.CONNECTING
    if (pairing.state is _S.NEEDS_PAIRING and (shows or wish.waiting)) or comes:
        return _waits(number, pairing, wish)
    if wish.expired and pairing.state is _S.NEEDS_PAIRING:
        return Told(EXPIRED, begins=True)
    return Told(words, pairing.state not in _NO_CODE_HELPS, "/whatsapp" if pairing.state is _S.AUTH else "")


def _waits(number: NumberView, pairing: PairingView, wish: Wish) -> Stage:
    if wish.asks_phone:
        return AskPhone(number.expected)
    if pairing.digits and not wish.prefers_qr:
        return Typed(pairing.digits.replace("-", ""), pairing.problem)
    return Scan(pairing.code, number.pairs_by_code, number.engine, pairing.problem)


def _other(number: NumberView, connected: str) -> str:
    if not number.expected or connected in spellings(number.expected):
        return ""
    return OTHER_PHONE.format(*(format_phone(with_ninth_digit(each)) for each in (connected, number.expected)))
