"""Digits and BR Codes that the sample's banks "registered": right ones, and some wrong on purpose.

The digits are made with the same arithmetic that checks them (``documents``), which the vectors of real banks prove.
Nothing here can be paid: the campo livre is invented and PIX keys and addresses end in the reserved ``.example``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum, auto
from random import Random

from integrator.demo.sample_erp.model import Boleto
from integrator.documents.brcode import crc16
from integrator.documents.check_digits import mod10, mod11_cobranca
from integrator.documents.febraban import Cobranca, due_factor, parse_digits

PIX_NAME = "CASA PINHAO AZUL"
PIX_CITY = "CONCORDIA"
PIX_KEY = "pix@casapinhaoazul.example"
_DAYS_PAYABLE = 60


class Pix(Enum):
    """Which BR Code comes with a boleto."""

    NONE = auto()
    STATIC = auto()
    DYNAMIC = auto()


class Flaw(Enum):
    """What is wrong with a boleto's digits."""

    CHECK_DIGIT = auto()
    AMOUNT = auto()
    FACTOR = auto()


@dataclass(frozen=True, slots=True)
class _Bank:
    name: str
    wallet: str
    agency: str
    place: str


_SICREDI = _Bank("748-X SICREDI", "1", "0217.32.04518", "Pagável preferencialmente nas cooperativas Sicredi")
_BB = _Bank("001-9 BANCO DO BRASIL", "17/019", "0412-3/00028731-9", "Pagável em qualquer banco até o vencimento")
_BANKS = (_SICREDI, _SICREDI, _BB)
_INSTRUCTIONS = "Após o vencimento cobrar multa de 2% e juros de 1% ao mês.\r\nDúvidas: (49) 3442-0100."


class Boletos:
    """Issues boletos from the given chance."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._sequence = 20_000

    def issue(self, amount: Decimal, due: date, pix: Pix | None = None) -> Boleto:
        """A good, registered boleto. Without ``pix`` chance decides: half have a dynamic code, some a static one."""
        random = self._random
        bank = random.choice(_BANKS)
        chosen = pix or random.choice((Pix.DYNAMIC, Pix.DYNAMIC, Pix.STATIC, Pix.NONE))
        self._sequence += 1
        digits = _digits(bank.name[:3], amount, due, self._campo_livre())
        return Boleto(
            bank=bank.name,
            our_number=f"{due:%y}/2{self._sequence}-{mod10(str(self._sequence))}",
            wallet=bank.wallet,
            agency=bank.agency,
            linha=digits.linha,
            barcode=digits.barcode if random.random() < 1 / 2 else "",
            pix=self._brcode(chosen, amount),
            registered=True,
            payable_until=due + timedelta(days=_DAYS_PAYABLE),
            place=bank.place,
            instructions=_INSTRUCTIONS,
        )

    def spoil(self, good: Boleto, flaw: Flaw, amount: Decimal, due: date) -> Boleto:
        """``good`` with one thing wrong: a DV, or digits of another amount or of another due date."""
        match flaw:
            case Flaw.CHECK_DIGIT:
                wrong_dv = str((int(good.linha[10]) + 1) % 10)
                return replace(good, linha=good.linha[:10] + wrong_dv + good.linha[11:], barcode="")
            case Flaw.AMOUNT:
                return self._with_digits(good, amount + 10, due)
            case Flaw.FACTOR:
                return self._with_digits(good, amount, due + timedelta(days=30))

    def _with_digits(self, boleto: Boleto, amount: Decimal, due: date) -> Boleto:
        digits = _digits(boleto.bank[:3], amount, due, self._campo_livre())
        return replace(boleto, linha=digits.linha, barcode="")

    def _campo_livre(self) -> str:
        return f"{self._random.randrange(10**25):025d}"

    def _brcode(self, pix: Pix, amount: Decimal) -> str:
        match pix:
            case Pix.NONE:
                return ""
            case Pix.STATIC:
                return brcode(f"0014br.gov.bcb.pix{_field('01', PIX_KEY)}", amount, f"CPA{self._sequence}")
            case Pix.DYNAMIC:
                url = f"pix.bancoexemplo.example/qr/v2/cobv/{self._random.getrandbits(128):032x}"
                return brcode(f"0014br.gov.bcb.pix{_field('25', url)}", amount, "***", once=True)


def brcode(account: str, amount: Decimal, txid: str, *, once: bool = False) -> str:
    """A BR Code for ``account`` (the inside of field 26), its CRC at the end; ``once`` marks a code for one payment."""
    body = "".join(
        (
            _field("00", "01"),
            _field("01", "12") if once else "",
            _field("26", account),
            _field("52", "0000"),
            _field("53", "986"),
            _field("54", f"{amount:.2f}"),
            _field("58", "BR"),
            _field("59", PIX_NAME),
            _field("60", PIX_CITY),
            _field("62", _field("05", txid)),
            "6304",
        )
    )
    return body + crc16(body.encode("ascii"))


def _field(identifier: str, value: str) -> str:
    return f"{identifier}{len(value):02d}{value}"


def _digits(bank: str, amount: Decimal, due: date, campo_livre: str) -> Cobranca:
    rest = f"{due_factor(due):04d}{int(amount * 100):010d}{campo_livre}"
    parsed = parse_digits(f"{bank}9{mod11_cobranca(f'{bank}9{rest}')}{rest}")
    assert isinstance(parsed, Cobranca)
    return parsed
