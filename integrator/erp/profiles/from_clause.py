"""The tables and conditions of each SELECT of a statement. Pure.

A reader just deep enough for two questions: which tables does nothing tie together (:mod:`.joins`), and which columns
of a table are compared (:mod:`.plans`). It never fails: what it does not understand it passes over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from integrator.erp.profiles.tokens import Token, TokenKind

_JOIN_WORDS = frozenset({"JOIN", "INNER", "LEFT", "RIGHT", "FULL", "OUTER", "CROSS", "NATURAL", "LATERAL"})
_AFTER_FROM = frozenset(
    {"WHERE", "GROUP", "HAVING", "ORDER", "PLAN", "UNION", "ROWS", "OFFSET", "FETCH", "WINDOW", "FOR", "SKIP"}
)
_BREAKS = frozenset({"AND", "OR", "ON", "WHERE", "NOT", "HAVING"})
_COMPARING = frozenset({"LIKE", "IN", "BETWEEN", "STARTING", "CONTAINING", "IS", "SIMILAR"})
_SIGNS = ("=", "<", ">", "<=", ">=", "<>", "!=", "^=", "~=", "!<", "!>")
_NO_COLUMN = frozenset(
    re.findall(
        r"\w+",
        """
        NULL TRUE FALSE UNKNOWN CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER CURRENT_ROLE USER NOT AS
        CAST CASE WHEN THEN ELSE END FROM FOR EXTRACT YEAR MONTH DAY HOUR MINUTE SECOND WEEKDAY YEARDAY DATE TIME
        TIMESTAMP VARCHAR CHAR CHARACTER INTEGER SMALLINT BIGINT NUMERIC DECIMAL DOUBLE PRECISION FLOAT BLOB
        DISTINCT EXISTS SOME ANY ALL SINGULAR WITH ESCAPE COLLATE TO LEADING TRAILING BOTH SELECT FIRST LAST
        NULLS
        """,
    )
)
_AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "LIST")


@dataclass(frozen=True, slots=True)
class Table:
    """One item of a FROM: ``name`` is empty for a derived table; ``inside`` are the tokens of its parentheses."""

    name: str
    alias: str
    at: int
    inside: tuple[Token, ...] = ()
    tied: bool = False

    @property
    def one_row(self) -> bool:
        """Whether it answers one row at the most, so that it multiplies nothing."""
        if self.name == "RDB$DATABASE":
            return True
        words = [token.value for token in self.inside if token.kind is TokenKind.WORD]
        if not words or self.name or "UNION" in words:
            return False
        limited = any(
            token.is_word("FIRST", "ROWS") and after.value == "1" for token, after in pairwise(self.inside)
        ) and not any(token.is_word("TO") for token in self.inside)
        return limited or (
            words[0] == "SELECT" and words[1:2] != [] and words[1] in _AGGREGATES and "GROUP" not in words
        )


@dataclass(frozen=True, slots=True)
class Block:
    """One SELECT of a statement: its tables, and the tokens of its ON and WHERE conditions."""

    tables: tuple[Table, ...]
    conditions: tuple[tuple[Token, ...], ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A column in a condition: ``table`` is the alias before the point, empty for a bare name."""

    table: str
    column: str


def blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    """Every SELECT of the statement, those in parentheses too."""
    tokens = _columns_as_names(tokens)
    for at, token in enumerate(tokens):
        if token.is_word("SELECT"):
            yield _block(tokens, at)


def _columns_as_names(tokens: Sequence[Token]) -> list[Token]:
    """What follows a point is a name, even where it is spelt like a keyword: ``T.OFFSET``."""
    after_point = [False, *(token.is_symbol(".") for token in tokens)]
    return [
        replace(token, kind=TokenKind.NAME) if behind and token.kind is TokenKind.WORD else token
        for token, behind in zip(tokens, after_point, strict=False)
    ]


def references(tokens: Sequence[Token]) -> Iterator[Reference]:
    """The columns that a condition names, those of a subselect in it included."""
    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else None
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        if token.kind not in (TokenKind.WORD, TokenKind.NAME) or (before is not None and before.is_symbol(".")):
            continue
        if after is not None and after.is_symbol("."):
            column = tokens[at + 2].value if at + 2 < len(tokens) else ""
            yield Reference(token.value, column)
        elif token.kind is TokenKind.NAME or not (
            (after is not None and after.is_symbol("(")) or token.value in _NO_COLUMN | _COMPARING
        ):
            yield Reference("", token.value)


def compares(tokens: Sequence[Token]) -> bool:
    """Whether a condition compares anything."""
    return any(token.is_symbol(*_SIGNS) or token.is_word(*_COMPARING) for token in tokens)


def _block(tokens: Sequence[Token], select: int) -> Block:
    depth, at = 0, select + 1
    start = None
    while at < len(tokens) and depth >= 0:
        token = tokens[at]
        if depth == 0 and token.is_word("FROM"):
            start = at + 1
            break
        depth += token.is_symbol("(") - token.is_symbol(")")
        at += 1
    if start is None:
        return Block((), ())
    return _read_from(tokens, start)


def _read_from(tokens: Sequence[Token], at: int) -> Block:
    tables: list[Table] = []
    conditions: list[list[Token]] = []
    expecting, natural, in_condition = True, False, False
    while at < len(tokens):
        token = tokens[at]
        if token.is_symbol(")") or (token.kind is TokenKind.WORD and token.value in _AFTER_FROM):
            break
        if token.is_word("JOIN") or token.is_symbol(","):
            expecting, in_condition = True, False
            at += 1
        elif token.kind is TokenKind.WORD and token.value in _JOIN_WORDS and not (in_condition and _called(tokens, at)):
            natural = natural or token.value == "NATURAL"
            in_condition = False
            at += 1
        elif expecting and token.is_symbol("("):
            at, nested = _parenthesis(tokens, at, natural)
            tables += nested.tables
            conditions += [list(each) for each in nested.conditions]
            expecting = natural = False
        elif expecting:
            table, at = _table(tokens, at, natural)
            tables.append(table)
            expecting = natural = False
        elif token.is_word("USING"):
            tables[-1:] = [Table(each.name, each.alias, each.at, each.inside, True) for each in tables[-1:]]
            at = _closing(tokens, at + 1) + 1
        elif token.is_word("ON"):
            in_condition = True
            conditions.append([])
            at += 1
        else:
            end = _closing(tokens, at) if token.is_symbol("(") else at
            if in_condition:
                conditions[-1] += tokens[at : end + 1]
            at = end + 1
    conditions.append(_where(tokens, at))
    return Block(tuple(tables), tuple(tuple(part) for each in conditions for part in _segments(each)))


def _called(tokens: Sequence[Token], at: int) -> bool:
    """``LEFT(…)`` and ``RIGHT(…)`` are functions where a condition stands."""
    return at + 1 < len(tokens) and tokens[at + 1].is_symbol("(")


def _parenthesis(tokens: Sequence[Token], at: int, natural: bool) -> tuple[int, Block]:
    """A derived table, or joins in parentheses."""
    end = _closing(tokens, at)
    inside = tokens[at + 1 : end]
    if inside and inside[0].is_word("SELECT", "WITH"):
        alias, after = _alias(tokens, end + 1)
        return after, Block((Table("", alias, tokens[at].start, tuple(inside), natural),), ())
    return end + 1, _read_from([*inside], 0)


def _table(tokens: Sequence[Token], at: int, natural: bool) -> tuple[Table, int]:
    name, start = tokens[at].value, tokens[at].start
    inside: tuple[Token, ...] = ()
    at += 1
    while at + 1 < len(tokens) and tokens[at].is_symbol("."):
        name = tokens[at + 1].value
        at += 2
    if at < len(tokens) and tokens[at].is_symbol("("):
        end = _closing(tokens, at)
        inside = tuple(tokens[at + 1 : end])
        at = end + 1
    alias, at = _alias(tokens, at)
    return Table(name, alias or name, start, inside, natural), at


def _alias(tokens: Sequence[Token], at: int) -> tuple[str, int]:
    if at < len(tokens) and tokens[at].is_word("AS"):
        at += 1
    if at >= len(tokens):
        return "", at
    token = tokens[at]
    taken = _JOIN_WORDS | _AFTER_FROM | {"ON", "USING"}
    if token.kind is TokenKind.NAME or (token.kind is TokenKind.WORD and token.value not in taken):
        at += 1
        if at < len(tokens) and tokens[at].is_symbol("("):  # names for the columns of a derived table
            at = _closing(tokens, at) + 1
        return token.value, at
    return "", at


def _closing(tokens: Sequence[Token], at: int) -> int:
    """The index of the parenthesis that closes the one at ``at``; the last token when none does."""
    depth = 0
    for index in range(at, len(tokens)):
        depth += tokens[index].is_symbol("(") - tokens[index].is_symbol(")")
        if depth <= 0:
            return index
    return len(tokens) - 1


def _where(tokens: Sequence[Token], at: int) -> list[Token]:
    if at >= len(tokens) or not tokens[at].is_word("WHERE"):
        return []
    depth, found = 0, []
    for token in tokens[at + 1 :]:
        depth += token.is_symbol("(") - token.is_symbol(")")
        if depth < 0 or (depth == 0 and token.kind is TokenKind.WORD and token.value in _AFTER_FROM - {"FOR"}):
            break
        found.append(token)
    return found


def _segments(condition: Sequence[Token]) -> Iterator[list[Token]]:
    """The comparisons between AND, OR and NOT; a subselect stays whole in the comparison that it belongs to."""
    segment: list[Token] = []
    at = 0
    while at < len(condition):
        token = condition[at]
        if token.is_symbol("(") and at + 1 < len(condition) and condition[at + 1].is_word("SELECT", "WITH"):
            end = _closing(condition, at)
            segment += condition[at : end + 1]
            at = end + 1
            continue
        if token.kind is TokenKind.WORD and token.value in _BREAKS:
            if segment:
                yield segment
            segment = []
        else:
            segment.append(token)
        at += 1
    if segment:
        yield segment
