"""A held message is written anew by the next closing, in its own row, with what was mended in the ERP."""

from __future__ import annotations

from dataclasses import replace

import pytest

from integrator.closing.drafts import content_of
from integrator.closing.ports import Draft, HeldRow, Memory
from tests.closing.world import E164, LONG_AGO, codes, contact, debt, november, plan, remembered

FIRING = november(9)
BROKEN = debt(november(10), ref="ruim", problem="A coluna VALOR não pode ser lida.")
WHOLE = debt(november(10), ref="ruim")
SINCE = Memory(since=LONG_AGO)


def held(drafts: list[Draft], day: int) -> Memory:
    """What the queue tells when these drafts were held on their send day."""
    memory = remembered(drafts, november(day), SINCE)
    rows = {draft.key: HeldRow(draft.problem, content_of(draft.titles)) for draft in drafts}
    return replace(memory, reminders={}, waiting={}, held=rows)


@pytest.mark.feature("B04")
def test_what_was_mended_takes_effect_in_the_same_row() -> None:
    first, _ = plan([debt(FIRING), BROKEN], november(12))
    mended, _ = plan([debt(FIRING), WHOLE], november(13), memory=held(first, 12))
    assert [draft.key for draft in mended] == [f"fech|2026-11-12||1|{E164}"]
    assert (mended[0].problem, len(mended[0].titles)) == ("", 2)
    assert {(step.ref, step.step, step.day) for step in mended[0].steps} == {
        ("1-20261109", "vencido 3", november(13)),
        ("ruim", "vencido 3", november(13)),
    }


def test_what_is_still_broken_stays_one_row_and_is_not_written_again() -> None:
    first, _ = plan([debt(FIRING), BROKEN], november(12))
    again, skipped = plan([debt(FIRING), BROKEN], november(13), memory=held(first, 12))
    assert (again, codes(skipped)) == ([], ["ja_na_fila"])
    other_problem = replace(BROKEN, problem="A coluna DOCUMENTO não pode ser lida.")
    changed, _ = plan([debt(FIRING), other_problem], november(13), memory=held(first, 12))
    assert [draft.key for draft in changed] == [draft.key for draft in first]


def test_once_mended_it_waits_and_a_further_closing_for_that_day_has_nothing_new() -> None:
    first, _ = plan([debt(FIRING), BROKEN], november(12))
    memory = held(first, 12)
    mended, _ = plan([debt(FIRING), WHOLE], november(13), memory=memory)
    waiting = replace(remembered(mended, november(13), memory), held={})
    again, skipped = plan([debt(FIRING), WHOLE], november(13), memory=waiting)
    assert again == []
    assert codes(skipped) == ["ja_na_fila"]
    less, _ = plan([debt(FIRING)], november(13), memory=waiting)
    assert [draft.key for draft in less] == [mended[0].key]


def test_a_phone_corrected_in_the_erp_does_not_touch_the_row_of_the_other_phone() -> None:
    first, _ = plan([debt(FIRING)], november(12))
    other, _ = plan([debt(FIRING)], november(13), memory=held(first, 12), contacts=[contact(phones="(49) 99911-2233")])
    assert [draft.key for draft in other] == ["fech|2026-11-13||1|5549999112233"]


def test_a_held_digest_is_written_anew_too() -> None:
    people = [contact("1", digest=True), contact("2")]
    debts = [debt(FIRING, customer="1"), debt(FIRING, customer="2")]
    first, _ = plan(debts, november(12), contacts=people)
    again, _ = plan(debts, november(13), contacts=people, memory=held(first, 12))
    assert [draft.key for draft in again] == [f"fech|2026-11-12||resumo|{E164}"]
