"""Each answer of the real server means what it proves: one row for each recorded shape."""

from __future__ import annotations

import pytest

from integrator.domain.outcome import Outcome, Rejected, Sent, TryLater, Unknown
from integrator.gateways.evolution.outcomes import outcome_of
from integrator.gateways.evolution.server import Answer, complaints
from tests.gateways.evolution.conftest import OpenGateway
from tests.gateways.evolution.fake_server import FakeEvolution
from tests.gateways.evolution.parts import TEXT
from tests.gateways.evolution.recordings import recording

TO = "5511999998888"


def meaning(name: str, case: str = "") -> Outcome:
    recorded = recording(name, case)
    return outcome_of(Answer(recorded.status, recorded.body, recorded.elapsed_ms / 1000), TO)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("112-text-ok", Sent),
        ("143-media-multipart", Sent),
        ("242-evo-text", Sent),
        ("113-text-not-on-whatsapp", Rejected),  # a list of objects
        ("32-text-missing-text", Rejected),  # a list of lists
        ("39-text-empty-text", Rejected),  # a list of texts
        ("47-media-b64-nofilename", Rejected),
        ("50-media-nomedia", Rejected),
        ("86-media-huge-110MB", Rejected),
        ("234-cloud-text-bad", Rejected),  # 201 with Meta's error and no key
        ("236-cloud-template", Rejected),
        ("72-restart-not-connected", Rejected),  # 200 with error: true
        ("161-text-just-after-drop", TryLater),  # a transient fault under a 400
        ("194-text-after-unlink", TryLater),
        ("204-text-after-ban", TryLater),
        ("210-text-whatsapp-down", TryLater),
        ("80-text-reconnecting", TryLater),  # a plain text
        ("81-media-reconnecting", TryLater),
        ("211-media-whatsapp-down", TryLater),
        ("31-text-never-connected", TryLater),
        ("51-media-b64-ok-notconnected", TryLater),
        ("54-media-multipart-notconnected", TryLater),
        ("42-text-wrongkey", TryLater),
        ("41-text-unknown-instance", TryLater),
        ("02-notfound-path", TryLater),
        ("170-text-after-repair", Unknown),  # the server's own defect: nobody saw whether the message had left
        ("55-whatsappNumbers-notconnected", Unknown),  # an empty object under a 400
    ],
)
def test_a_recorded_answer_means_what_it_proves(name: str, expected: type[Outcome]) -> None:
    outcome = meaning(name)
    assert type(outcome) is expected
    if not isinstance(outcome, Sent):
        assert outcome.reason.endswith(".")
        assert outcome.detail.startswith("HTTP ")
        assert TO not in outcome.detail


def test_numbers_without_whatsapp_say_nothing_of_our_own() -> None:
    """Five of them in a row, in an old register, must not stop the shop's number."""
    outcome = meaning("113-text-not-on-whatsapp")
    assert isinstance(outcome, Rejected)
    assert outcome.about_recipient


@pytest.mark.parametrize("case", ["silent-known-number", "silent-new-number"])
def test_a_line_that_fell_silent_under_the_request_leaves_doubt(case: str) -> None:
    """152-silence-results: the words of a closed line, sixty seconds later."""
    assert isinstance(meaning("152-silence-results", case), Unknown)


def test_only_a_refused_upload_is_proven_not_sent_among_errors_of_the_media_host() -> None:
    failed = {"status": 500, "response": {"message": ["Error: Media upload failed on all hosts"]}}
    assert isinstance(outcome_of(Answer(500, failed, 0.1), TO), TryLater)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(400, {"response": {"message": ["Error: something new"]}}, 0.1),
        Answer(400, {"response": {"message": ["Connection Closed", "and more"]}}, 0.1),
        Answer(500, {"response": {"message": "Internal"}}, 0.1),
        Answer(502, None, 0.1, is_json=False),
        Answer(503, None, 0.1, is_json=False),
        Answer(200, None, 0.1, is_json=False),
        Answer(201, None, 0.1),
    ],
    ids=["400", "two complaints", "500", "502", "503", "200 of somebody else", "empty 201"],
)
def test_what_is_not_in_the_table_is_doubt(answer: Answer) -> None:
    assert isinstance(outcome_of(answer, TO), Unknown)


def test_a_database_error_after_the_hand_over_is_doubt_and_its_text_stays_out_of_the_log() -> None:
    """The server copies the message into its database after WhatsApp has it; the error repeats the message."""
    told = (
        "PrismaClientKnownRequestError: \nInvalid `this.prismaRepository.message.create()` invocation in\n"
        'data: { conversation: "Seu boleto, Maria" }'
    )
    outcome = outcome_of(Answer(400, {"response": {"message": [told]}}, 0.1), TO)
    assert isinstance(outcome, Unknown)
    assert "Maria" not in outcome.detail


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("39-text-empty-text", ("Text is required",)),
        ("32-text-missing-text", ('instance requires property "text"',)),
        ("42-text-wrongkey", ("Unauthorized",)),
        ("82-whatsappNumbers-reconnecting", ("Connection Closed",)),
        ("113-text-not-on-whatsapp", ()),
        ("55-whatsappNumbers-notconnected", ()),
        ("234-cloud-text-bad", ("(#100) Invalid parameter: text.body",)),
    ],
)
def test_complaints_are_read_in_every_shape(name: str, told: tuple[str, ...]) -> None:
    assert complaints(recording(name).body) == told


def test_the_answer_counts_by_its_id_whatever_number_it_names(open_gateway: OpenGateway, fake: FakeEvolution) -> None:
    """114-text-ninth-digit-dropped: WhatsApp dropped the ninth digit."""
    recorded = recording("114-text-ninth-digit-dropped")
    fake.answer_next("message/sendText", recorded)
    assert open_gateway().send("5547999112233", TEXT, "") == Sent(recorded.body["key"]["id"])
