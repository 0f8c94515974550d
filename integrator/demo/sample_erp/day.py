"""What the shop's people sent from the ERP's screens during the day, before the closing: service orders and such."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from integrator.demo.sample_erp.model import CancelCause, Customer, Fate, Problem, StoredFile

_READY = (
    "Olá, {nome_contato}. A ordem de serviço {numero_os} ({equipamento}) está pronta. Valor: {valor_os}.\r\n"
    "Retire de segunda a sexta, das 8h às 18h, na Rua das Araucárias, 1450."
)
_WAITING = (
    "Olá, {nome_contato}. A ordem de serviço {numero_os} ({equipamento}) aguarda uma peça. Orçamento: {valor_os}.\r\n"
    "Avisaremos assim que ficar pronta."
)
_ORDERS = (
    ("4501", "Motosserra Gaúcha 58", "R$ 180,00", _READY),
    ("4502", "Bomba d'água submersível ½ cv", "R$ 94,50", _READY),
    ("4507", "Roçadeira lateral", "R$ 312,00", _WAITING),
    ("4510", "Lavadora de alta pressão", "R$ 267,90", _READY),
)
_QUOTE = "Olá, {TORCAMENTO:CLIENTE}, esperamos que esteja bem. Situação atual do seu orçamento: {TORCAMENTO:SITUACAO}"
_ORDER_SENT = "Seu pedido nº 7731 foi separado e sai para entrega amanhã pela manhã. Obrigado pela preferência."
_FIRST_CUSTOMER = 40


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a document; quantities and reais as the ERP's own numbers, written out."""

    description: str
    quantity: str
    unit: str
    price: str
    total: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class PaidTitle:
    """A title that was paid in full today."""

    document: str
    instalment: str
    due: date
    amount: str


@dataclass(frozen=True, slots=True)
class DayMessage:
    """One message that a screen of the ERP enqueued; ``text`` empty leaves the wording to the integrator.

    ``json`` holds further variables, as a newer screen sends them. At most one of ``held`` and ``cancelled``.
    """

    key: str
    module: str
    kind: str
    customer: Customer
    text: str = ""
    variables: tuple[tuple[str, str], ...] = ()
    confirm: bool = False
    held: Problem | None = None
    cancelled: CancelCause | None = None
    purpose: str = "servico"
    json: str = ""
    lines: tuple[Line, ...] = ()
    files: tuple[StoredFile, ...] = ()
    paid: tuple[PaidTitle, ...] = ()


def ordinary_customers(customers: Sequence[Customer]) -> tuple[Customer, ...]:
    """Those about whom nothing is unusual and who are reachable."""
    found = [c for c in customers if c.fate == Fate() and not c.pays_later and c.contacts[0].receives]
    return tuple(found[_FIRST_CUSTOMER:])


def day_messages(customers: Sequence[Customer]) -> tuple[DayMessage, ...]:
    """The messages that the screens wrote with texts of their own, each to an ordinary customer."""
    return tuple(_messages(ordinary_customers(customers)))


def repeated(messages: Sequence[DayMessage]) -> DayMessage:
    """The message whose key an old screen uses a second time, by plain INSERT, for another text."""
    return messages[0]


def _messages(customers: Sequence[Customer]) -> Iterator[DayMessage]:
    *owners, quoted, buyer, renter = customers[: len(_ORDERS) + 3]
    for customer, (number, item, total, text) in zip(owners, _ORDERS, strict=True):
        variables = (
            ("nome_contato", customer.contacts[0].name),
            ("numero_os", number),
            ("equipamento", item),
            ("valor_os", total),
        )
        state = "PRONTA" if text is _READY else "AGUARDANDO PEÇA"
        yield DayMessage(f"OS|{number}|{state}", "ORDEM DE SERVIÇO", "STATUS OS", customer, text, variables)
    yield DayMessage("ORC|882", "ORÇAMENTO", "STATUS ORÇAMENTO", quoted, _QUOTE, held=Problem.TEMPLATE)
    yield DayMessage("PED|7731", "PEDIDO DE VENDA", "PEDIDO ENVIADO", buyer, _ORDER_SENT, confirm=True)
    yield DayMessage("LOC|19", "LOCAÇÃO DE ANDAIMES", "DEVOLUÇÃO", renter, held=Problem.MODULE)
