"""``integrator profile report``: "E se estivesse ligado em outubro?", from a database that is only read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from integrator.cli.console import screen, write_file
from integrator.cli.context import choice_of, database_of
from integrator.cli.hindsight_words import (
    CSV_HEADINGS,
    csv_rows,
    listings,
    notes_of,
    report_of,
    short_listing,
    summary_of,
)
from integrator.cli.portuguese import WrongUsage
from integrator.closing.choice import reach_of
from integrator.closing.hindsight import look_back
from integrator.closing.hindsight_figures import Hindsight, Month, PastTitle
from integrator.closing.policy import ClosingPolicy, closing_policy, send_day_after
from integrator.documents.hindsight_report import Listing, draw_hindsight, hindsight_csv
from integrator.domain.errors import SettingsError
from integrator.domain.message import Company, Purpose
from integrator.erp.connection import Database
from integrator.erp.profiles.canonical import SourceName
from integrator.erp.profiles.configured import profile_of
from integrator.erp.profiles.loader import Profile, load_profile
from integrator.erp.profiles.source import ProfileSource
from integrator.policies import calendars_of, company_of
from integrator.sending.bank_days import next_bank_day
from integrator.settings import Settings

_MONTH = (re.compile(r"(\d{4})-(\d{1,2})"), re.compile(r"(\d{1,2})/(\d{4})"))
_ON_SCREEN = 12
_OLDEST = 1990


@dataclass(frozen=True, slots=True)
class YearMonth:
    """A month of the calendar."""

    year: int
    month: int


def month(text: str) -> YearMonth:
    """``2026-10`` or ``10/2026``. Raises :class:`WrongUsage`."""
    iso, br = (pattern.fullmatch(text.strip()) for pattern in _MONTH)
    year, number = (iso[1], iso[2]) if iso else (br[2], br[1]) if br else ("0", "0")
    if int(year) < _OLDEST or not 1 <= int(number) <= 12:
        raise WrongUsage(f"“{text}” não é um mês: escreva 2026-10 ou 10/2026.")
    return YearMonth(int(year), int(number))


def report(
    context: typer.Context,
    chosen: Annotated[
        YearMonth | None,
        typer.Option("--mes", "--month", metavar="AAAA-MM", parser=month, help="O mês; padrão: o último completo."),
    ] = None,
    profile: Annotated[
        str, typer.Option("--perfil", metavar="PERFIL", help="Arquivo ou exemplo; padrão: o de [fechamento] perfil.")
    ] = "",
    pdf: Annotated[Path | None, typer.Option("--pdf", metavar="ARQUIVO", help="Grava em PDF, para mostrar.")] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="ARQUIVO", help="Grava cada lembrete em CSV, para planilhas.")
    ] = None,
) -> None:
    """E se estivesse ligado naquele mês? O que teria sido enviado, sem gravar nem enviar nada."""
    settings, now = choice_of(context).settings(), datetime.now()
    wanted = chosen or _last_month(now.date())
    try:
        past = Month.of(wanted.year, wanted.month, now.date())
    except ValueError as error:
        raise WrongUsage(
            "Este mês ainda não tem nenhum dia completo. Escolha um que já passou.", ctx=context
        ) from error
    loaded = load_profile(profile) if profile else profile_of(settings, choice_of(context).folder())
    policy = closing_policy(settings)
    with database_of(context) as database:
        found, company = look(database, loaded, settings, past)
    if csv:
        write_file(csv, hindsight_csv(CSV_HEADINGS, csv_rows(found)), "CSV")
    if pdf:
        write_file(pdf, draw_hindsight(report_of(found, policy, company, now)), "PDF")
    _show(found, policy, now)


def look(database: Database, profile: Profile, settings: Settings, past: Month) -> tuple[Hindsight, Company]:
    """Read the history through the profile and live the month again; nothing is written, no ``WA_*`` is needed.

    Raises :class:`SettingsError` for a profile without ``[historico]`` or ``[contatos]``, and the source's errors.
    """
    for needed in (SourceName.HISTORY, SourceName.CONTACTS):
        if profile.query(needed) is None:
            raise SettingsError(f"O perfil {profile.name} não tem [{needed.value}], que este relatório precisa.")
    policy = closing_policy(settings)
    with closing(ProfileSource(database, profile)) as source:
        company = next(iter(source.companies()), company_of(settings))
        calendar = calendars_of(settings, company.address.state)[Purpose.COLLECTION]
        ends = [
            send_day_after(datetime.combine(day, time.min), calendar, next_bank_day) for day in (past.first, past.until)
        ]
        first, last = reach_of(policy, ends[0])[0], reach_of(policy, ends[1])[1]
        titles = [title for title in _titles(source, first, last) if title.open_on(past.first) > 0 or title.problem]
        contacts = tuple(source.contacts())
    return look_back(titles, contacts, past, policy, calendar, next_bank_day), company


def _titles(source: ProfileSource, first: date, last: date) -> Iterator[PastTitle]:
    for row in source.history(first, last):
        yield PastTitle(
            row.company,
            row.ref,
            row.customer_code,
            row.customer_name,
            row.due,
            row.amount,
            row.paid_on,
            row.paid_amount or Decimal("0.00"),
            row.state,
            row.problem,
        )


def _last_month(today: date) -> YearMonth:
    return YearMonth(today.year, today.month - 1) if today.month > 1 else YearMonth(today.year - 1, 12)


def _show(found: Hindsight, policy: ClosingPolicy, now: datetime) -> None:
    console = screen()
    console.print(f"[bold]{summary_of(found)}[/]")
    for listing in (short_listing(found, now), *listings(found, policy, _ON_SCREEN)):
        console.print(Text(f"\n{listing.title}", style="bold"))
        console.print(_table(listing))
    for note in filter(None, notes_of(found)):
        console.print(Text(note, style="dim"))


def _table(listing: Listing) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for index, heading in enumerate(listing.headings):
        table.add_column(heading, overflow="fold", justify="left" if index < listing.words else "right")
    for row in listing.rows:
        table.add_row(*map(Text, row))
    if listing.total:
        table.add_row(*(Text(cell, style="bold") for cell in listing.total))
    return table
