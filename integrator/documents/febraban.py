"""Digits of boletos: barcode, linha digitável and the due-date factor, and whether they are those of a title.

Pure arithmetic with no heavy import; ``check_digits`` holds the DVs, ``arrecadacao`` the other kind of bill.
Whatever is wrong raises ``DigitsError`` with a reason in Portuguese that names the field.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from integrator.documents.arrecadacao import Arrecadacao, arrecadacao_from_barcode, arrecadacao_from_linha
from integrator.documents.check_digits import bank_dv, clean_digits, expect_dv, mod10, mod11_cobranca
from integrator.documents.formats import brl, date_br
from integrator.domain.errors import DigitsError
from integrator.domain.message import Title

FACTOR_BASE = date(1997, 10, 7)
"""Day zero of the due-date factor (FEBRABAN)."""

FIRST_FACTOR = 1000
FACTOR_PERIOD = 9000
"""Factors run 1000..9999 and start again: 9999 is 2025-02-21, 1000 is 2025-02-22."""

FIRST_DUE, LAST_DUE = date(2000, 7, 3), date(2049, 10, 13)
"""The due dates that factors tell apart: of the first turn and of the second, which began on 2025-02-22."""

WINDOW_BEFORE = timedelta(days=3000)
WINDOW_AFTER = timedelta(days=5500)
"""A factor is read inside this window around the day of reading (FEBRABAN, Comunicado 082/2012)."""

_REAL = "9"
_ARRECADACAO = "8"
_GENERAL = "geral do boleto (campo 4 da linha digitável, posição 5 do código de barras)"
_FIELDS = (
    (0, 9, "no 1º campo da linha digitável"),
    (10, 20, "no 2º campo da linha digitável"),
    (21, 31, "no 3º campo da linha digitável"),
)
"""Where each field of the linha starts, where its own DV stands, and how it is called."""


@dataclass(frozen=True, slots=True)
class Cobranca:
    """The digits of a boleto de cobrança, verified. ``factor`` 0 means no due date, ``amount`` 0 an open amount."""

    barcode: str
    linha: str
    bank: str
    factor: int
    amount: Decimal
    campo_livre: str


@dataclass(frozen=True, slots=True)
class DueCandidates:
    """Due dates that a factor may mean, oldest first.

    One inside FEBRABAN's window; the neighbours on both sides where the window leaves a hole; none for factor 0.
    """

    dates: tuple[date, ...]
    in_window: bool
    reference: date

    @property
    def nearest(self) -> date | None:
        """The candidate nearest to the reference; the earlier one of two equally near."""
        return min(self.dates, key=lambda day: abs(day - self.reference), default=None)


@dataclass(frozen=True, slots=True)
class CheckedBoleto:
    """A title's digits after ``check_title``: safe to print. ``linha`` is formatted, ``bank_dv`` is the printed DV."""

    barcode: str
    linha: str
    bank: str
    bank_dv: str
    amount: Decimal
    due: date


def due_factor(due: date) -> int:
    """The factor that a bank registers for this due date (on or after 2000-07-03), before and after the rollover."""
    return ((due - FACTOR_BASE).days - FIRST_FACTOR) % FACTOR_PERIOD + FIRST_FACTOR


def decode_due(factor: int, reference: date) -> DueCandidates:
    """Due dates that ``factor`` may mean when read on ``reference``. Ambiguous by nature: compare where you can."""
    if not FIRST_FACTOR <= factor < FIRST_FACTOR + FACTOR_PERIOD:
        return DueCandidates((), False, reference)
    first = FACTOR_BASE + timedelta(days=factor)
    turns = max((reference - first).days // FACTOR_PERIOD, 0)
    around = tuple(first + timedelta(days=FACTOR_PERIOD * turn) for turn in (turns, turns + 1))
    inside = tuple(day for day in around if reference - WINDOW_BEFORE <= day <= reference + WINDOW_AFTER)
    return DueCandidates(inside or around, bool(inside), reference)


def parse_digits(text: str) -> Cobranca | Arrecadacao:
    """Read and verify a barcode (44 digits) or linha digitável (47 cobrança, 48 arrecadação), any punctuation.

    Raises ``DigitsError`` naming the field or DV that is wrong. The cobrança DV cannot see every change of one digit
    in factor and amount (0, 10 and 11 share the DV 1): compare those with the title through ``check_title``.
    """
    digits = clean_digits(text)
    is_arrecadacao = digits.startswith(_ARRECADACAO)
    match len(digits), is_arrecadacao:
        case 44, False:
            return _cobranca(digits)
        case 44, True:
            return arrecadacao_from_barcode(digits)
        case 47, False:
            _check_cobranca_fields(digits)
            return _cobranca(_linha_to_barcode(digits))
        case 48, True:
            return arrecadacao_from_linha(digits)
        case _:
            raise DigitsError(_length_reason(len(digits), is_arrecadacao))


def _length_reason(length: int, is_arrecadacao: bool) -> str:
    if length == 0:
        return "Não há dígitos para conferir."
    if is_arrecadacao:
        return f"Contas de arrecadação (começam com 8) têm 44 ou 48 dígitos; foram informados {length}."
    return f"Boletos têm 44 dígitos no código de barras ou 47 na linha digitável; foram informados {length}."


def _linha_to_barcode(linha: str) -> str:
    return linha[0:4] + linha[32:47] + linha[4:9] + linha[10:20] + linha[21:31]


def _check_cobranca_fields(linha: str) -> None:
    for start, end, where in _FIELDS:
        expect_dv(linha[end], mod10(linha[start:end]), where)


def _cobranca(barcode: str) -> Cobranca:
    expect_dv(barcode[4], mod11_cobranca(barcode[:4] + barcode[5:]), _GENERAL)
    if barcode[:3] == "000":
        raise DigitsError("O código do banco é 000, que não existe.")
    if barcode[3] != _REAL:
        raise DigitsError(f"O código da moeda (4º dígito) é {barcode[3]}; boletos em reais trazem 9.")
    factor = int(barcode[5:9])
    if 0 < factor < FIRST_FACTOR:
        raise DigitsError(f"O fator de vencimento {barcode[5:9]} não existe; ele vai de 1000 a 9999.")
    return Cobranca(
        barcode=barcode,
        linha=_barcode_to_linha(barcode),
        bank=barcode[:3],
        factor=factor,
        amount=Decimal(barcode[9:19]).scaleb(-2),
        campo_livre=barcode[19:],
    )


def _barcode_to_linha(barcode: str) -> str:
    """``AAABC.CCCCX DDDDD.DDDDDY EEEEE.EEEEEZ K UUUUVVVVVVVVVV``."""
    free = barcode[19:]
    fields = (barcode[:4] + free[:5], free[5:15], free[15:25])
    shown = (f"{field[:5]}.{field[5:]}{mod10(field)}" for field in fields)
    return f"{' '.join(shown)} {barcode[4]} {barcode[5:19]}"


def check_title(title: Title) -> CheckedBoleto:
    """Verify a title's digits against each other and against its amount, due date and bank.

    The amount in the digits is the registered face value, so a partly paid title is compared by ``title.amount``.
    The due date is compared by its factor, never decoded. Raises ``DigitsError``: nothing is ever corrected here.
    """
    given = [_title_digits(digits, where) for digits, where in _digits_of(title) if digits.strip()]
    if not given:
        raise DigitsError("O título não tem linha digitável nem código de barras do boleto.")
    boleto = given[0]
    if any(other.barcode != boleto.barcode for other in given):
        raise DigitsError("A linha digitável e o código de barras são de boletos diferentes. Gere o boleto de novo.")
    _check_amount(boleto, title)
    _check_factor(boleto, title)
    _check_bank(boleto, title)
    return CheckedBoleto(boleto.barcode, boleto.linha, boleto.bank, bank_dv(boleto.bank), boleto.amount, title.due)


def _digits_of(title: Title) -> tuple[tuple[str, str], ...]:
    return (title.linha_digitavel, "Linha digitável"), (title.barcode, "Código de barras")


def _title_digits(digits: str, where: str) -> Cobranca:
    try:
        parsed = parse_digits(digits)
    except DigitsError as error:
        raise DigitsError(f"{where}: {error.message}") from error
    if isinstance(parsed, Arrecadacao):
        raise DigitsError(f"{where}: os dígitos são de uma conta de arrecadação, não de um boleto de cobrança.")
    return parsed


def _check_amount(boleto: Cobranca, title: Title) -> None:
    if boleto.amount == 0:
        raise DigitsError(
            "O código de barras não traz o valor (boleto de valor em aberto), por isso não dá para conferir com o "
            f"valor do título ({brl(title.amount)}). Gere o boleto com valor."
        )
    if boleto.amount != title.amount:
        raise DigitsError(
            f"O valor do código de barras ({brl(boleto.amount)}) é diferente do valor do título "
            f"({brl(title.amount)}). Gere o boleto de novo ou corrija o título."
        )


def _check_factor(boleto: Cobranca, title: Title) -> None:
    if boleto.factor == 0:
        raise DigitsError(
            f"O código de barras não traz o vencimento (fator 0000); o título vence em {date_br(title.due)}. "
            "Gere o boleto com vencimento."
        )
    if not FIRST_DUE <= title.due <= LAST_DUE:
        raise DigitsError(
            f"O título vence em {date_br(title.due)}, e boletos só vencem de {date_br(FIRST_DUE)} a "
            f"{date_br(LAST_DUE)}. Corrija a data no ERP."
        )
    expected = due_factor(title.due)
    if boleto.factor != expected:
        likely = decode_due(boleto.factor, title.due).nearest
        raise DigitsError(
            f"O vencimento do código de barras ({date_br(likely)}, fator {boleto.factor}) é diferente do vencimento "
            f"do título ({date_br(title.due)}, fator {expected}). Gere o boleto de novo ou corrija o título."
        )


def _check_bank(boleto: Cobranca, title: Title) -> None:
    """Only where the ERP writes the code before the bank's name (``748-X Sicredi``); names alone prove nothing."""
    named = re.match(r"\s*(\d{3})(?!\d)", title.bank_name)
    if named and named[1] != boleto.bank:
        raise DigitsError(
            f"O banco do código de barras ({boleto.bank}) é diferente do banco do título ({title.bank_name.strip()})."
        )
