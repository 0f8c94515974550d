"""Phones as people type them, turned into numbers that WhatsApp can be asked about.

The contact field of an ERP holds anything: two numbers with a slash, a name, a carrier code, no area code, the old
eight digits. Nothing is guessed here: a mobile typed with or without its ninth digit yields both forms as
``alternatives``, WhatsApp says which one exists (``sending`` asks and remembers), and whatever could be somebody
else's number is refused with a reason.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from integrator.domain.errors import PhoneError

_COUNTRY: Final = "55"
#: The 67 area codes in use (Anatel, Plano Geral de Códigos Nacionais).
AREA_CODES: Final = frozenset(
    str(code)
    for codes in (
        (*range(11, 20), 21, 22, 24, 27, 28),
        (*range(31, 36), 37, 38, *range(41, 50)),
        (51, 53, 54, 55, *range(61, 70)),
        (71, 73, 74, 75, 77, 79, *range(81, 90), *range(91, 100)),
    )
    for code in codes
)
_OLD_MOBILE: Final = "6789"
_LANDLINE: Final = "2345"
_LANDLINE_DIGITS: Final = 8
_MOBILE_DIGITS: Final = 9
_FOREIGN_DIGITS: Final = range(8, 16)
_LONGEST_INPUT: Final = 1000
#: Enough for every digit of a number typed apart from the next: ``0 0 5 5 4 9 9 8 …``.
_MOST_TOKENS: Final = 18
_SHOWN: Final = 60

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_CARRIER_X = re.compile(r"0\s*[xX]{2}")
_EXTENSION = re.compile(r"\b(?:ramal|ram|r|ext|extens[aã]o)\b[\s.:]*[0-9]+", re.IGNORECASE)
_LABEL_DIGIT = re.compile(r"(?<=[^\W\d_])[0-9](?![0-9])")
_BETWEEN_NUMBERS = re.compile(r"[^0-9()+\-. ]+")
_NOT_DIGIT = re.compile(r"[^0-9]")
_LOOSE_END = re.compile(r"(?P<before>.*?(?P<last>\S+))\s+(?P<end>\(?[0-9]{1,3}\)?)")
_PARENTHESIS = re.compile(r"\((?=\s*[0-9])")
#: Digits that may stand before a parenthesis: ``0055 (49) …``.
_MOST_BEFORE_PARENTHESIS: Final = 4
#: Digits that may follow the last hyphen: ``98859-0187``, ``9-88590187``, ``49-988590187``, ``55-49988590187``.
_AFTER_HYPHEN: Final = (4, 8, 9, 10, 11)
_LONGEST_EVEN_GROUP: Final = 3
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


@dataclass(frozen=True, slots=True)
class _Number:
    """One number as read: ``area`` empty when it was not typed; a foreign one is all in ``subscriber``."""

    area: str
    subscriber: str
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class _Unusable:
    """Why some digits are no phone, as the end of a sentence in Portuguese."""

    reason: str


def parse_phones(text: str, default_area: str = "") -> tuple[PhoneCandidate, ...]:
    """All usable numbers of a contact field, mobiles before landlines, otherwise as typed, without repetition.

    A number without area code takes that of the number before it in the same field, else ``default_area`` (two
    digits); when these two disagree it is not used. Raises :class:`PhoneError`, naming what was typed, when no
    number can be used.
    """
    clean = unicodedata.normalize("NFKC", text[:_LONGEST_INPUT]).translate(_DASHES).replace("\0", " ")
    typed = " ".join(clean.split())
    found: dict[str, PhoneCandidate] = {}
    reasons: list[str] = []
    previous_area = ""
    for read in _numbers(typed):
        number = _with_area(read, previous_area, default_area) if isinstance(read, _Number) else read
        if isinstance(number, _Unusable):
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


def mask_phone(e164: str) -> str:
    """``5549988590187`` as ``(49) 9****-0187``: what a log may show."""
    area, subscriber = _split(e164)
    if not area:
        hidden = max(len(subscriber) - _TAIL, min(len(subscriber), _TAIL))
        return f"+{'*' * hidden}{subscriber[hidden:]}"
    first = subscriber[0] if len(subscriber) == _MOBILE_DIGITS else ""
    return f"({area}) {first}****-{subscriber[-_TAIL:]}"


def _split(e164: str) -> tuple[str, str]:
    """Area code and subscriber number, or an empty area and all digits when it is no Brazilian number."""
    digits = _NOT_DIGIT.sub("", e164)
    national = digits[2:]
    if digits.startswith(_COUNTRY) and national[:2] in AREA_CODES and len(national) in (10, 11):
        return national[:2], national[2:]
    return "", digits


def _numbers(typed: str) -> list[_Number | _Unusable]:
    text = _EXTENSION.sub(" ", _CARRIER_X.sub("0", typed))
    text = _LABEL_DIGIT.sub(" ", text)
    numbers: list[_Number | _Unusable] = []
    for chunk in _BETWEEN_NUMBERS.split(text):
        if re.search(r"[0-9]", chunk):
            numbers += _read_chunk(chunk)
    return numbers


def _read_chunk(chunk: str) -> list[_Number | _Unusable]:
    """The numbers of a run of digits, spaces and punctuation; all of it must be understood, or none is used.

    Taking a number out of digits that do not fit would be a guess: ``49 98859-01877`` has a valid phone of
    Maranhão inside.
    """
    tokens = re.findall(r"[^\s(+]+|[(+][^\s(+]*", chunk)
    best: list[list[_Number] | None] = [None] * len(tokens) + [[]]
    for start in reversed(range(len(tokens))):
        for end in range(min(len(tokens), start + _MOST_TOKENS), start, -1):
            rest = best[end]
            number = _read(" ".join(tokens[start:end])) if rest is not None else None
            if rest is not None and isinstance(number, _Number):
                best[start] = [number, *rest]
                break
    whole = best[0]
    if whole is not None:
        return list(whole)
    unusable = _read(" ".join(tokens))
    return [unusable if isinstance(unusable, _Unusable) else _Unusable("os dígitos não formam um telefone")]


def _read(text: str) -> _Number | _Unusable:
    """One number, all of ``text``: with country, carrier or area code, or without."""
    if _is_misplaced(text) or _has_loose_end(text):
        return _Unusable("faltam ou sobram dígitos (o DDD vem antes do número; o ramal, depois da palavra ramal)")
    return _read_digits(text)


def _is_misplaced(text: str) -> bool:
    """Whether the punctuation tells of a missing or an extra digit, or of two numbers in one.

    ``49 98859-018`` lacks its last digit, and would otherwise be read as the old mobile 9885-9018 of somebody else.
    """
    before_parenthesis = "".join(_PARENTHESIS.split(text)[:-1])
    if "+" in text.lstrip("(")[1:] or len(_NOT_DIGIT.sub("", before_parenthesis)) > _MOST_BEFORE_PARENTHESIS:
        return True
    groups = [len(digits) for group in text.split("-") if (digits := _NOT_DIGIT.sub("", group))]
    if len(groups) < 2:
        return False
    even = groups[-1] == groups[-2] and groups[-1] <= _LONGEST_EVEN_GROUP
    return groups[-1] not in _AFTER_HYPHEN and not even


def _has_loose_end(text: str) -> bool:
    """Whether a complete number is followed by a few digits more: an area code or an extension, nobody can tell.

    ``3322-1100 49`` would otherwise be read as a phone of the area 33. Even groups (``988 590 187``) are fine.
    """
    match = _LOOSE_END.fullmatch(text.strip())
    if match is None or len(match["last"]) == len(match["end"]):
        return False
    return isinstance(_read_digits(match["before"]), _Number)


def _read_digits(text: str) -> _Number | _Unusable:
    digits = _NOT_DIGIT.sub("", text)
    international = text.lstrip("(").startswith("+")
    if not international and digits.startswith("00"):
        return _read_international(digits[2:])
    if international:
        return _read_plus(digits)
    if digits.startswith("0"):
        return _read_trunk(digits[1:])
    if digits.startswith(_COUNTRY) and len(digits) in (12, 13):
        return _read_national(digits[2:])
    return _read_national(digits)


def _read_plus(digits: str) -> _Number | _Unusable:
    national = _read_national(digits)
    if isinstance(national, _Number) and len(digits) == 2 + _MOBILE_DIGITS:
        # "+51 98859-0187" is a mobile of Peru and a slip for the area code 51: nobody can tell.
        return _Unusable(f"+{digits[:2]} tanto pode ser país como DDD: escreva +55 {digits[:2]} … ou 00{digits[:2]} …")
    return _read_international(digits)


def _read_international(digits: str) -> _Number | _Unusable:
    if digits.startswith(_COUNTRY):
        return _read_national(digits[2:].removeprefix("0"))
    if len(digits) in _FOREIGN_DIGITS and not digits.startswith("0"):
        return _Number("", digits, foreign=True)
    return _Unusable("o número do exterior não tem entre 8 e 15 dígitos")


def _read_trunk(digits: str) -> _Number | _Unusable:
    """After the zero of a long-distance call: area code, or a carrier's two digits (or 55) before it."""
    if len(digits) in (12, 13):
        return _read_national(digits[2:])
    return _read_national(digits)


def _read_national(digits: str) -> _Number | _Unusable:
    if len(digits) in (_LANDLINE_DIGITS, _MOBILE_DIGITS):
        area, subscriber = "", digits
    elif len(digits) in (2 + _LANDLINE_DIGITS, 2 + _MOBILE_DIGITS):
        area, subscriber = digits[:2], digits[2:]
        if area not in AREA_CODES:
            return _Unusable(f"o DDD {area} não existe")
    else:
        return _Unusable(f"são {len(digits)} dígitos, e um telefone com DDD tem 10 ou 11")
    if len(set(subscriber)) == 1:
        return _Unusable("o número é só de preenchimento")
    valid = "9" if len(subscriber) == _MOBILE_DIGITS else _LANDLINE + _OLD_MOBILE
    if subscriber[0] not in valid:
        return _Unusable(f"um telefone de {len(subscriber)} dígitos não começa com {subscriber[0]}")
    return _Number(area, subscriber)


def _with_area(number: _Number, previous: str, default: str) -> _Number | _Unusable:
    if number.area or number.foreign:
        return number
    if previous and default and previous != default:
        return _Unusable(f"falta o DDD: pode ser {previous} ou {default}")
    area = previous or default
    if area not in AREA_CODES:
        return _Unusable("falta o DDD")
    return _Number(area, number.subscriber)


def _candidate(number: _Number) -> PhoneCandidate:
    if number.foreign:
        return PhoneCandidate(number.subscriber, PhoneKind.FOREIGN, (number.subscriber,))
    prefix, subscriber = _COUNTRY + number.area, number.subscriber
    if len(subscriber) == _LANDLINE_DIGITS and subscriber[0] in _LANDLINE:
        return PhoneCandidate(prefix + subscriber, PhoneKind.LANDLINE, (prefix + subscriber,))
    eight = subscriber[-_LANDLINE_DIGITS:]
    e164 = f"{prefix}9{eight}"
    # Without its nine, a mobile of the newer ranges (9 2…, 9 3…) would be somebody else's landline.
    alternatives = (e164, prefix + eight) if eight[0] in _OLD_MOBILE else (e164,)
    return PhoneCandidate(e164, PhoneKind.MOBILE, alternatives)


def _complaint(typed: str, reasons: list[str]) -> str:
    fix = "Corrija o celular no cadastro do cliente; a mensagem fica retida até lá."
    if not typed:
        return f"O contato não tem telefone. {fix}"
    shown = typed if len(typed) <= _SHOWN else typed[:_SHOWN] + "…"
    why = "; ".join(dict.fromkeys(reasons)) or "não há dígitos"
    return f"Não há telefone utilizável em “{shown}”: {why}. {fix}"
