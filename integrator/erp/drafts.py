"""A draft of the closing as the parameters of the contract's procedures.

What a column cannot hold is stored as far as it goes and named in a problem, with which the row is then held: neither
a long name nor an odd character may break a night's closing, and none may be sent cut off.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from integrator.closing.ports import Draft
from integrator.domain.message import Address, Attachment, Customer, LineItem, Title

Parameters = tuple[object, ...]

_KEY = 120
_KEY_KEPT = 100
_REASON = 500
_VALUE = 4000
#: More is refused when the row is loaded (``erp/rows.py``).
_TEMPLATE_BYTES = 20_000


@dataclass(frozen=True, slots=True)
class Packed:
    """The parameters of each procedure's call, without the row's id; ``problem`` holds the row.

    ``own_text`` is a template that only UTF-8 can hold, None for one that went with ``row``.
    """

    row: Parameters
    titles: tuple[Parameters, ...]
    attachments: tuple[Parameters, ...]
    variables: tuple[Parameters, ...]
    items: tuple[Parameters, ...]
    steps: tuple[Parameters, ...]
    own_text: str | None
    problem: str | None


def pack(draft: Draft, *, confirm: bool, station: str) -> Packed:
    """``confirm``: the row waits for ``WA_CONFIRMAR``. ``station``, the computer's name, is told in the history."""
    fit = _Fitting()
    own_text = None if _plain(draft.template) == draft.template else draft.template
    if len(draft.template.encode()) > _TEMPLATE_BYTES:
        fit.complain(f"O texto da mensagem passa de {_TEMPLATE_BYTES} bytes")
        own_text = None
    payers = {payer.ref: payer.customer for payer in draft.payers}
    row = (
        *_addressed(draft, fit),
        None if own_text else fit.text(draft.template, _TEMPLATE_BYTES, "O texto da mensagem"),
        *_when(draft),
        "S" if confirm else "N",
        _plain(station)[:60],
        fit.text(draft.step, 60, "O nome da etapa"),
    )
    titles = tuple(_title(title, payers.get(title.ref) or title.payer, fit) for title in draft.titles)
    attachments = tuple(_attachment(item, place, fit) for place, item in enumerate(draft.attachments, start=1))
    variables = tuple(
        (fit.text(name, 60, f"O nome da variável {name}"), fit.text(value, _VALUE, f"A variável {name}"))
        for name, value in draft.variables.items()
    )
    steps = tuple(
        (_plain(draft.company)[:20], _plain(step.ref)[:60], _plain(step.step)[:60], step.day) for step in draft.steps
    )
    items = tuple(_item(item, place, fit) for place, item in enumerate(draft.items, start=1))
    problem = _plain(draft.problem or fit.problem)[:_REASON]
    return Packed(row, titles, attachments, variables, items, steps, own_text, problem or None)


def stored_key(key: str) -> str:
    """``CHAVE`` as it is stored: a key that the column cannot hold keeps its beginning and a digest of the whole."""
    if _plain(key) == key and len(key) <= _KEY:
        return key
    return f"{_plain(key)[:_KEY_KEPT]}#{hashlib.sha256(key.encode()).hexdigest()[:16]}"


@dataclass(slots=True)
class _Fitting:
    """Makes texts fit their columns and remembers the first that did not."""

    problem: str = ""

    def text(self, value: str, limit: int, label: str) -> str | None:
        """``value`` for a WIN1252 column of ``limit`` characters; None for an empty one."""
        stored = _plain(value)
        if stored != value:
            self.complain(f"{label} tem caracteres que a fila não guarda (fora do Windows-1252)")
        if len(stored) > limit:
            self.complain(f"{label} tem {len(stored)} caracteres, e cabem {limit}")
        return stored[:limit] or None

    def complain(self, what: str) -> None:
        self.problem = self.problem or f"{what}. Corrija no ERP ou no perfil; o próximo fechamento refaz a mensagem."


def _plain(value: str) -> str:
    """What a WIN1252 column can hold of it; NUL would end the text in some ERPs' screens."""
    return value.replace("\x00", "").encode("cp1252", errors="replace").decode("cp1252")


def _addressed(draft: Draft, fit: _Fitting) -> Parameters:
    customer = draft.customer
    return (
        stored_key(draft.key),
        fit.text(draft.module, 40, "O módulo"),
        fit.text(draft.kind, 60, "O tipo"),
        fit.text(customer.code, 30, "O código do cliente"),
        fit.text(customer.name, 120, "O nome do cliente"),
        fit.text(draft.phones, 200, "O telefone"),
        "S" if draft.accepts else "N",
        draft.purpose.value,
        fit.text(draft.company, 20, "O código da empresa"),
        fit.text(customer.tax_id, 20, "O CPF ou CNPJ do cliente"),
        fit.text(customer.contact_name, 80, "O nome do contato"),
        *_address(customer.address, fit, "do cliente"),
    )


def _address(address: Address, fit: _Fitting, whose: str) -> Parameters:
    return (
        fit.text(address.street, 150, f"O endereço {whose}"),
        fit.text(address.district, 80, f"O bairro {whose}"),
        fit.text(address.city, 80, f"A cidade {whose}"),
        fit.text(address.state, 2, f"A UF {whose}"),
        fit.text(address.postal_code, 10, f"O CEP {whose}"),
    )


def _when(draft: Draft) -> Parameters:
    """Not before its send day, whenever the closing was run, and until when it makes sense."""
    day = max((step.day for step in draft.steps), default=draft.day)
    return (_midnight(day), draft.expires_at)


def _title(title: Title, payer: Customer | None, fit: _Fitting) -> Parameters:
    name = f"do título {title.document or title.ref}"
    return (
        fit.text(title.ref, 60, f"A referência {name}"),
        fit.text(title.document, 40, f"O documento {name}"),
        fit.text(title.instalment, 10, f"A parcela {name}"),
        _midnight(title.issued),
        _midnight(title.due),
        float(title.amount),
        float(title.open_amount),
        _number(title.updated_amount),
        fit.text(title.linha_digitavel, 80, f"A linha digitável {name}"),
        fit.text(title.barcode, 60, f"O código de barras {name}"),
        fit.text(title.pix, 1000, f"O PIX {name}"),
        "S" if title.registered else "N",
        _midnight(title.payable_until),
        fit.text(title.our_number, 30, f"O nosso número {name}"),
        fit.text(title.wallet, 20, f"A carteira {name}"),
        fit.text(title.agency_account, 40, f"A agência {name}"),
        fit.text(title.bank_name, 60, f"O nome do banco {name}"),
        fit.text(title.species, 10, f"A espécie {name}"),
        fit.text(title.accepted, 1, f"O aceite {name}"),
        fit.text(title.payment_place, 120, f"O local de pagamento {name}"),
        fit.text(title.instructions, 800, f"As instruções {name}"),
        fit.text(title.beneficiary_name, 120, f"O beneficiário {name}"),
        fit.text(title.beneficiary_tax_id, 20, f"O CNPJ do beneficiário {name}"),
        *_payer(payer, fit, name),
    )


def _payer(payer: Customer | None, fit: _Fitting, name: str) -> Parameters:
    if payer is None:
        return (None,) * 8
    return (
        fit.text(payer.code, 30, f"O código do pagador {name}"),
        fit.text(payer.name, 120, f"O nome do pagador {name}"),
        fit.text(payer.tax_id, 20, f"O CPF ou CNPJ do pagador {name}"),
        *_address(payer.address, fit, f"do pagador {name}"),
    )


def _attachment(item: Attachment, place: int, fit: _Fitting) -> Parameters:
    return (
        fit.text(item.file_name, 120, "O nome do anexo"),
        item.content,
        fit.text(str(item.path) if item.path else "", 500, "O caminho do anexo"),
        fit.text(item.kind, 20, "O tipo do anexo"),
        fit.text(item.mime, 80, "O MIME do anexo"),
        place,
        fit.text(item.title_ref, 60, "O título do anexo"),
    )


def _item(item: LineItem, place: int, fit: _Fitting) -> Parameters:
    return (
        fit.text(item.description, 200, f"A descrição do item {place}"),
        _number(item.quantity),
        fit.text(item.unit, 10, f"A unidade do item {place}"),
        _number(item.unit_price),
        _number(item.total),
        fit.text(item.code, 30, f"O código do item {place}"),
        _number(item.discount),
    )


def _midnight(day: date | None) -> datetime | None:
    """The procedures take timestamps, which mean the same in both dialects."""
    return datetime.combine(day, time()) if day else None


def _number(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)
