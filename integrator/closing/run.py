"""One closing, from the ERP's debts to the queue's rows: :func:`run_closing` reads top to bottom.

The rows of a send day have keys of their own, so that a closing that broke off, or runs again the same night, writes
the same rows. What was queued before a failure stands, in whole transactions; the next run completes it.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Final

from integrator.closing.choice import reach_of
from integrator.closing.notices import NoticePlan, Settled, notices_day
from integrator.closing.plan import Planned, plan_closing
from integrator.closing.policy import ClosingPolicy, SendDay
from integrator.closing.ports import Draft, Memory, Outbox, Queued, Source
from integrator.closing.reasons import Skipped
from integrator.closing.result import Account, ClosingResult
from integrator.logs import log_event

log = logging.getLogger(__name__)

#: Drafts per transaction: short, and few enough that their PDFs fit the memory.
BATCH: Final = 50
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """When a closing is done: ``at``, for messages of ``day``; documents are asked for that came after ``since``."""

    at: datetime
    day: SendDay
    since: datetime


def run_closing(
    source: Source, outbox: Outbox, policy: ClosingPolicy, moment: Moment, *, dry_run: bool = False
) -> ClosingResult:
    """Queue what is to leave on the moment's day; a dry run writes nothing and tells the names instead.

    Raises what source and outbox raise; everything queued until then stays, and running again completes it.
    """
    at, day = moment.at, moment.day
    memory = outbox.remember(day.day, _memory_days(policy))
    if not dry_run:
        outbox.register_companies(source.companies())
    account = Account(dry_run, policy.default_area)
    for drafts in _batches(_plan(source, memory, policy, moment), account):
        if not dry_run:
            account.queued.update(outbox.put(drafts))
    if not dry_run:
        outbox.activate(day.day)
        outbox.closed(at, day.day)
    result = account.result(at, day.day, _stale_return(source, policy, day.bank_day, at.date()))
    _log(result)
    return result


def run_documents(
    source: Source, outbox: Outbox, policy: ClosingPolicy, at: datetime, since: datetime, told: dict[str, str]
) -> ClosingResult:
    """Between two closings: queue the documents that came after ``since``, and nothing else.

    ``told`` are the keys written by earlier rounds, each with its problem; this round's are added. What is held and not
    among them is the next closing's to write anew. Raises what source and outbox raise.
    """
    memory = outbox.remember(at.date(), 0)
    settled = Settled({*memory.waiting, *(memory.held.keys() - told.keys())}, told)
    account = Account(False, policy.default_area)
    documents = NoticePlan(policy, settled, at).plan(source.documents(since, at.date(), settled))
    for drafts in _batches(documents, account):
        answers = outbox.put(drafts)
        account.queued.update(answers)
        done = (draft for draft, answer in zip(drafts, answers, strict=True) if answer is not Queued.ERROR)
        told.update((draft.key, draft.problem) for draft in done)
    result = account.result(at, at.date(), "")
    if result.messages:
        log_event(log, "documents_queued", messages=result.messages, held=result.held, queued=_told(result) or None)
    return result


def _plan(source: Source, memory: Memory, policy: ClosingPolicy, moment: Moment) -> Iterator[Planned]:
    day, today = moment.day, notices_day(moment.at)
    oldest, until = reach_of(policy, day)
    debts = source.debts(oldest, until, day.day)
    settled = Settled(memory.waiting, {key: row.reason for key, row in memory.held.items()})
    notices = chain(source.documents(moment.since, today, settled), source.occasions(moment.since, today))
    return chain(
        plan_closing(debts, source.contacts(), memory, day, policy),
        NoticePlan(policy, settled, moment.at).plan(notices),
    )


def _batches(planned: Iterable[Planned], account: Account) -> Iterator[list[Draft]]:
    """The drafts, some at a time; everybody is counted on the way."""
    batch: list[Draft] = []
    for item in planned:
        if isinstance(item, Skipped):
            account.leave_out(item)
            continue
        account.choose(item)
        batch.append(item)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _memory_days(policy: ClosingPolicy) -> int:
    """How far back steps and reminders matter, with a day to spare."""
    return max(policy.lookback_days, math.ceil(policy.min_interval / _DAY)) + 1


def _stale_return(source: Source, policy: ClosingPolicy, bank_day: Callable[[date], date], today: date) -> str:
    """A sentence when the bank's newest return file is older than the policy's bank days, else empty."""
    last = source.last_bank_return()
    if last is None:
        return ""
    expected = last.date()
    for _ in range(policy.bank_return_max_days + 1):
        expected = bank_day(expected + _DAY)
    if today < expected:
        return ""
    return (
        f"O último retorno bancário lido pelo ERP é de {last:%d/%m/%Y}. Títulos já pagos podem constar em aberto: "
        "leia o retorno no ERP e faça o fechamento outra vez."
    )


def _told(result: ClosingResult) -> str:
    return " ".join(f"{name.value}={count}" for name, count in result.queued.items())


def _log(result: ClosingResult) -> None:
    log_event(
        log,
        action="closing_rehearsed" if result.dry_run else "closing_done",
        send_day=result.send_day,
        messages=result.messages,
        held=result.held,
        titles=result.titles,
        amount=result.amount,
        queued=_told(result) or None,
        skipped=" ".join(f"{why.value}={tally.customers}" for why, tally in result.skipped.items()) or None,
    )
    if result.warning:
        log_event(log, "closing_warning", level=logging.WARNING, message=result.warning)
