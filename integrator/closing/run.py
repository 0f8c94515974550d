"""One closing, from the ERP's debts to the queue's rows: :func:`run_closing` reads top to bottom.

The rows of a send day have keys of their own, so that a closing that broke off, or runs again the same night, writes
the same rows. What was queued before a failure stands, in whole transactions; the next run completes it.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Final

from integrator.closing.choice import reach_of
from integrator.closing.notices import notices_day, notices_since, plan_notices
from integrator.closing.plan import Planned, plan_closing
from integrator.closing.policy import ClosingPolicy, SendDay
from integrator.closing.ports import Draft, Memory, Outbox, Source
from integrator.closing.reasons import Skipped
from integrator.closing.result import Account, ClosingResult
from integrator.logs import log_event

log = logging.getLogger(__name__)

#: Drafts per transaction: short, and few enough that their PDFs fit the memory.
BATCH: Final = 50
_DAY: Final = timedelta(days=1)


def run_closing(
    source: Source, outbox: Outbox, policy: ClosingPolicy, day: SendDay, at: datetime, dry_run: bool
) -> ClosingResult:
    """Queue what is to leave on ``day``; a dry run writes nothing and tells the names instead.

    Raises what source and outbox raise; everything queued until then stays, and running again completes it.
    """
    memory = outbox.remember(day.day, _memory_days(policy))
    if not dry_run:
        outbox.register_companies(source.companies())
    account = Account(dry_run, policy.default_area)
    for drafts in _batches(_plan(source, memory, policy, day, at), account):
        if not dry_run:
            account.queued.update(outbox.put(drafts))
    if not dry_run:
        outbox.activate(day.day)
        outbox.closed(at, day.day)
    result = account.result(at, day.day, _stale_return(source, policy, day.bank_day, at.date()))
    _log(result)
    return result


def _plan(source: Source, memory: Memory, policy: ClosingPolicy, day: SendDay, at: datetime) -> Iterator[Planned]:
    oldest, until = reach_of(policy, day)
    debts = source.debts(oldest, until, day.day)
    notices = source.notices(notices_since(memory, at), notices_day(at))
    return chain(plan_closing(debts, source.contacts(), memory, day, policy), plan_notices(notices, memory, policy))


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


def _log(result: ClosingResult) -> None:
    log_event(
        log,
        action="closing_rehearsed" if result.dry_run else "closing_done",
        send_day=result.send_day,
        messages=result.messages,
        held=result.held,
        titles=result.titles,
        amount=result.amount,
        queued=" ".join(f"{name.value}={count}" for name, count in result.queued.items()) or None,
        skipped=" ".join(f"{why.value}={tally.customers}" for why, tally in result.skipped.items()) or None,
    )
    if result.warning:
        log_event(log, "closing_warning", level=logging.WARNING, message=result.warning)
