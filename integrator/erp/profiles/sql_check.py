"""What a profile's SQL may be: one SELECT that changes nothing. Pure; nothing is executed to find out.

The read-only transaction is the second fence: what a selectable procedure does inside is the server's to refuse.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from integrator.erp.profiles.joins import Columns, check_joins
from integrator.erp.profiles.tokens import LexicalError, Token, TokenKind, tokenize
from integrator.settings.problems import Place, Problem

#: Reserved in every Firebird, so that none can be the bare name of a column.
_CHANGING = frozenset(
    {"INSERT", "UPDATE", "DELETE", "MERGE", "EXECUTE", "CREATE", "ALTER", "DROP", "RECREATE", "GRANT", "REVOKE"}
    | {"COMMIT", "ROLLBACK", "SAVEPOINT", "SET"}
)
#: Statements of Firebird 2.5 end at 64 KB; deeper parentheses than any person writes are refused, not recursed into.
_LONGEST = 60_000
_DEEPEST = 100
_SUGGEST_READING = "O perfil só lê: escreva um SELECT."


@dataclass(frozen=True, slots=True)
class Statement:
    """One checked SELECT. ``sql`` has ``?`` for each of ``parameters``, in order; every line and column is as written.

    ``start`` is the place of its first character in the profile's file.
    """

    sql: str
    parameters: tuple[str, ...]
    start: Place
    tokens: tuple[Token, ...]
    written: str

    def place_of(self, offset: int) -> Place:
        """The place in the file of a character of the statement."""
        return self.start.after(self.written[:offset])

    def place_at(self, line: int, column: int) -> Place:
        """The place in the file of a line and column of the statement, both from 1, as Firebird tells them."""
        if line == 1:
            return Place(self.start.line, self.start.column + column - 1)
        return Place(self.start.line + line - 1, column)


def check_sql(
    sql: str,
    start: Place,
    allowed: AbstractSet[str] = frozenset(),
    required: AbstractSet[str] = frozenset(),
    *,
    source: str = "",
) -> tuple[Statement | None, list[Problem]]:
    """The statement, and everything wrong with it; no statement when any problem is more than a warning."""
    if len(sql) > _LONGEST:
        told = f"O SQL tem {len(sql)} caracteres, e o Firebird aceita cerca de {_LONGEST}. Crie uma visão no ERP."
        return None, [Problem(told, start, source=source)]
    try:
        tokens = tokenize(sql)
    except LexicalError as error:
        return None, [Problem(error.message, start.after(sql[: error.at]), source=source)]
    while tokens and tokens[-1].is_symbol(";"):
        tokens.pop()
    found = [
        *_one_reading_statement(tokens),
        *_forbidden(tokens),
        *_parameters(tokens, allowed, required),
    ]
    problems = [Problem(message, start.after(sql[:at]), source=source) for at, message in found]
    if problems:
        return None, problems
    statement = _positional(sql, start, tokens)
    doubts = joins_of(statement, source=source)
    return (None if any(not doubt.warning for doubt in doubts) else statement), doubts


def joins_of(statement: Statement, columns_of: Columns | None = None, *, source: str = "") -> list[Problem]:
    """Cartesian products; with ``columns_of`` also those that bare column names kept in doubt."""
    return [
        Problem(message, statement.place_of(at), warning, source)
        for at, message, warning in check_joins(statement.tokens, columns_of)
    ]


def _one_reading_statement(tokens: Sequence[Token]) -> Iterable[tuple[int, str]]:
    if not tokens:
        yield 0, "O SQL está vazio. Escreva um SELECT."
        return
    if not tokens[0].is_word("SELECT", "WITH"):
        yield tokens[0].start, f"O SQL precisa começar com SELECT ou WITH. {_SUGGEST_READING}"
    depth, finished = 0, False
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.is_symbol(";"):
            yield token.start, "Há mais de um comando. Cada fonte tem um SELECT só; apague o ponto e vírgula e o resto."
            return
        depth += token.is_symbol("(") - token.is_symbol(")")
        if not 0 <= depth <= _DEEPEST:
            wrong = "fecha, mas nenhum abriu antes dele" if depth < 0 else "está fundo demais"
            yield token.start, f"Este parêntese {wrong}. Confira os parênteses."
            return
        if depth == 0 and token.is_word("SELECT"):
            if finished and before is not None and not before.is_word("UNION", "ALL", "DISTINCT"):
                yield (
                    token.start,
                    "Há dois SELECTs seguidos. Cada fonte tem um só: junte-os com UNION ALL ou apague um.",
                )
                return
            finished = True
    if depth > 0:
        yield tokens[-1].start, "Falta fechar um parêntese."
    elif not finished and tokens[0].is_word("SELECT", "WITH"):
        yield tokens[0].start, "Falta o SELECT principal depois do WITH."


def _forbidden(tokens: Sequence[Token]) -> Iterable[tuple[int, str]]:
    for at, token in enumerate(tokens):
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        if token.is_symbol("?"):
            yield token.start, "Parâmetro sem nome (?). Use um nome, como :hoje."
        elif token.is_symbol(*"{}[]@"):
            yield token.start, f"O sinal {token.value} não faz parte de um SELECT do Firebird."
        elif token.is_word("FOR") and after is not None and after.is_word("UPDATE"):
            yield token.start, f"FOR UPDATE não é aceito. {_SUGGEST_READING}"
        elif token.is_word("WITH") and after is not None and after.is_word("LOCK"):
            yield token.start, "WITH LOCK não é aceito: o perfil nunca trava registros do ERP. Apague-o."
        elif token.is_word("GEN_ID") or _is_next_value(tokens, at):
            told = "GEN_ID e NEXT VALUE FOR não são aceitos: eles mudam o gerador do ERP mesmo numa leitura."
            yield token.start, told
        elif token.kind is TokenKind.WORD and token.value in _CHANGING and not _after_for(tokens, at):
            yield token.start, f"{token.value} não é aceito. {_SUGGEST_READING}"


def _is_next_value(tokens: Sequence[Token], at: int) -> bool:
    words = [token.value if token.kind is TokenKind.WORD else "" for token in tokens[at : at + 3]]
    return words == ["NEXT", "VALUE", "FOR"]


def _after_for(tokens: Sequence[Token], at: int) -> bool:
    """The UPDATE of a FOR UPDATE, which was told already."""
    return tokens[at].value == "UPDATE" and at > 0 and tokens[at - 1].is_word("FOR")


def _parameters(
    tokens: Sequence[Token], allowed: AbstractSet[str], required: AbstractSet[str]
) -> Iterable[tuple[int, str]]:
    used = [token for token in tokens if token.kind is TokenKind.PARAMETER]
    options = ", ".join(f":{name}" for name in sorted(allowed)) or "nenhum"
    for token in used:
        if token.value not in allowed:
            yield token.start, f"O parâmetro :{token.value} não existe nesta fonte. Os que existem: {options}."
    for name in sorted(required - {token.value for token in used}):
        yield 0, f"Falta usar o parâmetro :{name}, sem o qual esta fonte não responde o que se pergunta."


def _positional(sql: str, start: Place, tokens: Sequence[Token]) -> Statement:
    """Named parameters as ``?`` and comments as blanks, so that Firebird's line and column stay true.

    A comment may hold characters that the database's charset does not have.
    """
    end = tokens[-1].end
    pieces, names, at = [], [], 0
    for token in tokens:
        blank = "".join(char if char in "\n\t" else " " for char in sql[at : token.start])
        named = token.kind is TokenKind.PARAMETER
        pieces += [blank, "?".ljust(token.end - token.start) if named else sql[token.start : token.end]]
        if named:
            names.append(token.value)
        at = token.end
    return Statement("".join(pieces), tuple(names), start, tuple(tokens), sql[:end])
