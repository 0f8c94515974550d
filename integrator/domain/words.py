"""The few words that a customer may answer with and that the program obeys.

Only a whole message counts, letters alone: case, accents, punctuation, emoji and a courtesy at either end ("por
favor", "obrigado", "oi") do not matter. Several sentences count when each is such a word and all ask for the same:
"Número errado. Pare de mandar mensagens!" Whatever says more than the word itself is a message to people: "não vou
sair daqui hoje" asks for nothing.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum
from typing import Final


class Word(Enum):
    """What a whole message may mean."""

    YES = "sim"  # and NO: answers to a question that the shop asked; without one they mean nothing
    NO = "não"
    STOP = "sair"
    BACK = "voltar"
    WRONG_NUMBER = "número errado"
    WANTS = "quero receber"  # of one's own accord, as the counter poster invites to


_STOP: Final = (
    "sair", "sai", "quero sair", "parar", "pare", "para", "parem", "pode parar", "quero parar", "pare de mandar",
    "parem de mandar", "para de mandar", "pare de enviar", "parem de enviar", "pare de me mandar mensagem",
    "para de me mandar mensagem", "parem de me mandar mensagem", "para de mandar mensagem", "pare de mandar mensagem",
    "parem de mandar mensagem", "pare de mandar mensagens", "parem de mandar mensagens", "stop", "unsubscribe",
    "cancelar", "cancele", "cancela", "cancelar mensagens", "cancelar envio", "cancelar inscricao",
    "cancelar recebimento", "descadastrar", "descadastre", "me descadastre", "descadastrar me", "remover", "remova",
    "remove", "me remova", "me remove", "remover numero", "remover meu numero", "remova meu numero",
    "me tira da lista", "me tire da lista", "me tira dessa lista", "me tire dessa lista", "me remova da lista",
    "tira meu numero", "tire meu numero", "nao quero receber", "nao quero mais receber",
    "nao quero receber mais", "nao desejo receber", "nao desejo mais receber",
    "nao quero receber mensagem", "nao quero receber mensagens", "nao quero mais receber mensagem",
    "nao quero mais receber mensagens", "nao quero receber mais mensagem", "nao quero receber mais mensagens",
    "nao desejo receber mensagens", "nao desejo mais receber mensagens", "nao me mande mais mensagem",
    "nao me mande mais mensagens", "nao me mandem mais mensagem", "nao me mandem mais mensagens",
    "nao mande mais", "nao mande mais mensagem", "nao mande mais mensagens", "nao mandem mais",
    "nao mandem mais mensagens", "nao envie mais", "nao envie mais mensagens", "nao enviem mais mensagens",
    "nao me mande mais", "nao me mandem mais", "nao me envie mais", "nao me enviem mais", "nao me mande mensagem",
    "nao me mande mensagens", "nao me mandem mensagens", "nao me mande mais nada", "nao me mandem mais nada",
    "nao envie mais mensagem", "nao me envie mais mensagens", "nao me enviem mais mensagens", "nao quero mais mensagem",
    "nao quero mais mensagens", "nao quero mais receber nada", "nao quero mais receber isso",
    "nao quero mais receber essas mensagens", "nao quero receber essas mensagens", "nao quero receber isso",
    "pare de me mandar", "para de me mandar", "parem de me mandar", "pare de me mandar mensagens",
    "para de me mandar mensagens", "parem de me mandar mensagens", "para de mandar mensagens",
    "pare de enviar mensagem", "pare de enviar mensagens", "parem de enviar mensagem", "parem de enviar mensagens",
    "para de enviar mensagem", "para de enviar mensagens", "pare com isso", "parem com isso", "para com isso",
    "pare com essas mensagens", "parem com essas mensagens", "para com essas mensagens",
    "sair da lista", "quero sair da lista", "quero sair dessa lista", "quero me descadastrar", "me descadastra",
    "me exclua", "me exclui", "me exclua da lista", "me exclui da lista", "me excluam da lista", "excluir meu numero",
    "exclua meu numero", "exclui meu numero", "apague meu numero", "apaga meu numero", "tira meu numero da lista",
    "tire meu numero da lista", "responda sair", "responder sair", "resposta sair",
)  # fmt: skip
_WRONG: Final = (
    "numero errado", "telefone errado", "celular errado", "whatsapp errado", "contato errado", "pessoa errada",
    "nao e meu numero", "esse nao e meu numero", "este nao e meu numero", "nao e o meu numero", "nao e esse numero",
    "esse numero nao e dele", "esse numero nao e dela", "este numero nao e dele", "este numero nao e dela",
    "esse numero nao e mais dele", "esse numero nao e mais dela", "nao e mais o numero dele",
    "nao e mais o numero dela", "numero nao e dele", "numero nao e dela", "engano", "e engano", "foi engano",
    "por engano", "mensagem por engano", "nao sou essa pessoa", "nao sou esta pessoa",
    "nao conheco essa pessoa", "nao conheco esta pessoa", "voce errou o numero",
    "voces erraram o numero", "errou o numero", "erraram o numero",
)  # fmt: skip
_YES: Final = (
    "sim", "s", "sim aceito", "sim quero", "sim quero receber", "sim pode", "sim pode mandar", "sim pode enviar",
    "sim autorizo", "aceito", "aceito receber", "autorizo", "concordo", "sim concordo", "pode mandar", "pode enviar",
    "ok aceito",
)  # fmt: skip
_NO: Final = (
    "nao", "n", "nao aceito", "nao autorizo", "nao quero", "nao obrigado", "nao obrigada", "nao concordo", "nao pode",
)  # fmt: skip
_BACK: Final = ("voltar", "volta", "quero voltar", "voltar a receber", "quero voltar a receber", "reativar")
_WANTS: Final = (
    "quero receber meus boletos", "quero receber os meus boletos", "quero receber meu boleto", "quero receber",
    "quero receber os boletos", "quero receber boletos", "quero receber mensagens", "aceito receber meus boletos",
    "quero receber meus boletos pelo whatsapp", "quero receber meus boletos por whatsapp",
)  # fmt: skip

_SAID: Final = {
    said: word
    for word, phrases in (
        (Word.STOP, _STOP),
        (Word.WRONG_NUMBER, _WRONG),
        (Word.YES, _YES),
        (Word.NO, _NO),
        (Word.BACK, _BACK),
        (Word.WANTS, _WANTS),
    )
    for said in phrases
}
_COURTESIES: Final = (
    "por favor", "por gentileza", "favor", "pf", "pfv", "pfvr", "obrigado", "obrigada", "obg", "grato", "grata",
    "oi", "ola", "bom dia", "boa tarde", "boa noite", "desculpa", "desculpe", "tudo bem", "ok", "moco", "moca",
)  # fmt: skip
_LONGEST: Final = 120
_SENTENCE: Final = re.compile(r"[.,;:!?\n]+")
_REFUSALS: Final = frozenset({Word.STOP, Word.NO, Word.WRONG_NUMBER})
_FROM_ANYBODY: Final = frozenset({Word.STOP, Word.BACK, Word.WANTS})


def word_of(text: str) -> Word | None:
    """The word that ``text`` is, letters alone counting; None for anything longer or other."""
    if len(text) > _LONGEST:
        return None
    return _said(_letters(text)) or _together(text)


def _said(letters: str) -> Word | None:
    return _SAID.get(letters) or _SAID.get(_bare(letters))


def _together(text: str) -> Word | None:
    """What several sentences ask for, where each is a word: a no is told in more ways than one."""
    sentences = [letters for each in _SENTENCE.split(text) if (letters := _letters(each))]
    said = {_said(letters) for letters in sentences if letters not in _COURTESIES}
    if len(said) == 1:
        return said.pop()
    if not said or not said <= _REFUSALS:
        return None
    return Word.WRONG_NUMBER if Word.WRONG_NUMBER in said else Word.STOP


def from_anybody(text: str) -> bool:
    """Whether ``text`` is obeyed also from somebody to whom the shop never wrote; all else such people write is not
    even kept."""
    return word_of(text) in _FROM_ANYBODY


def _letters(text: str) -> str:
    """Lower case letters and single spaces. What stands between two letters without a blank parts words as well."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)).lower()
    return " ".join("".join(char if char.isalpha() and char.isascii() else _gap(char) for char in plain).split())


def _gap(char: str) -> str:
    """Digits and letters of other alphabets are kept: with them it is another message. Signs and emoji part words."""
    return char if char.isalnum() else " "


def _bare(letters: str) -> str:
    """Without courtesies at both ends."""
    while True:
        shorter = letters
        for each in _COURTESIES:
            shorter = shorter.removeprefix(f"{each} ").removesuffix(f" {each}")
        if shorter == letters:
            return letters
        letters = shorter
