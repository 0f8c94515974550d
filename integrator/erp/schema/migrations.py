"""The numbered migrations as statements, each knowing which object it makes.

Statements end with ``^`` (procedures and triggers hold semicolons). A statement is skipped when its object exists and
its migration is not newer than the database: so an installation that broke half-way, or a contract that an ERP update
damaged, is completed by running it again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

_NAME = re.compile(r"^(\d{4})_\w+\.sql$")
_OBJECT = re.compile(
    r"^CREATE\s+(?:OR\s+ALTER\s+)?(?:UNIQUE\s+)?(TABLE|TRIGGER|PROCEDURE|VIEW|INDEX|GENERATOR|ROLE)\s+(\w+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One DDL statement. ``kind`` is TABLE, TRIGGER, … or GRANT; ``name`` is empty for a GRANT."""

    version: int
    sql: str
    kind: str
    name: str


@lru_cache(maxsize=1)
def statements() -> tuple[Statement, ...]:
    """Every statement of every migration, in order."""
    folder = resources.files(__package__)
    found: list[Statement] = []
    for name in sorted(entry.name for entry in folder.iterdir() if _NAME.match(entry.name)):
        script = (folder / name).read_text(encoding="utf-8")
        found += [_statement(int(name[:4]), sql) for sql in split(script)]
    return tuple(found)


def latest_version() -> int:
    """The version of the contract that this program installs and expects."""
    return max(statement.version for statement in statements())


def split(script: str) -> list[str]:
    """The statements of a script, without its ``--`` comment lines."""
    body = "\n".join(line for line in script.splitlines() if not line.startswith("--"))
    return [part.strip() for part in body.split("^") if part.strip()]


def as_script() -> str:
    """The whole contract as one script for ``isql`` (charset UTF8), for those who install by hand."""
    lines = ["SET NAMES UTF8;", "SET TERM ^ ;", ""]
    lines += [
        f"{statement.sql}^\nCOMMIT^\n" if statement.kind != "GRANT" else f"{statement.sql}^"
        for statement in statements()
    ]
    lines += [
        "COMMIT^",
        "INSERT INTO WA_SCHEMA (ID, VERSAO, BANCO_GUID, BANCO_CRIADO_EM, INSTALADO_EM)",
        f"SELECT 1, {latest_version()}, UUID_TO_CHAR(GEN_UUID()), MON$CREATION_DATE, CAST('NOW' AS TIMESTAMP) "
        "FROM MON$DATABASE",
        "WHERE NOT EXISTS(SELECT 1 FROM WA_SCHEMA)^",
        "COMMIT^",
        "SET TERM ; ^",
        "",
    ]
    return "\n".join(lines)


def _statement(version: int, sql: str) -> Statement:
    match = _OBJECT.match(sql)
    if match:
        return Statement(version, sql, match.group(1).upper(), match.group(2).upper())
    return Statement(version, sql, "GRANT", "")
