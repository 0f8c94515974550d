"""What a profile's source brings against what the catalogue's situations need: before a single message is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from integrator.erp.profiles.canonical import ColumnKind, SourceName
from integrator.erp.profiles.cells import ACCEPTED
from integrator.erp.profiles.columns import place_of_column
from integrator.erp.profiles.loader import Query
from integrator.erp.profiles.notices import BIRTHDAY, BIRTHDAYS, CASHBACK, CASHBACK_BALANCE, CASHBACK_ENDING
from integrator.erp.profiles.tokens import Token, TokenKind
from integrator.erp.session import Column
from integrator.messages.catalogue import Situation, Subject, find_situation, module_named
from integrator.messages.schema import Kind, plain
from integrator.settings.problems import Problem

_DAYS = ACCEPTED[ColumnKind.DATE]
_NUMBERS = ACCEPTED[ColumnKind.NUMBER]
#: What a variable of a kind cannot be read from; a text may hold anything, and is judged row by row.
_UNFIT: Mapping[Kind, frozenset[str]] = {
    Kind.MONEY: _DAYS | {"TIME", "BOOLEAN"},
    Kind.NUMBER: _DAYS | {"TIME", "BOOLEAN"},
    Kind.DATE: _NUMBERS | {"TIME", "BOOLEAN"},
    Kind.DATETIME: _NUMBERS | {"TIME", "BOOLEAN"},
    Kind.FLAG: _DAYS | {"TIME", "DOUBLE PRECISION", "FLOAT"},
}
_USUAL: Mapping[SourceName, tuple[str, tuple[str, ...]]] = {
    SourceName.BIRTHDAYS: (BIRTHDAYS, (BIRTHDAY,)),
    SourceName.CASHBACK: (CASHBACK, (CASHBACK_BALANCE, CASHBACK_ENDING)),
}


def situation_problems(query: Query, columns: tuple[Column, ...]) -> Iterator[Problem]:
    """Unknown situations, required variables that no column brings, columns from which a variable cannot be read.

    Which situations the rows are of is known where the SELECT writes their names; else every row is judged when it is
    read.
    """
    if query.source not in (SourceName.DOCUMENTS, *_USUAL):
        return
    yield from _unknown(query)
    named = _named(query)
    bare = {plain(column.name): column for column in columns}
    if named or query.source is SourceName.BIRTHDAYS:
        for situation in named or _possible(query):
            yield from _missing(query, situation.kind, _required(situation), bare, warning=False)
    elif possible := _possible(query):
        shared = set.intersection(*(set(_required(each)) for each in possible))
        yield from _missing(query, f"do módulo {query.module}", sorted(shared), bare, warning=True)
    yield from _mistyped(query, named or _possible(query), bare, warning=not named)


def _possible(query: Query) -> tuple[Situation, ...]:
    """The situations that rows of this source can be of."""
    if query.source is SourceName.DOCUMENTS:
        module = module_named(query.module)
        found = module.situations if module else ()
        return tuple(each for each in found if each.subject is not Subject.OPEN_TITLES)
    module_name, kinds = _USUAL[query.source]
    return tuple(filter(None, (find_situation(module_name, kind) for kind in kinds)))


def _named(query: Query) -> tuple[Situation, ...]:
    """The situations whose names stand in the SELECT."""
    module = _USUAL[query.source][0] if query.source in _USUAL else query.module
    words = (token.value for token in query.statement.tokens if token.kind is TokenKind.STRING)
    return tuple(dict.fromkeys(filter(None, (find_situation(module, word) for word in words if word.strip()))))


def _unknown(query: Query) -> Iterator[Problem]:
    """``'PRONTA' AS TIPO`` with a name that the module does not have, in a source without a text of its own."""
    if query.text.strip() or query.source is not SourceName.DOCUMENTS or not query.module:
        return
    for token in _written_kinds(query.statement.tokens):
        if find_situation(query.module, token.value) is None:
            known = ", ".join(each.kind for each in _possible(query))
            told = (
                f"O TIPO “{token.value}” não existe no módulo {query.module}, e [documentos] não tem texto próprio. "
                f"Use um destes: {known}."
            )
            yield Problem(told, query.statement.place_of(token.start), source=query.source.value)


def _written_kinds(tokens: tuple[Token, ...]) -> Iterator[Token]:
    """The strings that are TIPO itself."""
    for at, token in enumerate(tokens):
        behind = [each for each in tokens[at + 1 : at + 3] if not each.is_word("AS")]
        if token.kind is TokenKind.STRING and behind and behind[0].value.upper() == "TIPO":
            yield token


def _required(situation: Situation) -> list[str]:
    return [variable.name for variable in situation.variables if variable.required]


def _missing(
    query: Query, message: str, required: Iterable[str], bare: Mapping[str, Column], *, warning: bool
) -> Iterator[Problem]:
    if query.text.strip():
        return  # a text of the profile's own needs what it names, which is checked as such
    worked_out = {"expira_em"} if query.source is SourceName.CASHBACK else set()  # may follow from CREDITO_EM
    for name in required:
        if name not in bare and name not in worked_out:
            told = (
                f"Falta a coluna {name.upper()} em [{query.source.value}]: sem ela, a mensagem {message} fica retida. "
                f"Escreva … AS {name.upper()}."
            )
            yield Problem(told, query.statement.start, warning=warning, source=query.source.value)


def _mistyped(
    query: Query, situations: Iterable[Situation], bare: Mapping[str, Column], *, warning: bool
) -> Iterator[Problem]:
    wanted = {variable.name: variable for situation in situations for variable in situation.variables}
    for name, variable in wanted.items():
        column = bare.get(name)
        if column is not None and column.type_name in _UNFIT.get(variable.kind, ()):
            told = (
                f"A coluna {column.name} de [{query.source.value}] é {column.type_name}, e o texto a lê como "
                f"{variable.kind.value}: a mensagem ficaria retida."
            )
            place = place_of_column(query, column.name)
            yield Problem(told, place, warning=warning, source=query.source.value)
