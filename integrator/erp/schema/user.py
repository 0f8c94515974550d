"""The least-privilege user of the integrator: ``WAGATE`` sees the ``WA_*`` tables and nothing else of the ERP."""

from __future__ import annotations

import secrets
import string

import fdb

from integrator.domain.errors import DatabaseRefused
from integrator.erp.connection import Database
from integrator.erp.error_codes import connection_lost, translate

USER = "WAGATE"
#: Firebird 2.5 takes no more than eight characters of a password into account.
_LENGTH = 8
_ALPHABET = string.ascii_letters + string.digits


def create_user(database: Database) -> str:
    """Create ``WAGATE`` on the server, or give it a new password; its permissions come with the contract.

    Returns the password, which nobody else knows: store it at once. Needs a user who may create users (SYSDBA);
    raises :class:`DatabaseRefused` otherwise.
    """
    password = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    connection = database.connection()
    try:
        _run(connection, f"CREATE USER {USER} PASSWORD '{password}'", f"ALTER USER {USER} PASSWORD '{password}'")
    except fdb.DatabaseError as error:
        if connection_lost(error):
            raise translate(error) from error
        raise DatabaseRefused(
            f"Não consegui criar o usuário {USER} no servidor do banco. Isso pede o usuário SYSDBA e um servidor "
            "Firebird (não o embutido).",
            detail=repr(error),
        ) from error
    finally:
        database.close()
    return password


def _run(connection: fdb.Connection, create: str, alter: str) -> None:
    """Create, or change when it exists: Firebird 2.5 has no CREATE OR ALTER USER."""
    try:
        connection.execute_immediate(create)
        connection.commit()
    except fdb.DatabaseError:
        connection.rollback()
        connection.execute_immediate(alter)
        connection.commit()
