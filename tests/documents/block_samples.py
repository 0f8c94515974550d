"""Rows as the documents' tests need them: titles, items and the values of a message with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from integrator.documents.blocks.model import DocumentModel
from integrator.documents.blocks.models import Models
from integrator.documents.blocks.schema import situations_with
from integrator.domain.message import Creditor, Customer, LineItem, Message, Origin, Purpose, Title
from integrator.messages.schema import Value
from integrator.messages.values import Enclosed, Parties, message_values
from tests.documents.builders import COMPANY, CUSTOMER, boleto_title

NOW: Final = datetime(2026, 11, 20, 10, 30)
TODAY: Final = NOW.date()
MODELS: Final = Models()
#: Kept apart from the catalogue's samples, so that a better sample there changes no reference here.
SAMPLES: Final = {
    "numero": "1234",
    "situacao": "EM ANDAMENTO",
    "valor_total": "1.500,00",
    "validade": "10/12/2026",
    "vendedor": "Marcos",
    "tecnico": "Roberto",
    "forma_pagamento": "30/60 dias",
    "prazo_entrega": "7 dias úteis",
    "observacao": "Entregar pela manhã.",
    "equipamento": "Fiat Uno, placa ABC1D23",
    "problema": "barulho ao frear",
    "servico": "troca das pastilhas de freio",
    "abertura": "18/11/2026 19:40",
    "previsao": "25/11/2026",
    "garantia": "90 dias",
    "data_pedido": "18/11/2026",
    "data_saida": "18/11/2026",
    "devolucao": "25/11/2026",
    "transportadora": "Transportes Oeste",
    "rastreio": "AB123456789BR",
    "mesa": "12",
    "valor_pago": "155,34",
    "data_pagamento": "18/11/2026",
    "acordo": "55",
    "data_acordo": "18/11/2026",
    "valor_divida": "1.152,30",
    "multa": "2",
    "juros": "1",
    "entrada": "200,00",
}
NAMES: Final = MODELS.names()


def titles(count: int, first: date = date(2026, 11, 1), *, is_open: bool = True) -> tuple[Title, ...]:
    """Titles four days apart, DOC1000 and so on, of 100 reais and one more each."""
    return tuple(
        replace(
            boleto_title(first + timedelta(days=4 * number), Decimal(100 + number)),
            ref=str(number),
            document=f"DOC{1000 + number}",
            instalment="",
            open=is_open,
        )
        for number in range(count)
    )


def items(count: int, description: str = "Parafuso sextavado") -> tuple[LineItem, ...]:
    """Items of two pieces at 10,50."""
    return tuple(
        LineItem(
            f"{description} {number}", f"P{number:05d}", Decimal(2), "CX", Decimal("10.50"), None, Decimal("21.00")
        )
        for number in range(1, count + 1)
    )


def values_for(
    model: DocumentModel,
    *,
    open_titles: tuple[Title, ...] = (),
    lines: tuple[LineItem, ...] = (),
    customer: Customer = CUSTOMER,
    creditor: Creditor | None = None,
    given: dict[str, str] | None = None,
) -> dict[str, Value]:
    """The values of a message that carries the document, with the catalogue's samples where ``given`` says nothing."""
    situations = situations_with(model.based_on)
    declared = {
        each.name: SAMPLES.get(each.name, each.sample) for situation in situations for each in situation.variables
    }
    message = Message(
        id=1,
        guid="g",
        key="k",
        purpose=Purpose.COLLECTION,
        module="",
        kind="",
        company=COMPANY,
        customer=customer,
        phones="",
        accepts=True,
        template=None,
        seed=1,
        created_at=NOW,
        titles=open_titles,
        items=lines,
        variables={**declared, **(given or {})},
        origin=Origin(erp_user="Maria da Silva"),
    )
    situation = situations[0] if situations else None
    values = message_values(message, NOW, Enclosed(), situation=situation, parties=Parties(creditor=creditor))
    return {**values}


def rows_of(model: DocumentModel, count: int) -> dict[str, Value]:
    """Values with ``count`` rows in every list that the document needs, and three settled titles."""
    settled = titles(3 if model.collects else count, is_open=False)
    open_titles = titles(count) if "titulos" in model.needs else ()
    return values_for(model, open_titles=(*open_titles, *settled), lines=items(count))
