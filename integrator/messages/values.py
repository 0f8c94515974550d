"""The variables of a message and their values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from integrator.domain.message import Message, Title
from integrator.messages.formatting import first_name, greeting
from integrator.messages.schema import Item, Kind, Scalar, Schema, Value, Values, plain

_HIDDEN = "•••"
_HIDDEN_MONEY = "R$\u00a0•••"

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


@lru_cache(maxsize=64)
def _schema(names: frozenset[str]) -> Schema:
    return _BASE.with_text(names)


def message_values(message: Message, now: datetime, enclosed: Enclosed, *, masked: bool = False) -> Values:
    """The values for :meth:`Template.render`. Only open titles count.

    ``masked`` is for a test number: amounts print as ``R$ •••``, documents and payment codes as ``•••``. A variable of
    the ERP never replaces a built-in one of the same name.
    """
    titles = tuple(title for title in message.titles if title.open)
    overdue = tuple(title for title in titles if title.due < now.date())
    upcoming = tuple(title for title in titles if title.due >= now.date())
    updated = [title.updated_amount for title in titles if title.updated_amount is not None]
    customer, company = message.customer, message.company
    own: dict[str, Value] = {plain(name): value for name, value in message.variables.items()}
    built_in: dict[str, Value] = {
        "cliente": customer.name,
        "primeiro_nome": first_name(customer.contact_name or customer.name),
        "contato": customer.contact_name,
        "codigo": customer.code,
        "documento": customer.tax_id,
        "empresa": company.name,
        "empresa_razao": company.legal_name,
        "empresa_cnpj": company.tax_id,
        "empresa_endereco": company.address.one_line,
        "empresa_telefone": company.phone or company.mobile,
        "empresa_email": company.email,
        "saudacao": greeting(now),
        "hoje": now.date(),
        "qtd": len(titles),
        "qtd_vencidos": len(overdue),
        "qtd_a_vencer": len(upcoming),
        "total": _sum(titles),
        "total_vencido": _sum(overdue),
        "total_a_vencer": _sum(upcoming),
        "total_atualizado": sum(updated, Decimal(0)) if titles and len(updated) == len(titles) else None,
        "vencimento": min((title.due for title in titles), default=None),
        "dias_atraso": max(((now.date() - title.due).days for title in overdue), default=0),
        "qtd_boletos": enclosed.boletos,
        "tem_boleto": enclosed.boletos > 0,
        "tem_pix": enclosed.pix,
        "tem_demonstrativo": enclosed.statement,
    }
    for name, group in (("titulos", titles), ("vencidos", overdue), ("a_vencer", upcoming)):
        built_in[name] = tuple(_item(title, now.date()) for title in group)
    values = {**own, **built_in}
    return _masked(values, _BASE) if masked else values


def _item(title: Title, today: date) -> Item:
    return {
        "documento": title.document,
        "parcela": title.instalment,
        "emissao": title.issued,
        "vencimento": title.due,
        "valor": title.amount,
        "valor_aberto": title.open_amount,
        "valor_atualizado": title.updated_amount,
        "dias_atraso": max(0, (today - title.due).days),
        "vencido": title.due < today,
        "linha_digitavel": title.linha_digitavel,
        "pix": title.pix,
        "tem_boleto": title.has_boleto,
        "tem_pix": bool(title.pix),
    }


def _sum(titles: tuple[Title, ...]) -> Decimal:
    return sum((title.open_amount for title in titles), Decimal("0.00"))


def _masked(values: Mapping[str, Value], schema: Schema) -> dict[str, Value]:
    hidden: dict[str, Value] = {}
    for name, value in values.items():
        if isinstance(value, tuple):
            hidden[name] = tuple(
                {key: _hide(key, cell, schema.lists[name]) for key, cell in item.items()} for item in value
            )
        else:
            hidden[name] = _hide(name, value, schema)
    return hidden


def _hide(name: str, value: Scalar, schema: Schema) -> Scalar:
    """Amounts, documents, payment codes and whatever the ERP sent under its own names."""
    kind = schema.fields.get(name)
    if value is None or value == "":
        return value
    if kind is Kind.MONEY:
        return _HIDDEN_MONEY
    own_name = kind is None
    company = name.startswith("empresa")
    if own_name or (kind is Kind.DOCUMENT and not company) or name in ("linha_digitavel", "pix"):
        return _HIDDEN
    return value
