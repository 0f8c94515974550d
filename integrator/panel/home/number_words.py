"""The state of a WhatsApp number in words, the same on every page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from integrator.sending.gateway import GatewayState


@dataclass(frozen=True, slots=True)
class NumberWords:
    """``level`` is ``ok``, ``warn`` or ``bad``: a sign and a colour beside the words, never instead of them."""

    level: str
    title: str
    text: str


_WORDS: Final[Mapping[GatewayState | None, NumberWords]] = {
    GatewayState.CONNECTED: NumberWords("ok", "Conectado", "O número está pronto para enviar."),
    GatewayState.CONNECTING: NumberWords("warn", "Conectando", "Costuma levar menos de um minuto."),
    GatewayState.NEEDS_PAIRING: NumberWords(
        "bad", "Nenhum celular conectado", "Leia o QR Code com o celular da loja. Até lá, nada sai."
    ),
    GatewayState.OFFLINE: NumberWords(
        "warn", "Sem conexão", "O WhatsApp não responde. O envio continua sozinho quando a conexão voltar."
    ),
    GatewayState.LOGGED_OUT: NumberWords(
        "bad", "Desconectado", "Este computador foi desconectado do celular. Conecte de novo; até lá, nada sai."
    ),
    None: NumberWords("warn", "Ainda sem notícia", "O integrador ainda não contou como está este número."),
}


def number_words(state: GatewayState | None) -> NumberWords:
    """What people read."""
    return _WORDS[state]
