"""The composition root: settings become a database, a gateway, a journal and an engine.

The only place that knows all.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from integrator.domain.errors import SettingsError
from integrator.erp.client import client_library
from integrator.erp.connection import Database, Target
from integrator.erp.queue import FirebirdQueue
from integrator.erp.schema import installer
from integrator.journal.senders import SenderBook
from integrator.journal.store import SqliteJournal
from integrator.policies import calendars_of, cap_policy, company_of, compose_policy, pace_of, pump_policy
from integrator.replies.built import listener_of
from integrator.secrets import database_password
from integrator.sending.engine import Engine, EnginePolicy
from integrator.sending.gateway import Gateway
from integrator.sending.guard import Guard
from integrator.sending.late import LateComposer
from integrator.sending.module_rule import ModuleRule, module_rule
from integrator.sending.news import News
from integrator.sending.pace import Pace
from integrator.sending.policy import ComposePolicy
from integrator.sending.ports import Asks, Clock, World
from integrator.sending.pump import Pump
from integrator.sending.rescue import DOUBT_AGE_S, Rescue
from integrator.sending.sender import Sender
from integrator.settings import Settings
from integrator.settings.sections import OtherDatabaseSettings

if TYPE_CHECKING:
    from integrator.erp.profiles.source import ProfileSource

JOURNAL_FILE = "integrator.db"
TICK_S = 20.0


@dataclass(frozen=True, slots=True)
class Parts:
    """What a built engine stands on; closed by the context manager that made it."""

    engine: Engine
    queue: FirebirdQueue
    journal: SqliteJournal
    gateway: Gateway
    database: Database


def open_database(settings: Settings) -> Database:
    """The configured database, not yet attached. Raises :class:`SettingsError` when none is configured."""
    chosen = settings.database
    if not chosen.path:
        raise SettingsError(
            "Falta dizer qual é o banco de dados do ERP. Preencha [banco] caminho no config.toml (e servidor, se "
            "não for este computador)."
        )
    password, _ = database_password(chosen.secret)
    client = client_library(chosen.client_library)
    return Database(Target(chosen.server, chosen.port, chosen.path, chosen.user, password, client, chosen.role))


@contextmanager
def build(
    settings: Settings,
    folder: Path,
    *,
    clock: Clock,
    gateway: Gateway,
    pace: Pace | None = None,
    database: Database | None = None,
    doubt_age_s: float = DOUBT_AGE_S,
) -> Iterator[Parts]:
    """An engine on the configured database, with its journal in ``folder``. Engines of one number share its ``pace``.

    ``database`` is one that the caller has already opened, and closes.

    Raises :class:`SettingsError` for a wrong setting (before the database is touched), :class:`SchemaError` when the
    contract is not installed, and the database's own errors.
    """
    said = _Said(settings, compose_policy(settings), module_rule(settings.numbers))
    with ExitStack() as stack:
        if database is None:
            database = open_database(settings)
            stack.callback(database.close)
        guid = installer.require_ready(database).database_guid
        checker = _title_checker(settings, folder, database)
        if checker is not None:
            stack.callback(checker.close)
        journal = SqliteJournal(folder / JOURNAL_FILE, clock.now())
        stack.callback(journal.close)
        queue = said.queue(database, journal.owner, checker)
        world = World(queue, journal, gateway, clock)
        senders = SenderBook(folder / JOURNAL_FILE)
        stack.callback(senders.close)
        listener = stack.enter_context(listener_of(settings, world, database, folder / JOURNAL_FILE, senders))
        sender = Sender(world, senders, cap_policy(settings))
        news = News(world, _reader(settings), listener, sender)
        rescue = Rescue(world, guid, doubt_age_s)
        engine = said.engine(world, sender, news, rescue, pace or pace_of(settings), guid)
        yield Parts(engine, queue, journal, gateway, database)


@dataclass(frozen=True, slots=True)
class _Said:
    """The settings with what was read out of them before the database was touched."""

    settings: Settings
    composing: ComposePolicy
    rule: ModuleRule

    def queue(self, database: Database, owner: str, checker: ProfileSource | None) -> FirebirdQueue:
        """The queue as the number of these settings works on it."""
        instance = self.settings.whatsapp.instance
        return FirebirdQueue(
            database,
            owner=owner,
            instance=instance,
            lease_s=self.settings.queue.lease_s,
            fallback_company=company_of(self.settings),
            checker=checker,
            takes_rest=instance in self.rule.rest,
        )

    def engine(self, world: World, sender: Sender, news: News, rescue: Rescue, pace: Pace, guid: str) -> Engine:
        """The number's engine on the database of that GUID."""
        settings, asks = self.settings, self.composing.choices.asks_about
        calendars = calendars_of(settings, world.queue.companies()[0].address.state)
        pump = Pump(
            world,
            composer=LateComposer(self.composing),
            pace=pace,
            policy=pump_policy(settings, asks),
            database=guid,
            news=news,
            sender=sender,
        )
        return Engine(
            world,
            guard=Guard(world, settings.whatsapp.instance, calendars, pace, sender),
            pump=pump,
            rescue=rescue,
            policy=_engine_policy(settings, asks, self.rule),
            news=news,
        )


def _title_checker(settings: Settings, folder: Path, database: Database) -> ProfileSource | None:
    """What asks the ERP about a title of our own closing again; most shops have none, and pay nothing for it."""
    if not settings.closing.profile:
        return None
    from integrator.erp.profiles.configured import title_checker

    return title_checker(settings, folder, database)


def _engine_policy(settings: Settings, asks: Asks | None, rule: ModuleRule) -> EnginePolicy:
    queue, number = settings.queue, settings.whatsapp
    return EnginePolicy(
        number.instance,
        TICK_S,
        queue.expire_days,
        queue.purge_attachments_days,
        asks,
        rule.number_for,
        number.default_area,
    )


def _reader(settings: Settings) -> str:
    """Each database that shares a number reads all of its news."""
    instance = settings.whatsapp.instance
    other = isinstance(settings.database, OtherDatabaseSettings)
    return f"{instance} {settings.database.name}" if other else instance
