"""``integrator pair``: the shop's phone is connected from a terminal, with the integrator running or not."""

from __future__ import annotations

import sys
import time
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from integrator.cli.console import screen
from integrator.cli.context import choice_of
from integrator.cli.ending import FAILED
from integrator.cli.number_desk import PairingDesk, pairing_desk, wake
from integrator.cli.pairing_talk import PairingTalk, Watch
from integrator.cli.values import mobile, whole
from integrator.domain.phone import format_phone, spellings
from integrator.domain.sender import Used
from integrator.sending.gateway import GatewayState, Pairing
from integrator.settings.sections import NumberSettings
from integrator.support.number_states import explained

NUMBER_HELP: Final = "Qual número, pelo nome na configuração; padrão: o de [whatsapp]."


def pair(
    context: typer.Context,
    number: Annotated[str, typer.Option("--numero", metavar="NOME", help=NUMBER_HELP)] = "",
    code: Annotated[
        str | None,
        typer.Option(
            "--codigo",
            metavar="CELULAR",
            parser=mobile,
            help="Em vez da câmera: mostra um código para digitar no celular com este número.",
        ),
    ] = None,
    new: Annotated[
        bool | None,
        typer.Option("--novo/--em-uso", help="Se o número é novo no WhatsApp, ou já conversa com os clientes."),
    ] = None,
    minutes: Annotated[
        int, typer.Option("--espera", metavar="MINUTOS", parser=whole(1, 60), help="Quanto esperar pelo celular.")
    ] = 10,
) -> None:
    """Conecta o celular da loja: mostra o QR Code, ou um código para digitar, e espera."""
    choice = choice_of(context)
    settings = choice.settings()
    chosen = settings.for_number(number).whatsapp if number else settings.whatsapp
    choice.start_log(settings)
    typer.echo(WARNING)
    watch = Watch(datetime.now, time.sleep, timedelta(minutes=minutes))
    with pairing_desk(settings, choice.folder(), chosen) as desk:
        found = desk.do("look")
        if found.state is GatewayState.CONNECTED:
            typer.echo(f"O número “{chosen.instance}” já está conectado: {format_phone(found.number)}.")
        else:
            found = _waited(desk, watch, code or "")
    wake(choice.folder())
    _tell(found, chosen)
    _ask_new(choice.folder(), chosen.instance, found.number, new=new)


def _waited(desk: PairingDesk, watch: Watch, phone: str) -> Pairing:
    try:
        return PairingTalk(desk, screen(), watch).until_paired(phone)
    except KeyboardInterrupt:
        typer.echo("\nInterrompido: nenhum celular foi conectado. Para tentar de novo: integrator pair", err=True)
        raise typer.Abort from None


def _tell(found: Pairing, number: NumberSettings) -> None:
    """Say what came of it; everything but the right phone ends with code 1."""
    if found.state is not GatewayState.CONNECTED:
        told = explained(found.state)
        typer.echo(found.problem or f"{told.text} {told.fix}", err=True)
        raise typer.Exit(FAILED)
    if number.phone and found.number not in spellings(number.phone):
        typer.echo(_OTHER_NUMBER.format(format_phone(found.number), format_phone(number.phone), number.instance))
        raise typer.Exit(FAILED)
    typer.echo(_CONNECTED.format(format_phone(found.number)))


def _ask_new(folder: Path, instance: str, phone: str, *, new: bool | None) -> None:
    """Keep whether the number is new: what is not known is asked once, and counts as new until somebody says."""
    from integrator.app import JOURNAL_FILE
    from integrator.installation.identity import this_installation
    from integrator.journal.senders import SenderBook

    journal = folder / JOURNAL_FILE
    this_installation(journal, datetime.now())  # the journal has its own id before anything else is in it
    with closing(SenderBook(journal)) as book:
        known = book.meet(phone, instance, datetime.now())
        if new is None and known.used is Used.UNKNOWN:
            new = _asked()
        if new is None:
            return
        book.declare(phone, Used.NEW if new else Used.IN_USE, datetime.now())
    typer.echo(_COUNTS_AS_NEW if new else _IN_USE)


def _asked() -> bool | None:
    """None where nobody answers, or nobody knows."""
    if not sys.stdin.isatty():
        typer.echo(f"{_COUNTS_AS_NEW} Se ele já conversa com os clientes: integrator pair --em-uso")
        return None
    answer = typer.prompt(_QUESTION, default="novo", show_default=False)
    return str(answer).strip().casefold() not in {"uso", "em uso", "em-uso", "usado"}


WARNING: Final = (
    "Antes de conectar: enviar mensagens automáticas por um dispositivo conectado não é algo que o WhatsApp endosse, e "
    "um número pode ser bloqueado por isso. Para diminuir esse risco, o Integrador envia devagar, fala primeiro com "
    "quem já respondeu à loja, limita os contatos novos de cada dia, respeita quem pede para sair e para sozinho ao "
    "primeiro sinal de restrição. Isso não é garantia: não use um número sem o qual a loja não trabalha."
)
_CONNECTED: Final = (
    "Conectado: {0}.\n"
    "No WhatsApp Business deste celular, desligue a mensagem de saudação e a mensagem de ausência (Ferramentas "
    "comerciais): elas responderiam a cada cliente que responde à cobrança.\n"
    "Use o celular de vez em quando, com internet: o WhatsApp desconecta os dispositivos de um celular que fica 14 "
    "dias sem uso."
)
_OTHER_NUMBER: Final = (
    "O celular conectado é {0}, e a configuração espera {1}. Corrija antes que as mensagens saiam pelo número errado: "
    "se este celular é o certo, mude celular em [whatsapp] (ou no número em [[outros_numeros]]); se não é, "
    "desconecte-o com: integrator gateway disconnect --numero {2}"
)
_QUESTION: Final = "Este número é novo no WhatsApp, ou já conversa com os clientes? (novo ou em uso)"
_COUNTS_AS_NEW: Final = "O número conta como novo: 20 contatos novos no primeiro dia, e mais a cada dia de envio."
_IN_USE: Final = "Anotado: o número já é usado com os clientes, e vale o limite inteiro de contatos novos por dia."
