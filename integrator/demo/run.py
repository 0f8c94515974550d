"""The demonstration: a shop's closing, its night queue sent by the real engine, and everything people can look at.

Only two things are not real: the shop (``sample_erp``) and WhatsApp (the simulator). The clock skips the waits.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

import fdb
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from integrator.app import JOURNAL_FILE, Parts, build
from integrator.demo.clock import SkippingClock
from integrator.demo.results import new_folder, show, write_results
from integrator.demo.sample_erp.build import SampleErp, build_sample_erp, pay_after_closing, run_closing
from integrator.demo.summary import Summary, summarize
from integrator.domain.sender import Used
from integrator.erp.connection import Database, Target, load_client
from integrator.erp.error_codes import translate
from integrator.gateways.simulator.posts import Mode
from integrator.gateways.simulator.process import RunningSimulator, start_simulator
from integrator.journal.senders import SenderBook
from integrator.logs import close_logging, setup_logging
from integrator.messages.formatting import format_count
from integrator.paths import log_folder
from integrator.policies import pace_of
from integrator.settings import Settings
from integrator.settings.contents import DocumentSettings
from integrator.settings.sections import DatabaseSettings, WhatsAppSettings

#: A Monday night and the Tuesday after it: no holiday in the way, the same demonstration every time.
CLOSING_DAY = date(2026, 11, 23)
#: The shop's own area code: its people type local numbers without it.
AREA_CODE = "49"
_CLOSING_TIME = datetime.combine(CLOSING_DAY, time(22, 30))
_OPENING = datetime.combine(CLOSING_DAY + timedelta(days=1), time(7, 55))
_TICK_S = 20.0
_RECEIPTS_TICK_S = 600.0
_RECEIPTS_UNTIL = timedelta(hours=3)
#: A name that no shop's database has: an earlier one is replaced.
_DATABASE_FILE = "integrador-demonstracao.fdb"


@dataclass(frozen=True, slots=True)
class DemoPlace:
    """Where the demonstration happens: the Firebird server (``server`` empty: embedded), and the folders."""

    server: str
    port: int
    client: Path | None
    folder: Path
    out: Path
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Night:
    """The shop before and what became of its queue."""

    erp: SampleErp
    summary: Summary


def run_demo(place: DemoPlace, console: Console | None = None) -> Night:
    """Run it all and leave the results in ``out``; the database's password comes from ``INTEGRATOR_SENHA``.

    Raises the errors of the database, and ``SettingsError`` when ``out`` holds a data folder of something else.
    """
    screen = console or Console(highlight=False)
    out = place.out.absolute()
    data = new_folder(out)
    os.environ["INTEGRATOR_DADOS"] = str(data)
    setup_logging(log_folder(data))
    try:
        erp = _close_the_day(place, screen)
        # In this mode the simulator numbers the messages itself; ids made of random GUIDs would change the receipts.
        with start_simulator(data / "simulador", mode=Mode.CANNOT_CONFIRM, seed=place.seed) as simulator:
            summary = send_day(_settings(erp), data, _OPENING, place.seed, simulator, screen)
            write_results(erp.target, out, simulator.folder, summary, issued_at=_OPENING.replace(hour=20, minute=0))
        show(screen, erp.target, out, summary)
    finally:
        close_logging()
    return Night(erp, summary)


def _close_the_day(place: DemoPlace, screen: Console) -> SampleErp:
    """The shop and its closing, run twice as impatient people do; then somebody pays."""
    target = _new_database(place)
    screen.print("[bold]1.[/] Banco de um ERP inventado, como os que se encontram nas lojas…")
    erp = build_sample_erp(target, place.folder.absolute() / "arquivos", CLOSING_DAY, place.seed)
    screen.print(f"[bold]2.[/] Fechamento diário de {CLOSING_DAY:%d/%m/%Y}…")
    queued = format_count(run_closing(erp, CLOSING_DAY), "mensagem", "mensagens")
    again = run_closing(erp, CLOSING_DAY)
    _date_queue(erp)
    paid = format_count(pay_after_closing(erp), "título", "títulos")
    screen.print(f"   {queued} na fila; repetido o fechamento, mais {again}.")
    screen.print(f"   Depois do fechamento, clientes pagaram {paid}.")
    return erp


def _date_queue(erp: SampleErp) -> None:
    """Rows are dated by the real clock of the server, which may be far from the shop's: they would seem too old."""
    database = Database(erp.target)
    try:
        database.run(lambda session: session.execute("UPDATE WA_FILA SET CRIADO_EM = ?", (_CLOSING_TIME,)))
    finally:
        database.close()


def send_day(
    settings: Settings, data: Path, opening: datetime, seed: int, simulator: RunningSimulator, screen: Console
) -> Summary:
    """The engine's whole working day from ``opening`` on, and the hours in which the receipts come."""
    clock = SkippingClock(opening)
    gateway = simulator.gateway(clock=clock.now)
    screen.print(f"[bold]3.[/] {opening:%d/%m/%Y}, cinco para as oito: espera pelo horário de envio…")
    _in_use(data, gateway.sender(), opening)
    with build(settings, data, clock=clock, gateway=gateway, pace=pace_of(settings, Random(seed))) as parts:
        _send_all(parts, clock, screen)
        until = clock.now() + _RECEIPTS_UNTIL
        while clock.now() < until:
            clock.sleep(_RECEIPTS_TICK_S)
            parts.engine.tick()
        gateway.close()
        return summarize(parts.database, simulator.ledger())


def _in_use(data: Path, number: str, now: datetime) -> None:
    """The shop of the demonstration has been writing to its customers for years: its number is not warmed up."""
    book = SenderBook(data / JOURNAL_FILE)
    book.declare(number, Used.IN_USE, now)
    book.close()


def _send_all(parts: Parts, clock: SkippingClock, screen: Console) -> None:
    """Tick until nothing waits, showing how the queue shrinks and what time it is in the shop."""
    columns = (TextColumn("   {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen) as progress:
        total = _waiting(parts, clock)
        task = progress.add_task("enviando", total=total)
        while waiting := _waiting(parts, clock):
            parts.engine.tick()
            told = f"no relógio da loja: {clock.now():%d/%m %H:%M}"
            progress.update(task, completed=total - waiting, description=told)
            clock.sleep(_step_s(parts, clock))
        progress.update(task, completed=total)


def _step_s(parts: Parts, clock: SkippingClock) -> float:
    """Until shortly before the next message: the ticks of a shop's gap, in which nothing happens, are left out."""
    coming = parts.engine.status.next_send
    return max(_TICK_S, (coming - clock.now()).total_seconds() - _TICK_S / 2) if coming is not None else _TICK_S


def _waiting(parts: Parts, clock: SkippingClock) -> int:
    return sum(item.rows for item in parts.queue.waiting(clock.now()))


def _settings(erp: SampleErp) -> Settings:
    target = erp.target
    client = str(target.client) if target.client else ""
    return Settings(
        database=DatabaseSettings(
            server=target.host, port=target.port, path=target.path, user=target.user, client_library=client
        ),
        documents=DocumentSettings(allowed_folders=(erp.allowed_folder,)),
        whatsapp=WhatsAppSettings(default_area=AREA_CODE, cold_cap=2000),
    )


def _new_database(place: DemoPlace) -> Target:
    """An empty database, charset NONE like the ERPs of the Firebird 2.5 era."""
    folder = place.folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _DATABASE_FILE
    path.unlink(missing_ok=True)
    password = os.environ.get("INTEGRATOR_SENHA", "masterkey")
    target = Target(place.server, place.port, str(path), "SYSDBA", password, place.client)
    load_client(place.client)
    try:
        fdb.create_database(
            dsn=target.dsn, user=target.user, password=password, charset="NONE", page_size=8192, sql_dialect=3
        ).close()
    except fdb.DatabaseError as error:
        raise translate(error) from error
    return target
