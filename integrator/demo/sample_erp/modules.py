"""Messages of the ERP's other modules, enqueued by its screens: no text of their own, only what they are about."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from integrator.demo.sample_erp.attachments import pdf
from integrator.demo.sample_erp.day import DayMessage, Line, PaidTitle
from integrator.demo.sample_erp.model import CancelCause, Customer, Problem, StoredFile

_TOOLS = (
    Line("PARAFUSADEIRA A BATERIA 12V C/ MALETA E 2 BATERIAS", "1", "un", "389.90", "389.90", "7891000"),
    Line("Jogo de brocas aço rápido 1 a 10 mm (19 peças)", "2", "jg", "54.45", "108.90", "7891017"),
    Line("Bucha de fixação nº 8", "150", "un", "0.12", "18.00", "7891024"),
    Line("Cabo flexível 2,5 mm² azul", "37.5", "m", "2.80", "105.00", "7891031"),
)
_REPAIR = (
    Line("Mão de obra: revisão geral", "1.5", "h", "80.00", "120.00"),
    Line("Vela de ignição", "1", "un", "24.50", "24.50", "5501"),
    Line("Filtro de ar", "1", "un", "35.50", "35.50", "5507"),
)
_CLOTHES = tuple(
    Line(f"Camisa de trabalho manga longa, tamanho {size}", "2", "un", "79.90", "159.80", f"88{size}")
    for size in ("P", "M", "G", "GG")
)
_TABLE = (
    Line("Almoço por quilo", "0.480", "kg", "69.90", "33.55"),
    Line("Suco de laranja", "1", "un", "9.00", "9.00"),
)
#: A greeting in JSON, as a screen of the ERP's newer part sends it, with an emoji that Windows-1252 does not have.
_GIFT = json.dumps({"presente": "10% de desconto em ferramentas \N{WRAPPED PRESENT}", "validade": "2026-12-24"})


def module_messages(customers: Sequence[Customer]) -> Iterator[DayMessage]:
    """One message of each module, each to another customer."""
    who = iter(customers)
    yield _document("ORC|901", "ORÇAMENTO", "ORÇAMENTO CRIADO", next(who), _TOOLS, numero="901", validade="08/12/2026")
    yield _document("ORC|885|APROVADO", "ORÇAMENTO", "STATUS ORÇAMENTO", next(who), numero="885", situacao="APROVADO")
    yield _document(
        "OS|4519|PRONTA", "ORDEM DE SERVIÇO", "OS PRONTA", next(who), _REPAIR,
        numero="4519", equipamento="Roçadeira lateral 2 tempos", valor_total="180,00", garantia="90 dias",
    )  # fmt: skip
    yield _document(
        "PED|7740|FINALIZADO", "PEDIDO DE VENDA", "PEDIDO FINALIZADO", next(who), _TOOLS,
        numero="7740", valor_total="621,80", previsao="26/11/2026",
    )  # fmt: skip
    yield _document(
        "COND|310", "CONDICIONAL", "CONDICIONAL CRIADA", next(who), _CLOTHES,
        numero="310", devolucao="30/11/2026", valor_total="639,20",
    )  # fmt: skip
    yield _document("COM|77|1", "COMANDAS", "COMANDA FECHADA", next(who), _TABLE, numero="77", valor_total="42,55")
    nota = StoredFile("NFe 8.291.pdf", pdf("DANFE 8.291", "Documento auxiliar da nota fiscal eletrônica."))
    invoice = _document("NFE|8291", "NF-E", "NF-E EMITIDA", next(who), numero="8291", valor_total="1.250,00")
    yield replace(invoice, files=(nota,))
    coupon = _document("NFCE|15520", "NFC-E", "NFC-E EMITIDA", next(who), numero="15520", valor_total="86,90")
    yield replace(coupon, files=(StoredFile("NFCe 15.520.pdf", pdf("DANFE NFC-e 15.520", "Nota ao consumidor.")),))
    receipt = _document(
        "PAGO|8102/2", "RECEBER", "PARCELA QUITADA", next(who),
        valor_pago="155,34", data_pagamento="23/11/2026", forma_pagamento="PIX",
    )  # fmt: skip
    yield replace(receipt, paid=(PaidTitle("NF 8102", "2", date(2026, 11, 20), "152.30"),))
    yield DayMessage(
        f"ANIV|{(customer := next(who)).code}|2026", "ANIVERSARIANTES", "ANIVERSÁRIO", customer,
        purpose="promocional", json=_GIFT,
    )  # fmt: skip
    yield _promotion("CB|1", "CASHBACK", "CASHBACK A VENCER", next(who), saldo="32,50", expira_em="30/11/2026")
    yield _promotion("CRM|1", "CRM", "PÓS-VENDA", next(who), compra="Parafusadeira 12V")
    # What must not leave: a quote without its number, and a cashback that nobody said how long is valid.
    unnumbered = _document("ORC|902", "ORÇAMENTO", "ORÇAMENTO CRIADO", next(who), _TOOLS)
    yield replace(unnumbered, held=Problem.VARIABLE)
    endless = _promotion("CB|2", "CASHBACK", "SALDO DE CASHBACK", next(who), saldo="18,00")
    yield replace(endless, cancelled=CancelCause.NO_EXPIRY)


def _document(
    key: str, module: str, kind: str, customer: Customer, lines: tuple[Line, ...] = (), **variables: str
) -> DayMessage:
    return DayMessage(key, module, kind, customer, "", tuple(variables.items()), lines=lines)


def _promotion(key: str, module: str, kind: str, customer: Customer, **variables: str) -> DayMessage:
    return DayMessage(key, module, kind, customer, "", tuple(variables.items()), purpose="promocional")
