"""What ``integrator run`` tells on the screen while it works: the log's events that a person can use, as sentences."""

from __future__ import annotations

import logging
import sys
from datetime import datetime
from typing import Final

from integrator.domain.lifecycle import State
from integrator.logs.event import Event
from integrator.logs.masking import Masker

_SENTENCES: Final = {
    "ready": "Pronto.",
    "status": "Situação: {text}.",
    "sending": "Mensagem {row}: enviando para {to}.",
    "waiting": "{message}",
    "problem": "{title}: {message}",
    "asks": "Nada será enviado por enquanto. {reason} Se é este computador que deve enviar: integrator authorize",
    "authorised": "Este computador está autorizado a enviar as mensagens deste banco.",
    "rehearsed": "Mensagem {row}: {fate} (simulação; nada saiu).",
    "rehearsal_shown": "O que os clientes receberiam está em {page}",
    "closing_begins": "Fechamento em andamento…",
    "closing_done": "Fechamento: mensagens para {send_day}: {messages}; retidas: {held}.",
    "closing_warning": "{message}",
    "closing_problem": "Fechamento: {message}",
    "gateway_unreachable": "WhatsApp fora de alcance; a mensagem {row} será tentada de novo.",
    "panel_ready": "Painel em {scheme}://{host}:{port} (para entrar: integrator panel).",
    "panel_refused": "{message}",
    "config_changed": "A configuração mudou e já vale.",
    "config_refused": "{message} Enquanto isso, vale a configuração anterior.",
    "stopped": "Integrador parado.",
}
_HELD: Final = {
    "database_restored": "O banco foi restaurado de uma cópia; até alguém conferir, mensagens retidas: {held}.",
    "computer_replaced": "O integrador mudou de computador; até alguém conferir, mensagens retidas: {held}.",
}


class Narrator(logging.Handler):
    """Writes to the error output, masked; the daily file has every event, this has those in the list above."""

    def __init__(self, masker: Masker) -> None:
        super().__init__()
        self._masker = masker

    def emit(self, record: logging.LogRecord) -> None:
        """Say the record, if it is for people."""
        sentence = _sentence(record)
        if sentence and sys.stderr is not None:
            print(
                f"{datetime.fromtimestamp(record.created):%H:%M:%S} {self._masker(sentence)}",
                file=sys.stderr,
                flush=True,
            )


def _sentence(record: logging.LogRecord) -> str:
    event = record.msg
    if not isinstance(event, Event):
        # Warnings outside of events are written for people already.
        return (
            record.getMessage() if record.levelno >= logging.WARNING and record.name.startswith("integrator.") else ""
        )
    fields = dict(event.fields)
    if event.action == "finished":
        return f"Mensagem {fields['row']}: {State(fields['state']).label}."
    if event.action in _HELD:
        return _HELD[event.action].format(**fields) if fields["held"] != "0" else ""
    return _SENTENCES.get(event.action, "").format(**fields)
