"""A shop tries SAIR: the pretended customer answers on the simulator's page, and sees what it wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrator.gateways.simulator.posts import Mode
from integrator.panel.access import Role
from tests.engine.conftest import simulator_in
from tests.gateways.contract import text_part
from tests.panel.site import Site

MARIA = "554988590187"


@pytest.mark.feature("S31", "B08")
def test_the_customer_of_the_simulation_answers_from_the_panel(site: Site, tmp_path: Path) -> None:
    with simulator_in(tmp_path / "simulador", Mode.CONFIRMS) as simulator:
        site.engine.ledger = simulator.folder
        gateway = simulator.gateway()
        part = text_part("Seu boleto vence amanhã")
        gateway.send(MARIA, part, gateway.new_message_id("guid", part))
        gateway.close()
        owner, address = site.browser(), f"/simulador/celular/{MARIA}"
        assert owner.submit(f"{address}/responder", {"texto": "SAIR <já>"}).status_code == 303
        assert "SAIR &lt;já&gt;" in owner.page(address).text
        ((written,),) = (simulator.ledger().written,)
        assert (written.sender, written.text) == (MARIA, "SAIR <já>")
        assert "Responder como cliente" not in site.browser(Role.VIEWER).page(address).text
