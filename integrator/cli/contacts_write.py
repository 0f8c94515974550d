"""``integrator contacts optin | optout | term``: what customers said, written down with its source.

Many at once leave the same record as the panel's (``panel/customers/bulk_store.py``), where it can be looked at and
taken back.
"""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from integrator.cli.context import choice_of, database_of
from integrator.cli.portuguese import WrongUsage
from integrator.cli.values import mobile, one_of
from integrator.domain.message import Purpose
from integrator.domain.phone import format_phone
from integrator.erp.consents import ConsentRegister, Said, Written
from integrator.erp.customers import phone_of
from integrator.erp.schema.installer import require_ready
from integrator.erp.term import Asked, Asking, Person, ask_consent
from integrator.messages.formatting import format_count
from integrator.panel.customers.bulk_lines import MOST_LINES, PhoneList, decoded, read_phones
from integrator.panel.customers.bulk_store import BulkStore
from integrator.panel.customers.term_store import TermStore
from integrator.panel.customers.words import ORIGINS, PURPOSE_NAMES
from integrator.panel.store import PanelStore
from integrator.paths import PANEL_FILE

_PURPOSES: Final = {"cobranca": Purpose.COLLECTION, "servico": Purpose.SERVICE, "promocional": Purpose.PROMOTION}
_ORIGIN_LENGTH: Final = 150
_SHOWN_BAD: Final = 20

Phones = Annotated[
    list[str] | None, typer.Argument(metavar="CELULARES...", parser=mobile, help="Um ou mais celulares, com DDD.")
]
File = Annotated[
    Path | None, typer.Option("--arquivo", metavar="ARQUIVO", help="Um telefone por linha, ou um CSV do Excel.")
]
For = Annotated[
    list[str] | None,
    typer.Option(
        "--finalidade",
        metavar="NOME",
        parser=one_of(*_PURPOSES),
        help="cobranca, servico ou promocional; pode ser repetida; padrão: cobranca.",
    ),
]
Origin = Annotated[
    str,
    typer.Option(
        "--origem", metavar="TEXTO", help=f"Onde o cliente disse, por exemplo: {ORIGINS[0]}. É a prova; obrigatória."
    ),
]


def optin(
    context: typer.Context, phones: Phones = None, file: File = None, purposes: For = None, origin: Origin = ""
) -> None:
    """Anota que clientes aceitam receber, na palavra da loja. Nunca por cima de um “não quer receber”."""
    chosen, source = _purposes(purposes), _source(origin)
    choice = choice_of(context)
    settings = choice.settings()
    read = _phones(phones, file, settings.whatsapp.default_area)
    now = datetime.now()
    with database_of(context) as database, closing(PanelStore(choice.folder() / PANEL_FILE)) as store:
        require_ready(database)
        book = BulkStore(store)
        bulk = book.begin(now, _who(), settings.database.name, "lista", chosen, source)
        # Written down first: were this to stop half-way, undoing it would still find what it had written.
        book.fill(bulk, {(phone.e164, purpose): Written.NEW for phone in read.phones for purpose in chosen})
        outcomes = ConsentRegister(database).accept_all(read.phones, chosen, bulk.source)
        book.fill(bulk, outcomes)
    for outcome in Written:
        count = sum(each is outcome for each in outcomes.values())
        if count:
            typer.echo(f"{outcome.value}: {format_count(count, 'resposta', 'respostas')}")
    typer.echo(f"Ficou anotado como lote {bulk.id}; no painel, em Clientes, ele pode ser visto e retirado.")


def optout(context: typer.Context, phones: Phones = None, purposes: For = None, origin: Origin = "") -> None:
    """Anota que clientes não querem receber: vale na hora, para todas as finalidades quando nenhuma é dita."""
    chosen, source = _purposes(purposes) if purposes else tuple(Purpose), _source(origin)
    read = _phones(phones, None, "")
    with database_of(context) as database:
        require_ready(database)
        register = ConsentRegister(database)
        for phone in read.phones:
            for purpose in chosen:
                register.record(phone, purpose, Said.NO, source)
    names = ", ".join(PURPOSE_NAMES[purpose].lower() for purpose in chosen)
    for phone in read.phones:
        typer.echo(f"{format_phone(phone.e164)}: não quer receber ({names}).")


def term(context: typer.Context, phones: Phones = None, file: File = None, purposes: For = None) -> None:
    """Põe na fila o termo que pergunta ao cliente se aceita receber: uma vez por celular, e nunca depois de um não."""
    chosen = _purposes(purposes)
    choice = choice_of(context)
    settings = choice.settings()
    read = _phones(phones, file, settings.whatsapp.default_area)
    people, now = [Person(phone) for phone in read.phones], datetime.now()
    with database_of(context) as database, closing(PanelStore(choice.folder() / PANEL_FILE)) as store:
        require_ready(database)
        book = TermStore(store)
        run = book.begin(now, _who(), settings.database.name, chosen)
        # Written down first: were this to stop half-way, undoing it would still find what it had queued.
        book.fill(run, {person.phone.e164: Asked.QUEUED for person in people})
        found = ask_consent(database, people, chosen, Asking(_who()), now)
        book.fill(run, found)
    for outcome in Asked:
        count = sum(each is outcome for each in found.values())
        if count:
            typer.echo(f"{outcome.value}: {format_count(count, 'celular', 'celulares')}")
    typer.echo(f"Ficou anotado como pedido {run}; no painel, em Clientes, o que ainda não saiu pode ser retirado.")


def _purposes(named: Sequence[str] | None) -> tuple[Purpose, ...]:
    return tuple(dict.fromkeys(_PURPOSES[each] for each in named or ("cobranca",)))


def _source(origin: str) -> str:
    told = " ".join(origin.split())
    if not told:
        raise WrongUsage(
            "Diga em --origem onde o cliente respondeu: é a prova de que respondeu. "
            f"Por exemplo: {', '.join(ORIGINS[:-1])}."
        )
    return f"{told[:_ORIGIN_LENGTH]}; anotado por {_who()[:30]} no terminal"


def _phones(typed: Sequence[str] | None, file: Path | None, area: str) -> PhoneList:
    """Raises :class:`WrongUsage` for none, too many, and a file that cannot be read; tells the lines that are none."""
    if bool(typed) == (file is not None):
        raise WrongUsage("Diga os celulares, ou um arquivo com --arquivo.")
    if file is None:
        read = [phone_of(f"+{each}") for each in dict.fromkeys(typed or ())]
        return PhoneList(tuple(each for each in read if each is not None), (), 0)
    try:
        found = read_phones(decoded(file.read_bytes()), area)
    except OSError:
        raise WrongUsage(f"Não consegui ler o arquivo {file}. Confira o caminho e se ele não está aberto.") from None
    if found.too_many:
        raise WrongUsage(f"O arquivo tem mais de {MOST_LINES} linhas. Divida-o.")
    for line in found.bad[:_SHOWN_BAD]:
        typer.echo(f"Linha {line.number} não usada: {line.why}", err=True)
    if len(found.bad) > _SHOWN_BAD:
        typer.echo(f"E mais {len(found.bad) - _SHOWN_BAD} linhas não usadas.", err=True)
    if not found.phones:
        raise WrongUsage(f"Não há telefone no arquivo {file}.")
    return found


def _who() -> str:
    """Who sits at this computer, as the system knows that person."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "terminal"
