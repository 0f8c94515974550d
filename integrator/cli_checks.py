"""What ``integrator boleto check`` and ``integrator pix check`` answer: pure, the command line only prints it.

Wrong digits are an answer here, not an error: ``valid`` is False and ``reason`` says which field or DV is wrong.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from integrator.documents.arrecadacao import SEGMENTS, Arrecadacao
from integrator.documents.brcode import BrCode, BrCodeKind, parse_brcode
from integrator.documents.febraban import Cobranca, DueCandidates, decode_due, parse_digits
from integrator.documents.formats import brl, date_br
from integrator.domain.errors import DigitsError

_KIND_NAMES = {"cobranca": "Boleto de cobrança", "arrecadacao": "Conta de arrecadação", "pix": "PIX copia e cola"}
_PIX_NAMES = {
    BrCodeKind.STATIC: "estático (chave)",
    BrCodeKind.DYNAMIC: "dinâmico (cobrança do banco)",
    BrCodeKind.COMPOSITE: "composto (com recorrência, Pix Automático)",
}


@dataclass(frozen=True, slots=True)
class DigitsReport:
    """The answer: ``fields`` in the order of the JSON, ``facts`` as label and value for people."""

    fields: tuple[tuple[str, str | bool | None], ...]
    facts: tuple[tuple[str, str], ...]
    valid: bool
    reason: str | None

    def json(self) -> str:
        """One line of JSON with the documented keys; dates are ISO, amounts ``200.00``."""
        return json.dumps(dict(self.fields), ensure_ascii=False)

    def lines(self) -> tuple[str, ...]:
        """The same for people, in Portuguese."""
        width = max((len(label) for label, _ in self.facts), default=0) + 1
        shown = tuple(f"{label + ':':<{width}} {value}" for label, value in self.facts)
        return (*shown, "Dígitos conferem." if self.valid else f"Não confere: {self.reason}")


def boleto_check(digits: str, on: date) -> DigitsReport:
    """Check a barcode or linha digitável (44, 47 or 48 digits, any punctuation), reading the due date as on ``on``."""
    try:
        parsed = parse_digits(digits)
    except DigitsError as error:
        return _wrong_boleto(_likely_kind(digits), error.message)
    match parsed:
        case Cobranca():
            return _cobranca_report(parsed, decode_due(parsed.factor, on))
        case Arrecadacao():
            return _arrecadacao_report(parsed)


def pix_check(payload: str) -> DigitsReport:
    """Check a PIX "copia e cola" (BR Code)."""
    try:
        code = parse_brcode(payload)
    except DigitsError as error:
        keys = ("type", "name", "city", "amount", "key", "url", "txid")
        fields = (("kind", "pix"), *((key, None) for key in keys), ("valid", False), ("reason", error.message))
        return DigitsReport(fields, (("Tipo", _KIND_NAMES["pix"]),), False, error.message)
    return _pix_report(code)


def _likely_kind(digits: str) -> str:
    first = next((char for char in digits if char.isdigit()), "")
    return "arrecadacao" if first == "8" else "cobranca"


def _wrong_boleto(kind: str, reason: str) -> DigitsReport:
    keys = ("bank", "due", "amount", "barcode", "linha")
    fields = (("kind", kind), *((key, None) for key in keys), ("valid", False), ("reason", reason))
    return DigitsReport(fields, (("Tipo", _KIND_NAMES[kind]),), False, reason)


def _cobranca_report(boleto: Cobranca, due: DueCandidates) -> DigitsReport:
    fields = (
        ("kind", "cobranca"),
        ("bank", boleto.bank),
        ("due", due.nearest.isoformat() if due.nearest else None),
        ("amount", _plain(boleto.amount)),
        ("barcode", boleto.barcode),
        ("linha", boleto.linha),
        ("valid", True),
        ("reason", None),
    )
    facts = (
        ("Tipo", _KIND_NAMES["cobranca"]),
        ("Banco", boleto.bank),
        ("Vencimento", _due_text(due)),
        ("Valor", brl(boleto.amount) if boleto.amount else "em aberto (os dígitos não trazem valor)"),
        ("Código de barras", boleto.barcode),
        ("Linha digitável", boleto.linha),
    )
    return DigitsReport(fields, facts, True, None)


def _due_text(due: DueCandidates) -> str:
    if not due.dates:
        return "não informado (fator 0000)"
    dates = " ou ".join(date_br(day) for day in due.dates)
    if due.in_window:
        return dates
    return f"{dates} (o fator se repete a cada 9000 dias; nenhuma das datas está perto de {date_br(due.reference)})"


def _arrecadacao_report(bill: Arrecadacao) -> DigitsReport:
    fields = (
        ("kind", "arrecadacao"),
        ("bank", None),
        ("due", None),
        ("amount", _plain(bill.amount)),
        ("barcode", bill.barcode),
        ("linha", bill.linha),
        ("valid", True),
        ("reason", None),
    )
    facts = (
        ("Tipo", _KIND_NAMES["arrecadacao"]),
        ("Segmento", f"{bill.segment} ({SEGMENTS[bill.segment]})"),
        ("Valor", "não informado em reais" if bill.amount is None else brl(bill.amount)),
        ("Código de barras", bill.barcode),
        ("Linha digitável", bill.linha),
    )
    return DigitsReport(fields, facts, True, None)


def _pix_report(code: BrCode) -> DigitsReport:
    fields = (
        ("kind", "pix"),
        ("type", code.kind.value),
        ("name", code.name),
        ("city", code.city),
        ("amount", _plain(code.amount)),
        ("key", code.key or None),
        ("url", code.url or code.recurrence_url or None),
        ("txid", code.txid or None),
        ("valid", True),
        ("reason", None),
    )
    facts = (
        ("Tipo", f"{_KIND_NAMES['pix']}, {_PIX_NAMES[code.kind]}"),
        ("Recebedor", f"{code.name} ({code.city})"),
        ("Valor", "não informado no código" if code.amount is None else brl(code.amount)),
        ("Chave", code.key),
        ("Endereço", code.url),
        ("Recorrência", code.recurrence_url),
        ("Identificador", code.txid),
    )
    return DigitsReport(fields, tuple((label, value) for label, value in facts if value), True, None)


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"
