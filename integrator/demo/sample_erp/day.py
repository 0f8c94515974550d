"""What the shop's people sent from the ERP's screens during the day, before the closing: service orders and such."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from integrator.demo.sample_erp.model import Customer, Fate, Problem

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
class DayMessage:
    """One message that a screen of the ERP enqueued; ``text`` empty leaves the wording to the integrator."""

    key: str
    module: str
    kind: str
    customer: Customer
    text: str = ""
    variables: tuple[tuple[str, str], ...] = ()
    confirm: bool = False
    held: Problem | None = None


def day_messages(customers: Sequence[Customer]) -> tuple[DayMessage, ...]:
    """The messages of the day, each to an ordinary customer who is reachable."""
    ordinary = [c for c in customers if c.fate == Fate() and not c.pays_later and c.contacts[0].receives]
    return tuple(_messages(ordinary[_FIRST_CUSTOMER:]))


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
