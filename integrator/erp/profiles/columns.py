"""The columns that a SELECT answers against those that its source must and may have."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from integrator.erp.profiles.canonical import SOURCES, ColumnSpec
from integrator.erp.profiles.cells import ACCEPTED, VARIABLE_TYPES
from integrator.erp.profiles.charsets import codec_of
from integrator.erp.profiles.loader import Query
from integrator.erp.session import Column
from integrator.settings.problems import Place, Problem


def column_problems(query: Query, columns: tuple[Column, ...], charset: str) -> Iterator[Problem]:
    """What the closing could not use: missing, unknown, mistyped and unreadable columns; none is a warning."""
    spec = SOURCES[query.source]
    source = query.source.value
    names = [column.name for column in columns]
    for column in columns:
        place = place_of_column(query, column.name)
        canonical = spec.column(column.name)
        if names.count(column.name) > 1:
            yield Problem(f"A coluna {column.name} de [{source}] aparece duas vezes.", place, source=source)
        elif canonical is None:
            yield from _further(query, column, place, names)
        elif column.type_name not in ACCEPTED[canonical.kind]:
            yield Problem(_mistyped(query, canonical, column), place, source=source)
        if column.is_text and codec_of(column.charset_id, charset) is None:
            told = (
                f"A coluna {column.name} de [{source}] está num charset que o integrador não lê. Use CAST para WIN1252."
            )
            yield Problem(told, place, source=source)
    for wanted in spec.columns:
        if wanted.required and wanted.name not in names:
            told = (
                f"Falta a coluna {wanted.name} em [{source}] ({wanted.about.rstrip('.')}). Escreva … AS {wanted.name}."
            )
            yield Problem(told, query.statement.start, source=source)


def _further(query: Query, column: Column, place: Place, names: list[str]) -> Iterator[Problem]:
    spec, source = SOURCES[query.source], query.source.value
    if spec.open_columns:
        if column.type_name not in VARIABLE_TYPES:
            told = f"A coluna {column.name} de [{source}] é {column.type_name}, que não vira texto. Tire-a do SELECT."
            yield Problem(told, place, source=source)
        return
    free = [each.name for each in spec.columns if each.name not in names]
    close = difflib.get_close_matches(column.name.upper(), free, n=1, cutoff=0.6)
    meant = f" Você quis dizer {close[0]}?" if close else " Dê-lhe um nome conhecido com AS, ou tire-a do SELECT."
    shown = column.name or "sem nome"
    yield Problem(f"A coluna {shown} não existe na fonte [{source}].{meant}", place, source=source)


def _mistyped(query: Query, canonical: ColumnSpec, column: Column) -> str:
    advice = {
        "data": "Use a coluna de data do ERP, ou CAST(… AS DATE)",
        "data e hora": "Use uma coluna de data, ou CAST(… AS TIMESTAMP)",
        "valor": "Use a coluna numérica do ERP, ou CAST(… AS NUMERIC(15, 2))",
        "S ou N": "Use CASE WHEN … THEN 'S' ELSE 'N' END",
        "texto": "Use CAST(… AS VARCHAR(n))",
    }.get(canonical.kind.value, "Confira a coluna")
    return (
        f"A coluna {column.name} de [{query.source.value}] é {column.type_name}, e precisa ser {canonical.kind.value}. "
        f"{advice}."
    )


def place_of_column(query: Query, name: str) -> Place:
    """Where the statement names a result column: its last mention before the first FROM, else the beginning."""
    statement = query.statement
    depth, at = 0, None
    for token in statement.tokens:
        depth += token.is_symbol("(") - token.is_symbol(")")
        if depth == 0 and token.is_word("FROM"):
            break
        if depth == 0 and token.value.upper() == name.upper() and name:
            at = token.start
    return statement.start if at is None else statement.place_of(at)
