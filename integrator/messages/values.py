"""The variables of a message and their values: what :mod:`.language` prints for one row of the queue."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from integrator.domain.message import Customer, Message, Title
from integrator.messages.formatting import document_name, first_name, format_document, greeting
from integrator.messages.render import holds
from integrator.messages.schema import Hidden, Item, Kind, Scalar, Schema, Value, Values, plain

_HIDDEN = Hidden("•••")
_HIDDEN_MONEY = Hidden("R$ •••")

_SOLE_TRADER = re.compile(r"^\s*\d{2}\.\d{3}\.\d{3}\s|\s\d{11}\s*$")
_FIRM = re.compile(r"\b(ltda|eireli|epp|me|s/a|s\.\s?a)\W*$", re.IGNORECASE)

_TITLE = Schema(
    {
        "documento": Kind.TEXT,
        "parcela": Kind.TEXT,
        "emissao": Kind.DATE,
        "vencimento": Kind.DATE,
        "valor": Kind.MONEY,
        "valor_aberto": Kind.MONEY,
        "valor_atualizado": Kind.MONEY,
        "dias_atraso": Kind.NUMBER,
        "vencido": Kind.FLAG,
        "linha_digitavel": Kind.TEXT,
        "pix": Kind.TEXT,
        "tem_boleto": Kind.FLAG,
        "tem_pix": Kind.FLAG,
    }
)
_BASE = Schema(
    {
        "cliente": Kind.TEXT,
        "primeiro_nome": Kind.TEXT,
        "contato": Kind.TEXT,
        "codigo": Kind.TEXT,
        "documento": Kind.DOCUMENT,
        "empresa": Kind.TEXT,
        "empresa_razao": Kind.TEXT,
        "empresa_cnpj": Kind.DOCUMENT,
        "empresa_documento": Kind.TEXT,
        "empresa_endereco": Kind.TEXT,
        "empresa_telefone": Kind.PHONE,
        "empresa_email": Kind.TEXT,
        "saudacao": Kind.TEXT,
        "hoje": Kind.DATE,
        "qtd": Kind.NUMBER,
        "qtd_vencidos": Kind.NUMBER,
        "qtd_a_vencer": Kind.NUMBER,
        "total": Kind.MONEY,
        "total_vencido": Kind.MONEY,
        "total_a_vencer": Kind.MONEY,
        "total_atualizado": Kind.MONEY,
        "vencimento": Kind.DATE,
        "dias_atraso": Kind.NUMBER,
        "qtd_boletos": Kind.NUMBER,
        "tem_boleto": Kind.FLAG,
        "tem_pix": Kind.FLAG,
        "tem_demonstrativo": Kind.FLAG,
        "mais": Kind.NUMBER,
    },
    {"titulos": _TITLE, "vencidos": _TITLE, "a_vencer": _TITLE},
)


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What really goes with the text: a text must not announce a boleto that is not there."""

    boletos: int = 0
    statement: bool = False
    pix: bool = False


def message_schema(message: Message) -> Schema:
    """What a text of this message may name: the built-in variables and those the ERP's row brought."""
    return _schema(frozenset(message.variables))


def debt_schema() -> Schema:
    """What a text of the shop's configuration may name: the built-in variables."""
    return _BASE


@lru_cache(maxsize=64)
def _schema(names: frozenset[str]) -> Schema:
    return _BASE.with_text(names)


def message_values(message: Message, now: datetime, enclosed: Enclosed, *, masked: bool = False) -> Values:
    """The values for :meth:`Template.render`. Only open titles count, the oldest first.

    A variable of the ERP never replaces a built-in one of the same name; a message without open titles has no debts
    to speak of, so that there the ERP's own ``TOTAL`` or ``VENCIMENTO`` is what is printed. ``masked`` is for a test
    number: amounts print as ``R$ •••``, documents, payment codes and the ERP's variables as ``•••``.
    """
    titles = sorted((title for title in message.titles if title.open), key=_age)
    own: dict[str, Value] = {
        plain(name): _HIDDEN if masked and holds(value) else value for name, value in message.variables.items()
    }
    debts = _debts(titles, now.date())
    people = {**_people(message, now), **_enclosures(enclosed), **_lists(titles, now.date())}
    values = {**own, **debts, **people} if titles else {**debts, **own, **people}
    return _masked(values) if masked else values


def _people(message: Message, now: datetime) -> dict[str, Value]:
    customer, company = message.customer, message.company
    return {
        "cliente": customer.name,
        "primeiro_nome": _calling_name(customer),
        "contato": customer.contact_name,
        "codigo": customer.code,
        "documento": customer.tax_id,
        "empresa": company.name,
        "empresa_razao": company.legal_name,
        "empresa_cnpj": company.tax_id,
        "empresa_documento": f"{document_name(company.tax_id)} {format_document(company.tax_id)}".strip(),
        "empresa_endereco": company.address.one_line,
        "empresa_telefone": company.phone or company.mobile,
        "empresa_email": company.email,
        "saudacao": greeting(now),
        "hoje": now.date(),
    }


def _calling_name(customer: Customer) -> str:
    """The contact's or the person's first name; a firm without a contact keeps its whole name.

    Half a firm's name would be wrong ("Olá, Construtora"), and no name would hold every text that uses it.
    """
    if contact := first_name(customer.contact_name):
        return contact
    return customer.name if _is_firm(customer) else first_name(customer.name)


def _is_firm(customer: Customer) -> bool:
    """By the CNPJ, else by the end of the name; a sole trader (MEI) is a person with a CNPJ, told by the register's
    way of naming: ``JOSÉ DA SILVA 12345678909``, and ``12.345.678 JOSÉ DA SILVA`` since 2022.
    """
    kind = document_name(customer.tax_id)
    if kind == "CNPJ":
        return not _SOLE_TRADER.search(customer.name)
    return not kind and bool(_FIRM.search(customer.name))


def _debts(titles: Sequence[Title], today: date) -> dict[str, Value]:
    """Counts and sums; without titles there is nothing to print, and a zero would be a false statement."""
    if not titles:
        return {"qtd": 0, "qtd_vencidos": 0, "qtd_a_vencer": 0}
    overdue = [title for title in titles if title.overdue(today)]
    upcoming = [title for title in titles if not title.overdue(today)]
    updated = [title.updated_amount for title in titles if title.updated_amount is not None]
    return {
        "qtd": len(titles),
        "qtd_vencidos": len(overdue),
        "qtd_a_vencer": len(upcoming),
        "total": _sum(titles),
        "total_vencido": _sum(overdue),
        "total_a_vencer": _sum(upcoming),
        "total_atualizado": sum(updated, Decimal(0)) if len(updated) == len(titles) else None,
        "vencimento": titles[0].due,
        "dias_atraso": titles[0].days_late(today),
    }


def _enclosures(enclosed: Enclosed) -> dict[str, Value]:
    return {
        "qtd_boletos": enclosed.boletos,
        "tem_boleto": enclosed.boletos > 0,
        "tem_pix": enclosed.pix,
        "tem_demonstrativo": enclosed.statement,
    }


def _lists(titles: Sequence[Title], today: date) -> dict[str, Value]:
    groups = {
        "titulos": titles,
        "vencidos": [title for title in titles if title.overdue(today)],
        "a_vencer": [title for title in titles if not title.overdue(today)],
    }
    return {name: tuple(_item(title, today) for title in group) for name, group in groups.items()}


def _age(title: Title) -> tuple[date, str, str, str]:
    return title.due, title.document, title.instalment, title.ref


def _item(title: Title, today: date) -> Item:
    return {
        "documento": title.document,
        "parcela": title.instalment,
        "emissao": title.issued,
        "vencimento": title.due,
        "valor": title.amount,
        "valor_aberto": title.open_amount,
        "valor_atualizado": title.updated_amount,
        "dias_atraso": title.days_late(today),
        "vencido": title.overdue(today),
        "linha_digitavel": title.linha_digitavel,
        "pix": title.pix,
        "tem_boleto": title.has_boleto,
        "tem_pix": bool(title.pix),
    }


def _sum(titles: Sequence[Title]) -> Decimal:
    return sum((title.open_amount for title in titles), Decimal("0.00"))


def _masked(values: Values) -> Values:
    hidden: dict[str, Value] = {}
    for name, value in values.items():
        if isinstance(value, tuple):
            kinds = _BASE.lists[name].fields
            hidden[name] = tuple({key: _hide(key, cell, kinds) for key, cell in item.items()} for item in value)
        else:
            hidden[name] = _hide(name, value, _BASE.fields)
    return hidden


def _hide(name: str, value: Scalar, kinds: Mapping[str, Kind]) -> Scalar:
    """What is missing, zero or no stays so: the test shows the same blocks that the customer would see."""
    kind = kinds.get(name)
    if not holds(value):
        return value
    if kind is Kind.MONEY:
        return _HIDDEN_MONEY
    of_customer = kind is Kind.DOCUMENT and not name.startswith("empresa")
    return _HIDDEN if kind is None or of_customer or name in ("linha_digitavel", "pix") else value
