"""Who we are: a journal, on a computer. And where a database is, so that a copy of it is not taken for it."""

from __future__ import annotations

import platform
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from integrator.domain.errors import JournalError
from integrator.journal.store import SqliteJournal
from integrator.machine import Machine, digest, this_machine

_WINDOWS_PATH = re.compile(r"[A-Za-z]:|\\\\")


@dataclass(frozen=True, slots=True)
class Installation:
    """``journal`` is the id of ``integrator.db``, which travels with a copy of it; ``owner`` (``DONO``) does not.

    ``folder`` is where the journal is.
    """

    journal: str
    owner: str
    machine: Machine
    folder: Path


def this_installation(journal_file: Path, now: datetime, machine: Machine | None = None) -> Installation:
    """Read from the journal, which is made if absent. Raises ``JournalError``."""
    journal = SqliteJournal(journal_file, now)
    owner = journal.owner
    journal.close()
    folder = journal_file.parent
    try:
        return Installation(journal_id(journal_file), owner, machine or this_machine(folder), folder)
    except OSError as error:
        raise JournalError(
            "Não consegui gravar na pasta de dados. Confira o espaço em disco e a permissão dela.", detail=repr(error)
        ) from error


def journal_id(journal_file: Path) -> str:
    """The journal's own id. Raises ``JournalError`` for a file that is no journal."""
    try:
        with closing(sqlite3.connect(journal_file, timeout=10.0)) as db:
            ((found,),) = db.execute("SELECT id FROM journal").fetchall()
    except (sqlite3.Error, ValueError) as error:
        raise JournalError(
            f"O arquivo {journal_file.name} não é um diário de envios, ou está danificado.", detail=repr(error)
        ) from error
    return str(found).lower()


def place_of(guid: str, file_name: bytes, host: str, machine: Machine) -> str:
    """A digest of where a database is: contract, server and file.

    The same file on the same server has one place however the server is called from itself; on another computer,
    "this computer" is another place.
    """
    return digest("banco", guid.strip().upper(), server_of(host, machine), _normal(file_name))


def server_of(host: str, machine: Machine) -> str:
    """The configured server in one spelling; all names of this computer are one."""
    name = host.strip().casefold()
    own = platform.node().casefold()
    is_address = bool(re.fullmatch(r"[0-9.]+|.*:.*", name))
    is_own = not is_address and own and name.partition(".")[0] == own.partition(".")[0]
    local = name in {"", "localhost", "::1"} or name.startswith("127.") or is_own
    return f"este computador {machine.id}" if local else name


def _normal(file_name: bytes) -> str:
    """Firebird's own name of the file; Windows does not tell cases and slashes apart."""
    try:
        text = file_name.decode("utf-8").strip()
    except UnicodeDecodeError:
        text = file_name.decode("cp1252", "replace").strip()
    return text.casefold().replace("\\", "/") if _WINDOWS_PATH.match(text) else text
