"""Brazilian formatting of what people read: money, dates, documents, names and counts. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from integrator.domain.money import to_money

#: Between "R$" and the amount: a telephone must not break the line there.
_NBSP = "\u00a0"
_CPF, _CNPJ = 11, 14
_MORNING_ENDS, _AFTERNOON_ENDS = 12, 18


def format_money(amount: Decimal | float | int) -> str:
    """``R$ 1.234,56`` with a no-break space; a debt of another sign is ``-R$ 1,00``."""
    cents = to_money(amount)
    digits = f"{abs(cents):,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return f"{'-' if cents < 0 else ''}R${_NBSP}{digits}"


def format_date(day: date) -> str:
    """``20/11/2026``."""
    return f"{day:%d/%m/%Y}"


def format_datetime(moment: datetime) -> str:
    """``20/11/2026 14:05``."""
    return f"{moment:%d/%m/%Y %H:%M}"


def format_document(document: str) -> str:
    """CPF as ``123.456.789-09``, CNPJ (also alphanumeric) as ``12.345.678/0001-95``; anything else as it came."""
    plain = re.sub(r"[^0-9A-Za-z]", "", document).upper()
    if len(plain) == _CPF and plain.isdigit():
        return f"{plain[:3]}.{plain[3:6]}.{plain[6:9]}-{plain[9:]}"
    if len(plain) == _CNPJ:
        return f"{plain[:2]}.{plain[2:5]}.{plain[5:8]}/{plain[8:12]}-{plain[12:]}"
    return document


def first_name(name: str) -> str:
    """``José`` of ``JOSÉ DA SILVA``: shouting in the ERP's register is not repeated to the customer."""
    first = name.split(maxsplit=1)[0] if name.split() else ""
    return first.capitalize() if first.isupper() or first.islower() else first


def format_count(number: int, one: str, many: str) -> str:
    """``1 mensagem``, ``42 mensagens``."""
    return f"{number} {one if number == 1 else many}"


def greeting(now: datetime) -> str:
    """``Bom dia``, ``Boa tarde`` or ``Boa noite``."""
    if now.hour < _MORNING_ENDS:
        return "Bom dia"
    return "Boa tarde" if now.hour < _AFTERNOON_ENDS else "Boa noite"
