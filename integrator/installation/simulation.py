"""The pieces of a rehearsal: what ``run`` does while the installation asks, and the page that it leaves.

Everything is in the folder ``ensaio`` of the data folder, made anew at each start: a simulator's ledger, a throw-away
journal, the phone page and a list of what would not leave. The journal of the installation is not opened for writing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from integrator.erp.connection import Database
from integrator.erp.pending import PendingRows, ReadOnlyDatabase
from integrator.erp.queue import FirebirdQueue
from integrator.gateways.simulator.page import write_phone_page
from integrator.gateways.simulator.process import start_simulator
from integrator.installation.rehearsal_folder import FOLDER, forget_rehearsal
from integrator.installation.standing import Asks
from integrator.journal.store import SqliteJournal
from integrator.logs import log_event
from integrator.policies import company_of, compose_policy, pump_policy
from integrator.sending.compose import Composer
from integrator.sending.ports import Clock, World
from integrator.sending.rehearsal import Fate, Rehearsal, RehearsalPolicy, Rehearsed
from integrator.settings import Settings

log = logging.getLogger(__name__)

PAGE: Final = "celulares.html"
LIST: Final = "lista.txt"
_THUMBNAIL_PX: Final = 320


@contextmanager
def rehearsing(
    settings: Settings, folder: Path, *, database: Database, clock: Clock, asks: Asks
) -> Iterator[Rehearsal]:
    """A rehearsal of the queue in ``database`` with its own simulator, stopped at the end.

    Raises ``SettingsError`` for a wrong setting, ``GatewayError`` when the simulator does not start, and the
    database's errors.
    """
    place = folder / FOLDER
    forget_rehearsal(folder)
    composing = compose_policy(settings)
    composer = Composer(composing)
    policy = pump_policy(settings, composing.choices.asks_about)
    with ExitStack() as stack:
        looked_at = ReadOnlyDatabase(database.target)
        stack.callback(looked_at.close)
        simulator = stack.enter_context(start_simulator(place / "simulador"))
        gateway = simulator.gateway(clock=clock.now)
        stack.callback(gateway.close)
        journal = SqliteJournal(place / "ensaio.db", clock.now())
        stack.callback(journal.close)
        queue = FirebirdQueue(
            looked_at, owner=journal.owner, instance=policy.instance, fallback_company=company_of(settings)
        )
        company = queue.companies()[0].name
        yield Rehearsal(
            World(queue, journal, gateway, clock),
            PendingRows(looked_at, policy.instance),
            composer=composer,
            policy=RehearsalPolicy(asks.reason, policy.test_number, policy.default_area, asks=policy.asks),
            show=lambda results: _write_page(place, company, results),
        )


def _write_page(place: Path, company: str, results: Sequence[Rehearsed]) -> None:
    """The phones, and beside them what would not leave."""
    from integrator.documents.pictures import thumbnail

    write_phone_page(
        place / "simulador",
        place / PAGE,
        company_name=company,
        thumbnails=lambda pdf: thumbnail(pdf, _THUMBNAIL_PX),
        names={result.destination: result.customer for result in results if result.destination},
    )
    # The byte order mark is for the Notepad of older Windows.
    (place / LIST).write_text("".join(map(_line, results)), encoding="utf-8-sig")
    log_event(log, "rehearsal_shown", rows=len(results), page=place / PAGE)


def _line(result: Rehearsed) -> str:
    told = f" {result.reason}" if result.reason else ""
    end = "." if result.fate is Fate.SENT else ":"
    return f"{result.key} {result.customer}: {result.fate.value}{end}{told}\n"
