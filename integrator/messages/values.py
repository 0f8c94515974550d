"""The variables of a message and their values: what :mod:`.language` prints for one row of the queue."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from integrator.documents.boleto_data import document_name as title_name
from integrator.documents.boleto_data import with_instalment
from integrator.domain.message import Creditor, Customer, LineItem, Message, Title
from integrator.messages.catalogue import Situation
from integrator.messages.formatting import document_name, first_name, format_document, greeting, hide_amounts
from integrator.messages.render import holds
from integrator.messages.schema import Hidden, Item, Kind, Scalar, Schema, Value, Values, plain
from integrator.messages.variables import typed_variables
from integrator.messages.vocabulary import situation_schema

_HIDDEN = Hidden("•••")
_HIDDEN_MONEY = Hidden("R$ •••")

_BREAK = re.compile(r"\s*[\n\r\v\f\x85\u2028\u2029]\s*")
_SOLE_TRADER = re.compile(r"^\s*\d{2}\.\d{3}\.\d{3}\s|\s\d{11}\s*$")
_FIRM = re.compile(r"\b(ltda|eireli|epp|me|s/a|s\.\s?a)\W*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What really goes with the text: a text must not announce a boleto that is not there.

    ``linha``: a boleto's digits follow in a message of their own. ``documents`` counts what the ERP's document itself
    came as (orçamento, nota, recibo…). ``password`` tells how the PDFs are opened: ``os 5 primeiros números do seu
    CPF``; empty for open ones.
    """

    boletos: int = 0
    statement: bool = False
    pix: bool = False
    linha: bool = False
    documents: int = 0
    password: str = ""


@dataclass(frozen=True, slots=True)
class Parties:
    """Who else is named: the user who signs documents, and the creditor (None: the shop itself)."""

    signer: str = ""
    creditor: Creditor | None = None


_NOBODY_ELSE = Parties()


def message_values(
    message: Message,
    now: datetime,
    enclosed: Enclosed,
    *,
    situation: Situation | None = None,
    parties: Parties = _NOBODY_ELSE,
    masked: bool = False,
) -> Values:
    """The values for :meth:`Template.render`. The oldest titles come first; sums and counts are of the open ones.

    A variable of the ERP never replaces a built-in one of the same name, but for one that the situation declares; a
    message without open titles has no debts to speak of, so that there the ERP's own ``TOTAL`` or ``VENCIMENTO`` is
    what is printed. ``masked`` is for a test number: amounts print as ``R$ •••``, documents, payment codes and the
    ERP's variables as ``•••``.

    Raises :class:`~integrator.domain.errors.MissingValue` for variables of the situation that are missing or mistyped.
    """
    titles = sorted((title for title in message.titles if title.open), key=_age)
    settled = sorted((title for title in message.titles if not title.open), key=_age)
    own: dict[str, Value] = {
        plain(name): _HIDDEN if masked and holds(value) else value for name, value in message.variables.items()
    }
    declared = typed_variables(message, situation, now.date()) if situation else {}
    if masked:
        declared = {name: hide_amounts(cell) if isinstance(cell, str) else cell for name, cell in declared.items()}
    debts = {**_debts(titles, now.date()), **_settled(settled)}
    people = {
        **_people(message, now),
        **_others(message, parties),
        **_enclosures(enclosed),
        **_lists(titles, settled, message.items, now.date()),
    }
    people = {name: _on_one_line(value) for name, value in people.items()}
    values = {**own, **debts, **people} if titles else {**debts, **own, **people}
    values |= declared
    return _masked(values, situation_schema(situation)) if masked else values


def _on_one_line(value: Value) -> Value:
    """A field of a register makes no line of its own in a text; only what the ERP wrote as a text may have several."""
    if isinstance(value, tuple):
        return tuple({name: _one_line(cell) for name, cell in item.items()} for item in value)
    return _one_line(value)


def _one_line(value: Scalar) -> Scalar:
    return _BREAK.sub(" ", value) if isinstance(value, str) else value


def _others(message: Message, parties: Parties) -> dict[str, Value]:
    """The creditor, who is the shop itself unless told otherwise, and the user who signs."""
    shop = message.company
    creditor = parties.creditor or Creditor(shop.legal_name or shop.name, shop.tax_id, shop.address.one_line)
    return {
        "credor": creditor.name,
        "credor_documento": f"{document_name(creditor.tax_id)} {format_document(creditor.tax_id)}".strip(),
        "credor_endereco": creditor.address,
        "usuario": parties.signer or message.origin.erp_user,
    }


def _people(message: Message, now: datetime) -> dict[str, Value]:
    customer, company = message.customer, message.company
    return {
        "cliente": customer.name,
        "primeiro_nome": _calling_name(customer),
        "contato": customer.contact_name,
        "codigo": customer.code,
        "documento": customer.tax_id,
        "cliente_endereco": customer.address.one_line,
        "empresa": company.name,
        "empresa_razao": company.legal_name,
        "empresa_cnpj": company.tax_id,
        "empresa_documento": f"{document_name(company.tax_id)} {format_document(company.tax_id)}".strip(),
        "empresa_endereco": company.address.one_line,
        "empresa_cidade": company.address.city,
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
        "tem_linha": enclosed.linha,
        "tem_demonstrativo": enclosed.statement,
        "tem_documento": enclosed.documents > 0,
        "senha_pdf": enclosed.password,
    }


def _settled(titles: Sequence[Title]) -> dict[str, Value]:
    """Of titles that are no longer open, what they were about: a notice of payment names them."""
    if not titles:
        return {"qtd_quitados": 0}
    return {"qtd_quitados": len(titles), "total_quitado": sum((title.amount for title in titles), Decimal("0.00"))}


def _lists(
    titles: Sequence[Title], settled: Sequence[Title], lines: Sequence[LineItem], today: date
) -> dict[str, Value]:
    groups = {
        "titulos": titles,
        "quitados": settled,
        "vencidos": [title for title in titles if title.overdue(today)],
        "a_vencer": [title for title in titles if not title.overdue(today)],
    }
    totals = [line.total for line in lines if line.total is not None]
    return {
        **{name: tuple(_item(title, today) for title in group) for name, group in groups.items()},
        "itens": tuple(map(_line, lines)),
        "qtd_itens": len(lines),
        "total_itens": sum(totals, Decimal("0.00")) if lines and len(totals) == len(lines) else None,
    }


def _line(line: LineItem) -> Item:
    return {
        "descricao": line.description,
        "codigo": line.code,
        "quantidade": line.quantity,
        "unidade": line.unit,
        "valor_unitario": line.unit_price,
        "desconto": line.discount,
        "total_item": line.total,
    }


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
        "titulo": title_name(title),
        "documento_parcela": with_instalment(title.document.strip() or "título", title.instalment.strip()),
        "devedor": title.payer.name if title.payer else "",
        "devedor_documento": title.payer.tax_id if title.payer else "",
        "vence_hoje": title.last_day == today,
    }


def _sum(titles: Sequence[Title]) -> Decimal:
    return sum((title.open_amount for title in titles), Decimal("0.00"))


def _masked(values: Values, schema: Schema) -> Values:
    hidden: dict[str, Value] = {}
    for name, value in values.items():
        if isinstance(value, tuple):
            kinds = schema.lists[name].fields
            hidden[name] = tuple({key: _hide(key, cell, kinds) for key, cell in item.items()} for item in value)
        else:
            hidden[name] = _hide(name, value, schema.fields)
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
