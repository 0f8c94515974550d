"""Old and new ways of logging in, with and without encryption on the wire, each against a server that takes no other.

Over TCP and with an installed or unpacked Firebird alike. Where Firebird is only unpacked it runs as its own build
("boot build"), and there every user counts as SYSDBA: these tests ask for the login alone, never for what it may do.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from integrator.domain.errors import DatabaseRefused
from integrator.erp.connection import Database, Target
from tools.firebird_server import PrivateServer


class _Particular(PrivateServer):
    """A server that knows one way of logging in."""

    def __init__(self, folder: Path, ways: str, wire: str) -> None:
        super().__init__(folder)
        self._ways, self._wire = ways, wire

    def _write_settings(self, port: int) -> None:
        super()._write_settings(port)
        settings = self._root / "firebird.conf"
        kept = [
            line
            for line in settings.read_text(encoding="utf-8").splitlines()
            if not line.startswith(("AuthServer", "WireCrypt"))
        ]
        changed = [*kept, f"AuthServer = {self._ways}", f"WireCrypt = {self._wire}", ""]
        settings.write_text("\n".join(changed), encoding="utf-8")


@pytest.mark.parametrize(
    ("ways", "wire"),
    [
        ("Legacy_Auth", "Disabled"),
        ("Legacy_Auth", "Enabled"),
        ("Srp", "Required"),
        ("Srp256", "Required"),
        ("Srp", "Disabled"),
    ],
)
def test_a_login_of_each_kind_is_accepted_and_a_wrong_password_is_not(
    tmp_path: Path, firebird_server: PrivateServer, ways: str, wire: str
) -> None:
    with _Particular(tmp_path, ways, wire) as server:
        server.create_database("login.fdb")
        target = Target(server.host, server.port, str(server.path("login.fdb")), server.user, server.password)
        database = Database(target)
        who = database.read(lambda session: session.row("SELECT CURRENT_USER FROM RDB$DATABASE"))
        database.close()
        with pytest.raises(DatabaseRefused, match="usuário ou a senha"):
            Database(replace(target, password="outra")).read(lambda session: session.row("SELECT 1 FROM RDB$DATABASE"))

    assert who is not None
    assert who[0].strip() == "SYSDBA"
