"""Everything redirected to the shop's own test number: no customer is reached, and no figure is shown."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from integrator.app import build
from integrator.demo.clock import SkippingClock
from integrator.gateways.simulator.process import start_simulator
from integrator.settings import Settings
from integrator.settings.sections import DatabaseSettings, WhatsAppSettings
from tests.erp.helpers import contract_database
from tools.firebird_server import PrivateServer


@pytest.mark.feature("B12")
def test_everything_goes_to_the_test_number_without_amounts_and_is_marked(
    firebird_server: PrivateServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTEGRATOR_SENHA", firebird_server.password)
    database = contract_database(firebird_server)
    with database.attach("UTF8") as erp:
        erp.run(
            "INSERT INTO WA_EMPRESA (CODIGO, RAZAO_SOCIAL, CNPJ, ENDERECO, CIDADE, UF) "
            "VALUES ('1', 'Loja Ltda', '84833812000108', 'Rua A, 1', 'Concórdia', 'SC')"
        )
        row = erp.enqueue("k", modulo="RECEBER", telefone="(49) 98859-0187")[0]
        title = "SELECT RESULTADO FROM WA_INCLUIR_TITULO(?, 'T', 'NF1', '1', NULL, '2026-11-20', 150.00, 150.00)"
        assert erp.value(title, (row,)) == "OK"
        assert erp.value("SELECT RESULTADO FROM WA_LIBERAR('k')") == "OK"
        erp.commit()
    target = database.target()
    settings = Settings(
        database=DatabaseSettings(
            server=target.host, port=target.port, path=target.path, client_library=str(target.client)
        ),
        whatsapp=WhatsAppSettings(redirect_all=True, test_number="5549991112222"),
    )
    clock = SkippingClock(datetime(2026, 11, 24, 9))
    with start_simulator(tmp_path / "simulador") as simulator:
        gateway = simulator.gateway(clock=clock.now)
        with build(settings, tmp_path / "dados", clock=clock, gateway=gateway) as parts:
            parts.engine.tick()
        gateway.close()
        messages = simulator.ledger().messages

    assert {bubble.asked for bubble in messages} == {"5549991112222"}
    (notice,) = messages
    assert "R$ •••" in notice.caption
    assert "150,00" not in notice.caption
    assert notice.file_name == "anexos-omitidos.pdf"
    with database.attach("UTF8") as erp:
        assert erp.one("SELECT SITUACAO, TESTE, DESTINO FROM WA_FILA") == ("enviada", "S", "5549991112222")
    database.path.unlink()
