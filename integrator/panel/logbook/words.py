"""A record of the log in words: what happened, for who does not know the names of actions."""

from __future__ import annotations

from typing import Final

from integrator.panel.logbook.lines import Record

LEVELS: Final = {"DEBUG": "detalhe", "INFO": "informação", "WARNING": "aviso", "ERROR": "erro", "CRITICAL": "erro"}
#: What each action means, with fields of its own.
_ACTIONS: Final = {
    "ready": "Pronto para trabalhar com o banco {database}.",
    "waiting": "Esperando para começar.",
    "stopped": "Parou.",
    "status": "{text}",
    "problem": "{title}: {message}",
    "problem_over": "{message}",
    "reserved": "Mensagem {row}: reservada para envio.",
    "sending": "Mensagem {row}: enviando {parts} parte(s) para {to}.",
    "posted": "Parte {part} entregue ao WhatsApp: {outcome}.",
    "finished": "Mensagem {row}: {state}.",
    "held": "Mensagem {row}: retida.",
    "uncertain": "Mensagem {row}: incerta.",
    "refused": "Mensagem {row}: recusada.",
    "try_later": "Mensagem {row}: fica para mais tarde.",
    "recompose": "Mensagem {row}: o conteúdo mudou e foi montado de novo.",
    "lost": "Mensagem {row}: já não era deste Integrador.",
    "receipt": "Recibo do WhatsApp: {kind}.",
    "asked": "{rows} mensagem(ns) passaram a aguardar confirmação.",
    "closing_watched": "O fechamento do Integrador está ligado.",
    "closing_begins": "Começou o fechamento.",
    "closing_warning": "{message}",
    "closing_problem": "{title}: {message}",
    "config_changed": "A configuração mudou e foi lida de novo.",
    "config_refused": "A configuração nova não pode ser usada: {message}",
    "panel_ready": "O painel está aberto na porta {port}.",
    "panel_refused": "O painel não abriu: {message}",
    "page_refused": "Uma página do painel avisou: {title}.",
    "database_silent": "O servidor do banco demorou demais para responder.",
    "database_restored": "O banco foi restaurado de um backup: {held} mensagem(ns) retida(s).",
    "computer_replaced": "O Integrador mudou de computador: {held} mensagem(ns) retida(s).",
    "authorised": "Este computador foi autorizado a enviar.",
    "retired": "Este computador deixou de enviar.",
    "gateway_unreachable": "Mensagem {row}: o WhatsApp não respondeu.",
    "defect": "Um erro que o programa não conhecia; o suporte precisa deste registro.",
    "command_refused": "{message}",
}


def in_words(record: Record) -> str:
    """A sentence; the record as it is where nothing better is known."""
    known = _ACTIONS.get(record.fields.get("action", ""))
    if known is None:
        return _plain(record)
    try:
        return known.format_map(record.fields)
    except KeyError:  # another version's record
        return _plain(record)


def _plain(record: Record) -> str:
    fields = record.fields
    told = ": ".join(fields[name] for name in ("title", "message", "msg", "text") if fields.get(name))
    return told or record.body.partition("\n")[0]
