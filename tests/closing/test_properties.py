"""What holds for every shop, whatever its debts: found by trying many."""

from __future__ import annotations

import random
import tracemalloc
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrator.closing.plan import plan_closing
from integrator.closing.ports import Contact, Debt, Draft, Memory, TitleState
from integrator.closing.reasons import Skipped
from tests.closing.world import LONG_AGO, contact, debt, november, plan, policy, remembered, send_day

CUSTOMERS = ("1", "2", "3")
FEW = settings(max_examples=60)


@st.composite
def shops(draw: st.DrawFn, companies: Sequence[str] = ("", "2")) -> tuple[list[Debt], list[Contact]]:
    """Debts in the order of the port, and at most one phone per customer, some of them shared."""
    made = st.builds(
        debt,
        st.dates(date(2026, 8, 1), date(2026, 12, 5)),
        st.decimals(-5, 500, places=2).map(str),
        customer=st.sampled_from(CUSTOMERS),
        company=st.sampled_from(companies),
        state=st.sampled_from([TitleState.OPEN] * 4 + list(TitleState)),
        reminds=st.sampled_from([True, True, True, False]),
    )
    debts = draw(st.lists(made, max_size=25, unique_by=lambda item: (item.company, item.title.ref)))
    people = [
        contact(
            customer,
            draw(st.sampled_from(["(49) 98859-0187", "(49) 99911-2233", "3322"])),
            accepts=draw(st.sampled_from([True, True, False])),
            digest=draw(st.booleans()),
        )
        for customer in CUSTOMERS
    ]
    return in_order(debts), people


def in_order(debts: Sequence[Debt]) -> list[Debt]:
    return sorted(debts, key=lambda item: (item.company, item.customer.code))


def refs(draft: Draft) -> set[tuple[str, str]]:
    return {(draft.company, title.ref) for title in draft.titles}


@pytest.mark.feature("B03")
@given(shops(), st.integers(9, 27))
@FEW
def test_only_open_debts_of_people_who_may_be_reminded_are_ever_sent(
    shop: tuple[list[Debt], list[Contact]], day: int
) -> None:
    debts, people = shop
    fine = {
        (item.company, item.title.ref)
        for item in debts
        if item.state is TitleState.OPEN and item.reminds and item.title.open_amount > 0
    }
    flagged = {person.customer_code for person in people if person.accepts and person.phones != "3322"}
    for draft in plan(debts, november(day), contacts=people)[0]:
        assert refs(draft) <= fine
        assert draft.customer.code in flagged
        assert draft.steps


@given(shops(), st.integers(9, 27))
@FEW
def test_no_title_and_no_amount_gets_lost(shop: tuple[list[Debt], list[Contact]], day: int) -> None:
    debts, people = shop
    drafts, skipped = plan(debts, november(day), contacts=people)
    amounts = [draft.amount for draft in drafts] + [item.amount for item in skipped]
    assert sum(amounts, Decimal(0)) == sum((item.title.open_amount for item in debts), Decimal(0))
    assert sum(len(draft.titles) for draft in drafts) + sum(item.titles for item in skipped) == len(debts)


@given(shops(), st.integers(9, 27))
@FEW
def test_no_key_is_written_twice(shop: tuple[list[Debt], list[Contact]], day: int) -> None:
    debts, people = shop
    keys = Counter(draft.key for draft in plan(debts, november(day), contacts=people)[0])
    assert all(count == 1 for count in keys.values())


@given(shops(), st.integers(9, 27))
@FEW
def test_a_second_closing_of_the_day_has_nothing_new(shop: tuple[list[Debt], list[Contact]], day: int) -> None:
    debts, people = shop
    send = send_day(november(day)).day
    before = Memory(since=LONG_AGO)
    drafts, _ = plan(debts, november(day), contacts=people, memory=before)
    after = remembered(drafts, send, before)
    assert plan(debts, november(day), contacts=people, memory=after)[0] == []


@given(shops(), st.integers(9, 27), st.randoms(use_true_random=False))
@FEW
def test_the_order_of_a_customers_titles_does_not_matter(
    shop: tuple[list[Debt], list[Contact]], day: int, chance: random.Random
) -> None:
    debts, people = shop
    mixed: list[Debt] = []
    for _, group in groupby(debts, key=lambda item: (item.company, item.customer.code)):
        of_customer = list(group)
        chance.shuffle(of_customer)
        mixed += of_customer
    assert plan(debts, november(day), contacts=people) == plan(mixed, november(day), contacts=people)


@pytest.mark.feature("B03")
@given(shops(("",)), st.sets(st.integers(0, 60)))
@settings(max_examples=25)
def test_each_titles_steps_go_strictly_forward_whichever_nights_are_missed(
    shop: tuple[list[Debt], list[Contact]], missed: set[int]
) -> None:
    debts, people = shop
    ranks = {step.name: rank for rank, step in enumerate(policy().steps)}
    got: dict[str, list[int]] = {}
    memory = Memory()
    for night in sorted(set(range(61)) - missed):
        send = send_day(date(2026, 10, 5) + timedelta(days=night)).day
        drafts, _ = plan(debts, send, contacts=people, memory=memory)
        memory = remembered(drafts, send, memory)
        for draft in drafts:
            for step in draft.steps:
                if got.get(step.ref, [-1])[-1] != ranks[step.step]:  # a row of the same day, brought up to date
                    got.setdefault(step.ref, []).append(ranks[step.step])
    for steps in got.values():
        assert steps == sorted(set(steps))


def stream(count: int) -> Iterator[Debt]:
    """As a large ERP has them: five titles for each customer, one in a thousand with a contact."""
    for number in range(count):
        due = date(2026, 11, 9) - timedelta(days=number % 400)
        yield debt(due, ref=str(number), customer=f"{number // 5:06}")


def peak_of(count: int) -> int:
    people = [contact(f"{number * 200:06}") for number in range(20)]
    tracemalloc.start()
    try:
        planned = plan_closing(stream(count), people, Memory(since=LONG_AGO), send_day(november(12)), policy())
        kinds = Counter(type(item) for item in planned)
        assert kinds[Skipped] >= count // 6
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_titles() -> None:
    peak_of(1_000)  # what is imported and cached once
    small, large = peak_of(1_000), peak_of(8_000)
    assert large < small + 70_000, "ten bytes for each title"
