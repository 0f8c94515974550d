"""The demonstration: a shop's closing, its night queue sent by the real engine, and everything people can look at.

Only two things are not real: the shop (``sample_erp``) and WhatsApp (the simulator). The clock skips the waits.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

import fdb
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from integrator.app import Parts, build
from integrator.demo.clock import SkippingClock
from integrator.demo.sample_erp.build import SampleErp, build_sample_erp, pay_after_closing, run_closing
from integrator.demo.summary import Summary, join_counts, summarize
from integrator.documents.report import draw_history, history_csv
from integrator.domain.lifecycle import State
from integrator.domain.message import Company
from integrator.erp.connection import Database, Target, load_client
from integrator.erp.desk import Desk
from integrator.gateways.simulator.page import write_phone_page
from integrator.gateways.simulator.process import RunningSimulator, start_simulator
from integrator.logs import setup_logging
from integrator.messages.formatting import format_count
from integrator.paths import log_folder
from integrator.reports import read_history
from integrator.settings import Settings
from integrator.settings.sections import DatabaseSettings, DocumentSettings, MessageSettings

#: A Monday night and the Tuesday after it: no holiday in the way, the same demonstration every time.
CLOSING_DAY = date(2026, 11, 23)
_OPENING = datetime.combine(CLOSING_DAY + timedelta(days=1), time(7, 55))
_TICK = timedelta(seconds=20)
_RECEIPTS_UNTIL = timedelta(hours=3)
_SHOWN_REASONS = 40


@dataclass(frozen=True, slots=True)
class DemoPlace:
    """Where the demonstration happens: the Firebird server (``server`` empty: embedded), and the folders."""

    server: str
    port: int
    client: Path | None
    folder: Path
    out: Path
    seed: int = 1


def run_demo(place: DemoPlace, console: Console | None = None) -> Summary:
    """Run it all; returns the summary that is also written to ``out``. The password comes from ``INTEGRATOR_SENHA``."""
    screen = console or Console()
    out = place.out.absolute()
    out.mkdir(parents=True, exist_ok=True)
    data = out / "dados"
    shutil.rmtree(data, ignore_errors=True)
    os.environ["INTEGRATOR_DADOS"] = str(data)
    setup_logging(log_folder(data))
    target = _new_database(place)
    screen.print("[bold]1.[/] Banco de um ERP inventado, como os que se encontram nas lojas…")
    erp = build_sample_erp(target, place.folder.absolute() / "arquivos", CLOSING_DAY, place.seed)
    screen.print(f"[bold]2.[/] Fechamento diário de {CLOSING_DAY:%d/%m/%Y}…")
    queued = run_closing(erp, CLOSING_DAY)
    again = run_closing(erp, CLOSING_DAY)
    paid = pay_after_closing(erp)
    screen.print(
        f"   {format_count(queued, 'mensagem', 'mensagens')} na fila; repetido, o fechamento acrescentou "
        f"{again}. Depois "
        f"dele, clientes pagaram {format_count(paid, 'título', 'títulos')}."
    )
    with start_simulator(data / "simulador", seed=place.seed) as simulator:
        summary = _send(erp, place, data, simulator, screen)
        _write_results(erp, out, simulator, summary)
    _show(screen, erp, out, summary)
    return summary


def _send(erp: SampleErp, place: DemoPlace, data: Path, simulator: RunningSimulator, screen: Console) -> Summary:
    clock = SkippingClock(_OPENING)
    gateway = simulator.gateway(clock=clock.now)
    screen.print(f"[bold]3.[/] {_OPENING:%d/%m/%Y}, cinco para as oito: o integrador espera o horário de envio…")
    with build(_settings(erp), data, clock=clock, gateway=gateway, random=Random(place.seed)) as parts:
        _send_all(parts, clock, screen)
        until = clock.now() + _RECEIPTS_UNTIL
        while clock.now() < until:
            clock.sleep(_TICK.total_seconds() * 30)
            parts.engine.tick()
        gateway.close()
        return summarize(parts.database, simulator.ledger())


def _send_all(parts: Parts, clock: SkippingClock, screen: Console) -> None:
    """Tick until nothing waits, showing how the queue shrinks and what time it is in the shop."""
    columns = (TextColumn("   {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen) as progress:
        total = _waiting(parts, clock)
        task = progress.add_task("enviando", total=total)
        while waiting := _waiting(parts, clock):
            parts.engine.tick()
            progress.update(
                task, completed=total - waiting, description=f"no relógio da loja: {clock.now():%d/%m %H:%M}"
            )
            clock.sleep(_TICK.total_seconds())
        progress.update(task, completed=total)


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
        messages=MessageSettings(),
    )


def _new_database(place: DemoPlace) -> Target:
    """An empty database, charset NONE like the ERPs of the Firebird 2.5 era."""
    folder = place.folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "loja.fdb"
    path.unlink(missing_ok=True)
    password = os.environ.get("INTEGRATOR_SENHA", "masterkey")
    target = Target(place.server, place.port, str(path), "SYSDBA", password, place.client)
    load_client(place.client)
    fdb.create_database(
        dsn=target.dsn, user=target.user, password=password, charset="NONE", page_size=8192, sql_dialect=3
    ).close()
    return target


def _write_results(erp: SampleErp, out: Path, simulator: RunningSimulator, summary: Summary) -> None:
    from integrator.documents.pictures import thumbnail

    (out / "summary.json").write_text(summary.as_json(), encoding="utf-8")
    database = Database(erp.target)
    first, last = _OPENING.date(), (summary.last_sent or _OPENING).date()
    try:
        history = read_history(database, Company("", ""), first, last)
        names = _names(database)
    finally:
        database.close()
    issued = _OPENING.replace(hour=20, minute=0)
    (out / "historico.pdf").write_bytes(draw_history(history.company, history.rows, first, last, issued))
    (out / "historico.csv").write_bytes(history_csv(history.rows))
    write_phone_page(
        simulator.folder,
        out / "celulares.html",
        company_name=history.company.name,
        thumbnails=lambda pdf: thumbnail(pdf, 320),
        names=names,
    )


def _names(database: Database) -> dict[str, str]:
    """The customer's name by the number it was sent to."""
    found = database.read(lambda s: s.rows("SELECT DESTINO, CLIENTE_NOME FROM WA_FILA WHERE ENVIADA_EM IS NOT NULL"))
    return {str(number).strip(): str(name) for number, name in found}


def _show(screen: Console, erp: SampleErp, out: Path, summary: Summary) -> None:
    database = Database(erp.target)
    try:
        stopped = Desk(database).list_rows(
            (State.HELD, State.CANCELLED, State.FAILED, State.UNCERTAIN, State.AWAITING), 1000
        )
    finally:
        database.close()
    table = Table("Cliente", "Telefone no ERP", "Situação", "Motivo", title="O que não saiu, e por quê")
    for row in stopped[:_SHOWN_REASONS]:
        table.add_row(row.customer, row.phones, row.state.label, row.reason)
    screen.print(table)
    known = ((state, summary.counts[state.value]) for state in State if state.value in summary.counts)
    screen.print(f"[bold]Fila:[/] {join_counts(known)}")
    if summary.gaps:
        gaps = summary.gaps
        screen.print(f"[bold]Intervalos:[/] de {gaps.min:.0f} a {gaps.max:.0f} segundos, média {gaps.mean:.0f}")
    screen.print(f"[bold]Conferência com os celulares:[/] {summary.duplicates} repetidas, {summary.lost} perdidas")
    screen.print(f"\nAbra [bold]{out / 'celulares.html'}[/] para ver o que os clientes receberam.")
    screen.print(f"Em {out}: historico.pdf, historico.csv, summary.json e a pasta arquivos com os PDFs.")
