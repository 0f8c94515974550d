"""The kinds of values of the API, each with how it is read and how the document describes it.

Amounts never pass through binary floats: JSON numbers arrive as ``Decimal``. Instants are the shop's local time; one
with an offset is turned into it.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)

from integrator.erp.row_json import ITEMS
from integrator.messages.schema import plain

_NUMBER: Final = re.compile(r"[0-9]{1,13}(\.[0-9]{1,4})?")
_LONGEST_NAME: Final = 60
_LONGEST_VALUE: Final = 4000
_MOST_DIGITS: Final = 13
_MOST_VARIABLES: Final = 500
_DAY: Final = "(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME: Final = "T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6})?)?"
_OFFSET: Final = "(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])?"
_INSTANT: Final = re.compile(f"{_DAY}({_TIME}{_OFFSET})?")
_PLAIN_INSTANT: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$"


class Asked(BaseModel):
    """Part of a body: ``null`` is the same as leaving the field out, and no field is guessed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {name: each for name, each in value.items() if each is not None or name not in cls.model_fields}


class Told(BaseModel):
    """Part of an answer; every field is always there."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)


def line(limit: int, about: str, **more: Any) -> Any:
    """A text that may be left out."""
    return Field(default="", max_length=limit, description=about, **more)


def required(limit: int, about: str, **more: Any) -> Any:
    """A text with something in it."""
    return Field(max_length=limit, pattern=r"\S", description=about, **more)


def _number(places: int) -> Any:
    def read(value: object) -> object:
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            value = Decimal(value)
        if isinstance(value, bool) or not isinstance(value, Decimal | int):
            raise ValueError("precisa ser um número com ponto decimal, com ou sem aspas: 150.00")
        number = Decimal(value)
        if not 0 <= number < Decimal(10) ** 13:
            raise ValueError("precisa estar entre 0 e 9999999999999.99")
        if number != round(number, places):
            raise ValueError(f"tem mais de {places} casas decimais")
        return round(number, places)

    return read


def _number_schema(places: int) -> WithJsonSchema:
    return WithJsonSchema(
        {
            "description": f"Número com até {places} casas, com ou sem aspas.",
            "anyOf": [
                {"type": "number", "minimum": 0, "maximum": 9999999999999},
                {"type": "string", "pattern": rf"^[0-9]{{1,13}}(\.[0-9]{{1,{places}}})?$"},
            ],
        }
    )


def _day(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(_DAY, value):
        raise ValueError("precisa ser uma data como 2026-11-20")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("é uma data que não existe") from None


def _instant(value: object) -> object:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError("precisa ser data e hora como 2026-11-20T08:00:00")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("é uma data que não existe") from None
    return moment.astimezone().replace(tzinfo=None) if moment.tzinfo else moment


def _variables(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("precisa ser um objeto, entre chaves")
    if len(value) > _MOST_VARIABLES:
        raise ValueError(f"tem mais de {_MOST_VARIABLES} variáveis")
    seen: set[str] = set()
    for name, each in value.items():
        bare = plain(name)
        if not bare or len(name) > _LONGEST_NAME or bare == ITEMS:
            raise ValueError(f"tem um nome que não serve: “{name[:60]}”")
        if bare in seen:
            raise ValueError(f"tem “{name}” mais de uma vez (maiúsculas e acentos não contam)")
        seen.add(bare)
        _check_variable(name, each)
    return value


def _check_variable(name: str, value: object) -> None:
    if isinstance(value, dict | list):
        raise ValueError(f"só aceita textos, números, true, false e null; “{name}” é outra coisa")
    if isinstance(value, str) and len(value) > _LONGEST_VALUE:
        raise ValueError(f"tem mais de {_LONGEST_VALUE} caracteres em “{name}”")
    if isinstance(value, int | Decimal) and (abs(Decimal(value).adjusted()) >= _MOST_DIGITS):
        raise ValueError(f"tem um número com dígitos demais em “{name}”")


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


Amount = Annotated[Decimal, BeforeValidator(_number(2)), _number_schema(2)]
Quantity = Annotated[Decimal, BeforeValidator(_number(3)), _number_schema(3)]
UnitPrice = Annotated[Decimal, BeforeValidator(_number(4)), _number_schema(4)]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "pattern": f"^{_DAY}$"})]
Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    WithJsonSchema({"type": "string", "pattern": f"^{_INSTANT.pattern}$"}),
]
#: Names and plain values; what the row's JSON may hold of them.
Variables = Annotated[
    dict[str, Any],
    PlainValidator(_variables),
    WithJsonSchema(
        {
            "type": "object",
            "maxProperties": _MOST_VARIABLES,
            "propertyNames": {"maxLength": _LONGEST_NAME, "pattern": r"\S"},
            "additionalProperties": {
                "anyOf": [
                    {"type": "string", "maxLength": _LONGEST_VALUE},
                    {"type": "number", "exclusiveMinimum": -(10**_MOST_DIGITS), "exclusiveMaximum": 10**_MOST_DIGITS},
                    {"type": ["boolean", "null"]},
                ]
            },
        }
    ),
]
#: An instant of an answer; None where it has not come.
Moment = Annotated[
    datetime | None,
    PlainSerializer(_written),
    WithJsonSchema({"type": ["string", "null"], "pattern": _PLAIN_INSTANT}),
]
