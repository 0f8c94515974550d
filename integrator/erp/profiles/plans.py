"""Which large tables a SELECT reads from end to end, by the plan that the server chose, and which index would help.

We never create one: the tables are the vendor's, and so is the decision.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from integrator.erp.profiles.canonical import SourceName
from integrator.erp.profiles.catalog import Catalog
from integrator.erp.profiles.from_clause import Block, Table, blocks, compares, references
from integrator.erp.profiles.loader import Query
from integrator.settings.problems import Problem

#: Below so many rows a scan costs less than anybody would notice.
LARGE = 1_000
_NATURAL = re.compile(r"([A-Za-z0-9_$]+)\s+NATURAL")
#: Sources that read everybody anyway.
_READ_WHOLE = frozenset({SourceName.CONTACTS, SourceName.COMPANIES})
_LONGEST_NAME = 31


@dataclass(frozen=True, slots=True)
class _Scan:
    """A table of the statement that the plan reads from end to end."""

    table: Table
    filtered: tuple[str, ...]
    repeated: bool


def scans(query: Query, plan: str, catalog: Catalog) -> Iterator[Problem]:
    """A warning per large table that the plan reads NATURAL."""
    natural = {match.upper() for match in _NATURAL.findall(plan)}
    found = list(blocks(query.statement.tokens))
    told: set[str] = set()
    for index, block in enumerate(found):
        for scan in _scans(block, natural, catalog, inner=index > 0):
            name = scan.table.name
            whole = query.source in _READ_WHOLE and not scan.filtered and not scan.repeated
            if name in told or whole or not catalog.has_more_than(name, LARGE):
                continue
            told.add(name)
            message = _sentence(query, scan, catalog)
            yield Problem(message, query.statement.place_of(scan.table.at), warning=True, source=query.source.value)


def _scans(block: Block, natural: set[str], catalog: Catalog, *, inner: bool) -> Iterator[_Scan]:
    own = {table.alias for table in block.tables}
    for table in block.tables:
        if table.name and not table.inside and table.alias.upper() in natural and catalog.columns_of(table.name):
            compared = [each for cond in block.conditions if compares(cond) for each in references(cond)]
            columns = catalog.columns_of(table.name) or frozenset()
            mine = [
                each.column
                for each in compared
                if each.column in columns and (each.table == table.alias or (not each.table and len(own) == 1))
            ]
            correlated = inner and any(each.table and each.table not in own for each in compared)
            yield _Scan(table, tuple(dict.fromkeys(mine)), correlated)


def _sentence(query: Query, scan: _Scan, catalog: Catalog) -> str:
    name = scan.table.name
    lacking = [column for column in scan.filtered if column not in catalog.indexed(name)]
    often = ", uma vez para cada linha do resultado" if scan.repeated else ""
    if query.source is SourceName.RECHECK:
        often = ", antes de cada envio"
    begin = f"[{query.source.value}] percorre a tabela {name} inteira, que tem mais de 1.000 linhas{often}."
    if not lacking:
        return f"{begin} Confira se o WHERE pode usar um índice que já existe."
    columns = "a coluna" if len(lacking) == 1 else "as colunas"
    have = "não tem índice" if len(lacking) == 1 else "não têm índice"
    suggestion = " ".join(
        f"CREATE INDEX {f'IDX_{name}_{column}'[:_LONGEST_NAME]} ON {name} ({column});" for column in lacking[:2]
    )
    return (
        f"{begin} No WHERE, {columns} {', '.join(lacking)} {have}. Sugestão para o fornecedor do ERP (o integrador não "
        f"cria índices): {suggestion}"
    )
