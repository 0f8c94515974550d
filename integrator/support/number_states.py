"""The state of a WhatsApp number in words: what it means, and what a person does about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from integrator.sending.gateway import GatewayState
from integrator.support.finding import Level


@dataclass(frozen=True, slots=True)
class Explained:
    """``words`` go on after "o número está", ``text`` is a sentence of its own; ``fix`` is empty when all is well."""

    level: Level
    words: str
    text: str
    fix: str = ""


_STATES: Final[Mapping[GatewayState, Explained]] = {
    GatewayState.CONNECTED: Explained(Level.OK, "conectado", "O número está conectado."),
    GatewayState.CONNECTING: Explained(
        Level.WARNING,
        "conectando",
        "O número está se conectando.",
        "Espere um minuto; se continuar, confira a internet deste computador.",
    ),
    GatewayState.NEEDS_PAIRING: Explained(
        Level.WARNING,
        "à espera de ser conectado pelo celular",
        "Nenhum celular está conectado.",
        "Conecte o celular da loja na página WhatsApp do painel, ou com: integrator pair",
    ),
    GatewayState.PASSKEY: Explained(
        Level.WARNING,
        "parado num pedido de chave de acesso do celular",
        "O celular pediu uma chave de acesso (passkey), que este motor não sabe responder.",
        "No celular, desligue a chave de acesso em Configurações, Conta, Chaves de acesso, e conecte de novo; se não "
        "for possível, conecte este número pela Evolution API ou pela API oficial.",
    ),
    GatewayState.OFFLINE: Explained(
        Level.WARNING,
        "sem conexão com o WhatsApp",
        "O WhatsApp não responde.",
        "Confira a internet deste computador; o envio continua sozinho quando a conexão voltar.",
    ),
    GatewayState.LOGGED_OUT: Explained(
        Level.WARNING,
        "desconectado pelo celular",
        "Este computador foi desconectado do celular.",
        "Conecte de novo na página WhatsApp do painel, ou com: integrator pair",
    ),
    GatewayState.RESTRICTED: Explained(
        Level.WARNING,
        "com restrição do WhatsApp para iniciar conversas",
        "O WhatsApp restringiu este número: por enquanto ele não inicia conversas.",
        "Não force o envio e não troque de aparelho: use o número como de costume e espere a restrição terminar.",
    ),
    GatewayState.BANNED: Explained(
        Level.ERROR,
        "bloqueado pelo WhatsApp",
        "O WhatsApp bloqueou este número.",
        "Abra o WhatsApp no celular e peça a revisão por lá. Até a resposta, nada sai por este número.",
    ),
    GatewayState.OUTDATED: Explained(
        Level.ERROR,
        "recusado por ser uma versão antiga",
        "O WhatsApp não aceita mais esta versão do motor.",
        "Atualize o Integrador. Nada da fila se perde: o envio continua depois da atualização.",
    ),
    GatewayState.AUTH: Explained(
        Level.ERROR,
        "sem autorização: o token foi recusado",
        "O token ou a chave deste número foi recusado.",
        "Guarde o token de novo na página WhatsApp do painel, ou com: integrator senha --numero NOME",
    ),
    GatewayState.STOPPED: Explained(
        Level.WARNING,
        "parado",
        "O motor deste número não está em execução.",
        "Inicie o integrador; se ele já está em execução, o motivo está no registro.",
    ),
}


def explained(state: GatewayState) -> Explained:
    """What people read about it."""
    return _STATES[state]
