"""A shop in November 2026 for the closing's tests: debts, contacts and calendars made up in one line each.

Collection leaves from Monday to Friday at eight; 20 November 2026, a Friday, is a holiday for the shop and the banks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from integrator.closing.plan import plan_closing
from integrator.closing.policy import ClosingPolicy, SendDay, closing_policy, ruler_of, send_day_after
from integrator.closing.ports import Contact, Debt, Draft, Memory, Notice, StepDone, TitleState
from integrator.closing.reasons import Skipped
from integrator.domain.calendar import Calendar, Hours, Week
from integrator.domain.message import Customer, Purpose, Title
from integrator.settings import Settings
from integrator.settings.closing import StepSettings

HOLIDAY = date(2026, 11, 20)
CALENDAR = Calendar(Week.of(Hours(time(8), time(19))), lambda day: "feriado" if day == HOLIDAY else None)
PHONE = "(49) 98859-0187"
E164 = "5549988590187"
#: The first send day of the ruler in most tests: long ago.
LONG_AGO = date(2026, 1, 5)


def november(day: int) -> date:
    return date(2026, 11, day)


def bank_day(day: date) -> date:
    """The first weekday not before ``day`` that is no holiday."""
    while day.weekday() > 4 or day == HOLIDAY:
        day += timedelta(days=1)
    return day


def send_day(day: date) -> SendDay:
    """The send day of a closing early that morning."""
    return send_day_after(datetime.combine(day, time(1)), CALENDAR, bank_day)


def policy(*steps: StepSettings, **changes: object) -> ClosingPolicy:
    """The default policy, with another ruler or other values."""
    chosen = closing_policy(Settings())
    if steps:
        chosen = replace(chosen, steps=ruler_of(steps))
    return replace(chosen, **changes)  # type: ignore[arg-type]  # any field by name


def debt(
    due: date,
    amount: str = "100.00",
    *,
    ref: str = "",
    customer: str = "1",
    company: str = "",
    state: TitleState = TitleState.OPEN,
    reminds: bool = True,
    problem: str = "",
) -> Debt:
    """An open title of customer 1; its reference is its due date unless told."""
    name = ref or f"{customer}-{due:%Y%m%d}"
    title = Title(name, f"NF {name}", "1", None, due, Decimal(amount), Decimal(amount))
    return Debt(company, Customer(customer, f"Cliente {customer}"), title, state, reminds, problem=problem)


def contact(
    customer: str = "1",
    phones: str = PHONE,
    *,
    accepts: bool = True,
    digest: bool = False,
    name: str = "Maria",
    company: str = "",
    problem: str = "",
) -> Contact:
    return Contact(company, customer, name, phones, accepts, digest, problem)


def notice(**changes: object) -> Notice:
    """A finished service order of customer 9, with other values where told."""
    values: dict[str, object] = {
        "key": "doc|1",
        "purpose": Purpose.SERVICE,
        "module": "ORDEM DE SERVIÇO",
        "kind": "OS PRONTA",
        "company": "",
        "customer": Customer("9", "Nono"),
        "phones": PHONE,
        "accepts": True,
        "template": "Pronta.",
    }
    return Notice(**(values | changes))  # type: ignore[arg-type]  # any field by name


def done(step: str, day: date, *, key: str = "") -> tuple[StepDone, ...]:
    """What an earlier closing did for a title, for :class:`Memory`; the reference does not matter there."""
    return (StepDone("x", step, day, key),)


def plan(
    debts: Iterable[Debt],
    day: date,
    *,
    contacts: Iterable[Contact] | None = None,
    memory: Memory | None = None,
    chosen: ClosingPolicy | None = None,
) -> tuple[list[Draft], list[Skipped]]:
    """Drafts and those skipped, for a shop whose customer 1 has a flagged contact."""
    found = list(
        plan_closing(
            debts,
            [contact()] if contacts is None else contacts,
            Memory(since=LONG_AGO) if memory is None else memory,
            send_day(day),
            chosen or policy(),
        )
    )
    drafts = [item for item in found if isinstance(item, Draft)]
    return drafts, [item for item in found if isinstance(item, Skipped)]


def codes(skipped: Iterable[Skipped]) -> list[str]:
    return [item.code.value for item in skipped]


def remembered(drafts: Iterable[Draft], day: date, before: Memory) -> Memory:
    """What an outbox knows once these drafts wait in the queue for ``day``."""
    reminders = dict(before.reminders)
    steps = {key: tuple(value) for key, value in before.steps.items()}
    waiting = dict(before.waiting)
    for draft in drafts:
        codes_told = {payer.customer.code for payer in draft.payers} or {draft.customer.code}
        for code in codes_told:
            reminders[draft.company, code] = datetime.combine(day, time())
        for step in draft.steps:
            key = (draft.company, step.ref)
            steps[key] = (*(past for past in steps.get(key, ()) if past.key != draft.key), step)
        if not draft.problem:
            waiting[draft.key] = frozenset((title.ref, title.open_amount, title.due) for title in draft.titles)
    return replace(before, reminders=reminders, steps=steps, waiting=waiting, since=before.since or day)
