"""The variables that the ERP's row brings, read as the kinds that the catalogue gives them.

What is missing or cannot be read is told all at once, by name, so that the vendor mends it in one go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from integrator.domain.errors import MissingValue
from integrator.domain.message import Message
from integrator.messages.catalogue import Situation, Variable
from integrator.messages.filters import read_amount, read_day
from integrator.messages.formatting import format_list
from integrator.messages.render import clean
from integrator.messages.schema import Kind, Scalar, plain, shown

#: An ERP's empty date is 30/12/1899 (Delphi) or 01/01/1900; its "never" is mostly 2099.
FIRST_YEAR: Final = 1990
YEARS_AHEAD: Final = 50
_TIME = re.compile(r"[T ](\d{2}):(\d{2})(?::(\d{2}))?")
_NUMBER = re.compile(r"-?\d{1,15}(?:[.,]\d{1,6})?")
_YES = frozenset({"s", "sim", "1", "true", "t", "verdadeiro"})
_NO = frozenset({"n", "nao", "0", "false", "f", "falso"})


def typed_variables(message: Message, situation: Situation, today: date) -> dict[str, Scalar]:
    """The situation's variables by plain name; what the row does not bring is None.

    Raises :class:`MissingValue` naming each one that is mistyped and, for a row that uses the situation's own text,
    each required one that is missing.
    """
    given = {plain(name): value for name, value in message.variables.items()}
    uses_text = not (message.template and message.template.strip())
    values: dict[str, Scalar] = {}
    missing: list[str] = []
    wrong: list[str] = []
    for variable in situation.variables:
        text = clean(given.get(variable.name, ""))
        values[variable.name] = None
        if not text:
            missing += [variable.name] if variable.required and uses_text else []
            continue
        try:
            values[variable.name] = read_value(text, variable.kind, today)
        except ValueError as error:
            wrong.append(f"{variable.name} {error}: “{shown(text)}”")
    if missing or wrong:
        raise MissingValue(_told(situation, missing, wrong))
    return values


def read_value(text: str, kind: Kind, today: date) -> Scalar:
    """One value of an ERP as its kind. Raises ``ValueError`` with the end of a Portuguese sentence."""
    reader = _READERS.get(kind)
    if reader is None:
        return text
    value = reader(text)
    if isinstance(value, date) and not plausible(value, today):
        raise ValueError("não é uma data possível")
    return value


def plausible(day: date, today: date) -> bool:
    """Whether a day can be meant: not an ERP's empty date, nor its "never"."""
    return FIRST_YEAR <= day.year <= today.year + YEARS_AHEAD


def samples(variables: tuple[Variable, ...], today: date) -> Mapping[str, Scalar]:
    """The samples of variables, as values: for previews and checks where no real row is at hand."""
    return {each.name: read_value(each.sample, each.kind, today) for each in variables}


def _told(situation: Situation, missing: list[str], wrong: list[str]) -> str:
    sentences = []
    if missing:
        plural = len(missing) > 1
        sentences.append(f"{'Faltam as variáveis' if plural else 'Falta a variável'} {format_list(missing)}.")
    if wrong:
        sentences.append(f"Há valor que não serve: {'; '.join(wrong)}.")
    return f"{situation.module}, {situation.kind}: {' '.join(sentences)} Corrija no ERP e libere a mensagem."


def _amount(text: str) -> Decimal:
    amount = read_amount(text)
    if amount < 0:
        raise ValueError("é um valor negativo")
    return amount


def _moment(text: str) -> date:
    """A moment, or a bare day where the ERP gives no hour."""
    day = read_day(text)
    found = _TIME.search(text)
    if found is None:
        return day
    try:
        hour, minute, second = (int(piece or 0) for piece in found.groups())
        return datetime.combine(day, time(hour, minute, second))
    except ValueError:
        raise ValueError("não é uma data com hora") from None


def _number(text: str) -> int | Decimal:
    if not _NUMBER.fullmatch(text):
        raise ValueError("não é um número")
    return Decimal(text.replace(",", ".")) if re.search("[.,]", text) else int(text)


def _flag(text: str) -> bool:
    word = plain(text)
    if word not in _YES | _NO:
        raise ValueError("não é sim nem não")
    return word in _YES


_READERS: Mapping[Kind, Callable[[str], Scalar]] = {
    Kind.MONEY: _amount,
    Kind.DATE: read_day,
    Kind.DATETIME: _moment,
    Kind.NUMBER: _number,
    Kind.FLAG: _flag,
}
