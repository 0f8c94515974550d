"""What becomes of a message by what Meta answers, or does not answer."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from integrator.domain.message import TemplateUse
from integrator.domain.outcome import CannotTell, Confirmed, Outcome, Rejected, Restricted, Sent, TryLater, Unknown
from integrator.gateways.cloud_api import health
from integrator.gateways.cloud_api.errors import ErrorClass, class_of, outcome_of, refusal, sentence
from integrator.gateways.cloud_api.gateway import CloudApiGateway
from integrator.gateways.events.log import EventLog
from integrator.sending.gateway import GatewayState
from tests.gateways.cloud_api.conftest import INSTANCE, PERSON
from tests.gateways.cloud_api.fake_meta import ACCOUNT, Meta, error, sample
from tests.gateways.cloud_api.webhooks import messages, status, told
from tests.gateways.conftest import TestClock
from tests.gateways.contract import pdf_part, text_part

HOUR = 3600.0


@pytest.fixture(autouse=True)
def window_open(person_wrote: Callable[[str], None]) -> None:
    person_wrote(PERSON)


def answered(code: int, status: int = 400) -> Outcome:
    return outcome_of(refusal(status, error(code, "told by Meta")), PERSON)


@pytest.mark.parametrize("code", [368, 131031, 131048, 131064, 131042, 131037, 131045])
def test_where_the_account_is_restricted_unpaid_or_unfinished_the_number_stops(code: int) -> None:
    outcome = answered(code)
    assert isinstance(outcome, Restricted)
    assert outcome.stops


@pytest.mark.parametrize(
    ("code", "at_least_s"),
    [
        (130429, 60),
        (80007, 60),
        (4, 60),
        (131056, 60),
        (131016, 60),
        (131057, 60),
        (190, HOUR),
        (10, HOUR),
        (250, HOUR),
    ],
)
def test_what_passes_is_tried_later(code: int, at_least_s: float) -> None:
    outcome = answered(code)
    assert isinstance(outcome, TryLater)
    assert outcome.after_s >= at_least_s


@pytest.mark.parametrize("code", [130472, 131049, 131050])
def test_what_meta_wants_on_another_day_waits_longer_than_one(code: int) -> None:
    outcome = answered(code)
    assert isinstance(outcome, TryLater)
    assert outcome.after_s > 24 * HOUR


@pytest.mark.parametrize("code", [132000, 132001, 132012, 132015, 132016])
def test_a_template_that_is_not_right_leaves_time_to_mend_it(code: int) -> None:
    outcome = answered(code)
    assert isinstance(outcome, TryLater)
    assert "[[modelos_meta]]" in outcome.reason


@pytest.mark.parametrize("code", [100, 131008, 131009, 131051, 131052, 131053, 132005])
def test_refused_content_is_not_repeated(code: int) -> None:
    assert isinstance(answered(code), Rejected)


def test_a_number_that_cannot_be_reached_is_named() -> None:
    outcome = answered(131026)
    assert isinstance(outcome, Rejected)
    assert "(49) 98859-0187" in outcome.reason
    assert outcome.about_recipient


def test_a_code_that_nobody_knows_is_neither_lost_nor_sent() -> None:
    assert class_of(999999) is ErrorClass.OTHER
    assert isinstance(answered(999999), TryLater)


@pytest.mark.parametrize("code", [1, 131000, 999999])
def test_a_failing_server_that_names_no_cause_leaves_doubt(code: int) -> None:
    assert isinstance(answered(code, 500), Unknown)


def test_a_failing_server_that_names_its_cause_has_not_sent() -> None:
    assert isinstance(answered(131016, 503), TryLater)
    assert isinstance(answered(130429, 500), TryLater)


def test_every_class_tells_what_happened_in_a_whole_sentence() -> None:
    for kind in ErrorClass:
        assert sentence(kind, PERSON).endswith(".")
        assert "!" not in sentence(kind, PERSON)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("02-noauth.json", TryLater),
        ("03-missing-product.json", Rejected),
        ("04-template.json", Rejected),
        ("05-document.json", Rejected),
        ("06-bad-to.json", Rejected),
        ("07-too-long.json", Rejected),
    ],
)
def test_recorded_refusals_are_understood(
    number: CloudApiGateway, meta: Meta, name: str, expected: type[Outcome]
) -> None:
    recorded = sample(name)["response"]
    meta.answers.append((recorded["status"], recorded["body"]))
    outcome = number.send(PERSON, text_part("Oi"), "")
    assert isinstance(outcome, expected)
    assert f"code={recorded['body']['error']['code']}" in getattr(outcome, "detail", "")


def test_the_recorded_acceptance_is_one(number: CloudApiGateway, meta: Meta) -> None:
    recorded = sample("01-text.json")["response"]
    meta.answers.append((recorded["status"], recorded["body"]))
    assert isinstance(number.send(PERSON, text_part("Oi"), ""), Sent)


@pytest.mark.parametrize(
    ("code", "body"),
    [(200, {}), (200, {"messages": []}), (200, b"<html>"), (502, b"<html>Bad gateway</html>"), (500, {}), (504, b"")],
)
def test_an_answer_that_proves_nothing_leaves_doubt(
    number: CloudApiGateway, meta: Meta, code: int, body: object
) -> None:
    meta.answers.append((code, body))
    assert isinstance(number.send(PERSON, text_part("Oi"), ""), Unknown)


@pytest.mark.parametrize(("code", "body"), [(302, b""), (407, b"<html>"), (413, b""), (429, b"")])
def test_what_somebody_on_the_way_refuses_was_not_sent(
    number: CloudApiGateway, meta: Meta, code: int, body: object
) -> None:
    meta.answers.append((code, body))
    assert isinstance(number.send(PERSON, text_part("Oi"), ""), TryLater)


def test_a_lost_answer_is_settled_by_the_first_status_that_brings_our_reference(
    number: CloudApiGateway, meta: Meta, clock: TestClock
) -> None:
    told_first: list[str] = []
    meta.lose_answers = 1
    assert isinstance(number.send(PERSON, text_part("Oi"), "", told_first.append), Unknown)
    (reference,) = told_first
    assert number.confirm(reference) == CannotTell()
    told(number, messages(statuses=[status(reference, "sent", clock.now())]))
    assert number.confirm(reference) == Confirmed(reference)


def test_the_reference_is_told_before_anything_leaves_and_what_that_raises_keeps_it_here(
    number: CloudApiGateway, meta: Meta
) -> None:
    def full_disk(_: str) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        number.send(PERSON, text_part("Oi"), "", full_disk)
    assert not meta.posts()


def test_every_attempt_has_a_reference_of_its_own(number: CloudApiGateway) -> None:
    first, second = (number.send(PERSON, text_part("Oi"), "") for _ in range(2))
    assert isinstance(first, Sent)
    assert isinstance(second, Sent)
    assert first.provider_id != second.provider_id


def test_a_file_that_meta_does_not_take_is_no_message(number: CloudApiGateway, meta: Meta) -> None:
    meta.refuse_files = 503
    told_first: list[str] = []
    assert isinstance(number.send(PERSON, pdf_part(), "", told_first.append), TryLater)
    assert not meta.posts()
    assert not told_first


def test_outside_the_window_meta_is_not_even_asked(number: CloudApiGateway, meta: Meta, clock: TestClock) -> None:
    clock.advance(hours=24)
    outcome = number.send(PERSON, text_part("Oi"), "")
    assert isinstance(outcome, Rejected)
    assert "modelo" in outcome.reason
    assert not meta.requests


def test_outside_the_window_a_template_goes(number: CloudApiGateway, meta: Meta, clock: TestClock) -> None:
    clock.advance(days=3)
    part = replace(text_part("Olá."), template=TemplateUse("aviso", "pt_BR"))
    assert isinstance(number.send(PERSON, part, ""), Sent)
    assert meta.posts()[0]["template"]["name"] == "aviso"


def test_the_window_is_shut_minutes_before_its_end_so_that_a_row_is_finished_in_it(
    number: CloudApiGateway, clock: TestClock
) -> None:
    clock.advance(hours=23, minutes=40)
    assert number.may_write_freely(PERSON)
    assert number.may_write_freely("554988590187")
    clock.advance(minutes=10)
    assert not number.may_write_freely(PERSON)
    assert isinstance(number.send(PERSON, text_part("Segunda parte"), ""), Sent)


def test_a_refused_token_shows_in_the_state_until_it_works_again(
    number: CloudApiGateway, meta: Meta, clock: TestClock
) -> None:
    assert number.condition().state is GatewayState.CONNECTED
    meta.token_works = False
    assert isinstance(number.send(PERSON, text_part("Oi"), ""), TryLater)
    assert number.condition().state is GatewayState.AUTH
    assert "token" in number.condition().told
    meta.token_works = True
    clock.advance(minutes=2)
    assert number.condition().state is GatewayState.CONNECTED


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("BANNED", GatewayState.BANNED),
        ("RESTRICTED", GatewayState.RESTRICTED),
        ("DISCONNECTED", GatewayState.LOGGED_OUT),
        ("FLAGGED", GatewayState.CONNECTED),
    ],
)
def test_the_state_is_the_one_that_meta_tells(
    number: CloudApiGateway, meta: Meta, word: str, state: GatewayState
) -> None:
    meta.phone["status"] = word
    assert number.condition().state is state
    assert number.sender() == "554933221100"


def test_meta_is_asked_about_the_number_once_a_minute(number: CloudApiGateway, meta: Meta, clock: TestClock) -> None:
    for _ in range(5):
        number.condition()
        number.sender()
    assert len(meta.requests) == 1
    clock.advance(minutes=1)
    number.condition()
    assert len(meta.requests) == 2


def test_a_meta_that_hangs_holds_nobody_up_and_is_asked_once_a_minute(
    news: EventLog, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_ASK_S", 0.3)

    def slow_clock() -> datetime:
        clock.advance(seconds=40)
        return clock.now()

    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.setblocking(False)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        gateway = CloudApiGateway(ACCOUNT, instance=INSTANCE, events=news, clock=slow_clock, base_url=url)
        for _ in range(2):
            assert gateway.condition().state is GatewayState.OFFLINE
        gateway.close()
        silent.accept()[0].close()
        with pytest.raises(BlockingIOError):
            silent.accept()


def test_name_quality_and_limit_are_told(number: CloudApiGateway, meta: Meta) -> None:
    meta.phone["whatsapp_business_manager_messaging_limit"] = "TIER_2K"
    facts = number.facts()
    assert (facts.verified_name, facts.quality, facts.limit) == ("Loja de Teste", "GREEN", "TIER_2K")


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


def test_neither_log_nor_repr_holds_secrets_or_what_was_written(
    number: CloudApiGateway, meta: Meta, everything_logged: pytest.LogCaptureFixture
) -> None:
    number.send(PERSON, text_part("Texto reservado"), "")
    meta.answers.append((400, error(368, "blocked")))
    number.send(PERSON, text_part("Texto reservado"), "")
    shown = everything_logged.text + repr(ACCOUNT)
    for secret in (ACCOUNT.token, ACCOUNT.app_secret, "Texto reservado", PERSON, "wamid"):
        assert secret not in shown
