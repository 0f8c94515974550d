"""``titulos`` in the order of company and customer, whatever the profile's own ORDER BY says."""

from __future__ import annotations

from collections.abc import Sequence

from integrator.erp.session import Column

#: A sort record of Firebird 2.5 holds 64 KB, with everything that is selected.
WIDEST = 60_000


def ordered(sql: str, columns: Sequence[Column]) -> str:
    """``sql`` as a derived table, sorted so that the rows of one company and customer stand together, the oldest first.

    Texts are compared byte by byte after trimming: under a collation that ignores case, ``a`` and ``A`` would mix.
    """
    known = {column.name: column for column in columns}
    keys = [_key(known[name]) for name in ("EMPRESA", "CLIENTE_CODIGO") if name in known]
    keys += ["D.VENCIMENTO"] if "VENCIMENTO" in known else []
    order = f"\nORDER BY {', '.join(keys)}" if keys else ""
    return f"SELECT D.* FROM (\n{sql}\n) D{order}"


def width(columns: Sequence[Column]) -> int:
    """Bytes of one row in a sort; a blob counts with its address only."""
    return sum(column.length + 4 for column in columns)


def _key(column: Column) -> str:
    if not column.is_text:
        return f"CAST(D.{column.name} AS VARCHAR(40))"
    length = max(column.length, 1)
    return f"CAST(COALESCE(TRIM(D.{column.name}), '') AS VARCHAR({length}) CHARACTER SET OCTETS)"
