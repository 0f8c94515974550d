"""What the doctor and the bundle read of the ERP's database: read only, ``WA_*`` and the monitoring tables alone.

Customers' names, phones and texts are not among it. SQL of Firebird 2.5, both dialects. Every function is the work of
one read-only transaction of :meth:`integrator.erp.connection.Database.read`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from integrator.erp.rows import lenient
from integrator.erp.session import Session

Row = tuple[Any, ...]

_SERVER: Final = """
SELECT RDB$GET_CONTEXT('SYSTEM', 'ENGINE_VERSION'), M.MON$SQL_DIALECT, D.RDB$CHARACTER_SET_NAME,
    CAST('NOW' AS TIMESTAMP), M.MON$CREATION_DATE, CURRENT_USER, CURRENT_ROLE,
    M.MON$NEXT_TRANSACTION - M.MON$OLDEST_ACTIVE, M.MON$READ_ONLY
FROM MON$DATABASE M, RDB$DATABASE D
"""
#: Of all attachments that this login may see: the administrator's sees everybody's.
_TRANSACTIONS: Final = """
SELECT CAST(A.MON$REMOTE_PROCESS AS VARCHAR(255) CHARACTER SET OCTETS),
    CAST(A.MON$REMOTE_ADDRESS AS VARCHAR(255) CHARACTER SET OCTETS),
    MAX(DATEDIFF(SECOND, T.MON$TIMESTAMP, CAST('NOW' AS TIMESTAMP))),
    MAX(CASE WHEN A.MON$REMOTE_PROCESS = O.MON$REMOTE_PROCESS THEN 1 ELSE 0 END)
FROM MON$TRANSACTIONS T
JOIN MON$ATTACHMENTS A ON A.MON$ATTACHMENT_ID = T.MON$ATTACHMENT_ID
JOIN MON$ATTACHMENTS O ON O.MON$ATTACHMENT_ID = CURRENT_CONNECTION
WHERE T.MON$ATTACHMENT_ID <> CURRENT_CONNECTION AND A.MON$REMOTE_PROTOCOL IS NOT NULL
GROUP BY 1, 2 ORDER BY 3 DESC
"""
_STATES: Final = """
SELECT SITUACAO, COUNT(*), MIN(CRIADO_EM), MIN(RESERVADA_ATE) FROM WA_FILA
WHERE SITUACAO IN ('rascunho', 'aguardando_confirmacao', 'pendente', 'reservada', 'enviando', 'retida', 'incerta')
GROUP BY SITUACAO
"""
_RESTORED_HELD: Final = "SELECT COUNT(*) FROM WA_FILA WHERE SITUACAO = 'retida' AND MOTIVO_CODIGO = 'restaurado'"
_STAMPED: Final = "SELECT BANCO_CRIADO_EM FROM WA_SCHEMA WHERE ID = 1"
_BEATS: Final = """
SELECT DONO, CAST(MAQUINA AS VARCHAR(80) CHARACTER SET OCTETS), VERSAO,
    CAST(INSTANCIA AS VARCHAR(40) CHARACTER SET OCTETS), BATIDA_EM,
    DATEDIFF(SECOND, BATIDA_EM, CAST('NOW' AS TIMESTAMP))
FROM WA_BATIMENTO ORDER BY BATIDA_EM DESC
"""
_INSTANCES: Final = """
SELECT CAST(NOME AS VARCHAR(40) CHARACTER SET OCTETS), NUMERO, SITUACAO, MOTOR, ATUALIZADA_EM,
    DATEDIFF(SECOND, ATUALIZADA_EM, CAST('NOW' AS TIMESTAMP))
FROM WA_INSTANCIA ORDER BY NOME
"""
_PAUSE: Final = "SELECT CAST(VALOR AS VARCHAR(1000) CHARACTER SET OCTETS) FROM WA_CONFIG WHERE CHAVE = 'PAUSADO_ATE'"
_PATHS: Final = """
SELECT FIRST 10 CAST(A.CAMINHO AS VARCHAR(500) CHARACTER SET OCTETS),
    CAST(A.NOME_ARQUIVO AS VARCHAR(120) CHARACTER SET OCTETS), A.MIME
FROM WA_FILA F JOIN WA_ANEXO A ON A.FILA_ID = F.ID
WHERE F.SITUACAO IN ('pendente', 'aguardando_confirmacao') AND A.CAMINHO IS NOT NULL AND A.CONTEUDO IS NULL
"""
_UF: Final = "SELECT FIRST 1 CAST(UF AS VARCHAR(2) CHARACTER SET OCTETS) FROM WA_EMPRESA ORDER BY CODIGO"


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """``now`` and ``created`` are the server's. ``gap``: transactions begun since the oldest that is still active."""

    version: str
    dialect: int
    charset: str
    now: datetime
    created: datetime | None
    user: str
    role: str
    gap: int
    read_only: bool


@dataclass(frozen=True, slots=True)
class OpenTransactions:
    """One program on one computer (its address as the server sees it) and the age of its oldest open transaction."""

    program: str
    address: str
    oldest_s: int
    ours: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """The rows in one state: how many, the oldest, and when the first lease among them ends (server's clock)."""

    rows: int
    oldest: datetime
    lease_ends: datetime | None


@dataclass(frozen=True, slots=True)
class Beat:
    """A sign of life of one integrator."""

    owner: str
    machine: str
    version: str
    instance: str
    at: datetime
    silent_s: int


@dataclass(frozen=True, slots=True)
class Instance:
    """A WhatsApp number as the integrator last reported it."""

    name: str
    number: str
    state: str
    engine: str
    at: datetime | None
    silent_s: int


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An attachment that the ERP left on the disk."""

    path: Path
    file_name: str
    mime: str


def server_facts(session: Session) -> ServerFacts:
    row = session.row(_SERVER)
    assert row is not None, "MON$DATABASE has one row"
    version, dialect, charset, now, created, user, role, gap, read_only = row
    return ServerFacts(
        str(version or "").strip(),
        int(dialect),
        str(charset or "NONE").strip(),
        now,
        created,
        str(user).strip(),
        str(role or "").strip(),
        int(gap),
        bool(read_only),
    )


def open_transactions(session: Session) -> tuple[OpenTransactions, ...]:
    """Of other attachments than this one, the oldest first."""
    return tuple(
        OpenTransactions(_program(process), lenient(address), int(age or 0), bool(ours))
        for process, address, age, ours in session.rows(_TRANSACTIONS)
    )


def stages(session: Session) -> dict[str, Stage]:
    """What is not done yet, by state; a state without rows is absent."""
    return {str(state).strip(): Stage(int(rows), oldest, lease) for state, rows, oldest, lease in session.rows(_STATES)}


def restored(session: Session) -> tuple[datetime | None, int]:
    """The creation date that was stamped at installation, and how many rows a restore holds."""
    stamped, held = session.row(_STAMPED), session.row(_RESTORED_HELD)
    return (stamped[0] if stamped else None, int(held[0]) if held else 0)


def beats(session: Session) -> tuple[Beat, ...]:
    """The newest first."""
    return tuple(
        Beat(str(owner).strip(), lenient(machine), str(version or "").strip(), lenient(instance), at, int(silent))
        for owner, machine, version, instance, at, silent in session.rows(_BEATS)
    )


def instances(session: Session) -> tuple[Instance, ...]:
    return tuple(
        Instance(lenient(name), _plain(number), _plain(state), _plain(engine), at, int(silent or 0))
        for name, number, state, engine, at, silent in session.rows(_INSTANCES)
    )


def pause(session: Session) -> str:
    """What ``WA_CONFIG`` says of a pause; empty: none."""
    row = session.row(_PAUSE)
    return lenient(row[0]) if row else ""


def stored_files(session: Session) -> tuple[StoredFile, ...]:
    """A sample of what waiting messages are to carry."""
    return tuple(
        StoredFile(Path(lenient(where)), lenient(name), _plain(mime)) for where, name, mime in session.rows(_PATHS)
    )


def state_of_shop(session: Session) -> str:
    """The state (UF) of the first company that the ERP registered; empty when it registered none."""
    row = session.row(_UF)
    return lenient(row[0]).upper() if row else ""


def _plain(raw: Any) -> str:
    return str(raw or "").strip()


def _program(process: Any) -> str:
    """The program's file name alone: its folder says nothing and may name a person."""
    shown = lenient(process).replace("\\", "/")
    return shown.rpartition("/")[2]
