"""The ledger is a witness: whatever was answered is in it, whatever is killed."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from integrator.domain.errors import GatewayError
from integrator.domain.message import PartKind
from integrator.domain.outcome import Confirmed, Sent
from integrator.gateways.base import own_message_id, place_of
from integrator.gateways.simulator.client import SimulatorGateway
from integrator.gateways.simulator.fate import NO_LATE_REFUSALS, receipts_to_come
from integrator.gateways.simulator.ledger import LEDGER_FILE, Bubble, LedgerWriter, Repost, read_ledger
from integrator.gateways.simulator.process import RunningSimulator, start_simulator
from integrator.gateways.simulator.server import main
from integrator.gateways.simulator.wire import CARD_FILE, read_card
from integrator.sending.gateway import Receipt, ReceiptKind
from tests.gateways.conftest import MONDAY_MORNING, TestClock
from tests.gateways.contract import OTHER_ROW, ROW, pdf_part, receipts_of, text_part
from tests.waiting import eventually

PHONE = "554988590187"
PROJECT = Path(__file__).parents[2]


def bubble(message_id: str, *, to: str = PHONE, text: str = "Olá", sha256: str = "") -> Bubble:
    digest = sha256 or text_part(text).sha256
    return Bubble(message_id, to, to, PartKind.TEXT, digest, len(text), MONDAY_MORNING, text)


def document(message_id: str, *, caption: str, to: str = PHONE) -> Bubble:
    digest = pdf_part().sha256
    kind = PartKind.DOCUMENT
    return Bubble(message_id, to, to, kind, digest, 9, MONDAY_MORNING, "", "a.pdf", "application/pdf", caption)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    receipt = Receipt("B", ReceiptKind.READ, MONDAY_MORNING, "“motivo”\n")
    captioned = document("B", caption="*Olá*\n☀️ “ç”")
    records = (bubble("A", text="linha 1\nlinha 2 ✓"), captioned, Repost("A", MONDAY_MORNING), receipt)
    writer = LedgerWriter(tmp_path)
    writer.append(*records)
    writer.close()
    ledger = read_ledger(tmp_path)
    assert (*ledger.messages, *ledger.reposts, *ledger.receipts) == records
    assert ledger.content(ledger.messages[0]).decode("utf-8") == "linha 1\nlinha 2 ✓"


def test_no_ledger_is_an_empty_ledger(tmp_path: Path) -> None:
    assert read_ledger(tmp_path / "nada").messages == ()


def test_a_torn_last_line_does_not_count_and_is_cut_off_before_writing_on(tmp_path: Path) -> None:
    writer = LedgerWriter(tmp_path)
    writer.append(bubble("A"), bubble("B"))
    writer.close()
    path = tmp_path / LEDGER_FILE
    path.write_bytes(path.read_bytes()[:-9])
    assert [message.id for message in read_ledger(tmp_path).messages] == ["A"]
    writer = LedgerWriter(tmp_path)
    writer.append(bubble("C"))
    writer.close()
    assert [message.id for message in read_ledger(tmp_path).messages] == ["A", "C"]


@pytest.mark.parametrize("line", ["lixo", "{}", '{"record": "outro", "at": "2026-11-23T08:00:00"}', "[1]"])
def test_a_damaged_line_in_the_middle_is_an_error(tmp_path: Path, line: str) -> None:
    writer = LedgerWriter(tmp_path)
    writer.append(bubble("A"))
    writer.close()
    path = tmp_path / LEDGER_FILE
    path.write_bytes(line.encode() + b"\n" + path.read_bytes())
    with pytest.raises(GatewayError, match="linha 1"):
        read_ledger(tmp_path)


def test_a_ledger_from_before_captions_is_read_and_continued(tmp_path: Path) -> None:
    writer = LedgerWriter(tmp_path)
    writer.append(document("A", caption=""))
    writer.close()
    path = tmp_path / LEDGER_FILE
    fields = json.loads(path.read_bytes())
    del fields["caption"]
    path.write_text(json.dumps(fields) + "\n", encoding="utf-8")
    with start_simulator(tmp_path) as simulator:
        gateway = simulator.gateway()
        assert gateway.send(PHONE, replace(pdf_part(), caption="Segue"), "B") == Sent("B")
        gateway.close()
        assert [(message.id, message.caption) for message in simulator.ledger().messages] == [("A", ""), ("B", "Segue")]


def test_the_same_file_under_another_text_is_another_message(tmp_path: Path) -> None:
    writer = LedgerWriter(tmp_path)
    writer.append(document("A", caption="Seu orçamento"), document("B", caption="Ainda tem interesse?"))
    writer.append(document("C", caption="Seu orçamento"), document("D", caption="Seu orçamento", to="5511988590187"))
    writer.close()
    assert [message.id for message in read_ledger(tmp_path).duplicates()] == ["C"]


@pytest.mark.parametrize(
    ("kind", "caption"), [("texto", "legenda"), ("documento", "\ud83d"), ("documento", None), ("documento", 7)]
)
def test_a_caption_that_makes_no_sense_is_not_taken(simulator: RunningSimulator, kind: str, caption: object) -> None:
    head = {"id": "A", "to": PHONE, "kind": kind, "at": MONDAY_MORNING.isoformat(), "file_name": "", "mime": ""}
    body = json.dumps({**head, "caption": caption}).encode() + b"\n%PDF-"
    authorised = {"Authorization": f"Bearer {simulator.token}"}
    response = requests.post(f"{simulator.url}/messages", body, headers=authorised, timeout=120)
    assert response.status_code == 400
    assert simulator.ledger().messages == ()


def test_the_same_content_to_the_same_phone_is_a_duplicate(tmp_path: Path) -> None:
    writer = LedgerWriter(tmp_path)
    writer.append(bubble("A"), bubble("B", to="5511988590187"), bubble("C", text="Outra"), bubble("D"))
    writer.close()
    assert [message.id for message in read_ledger(tmp_path).duplicates()] == ["D"]


def test_a_part_composed_anew_and_sent_again_is_a_duplicate(tmp_path: Path) -> None:
    first, anew = own_message_id(ROW, text_part("R$ 10,00")), own_message_id(ROW, text_part("R$ 10,05"))
    other = own_message_id(OTHER_ROW, text_part("R$ 10,05 de outra fila"))
    assert first != anew
    assert place_of(first) == place_of(anew) != place_of(other)
    writer = LedgerWriter(tmp_path)
    writer.append(bubble(first, text="R$ 10,00"), bubble(other, text="outra"), bubble(anew, text="R$ 10,05"))
    writer.close()
    assert [message.id for message in read_ledger(tmp_path).duplicates()] == [anew]


def test_a_repost_is_recorded_as_an_attempt_but_shown_once(
    simulator: RunningSimulator, gateway: SimulatorGateway
) -> None:
    message_id = gateway.new_message_id(ROW, pdf_part())
    for _ in range(3):
        assert gateway.send(PHONE, pdf_part(), message_id) == Sent(message_id)
    ledger = simulator.ledger()
    assert [message.id for message in ledger.messages] == [message_id]
    assert [repost.id for repost in ledger.reposts] == [message_id] * 2
    assert ledger.duplicates() == ()


def test_a_document_is_kept_byte_for_byte(simulator: RunningSimulator, gateway: SimulatorGateway) -> None:
    part = pdf_part(filling=bytes(range(256)) * 200)
    gateway.send(PHONE, part, "A")
    ledger = simulator.ledger()
    assert ledger.content(ledger.messages[0]) == part.content
    assert (ledger.messages[0].sha256, ledger.messages[0].file_name) == (part.sha256, "Boleto 123-1.pdf")


def test_nothing_that_was_answered_is_missing_after_a_kill(simulator: RunningSimulator, clock: TestClock) -> None:
    answered: list[str] = []
    enough = threading.Event()

    def stream() -> None:
        gateway = simulator.gateway(clock=clock.now)
        for number in range(100_000):
            outcome = gateway.send(PHONE, pdf_part(filling=b"%d" % number), f"M{number}")
            if not isinstance(outcome, Sent):
                break
            answered.append(outcome.provider_id)
            if len(answered) == 40:
                enough.set()
        gateway.close()

    sender = threading.Thread(target=stream)
    sender.start()
    assert enough.wait(60)
    simulator.kill()
    sender.join(60)
    ledger = simulator.ledger()
    kept = [message.id for message in ledger.messages]
    assert kept[: len(answered)] == answered
    assert len(kept) - len(answered) in (0, 1)
    for message in ledger.messages:
        assert ledger.content(message).startswith(b"%PDF")


def test_a_restarted_simulator_goes_on_where_it_was_killed(tmp_path: Path, clock: TestClock) -> None:
    part = text_part("Olá")
    with start_simulator(tmp_path, seed=3) as before:
        gateway = before.gateway(clock=clock.now)
        message_id = gateway.new_message_id(ROW, part)
        gateway.send(PHONE, part, message_id)
        clock.advance(days=1)
        reported = gateway.events(0)
        gateway.close()
        before.kill()
    with start_simulator(tmp_path, seed=3) as after:
        gateway = after.gateway(clock=clock.now)
        assert gateway.confirm(message_id) == Confirmed(message_id)
        assert gateway.send(PHONE, part, message_id) == Sent(message_id)
        assert gateway.events(0) == reported
        assert len(after.ledger().messages) == 1
        gateway.close()


def test_two_clients_at_once_lose_nothing_and_share_no_id(simulator: RunningSimulator, clock: TestClock) -> None:
    def stream(name: str) -> list[str]:
        gateway = simulator.gateway(clock=clock.now)
        own = [f"{name}{number}" for number in range(40)]
        for message_id in [*own, *(f"COMUM{number}" for number in range(10))]:
            assert gateway.send(PHONE, text_part(message_id), message_id) == Sent(message_id)
        gateway.close()
        return own

    with ThreadPoolExecutor(2) as pool:
        ours, theirs = pool.map(stream, ["A", "B"])
    ledger = simulator.ledger()
    kept = [message.id for message in ledger.messages]
    assert [message_id for message_id in kept if message_id.startswith("A")] == ours
    assert [message_id for message_id in kept if message_id.startswith("B")] == theirs
    assert len(kept) == len(set(kept)) == 90
    assert len(ledger.reposts) == 10


def test_receipts_follow_the_clock_of_the_client(
    simulator: RunningSimulator, gateway: SimulatorGateway, clock: TestClock
) -> None:
    for number in range(60):
        gateway.send(PHONE, text_part(f"Aviso {number}"), f"M{number}")
    assert gateway.events(0).events == ()
    clock.advance(minutes=1)
    soon = gateway.events(0)
    clock.advance(days=1)
    later = gateway.events(soon.cursor)
    kinds = [receipt.kind for receipt in receipts_of(soon, later)]
    assert kinds.count(ReceiptKind.DELIVERED) + kinds.count(ReceiptKind.FAILED) == 60
    assert 0 < kinds.count(ReceiptKind.READ) < 60
    assert all(receipt.at <= MONDAY_MORNING + timedelta(minutes=1) for receipt in soon.events)
    ledger = simulator.ledger()
    assert ledger.receipts == (*soon.events, *later.events)
    assert list(ledger.statuses().values()).count(ReceiptKind.READ) == kinds.count(ReceiptKind.READ)


def test_the_fate_of_a_message_depends_on_seed_and_id_alone() -> None:
    fates = [receipts_to_come(1, f"M{number}", MONDAY_MORNING) for number in range(5000)]
    assert fates == [receipts_to_come(1, f"M{number}", MONDAY_MORNING) for number in range(5000)]
    assert fates != [receipts_to_come(2, f"M{number}", MONDAY_MORNING) for number in range(5000)]
    last = [fate[-1].kind for fate in fates]
    assert 5 <= last.count(ReceiptKind.FAILED) <= 40
    assert 3000 <= last.count(ReceiptKind.READ) <= 3800


def test_with_the_seed_nought_whatever_was_accepted_arrives() -> None:
    last = [receipts_to_come(NO_LATE_REFUSALS, f"M{number}", MONDAY_MORNING)[-1].kind for number in range(5000)]
    assert ReceiptKind.FAILED not in last


def test_the_card_is_there_while_the_simulator_runs(tmp_path: Path) -> None:
    with start_simulator(tmp_path) as simulator:
        assert read_card(tmp_path) == simulator.card
    assert not (tmp_path / CARD_FILE).exists()
    with pytest.raises(GatewayError, match="integrator simulador"):
        read_card(tmp_path)


def test_a_simulator_that_cannot_start_says_why(simulator: RunningSimulator, tmp_path: Path) -> None:
    with pytest.raises(GatewayError, match="não iniciou") as caught:
        start_simulator(tmp_path / "outro", port=simulator.card.port)
    assert f"porta {simulator.card.port}" in caught.value.detail


def test_two_simulators_never_write_one_ledger(simulator: RunningSimulator) -> None:
    with pytest.raises(GatewayError, match="Já há um simulador"):
        start_simulator(simulator.folder)
    assert main(["--pasta", str(simulator.folder)]) == 1
    assert read_card(simulator.folder) == simulator.card


def test_the_simulator_ends_when_the_one_that_started_it_dies(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path;"
        "from integrator.gateways.simulator.process import start_simulator;"
        "start_simulator(Path(sys.argv[1])); os._exit(9)"
    )
    dead = subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=PROJECT, check=False)
    assert dead.returncode == 9
    eventually(lambda: not (tmp_path / CARD_FILE).exists())
