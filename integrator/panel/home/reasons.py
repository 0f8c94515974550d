"""Why messages are held, in the words of the first page and of the day's summary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: By ``WA_FILA.MOTIVO_CODIGO``; what is not here is told as it is.
_WORDS: Final[Mapping[str, str]] = {
    "telefone": "celular ausente ou inválido",
    "consentimento": "o cliente não autorizou receber",
    "texto": "texto com erro",
    "variavel": "falta um dado que o texto pede",
    "boleto": "boleto com problema",
    "documento": "documento ou anexo com problema",
    "dados": "dados que não se conseguem ler",
    "mensagem": "mensagem incompleta",
    "restaurado": "o banco voltou de um backup",
    "chave_repetida": "chave repetida",
    "situacao": "gravada pelo ERP numa situação inválida",
    "finalidade": "finalidade desconhecida",
    "erp": "dado recusado, gravado pelo ERP",
    "pessoa": "retida por uma pessoa",
    "": "outros motivos",
}


def reason_words(code: str) -> str:
    """Like ``celular ausente ou inválido``."""
    return _WORDS.get(code, code.replace("_", " "))
