"""Who receives which reminder on a send day, and who does not and why: the closing's choice as one stream. Pure.

Debts come ordered by company and customer and are forgotten customer by customer; what is kept grows with contacts,
digests of the company at hand and recent history, never with the number of titles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from integrator.closing.choice import Choice, Chooser
from integrator.closing.digest import Digests
from integrator.closing.drafts import Receiver, content_of, digest_key, draft_of, key_of
from integrator.closing.people import Contacts, Reach
from integrator.closing.policy import ClosingPolicy, SendDay
from integrator.closing.ports import Contact, Debt, Draft, HeldRow, Memory
from integrator.closing.reasons import Skipped, Why, switched_off
from integrator.closing.rows import Rows
from integrator.domain.errors import SettingsError

Planned = Draft | Skipped


def plan_closing(
    debts: Iterable[Debt], contacts: Iterable[Contact], memory: Memory, day: SendDay, policy: ClosingPolicy
) -> Iterator[Planned]:
    """Every title of ``debts`` comes back in a draft or a :class:`Skipped`.

    ``debts`` must keep the titles of a company together, and in it those of a customer. Raises
    :class:`SettingsError` when they do not, because the second half of a customer would replace the first.
    """
    yield from _Plan(memory, day, policy, Contacts(contacts, policy.default_area)).run(debts)


class _Plan:
    def __init__(self, memory: Memory, day: SendDay, policy: ClosingPolicy, contacts: Contacts) -> None:
        self._memory, self._day, self._policy, self._contacts = memory, day, policy, contacts
        self._chooser = Chooser(policy, day, memory)
        self._written: set[str] = set()
        self._rows = Rows(memory, day.day)

    def run(self, debts: Iterable[Debt]) -> Iterator[Planned]:
        for company, of_company in groupby(debts, key=attrgetter("company")):
            digests = Digests()
            for _, of_customer in groupby(of_company, key=attrgetter("customer.code")):
                yield from self._customer(company, list(of_customer), digests)
            yield from self._digests(company, digests)

    def _customer(self, company: str, debts: list[Debt], digests: Digests) -> Iterator[Planned]:
        choice = self._chooser.choose(company, debts)
        yield from choice.skips(company)
        if not choice.listed:
            return
        reach = self._contacts.of(company, choice.customer.code)
        yield from _refused(company, choice, reach)
        if not reach.destinations:
            return
        if self._too_soon(company, choice):
            yield choice.skip(company, Why.TOO_SOON)
            return
        for destination in reach.destinations:
            if destination.digest:
                digests.add(destination, choice)
                continue
            key = self._rows.key(key_of(self._day.day, company, choice.customer.code, destination.phone))
            receiver = Receiver(company, choice.customer, destination)
            yield from self._settle(draft_of(key, receiver, choice.listed, self._day.day), [choice])

    def _digests(self, company: str, digests: Digests) -> Iterator[Planned]:
        for digest in digests.take():
            key = self._rows.key(digest_key(self._day.day, company, digest.destination.phone))
            yield from self._settle(digest.draft(key, company, self._day.day), digest.choices)

    def _settle(self, draft: Draft, choices: list[Choice]) -> Iterator[Planned]:
        """The draft, unless it is switched off, owes too little or is in the queue already."""
        if draft.key in self._written:
            raise SettingsError(
                f"O cliente {draft.customer.code} apareceu em duas partes na lista de títulos. Confira no perfil, em "
                "[titulos], se CLIENTE_CODIGO é sempre escrito da mesma forma para o mesmo cliente.",
                detail=f"key {draft.key} twice",
            )
        self._written.add(draft.key)
        why = self._why_not(draft)
        if why is None:
            yield draft
        else:
            yield from (choice.skip(draft.company, why) for choice in choices)

    def _why_not(self, draft: Draft) -> Why | None:
        if off := switched_off(self._policy.choices, draft.module, draft.kind):
            return off
        if not draft.problem and draft.amount < self._policy.min_balance:
            return Why.TOO_LITTLE
        return Why.IN_QUEUE if self._is_there(draft) else None

    def _is_there(self, draft: Draft) -> bool:
        """Whether the row says just this already; one that is held is written anew when its problem was mended."""
        content = content_of(draft.titles)
        if draft.problem:
            return self._memory.held.get(draft.key) == HeldRow(draft.problem, content)
        return self._memory.waiting.get(draft.key) == content

    def _too_soon(self, company: str, choice: Choice) -> bool:
        """Whether the customer was written to within the interval, by anything but this send day's own message."""
        last = self._memory.reminders.get((company, choice.customer.code))
        if last is None or self._day.opens - last >= self._policy.min_interval:
            return False
        return not any(self._rows.planned(company, item.debt.title.ref) for item in choice.listed)


def _refused(company: str, choice: Choice, reach: Reach) -> Iterator[Skipped]:
    """Contacts that cannot receive; the titles are counted once, and only when nobody else is told of them."""
    for position, (why, reason) in enumerate(reach.refusals):
        if position == 0 and not reach.destinations:
            yield choice.skip(company, why, reason)
        else:
            yield Skipped(company, choice.customer, reason, why, 0, Decimal("0.00"))
