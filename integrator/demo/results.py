"""What the demonstration leaves behind: phone page, history, summary and PDFs in one folder, and its last words."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from integrator.demo.not_sent import draw_groups, group_by_reason
from integrator.demo.summary import Summary
from integrator.documents.report import draw_history, history_csv
from integrator.domain.errors import SettingsError
from integrator.domain.lifecycle import State
from integrator.domain.message import Company
from integrator.erp.connection import Database, Target
from integrator.erp.desk import Desk
from integrator.gateways.simulator.page import write_phone_page
from integrator.reports import counts_line, read_history

PAGE = "celulares.html"
HISTORY_PDF = "historico.pdf"
HISTORY_CSV = "historico.csv"
SUMMARY = "summary.json"
FILES = "arquivos"
_DATA = "dados"
#: Says that a data folder is a demonstration's, which the next one may delete.
_MARK = "demonstracao.txt"
_STOPPED = (State.AWAITING, State.HELD, State.CANCELLED, State.FAILED, State.UNCERTAIN, State.EXPIRED)
_THUMBNAIL_PX = 320


def new_folder(out: Path) -> Path:
    """Empty what an earlier demonstration left in ``out`` and answer its new data folder.

    Raises :class:`SettingsError` when the data folder there is not a demonstration's: it is nobody's to delete.
    """
    data = out / _DATA
    if data.exists():
        if not (data / _MARK).exists():
            raise SettingsError(f"A pasta {data} já existe e não é de uma demonstração. Escolha outra com --out.")
        shutil.rmtree(data)
        shutil.rmtree(out / FILES, ignore_errors=True)
    data.mkdir(parents=True)
    (data / _MARK).write_text("Pasta de uma demonstração do Integrador: pode ser apagada.\n", encoding="utf-8")
    return data


def write_results(target: Target, out: Path, ledger: Path, summary: Summary, *, issued_at: datetime) -> None:
    """Write everything that people can open."""
    from integrator.documents.pictures import thumbnail

    (out / SUMMARY).write_text(summary.as_json(), encoding="utf-8")
    first, last = issued_at.date(), (summary.last_sent or issued_at).date()
    database = Database(target)
    try:
        history = read_history(database, Company("", ""), first, last)
        names = _names(database)
    finally:
        database.close()
    (out / HISTORY_PDF).write_bytes(draw_history(history.company, history.rows, first, last, issued_at))
    (out / HISTORY_CSV).write_bytes(history_csv(history.rows))
    write_phone_page(
        ledger,
        out / PAGE,
        company_name=history.company.name,
        thumbnails=lambda pdf: thumbnail(pdf, _THUMBNAIL_PX),
        names=names,
    )


def show(screen: Console, target: Target, out: Path, summary: Summary) -> None:
    """Tell how the night went, what did not go and why, and what to open."""
    database = Database(target)
    try:
        stopped = Desk(database).list_rows(_STOPPED, 10_000)
    finally:
        database.close()
    screen.print("\n[bold]O que não chegou ao cliente, e por quê[/]")
    screen.print(draw_groups(group_by_reason(stopped)))
    screen.print(f"\n[bold]Fila:[/] {counts_line({State(state): rows for state, rows in summary.counts.items()})}")
    if summary.gaps:
        gaps = summary.gaps
        screen.print(f"[bold]Intervalos:[/] de {gaps.min:.0f} a {gaps.max:.0f} segundos, média {gaps.mean:.0f}")
    screen.print(f"[bold]Conferência com os celulares:[/] {summary.duplicates} repetidas, {summary.lost} perdidas")
    _show_files(screen, out)


def _show_files(screen: Console, out: Path) -> None:
    """Paths are never broken: people click on them or copy them."""
    screen.print(f"\nEm {escape(str(out))}:", soft_wrap=True)
    for name, what in (
        (FILES, "os PDFs que os clientes receberam"),
        (f"{HISTORY_PDF}, {HISTORY_CSV}", "o histórico de mensagens"),
        (SUMMARY, "os números acima, para programas"),
    ):
        screen.print(f"  {name}: {what}")
    screen.print(f"\n[bold]Abra no navegador:[/] {escape(str(out / PAGE))}", soft_wrap=True)


def _names(database: Database) -> dict[str, str]:
    """The customer's name by the number it was sent to."""
    found = database.read(lambda s: s.rows("SELECT DESTINO, CLIENTE_NOME FROM WA_FILA WHERE ENVIADA_EM IS NOT NULL"))
    return {str(number).strip(): str(name) for number, name in found}
