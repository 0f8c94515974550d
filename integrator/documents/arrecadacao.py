"""Digits of arrecadação (water, power, telephone, taxes): barcode of 44, linha of 4 blocks of 11 plus a DV each.

Pure. Source: FEBRABAN, "Layout padrão de arrecadação/recebimento com utilização do código de barras", v4.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from integrator.documents.check_digits import expect_dv, mod10, mod11_arrecadacao
from integrator.domain.errors import DigitsError

_BLOCK = 11
_LINHA_BLOCK = _BLOCK + 1
_BARCODE_LENGTH = 44
_LINHA_LENGTH = 48
_IN_REAIS = ("6", "8")

SEGMENTS = {
    "1": "prefeitura",
    "2": "saneamento",
    "3": "energia elétrica ou gás",
    "4": "telecomunicações",
    "5": "órgão do governo",
    "6": "carnê ou empresa identificada por CNPJ",
    "7": "multa de trânsito",
    "9": "uso exclusivo do banco",
}


@dataclass(frozen=True, slots=True)
class Arrecadacao:
    """The digits of a guia (water, power, taxes), verified. ``amount`` is None where they carry no reais."""

    barcode: str
    linha: str
    segment: str
    amount: Decimal | None


def _dv(digits: str, value_id: str) -> int:
    match value_id:
        case "6" | "7":
            return mod10(digits)
        case "8" | "9":
            return mod11_arrecadacao(digits)
        case _:
            raise DigitsError(f"O identificador de valor (3º dígito) é {value_id}; os que existem são 6, 7, 8 e 9.")


def arrecadacao_from_linha(linha: str) -> Arrecadacao:
    """Verify the 48 digits of a linha; raises ``DigitsError`` naming the wrong block."""
    starts = range(0, _LINHA_LENGTH, _LINHA_BLOCK)
    barcode = "".join(linha[start : start + _BLOCK] for start in starts)
    for number, start in enumerate(starts, start=1):
        block, dv = linha[start : start + _BLOCK], linha[start + _BLOCK]
        expect_dv(dv, _dv(block, barcode[2]), f"no {number}º bloco da linha digitável")
    return arrecadacao_from_barcode(barcode)


def arrecadacao_from_barcode(barcode: str) -> Arrecadacao:
    """Verify the 44 digits of a barcode that starts with 8; raises ``DigitsError``."""
    value_id = barcode[2]
    expect_dv(barcode[3], _dv(barcode[:3] + barcode[4:], value_id), "geral da conta (4º dígito)")
    if barcode[1] not in SEGMENTS:
        raise DigitsError(f"O segmento (2º dígito) é {barcode[1]}, que não existe em contas de arrecadação.")
    blocks = (barcode[start : start + _BLOCK] for start in range(0, _BARCODE_LENGTH, _BLOCK))
    return Arrecadacao(
        barcode=barcode,
        linha=" ".join(f"{block}-{_dv(block, value_id)}" for block in blocks),
        segment=barcode[1],
        amount=Decimal(barcode[4:15]).scaleb(-2) if value_id in _IN_REAIS else None,
    )
