"""The tone of a text: words that turn a reminder into a threat or expose who owes, and fines above the law's limit.

CDC art. 42 forbids threat, constraint and ridicule in a collection, art. 71 makes them a crime; a register of debtors
asks for a written notice of its own (CDC art. 43, § 2º; Súmula 359 of the STJ). These are warnings: whoever writes the
text decides. Only words of the text itself are seen, also those in ``|padrão:…``, never a variable's value.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from integrator.documents.fines import fine_above_limit
from integrator.messages.language import MAX_SOURCE

_OFFER: Final = "Em vez disso, ofereça ajuda: “Se precisar de outra forma de pagamento, fale conosco”."
_REMIND: Final = "Em vez disso, só lembre: “Passamos para lembrar do vencimento”."
_STATE: Final = "Em vez disso, diga o fato: “constam parcelas em aberto em nome de {cliente}”."
_INVISIBLE: Final = re.compile(r"[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
#: The name in ``{nome|padrão:texto}`` and the marks of blocks; what stands behind the bar is text that may be printed.
_TAG: Final = re.compile(r"\{[#?/:]?[^{}|\n]*|\}")
_SHOUTED: Final = re.compile(r"\b(?:URGENT\w+|URGÊNCIA|IMEDIAT\w+|PAGUE|REGULARIZE|QUITE)\b|!{2,}")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_FEWEST_CAPITALS: Final = 4
_MOSTLY: Final = 0.7
_ABBREVIATION: Final = 4
_NUMBERS: Final = {
    "tres": 3,
    "quatro": 4,
    "cinco": 5,
    "seis": 6,
    "sete": 7,
    "oito": 8,
    "nove": 9,
    "dez": 10,
    "doze": 12,
    "quinze": 15,
    "vinte": 20,
    "trinta": 30,
    "quarenta": 40,
    "cinquenta": 50,
    "cem": 100,
}
_IN_WORDS: Final = re.compile(rf"\b(?:{'|'.join(_NUMBERS)})(?=\s+por\s+cento\b)")

#: A long text is read in stretches around the word, so that the time stays in proportion.
_FINE_WORD: Final = re.compile(r"\bmultas?\b")
_STRETCH, _AROUND, _LONGEST_WORD = 100, 160, 40
#: What a fine in reais is a part of is not known: none is above the limit.
_ANY_AMOUNT: Final = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class _Rule:
    """Words as they are folded (lower case, no accents), what is wrong with them, and what to write instead."""

    words: re.Pattern[str]
    why: str
    instead: str


def _rule(why: str, instead: str, *words: str) -> _Rule:
    either = "|".join(words).replace(" ", r"\s+")
    return _Rule(re.compile(rf"(?<![a-z0-9])(?:{either})(?![a-z0-9])"), why, instead)


_RULES: Final = (
    _rule(
        "lembra o cadastro de devedores e soa como ameaça (CDC, art. 42); a negativação exige aviso próprio, por "
        "escrito (CDC, art. 43, § 2º, e Súmula 359 do STJ)",
        _OFFER,
        r"s[\s.-]?c?[\s.-]?p[\s.-]?c",
        r"serasa",
        r"negativ(?:ar\w*|ad[oa]s?|aca?o|acoes|ando|amos|am|ou|emos|em)",
        r"negativa (?:o )?(?:seu )?nome",
        r"(?:suj|limp)\w* (?:[oa]s? )?(?:seu |teu )?nome|nome (?:sujo|restrito|limpo)",
        r"(?:orgaos?|servicos?) de protecao ao credito|cadastros? de (?:inadimplentes|devedores)",
        r"restric(?:ao|oes) (?:(?:de|ao|no) )?(?:seu )?(?:credito|nome|cpf|cnpj)",
    ),
    _rule(
        "soa como ameaça (CDC, art. 42)",
        f"Isso cabe numa notificação própria, com orientação jurídica. {_OFFER}",
        r"protest(?!ant)\w*",
        r"cartori\w+",
        r"(?:medid|providenci)as? (?:(?:mais )?(?:cabive|lega|judicia|drastica|necessaria|juridica|extrajudicia)\w+)",
        r"(?:extra)?judicia\w+|ajuiz\w+|justica",
        r"(?<!pessoa\s)(?<!pessoas\s)juridic[oa]s?(?:mente)?",
        r"advogad[oa]s?|advocacia",
        r"(?<!em\s)(?<!no\s)(?<!nosso\s)(?<!do\s)processos?"
        r"(?! (?:d[aeo]s? (?!cobranca|execucao|penhora|negativacao)|seletivo|intern|produtiv))",
        r"acao de (?:cobranca|execucao)",
        r"execu\w+ (?:fiscal|da divida|do debito|do titulo|do contrato|a divida|o debito)",
        r"penhora\w*|busca e apreensao|oficia(?:l|is) de justica|intima(?:cao|coes|r|d[oa]|remos)",
        r"policia\w*|delegacia|estelionato|criminos[oa]s?",
        r"sob pena",
    ),
    _rule(
        "pressiona quem lê (CDC, art. 42)",
        _REMIND,
        r"ultim[oa]s? (?:chance|aviso|oportunidade|prazo|alerta|cobranca|tentativa|advertencia|lembrete)s?",
        r"ultim(?:a notificacao|as notificacoes)",
        r"(?:aviso|alerta|notificacao) final|ultimato|prazo (?:fatal|improrrogavel)",
        r"(?:pag|quit|regulariz)\w+ imediat\w+|imediat\w+ (?:pagamento|quitacao|regularizacao)",
        r"exig(?:imos|iremos|o)",
    ),
    _rule(
        "ameaça tirar algo do cliente (CDC, art. 42)",
        _OFFER,
        r"bloque[ai](?!dor)\w*",
        r"(?:suspen\w+|cort\w+|cancelar\w*|cancelamento) (?:d?o )?(?:seu )?(?:crediario|credito|cartao|limite)",
    ),
    _rule(
        "expõe ou rebaixa quem deve (CDC, arts. 42 e 71)",
        _STATE,
        r"(?:des|en)?a?vergonh\w+|constrang\w+|humilh\w+|vexam\w+",
        r"calote(?:s|ir[oa]s?)?|velhac[oa]s?|trambiqueir[oa]s?|golpistas?|ladr(?:ao|oes|a)|desonest\w+|irresponsave(?:l|is)",
        r"ma[us]*[\s-](?:pagador(?:a|es|as)?|fe)",
        r"inadimplen\w+|(?<!saldo\s)devedor(?:a|es|as)?|lista negra",
        r"(?:avis|inform|comunic|procur)\w* (?:\w+ ){0,3}"
        r"(?:vizinh\w+|patrao|chefe|empregador\w*|parentes?|familiares|colegas)",
    ),
)


def tone_warnings(source: str) -> list[str]:
    """What to think over before a text is sent, one Portuguese sentence for each word, in the order of the text."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", source[:MAX_SOURCE]))
    text = _TAG.sub(lambda tag: " " * len(tag.group()), text)
    found = dict.fromkeys(sorted([*_threats(text), *_shouts(text)]))
    seen: set[str] = set()
    warnings = []
    for place, words, told in found:
        if _fold(words) not in seen:
            seen.add(_fold(words))
            line = text.count("\n", 0, place) + 1
            warnings.append(f"Linha {line}: “{' '.join(words.split())}” {told}")
    return warnings + [
        f"“{fine}”: a multa por atraso não pode passar de 2% (CDC, art. 52, § 1º). Escreva no máximo “multa de 2%”."
        for fine in fines_above_limit(text)
    ]


def fines_above_limit(text: str) -> list[str]:
    """The words of a text that announce a fine of more than 2 % (CDC art. 52, § 1º), in lower case without accents.

    Fines in reais are not judged here: what they are a part of is not known.
    """
    digits = _IN_WORDS.sub(lambda number: str(_NUMBERS[number.group()]), _fold(text))
    found = [fine for stretch in _stretches(" ".join(digits.split())) for fine in _fines(stretch)]
    return list(dict.fromkeys(found))


def _stretches(text: str) -> Iterator[str]:
    """Pieces of a text in which every fine stands whole at least once, cut between words."""
    end = 0
    for word in _FINE_WORD.finditer(text):
        if word.start() < end:
            continue
        end = word.start() + _STRETCH
        begin, finish = max(word.start() - _AROUND, 0), end + _AROUND
        begin = max(text.rfind(" ", 0, begin) + 1, begin - _LONGEST_WORD)
        blank = text.find(" ", finish, finish + _LONGEST_WORD)
        yield text[begin : blank if blank >= 0 else finish]


def _fines(text: str) -> Iterator[str]:
    while fine := fine_above_limit(text, _ANY_AMOUNT):
        yield fine
        if fine not in text:
            return
        text = text.replace(fine, " ", 1)


def _threats(text: str) -> Iterator[tuple[int, str, str]]:
    """Place, words and complaint of each match."""
    folded = _fold(text)
    for rule in _RULES:
        for match in rule.words.finditer(folded):
            yield match.start(), text[match.start() : match.end()], f"{rule.why}. {rule.instead}"


def _shouts(text: str) -> Iterator[tuple[int, str, str]]:
    told = "parece um grito. Escreva em letras normais, sem insistir."
    for match in _SHOUTED.finditer(text):
        yield match.start(), match.group(), told
    at = 0
    for line in text.splitlines(keepends=True):
        words = _WORD.findall(line)
        capitals = [word for word in words if word.isupper()]
        long = [word for word in capitals if len(word) > _ABBREVIATION]
        if len(long) > 1 and len(capitals) >= max(_FEWEST_CAPITALS, _MOSTLY * len(words)):
            yield at, line.strip(" \n*_~"), told
        at += len(line)


def _fold(text: str) -> str:
    """Lower case without accents, letter for letter, so that places stay what they are."""
    return "".join(unicodedata.normalize("NFD", char)[0].lower()[:1] for char in text)
