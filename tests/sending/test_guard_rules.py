"""The number guard's rules by themselves: limits, growth, signs, the rule of modules and the pace of questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrator.domain.errors import GatewayError, SettingsError
from integrator.domain.message import Purpose
from integrator.domain.outcome import Outcome, Rejected, Restricted, Sent, TryLater, Unknown
from integrator.domain.sender import Contact, DayUse, SenderRecord, Used, cold_limit
from integrator.journal.senders import SenderBook
from integrator.journal.store import SqliteJournal
from integrator.sending.caps import Allowance, CapPolicy
from integrator.sending.gateway import Gateway, NumberCheck, ReceiptKind
from integrator.sending.module_rule import module_rule
from integrator.sending.number_checks import CheckPolicy, NumberChecks
from integrator.sending.ports import Waiting
from integrator.sending.signs import Signs
from integrator.settings.sections import NumberSettings

NOW = datetime(2026, 11, 23, 10)
ME, OTHER = "5549999990001", "5549999990002"
DEFAULT = CapPolicy("principal")


def allowance(cold: int, known: int = 0, policy: CapPolicy = DEFAULT, used: Used = Used.NEW) -> Allowance:
    return Allowance(SenderRecord(ME, NOW, used), DayUse(known, cold), policy, NOW)


def waiting(rows: int, cold: int) -> tuple[Waiting, ...]:
    return (Waiting(Purpose.COLLECTION, rows, rows, cold),)


@pytest.mark.feature("B07")
def test_a_new_number_starts_at_twenty_and_grows_by_half_to_the_cap() -> None:
    assert [cold_limit(Used.NEW, day, 150) for day in range(7)] == [20, 30, 45, 67, 101, 150, 150]
    assert cold_limit(Used.UNKNOWN, 0, 150) == 20
    assert cold_limit(Used.IN_USE, 0, 150) == 150


@given(used=st.sampled_from(Used), days=st.integers(0, 10_000), cap=st.integers(0, 2000))
def test_no_number_passes_its_cap_and_another_day_never_lowers_it(used: Used, days: int, cap: int) -> None:
    today, tomorrow = cold_limit(used, days, cap), cold_limit(used, days + 1, cap)
    assert 0 <= today <= tomorrow <= cap


@given(
    known=st.integers(0, 500), cold=st.integers(0, 500), rows=st.integers(0, 300), new=st.integers(0, 300),
    caps=st.tuples(st.integers(0, 400), st.integers(0, 400)),
)  # fmt: skip
def test_somebody_is_open_exactly_while_one_who_waits_may_be_written_to(
    known: int, cold: int, rows: int, new: int, caps: tuple[int, int]
) -> None:
    found = allowance(cold, known, CapPolicy("principal", known=caps[0], cold=caps[1]), Used.IN_USE)
    free = (rows > 0 and known < caps[0]) or (new > 0 and cold < caps[1])
    assert (found.nobody_left(waiting(rows + new, new)) is None) == (free or rows + new == 0)


@pytest.mark.feature("B07")
def test_what_waits_behind_a_limit_is_said_with_the_limit_and_until_when() -> None:
    closed = allowance(cold=20).nobody_left(waiting(40, 40))
    assert closed is not None
    assert closed.reason == (
        "40 mensagens para contatos novos esperam: limite de 20 contatos novos por dia deste número"
    )
    assert closed.until == datetime(2026, 11, 24)
    assert allowance(cold=20).nobody_left(waiting(41, 40)) is None


def test_a_limit_of_nought_is_told_as_a_setting_and_has_no_end() -> None:
    found = Allowance(SenderRecord(ME, NOW), DayUse(), CapPolicy("principal", cold=0), NOW).closed(Contact.COLD)
    assert found is not None
    assert found.until is None
    assert "limite 0 na configuração" in found.reason


@pytest.fixture
def book(tmp_path: Path) -> SenderBook:
    book = SenderBook(tmp_path / "integrator.db")
    book.meet(ME, "principal", NOW)
    return book


@pytest.mark.feature("B07")
def test_limits_follow_the_phone_and_not_the_name_of_the_instance(book: SenderBook) -> None:
    book.wrote(ME, "5549988590187", Contact.COLD, NOW)
    book.wrote(ME, "5549988590187", Contact.COLD, NOW + timedelta(hours=1))
    book.meet(OTHER, "principal", NOW)
    book.meet(ME, "balcão", NOW + timedelta(hours=2))

    assert book.use(OTHER, NOW) == DayUse()
    assert book.use(ME, NOW) == DayUse(cold=1)
    assert book.use(ME, NOW + timedelta(days=1)) == DayUse(days_before=1)
    assert (book.number_of("principal"), book.number_of("balcão")) == (OTHER, ME)


def test_whom_a_number_wrote_to_is_not_readable_in_the_journal(book: SenderBook, tmp_path: Path) -> None:
    book.wrote(ME, "5549988590187", Contact.COLD, NOW)
    book.close()
    assert b"88590187" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def hear(book: SenderBook, *outcomes: Outcome, failures: int = 5, at: datetime = NOW) -> SenderRecord:
    signs = Signs(book, failures)
    for outcome in outcomes:
        signs.hear(ME, outcome, at)
    record = book.record(ME)
    assert record is not None
    return record


@pytest.mark.feature("B07")
def test_one_sign_pauses_cold_contacts_and_a_second_within_a_week_stops(book: SenderBook) -> None:
    first = hear(book, Restricted("Recusada."))
    assert (first.cold_until, first.stop) == (NOW + timedelta(hours=24), None)
    assert hear(book, Restricted("Recusada."), at=NOW + timedelta(days=6)).stop is not None


def test_two_signs_more_than_a_week_apart_do_not_stop(book: SenderBook) -> None:
    hear(book, Restricted("Recusada."))
    assert hear(book, Restricted("Recusada."), at=NOW + timedelta(days=8)).stop is None


@pytest.mark.feature("B07")
def test_late_refusals_stop_a_number_whose_engine_had_accepted_every_part(book: SenderBook) -> None:
    signs = Signs(book, 3)

    def told(*kinds: ReceiptKind) -> bool:
        for kind in kinds:
            signs.hear(ME, Sent("3EB0"), NOW)  # the engine's own server takes everything
            signs.told(ME, kind, NOW)
        record = book.record(ME)
        assert record is not None
        return record.stop is not None

    failed, delivered, sent = ReceiptKind.FAILED, ReceiptKind.DELIVERED, ReceiptKind.SENT
    assert not told(failed, failed, delivered, failed, sent, failed)
    assert told(failed)
    assert book.resume(ME)
    assert not told(failed, failed), "a person looked: it is counted anew"


def test_what_whatsapp_said_counts_more_than_a_day_and_some_signs_stop_at_once(book: SenderBook) -> None:
    until = NOW + timedelta(days=3)
    assert hear(book, Restricted("Recusada.", until=until)).cold_until == until
    assert hear(book, Restricted("Conta em revisão.", stops=True)).stop is not None


BAD = (Rejected("Não."), Unknown("Sem resposta."))


@given(st.lists(st.sampled_from(["ok", "bad", "no whatsapp", "later"]), max_size=30), st.integers(1, 6))
def test_only_failures_in_a_row_stop_a_number(answers: list[str], limit: int) -> None:
    book = cast("SenderBook", Counter())
    signs = Signs(book, limit)
    meant: dict[str, Outcome] = {
        "ok": Sent("id"),
        "bad": BAD[0],
        "no whatsapp": Rejected("Sem WhatsApp.", about_recipient=True),
        "later": TryLater("Depois.", 60),
    }
    longest = run = 0
    for answer in answers:
        run = 0 if answer == "ok" else run + (answer == "bad")
        longest = max(longest, run)
        signs.hear(ME, meant[answer], NOW)
    assert cast("Counter", book).stopped == (longest >= limit)


@dataclass
class Counter:
    """Senders as far as failures go."""

    failures: int = 0
    stopped: bool = False

    def failed(self, _number: str) -> int:
        self.failures += 1
        return self.failures

    def succeeded(self, _number: str) -> None:
        self.failures = 0

    def halt(self, _number: str, _at: datetime, _why: str) -> None:
        self.stopped = True


def numbers(**claims: tuple[str, ...]) -> list[NumberSettings]:
    return [NumberSettings(instance=name, modules=modules) for name, modules in claims.items()]


@pytest.mark.feature("A07")
def test_claimed_modules_leave_by_their_number_and_the_rest_by_the_others() -> None:
    rule = module_rule(numbers(loja=(), oficina=("ordem_de_servico", "ORÇAMENTO")))

    assert rule.number_for("Ordem de Serviço") == "oficina"
    assert rule.number_for("ORCAMENTO") == "oficina"
    assert rule.number_for("RECEBER") == ""
    assert rule.rest == {"loja"}


def test_when_every_number_claims_something_the_first_takes_the_rest() -> None:
    assert module_rule(numbers(loja=("receber",), oficina=("ordem_de_servico",))).rest == {"loja"}
    assert module_rule(numbers(loja=(), filial=())).rest == {"loja", "filial"}


def test_a_module_in_two_numbers_or_in_no_catalogue_is_a_wrong_setting() -> None:
    with pytest.raises(SettingsError, match="está em dois números, “loja” e “oficina”"):
        module_rule(numbers(loja=("ORDEM DE SERVIÇO",), oficina=("ordem_de_servico",)))
    with pytest.raises(SettingsError, match="não há módulo “boletos”"):
        module_rule(numbers(loja=("boletos",)))


@dataclass
class Asked:
    """A gateway and a clock: when which number was asked about."""

    at: datetime = NOW
    asked: list[tuple[datetime, str]] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> bool:
        self.at += timedelta(seconds=seconds)
        return True

    def check_numbers(self, queries: Sequence[str]) -> tuple[NumberCheck, ...]:
        self.asked += [(self.at, query) for query in queries]
        return tuple(NumberCheck(query, True, query) for query in queries)


@pytest.mark.feature("B06", "B07")
def test_numbers_are_asked_slowly_and_no_more_than_so_many_an_hour_across_restarts(tmp_path: Path) -> None:
    world = Asked()
    policy = CheckPolicy(gap_s=3, per_hour=5)
    phones = [f"55499885900{number:02d}" for number in range(8)]

    def checks() -> NumberChecks:
        journal = SqliteJournal(tmp_path / "integrator.db", NOW)
        return NumberChecks(journal, cast("Gateway", world), world, policy)

    with pytest.raises(GatewayError, match="espera para não arriscar o bloqueio"):
        list(checks().check_many(phones))
    assert [at - NOW for at, _ in world.asked] == [timedelta(seconds=3 * number) for number in range(5)]
    with pytest.raises(GatewayError):
        checks().check(phones[7])
    world.sleep(3600)

    assert len(list(checks().check_many(phones))) == 8
    assert len(world.asked) == 8
