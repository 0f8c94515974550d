"""A list of phones as people have it: pasted, or a file saved by a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from integrator.domain.errors import PhoneError
from integrator.domain.phone import PhoneCandidate, parse_phones

MOST_LINES: Final = 20_000
_SHOWN: Final = 60
_FEWEST_DIGITS: Final = 8
_HELD: Final = "; a mensagem fica retida até lá"
_FIX: Final = " Corrija o celular no cadastro do cliente."


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line without a phone: its number, what stands there, and why it does not serve."""

    number: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class PhoneList:
    """What was read. ``repeated`` counts phones that came more than once; ``phones`` has each once."""

    phones: tuple[PhoneCandidate, ...]
    bad: tuple[BadLine, ...]
    repeated: int
    too_many: bool = False


def decoded(raw: bytes) -> str:
    """A file as text: UTF-8 with or without its mark, UTF-16 with it, else Windows-1252."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def read_phones(text: str, default_area: str) -> PhoneList:
    """Each line's first cell that holds a usable phone; a heading without digits is skipped."""
    phones: dict[str, PhoneCandidate] = {}
    bad: list[BadLine] = []
    repeated = 0
    for count, (number, cells) in enumerate(_lines(text), start=1):
        if count > MOST_LINES:
            return PhoneList(tuple(phones.values()), tuple(bad), repeated, too_many=True)
        found, why = _phone(cells, default_area)
        if found is None:
            heading = count == 1 and not any(char.isdigit() for cell in cells for char in cell)
            bad += [] if heading else [BadLine(number, _short("; ".join(filter(None, cells))), why)]
        elif found.e164 in phones:
            repeated += 1
        else:
            phones[found.e164] = found
    return PhoneList(tuple(phones.values()), tuple(bad), repeated)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.replace("\0", "").splitlines(), start=1):
        if line.strip():
            yield number, [cell.strip() for cell in _cells(line)]


def _cells(line: str) -> Iterable[str]:
    """Commas also stand inside what people paste, as names do: only with quotes or semicolons is a line a table."""
    mark = next((each for each in (";", "\t") if each in line), ",")
    try:
        return next(csv.reader([line], delimiter=mark), [])
    except csv.Error:
        return [line]


def _phone(cells: list[str], default_area: str) -> tuple[PhoneCandidate | None, str]:
    why = ""
    for cell in cells:
        if sum(char.isdigit() for char in cell) < _FEWEST_DIGITS:
            continue
        try:
            return parse_phones(cell.lstrip("'"), default_area)[0], ""
        except PhoneError as error:
            why = why or error.message.replace(_HELD, "").replace(_FIX, "")
    return None, why or "Não há telefone nesta linha."


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
