"""What a person types to find rows, as conditions from a closed list; what was typed is always a parameter."""

from __future__ import annotations

import re
from typing import Final

from integrator.domain.message import Purpose
from integrator.erp import rows

_LONGEST: Final = 40
_COUNTRY: Final = "55"
_SUBSCRIBER: Final = 8
_WITH_AREA: Final = 10
_WITH_COUNTRY: Final = 12
_SHORTEST_PHONE: Final = 4
_PHONE = re.compile(r"[\d\s()+./-]+")
#: A phone column's digits, however they were parted.
_DIGITS: Final = "".join(("REPLACE(" * 6, "F.TELEFONE", *(f", '{sign}', '')" for sign in " -().+")))
#: The collation knows neither case nor accents, as people type.
_WORDS: Final = (
    "F.CLIENTE_NOME COLLATE WIN_PTBR CONTAINING ?",
    "F.CLIENTE_CODIGO = ?",
    "F.CHAVE CONTAINING ?",
    "EXISTS(SELECT 1 FROM WA_TITULO T WHERE T.FILA_ID = F.ID AND (T.DOCUMENTO STARTING WITH ? OR T.REF = ?))",
)


def where(module: str, kind: str, search: str, purpose: Purpose | None = None) -> tuple[str, list[object]]:
    """A condition on ``WA_FILA F`` and its parameters; without anything asked, one that is always true."""
    pieces: list[str] = []
    parameters: list[object] = []
    for column, value, limit in (("F.MODULO", module, 40), ("F.TIPO", kind, 60)):
        if value:
            pieces.append(f"TRIM({column}) = ?")
            parameters.append(rows.storable(value, limit))
    if purpose is not None:
        pieces.append("F.FINALIDADE = ?")
        parameters.append(purpose.value)
    if search.strip():
        conditions, values = _search(search.strip())
        pieces.append(f"({' OR '.join(conditions)})")
        parameters += values
    return " AND ".join(pieces) or "1 = 1", parameters


def _search(typed: str) -> tuple[list[str], list[object]]:
    text = rows.storable(typed, _LONGEST)
    conditions, values = list(_WORDS), [text, text[:30], text, text, text]
    pattern = phone_pattern(typed)
    if pattern:
        conditions += [f"{_DIGITS} LIKE ?", "F.DESTINO LIKE ?"]
        values += [pattern, pattern[:20]]
    return conditions, list(values)


def phone_pattern(typed: str) -> str:
    """A LIKE pattern for the digits of a phone column; empty for what is no phone or too short a piece of one.

    The ninth digit may stand there or not, on either side: with an area code the last eight digits decide.
    """
    digits = re.sub(r"\D", "", typed)
    if _PHONE.fullmatch(typed) is None or len(digits) < _SHORTEST_PHONE:
        return ""
    if len(digits) >= _WITH_COUNTRY and digits.startswith(_COUNTRY):
        digits = digits.removeprefix(_COUNTRY)
    digits = digits.lstrip("0") or digits
    if len(digits) >= _WITH_AREA:
        return f"%{digits[:2]}%{digits[-_SUBSCRIBER:]}%"
    return f"%{digits[-_SUBSCRIBER:]}%" if len(digits) > _SUBSCRIBER else f"%{digits}%"
