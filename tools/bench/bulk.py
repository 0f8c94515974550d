"""An ERP's big closing: thousands of messages with title and PDF in one transaction; time, and growth of the database.

Half a gigabyte is written: this group runs only when it is named.
"""

from __future__ import annotations

import time

from tools import bulk_closing
from tools.bench.figures import Figure, Floor
from tools.bench.place import Place

GROUP = "bulk"
_COPY = (
    "CREATE TABLE COPIA (CODIGO INTEGER NOT NULL PRIMARY KEY, CONTEUDO BLOB SUB_TYPE 0)",
    "INSERT INTO COPIA SELECT D.CODIGO, B.CONTEUDO FROM DEBITO D JOIN BOLETO_PDF B ON B.CODIGO = D.PDF",
)


def measure(place: Place, *, quick: bool) -> list[Figure]:
    """One closing, and then the same PDFs copied into a plain table of the same database."""
    rows = 500 if quick else 5_000
    path = place.database("bulk.fdb")
    bulk_closing.prepare(place.target(path), rows)
    done = bulk_closing.close_the_day(place.target(path), path)
    size = path.stat().st_size
    with place.attach(path) as connection:
        start = time.perf_counter()
        for sql in _COPY:
            connection.execute_immediate(sql)
            connection.commit()
        bare_s = time.perf_counter() - start
    bare_growth = path.stat().st_size - size
    path.unlink()
    return [
        Figure(
            GROUP,
            f"closing of {rows} messages with title and PDF",
            done.seconds,
            "s",
            1,
            Floor("the same PDFs copied into a plain table in one statement", bare_s),
            note=f"another attachment saw {done.seen_before} of them before the commit, {done.held} were held",
        ),
        Figure(
            GROUP,
            "growth of the database",
            done.growth_bytes / 1e6,
            "MB",
            1,
            Floor("growth by that plain table", bare_growth / 1e6),
            note=f"the PDFs are {done.blob_bytes / 1e6:.0f} MB",
        ),
    ]
