"""BR Code, the text behind a PIX QR: its fields, its CRC and whether it may be charged for a title.

Pure. Layout: EMV QRCPS merchant-presented as profiled by the BCB ("Manual de padrões para iniciação do Pix"):
two digits of id, two of length in characters, the value; CRC-16/CCITT-FALSE in field 63, always the last.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from integrator.documents.formats import brl
from integrator.domain.errors import DigitsError

MAX_LENGTH = 512
_PIX_DOMAIN = "br.gov.bcb.pix"
_ACCOUNT_IDS = tuple(f"{number:02d}" for number in range(26, 52))
_CRC_HEADER = "6304"
_CRC_LENGTH = 4
_HEADER = 4
_MAX_NAME = 25
_MAX_CITY = 15
_MAX_AMOUNT = 13
_NO_TXID = "***"
_LABELS = {
    "00": "versão (00)",
    "52": "categoria (52)",
    "53": "moeda (53)",
    "58": "país (58)",
    "59": "nome do recebedor (59)",
    "60": "cidade (60)",
    "62": "identificador (62)",
}


class BrCodeKind(StrEnum):
    """Static: a key and nothing at the bank behind it. Dynamic: a URL of one charge. Composite: also a recurrence."""

    STATIC = "static"
    DYNAMIC = "dynamic"
    COMPOSITE = "composite"


@dataclass(frozen=True, slots=True)
class BrCode:
    """A BR Code read and verified.

    ``amount`` is None where the code holds none (or zero, by which the payer's bank asks the URL); ``txid`` is empty
    for ``***``; ``recurrence_url`` is that of field 80 (Pix Automático).
    """

    payload: str
    kind: BrCodeKind
    name: str
    city: str
    amount: Decimal | None
    key: str
    url: str
    recurrence_url: str
    txid: str


def crc16(data: bytes) -> str:
    """CRC-16/CCITT-FALSE as four upper-case hexadecimal digits (``123456789`` gives ``29B1``)."""
    return f"{binascii.crc_hqx(data, 0xFFFF):04X}"


def parse_brcode(payload: str) -> BrCode:
    """Read and verify a PIX "copia e cola". Blanks around it are ignored; ``DigitsError`` says what is wrong."""
    code = payload.strip()
    _check_frame(code)
    fields = _fields(code, "código PIX")
    _check_fixed(fields)
    account = _pix_account(fields)
    extra = dict(_fields(fields["62"], "campo 62"))
    recurrence = _recurrence_url(fields)
    key, url = account.get("01", "").strip(), account.get("25", "").strip()
    _check_destination(key, url, recurrence)
    txid = extra.get("05", "").strip()
    return BrCode(
        payload=code,
        kind=_kind(url, recurrence),
        name=_text(fields, "59", _MAX_NAME),
        city=_text(fields, "60", _MAX_CITY),
        amount=_amount(fields.get("54")),
        key=key,
        url=url,
        recurrence_url=recurrence,
        txid="" if txid == _NO_TXID else txid,
    )


def check_pix(payload: str, amount: Decimal | None) -> BrCode:
    """``parse_brcode``, and the amount compared with ``amount`` where both are known. Raises ``DigitsError``."""
    code = parse_brcode(payload)
    if amount is not None and code.amount is not None and code.amount != amount:
        raise DigitsError(
            f"O valor do código PIX ({brl(code.amount)}) é diferente do valor do título ({brl(amount)}). "
            "Gere o PIX de novo ou corrija o título."
        )
    return code


def _check_frame(code: str) -> None:
    if not code:
        raise DigitsError("O código PIX está vazio.")
    if len(code.encode("utf-8", "replace")) > MAX_LENGTH:
        raise DigitsError(f"O código PIX passa de {MAX_LENGTH} caracteres.")
    if not code.isprintable():
        raise DigitsError("O código PIX traz quebra de linha ou caractere invisível. Copie-o de novo, inteiro.")
    if not code.startswith("000201"):
        raise DigitsError("O texto não é um código PIX: deveria começar com 000201.")
    body, crc = code[:-_CRC_LENGTH], code[-_CRC_LENGTH:]
    if not body.endswith(_CRC_HEADER):
        raise DigitsError("O código PIX está cortado: falta o campo 63 (CRC) no fim.")
    computed = crc16(body.encode("utf-8"))
    if crc.upper() != computed:
        raise DigitsError(
            f"O código PIX está corrompido: o CRC (campo 63) é {crc} e deveria ser {computed}. "
            "Copie-o de novo, inteiro."
        )


def _tlv(text: str, where: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(text):
        header = text[position : position + _HEADER]
        if not re.fullmatch(r"[0-9]{4}", header):
            raise DigitsError(f"O {where} não tem um campo válido na posição {position + 1}.")
        start, length = position + _HEADER, int(header[2:])
        value = text[start : start + length]
        if length == 0 or len(value) < length:
            raise DigitsError(f"O {where} tem um tamanho errado no campo {header[:2]}.")
        yield header[:2], value
        position = start + length


def _fields(text: str, where: str) -> Mapping[str, str]:
    fields: dict[str, str] = {}
    for identifier, value in _tlv(text, where):
        if identifier in fields:
            raise DigitsError(f"O {where} repete o campo {identifier}.")
        fields[identifier] = value
    return fields


def _check_fixed(fields: Mapping[str, str]) -> None:
    for identifier, label in _LABELS.items():
        if identifier not in fields:
            raise DigitsError(f"O código PIX não tem o campo obrigatório {label}.")
    if fields["53"] != "986":
        raise DigitsError("A moeda do código PIX (campo 53) não é o real (986).")
    if fields["58"].upper() != "BR":
        raise DigitsError("O país do código PIX (campo 58) não é BR.")
    if fields.get("01") not in (None, "11", "12"):
        raise DigitsError(f"O modo de uso do código PIX (campo 01) é {fields['01']}; os que existem são 11 e 12.")


def _is_pix(template: Mapping[str, str]) -> bool:
    return template.get("00", "").lower() == _PIX_DOMAIN


def _pix_account(fields: Mapping[str, str]) -> Mapping[str, str]:
    """The account template whose domain is PIX: field 26 by the BCB, any of 26..51 by EMV."""
    for identifier in _ACCOUNT_IDS:
        if identifier in fields:
            template = _fields(fields[identifier], f"campo {identifier}")
            if _is_pix(template):
                return template
    raise DigitsError("O código não é de PIX: falta a conta br.gov.bcb.pix (campo 26).")


def _recurrence_url(fields: Mapping[str, str]) -> str:
    template = _fields(fields.get("80", ""), "campo 80")
    return template.get("25", "").strip() if _is_pix(template) else ""


def _check_destination(key: str, url: str, recurrence: str) -> None:
    if key and url:
        raise DigitsError("O código PIX traz chave e endereço de cobrança ao mesmo tempo (campo 26).")
    if not (key or url or recurrence):
        raise DigitsError("O código PIX não traz chave nem endereço de cobrança (campo 26).")
    for address in filter(None, (url, recurrence)):
        if not re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]+)?/[!-~]+", address):
            raise DigitsError(f"O endereço de cobrança do código PIX não é válido: {address}")


def _kind(url: str, recurrence: str) -> BrCodeKind:
    if recurrence:
        return BrCodeKind.COMPOSITE
    return BrCodeKind.DYNAMIC if url else BrCodeKind.STATIC


def _text(fields: Mapping[str, str], identifier: str, limit: int) -> str:
    value = fields[identifier].strip()
    if not value:
        raise DigitsError(f"O campo {_LABELS[identifier]} do código PIX está em branco.")
    if len(value) > limit:
        raise DigitsError(f"O campo {_LABELS[identifier]} do código PIX passa de {limit} caracteres.")
    return value


def _amount(text: str | None) -> Decimal | None:
    if text is None:
        return None
    if len(text) > _MAX_AMOUNT or not re.fullmatch(r"[0-9]+(\.[0-9]{1,2})?", text):
        raise DigitsError(f"O valor do código PIX (campo 54) não é válido: {text}")
    return Decimal(text) or None
