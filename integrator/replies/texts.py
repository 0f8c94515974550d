"""What the program itself answers by WhatsApp, and what it passes on: short, and always with the way back."""

from __future__ import annotations

from typing import Final

from integrator.domain.message import Purpose
from integrator.domain.phone import format_phone
from integrator.domain.words import Word
from integrator.erp.term import subjects
from integrator.sending.gateway import Inbound

#: With what a message begins that is passed on: one that comes back is not passed on again.
FORWARDED: Final = "Mensagem de um cliente"
_LONGEST_FORWARD: Final = 3000


def obeyed(word: Word, shop: str, purposes: frozenset[Purpose]) -> str:
    """What is answered to a word that was obeyed, for those purposes."""
    match word:
        case Word.STOP | Word.NO:
            return (
                f"Pronto: {shop} não vai mais mandar mensagens automáticas para este número. "
                "Se mudar de ideia, responda VOLTAR."
            )
        case Word.WRONG_NUMBER:
            return (
                f"Desculpe o incômodo: {shop} não vai mais mandar mensagens automáticas para este número e vai "
                "corrigir o cadastro. Se respondeu por engano, responda VOLTAR."
            )
        case Word.BACK:
            return (
                f"Pronto: {shop} volta a mandar {subjects(purposes)} por aqui. Para parar, a qualquer momento, "
                "responda SAIR."
            )
        case Word.YES | Word.WANTS:
            return (
                f"Obrigado! {shop} vai mandar {subjects(purposes)} por aqui. Para parar, a qualquer momento, "
                "responda SAIR."
            )


def forwarded(inbound: Inbound, number: str) -> str:
    """A customer's message for the person of the shop who answers; ``number`` is the shop's that it came to."""
    who = format_phone(inbound.sender) + (f" ({inbound.name})" if inbound.name else "")
    to = f", para {format_phone(number)}" if number else ""
    said = inbound.text.strip()[:_LONGEST_FORWARD] or "Mandou áudio, foto ou arquivo: veja no celular da loja."
    return f"{FORWARDED}{to}\n*{who}*\n\n{said}"
