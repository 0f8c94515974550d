"""The demonstration on an ERP that fills no queue: our own closing by its profile, then the night sent by the engine.

As in :mod:`integrator.demo.run`, only the shop and WhatsApp are not real, and the clock skips the waits.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from rich.console import Console
from rich.table import Table

from integrator.closing.ports import Queued
from integrator.closing.result import ClosingResult
from integrator.demo.profile_erps.build import ProfileErp, create_database, fill, pay_after_closing
from integrator.demo.profile_erps.model import ErpName
from integrator.demo.results import new_folder, show, write_results
from integrator.demo.run import AREA_CODE, DemoPlace, send_day
from integrator.demo.summary import Summary
from integrator.erp.connection import Database, Target
from integrator.erp.schema import installer
from integrator.gateways.simulator.posts import Mode
from integrator.gateways.simulator.process import start_simulator
from integrator.logs import close_logging, setup_logging
from integrator.messages.formatting import format_count, format_money
from integrator.nightly import open_closing
from integrator.paths import log_folder
from integrator.settings import Settings
from integrator.settings.closing import ClosingSettings
from integrator.settings.contents import DocumentSettings
from integrator.settings.sections import DatabaseSettings, WhatsAppSettings

#: A Thursday night and the Friday after it, on which every step of the default ruler has its turn for some due date.
CLOSING_DAY = date(2026, 11, 26)
SEND_DAY = CLOSING_DAY + timedelta(days=1)
_CLOSING_TIME = datetime.combine(CLOSING_DAY, time(22, 30))
_OPENING = datetime.combine(SEND_DAY, time(7, 55))
_ISSUED_AT = datetime.combine(SEND_DAY, time(20, 0))
_MIN_BALANCE = Decimal("5.00")


@dataclass(frozen=True, slots=True)
class ProfileNight:
    """The shop, what its two closings chose, how many titles were paid in between, and what became of the queue."""

    erp: ProfileErp
    first: ClosingResult
    again: ClosingResult
    paid: int
    summary: Summary


def run_profile_demo(place: DemoPlace, name: ErpName, console: Console | None = None) -> ProfileNight:
    """Run it all and leave the results in ``place.out``; the database's password comes from ``INTEGRATOR_SENHA``.

    Raises the errors of the database, and ``SettingsError`` when ``out`` holds a data folder of something else.
    """
    screen = console or Console(highlight=False)
    out = place.out.absolute()
    data = new_folder(out)
    os.environ["INTEGRATOR_DADOS"] = str(data)
    setup_logging(log_folder(data))
    try:
        erp = _open_shop(place, name, screen)
        first, again = _close(erp, data, screen)
        paid = pay_after_closing(erp)
        screen.print(f"   Depois do fechamento, clientes pagaram {format_count(paid, 'título', 'títulos')}.")
        summary = _send(erp, place.seed, data, out, screen)
        show(screen, erp.target, out, summary)
    finally:
        close_logging()
    return ProfileNight(erp, first, again, paid, summary)


def settings_of(erp: ProfileErp) -> Settings:
    """What a technician would write in ``config.toml`` for this shop."""
    target = erp.target
    return Settings(
        database=DatabaseSettings(
            server=target.host,
            port=target.port,
            path=target.path,
            user=target.user,
            client_library=str(target.client) if target.client else "",
        ),
        documents=DocumentSettings(allowed_folders=(erp.boletos,) if erp.boletos else ()),
        whatsapp=WhatsAppSettings(default_area=AREA_CODE),
        closing=ClosingSettings(enabled=True, profile=erp.name.value, min_balance=_MIN_BALANCE),
    )


def _open_shop(place: DemoPlace, name: ErpName, screen: Console) -> ProfileErp:
    """A new database of the ERP, and beside its tables the queue's."""
    screen.print(f"[bold]1.[/] Banco do ERP inventado “{name.value}”, que não preenche a fila…")
    folder = place.folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"integrador-demonstracao-{name.value}.fdb"
    path.unlink(missing_ok=True)
    password = os.environ.get("INTEGRATOR_SENHA", "masterkey")
    target = Target(place.server, place.port, str(path), "SYSDBA", password, place.client)
    create_database(name, target)
    files = folder / "arquivos" / name.value
    erp = fill(name, target, files, today=CLOSING_DAY, send_day=SEND_DAY, seed=place.seed)
    database = Database(target)
    try:
        installer.install(database)
    finally:
        database.close()
    return erp


def _close(erp: ProfileErp, data: Path, screen: Console) -> tuple[ClosingResult, ClosingResult]:
    """The integrator's own closing, run twice as impatient people do."""
    screen.print(
        f"[bold]2.[/] Fechamento do integrador, {_CLOSING_TIME:%d/%m/%Y %H:%M}, pelo perfil “{erp.name.value}”…"
    )
    with open_closing(settings_of(erp), data) as closing:
        first = closing.run(_CLOSING_TIME)
        again = closing.run(_CLOSING_TIME + timedelta(minutes=5))
    _date_queue(erp.target)
    queued, titles = (
        format_count(first.messages, "mensagem", "mensagens"),
        format_count(first.titles, "título", "títulos"),
    )
    screen.print(f"   {queued} na fila para {first.send_day:%d/%m/%Y}: {titles}, {format_money(first.amount)}.")
    screen.print(_left_out(first))
    screen.print(f"   Repetido o fechamento, mais {again.queued.get(Queued.NEW, 0)}.")
    return first, again


def _left_out(result: ClosingResult) -> Table:
    """Who gets nothing, and why: the question that a shop asks first."""
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", min_width=5)
    table.add_column(overflow="fold")
    for why, tally in sorted(result.skipped.items(), key=lambda item: -item[1].customers):
        told = f" ({format_money(tally.amount)})" if tally.amount else ""
        table.add_row(str(tally.customers), f"{why.label}{told}")
    return table


def _date_queue(target: Target) -> None:
    """Rows are dated by the real clock of the server, which may be far from the shop's: they would seem too old."""
    database = Database(target)
    try:
        database.run(lambda session: session.execute("UPDATE WA_FILA SET CRIADO_EM = ?", (_CLOSING_TIME,)))
    finally:
        database.close()


def _send(erp: ProfileErp, seed: int, data: Path, out: Path, screen: Console) -> Summary:
    """The day's work; results are written to ``out``."""
    # In this mode the simulator numbers the messages itself; ids made of random GUIDs would change the receipts.
    with start_simulator(data / "simulador", mode=Mode.CANNOT_CONFIRM, seed=seed) as simulator:
        summary = send_day(settings_of(erp), data, _OPENING, seed, simulator, screen)
        write_results(erp.target, out, simulator.folder, summary, issued_at=_ISSUED_AT)
    return summary
