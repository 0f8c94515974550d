"""Digits and punctuation as people type them, taken apart into telephone numbers: the reading half of ``phone``.

Taking a number out of digits that do not fit would be a guess, so every run of digits is understood whole or refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

COUNTRY: Final = "55"
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
OLD_MOBILE: Final = "6789"
LANDLINE: Final = "2345"
#: Digits of a landline, and of a mobile without its ninth digit.
SHORT: Final = 8
#: Digits of a mobile.
LONG: Final = 9
_FOREIGN_DIGITS: Final = range(8, 16)
#: Enough for every digit of a number typed apart from the next: ``0 0 5 5 4 9 9 8 …``.
_MOST_TOKENS: Final = 18

_CARRIER_X = re.compile(r"0\s*[xX]{2}")
_LABEL_DIGIT = re.compile(r"(?<=[^\W\d_])[0-9](?![0-9])")
_BETWEEN_NUMBERS = re.compile(r"[^0-9()+\-. ]+")
NOT_DIGIT = re.compile(r"[^0-9]")
_LOOSE_END = re.compile(r"(?P<before>.*?(?P<last>\S+))\s+(?P<end>\(?[0-9]{1,3}\)?)")
_PARENTHESIS = re.compile(r"\((?=\s*[0-9])")
#: Digits that may stand before a parenthesis: ``0055 (49) …``.
_MOST_BEFORE_PARENTHESIS: Final = 4
#: Digits that may follow the last hyphen: ``98859-0187``, ``9-88590187``, ``49-988590187``, ``55-49988590187``.
_AFTER_HYPHEN: Final = (4, 8, 9, 10, 11)
_LONGEST_EVEN_GROUP: Final = 3


@dataclass(frozen=True, slots=True)
class Number:
    """One number as read: ``area`` empty when it was not typed; a foreign one is all in ``subscriber``."""

    area: str
    subscriber: str
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why some digits are no phone, as the end of a sentence in Portuguese."""

    reason: str


def read_numbers(typed: str) -> list[Number | Unusable]:
    """Every number of a text whose white space is single blanks, in order, and why the rest is none."""
    text = _LABEL_DIGIT.sub(" ", _CARRIER_X.sub("0", typed))
    numbers: list[Number | Unusable] = []
    for chunk in _BETWEEN_NUMBERS.split(text):
        if re.search(r"[0-9]", chunk):
            numbers += _read_chunk(chunk)
    return numbers


def _read_chunk(chunk: str) -> list[Number | Unusable]:
    """The numbers of a run of digits, spaces and punctuation; all of it must be understood, or none is used.

    Taking a number out of digits that do not fit would be a guess: ``49 98859-01877`` has a valid phone of
    Maranhão inside.
    """
    tokens = re.findall(r"[^\s(+]+|[(+][^\s(+]*", chunk)
    best: list[list[Number] | None] = [None] * len(tokens) + [[]]
    for start in reversed(range(len(tokens))):
        for end in range(min(len(tokens), start + _MOST_TOKENS), start, -1):
            rest = best[end]
            number = _read(" ".join(tokens[start:end])) if rest is not None else None
            if rest is not None and isinstance(number, Number):
                best[start] = [number, *rest]
                break
    whole = best[0]
    if whole is not None:
        return list(whole)
    unusable = _read(" ".join(tokens))
    return [unusable if isinstance(unusable, Unusable) else Unusable("os dígitos não formam um telefone")]


def _read(text: str) -> Number | Unusable:
    """One number, all of ``text``: with country, carrier or area code, or without."""
    if _is_misplaced(text) or _has_loose_end(text):
        return Unusable("faltam ou sobram dígitos (o DDD vem antes do número; o ramal, depois da palavra ramal)")
    return _read_digits(text)


def _is_misplaced(text: str) -> bool:
    """Whether the punctuation tells of a missing or an extra digit, or of two numbers in one.

    ``49 98859-018`` lacks its last digit, and would otherwise be read as the old mobile 9885-9018 of somebody else.
    """
    before_parenthesis = "".join(_PARENTHESIS.split(text)[:-1])
    if "+" in text.lstrip("(")[1:] or len(NOT_DIGIT.sub("", before_parenthesis)) > _MOST_BEFORE_PARENTHESIS:
        return True
    groups = [len(digits) for group in text.split("-") if (digits := NOT_DIGIT.sub("", group))]
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
    return isinstance(_read_digits(match["before"]), Number)


def _read_digits(text: str) -> Number | Unusable:
    digits = NOT_DIGIT.sub("", text)
    international = text.lstrip("(").startswith("+")
    if not international and digits.startswith("00"):
        return _read_international(digits[2:])
    if international:
        return _read_plus(digits)
    if digits.startswith("0"):
        return _read_trunk(digits[1:])
    if digits.startswith(COUNTRY) and len(digits) in (12, 13):
        return _read_national(digits[2:])
    return _read_national(digits)


def _read_plus(digits: str) -> Number | Unusable:
    national = _read_national(digits)
    if isinstance(national, Number) and national.area:
        # "+51 98859-0187" is a mobile of Peru and a slip for the area code 51: nobody can tell.
        return Unusable(f"+{digits[:2]} tanto pode ser país como DDD: escreva +55 {digits[:2]} … ou 00{digits[:2]} …")
    return _read_international(digits)


def _read_international(digits: str) -> Number | Unusable:
    if digits.startswith(COUNTRY):
        return _read_national(digits[2:].removeprefix("0"))
    if len(digits) in _FOREIGN_DIGITS and not digits.startswith("0"):
        return Number("", digits, foreign=True)
    return Unusable("o número do exterior não tem entre 8 e 15 dígitos")


def _read_trunk(digits: str) -> Number | Unusable:
    """After the zero of a long-distance call: area code, or a carrier's two digits (or 55) before it."""
    if len(digits) in (12, 13):
        return _read_national(digits[2:])
    return _read_national(digits)


def _read_national(digits: str) -> Number | Unusable:
    if len(digits) in (SHORT, LONG):
        area, subscriber = "", digits
    elif len(digits) in (2 + SHORT, 2 + LONG):
        area, subscriber = digits[:2], digits[2:]
        if area not in AREA_CODES:
            return Unusable(f"o DDD {area} não existe")
    else:
        return Unusable(f"são {len(digits)} dígitos, e um telefone com DDD tem 10 ou 11")
    if len(set(subscriber)) == 1:
        return Unusable("o número é só de preenchimento")
    valid = "9" if len(subscriber) == LONG else LANDLINE + OLD_MOBILE
    if subscriber[0] not in valid:
        return Unusable(f"um telefone de {len(subscriber)} dígitos não começa com {subscriber[0]}")
    return Number(area, subscriber)
