"""Meta's official API is an engine like any other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest

from integrator.gateways.cloud_api.gateway import CloudApiGateway
from integrator.gateways.events.log import EventLog, everybody
from integrator.sending.gateway import Gateway
from tests.gateways.cloud_api.fake_meta import ACCOUNT, Meta, running_meta
from tests.gateways.cloud_api.webhooks import messages, status, told, written
from tests.gateways.conftest import TestClock
from tests.gateways.contract import GatewayContract, Stage


class WindowsOpen(EventLog):
    """News of people who all wrote a moment ago."""

    def __init__(self, path: Path, clock: TestClock) -> None:
        super().__init__(path, clock.now, everybody)
        self._clock = clock

    def heard(self, instance: str, phone: str) -> datetime | None:  # noqa: ARG002  # everybody
        return self._clock.now()


class CloudStage:
    known = "5549988590187"
    other_form = "554988590187"
    unknown = "554933221100"
    account = "Loja de Teste"

    def __init__(self, meta: Meta, gateway: CloudApiGateway, clock: TestClock) -> None:
        self._meta = meta
        self._cloud = gateway
        self._clock = clock
        self.gateway: Gateway = gateway
        self._written = 0
        meta.without_whatsapp = frozenset({self.unknown})

    def accepted(self) -> Sequence[str]:
        return [fields["biz_opaque_callback_data"] for fields in self._meta.taken]

    def received(self, message_id: str) -> tuple[bytes, str]:
        (found,) = (each for each in self._meta.taken if each["biz_opaque_callback_data"] == message_id)
        if found["type"] == "document":
            document = found["document"]
            return self._meta.files[document["id"]], document.get("caption", "")
        return found["text"]["body"].encode(), ""

    def lose_next_answer(self) -> None:
        self._meta.lose_answers = 1

    def disconnect(self) -> None:
        self._meta.token_works = False

    def take_engine_away(self) -> None:
        self._meta.leave()

    def write(self, text: str, sender: str) -> None:
        self._written += 1
        message = written(sender, self._clock.now(), text, id=f"wamid.{self._written}")
        told(self._cloud, messages(messages=[message]))

    def let_receipts_arrive(self) -> None:
        self._clock.advance(minutes=1)
        for reference in self.accepted():
            told(self._cloud, messages(statuses=[status(reference, "delivered", self._clock.now())]))


class TestCloudApi(GatewayContract):
    @pytest.fixture
    def stage(self, tmp_path: Path, clock: TestClock) -> Iterator[Stage]:
        with ExitStack() as stack:
            meta = stack.enter_context(running_meta())
            news = WindowsOpen(tmp_path / "eventos.db", clock)
            stack.callback(news.close)
            gateway = CloudApiGateway(ACCOUNT, instance="principal", events=news, clock=clock.now, base_url=meta.url)
            stack.callback(gateway.close)
            yield CloudStage(meta, gateway, clock)
