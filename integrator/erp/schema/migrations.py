"""The numbered migrations as statements, each knowing which object it makes.

Statements end with ``^`` (procedures and triggers hold semicolons). A statement is skipped when its object exists and
its migration is not newer than the database: so an installation that broke half-way, or a contract that an ERP update
damaged, is completed by running it again.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from integrator.paths import packaged

_NAME = re.compile(r"^(\d{4})_\w+\.sql$")
_OBJECT = re.compile(
    r"^CREATE\s+(?:OR\s+ALTER\s+)?(?:UNIQUE\s+)?(?:(?:ASC|DESC)(?:ENDING)?\s+)?(TABLE|TRIGGER|PROCEDURE|VIEW|INDEX|GENERATOR|ROLE)\s+(\w+)",
    re.IGNORECASE,
)
_COLUMN = re.compile(r"^ALTER\s+TABLE\s+(\w+)\s+ADD\s+(?!CONSTRAINT\b)(\w+)\s", re.IGNORECASE)
_GRANT = re.compile(
    r"^GRANT\s+([\w ,]+?)\s+ON\s+(?:PROCEDURE\s+|GENERATOR\s+)?(\w+)\s+"
    r"TO\s+(?:(?:PROCEDURE|TRIGGER|VIEW|USER)\s+)?(\w+)$"
)
_PRIVILEGES = {"SELECT": "S", "INSERT": "I", "UPDATE": "U", "DELETE": "D", "EXECUTE": "X", "USAGE": "G"}
_LITERAL = re.compile(r"'(?:[^']|'')*'")


@dataclass(frozen=True, slots=True)
class Privilege:
    """One right as ``RDB$USER_PRIVILEGES`` records it; ``kind`` is its letter (S, I, U, D, X; G is USAGE)."""

    kind: str
    target: str
    grantee: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One DDL statement. ``kind`` is TABLE, TRIGGER, …, COLUMN, GRANT or OTHER; ``name`` is empty for the last two.

    A COLUMN is one that a later migration added to a table (``ALTER TABLE … ADD``), by the name ``TABLE.COLUMN``.

    ``since`` is the first Firebird that knows the statement: older ones neither need nor accept it.
    """

    version: int
    sql: str
    kind: str
    name: str
    privileges: frozenset[Privilege] = frozenset()
    since: float = 2.5


def statements() -> tuple[Statement, ...]:
    """Every statement of every migration, in order; read anew at each call, which is once in a program's life."""
    found: list[Statement] = []
    for file in _files():
        found += [_statement(_version(file), sql) for sql in split(file.read_text(encoding="utf-8"))]
    return tuple(found)


@lru_cache(maxsize=1)
def latest_version() -> int:
    """The version of the contract that this program installs and expects."""
    return _version(_files()[-1])


def _files() -> list[Path]:
    return sorted(file for file in packaged("erp", "schema").iterdir() if _NAME.match(file.name))


def _version(file: Path) -> int:
    return int(file.name[:4])


def split(script: str) -> list[str]:
    """The statements of a script, without its ``--`` comment lines."""
    body = "\n".join(line for line in script.splitlines() if not line.startswith("--"))
    return [part.strip() for part in body.split("^") if part.strip()]


def as_script() -> str:
    """The whole contract as one script for ``isql``, for those who install by hand.

    It is pure ASCII, so that neither the encoding of the file nor the charset of the attachment can spoil a text.
    """
    lines = ["SET TERM ^ ;", ""]
    lines += [f"{_in_script(statement)}^\nCOMMIT^\n" for statement in statements()]
    lines += [
        "INSERT INTO WA_SCHEMA (ID, VERSAO, BANCO_GUID, BANCO_CRIADO_EM, INSTALADO_EM)",
        f"SELECT 1, {latest_version()}, UUID_TO_CHAR(GEN_UUID()), MON$CREATION_DATE, CAST('NOW' AS TIMESTAMP)",
        "FROM MON$DATABASE WHERE NOT EXISTS(SELECT 1 FROM WA_SCHEMA)^",
        f"UPDATE WA_SCHEMA SET VERSAO = {latest_version()} WHERE ID = 1 AND VERSAO < {latest_version()}^",
        "COMMIT^",
        "SET TERM ; ^",
        "",
    ]
    return "\n".join(lines)


def _in_script(statement: Statement) -> str:
    sql = _LITERAL.sub(lambda found: _ascii_literal(found.group()), statement.sql)
    sql = unicodedata.normalize("NFKD", sql).encode("ascii", "ignore").decode()  # what is left is in comments
    if statement.since <= 2.5:
        return sql
    return (
        "EXECUTE BLOCK AS\nBEGIN\n"
        "    IF (RDB$GET_CONTEXT('SYSTEM', 'ENGINE_VERSION') NOT STARTING WITH '2.') THEN\n"
        f"        EXECUTE STATEMENT '{sql}';\nEND"
    )


def _ascii_literal(literal: str) -> str:
    if literal.isascii():
        return literal
    return f"_WIN1252 x'{literal[1:-1].replace(chr(39) * 2, chr(39)).encode('cp1252').hex()}'"


def _statement(version: int, sql: str) -> Statement:
    match = _OBJECT.match(sql)
    if match:
        return Statement(version, sql, match.group(1).upper(), match.group(2).upper())
    column = _COLUMN.match(sql)
    if column:
        return Statement(version, sql, "COLUMN", ".".join(column.groups()).upper())
    grant = _GRANT.match(sql)
    if grant is None:
        return Statement(version, sql, "OTHER", "")
    kinds = [_PRIVILEGES[word.strip()] for word in grant.group(1).split(",")]
    privileges = frozenset(Privilege(kind, grant.group(2), grant.group(3)) for kind in kinds)
    return Statement(version, sql, "GRANT", "", privileges, since=3.0 if "G" in kinds else 2.5)
