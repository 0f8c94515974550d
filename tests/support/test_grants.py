"""What the doctor says of a login that may not do everything, on a server that checks passwords."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.erp.helpers import ContractDatabase, contract_database
from tests.support.conftest import Desk
from tools import firebird_packages
from tools.firebird_server import PrivateServer, StrictServer, free_port

PASSWORD = "segredo1"


@pytest.fixture(scope="module")
def contract(firebird_server: PrivateServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ContractDatabase]:
    firebird = firebird_packages.ensure()
    if firebird.prefix != Path("/"):
        pytest.skip("only an installed Firebird finds its plugins without the build switch")
    with StrictServer(tmp_path_factory.mktemp("strict"), firebird) as server:
        database = contract_database(server)
        with database.attach() as administrator:
            for name in ("WAGATE", "LOJA"):
                administrator.done(f"CREATE USER {name} PASSWORD '{PASSWORD}'")
        yield database


def connect(office: Desk, contract: ContractDatabase, user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    server = contract.server
    office.configure(
        f"[banco]\nservidor = '{server.host}'\nporta = {server.port}\ncaminho = '{contract.path}'\n"
        f"usuario = '{user}'\ncliente = '{server.client_library}'\n[painel]\nporta = {free_port()}\n"
    )
    monkeypatch.setenv("INTEGRATOR_SENHA", PASSWORD)


@pytest.mark.feature("B14", "B24")
def test_our_own_user_lacks_nothing_and_the_doctor_needs_no_more_than_it_has(
    office: Desk, contract: ContractDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(office, contract, "WAGATE", monkeypatch)
    items = office.items()
    assert items["permissoes"]["nivel"] == "ok", items["permissoes"]
    assert items["usuario"]["nivel"] == "ok"
    assert [item for item in items.values() if item["nivel"] in ("erro", "nao_verificado")] == []


def test_a_right_that_was_taken_away_is_named_with_its_cure(
    office: Desk, contract: ContractDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    with contract.attach() as administrator:
        administrator.done("REVOKE UPDATE ON WA_TITULO FROM USER WAGATE")
        connect(office, contract, "WAGATE", monkeypatch)
        items = office.items()
        administrator.done("GRANT UPDATE ON WA_TITULO TO USER WAGATE")
    assert items["contrato"]["nivel"] == "erro"
    assert "permissão em WA_TITULO" in items["contrato"]["texto"]
    assert items["contrato"]["correcao"] == "Complete com: integrator schema install"


def test_a_stranger_is_told_which_user_to_take(
    office: Desk, contract: ContractDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(office, contract, "LOJA", monkeypatch)
    items = office.items()
    assert items["conexao"]["nivel"] == "ok"
    refused = items["contrato"] if items["contrato"]["nivel"] == "erro" else items["permissoes"]
    assert refused["nivel"] == "erro"
    assert "permissão" in refused["texto"]
    assert "WAGATE" in refused["correcao"] or "permissões" in refused["correcao"]
