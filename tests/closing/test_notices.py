"""Which documents, greetings and cashback notices are written, and why others are not."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from integrator.closing.notices import NoticePlan, Settled, documents_since, notices_day
from integrator.closing.ports import Draft, HeldRow, Memory, Notice, Queued
from integrator.closing.reasons import Skipped, Why
from integrator.closing.run import run_documents
from integrator.domain.message import Customer, LineItem, Purpose
from integrator.messages.choices import Choice, Choices
from tests.closing.fakes import FakeOutbox, FakeSource
from tests.closing.world import LONG_AGO, codes, debt, notice, november, plan, policy

AT = datetime.combine(november(12), time(22, 30))


def chosen(
    *notices: Notice, settled: Settled | None = None, choices: Choices | None = None
) -> tuple[list[Draft], list[Skipped]]:
    found = list(NoticePlan(policy(choices=choices or Choices()), settled or Settled(), AT).plan(notices))
    drafts = [item for item in found if isinstance(item, Draft)]
    return drafts, [item for item in found if isinstance(item, Skipped)]


def greeting(key: str, *, person: str = "ana", phones: str = "(49) 98859-0187", **changes: object) -> Notice:
    values: dict[str, object] = {"module": "ANIVERSARIANTES", "kind": "ANIVERSÁRIO", "purpose": Purpose.PROMOTION}
    return notice(key=key, person=person, phones=phones, day=november(13), **values | changes)


def credit(**changes: object) -> Notice:
    values: dict[str, object] = {"module": "CASHBACK", "kind": "CASHBACK A VENCER", "purpose": Purpose.PROMOTION}
    return notice(key="cashback||1", **values | changes)


# Switches


@pytest.mark.feature("G22")
def test_a_module_or_a_message_that_is_switched_off_is_not_written_and_counted() -> None:
    off = Choices(off=frozenset({"ordemdeservico"}))
    assert [codes(chosen(notice(), choices=off)[1]), chosen(notice(), choices=off)[0]] == [["modulo_desligado"], []]
    one = Choices(by_name={("ordemdeservico", "ospronta"): Choice(on=False)})
    drafts, skipped = chosen(notice(), notice(key="b", kind="OS FINALIZADA"), choices=one)
    assert [draft.key for draft in drafts] == ["b"]
    assert codes(skipped) == ["mensagem_desligada"]


@pytest.mark.feature("G22")
def test_a_text_of_the_profiles_own_obeys_its_modules_switch_too() -> None:
    own = notice(kind="RETIRAR NA DOCA 3", template="oi")
    assert len(chosen(own)[0]) == 1
    assert codes(chosen(own, choices=Choices(off=frozenset({"ordemdeservico"})))[1]) == ["modulo_desligado"]


@pytest.mark.feature("G22")
def test_reminders_obey_the_switches_too() -> None:
    off = policy(choices=Choices(off=frozenset({"avisodedebitos"})))
    assert codes(plan([debt(november(9))], november(12), chosen=off)[1]) == ["modulo_desligado"]
    upcoming = policy(choices=Choices(by_name={("avisodedebitos", "debitoavencer"): Choice(on=False)}))
    assert codes(plan([debt(november(12))], november(12), chosen=upcoming)[1]) == ["mensagem_desligada"]
    assert len(plan([debt(november(9))], november(12), chosen=upcoming)[0]) == 1


# Birthdays


@pytest.mark.feature("G30")
def test_who_is_registered_twice_is_greeted_once_whichever_of_them_waits_in_the_queue() -> None:
    both = (greeting("aniv|1|7|2026"), greeting("aniv|2|9|2026", phones="49988590187"))
    drafts, skipped = chosen(*both)
    assert [draft.key for draft in drafts] == ["aniv|1|7|2026"]
    assert drafts[0].day == november(13)
    assert codes(skipped) == ["mesma_pessoa"]
    again, skipped = chosen(*both, settled=Settled({"aniv|1|7|2026"}))
    assert again == []
    assert codes(skipped) == ["ja_na_fila", "mesma_pessoa"]


@pytest.mark.feature("G30")
def test_two_people_of_one_phone_are_each_greeted_and_the_unflagged_record_hides_no_other() -> None:
    assert len(chosen(greeting("a", person="ana"), greeting("b", person="eva"))[0]) == 2
    drafts, skipped = chosen(greeting("a", accepts=False), greeting("b"))
    assert [draft.key for draft in drafts] == ["b"]
    assert codes(skipped) == ["nao_aceita"]


# Cashback


@pytest.mark.feature("G37", "G38")
def test_cashback_without_a_known_end_is_left_out_with_the_reason() -> None:
    unknown = credit(kind="SALDO DE CASHBACK", variables={"SALDO": "10,00"})
    drafts, skipped = chosen(unknown)
    assert drafts == []
    assert codes(skipped) == ["sem_validade"]
    assert "cashback_validade_dias" in skipped[0].reason
    assert len(chosen(unknown, choices=Choices(cashback_days=90))[0]) == 1
    assert len(chosen(credit(expires_at=datetime(2026, 11, 20)))[0]) == 1


@pytest.mark.feature("G37")
def test_cashback_that_has_ended_is_not_spoken_of() -> None:
    assert codes(chosen(credit(expires_at=datetime(2026, 11, 12, 22, 29)))[1]) == ["validade_passou"]


# Documents


def test_a_document_whose_lines_are_not_there_yet_waits() -> None:
    lines = (LineItem("Óleo"),)
    assert codes(chosen(notice(itemized=True))[1]) == ["sem_itens"]
    (draft,) = chosen(notice(itemized=True, items=lines))[0]
    assert draft.items == lines
    assert chosen(notice(itemized=True, problem="Item 2: …"))[0][0].problem


def test_rows_doubled_by_a_join_are_one_message_and_differing_ones_are_held() -> None:
    drafts, skipped = chosen(notice(), notice())
    assert (len(drafts), codes(skipped)) == (1, ["ja_na_fila"])
    drafts, _ = chosen(notice(), notice(customer=Customer("10", "Outro")))
    assert [bool(draft.problem) for draft in drafts] == [False, True]
    assert "mais de uma vez" in drafts[1].problem


@pytest.mark.parametrize(
    ("last", "begun", "since"),
    [
        (None, None, datetime(2026, 11, 12)),
        (datetime(2026, 11, 11, 22, 30), None, datetime(2026, 11, 11)),
        (datetime(2026, 11, 12, 9, 0), datetime(2026, 11, 12, 9, 0), datetime(2026, 11, 12, 9, 0)),
        (datetime(2026, 11, 12, 22, 0), datetime(2026, 11, 12, 9, 0), datetime(2026, 11, 12, 9, 0)),
        (datetime(2026, 10, 1, 22, 30), None, datetime(2026, 11, 9)),
    ],
)
def test_documents_count_from_the_last_closings_day_but_not_before_the_beginning_nor_of_last_week(
    last: datetime | None, begun: datetime | None, since: datetime
) -> None:
    assert documents_since(last, begun, AT) == since


def test_a_closing_from_noon_on_greets_for_the_next_day() -> None:
    assert notices_day(AT) == november(13)
    assert notices_day(datetime.combine(november(12), time(11, 59))) == november(12)


# Between closings


def rounds(source: FakeSource, outbox: FakeOutbox, told: dict[str, str]) -> dict[Queued, int]:
    return dict(run_documents(source, outbox, policy(), AT, datetime(2026, 11, 12), told).queued)


def test_a_round_writes_documents_only_once_and_closes_nothing() -> None:
    source = FakeSource([debt(november(9))], all_notices=[notice(), greeting("aniv")])
    outbox, told = FakeOutbox(), dict[str, str]()
    assert rounds(source, outbox, told) == {Queued.NEW: 1}
    assert rounds(source, outbox, told) == {}
    assert (list(outbox.rows), outbox.done) == (["doc|1"], ["remember 0"] * 2)
    assert source.asked["known"] == ["doc|1"]
    assert "debts" not in source.asked


def test_a_held_document_is_written_anew_when_its_row_was_mended_and_not_before() -> None:
    source, outbox, told = FakeSource(all_notices=[notice(problem="Falta o nome.")]), FakeOutbox(), dict[str, str]()
    assert rounds(source, outbox, told) == {Queued.HELD: 1}
    outbox.memory = Memory(held={"doc|1": HeldRow("Falta o nome.", frozenset())}, since=LONG_AGO)
    assert rounds(source, outbox, told) == {}
    source.all_notices = [notice()]
    assert rounds(source, outbox, told) == {Queued.UPDATED: 1}
    assert told == {"doc|1": ""}


def test_what_somebody_else_holds_is_left_to_the_next_closing() -> None:
    memory = Memory(held={"doc|1": HeldRow("Este número não tem WhatsApp.", frozenset())}, since=LONG_AGO)
    assert rounds(FakeSource(all_notices=[notice()]), FakeOutbox(memory=memory), {}) == {}


def test_every_reason_is_a_sentence() -> None:
    assert all(why.label.endswith(".") for why in Why)
