"""``WA_FILA.VARIAVEIS``: variables and lines of a document that an ERP writes as one JSON object.

Strict, because what is guessed here would be sent: every doubt raises :class:`~integrator.erp.rows.RowError` naming
what is wrong. Numbers become the text that :mod:`integrator.messages.filters` reads as the same number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from integrator.domain.message import LineItem, Message
from integrator.erp.connection import Session
from integrator.erp.items import line_item, line_items, refuse_too_many
from integrator.erp.rows import Row, RowError
from integrator.erp.sql import QUERIES
from integrator.messages.schema import plain, shown

MAX_BYTES: Final = 65_536
ITEMS: Final = "itens"
#: What the statement ``load_json`` reads at a time.
_PIECE = 30_000
_LONGEST_NAME = 60
_LONGEST_NUMBER = 40
_MOST_DIGITS = 18
_CENTS = 2
_NOISE = Decimal("1E-10")
_TOO_LARGE = Decimal("Infinity")
_THOUSANDTHS = 3
_TEXTS = ("descricao", "codigo", "unidade")
_NUMBERS = ("quantidade", "valor_unitario", "desconto", "total")
#: Half of a UTF-16 pair, which no text can hold, and NUL.
_IMPOSSIBLE = re.compile(r"[\x00\ud800-\udfff]")
_MEND = "Corrija no ERP e libere a mensagem."


@dataclass(frozen=True, slots=True)
class RowJson:
    """What the JSON of a row holds; the names of the variables are as written."""

    variables: Mapping[str, str] = field(default_factory=dict)
    items: tuple[LineItem, ...] = ()


def load(session: Session, row_id: int, size: int) -> bytes:
    """The bytes of a row's JSON, of which the column has ``size``."""
    _refuse_size(size)
    starts = range(1, size + 1, _PIECE)
    return b"".join(piece for start in starts for (piece,) in session.rows(QUERIES["load_json"], (start, row_id)))


def with_extras(message: Message, raw: bytes | None, items: Sequence[Row]) -> Message:
    """The message with its JSON, where the row has one, and its rows of ``load_items``.

    A variable of ``WA_VARIAVEL`` goes before one of the JSON with the same plain name. Lines in both places are a
    doubt: :class:`RowError`.
    """
    told = read_json(raw) if raw else RowJson()
    lines = line_items(items)
    if lines and told.items:
        raise RowError(f"A mensagem tem itens em WA_ITEM e também nos dados em JSON; use um só. {_MEND}")
    own = {plain(name) for name in message.variables}
    more = {name: value for name, value in told.variables.items() if plain(name) not in own}
    return replace(message, variables={**more, **message.variables}, items=lines or told.items)


def read_json(raw: bytes) -> RowJson:
    """Raises :class:`RowError`. UTF-8 where it is that, else Windows-1252, in which the column is declared."""
    _refuse_size(len(raw))
    source = _decoded(raw)
    if not source.strip():
        return RowJson()
    found = _parsed(source)
    if not isinstance(found, dict):
        raise RowError(f"Os dados em JSON precisam ser um objeto, entre chaves: {{…}}. {_MEND}")
    variables: dict[str, str] = {}
    items: tuple[LineItem, ...] = ()
    for name, value in found.items():
        if plain(name) == ITEMS:
            items = _items(value)
        elif value is not None:
            variables[name] = _scalar(name, value)
    return RowJson(variables, items)


def _refuse_size(size: int) -> None:
    if size > MAX_BYTES:
        raise RowError(f"Os dados em JSON têm {size} bytes; o máximo é {MAX_BYTES}. {_MEND}")


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError as error:
        raise RowError(
            f"Os dados em JSON têm bytes que não são UTF-8 nem Windows-1252. {_MEND}",
            detail=f"byte 0x{error.object[error.start]:02X} at {error.start}",
        ) from error


def _parsed(source: str) -> Any:
    try:
        return json.loads(
            source,
            parse_float=_number,
            parse_int=_number,
            parse_constant=_no_number,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        raise RowError(
            f"Os dados em JSON têm um erro na linha {error.lineno}, coluna {error.colno}. {_MEND}", detail=error.msg
        ) from error
    except RecursionError as error:
        raise RowError(f"Os dados em JSON têm listas dentro de listas demais. {_MEND}") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: set[str] = set()
    for name, _ in pairs:
        bare = plain(name)
        if not bare or len(name) > _LONGEST_NAME or _IMPOSSIBLE.search(name):
            raise RowError(f"Um nome nos dados em JSON não serve: “{shown(name)}”. {_MEND}")
        if bare in seen:
            raise RowError(f"Os dados em JSON trazem “{shown(name)}” mais de uma vez. {_MEND}")
        seen.add(bare)
    return dict(pairs)


def _number(written: str) -> Decimal:
    """Never more digits than a text may print: ``1e999999`` would fill the memory."""
    try:
        number = Decimal(written) if len(written) <= _LONGEST_NUMBER else _TOO_LARGE
    except InvalidOperation:  # an exponent that not even Decimal holds
        number = _TOO_LARGE
    if not number.is_finite() or abs(number.adjusted()) >= _MOST_DIGITS:
        raise RowError(
            f"Os dados em JSON têm um número grande demais: “{shown(written)}”. Um código vai entre aspas. {_MEND}"
        )
    return number


def _no_number(written: str) -> Decimal:
    raise RowError(f"Os dados em JSON têm “{written}”, que não é um número. {_MEND}")


def _scalar(name: str, value: Any) -> str:
    """One variable's value as ``WA_VARIAVEL`` would have it."""
    if isinstance(value, bool):
        return "S" if value else "N"
    if isinstance(value, Decimal):
        return _as_written(value)
    if isinstance(value, str):
        return _text(value, f"A variável “{shown(name)}”")
    raise RowError(f"A variável “{shown(name)}” dos dados em JSON é uma lista ou um objeto; só “{ITEMS}” pode. {_MEND}")


def _as_written(number: Decimal) -> str:
    """``152,3``, ``2``, ``1.2340``: never just three digits after a point, which may be thousands or thousandths."""
    if _places(number) > _CENTS:
        # The tail of a binary number, 152.30000000000001, is no part of what was meant.
        number = number.quantize(_NOISE).normalize() if _places(number) > _places(_NOISE) else number.normalize()
    digits = f"{number:f}"
    if _places(number) <= _CENTS:
        return digits.replace(".", ",")
    return f"{digits}0" if _places(number) == _THOUSANDTHS else digits


def _places(number: Decimal) -> int:
    return max(0, -int(number.as_tuple().exponent))


def _items(value: Any) -> tuple[LineItem, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise RowError(f"“{ITEMS}”, nos dados em JSON, precisa ser uma lista: [{{…}}, {{…}}]. {_MEND}")
    refuse_too_many(len(value))
    return tuple(_item(place, each) for place, each in enumerate(value, start=1))


def _item(place: int, value: Any) -> LineItem:
    if not isinstance(value, dict):
        raise RowError(f"O item {place} dos dados em JSON precisa ser um objeto: {{…}}. {_MEND}")
    given = {plain(name): each for name, each in value.items()}
    unknown = [name for name in value if plain(name) not in (*_TEXTS, *_NUMBERS)]
    if unknown:
        known = ", ".join((*_TEXTS, *_NUMBERS))
        raise RowError(f"O item {place} dos dados em JSON traz “{shown(unknown[0])}”. Os campos são: {known}. {_MEND}")
    for name in _NUMBERS:
        if not isinstance(given.get(name), Decimal | None):
            raise RowError(f"No item {place} dos dados em JSON, {name} precisa ser um número, sem aspas. {_MEND}")
    description, code, unit = (_item_text(place, name, given.get(name)) for name in _TEXTS)
    quantity, unit_price, discount, total = (given.get(name) for name in _NUMBERS)
    return line_item(place, description, code, unit, (quantity, unit_price, discount, total))


def _item_text(place: int, name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return _as_written(value)  # a product's code may well be a number
    if not isinstance(value, str):
        raise RowError(f"No item {place} dos dados em JSON, {name} precisa ser um texto, entre aspas. {_MEND}")
    return _text(value, f"No item {place}, {name}")


def _text(value: str, what: str) -> str:
    if _IMPOSSIBLE.search(value):
        raise RowError(f"{what} tem, nos dados em JSON, um caractere que não existe. {_MEND}")
    return value.strip()
