"""What the settings hold as a form shows it, and what was typed as ``config.toml`` has it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import time
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, Final

from pydantic import BaseModel

from integrator.domain.calendar import Hours
from integrator.domain.phone import format_phone
from integrator.panel.settings_forms.fields import CLOSED, SAME, YES, Field, Kind
from integrator.settings import Settings

#: As the forms and ``dias_sem_envio`` name the days, Monday first.
DAYS: Final = ("segunda", "terca", "quarta", "quinta", "sexta", "sabado", "domingo")
_MIDNIGHT: Final = time(0)


class Unreadable(ValueError):
    """What was typed is no value of that kind; the sentence says how to write it."""


def shown(settings: Settings, fields: Iterable[Field]) -> dict[str, str]:
    """The effective value of each field, as text."""
    return {field.name: _text(_value_at(settings, field.path), field) for field in fields}


def typed(
    form: Callable[[str], str], several: Callable[[str], tuple[str, ...]], fields: Iterable[Field]
) -> dict[str, str]:
    """What a form holds, as the same text: ``form`` gives one value of a name, ``several`` all of them."""
    return {field.name: _typed(form, several, field) for field in fields}


def toml_value(text: str, field: Field) -> Any:
    """The text of a field as the file has it. Raises :class:`Unreadable`."""
    match field.kind:
        case Kind.NUMBER:
            return _integer(text)
        case Kind.DECIMAL:
            return _decimal(text)
        case Kind.FLAG:
            return text == YES
        case Kind.WEEKDAYS:
            return text.split()
        case Kind.HOURS if text.startswith("-") or text.endswith("-"):
            raise Unreadable("preencha o início e o fim do horário, ou escolha que não envia")
        case _:
            return text


def told(text: str, field: Field) -> str:
    """The value in the words of the audit and of notes; private ones are not told."""
    if field.private:
        return "(preenchido)" if text else "(vazio)"
    if field.kind is Kind.FLAG:
        return "sim" if text == YES else "não"
    return dict(field.options).get(text, text) or "(vazio)"


def same(first: str, second: str, field: Field) -> bool:
    """Whether two texts of a field mean the same value."""
    try:
        return bool(toml_value(first, field) == toml_value(second, field))
    except Unreadable:
        return False


def by_key(section: BaseModel) -> dict[str, Any]:
    """The values of a section by their TOML key."""
    return {
        str(info.validation_alias or name): getattr(section, name) for name, info in type(section).model_fields.items()
    }


def _value_at(settings: Settings, path: tuple[str, ...]) -> object:
    current: Any = settings
    for key in path:
        current = by_key(current)[key]
    return current


def _text(value: object, field: Field) -> str:
    if isinstance(value, bool):
        text = YES if value else ""
    elif value is None:
        text = CLOSED
    elif isinstance(value, Hours):
        text = f"{value.start:%H:%M}-{'24:00' if value.end == _MIDNIGHT else f'{value.end:%H:%M}'}"
    elif isinstance(value, time):
        text = f"{value:%H:%M}"
    elif isinstance(value, Enum):
        text = str(value.value)
    elif isinstance(value, Decimal):
        text = f"{value.normalize():f}".replace(".", ",")
    elif isinstance(value, tuple) and field.kind is Kind.WEEKDAYS:
        text = " ".join(DAYS[day] for day in value)
    else:
        text = format_phone(str(value)) if value and field.kind is Kind.PHONE else str(value)
    return text


def _typed(form: Callable[[str], str], several: Callable[[str], tuple[str, ...]], field: Field) -> str:
    if field.kind is Kind.WEEKDAYS:
        return " ".join(day for day in DAYS if day in several(field.name))
    if field.kind is Kind.HOURS:
        mode = form(f"{field.name}.modo")
        start, end = form(f"{field.name}.de"), form(f"{field.name}.ate")
        return mode if mode in {CLOSED, SAME} else f"{start}-{'24:00' if end == '00:00' else end}"
    return form(field.name)


def _integer(text: str) -> int:
    plain = text.replace(".", "")
    if not plain.lstrip("-").isdecimal() or len(plain) > 9:
        raise Unreadable("escreva um número inteiro, por exemplo 5")
    return int(plain)


def _decimal(text: str) -> Decimal:
    plain = text.replace(".", "").replace(",", ".") if "," in text else text
    try:
        value = Decimal(plain or "0")
    except InvalidOperation:
        raise Unreadable("escreva um número, por exemplo 1,5") from None
    if not value.is_finite() or abs(value) > 10**9:
        raise Unreadable("escreva um número, por exemplo 1,5")
    return value
