"""``integrator contacts check``: whether numbers have WhatsApp, asked slowly and remembered."""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import datetime
from typing import Annotated

import typer

from integrator.cli.context import choice_of
from integrator.cli.number_desk import holding, opened_engine, refuse_a_copy
from integrator.cli.values import mobile
from integrator.clock import SystemClock
from integrator.domain.errors import GatewayError
from integrator.domain.phone import format_phone, spellings
from integrator.journal.store import SqliteJournal
from integrator.sending.number_checks import NumberChecks


def check(
    context: typer.Context,
    phones: Annotated[list[str], typer.Argument(metavar="CELULARES...", parser=mobile, help="Os celulares, com DDD.")],
) -> None:
    """Pergunta ao WhatsApp se os celulares têm conta, devagar e sem repetir. Com o integrador parado: em execução, ele
    mesmo confere antes do primeiro envio."""
    from integrator.app import JOURNAL_FILE

    choice = choice_of(context)
    settings = choice.settings()
    choice.start_log(settings)
    folder = choice.folder()
    with holding(folder) as alone:
        if not alone:
            raise GatewayError(
                "O integrador está em execução e já confere cada celular antes do primeiro envio. Para conferir vários "
                "de uma vez, pare-o antes."
            )
        refuse_a_copy(settings, folder, leaving=False)
        with (
            opened_engine(folder, settings.whatsapp) as gateway,
            closing(SqliteJournal(folder / JOURNAL_FILE, datetime.now())) as journal,
        ):
            checks = NumberChecks(journal, gateway, SystemClock(threading.Event()))
            for phone in phones:
                found = any(checks.check(each).exists for each in spellings(phone))
                typer.echo(f"{format_phone(phone)}: {'tem' if found else 'não tem'} WhatsApp")
