"""Cartesian products: tables of one FROM that no comparison ties together. Pure.

Where it cannot be sure (a bare column name whose table it does not know) it warns only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from integrator.erp.profiles.from_clause import Block, Reference, Table, blocks, compares, references
from integrator.erp.profiles.tokens import Token

#: The columns of a table or view, or None for what the database does not know (a CTE, a procedure).
Columns = Callable[[str], AbstractSet[str] | None]
#: Offset, sentence, and whether it is a doubt only.
Doubt = tuple[int, str, bool]

_ADVICE = (
    "Ligue as duas com uma comparação de colunas no ON ou no WHERE. Para juntar uma tabela de uma linha só, use um "
    "subselect entre parênteses na lista de colunas: (SELECT CAMPO FROM TABELA) AS NOME"
)


def check_joins(tokens: Sequence[Token], columns_of: Columns | None = None) -> Iterator[Doubt]:
    """A doubt for each table that nothing ties to the ones before it."""
    for block in blocks(tokens):
        yield from _check_block(block, columns_of)


def _check_block(block: Block, columns_of: Columns | None) -> Iterator[Doubt]:
    if len(block.tables) < 2:
        return
    ties = _Ties(block.tables, columns_of)
    for table in block.tables:
        ties.tie([*references(table.inside)], also=table.alias)
    for before, table in pairwise(block.tables):
        if table.tied:
            ties.join(before.alias, table.alias)
    for condition in block.conditions:
        if compares(condition):
            ties.tie([*references(condition)])
    first = next((table for table in block.tables if not table.one_row), block.tables[0])
    for table in block.tables:
        if table is first or table.one_row or ties.joined(first.alias, table.alias):
            continue
        named = table.alias or table.name or "entre parênteses"
        told = f"A tabela {named} não está ligada a {first.alias}: cada linha de uma combinaria com todas da outra."
        unsure = ties.doubtful
        yield table.at, f"{'Talvez: ' if unsure else ''}{told} {_ADVICE}.", unsure
        ties.join(first.alias, table.alias)


class _Ties:
    """Which tables are tied together, directly or through others."""

    def __init__(self, tables: Sequence[Table], columns_of: Columns | None) -> None:
        self._tables = {table.alias: table for table in tables}
        self._columns_of = columns_of
        self._parent: dict[str, str] = {}
        self.doubtful = False

    def join(self, one: str, other: str) -> None:
        self._parent[self._root(one)] = self._root(other)

    def joined(self, one: str, other: str) -> bool:
        return self._root(one) == self._root(other)

    def tie(self, named: Sequence[Reference], also: str = "") -> None:
        """All tables whose columns one condition names; an unknown bare name beside another column is a doubt."""
        owners = [self._owner(reference) for reference in named]
        known = [owner for owner in owners if owner] + ([also] if also else [])
        for one, other in pairwise(known):
            self.join(one, other)
        if not also and None in owners and len(owners) > 1:
            self.doubtful = True

    def _owner(self, reference: Reference) -> str | None:
        """The alias of the column's table, empty when it is none of these tables, None when nobody can say."""
        if reference.table:
            return reference.table
        unknown = False
        for alias, table in self._tables.items():
            columns = self._columns_of(table.name) if self._columns_of and table.name and not table.inside else None
            if columns is None:
                unknown = True
            elif reference.column in columns:
                return alias
        return None if unknown else ""

    def _root(self, alias: str) -> str:
        while (parent := self._parent.get(alias, alias)) != alias:
            alias = parent
        return alias
