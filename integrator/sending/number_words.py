"""The state of a WhatsApp number in words, the same on every page, in every window and beside the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from integrator.messages.formatting import format_datetime
from integrator.sending.gateway import Condition, GatewayState
from integrator.settings.sections import Engine


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
    GatewayState.PASSKEY: NumberWords(
        "bad",
        "O celular pede uma chave de acesso",
        "O WhatsApp deste celular só deixa conectar com uma chave de acesso (passkey), que o Integrador não tem como "
        "responder. No WhatsApp do celular, abra Configurações, Conta, Chaves de acesso, desligue-a e conecte de novo.",
    ),
    GatewayState.OFFLINE: NumberWords(
        "warn", "Sem conexão", "O WhatsApp não responde. O envio continua sozinho quando a conexão voltar."
    ),
    GatewayState.LOGGED_OUT: NumberWords(
        "bad", "Desconectado", "Este computador foi desconectado do celular. Conecte de novo; até lá, nada sai."
    ),
    GatewayState.RESTRICTED: NumberWords(
        "bad",
        "Com restrição do WhatsApp",
        "O WhatsApp não deixa este número começar conversas por enquanto. Não insista: o que espera sai depois. "
        "Enquanto isso, responda no celular a quem escreve.",
    ),
    GatewayState.BANNED: NumberWords(
        "bad",
        "Bloqueado pelo WhatsApp",
        "Nada sai por este número. Abra o WhatsApp no celular e peça a análise do bloqueio; se ele não voltar, conecte "
        "outro número ou use a API oficial da Meta.",
    ),
    GatewayState.OUTDATED: NumberWords(
        "bad",
        "Programa desatualizado",
        "O WhatsApp não aceita mais esta versão do Integrador. Atualize o programa; as mensagens ficam na fila.",
    ),
    GatewayState.AUTH: NumberWords(
        "bad",
        "Sem autorização",
        "O servidor não aceitou a chave de acesso deste número. Confira-a em “Configurar”; as mensagens ficam na fila.",
    ),
    GatewayState.STOPPED: NumberWords(
        "bad",
        "Parado",
        "O WhatsApp deste número não está em execução. Se não voltar em um minuto, veja o registro e reinicie o "
        "Integrador.",
    ),
    None: NumberWords("warn", "Ainda sem notícia", "O integrador ainda não contou como está este número."),
}
_UNTIL: Final = frozenset({GatewayState.RESTRICTED, GatewayState.BANNED})
_ENGINES: Final[Mapping[str, str]] = {
    Engine.EMBEDDED.value: "aparelho conectado, neste computador",
    Engine.EVOLUTION.value: "Evolution API",
    Engine.CLOUD_API.value: "API oficial da Meta",
    Engine.SIMULATOR.value: "simulador",
}


def number_words(state: GatewayState | None, condition: Condition | None = None) -> NumberWords:
    """What people read; ``condition`` is the engine's own word of the same state, which may know more."""
    words = _WORDS[state]
    if condition is None or condition.state is not state:
        return words
    if condition.until is not None and state in _UNTIL:
        words = replace(words, title=f"{words.title} até {format_datetime(condition.until)}")
    return replace(words, text=condition.told) if condition.told else words


def engine_words(engine: str) -> str:
    """An engine as people know it; a name that is not ours stays as it is."""
    return _ENGINES.get(engine, engine)
