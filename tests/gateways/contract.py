"""What every WhatsApp engine must do, whatever it is: subclass :class:`GatewayContract` and give it a ``stage``.

The stage arranges the world around the gateway under test: which numbers exist, an engine out of reach, an answer
that gets lost. It also tells what the engine really accepted, as seen by somebody other than the gateway.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol, runtime_checkable

import pytest

from integrator.domain.errors import GatewayError
from integrator.domain.message import Part, PartKind
from integrator.domain.outcome import CannotTell, Confirmed, NotFound, Rejected, Sent, TryLater, Unknown
from integrator.domain.phone import with_ninth_digit
from integrator.sending.gateway import EventBatch, Gateway, GatewayState, Inbound, Receipt, ReceiptKind

ROW = "9F1C1B52-6A5E-4D6B-9C0A-0E6A6E3B7A11"
OTHER_ROW = "0B5E6A0C-1C0E-4C9A-8F3D-5A3B2C1D0E9F"
CAPTION = 'Olá, *João & Cia*! ☀️\n\nSegue o boleto de R$ 1.234,56 — até amanhã… 🙂\n_Loja_ <b>"1"</b>'
LINHA = "00190.00009 02694.036007 01234.567171 1 99990000015230"


class Stage(Protocol):
    """The world around one gateway."""

    gateway: Gateway
    known: str
    """A number with WhatsApp, in the form under which WhatsApp keeps it."""
    other_form: str
    """The same phone with or without its ninth digit; asking for it finds ``known``."""
    unknown: str
    """A number without WhatsApp."""
    account: str
    """What the number's own account calls itself."""

    def accepted(self) -> Sequence[str]:
        """Ids of what the engine accepted, in order, one for each bubble on a customer's phone."""
        ...

    def received(self, message_id: str) -> tuple[bytes, str]:
        """What the customer has in that bubble: its file or text, and the caption under a file."""
        ...

    def lose_next_answer(self) -> None:
        """The next send is accepted, and its answer never arrives."""
        ...

    def disconnect(self) -> None:
        """The number loses its connection to WhatsApp; the engine still answers."""
        ...

    def take_engine_away(self) -> None:
        """Nothing listens any more where the engine was."""
        ...

    def let_receipts_arrive(self) -> None:
        """Time passes until everything accepted so far was delivered or failed."""
        ...


@runtime_checkable
class Writes(Protocol):
    """What the stage of an engine with ``inbound`` can do besides."""

    def write(self, text: str, sender: str) -> None:
        """The person at ``sender`` (E.164 digits) writes to the number; empty ``text``: an audio or a picture."""
        ...


def text_part(text: str, order: int = 1) -> Part:
    """A text of that order."""
    content = text.encode("utf-8")
    return Part(order, PartKind.TEXT, content, hashlib.sha256(content).hexdigest())


def pdf_part(order: int = 2, filling: bytes = b"boleto") -> Part:
    """A small file that calls itself a PDF."""
    content = b"%PDF-1.4\n" + filling + b"\n%%EOF\n"
    digest = hashlib.sha256(content).hexdigest()
    return Part(order, PartKind.DOCUMENT, content, digest, "Boleto 123-1.pdf", "application/pdf")


def receipts_of(*batches: EventBatch) -> list[Receipt]:
    """Their receipts, in order."""
    return [event for batch in batches for event in batch.events if isinstance(event, Receipt)]


class GatewayContract:
    """Tests for any gateway; the subclass has a fixture ``stage``."""

    def post(self, stage: Stage, part: Part, row: str = ROW, to: str = "") -> object:
        """Send as the engine does: the id first, then the post."""
        return stage.gateway.send(to or stage.known, part, stage.gateway.new_message_id(row, part))

    def test_it_has_a_name_and_a_connected_number(self, stage: Stage) -> None:
        assert stage.gateway.name
        assert stage.gateway.condition().state is GatewayState.CONNECTED
        assert stage.gateway.sender().isdigit()

    def test_a_number_that_is_paired_tells_what_its_account_calls_itself(self, stage: Stage) -> None:
        pairing = stage.gateway.pairing()
        if pairing is None:
            pytest.skip("this engine is not paired")
        told = pairing.look(datetime.now())
        assert told.name == stage.account
        assert stage.account not in repr(told)

    def test_it_confirms_by_id_only_when_ids_are_ours(self, stage: Stage) -> None:
        capabilities = stage.gateway.capabilities
        assert capabilities.own_message_id or not capabilities.confirms_by_id

    def test_the_id_of_a_part_never_changes_and_belongs_to_it_alone(self, stage: Stage) -> None:
        new_id, part = stage.gateway.new_message_id, text_part("Bom dia")
        others = [text_part("Boa tarde"), replace(part, order=2), replace(part, caption="Bom dia")]
        if not stage.gateway.capabilities.own_message_id:
            assert new_id(ROW, part) == ""
            return
        assert new_id(ROW, part) == new_id(ROW, replace(part)) != ""
        assert len({new_id(ROW, part), new_id(OTHER_ROW, part), *(new_id(ROW, other) for other in others)}) == 5

    @pytest.mark.parametrize(
        "part",
        [
            text_part("Olá, *José*! Até amanhã…\n🙂"),
            pdf_part(),
            replace(pdf_part(order=1), caption=CAPTION),
            replace(text_part("00020126580014br.gov.bcb.pix6304ABCD"), kind=PartKind.PIX),
            replace(text_part(LINHA), kind=PartKind.LINHA),
        ],
        ids=["text", "document", "document with caption", "pix", "linha"],
    )
    def test_a_part_of_any_kind_is_sent(self, stage: Stage, part: Part) -> None:
        outcome = self.post(stage, part)
        assert isinstance(outcome, Sent)
        assert list(stage.accepted()) == [outcome.provider_id]
        assert stage.received(outcome.provider_id) == (part.content, part.caption)
        if stage.gateway.capabilities.own_message_id:
            assert outcome.provider_id == stage.gateway.new_message_id(ROW, part)

    def test_a_caption_has_room_for_1024_utf_16_units_and_no_more(self, stage: Stage) -> None:
        full = "🙂" * 512
        outcome = self.post(stage, replace(pdf_part(), caption=full))
        assert isinstance(outcome, Sent)
        assert stage.received(outcome.provider_id)[1] == full
        too_long = self.post(stage, replace(pdf_part(order=3), caption=f"{full}."))
        assert isinstance(too_long, Rejected)
        assert "1024" in too_long.reason
        assert list(stage.accepted()) == [outcome.provider_id]

    def test_a_number_without_whatsapp_is_rejected_with_a_reason(self, stage: Stage) -> None:
        outcome = self.post(stage, text_part("Olá"), to=stage.unknown)
        assert isinstance(outcome, Rejected)
        assert outcome.reason.endswith(".")
        assert not stage.accepted()

    @pytest.mark.feature("B06")
    def test_numbers_are_checked_in_the_order_asked(self, stage: Stage) -> None:
        if not stage.gateway.capabilities.number_check:
            pytest.skip("this engine cannot check numbers")
        asked = [stage.other_form, stage.unknown, stage.known]
        checks = stage.gateway.check_numbers(asked)
        assert [check.query for check in checks] == asked
        assert [(check.exists, check.canonical) for check in checks] == [
            (True, stage.known),
            (False, ""),
            (True, stage.known),
        ]
        assert stage.gateway.check_numbers([]) == ()

    def test_what_was_accepted_can_be_confirmed_or_it_is_said_that_it_cannot(self, stage: Stage) -> None:
        outcome = self.post(stage, text_part("Olá"))
        assert isinstance(outcome, Sent)
        can = stage.gateway.capabilities.confirms_by_id
        assert stage.gateway.confirm(outcome.provider_id) == (Confirmed(outcome.provider_id) if can else CannotTell())
        assert stage.gateway.confirm("3EB0000000000000000000FF") == (NotFound() if can else CannotTell())

    def test_a_lost_answer_leaves_doubt_and_the_id_settles_it(self, stage: Stage) -> None:
        stage.lose_next_answer()
        part = text_part("Olá")
        outcome = self.post(stage, part)
        assert isinstance(outcome, Unknown)
        assert outcome.reason
        assert len(stage.accepted()) == 1
        if stage.gateway.capabilities.confirms_by_id:
            message_id = stage.gateway.new_message_id(ROW, part)
            assert stage.gateway.confirm(message_id) == Confirmed(message_id)

    def test_the_same_id_posted_twice_reaches_the_customer_once(self, stage: Stage) -> None:
        if not stage.gateway.capabilities.own_message_id:
            pytest.skip("this engine chooses ids itself")
        first, second = self.post(stage, pdf_part()), self.post(stage, pdf_part())
        assert isinstance(first, Sent)
        assert first == second
        assert list(stage.accepted()) == [first.provider_id]

    def test_without_connection_nothing_is_sent_and_it_may_be_tried_later(self, stage: Stage) -> None:
        stage.disconnect()
        assert stage.gateway.condition().state is not GatewayState.CONNECTED
        outcome = self.post(stage, text_part("Olá"))
        assert isinstance(outcome, TryLater)
        assert outcome.after_s > 0
        assert outcome.reason
        assert not stage.accepted()

    def test_without_the_engine_nothing_is_claimed(self, stage: Stage) -> None:
        part = text_part("Olá")
        message_id = stage.gateway.new_message_id(ROW, part)
        stage.take_engine_away()
        assert stage.gateway.condition().state is not GatewayState.CONNECTED
        assert isinstance(stage.gateway.send(stage.known, part, message_id), TryLater)
        assert stage.gateway.confirm(message_id) == CannotTell()
        assert stage.gateway.events(7).events == ()
        assert stage.gateway.events(7).cursor == 7
        with pytest.raises(GatewayError):
            stage.gateway.check_numbers([stage.known])

    def test_receipts_come_once_in_order_and_for_what_was_sent(self, stage: Stage) -> None:
        for order in range(1, 6):
            assert isinstance(self.post(stage, text_part(f"Aviso {order}", order)), Sent)
        stage.let_receipts_arrive()
        batch = stage.gateway.events(0)
        assert {receipt.provider_id for receipt in receipts_of(batch)} == set(stage.accepted())
        assert [receipt.at for receipt in batch.events] == sorted(receipt.at for receipt in batch.events)
        settled = [receipt for receipt in receipts_of(batch) if receipt.kind is not ReceiptKind.READ]
        assert len(settled) == 5
        assert stage.gateway.events(batch.cursor) == replace(batch, events=())
        assert stage.gateway.events(0) == batch

    def written_to(self, stage: Stage, *texts: str) -> list[Inbound]:
        """What the gateway tells of those messages, written one after the other by the person at ``known``."""
        if not stage.gateway.capabilities.inbound:
            pytest.skip("this engine does not listen")
        if not isinstance(stage, Writes):
            pytest.skip("nobody writes on this stage")
        for text in texts:
            stage.write(text, stage.known)
        return [event for event in stage.gateway.events(0).events if isinstance(event, Inbound)]

    @pytest.mark.feature("S31")
    def test_what_people_write_is_told_in_order_each_under_an_id_of_its_own(self, stage: Stage) -> None:
        texts = ["SAIR", "Não, é o *boleto*…\nobrigado 🙏", "SAIR"]
        told = self.written_to(stage, *texts)
        assert [inbound.text for inbound in told] == texts
        assert {with_ninth_digit(inbound.sender) for inbound in told} == {with_ninth_digit(stage.known)}
        assert len({inbound.id for inbound in told}) == 3
        assert all(inbound.id for inbound in told)

    @pytest.mark.feature("S31")
    def test_what_people_write_is_told_again_from_the_same_place_and_not_after_it(self, stage: Stage) -> None:
        told = self.written_to(stage, "Bom dia", "")
        batch = stage.gateway.events(0)
        assert [event for event in batch.events if isinstance(event, Inbound)] == told
        assert [inbound.text for inbound in told] == ["Bom dia", ""]
        assert stage.gateway.events(batch.cursor) == replace(batch, events=())

    def test_closing_twice_does_no_harm(self, stage: Stage) -> None:
        stage.gateway.close()
        stage.gateway.close()
