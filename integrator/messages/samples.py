"""A message made of samples: what previews and checks show where no real row of the queue is at hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from integrator.documents.check_digits import mod11_cobranca
from integrator.documents.febraban import due_factor, parse_digits
from integrator.domain.message import Address, Company, Customer, LineItem, Message, Title
from integrator.messages.catalogue import Situation, Subject, bare
from integrator.messages.values import Enclosed

SAMPLE_COMPANY: Final = Company(
    code="1",
    legal_name="Comércio de Ferragens Exemplo Ltda",
    trade_name="Ferragens Exemplo",
    tax_id="11222333000181",
    address=Address("Rua das Flores, 100", "Centro", "Concórdia", "SC", "89700-000"),
    phone="4934421100",
)
SAMPLE_CUSTOMER: Final = Customer(
    code="77",
    name="Maria Aparecida dos Santos",
    tax_id="52998224725",
    address=Address("Rua Tiradentes, 55", "Centro", "Concórdia", "SC", "89700-000"),
)
#: As short as a register allows: no document, no address, no contact.
BARE_CUSTOMER: Final = Customer(code="78", name="ZÉ")
LONG_CUSTOMER: Final = Customer(
    code="79",
    name="ASSOCIAÇÃO DOS PRODUTORES RURAIS E PESCADORES ARTESANAIS DO VALE DO RIO DAS ANTAS E ADJACÊNCIAS LTDA",
    tax_id="11444777000161",
    address=Address("Rodovia Engenheiro Luiz Carlos Prestes, km 1.280", "Interior", "São Miguel do Oeste", "SC"),
    contact_name="Maria das Graças",
)
_BANK: Final = "001"
_OVERDUE_WORDS: Final = ("vencido", "atraso", "vencida")
_AMOUNT: Final = Decimal("152.30")


def sample_message(
    situation: Situation,
    now: datetime,
    *,
    company: Company = SAMPLE_COMPANY,
    customer: Customer = SAMPLE_CUSTOMER,
    count: int = 2,
) -> Message:
    """A row of that situation with its samples, ``count`` titles or items, and no text of its own.

    For :data:`BARE_CUSTOMER` everything is left out that a row may lack.
    """
    bare_row = customer is BARE_CUSTOMER
    of_titles = situation.subject in (Subject.OPEN_TITLES, Subject.SETTLED_TITLES)
    titles = count if of_titles or "boleto" in situation.documents else 0
    items = count if situation.subject is Subject.DOCUMENT else 0
    return Message(
        id=0,
        guid="00000000-0000-0000-0000-000000000000",
        key="AMOSTRA",
        purpose=situation.purpose,
        module=situation.module,
        kind=situation.kind,
        company=company,
        customer=customer,
        phones="49988590187",
        accepts=True,
        template=None,
        seed=1,
        created_at=now,
        titles=tuple(_title(situation, place, now.date(), bare_row=bare_row) for place in range(titles)),
        variables={each.name: each.sample for each in situation.variables if each.required or not bare_row},
        items=tuple(_line(place, bare_row=bare_row) for place in range(items)),
        confirmed=True,
    )


def sample_enclosed(situation: Situation, count: int = 2) -> Enclosed:
    """All that the situation may carry, so that every block about enclosures is shown."""
    kinds = set(situation.documents)
    boletos = count if "boleto" in kinds else 0
    others = kinds - {"boleto", "demonstrativo"}
    return Enclosed(
        boletos=boletos,
        statement="demonstrativo" in kinds,
        pix=bool(boletos),
        linha=bool(boletos),
        documents=1 if others else 0,
        password="os 5 primeiros números do seu CPF" if kinds else "",
    )


def at_work(day: date) -> datetime:
    """An hour of that day at which messages leave."""
    return datetime.combine(day, time(10))


def _title(situation: Situation, place: int, today: date, *, bare_row: bool) -> Title:
    due = today + timedelta(days=_days(situation, place))
    amount = _AMOUNT + 10 * place
    is_open = situation.subject is not Subject.SETTLED_TITLES
    barcode = _barcode(due, amount, place) if is_open and "boleto" in situation.documents else ""
    return Title(
        ref=f"AMOSTRA-{place + 1}",
        document=f"NF {1234 + place}",
        instalment="" if bare_row else f"{place + 1}",
        issued=None if bare_row else due - timedelta(days=30),
        due=due,
        amount=amount,
        open_amount=amount if is_open else Decimal("0.00"),
        linha_digitavel=parse_digits(barcode).linha if barcode else "",
        barcode=barcode,
        registered=True,
        our_number=f"{place + 1:011d}",
        wallet="17",
        agency_account="1234-5 / 67890-1",
        bank_name="Banco de exemplo",
        open=is_open,
    )


def _days(situation: Situation, place: int) -> int:
    """Days from today to the due date, as the situation's name tells."""
    name = bare(situation.kind)
    if name == "debitos":
        return 10 - 20 * ((place + 1) % 2)
    if situation.subject is Subject.SETTLED_TITLES:
        return -5 - place
    if any(word in name for word in _OVERDUE_WORDS):
        return -10 - place
    return 0 if "hoje" in name else 10 + place


def _barcode(due: date, amount: Decimal, place: int) -> str:
    """Digits that agree with themselves and with the title; no bank knows them."""
    body = f"{due_factor(due):04d}{int(amount.scaleb(2)):010d}{place:025d}"
    return f"{_BANK}9{mod11_cobranca(f'{_BANK}9{body}')}{body}"


def _line(place: int, *, bare_row: bool) -> LineItem:
    if bare_row:
        return LineItem(description=f"Produto de exemplo {place + 1}")
    quantity, price = Decimal(place + 1), Decimal("49.90")
    return LineItem(
        description=f"Produto de exemplo {place + 1}",
        code=f"{100 + place}",
        quantity=quantity,
        unit="UN",
        unit_price=price,
        total=quantity * price,
    )


SAMPLE_CUSTOMERS: Final[Mapping[str, tuple[Customer, int]]] = {
    "Exemplo de nome longo": (LONG_CUSTOMER, 2),
    "Exemplo com muitos títulos ou itens": (SAMPLE_CUSTOMER, 30),
    "Exemplo com dados faltando": (BARE_CUSTOMER, 1),
}
