"""The world around an Evolution gateway for the contract suite."""

from __future__ import annotations

import json
from collections.abc import Sequence

from integrator.gateways.evolution.gateway import EvolutionGateway
from integrator.gateways.evolution.hook import TOKEN_HEADER, hook_of
from integrator.sending.gateway import Gateway
from tests.gateways.conftest import TestClock
from tests.gateways.evolution.fake_server import KEY, FakeEvolution, Fault
from tests.gateways.evolution.recordings import notice


class EvolutionStage:
    """Statuses are pushed when the gateway has a webhook, and to be asked for otherwise."""

    known = "554988590187"
    other_form = "5549988590187"
    unknown = "554933221100"
    account = "Loja Dois"

    def __init__(self, gateway: EvolutionGateway, fake: FakeEvolution, clock: TestClock) -> None:
        self._fake = fake
        self._clock = clock
        self._evolution = gateway
        self.gateway: Gateway = gateway
        self._written = 0
        fake.world.without_whatsapp = frozenset({self.unknown})

    def accepted(self) -> Sequence[str]:
        return [bubble.id for bubble in self._fake.world.bubbles]

    def received(self, message_id: str) -> tuple[bytes, str]:
        (bubble,) = (bubble for bubble in self._fake.world.bubbles if bubble.id == message_id)
        return bubble.content, bubble.caption

    def lose_next_answer(self) -> None:
        self._fake.answer_next("message/sendText", Fault.DROP_AFTER)

    def disconnect(self) -> None:
        self._fake.world.state = "connecting"
        self._clock.advance(seconds=5)

    def take_engine_away(self) -> None:
        self._fake.stop()
        self._clock.advance(seconds=5)

    def write(self, text: str, sender: str) -> None:
        self._written += 1
        kind = "messages.upsert_DELIVERY_ACK_conversation"
        key = {"remoteJid": f"{sender}@s.whatsapp.net", "fromMe": False, "id": f"3A{self._written:018X}"}
        message = {"conversation": text} if text else {"audioMessage": {"seconds": 3}}
        push(self._evolution, kind, key=key, message=message)

    def let_receipts_arrive(self) -> None:
        self._clock.advance(minutes=1)
        for bubble in self._fake.world.bubbles:
            self._fake.world.statuses[bubble.id] = ["DELIVERY_ACK"]
            push(self._evolution, "messages.update_DELIVERY_ACK", keyId=bubble.id)


def push(gateway: EvolutionGateway, name: str, **data: object) -> int:
    """Let the recorded notice arrive, and arrive again, if the gateway has a webhook; the status of the answer."""
    hook = gateway.webhook()
    if hook is None:
        return 0
    body = json.dumps(notice(name, **data)).encode()
    headers = {TOKEN_HEADER: hook_of("", KEY, "loja3").token}
    return max(hook.receive(headers, body).status for _ in range(2))
