"""How long `WA_RESERVAR` and its commit take, by the length of the queue and of the history behind it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import fdb

from integrator.domain.message import Purpose
from integrator.domain.sender import Contact
from integrator.erp.connection import Database
from integrator.erp.queue import FirebirdQueue
from tools.bench.figures import Figure, Floor, Target, median, percentile
from tools.bench.place import Place

GROUP = "reserve"
_GROWTH = 1.5
_PENDING = (200, 10_000)
_WARM_UP = 10
_CALLS = 80
_BATCH = 25_000
_TRIGGERS = ("WA_FILA_BI", "WA_FILA_AIU")

#: Rows that were sent one per minute before now, in the states that a history ends in.
_HISTORY = """\
EXECUTE BLOCK (P_FROM INTEGER = ?, P_TO INTEGER = ?) AS
    DECLARE VARIABLE I INTEGER;
    DECLARE VARIABLE SENT TIMESTAMP;
BEGIN
    I = P_FROM;
    WHILE (I <= P_TO) DO
    BEGIN
        SENT = DATEADD(-I MINUTE TO CAST('NOW' AS TIMESTAMP));
        INSERT INTO WA_FILA (ID, GUID, CHAVE, SITUACAO, FINALIDADE, MODULO, TIPO, PRIORIDADE, ORDEM, EMPRESA,
            CLIENTE_CODIGO, CLIENTE_NOME, TELEFONE, ACEITA_RECEBER, CRIADO_EM, ATUALIZADO_EM, INSTANCIA_ENVIO, DONO,
            TENTATIVAS, SEMENTE, DESTINO, ENVIADA_EM)
        VALUES (:I, UUID_TO_CHAR(GEN_UUID()), 'HISTORICO|' || :I,
            TRIM(CASE MOD(:I, 10) WHEN 0 THEN 'falhou' WHEN 1 THEN 'enviada' WHEN 2 THEN 'entregue' ELSE 'lida' END),
            'cobranca', 'RECEBER', 'Aviso de débito', 5, :SENT, '1', MOD(:I, 5000),
            'Cliente de número ' || MOD(:I, 5000), '(49) 98800-0000', 'S', :SENT, :SENT, 'principal', 'bench', 1,
            MOD(:I, 1000000), '5549988000000', :SENT);
        I = I + 1;
    END
END"""

#: Rows as an ERP inserts them, one minute apart; the contract's own triggers do the rest.
_QUEUE = """\
EXECUTE BLOCK (P_COUNT INTEGER = ?) AS
    DECLARE VARIABLE I INTEGER = 1;
BEGIN
    WHILE (I <= P_COUNT) DO
    BEGIN
        INSERT INTO WA_FILA (CHAVE, FINALIDADE, MODULO, TIPO, ORDEM, EMPRESA, CLIENTE_CODIGO, CLIENTE_NOME, TELEFONE,
            ACEITA_RECEBER)
        VALUES ('PENDENTE|' || :I, 'cobranca', 'RECEBER', 'Aviso de débito',
            DATEADD(:I MINUTE TO CAST('NOW' AS TIMESTAMP)), '1', :I, 'Cliente de número ' || :I,
            '(49) 98800-0000', 'S');
        I = I + 1;
    END
END"""

#: As the engine leaves rows that it has looked at.
_LOOKED_AT = "UPDATE WA_FILA SET CONTATO = 'F' WHERE SITUACAO = 'pendente'"

#: The floor: the row is known already, nothing is searched, nobody else's claim is minded.
_BARE_CLAIM = """\
UPDATE WA_FILA SET SITUACAO = 'reservada', DONO = ?, TOKEN = ?,
    RESERVADA_ATE = DATEADD(SECOND, CAST(? AS INTEGER), CAST('NOW' AS TIMESTAMP)) WHERE ID = ?"""
_OWNER, _INSTANCE, _LEASE_S = "bench", "principal", 300


class Lane:
    """A queue of `pending` rows on a copy of a history, with what was timed on it, in milliseconds."""

    def __init__(self, place: Place, history: int, pending: int) -> None:
        self.history, self.pending = history, pending
        self.reserved: list[float] = []
        self.claimed: list[float] = []
        self._path = place.database(f"lane-{history}.fdb", _history_file(history))
        self._database = Database(place.target(self._path), linger_s=3600)
        self._queue = FirebirdQueue(self._database, owner=_OWNER, instance=_INSTANCE, lease_s=_LEASE_S)
        self._own = place.attach(self._path)
        fill_queue(self._own, pending)
        self._tail = _newest(self._own, _WARM_UP + _CALLS)
        self._cursor = self._own.cursor()
        self._claim = self._cursor.prep(_BARE_CLAIM)

    def time_one(self) -> None:
        """One reservation from the head of the queue, and one bare claim from its tail."""
        start = time.perf_counter()
        found = self._queue.reserve(Purpose.COLLECTION, datetime.now(), Contact.COLD)
        middle = time.perf_counter()
        self._cursor.execute(self._claim, (_OWNER, str(uuid.uuid4()), _LEASE_S, self._tail.pop()))
        touched = self._cursor.rowcount
        self._own.commit()
        self.claimed.append((time.perf_counter() - middle) * 1000)
        self.reserved.append((middle - start) * 1000)
        if found is None or touched != 1:
            raise RuntimeError(f"nothing left to reserve with {self.pending} pending rows")

    def forget(self) -> None:
        """The first calls prepare statements and fill caches: they do not count."""
        self.reserved.clear()
        self.claimed.clear()

    def close(self) -> None:
        self._cursor.close()
        self._own.close()
        self._database.close()
        self._path.unlink()

    def figure(self) -> Figure:
        return Figure(
            GROUP,
            f"reserve, {_short(self.pending)} pending, history of {_short(self.history)}",
            median(self.reserved),
            "ms",
            len(self.reserved),
            Floor("claiming a known row by its id, and the commit", median(self.claimed)),
            p95=percentile(self.reserved, 95),
        )


def fill_queue(connection: fdb.Connection, rows: int) -> None:
    """So many rows that are due, as an ERP inserts them."""
    connection.cursor().execute(_QUEUE, (rows,))
    connection.cursor().execute(_LOOKED_AT)
    connection.commit()


def measure(place: Place, *, quick: bool) -> list[Figure]:
    """A figure per length of queue and history, and how much the longest history costs against the shortest."""
    histories = (1_000, 20_000) if quick else (1_000, 100_000, 1_000_000)
    for history in histories:
        build_history(place, _history_file(history), history)
    figures = [figure for pending in _PENDING for figure in _compare(place, histories, pending)]
    for history in histories:
        place.server.path(_history_file(history)).unlink()
    return figures


def _compare(place: Place, histories: Sequence[int], pending: int) -> list[Figure]:
    """The histories in turn, call by call, so that whatever else the machine does falls on all of them alike."""
    lanes = [Lane(place, history, pending) for history in histories]
    for number in range(_WARM_UP + _CALLS):
        for lane in lanes:
            if number == _WARM_UP:
                lane.forget()
            lane.time_one()
    for lane in lanes:
        lane.close()
    shortest, longest = lanes[0], lanes[-1]
    growth = Figure(
        GROUP,
        f"{_short(longest.history)} of history against {_short(shortest.history)}, {_short(pending)} pending",
        median(longest.reserved),
        "ms",
        len(longest.reserved),
        Floor(f"the same with a history of {_short(shortest.history)}", median(shortest.reserved)),
        Target(_GROWTH, of_floor=True),
    )
    return [*(lane.figure() for lane in lanes), growth]


def _history_file(rows: int) -> str:
    return f"history-{rows}.fdb"


def build_history(place: Place, name: str, rows: int) -> Path:
    """A database whose queue has `rows` finished messages, inserted past the triggers that would date them today."""
    path = place.database(name)
    with place.attach(path) as connection, _without_triggers(connection):
        cursor = connection.cursor()
        insert = cursor.prep(_HISTORY)
        for start in range(1, rows + 1, _BATCH):
            cursor.execute(insert, (start, min(start + _BATCH - 1, rows)))
            connection.commit()
        cursor.close()
        connection.execute_immediate(f"SET GENERATOR WA_GEN_FILA TO {rows}")
        connection.commit()
    return path


@contextmanager
def _without_triggers(connection: fdb.Connection) -> Iterator[None]:
    for trigger in _TRIGGERS:
        connection.execute_immediate(f"ALTER TRIGGER {trigger} INACTIVE")
    connection.commit()
    yield
    for trigger in _TRIGGERS:
        connection.execute_immediate(f"ALTER TRIGGER {trigger} ACTIVE")
    connection.commit()


def _newest(connection: fdb.Connection, count: int) -> list[int]:
    """The ids of the last rows of the queue, the very last one at the end."""
    cursor = connection.cursor()
    cursor.execute(f"SELECT FIRST {count} ID FROM WA_FILA WHERE SITUACAO = 'pendente' ORDER BY ID DESC")
    rows = [int(row[0]) for row in cursor.fetchall()]
    cursor.close()
    connection.commit()
    return rows[::-1]


def _short(count: int) -> str:
    """200, 10k, 1M."""
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if count >= size and count % size == 0:
            return f"{count // size}{letter}"
    return str(count)
