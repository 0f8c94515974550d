"""The listener of one number and one database, as the settings want it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from integrator.domain.outcome import Restricted
from integrator.erp.connection import Database
from integrator.erp.contacts import Contacts
from integrator.erp.held import HeldRows
from integrator.erp.spoken import Spoken
from integrator.journal.replies import ReplyBook
from integrator.policies import test_number
from integrator.replies.listening import Listening, ReplyPolicy
from integrator.replies.obeying import Obedience
from integrator.replies.posting import Postman
from integrator.sending.guard import PAUSE_KEY, pause_until
from integrator.sending.ports import Senders, World
from integrator.sending.signs import Signs
from integrator.settings import Settings
from integrator.settings.sections import OtherDatabaseSettings

#: How the shop is named where nobody wrote down what it is called.
_NAMELESS = "a loja"


@contextmanager
def listener_of(
    settings: Settings, world: World, database: Database, journal: Path, senders: Senders, random: Random | None = None
) -> Iterator[Listening]:
    """The listener of the number and the database that these settings are of; ``journal`` is ``integrator.db``.

    ``senders`` knows which numbers are stopped. Raises :class:`JournalError` when that file cannot be used.
    """
    with ExitStack() as stack:
        book = ReplyBook(journal)
        stack.callback(book.close)

        def may_post(now: datetime) -> bool:
            record = senders.record(world.gateway.sender())
            stopped = record is not None and record.stop is not None
            return not stopped and pause_until(world.queue.config().get(PAUSE_KEY, ""), now) is None

        instance = settings.whatsapp.instance
        signs = Signs(senders, settings.whatsapp.failures_to_stop)

        def warned(outcome: Restricted, now: datetime) -> None:
            number = world.gateway.sender() or instance
            senders.meet(number, instance, now)
            signs.hear(number, outcome, now)

        contacts = Contacts(database)
        first = not isinstance(settings.database, OtherDatabaseSettings)
        chance = random or Random()
        postman = Postman(instance, world.gateway, world.clock, contacts, book, may_post, warned, chance)
        policy = reply_policy(settings, world.queue.companies()[0].name)
        fresh = timedelta(days=settings.queue.expire_days)
        held = HeldRows(database, settings.whatsapp.default_area, fresh)
        yield Listening(policy, Obedience(Spoken(database), contacts, first, held), postman, database)


def reply_policy(settings: Settings, shop: str) -> ReplyPolicy:
    """What the number's settings say; ``shop`` is the name that people know."""
    number = settings.whatsapp
    return ReplyPolicy(
        instance=number.instance,
        shop=shop or _NAMELESS,
        replies=number.replies,
        text=number.reply_text,
        every=timedelta(hours=number.reply_every_h),
        forward_to=number.forward_to,
        quiet=timedelta(hours=number.quiet_h),
        own=frozenset(each.phone for each in settings.numbers if each.phone),
        test_number=test_number(settings),
    )
