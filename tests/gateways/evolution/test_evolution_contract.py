"""The Evolution adapter is a gateway like any other, with and without a webhook."""

from __future__ import annotations

import pytest

from tests.gateways.conftest import TestClock
from tests.gateways.contract import GatewayContract, Stage
from tests.gateways.evolution.conftest import HOOK_URL, OpenGateway
from tests.gateways.evolution.fake_server import FakeEvolution
from tests.gateways.evolution.stage import EvolutionStage


class _EvolutionContract(GatewayContract):
    webhook_url: str

    @pytest.fixture
    def stage(self, open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock) -> Stage:
        return EvolutionStage(open_gateway(webhook_url=self.webhook_url), fake, clock)


class TestEvolutionThatPushes(_EvolutionContract):
    webhook_url = HOOK_URL


class TestEvolutionThatIsAsked(_EvolutionContract):
    webhook_url = ""
