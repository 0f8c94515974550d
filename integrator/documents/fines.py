"""The fine that a boleto's instructions announce: for a consumer at most 2 % of the bill (CDC art. 52, § 1º)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

FINE_LIMIT = Decimal("0.02")
"""Of the bill's amount (Código de Defesa do Consumidor, art. 52, § 1º)."""

_ROUNDED = Decimal("0.01")
_FINE = re.compile(r"\bmultas?\b(?:\s+(?:de\s+mora|morat[oó]rias?))?", re.IGNORECASE)
_CLAUSE_ENDS = re.compile(r"\.(?=\s)|;|\bjuros\b|\bmora\b|\bdescontos?\b|\babatimentos?\b|\bsobre\b", re.IGNORECASE)
_JOINED = re.compile(r"\W{0,9}(?:e|ou|mais)?\W{0,9}(?:juros|mora)(?:\s+de\s+mora)?\b", re.IGNORECASE)
_DATE = re.compile(r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b|\b\d{1,2}/\d{1,2}\b")
_RIGHT_AFTER = re.compile(r"\W{0,30}(?:de\s)?\W{0,30}", re.IGNORECASE)
_WORDS = {
    "tr[eê]s": 3, "quatro": 4, "cinco": 5, "seis": 6, "sete": 7, "oito": 8, "nove": 9, "dez": 10, "doze": 12,
    "quinze": 15, "vinte": 20, "trinta": 30, "cinquenta": 50,
}  # fmt: skip
_IN_WORDS = tuple(
    (re.compile(rf"\b{word}(?=\s+por\s*cento\b)", re.IGNORECASE), str(number)) for word, number in _WORDS.items()
)
_NEAR, _FAR, _FIGURE_LENGTH = 60, 160, 80
"""Characters before and after the word in which its figure is looked for: a long text costs no more than its length."""

_NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
_PERCENT_SIGN = r"(?:\s*\([^)]{0,40}\))?\s*(?:%|por\s*cento\b|porcento\b)"
_FIGURE = re.compile(
    rf"(?P<sign>R\$\s*)?(?P<number>{_NUMBER})(?P<percent>{_PERCENT_SIGN})?"
    r"(?P<other>\s*(?:d[eo]\s+)?(?:juros|desconto|abatimento|ao\s+(?:m[eê]s|dia)|por\s+(?:m[eê]s|dia)|a\.?\s?[md]\b))?"
    r"(?P<days>\s*(?:\([^)]{0,40}\)\s*)?(?:dias?|horas?|parcelas?|meses|º|ª))?",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?P<sign>R\$\s*)?(?P<number>{_NUMBER})(?P<percent>{_PERCENT_SIGN})?\s*(?:de|a\s+t[ií]tulo\s+de)\s*$",
    re.IGNORECASE,
)


def fine_above_limit(instructions: str, amount: Decimal) -> str:
    """The words of the instructions that announce more than 2 % of ``amount`` as a fine; empty when none does.

    A bare number (``MULTA DE 2,00``) may mean percent or reais: it counts where both readings are above the limit.
    """
    text = _DATE.sub(" ", " ".join(instructions.split()))
    for in_words, number in _IN_WORDS:
        text = in_words.sub(number, text)
    for words, figure in _fines(text):
        if _is_above(figure, amount):
            return " ".join(words.split())
    return ""


def _fines(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Each fine with its words: the figures after the word, up to what is no longer about it, or right before it."""
    for word in _FINE.finditer(text):
        near = text[max(word.start() - _NEAR, 0) : word.start()]
        before = _BEFORE.search(near)
        if before:
            yield before.group() + word.group(), before
        start = word.end()
        joined = _JOINED.match(text, start)
        start = joined.end() if joined else start
        found = (ending.search(text, start, start + _FAR) for ending in (_CLAUSE_ENDS, _FINE))
        stop = min((end.start() for end in found if end), default=start + _FAR)
        for figure in _FIGURE.finditer(text, start, stop + _FIGURE_LENGTH):
            if figure.start() >= stop:
                break
            if _counts(figure, text[start : figure.start()]):
                yield text[word.start() : figure.end()], figure


def _counts(figure: re.Match[str], between: str) -> bool:
    """Whether the figure is one of money: not days, not the interest's, no number of a law or contract."""
    if figure["other"] or figure["days"]:
        return False
    written = figure["sign"] or figure["percent"] or re.search(r"[.,]\d\d$", figure["number"])
    return bool(written) or _RIGHT_AFTER.fullmatch(between) is not None


def _is_above(figure: re.Match[str], amount: Decimal) -> bool:
    number = _decimal(figure["number"])
    above_percent = number > FINE_LIMIT * 100
    above_reais = number > amount * FINE_LIMIT + _ROUNDED
    if figure["percent"]:
        return above_percent
    if figure["sign"]:
        return above_reais
    return above_percent and above_reais


def _decimal(text: str) -> Decimal:
    """``1.234,56``, ``2,00``, ``2.00`` and ``1.000`` as people write them."""
    if "," in text or re.fullmatch(r"\d{1,3}(\.\d{3})+", text):
        text = text.replace(".", "").replace(",", ".")
    return Decimal(text)
