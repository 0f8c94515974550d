"""A message of the sample shop, as the queue would hand it over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from integrator.domain.message import Address, Company, Customer, Message, Purpose, Title
from tests.documents.builders import boleto_title

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, 30)
SHOP = Company(
    "1",
    "Casa Pinhão Azul Ltda",
    "Casa Pinhão Azul",
    "84833812000108",
    Address("Rua das Araucárias, 1450", "Centro", "Concórdia", "SC", "89700-000"),
    "4934420100",
)


def title(ref: str = "T1", *, due: date = TODAY - timedelta(days=4), amount: str = "150.00", **more: Any) -> Title:
    """A title without boleto, overdue unless said otherwise."""
    value = Decimal(amount)
    return Title(ref, f"NF{ref}", "1", due - timedelta(days=30), due, value, more.pop("still_open", value), **more)


def with_boleto(**more: Any) -> Title:
    """A title whose boleto is right, registered and payable."""
    return replace(boleto_title(pix=""), ref="B1", **more)


def message(*titles: Title, **more: Any) -> Message:
    """A debt notice to a contact who wants to receive."""
    values: dict[str, Any] = {
        "id": 1,
        "guid": "G1",
        "key": "COB|1",
        "purpose": Purpose.COLLECTION,
        "module": "RECEBER",
        "kind": "DÉBITO VENCIDO",
        "company": SHOP,
        "customer": Customer("7", "João da Conceição", "15283484351"),
        "phones": "(49) 98859-0187",
        "accepts": True,
        "template": None,
        "seed": 1,
        "created_at": NOW - timedelta(hours=11),
        "titles": titles,
    }
    return Message(**values | more)
