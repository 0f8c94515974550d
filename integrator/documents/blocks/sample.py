"""The sample customer, long lists and all variables of the catalogue: what a document looks like before it is used."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from integrator.documents.blocks.model import DocumentModel
from integrator.documents.blocks.schema import situations_with
from integrator.domain.message import LineItem, Message, Origin, Purpose, Title
from integrator.messages.samples import SAMPLE_COMPANY, SAMPLE_CUSTOMER
from integrator.messages.schema import Value, Values
from integrator.messages.values import Enclosed, Parties, message_values
from integrator.messages.variables import samples

_TITLES: Final = 12
_SETTLED: Final = 3
_ITEMS: Final = 60
_DAYS_BETWEEN: Final = 30
_FIRST: Final = timedelta(days=-90)


def sample_values(model: DocumentModel, now: datetime) -> Values:
    """Values for every list and for the variables of the catalogue's situations that carry the document.

    Those that only the model declares have the example that it gives.
    """
    declared: dict[str, Value] = {}
    for situation in situations_with(model.based_on):
        declared |= samples(situation.variables, now.date())
    own: dict[str, Value] = dict(model.variables)
    message = Message(
        id=1,
        guid="",
        key="",
        purpose=Purpose.COLLECTION,
        module="",
        kind="",
        company=SAMPLE_COMPANY,
        customer=SAMPLE_CUSTOMER,
        phones="",
        accepts=True,
        template=None,
        seed=1,
        created_at=now,
        titles=_titles(now),
        items=_items(),
        origin=Origin(erp_user="João Pereira"),
    )
    values = message_values(message, now, Enclosed(), parties=Parties())
    return {**own, **values, **declared}


def _titles(now: datetime) -> tuple[Title, ...]:
    """Open ones before and after today, then a few that are settled."""
    return tuple(
        Title(
            ref=str(number),
            document=f"NF {8100 + number}",
            instalment=f"{number + 1}/{_TITLES}",
            issued=now.date() + _FIRST,
            due=now.date() + _FIRST + timedelta(days=_DAYS_BETWEEN * (number % _TITLES)),
            amount=Decimal("152.30") + number,
            open_amount=Decimal("152.30") + number,
            open=number < _TITLES,
        )
        for number in range(_TITLES + _SETTLED)
    )


def _items() -> tuple[LineItem, ...]:
    return tuple(
        LineItem(
            description=f"Produto de exemplo nº {number}, com descrição comprida para mostrar a quebra de linha",
            code=f"P{number:04d}",
            quantity=Decimal(number % 4 + 1),
            unit="UN",
            unit_price=Decimal("10.50"),
            total=Decimal("10.50") * (number % 4 + 1),
        )
        for number in range(1, _ITEMS + 1)
    )
