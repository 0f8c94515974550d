"""Phones as people type them, turned into numbers that WhatsApp can be asked about.

The contact field of an ERP holds anything: two numbers with a slash, a name, a carrier code, no area code, the old
eight digits. Nothing is guessed here: a mobile typed with or without its ninth digit yields both forms as
``alternatives``, WhatsApp says which one exists (``sending`` asks and remembers), and whatever could be somebody
else's number is refused with a reason.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from integrator.domain.errors import PhoneError
from integrator.domain.phone_reading import (
    AREA_CODES,
    COUNTRY,
    LANDLINE,
    LONG,
    NOT_DIGIT,
    OLD_MOBILE,
    SHORT,
    Number,
    Unusable,
    read_numbers,
)

__all__ = [
    "AREA_CODES",
    "PhoneCandidate",
    "PhoneKind",
    "format_phone",
    "mask_phone",
    "parse_phones",
    "spellings",
    "with_ninth_digit",
]

_LONGEST_INPUT: Final = 1000
_SHOWN: Final = 60

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_TAIL: Final = 4


class PhoneKind(StrEnum):
    """What sort of line a number is."""

    MOBILE = "celular"
    LANDLINE = "fixo"
    FOREIGN = "exterior"


@dataclass(frozen=True, slots=True)
class PhoneCandidate:
    """A number worth asking WhatsApp about.

    ``e164`` has digits only, with country code and, for a mobile, the ninth digit. ``alternatives`` are the forms to
    ask about, in order, ``e164`` first: WhatsApp keeps many accounts under the number without the ninth digit.
    """

    e164: str
    kind: PhoneKind
    alternatives: tuple[str, ...]


def parse_phones(text: str, default_area: str = "") -> tuple[PhoneCandidate, ...]:
    """All usable numbers of a contact field, mobiles before landlines, otherwise as typed, without repetition.

    A number without area code takes that of the number before it in the same field, else ``default_area`` (two
    digits); when these two disagree it is not used. Raises :class:`PhoneError`, naming what was typed, when no
    number can be used.
    """
    if len(text) > _LONGEST_INPUT:
        # Cut anywhere, the last number might read as another.
        raise PhoneError(_complaint(text[:_LONGEST_INPUT], [f"o campo tem {len(text)} caracteres"]))
    clean = unicodedata.normalize("NFKC", text).translate(_DASHES).replace("\0", " ")
    typed = " ".join(clean.split())
    found: dict[str, PhoneCandidate] = {}
    reasons: list[str] = []
    previous_area = ""
    for read in read_numbers(typed):
        number = _with_area(read, previous_area, default_area) if isinstance(read, Number) else read
        if isinstance(number, Unusable):
            reasons.append(number.reason)
            continue
        previous_area = number.area or previous_area
        candidate = _candidate(number)
        found.setdefault(candidate.e164, candidate)
    if not found:
        raise PhoneError(_complaint(typed, reasons))
    return tuple(sorted(found.values(), key=lambda candidate: candidate.kind is PhoneKind.LANDLINE))


def format_phone(e164: str) -> str:
    """``5549988590187`` as ``(49) 98859-0187``; a foreign number keeps its plus: ``+351912345678``."""
    area, subscriber = _split(e164)
    return f"({area}) {subscriber[:-_TAIL]}-{subscriber[-_TAIL:]}" if area else f"+{subscriber}"


def with_ninth_digit(e164: str) -> str:
    """The number as people know it: a Brazilian mobile with its nine, which WhatsApp drops from many; others as given.

    Numbers of eight digits that begin with 6 to 9 were mobiles before the nine came, never landlines.
    """
    area, subscriber = _split(e164)
    is_short_mobile = bool(area) and len(subscriber) == SHORT and subscriber[0] in OLD_MOBILE
    return f"{COUNTRY}{area}9{subscriber}" if is_short_mobile else e164


def spellings(e164: str) -> tuple[str, ...]:
    """The number with and without its ninth digit, as people know it first; one form for everything else.

    Telephone and WhatsApp write the same mobile either way: whoever looks a number up looks for all of them.
    """
    full = with_ninth_digit(NOT_DIGIT.sub("", e164))
    area, subscriber = _split(full)
    if area and len(subscriber) == LONG and subscriber[1] in OLD_MOBILE:
        return full, f"{COUNTRY}{area}{subscriber[1:]}"
    return (full,)


def mask_phone(e164: str) -> str:
    """``5549988590187`` as ``(49) 9****-0187``: what a log may show."""
    area, subscriber = _split(e164)
    if not area:
        hidden = max(len(subscriber) - _TAIL, min(len(subscriber), _TAIL))
        return f"+{'*' * hidden}{subscriber[hidden:]}"
    first = subscriber[0] if len(subscriber) == LONG else ""
    return f"({area}) {first}****-{subscriber[-_TAIL:]}"


def _split(e164: str) -> tuple[str, str]:
    """Area code and subscriber number, or an empty area and all digits when it is no Brazilian number."""
    digits = NOT_DIGIT.sub("", e164)
    national = digits[2:]
    if digits.startswith(COUNTRY) and national[:2] in AREA_CODES and len(national) in (10, 11):
        return national[:2], national[2:]
    return "", digits


def _with_area(number: Number, previous: str, default: str) -> Number | Unusable:
    if number.area or number.foreign:
        return number
    if previous and default and previous != default:
        return Unusable(f"falta o DDD: pode ser {previous} ou {default}")
    area = previous or default
    if area not in AREA_CODES:
        return Unusable("falta o DDD")
    return Number(area, number.subscriber)


def _candidate(number: Number) -> PhoneCandidate:
    if number.foreign:
        return PhoneCandidate(number.subscriber, PhoneKind.FOREIGN, (number.subscriber,))
    prefix, subscriber = COUNTRY + number.area, number.subscriber
    if len(subscriber) == SHORT and subscriber[0] in LANDLINE:
        return PhoneCandidate(prefix + subscriber, PhoneKind.LANDLINE, (prefix + subscriber,))
    eight = subscriber[-SHORT:]
    e164 = f"{prefix}9{eight}"
    # Without its nine, a mobile of the newer ranges (9 2…, 9 3…) would be somebody else's landline.
    alternatives = (e164, prefix + eight) if eight[0] in OLD_MOBILE else (e164,)
    return PhoneCandidate(e164, PhoneKind.MOBILE, alternatives)


def _complaint(typed: str, reasons: list[str]) -> str:
    fix = "Corrija o celular no cadastro do cliente; a mensagem fica retida até lá."
    if not typed:
        return f"O contato não tem telefone. {fix}"
    shown = typed if len(typed) <= _SHOWN else typed[:_SHOWN] + "…"
    why = "; ".join(dict.fromkeys(reasons)) or "não há dígitos"
    return f"Não há telefone utilizável em “{shown}”: {why}. {fix}"
