"""The sender numbers as far as this computer knows them: engine, session, token, server, webhooks, guard.

What WhatsApp itself says of a number is in ``others``: the daemon writes it to the database.
"""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from integrator.app import JOURNAL_FILE
from integrator.domain.sender import SenderRecord
from integrator.gateways.configured import session_folder
from integrator.gateways.embedded.native import LibraryMissing, library_folder, library_name
from integrator.journal.senders import SenderBook
from integrator.messages.formatting import format_count, format_datetime
from integrator.secrets import read_secret
from integrator.settings.sections import Engine, NumberSettings
from integrator.support.context import Context
from integrator.support.doctor import Check
from integrator.support.finding import Answer, Level, broken, fine, warning

_GROUP = "Números de WhatsApp"
_META: Final = ("graph.facebook.com", 443)
_PORTS: Final = {"http": 80, "https": 443}
_KNOCK_S: Final = 3.0
#: WhatsApp drops the linked devices of a phone that was not used for as long.
_UNUSED: Final = timedelta(days=14)
_SEVERITY: Final = (Level.OK, Level.WARNING, Level.ERROR)
_OTHERS_BITS: Final = stat.S_IRWXG | stat.S_IRWXO


def together(answers: Iterable[Answer], nothing: str) -> Answer:
    """One answer for several numbers: the gravest level, each sentence and each fix once; ``nothing`` for none."""
    found = tuple(answers)
    if not found:
        return fine(nothing)
    level = max((each.level for each in found), key=_SEVERITY.index)
    text, shared = _joined(each.text for each in found), _joined(each.shared or each.text for each in found)
    return Answer(level, text, _joined(each.fix for each in found), "" if shared == text else shared)


def _joined(sentences: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(filter(None, sentences)))


def engine(context: Context) -> Answer:
    """The embedded engine's library is looked at and not loaded."""
    if not _of(context, Engine.EMBEDDED):
        return fine("O motor embutido não é usado.")
    try:
        library = library_folder() / library_name()
    except LibraryMissing:
        return judge_library(None, present=False)
    return judge_library(library, present=library.is_file())


def judge_library(library: Path | None, *, present: bool) -> Answer:
    if present:
        return fine("A biblioteca do motor embutido está no lugar.")
    name = library.name if library is not None else "neonize"
    return broken(
        f"Falta a biblioteca do motor embutido ({name}): sem ela o número não conecta.",
        "Veja se o antivírus a pôs em quarentena, cadastre a pasta do Integrador como exceção e instale o programa de "
        "novo por cima. O celular continua conectado.",
    )


def sessions(context: Context) -> Answer:
    now = context.machine.now
    return together(
        (_session(number, session_folder(context.data, number), now()) for number in _of(context, Engine.EMBEDDED)),
        "O motor embutido não é usado.",
    )


def _session(number: NumberSettings, folder: Path, now: datetime) -> Answer:
    files = [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []
    if not files:
        return judge_session(number.instance, None, private=True, now=now)
    used = datetime.fromtimestamp(max(path.stat().st_mtime for path in files))
    # Who may not enter the folder reads nothing in it, whatever the files say.
    return judge_session(number.instance, used, private=not _open_to_others(folder), now=now)


def judge_session(instance: str, used: datetime | None, *, private: bool, now: datetime) -> Answer:
    """``used``: when the session was last written to; None where there is none."""
    if used is None:
        return warning(
            f"O número “{instance}” não tem sessão neste computador: nenhum celular foi conectado.",
            "Conecte o celular da loja na página WhatsApp do painel, ou com: integrator pair",
        )
    if not private:
        return broken(
            f"A sessão do número “{instance}” pode ser lida por outros usuários deste computador: quem a copia usa o "
            "WhatsApp da loja.",
            "Deixe a pasta whatsapp da pasta de dados aberta só para o usuário do Integrador; na dúvida, desconecte o "
            "número e conecte de novo.",
        )
    if now - used > _UNUSED:
        return warning(
            f"A sessão do número “{instance}” está sem uso desde {format_datetime(used)}; o WhatsApp pode tê-la "
            "encerrado.",
            "Ligue o integrador e abra o WhatsApp no celular da loja; se ele pedir, conecte de novo.",
        )
    return fine(
        f"A sessão do número “{instance}” está protegida. Ela não vence em 15 dias: o WhatsApp só a encerra se o "
        "celular ficar 14 dias sem uso."
    )


def tokens(context: Context) -> Answer:
    return together(
        (_token(number) for number in _of(context, Engine.EVOLUTION, Engine.CLOUD_API)), "Nenhum número usa token."
    )


def _token(number: NumberSettings) -> Answer:
    official = number.engine is Engine.CLOUD_API
    signed = not official or bool(read_secret(number.app_secret))
    return judge_token(number, stored=bool(read_secret(number.secret)), signed=signed)


def judge_token(number: NumberSettings, *, stored: bool, signed: bool) -> Answer:
    keep = f"integrator senha --numero {number.instance}"
    if not stored:
        return broken(
            f"O token do número “{number.instance}” não está guardado: nada sai por ele.",
            f"Guarde-o na página WhatsApp do painel, ou com: {keep}",
        )
    if not signed and number.webhook:
        return warning(
            f"Falta o segredo do aplicativo da Meta do número “{number.instance}”: os avisos de entrega são recusados.",
            f"Guarde-o com: {keep} --segredo-do-app",
        )
    return fine(f"O token do número “{number.instance}” está guardado.")


def servers(context: Context) -> Answer:
    return together(
        (_server(number, context.machine.knock) for number in _of(context, Engine.EVOLUTION, Engine.CLOUD_API)),
        "Nenhum número depende de um servidor.",
    )


def _server(number: NumberSettings, knock: Callable[[str, int, float], None]) -> Answer:
    """The proxy is not asked: no engine on a server goes through one."""
    if number.engine is Engine.CLOUD_API:
        host, port = _META
    else:
        parts = urlsplit(number.server)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    try:
        knock(host, port, _KNOCK_S)
    except OSError as error:
        silent = f"O servidor do número “{number.instance}” não respondeu"
        return broken(
            f"{silent} ({host}, porta {port}: {type(error).__name__}).",
            "Confira a internet deste computador e o firewall."
            if number.engine is Engine.CLOUD_API
            else "Confira se a Evolution API está em execução e se o endereço em servidor está certo.",
            shared=f"{silent} ({type(error).__name__}).",
        )
    return fine(f"O servidor do número “{number.instance}” responde.")


def webhooks(context: Context) -> Answer:
    return together(
        (judge_webhook(number) for number in _of(context, Engine.EVOLUTION, Engine.CLOUD_API)),
        "Nenhum número recebe avisos de um servidor.",
    )


def judge_webhook(number: NumberSettings) -> Answer:
    if number.webhook:
        return fine(f"Os avisos do número “{number.instance}” chegam pelo endereço configurado.")
    if number.engine is Engine.CLOUD_API:
        return warning(
            f"O número “{number.instance}” não tem endereco_webhook: uma mensagem aparece como aceita pela Meta, e "
            "nunca como entregue ou lida; um SAIR do cliente não chega.",
            "Publique o painel por um endereço https e escreva-o em endereco_webhook; veja docs/numeros.md.",
        )
    return warning(
        f"O número “{number.instance}” não tem endereco_webhook: a Evolution API não consegue avisar entregas nem "
        "respostas.",
        "Escreva em endereco_webhook o endereço do painel visto do servidor da Evolution API, por exemplo "
        "http://127.0.0.1:8787",
    )


def guard(context: Context) -> Answer:
    """Stops and pauses, from the journal; a computer that never sent has none, and looking must not make one."""
    journal = context.data / JOURNAL_FILE
    if not journal.exists():
        return fine("Nenhum número parou.")
    with closing(SenderBook(journal)) as book:
        numbers = context.settings.numbers
        records = [(n.instance, book.record(book.number_of(n.instance))) for n in numbers]
    now = context.machine.now
    return together(
        (judge_guard(name, record, now()) for name, record in records if record is not None), "Nenhum número parou."
    )


def judge_guard(instance: str, record: SenderRecord, now: datetime) -> Answer:
    if record.stop is not None:
        return broken(
            f"O número “{instance}” parou em {format_datetime(record.stop.at)}: {record.stop.why}",
            f"Resolva o motivo e retome: integrator gateway resume --numero {instance}",
        )
    if record.cold_until is not None and record.cold_until > now:
        return warning(
            f"O número “{instance}” não escreve a contatos novos até {format_datetime(record.cold_until)}, por sinal "
            "de restrição do WhatsApp.",
            "Não é preciso fazer nada: espere. Um segundo sinal em 7 dias para o número.",
        )
    signs = f"; {format_count(len(record.signs), 'sinal', 'sinais')} de restrição lembrados" if record.signs else ""
    return fine(f"O número “{instance}” não parou{signs}.")


def _of(context: Context, *engines: Engine) -> Sequence[NumberSettings]:
    return [number for number in context.settings.numbers if number.engine in engines]


def _open_to_others(path: Path) -> bool:
    """By mode bits; on Windows the folder's own list of permissions decides, which is set when it is made."""
    return sys.platform != "win32" and bool(path.stat().st_mode & _OTHERS_BITS)


_READ = ("configuracao",)
CHECKS = (
    Check("motor", _GROUP, "Motor embutido", engine, _READ),
    Check("sessao", _GROUP, "Sessão", sessions, _READ),
    Check("tokens", _GROUP, "Tokens", tokens, _READ),
    Check("servidor_whatsapp", _GROUP, "Servidor do número", servers, _READ, 10.0),
    Check("avisos", _GROUP, "Avisos de entrega", webhooks, _READ),
    Check("protecao", _GROUP, "Proteção do número", guard, _READ),
)
