"""Messages, titles and small schemas for the tests of texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from integrator.domain.message import Address, Company, Customer, Message, Purpose, Title
from integrator.messages import catalogue
from integrator.messages.catalogue import DebtKind, bare
from integrator.messages.choices import Choice, Choices
from integrator.messages.language import parse
from integrator.messages.schema import Kind, Schema, Value

NOW = datetime(2026, 11, 20, 9, 30)
TODAY = NOW.date()

COMPANY = Company(
    code="1",
    legal_name="Comércio de Ferragens São João Ltda",
    trade_name="Ferragens São João",
    tax_id="12345678000195",
    address=Address("Rua Marechal Deodoro, 1280", "Centro", "Concórdia", "SC", "89700-000"),
    phone="4934420000",
)
CUSTOMER = Customer(code="77", name="JOSÉ ANTÔNIO GONÇALVES", tax_id="12345678909")

SCHEMA = Schema(
    {
        "cliente": Kind.TEXT,
        "contato": Kind.TEXT,
        "documento": Kind.DOCUMENT,
        "fone": Kind.PHONE,
        "total": Kind.MONEY,
        "hoje": Kind.DATE,
        "envio": Kind.DATETIME,
        "qtd": Kind.NUMBER,
        "tem_pix": Kind.FLAG,
        "mais": Kind.NUMBER,
    },
    {"titulos": Schema({"numero": Kind.TEXT, "valor": Kind.MONEY, "pix": Kind.TEXT, "documento": Kind.TEXT})},
).with_text(["OBS", "Peça", "TORCAMENTO:CLIENTE", "SITUACAO"])

VALUES: Mapping[str, Value] = {
    "cliente": "JOSÉ ANTÔNIO GONÇALVES",
    "contato": "",
    "documento": "12345678909",
    "fone": "5549988590187",
    "total": Decimal("1234.56"),
    "hoje": date(2026, 11, 20),
    "envio": datetime(2026, 11, 20, 14, 5),
    "qtd": 2,
    "tem_pix": True,
    "titulos": (
        {"numero": "NF1", "valor": Decimal("1000.00"), "pix": "", "documento": "A1"},
        {"numero": "NF2", "valor": Decimal("234.56"), "pix": "00020101", "documento": "A2"},
    ),
    "obs": "1234.5",
    "peca": "3",
    "torcamento:cliente": "Maria",
    "situacao": "FINALIZADO",
}


def rendered(source: str, seed: int = 1, **changed: Value) -> str:
    """``source`` with the values above, some of them changed."""
    return parse(source, SCHEMA).render({**VALUES, **changed}, seed)


def title(number: str, due: date, amount: str = "100.00") -> Title:
    """An open title without boleto or PIX."""
    return Title(
        ref=f"R-{number}",
        document=number,
        instalment="1",
        issued=date(2026, 10, 1),
        due=due,
        amount=Decimal(amount),
        open_amount=Decimal(amount),
    )


OVERDUE = title("NF10", date(2026, 11, 10), "100.00")
UPCOMING = title("NF20", date(2026, 11, 30), "50.50")


def debt_notice(*titles: Title) -> Message:
    """A row of the collection with ``titles`` and no text of its own."""
    return Message(
        id=1,
        guid="6F9619FF-8B86-D011-B42D-00C04FC964FF",
        key="RECEBER-77-20261120",
        purpose=Purpose.COLLECTION,
        module="AVISO DE DÉBITOS",
        kind="",
        company=COMPANY,
        customer=CUSTOMER,
        phones="49988590187",
        accepts=True,
        template=None,
        seed=1,
        created_at=NOW,
        titles=titles,
    )


def service_notice(template: str | None, variables: Mapping[str, str]) -> Message:
    """A row of the service orders: a text and variables of the ERP's own, no titles."""
    return replace(
        debt_notice(), purpose=Purpose.SERVICE, module="ORDEM DE SERVIÇO", template=template, variables=variables
    )


def default_text(kind: DebtKind) -> str:
    """The text that comes with the installation for that debt notice."""
    return catalogue.debt_notice(kind).text


def debt_choices(overdue: str = "", upcoming: str = "", both: str = "") -> Choices:
    """The shop's own texts for debts, all else as it comes."""
    texts = {DebtKind.OVERDUE: overdue, DebtKind.UPCOMING: upcoming, DebtKind.BOTH: both}
    names = {kind: (bare(catalogue.DEBT_NOTICE), bare(kind)) for kind in texts}
    return Choices(by_name={names[kind]: Choice(text=text) for kind, text in texts.items() if text})
