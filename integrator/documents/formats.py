"""How documents print amounts, dates, tax ids and phones (pt-BR), and how file names are made safe."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal

_RESERVED_STEMS = frozenset(
    {"CON", "PRN", "AUX", "NUL", *(f"COM{n}" for n in range(1, 10)), *(f"LPT{n}" for n in range(1, 10))}
)
_CPF_LENGTH = 11
_CNPJ_LENGTH = 14
_PHONE_LENGTHS = (10, 11)
_COUNTRY = "55"


def number_br(amount: Decimal) -> str:
    """``1.234,56``: two places, thousands separated; the amount is expected in whole centavos already."""
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


def brl(amount: Decimal) -> str:
    """``R$ 1.234,56``."""
    return f"R$ {number_br(amount)}"


def date_br(day: date | None) -> str:
    """``20/11/2026``, or empty for None."""
    return f"{day:%d/%m/%Y}" if day else ""


def instant_br(moment: datetime | None) -> str:
    """``20/11/2026 14:05``, or empty for None."""
    return f"{moment:%d/%m/%Y %H:%M}" if moment else ""


def tax_id_br(text: str) -> str:
    """``CNPJ 12.345.678/0001-95`` or ``CPF 123.456.789-09``; what is neither is shown as it came.

    Letters are kept: CNPJs are alphanumeric since July 2026 (Instrução Normativa RFB 2.229/2024).
    """
    raw = re.sub(r"[^0-9A-Za-z]", "", text).upper()
    if len(raw) == _CNPJ_LENGTH:
        return f"CNPJ {raw[:2]}.{raw[2:5]}.{raw[5:8]}/{raw[8:12]}-{raw[12:]}"
    if len(raw) == _CPF_LENGTH and raw.isdigit():
        return f"CPF {raw[:3]}.{raw[3:6]}.{raw[6:9]}-{raw[9:]}"
    return text.strip()


def is_company_id(text: str) -> bool:
    """Whether this is the length of a CNPJ, whatever its punctuation; else a person's, or nobody's."""
    return len(re.sub(r"[^0-9A-Za-z]", "", text)) == _CNPJ_LENGTH


def postal_code_br(text: str) -> str:
    """``89700-000``; what has not eight digits is shown as it came."""
    digits = re.sub(r"\D", "", text)
    return f"{digits[:5]}-{digits[5:]}" if len(digits) == len("89700000") else text.strip()


def phone_br(text: str) -> str:
    """``(49) 98859-0187`` from digits with or without country code; foreign or odd numbers are shown as they came."""
    digits = re.sub(r"\D", "", text)
    national = digits[2:] if digits.startswith(_COUNTRY) and len(digits) - 2 in _PHONE_LENGTHS else digits
    if len(national) not in _PHONE_LENGTHS:
        return text.strip()
    return f"({national[:2]}) {national[2:-4]}-{national[-4:]}"


def ascii_text(text: str) -> str:
    """The text without accents or anything outside printable ASCII: ``Gráfica São José`` -> ``Grafica Sao Jose``."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if " " <= char <= "~")


def slug(text: str) -> str:
    """Letters, digits, ``.``, ``_`` and single hyphens: safe inside a Windows file name."""
    return re.sub(r"[^0-9A-Za-z._]+", "-", ascii_text(text)).strip("-._")


def is_reserved_name(stem: str) -> bool:
    """Whether Windows keeps this name for a device (``CON``, ``LPT1``), with or without extension."""
    return stem.partition(".")[0].strip().upper() in _RESERVED_STEMS
