"""``integrator contacts …``: who accepts messages, by whose word, and what is kept of each phone."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from integrator.cli.console import screen, write_file
from integrator.cli.contacts_check import check
from integrator.cli.contacts_write import optin, optout, term
from integrator.cli.context import choice_of, database_of
from integrator.cli.panel import open_page
from integrator.cli.portuguese import App
from integrator.cli.values import mobile, whole
from integrator.documents.formats import instant_br
from integrator.documents.report import cell_as_text
from integrator.domain.phone import format_phone
from integrator.erp.connection import Database
from integrator.erp.consents import ConsentRegister
from integrator.erp.contacts import Contacts
from integrator.erp.customers import NEWEST, KnownCustomer, known_customers, phone_of, rows_of_phone
from integrator.erp.schema.installer import require_ready
from integrator.messages.formatting import format_count
from integrator.panel.customers.words import FLAGS, PURPOSE_NAMES, SAID, Stand, stands

app = App(help="Os contatos: quem aceita receber, quem não quer, e o que está guardado de cada um.")
app.command("optin")(optin)
app.command("optout")(optout)
app.command("term")(term)
app.command("check")(check)
Phone = Annotated[str, typer.Argument(metavar="CELULAR", parser=mobile, help="O celular, com DDD.")]
_HEADINGS: Final = ("Cliente", "Código", "Celular", "Cadastro", "Cobrança", "Serviço", "Promocional")


@app.command("list")
def list_contacts(
    context: typer.Context,
    search: Annotated[
        str, typer.Option("--busca", metavar="TEXTO", help="Parte do nome, o código, ou o fim de um telefone.")
    ] = "",
    everywhere: Annotated[
        bool, typer.Option("--tudo", help=f"Na fila inteira, e não só nas {NEWEST} mensagens mais novas.")
    ] = False,
    limit: Annotated[
        int, typer.Option("--limite", metavar="NÚMERO", parser=whole(1, 20_000), help="Quantos mostrar; padrão: 200.")
    ] = 200,
    file: Annotated[
        Path | None, typer.Option("--csv", metavar="ARQUIVO", help="Grava em CSV, que o Excel abre direto.")
    ] = None,
) -> None:
    """Mostra os clientes que a fila conhece, e se cada um aceita receber."""
    area = choice_of(context).settings().whatsapp.default_area
    with database_of(context) as database:
        require_ready(database)
        found = known_customers(database, search, 1, limit, everywhere=everywhere)
        lines = _lines(database, found, area)
    if file is not None:
        write_file(file, _csv(lines), "CSV")
        return
    if not lines:
        typer.echo("Nenhum cliente encontrado. A lista é feita das mensagens que passaram pela fila.")
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in _HEADINGS:
        table.add_column(heading, overflow="fold")
    for line in lines:
        table.add_row(*map(Text, line))
    screen().print(table)


@app.command()
def show(context: typer.Context, phone: Phone) -> None:
    """Mostra o que vale para um celular: respostas com data e origem, conversas, e as últimas mensagens."""
    area = choice_of(context).settings().whatsapp.default_area
    asked = phone_of(f"+{phone}")
    assert asked is not None
    with database_of(context) as database:
        require_ready(database)
        answers = ConsentRegister(database).answers([asked])[asked.e164]
        contact = Contacts(database).find(asked.e164)
        rows = rows_of_phone(database, asked, area, newest_only=True)
    typer.echo(format_phone(asked.e164))
    for name in dict.fromkeys(row.name for row in rows if row.name):
        typer.echo(f"  Cliente: {name}")
    for stand in stands([answers]):
        typer.echo(f"  {stand.purpose}: {stand.words}")
    moments = (
        ("Escreveu pela última vez", contact.wrote_at),
        ("Termo de consentimento", contact.term_at),
        ("Número errado", contact.wrong_at),
        ("Quem responde é um robô", contact.robot_at),
    )
    for label, at in moments:
        if at is not None:
            typer.echo(f"  {label}: {instant_br(at)}")
    for answer in answers:
        source = answer.source or "sem origem anotada"
        typer.echo(f"  {instant_br(answer.at)}  {PURPOSE_NAMES[answer.purpose]}: {SAID[answer.said]} ({source})")
    typer.echo(f"  {format_count(len(rows), 'mensagem', 'mensagens')} entre as mais novas da fila")


@app.command("known")
def known_contacts(context: typer.Context, phone: Phone) -> None:
    """Diz se a pessoa já escreveu à loja: quem já escreveu recebe primeiro. Sai com 1 se nunca escreveu."""
    with database_of(context) as database:
        require_ready(database)
        wrote = Contacts(database).find(phone).wrote_at
    if wrote is None:
        typer.echo(f"{format_phone(phone)}: nunca escreveu à loja; conta como contato novo.")
        raise typer.Exit(1)
    typer.echo(f"{format_phone(phone)}: já escreveu, por último em {instant_br(wrote)}.")


@app.command()
def export(context: typer.Context, phone: Phone) -> None:
    """Abre no painel a página do contato, de onde se baixam todos os dados guardados sobre ele (LGPD, artigo 18)."""
    open_page(context, f"/clientes/telefone/{phone}")


@app.command()
def forget(context: typer.Context, phone: Phone) -> None:
    """Abre no painel a página que apaga os dados de um contato: ela mostra antes o que sai e o que fica."""
    open_page(context, f"/clientes/telefone/{phone}/apagar")


def _lines(database: Database, found: Sequence[KnownCustomer], area: str) -> list[tuple[str, ...]]:
    phones = [phone_of(each.phones, area) for each in found]
    answers = ConsentRegister(database).answers(list({p.e164: p for p in phones if p is not None}.values()))
    return [
        _line(customer, phone.e164 if phone else "", stands([answers[phone.e164]] if phone else []))
        for customer, phone in zip(found, phones, strict=True)
    ]


def _line(customer: KnownCustomer, phone: str, said: Sequence[Stand]) -> tuple[str, ...]:
    shown = format_phone(phone) if phone else customer.phones
    return (customer.name, customer.code, shown, FLAGS[customer.flag], *(each.words for each in said))


def _csv(lines: Sequence[tuple[str, ...]]) -> bytes:
    """Semicolons, and the mark by which Excel knows UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(_HEADINGS)
    writer.writerows(tuple(map(cell_as_text, line)) for line in lines)
    return out.getvalue().encode("utf-8-sig")
