"""What the bench of the embedded engine stands on. Its figures are judged nowhere."""

from __future__ import annotations

import time

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

WRITING_S = 0.05


class NamesFirst(AwayGateway):
    """Tells the message's id before it sends, which takes it no time."""

    def send(self, to: str, part: Part, message_id: str, assigned: Assigned = nobody) -> Outcome:
        del to, part, message_id
        assigned("3EB0")
        return Sent("3EB0")


def test_the_writing_of_the_id_is_counted_for_the_caller_and_not_for_the_engine() -> None:
    gateway = SplitGateway(NamesFirst("fake", Condition(GatewayState.CONNECTED)))
    outcome = gateway.send("554988590187", Part(1, PartKind.TEXT, b"", ""), "", lambda _id: time.sleep(WRITING_S))
    assert outcome == Sent("3EB0")
    assert gateway.seconds < WRITING_S / 2
    assert gateway.sends[PartKind.TEXT] == [pytest.approx(gateway.seconds * 1000)]


def test_the_filled_boleto_has_its_size_and_is_one_that_the_product_accepts() -> None:
    pdf = papers.of_size(60_000)
    assert len(pdf) == 60_000
    prove(pdf, recognise(pdf))


def test_the_numbers_of_the_rows_lose_their_ninth_digit_as_whatsapp_keeps_them() -> None:
    assert numbers(1) == ["5549980001000"]
    assert without_ninth("5549980001000") == "554980001000"
