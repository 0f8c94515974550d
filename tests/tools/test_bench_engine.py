"""What the bench of the embedded engine stands on. Its figures are judged nowhere."""

from __future__ import annotations

import itertools

import pytest

from integrator.documents.file_types import prove, recognise
from integrator.domain.message import Part, PartKind
from integrator.domain.outcome import Outcome, Sent
from integrator.gateways.away import AwayGateway
from integrator.sending.gateway import Assigned, Condition, GatewayState, nobody
from tools.bench import papers
from tools.bench.engine_clients import SplitGateway
from tools.bench.engine_messages import numbers
from tools.bench.engine_stage import without_ninth


class NamesFirst(AwayGateway):
    """Tells the message's id before it sends, which takes it no time."""

    def send(self, to: str, part: Part, message_id: str, assigned: Assigned = nobody) -> Outcome:
        del to, part, message_id
        assigned("3EB0")
        return Sent("3EB0")


def test_the_writing_of_the_id_is_counted_for_the_caller_and_not_for_the_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = itertools.count(1.0, 0.5)  # a read of it takes half a second
    monkeypatch.setattr("tools.bench.engine_clients.time.perf_counter", lambda: next(clock))

    def write_down(_id: str) -> None:
        for _ in range(100):
            next(clock)

    gateway = SplitGateway(NamesFirst("fake", Condition(GatewayState.CONNECTED)))
    outcome = gateway.send("554988590187", Part(1, PartKind.TEXT, b"", ""), "", write_down)
    assert outcome == Sent("3EB0")
    assert gateway.seconds == 1.0
    assert gateway.sends[PartKind.TEXT] == [1000.0]


def test_the_filled_boleto_has_its_size_and_is_one_that_the_product_accepts() -> None:
    pdf = papers.of_size(60_000)
    assert len(pdf) == 60_000
    prove(pdf, recognise(pdf))


def test_the_numbers_of_the_rows_lose_their_ninth_digit_as_whatsapp_keeps_them() -> None:
    assert numbers(1) == ["5549980001000"]
    assert without_ninth("5549980001000") == "554980001000"
