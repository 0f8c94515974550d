"""Network drives become names that a service understands, and a database on one is refused with the way out."""

from __future__ import annotations

import pytest

from integrator.domain.errors import DatabaseRefused
from integrator.erp.connection import Database, Target
from integrator.erp.drives import require_local_database, to_unc


def _mapped(letter: str) -> str | None:
    return {"Z": r"\\SRV01\s4"}.get(letter)


@pytest.mark.parametrize(
    ("path", "real"),
    [
        (r"Z:\boletos\x.pdf", r"\\SRV01\s4\boletos\x.pdf"),
        ("z:/boletos/x.pdf", r"\\SRV01\s4\boletos\x.pdf"),
        ("Z:", r"\\SRV01\s4"),
        (r"C:\boletos\x.pdf", r"C:\boletos\x.pdf"),
        (r"\\OUTRO\pasta\x.pdf", r"\\OUTRO\pasta\x.pdf"),
        ("/var/boletos/x.pdf", "/var/boletos/x.pdf"),
        ("Z:relativo.pdf", "Z:relativo.pdf"),
        ("apelido", "apelido"),
        ("", ""),
    ],
)
def test_a_path_on_a_network_drive_gets_the_networks_own_name(path: str, real: str) -> None:
    assert to_unc(path, _mapped) == real


@pytest.mark.parametrize("host", ["", "localhost", "127.0.0.1"])
@pytest.mark.parametrize("path", [r"Z:\DADOS\S4.FDB", r"\\SRV01\s4\DADOS\S4.FDB"])
def test_a_database_on_a_network_drive_is_refused_and_the_right_server_is_named(host: str, path: str) -> None:
    with pytest.raises(DatabaseRefused) as refused:
        require_local_database(host, path, _mapped)

    assert 'servidor = "SRV01"' in refused.value.message
    assert r"DADOS\S4.FDB" in refused.value.message


@pytest.mark.parametrize(("host", "path"), [("SRV01", r"Z:\DADOS\S4.FDB"), ("", r"C:\S4.FDB"), ("", "S4")])
def test_other_databases_are_none_of_its_business(host: str, path: str) -> None:
    require_local_database(host, path, _mapped)


def test_a_database_in_a_network_folder_is_refused_when_it_is_opened() -> None:
    database = Database(Target("", 3050, r"\\SRV01\s4\DADOS\S4.FDB", "SYSDBA", ""))

    with pytest.raises(DatabaseRefused, match="SRV01"):
        database.read(lambda session: session.row("SELECT 1 FROM RDB$DATABASE"))
