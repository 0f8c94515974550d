"""What Firebird says about a SELECT, in Portuguese, at the line of the profile's file that it is about."""

from __future__ import annotations

import re
from collections.abc import Callable

from integrator.domain.errors import ErpDatabaseError
from integrator.erp.profiles.loader import Query
from integrator.settings.problems import Problem

_AT = re.compile(r"line (\d+), column (\d+)", re.IGNORECASE)
_NO_PERMISSION = re.compile(
    r"no permission for (\S+) access to (TABLE|VIEW|PROCEDURE|COLUMN|FUNCTION) (\S+)", re.IGNORECASE
)
_Said = re.Match[str]
_EXPLANATIONS: tuple[tuple[str, Callable[[_Said], str]], ...] = (
    (r"Column unknown\s+-\s+(\S+)", lambda m: f"a coluna {m[1]} não existe. Confira o nome e o apelido da tabela."),
    (r"Table unknown\s+-\s+(\S+)", lambda m: f"a tabela {m[1]} não existe neste banco. Confira o nome."),
    (r"Procedure unknown\s+-\s+(\S+)", lambda m: f"o procedimento {m[1]} não existe neste banco. Confira o nome."),
    (r"Function unknown\s+-\s+(\S+)", lambda m: f"a função {m[1]} não existe nesta versão do Firebird."),
    (r"Token unknown.*?\n-?\s*(\S+)", lambda m: f"o Firebird não entendeu “{m[1]}” aqui. Veja o que falta antes dele."),
    (r"Unexpected end of command", lambda _: "o SELECT termina antes da hora. Veja o que falta no fim."),
    (
        r"Ambiguous field name between (.+?)\n-?\s*(\S+)",
        lambda m: f"a coluna {m[2]} existe em mais de uma tabela. Escreva o apelido antes dela, como T.{m[2]}.",
    ),
    (
        r"Data type unknown",
        lambda _: "o Firebird não sabe o tipo de um parâmetro. Diga-o, por exemplo CAST(:hoje AS DATE).",
    ),
    (
        r"read-only transaction",
        lambda _: (
            "um procedimento deste SELECT tentou gravar, e foi impedido: o perfil só lê. Use outro procedimento, ou as "
            "próprias tabelas."
        ),
    ),
    (r"conversion error from string \"(.*?)\"", lambda m: f"“{m[1]}” não pode ser convertido para o tipo pedido."),
    (
        r"multiple rows in singleton select",
        lambda _: "um subselect da lista de colunas respondeu mais de uma linha. Use MAX, MIN ou FIRST 1.",
    ),
    (
        r"sort record|too big|block size exceeds",
        lambda _: "as linhas são largas demais para o Firebird ordenar. Encurte textos com CAST, ou tire colunas.",
    ),
    (
        r"(?:invalid|Invalid) expression in the select list",
        lambda _: "há uma coluna fora do GROUP BY. Inclua-a no GROUP BY ou use MAX.",
    ),
    (
        r"string truncation|string right truncation",
        lambda _: "um texto não coube no tamanho pedido. Aumente o CAST, ou corte com SUBSTRING.",
    ),
    (r"division by zero|divide by zero", lambda _: "houve divisão por zero. Use NULLIF no divisor."),
    (
        r"no column name specified for column number (\d+)",
        lambda m: f"a {m[1]}ª coluna está sem nome. Escreva AS NOME depois dela.",
    ),
    (
        r"column (\S+) was specified multiple times",
        lambda m: f"a coluna {m[1]} aparece duas vezes. Dê nomes diferentes.",
    ),
)


def is_missing_grant(error: ErpDatabaseError) -> bool:
    """Whether the login lacks a right on what the SELECT reads."""
    return _NO_PERMISSION.search(error.detail) is not None


def told_in_portuguese(error: ErpDatabaseError, query: Query, user: str) -> Problem:
    """The database's complaint about a query as a problem of the profile's file."""
    said = original_words(error)
    found = _AT.search(said)
    statement = query.statement
    place = statement.place_at(int(found[1]), int(found[2])) if found else statement.start
    return Problem(f"Em [{query.source.value}], {_sentence(said, error, user)}", place, source=query.source.value)


def original_words(error: ErpDatabaseError) -> str:
    """The server's own text, from the driver's exception behind ours; empty when there is none."""
    cause = error.__cause__
    return str(cause.args[0]) if cause is not None and cause.args else ""


def missing_grant(said: str, user: str) -> str:
    """The GRANT that would let ``user`` read what was refused, or empty."""
    refused = _NO_PERMISSION.search(said)
    if refused is None:
        return ""
    _, kind, name = refused.groups()
    right = f"EXECUTE ON {kind.upper()}" if kind.upper() in ("PROCEDURE", "FUNCTION") else "SELECT ON"
    return f"GRANT {right} {name} TO {user.upper()};"


def _sentence(said: str, error: ErpDatabaseError, user: str) -> str:
    grant = missing_grant(said, user)
    if grant:
        return f"o usuário {user.upper()} não pode ler tudo o que o SELECT usa. O dono do banco precisa rodar: {grant}"
    for pattern, explain in _EXPLANATIONS:
        match = re.search(pattern, said, re.IGNORECASE | re.DOTALL)
        if match:
            return explain(match)
    if not said:
        return error.message
    plain = " ".join(line.lstrip("- ").strip() for line in said.splitlines()[1:] if line.strip("- "))
    return f"o Firebird recusou o SELECT: {plain or said}"
