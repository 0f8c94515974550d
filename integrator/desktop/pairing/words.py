"""The texts of the window of pairing that no other part of the program says; the panel says the same things alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from integrator.desktop.engine import Reach
from integrator.messages.formatting import format_datetime
from integrator.sending.number_words import NumberWords

GUIDE: Final = "/whatsapp/como-conectar"
SIMULATOR: Final = "/simulador"

#: Where the engine's own word of the problem is missing, the text says it.
AWAY: Final[Mapping[Reach, NumberWords]] = {
    Reach.STARTING: NumberWords(
        "ok", "O Integrador está iniciando", "Costuma levar menos de um minuto. Esta janela muda sozinha."
    ),
    Reach.UNCONFIGURED: NumberWords(
        "warn",
        "Falta configurar o banco",
        "O WhatsApp só é iniciado depois. Clique no ícone do Integrador, ao lado do relógio, e em “Conexão com o "
        "banco”.",
    ),
    Reach.REFUSED: NumberWords(
        "bad", "Há um erro na configuração", "O Integrador não inicia assim. Veja o motivo no registro e corrija-o."
    ),
    Reach.FORBIDDEN: NumberWords(
        "bad",
        "Este usuário do Windows não vê o Integrador",
        "A pasta de dados pertence a outro usuário. Entre com ele, ou peça ao técnico que dê permissão a este.",
    ),
    Reach.STOPPED: NumberWords(
        "bad",
        "O Integrador está parado",
        "Nada sai e nenhum celular pode ser conectado. Inicie o Integrador pelo menu Iniciar; esta janela muda "
        "sozinha.",
    ),
}
NO_NUMBERS: Final = NumberWords("warn", "Nenhum número configurado", "Acrescente o número da loja no painel.")
OFFICIAL: Final = NumberWords(
    "ok",
    "Este número usa a API oficial da Meta",
    "Nenhum celular é conectado a ele: não há QR Code. O número, o token e os modelos são configurados no painel, na "
    "página WhatsApp.",
)
EXPIRED: Final = NumberWords(
    "warn",
    "O código venceu",
    "Ninguém o leu em dez minutos. Deixe o celular na tela “Dispositivos conectados” e clique em Gerar novo.",
)
OTHER_PHONE: Final = (
    "Está conectado outro celular, {0}. O configurado é {1}. Desconecte e leia o código com o celular certo; se este "
    "é o certo, mude o número no painel."
)
RISK: Final = "O WhatsApp não apoia programas ligados a um celular e pode bloquear o número."
PHONE_WANTED: Final = "Escreva o celular com DDD, por exemplo (49) 98877-0000."
SIMULATED: Final = "Simulador: nada sai de verdade. Leia o código no celular da loja, no painel."
TO_SIMULATOR: Final = "Abrir o celular da loja, no painel"
TO_GUIDE: Final = "Passo a passo completo, no painel"
TO_NUMBERS: Final = "Dizer no painel se o número é novo"
WHY_DIGITS: Final = (
    "Serve quando a câmera não ajuda: o celular recebe um aviso, e nele se digita um código de oito letras e números."
)
PHONE_EXAMPLE: Final = "Por exemplo (49) 98877-0000."
DIGITS_HOLD: Final = "Vale por alguns minutos. Esta tela muda sozinha quando o celular for conectado."
AFTERWARDS: Final = (
    "No WhatsApp Business deste celular, desligue a mensagem de saudação e a de ausência, em Ferramentas comerciais: "
    "elas responderiam a cada cliente. Deixe o celular ligado e com internet."
)
TEST_HINT: Final = "Sai por este número, pela fila, na sua vez."
WHAT_LEAVING_DOES: Final = (
    "As mensagens ficam na fila, e nada sai até um celular ser conectado de novo. Também dá para desconectar pelo "
    "próprio celular, em “Dispositivos conectados”."
)
PREPARING_SHORT: Final = "Preparando o código"
PREPARING: Final = "Preparando o código. Costuma levar de 3 a 15 segundos."
NEXT_CODE: Final = "Buscando o próximo código."
ENDING: Final = "Cancelando."
LEAVING: Final = "Desconectando o celular. Costuma levar até 10 segundos."
TESTING: Final = "Pondo a mensagem de teste na fila."
NO_BROWSER: Final = "Não consegui abrir o navegador. Abra o painel pelo ícone do Integrador, ao lado do relógio."


def account(name: str, since: datetime | None) -> str:
    """What a connected number is called by its own account, and since when it is connected; as far as it is known."""
    if since is None:
        return name
    at = format_datetime(since)
    return f"{name} · desde {at}" if name else f"Desde {at}"


def valid_for(seconds: int) -> str:
    """How long the code can still be read."""
    return f"Vale por mais {seconds} {'segundo' if seconds == 1 else 'segundos'}. Depois aparece outro sozinho."


def grouped(digits: str) -> str:
    """``GH5EC9DZ`` as the phone shows it: ``GH5E-C9DZ``."""
    return f"{digits[:4]}-{digits[4:]}"
