"""Brazilian formatting of what people read: money, dates, documents, phones, names and counts. Pure.

Blanks are plain spaces, also between ``R$`` and the amount: a no-break space spoils searching and copying on the phone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from integrator.domain.errors import PhoneError
from integrator.domain.money import to_money
from integrator.domain.phone import format_phone, parse_phones

HIDDEN = "•••"
_AMOUNT = re.compile(r"R\$\s*\d+(?:\.\d{3})*(?:,\d{1,2})?")
#: CPF, CNPJ, linha digitável: eleven digits or more, whatever stands between them.
_LONG_NUMBER = re.compile(r"\d(?:[ ./-]?\d){10,}")
_CPF, _CNPJ = 11, 14
_MORNING_ENDS, _AFTERNOON_ENDS = 12, 18
_HONORIFICS = frozenset({"sr", "sra", "srta", "dr", "dra", "dona", "seu"})
_LETTERS = re.compile(r"[^\W\d_]+")


def format_money(amount: Decimal | float | int) -> str:
    """``R$ 1.234,56``; a negative amount is ``-R$ 1,00``."""
    cents = to_money(amount)
    digits = f"{abs(cents):,.2f}".translate(str.maketrans(",.", ".,"))
    return f"{'-' if cents < 0 else ''}R$ {digits}"


def format_date(day: date) -> str:
    """``20/11/2026``."""
    return f"{day:%d/%m/%Y}"


def format_datetime(moment: datetime) -> str:
    """``20/11/2026 14:05``."""
    return f"{moment:%d/%m/%Y %H:%M}"


def format_list(words: Iterable[str]) -> str:
    """``a``, ``a e b``, ``a, b e c``."""
    *others, last = [*words] or [""]
    return " e ".join(filter(None, (", ".join(others), last)))


def document_name(document: str) -> str:
    """``CPF`` or ``CNPJ`` by the number of characters, or empty for what is neither."""
    return {_CPF: "CPF", _CNPJ: "CNPJ"}.get(len(_characters(document)), "")


def format_document(document: str) -> str:
    """CPF as ``123.456.789-09``, CNPJ as ``12.345.678/0001-95``; anything else as it came.

    Letters are kept: a CNPJ may have them since July 2026 (Instrução Normativa RFB 2.229/2024).
    """
    raw = _characters(document)
    if len(raw) == _CPF and raw.isdigit():
        return f"{raw[:3]}.{raw[3:6]}.{raw[6:9]}-{raw[9:]}"
    if len(raw) == _CNPJ:
        return f"{raw[:2]}.{raw[2:5]}.{raw[5:8]}/{raw[8:12]}-{raw[12:]}"
    return document


def format_contact(text: str) -> str:
    """The first phone of a contact field as ``(49) 98859-0187``; a field without a usable phone as it came."""
    try:
        return format_phone(parse_phones(text)[0].e164)
    except PhoneError:
        return text


def first_name(name: str) -> str:
    """``José`` of ``DR. JOSÉ DA SILVA``: titles are skipped, and what a register shouts is said softly."""
    words = [word for word in name.split() if _LETTERS.search(word)]
    named = [word for word in words if word.strip(".").lower() not in _HONORIFICS]
    first = (named or words or [""])[0].rstrip(",;")
    if first.isupper() or first.islower():
        return _LETTERS.sub(lambda letters: letters.group().capitalize(), first)
    return first


def format_count(number: int, one: str, many: str) -> str:
    """``1 mensagem``, ``42 mensagens``, ``1.200 mensagens``."""
    grouped = f"{number:,}".replace(",", ".")
    return f"{grouped} {one if number == 1 else many}"


def greeting(now: datetime) -> str:
    """``Bom dia``, ``Boa tarde`` or ``Boa noite``."""
    if now.hour < _MORNING_ENDS:
        return "Bom dia"
    return "Boa tarde" if now.hour < _AFTERNOON_ENDS else "Boa noite"


def _characters(document: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", document).upper()


def hide_amounts(text: str) -> str:
    """Amounts and long numbers that an ERP wrote straight into a text, hidden: what goes to a test number."""
    return _LONG_NUMBER.sub(HIDDEN, _AMOUNT.sub(f"R$ {HIDDEN}", text))
