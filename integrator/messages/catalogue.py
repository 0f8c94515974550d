"""Modules, situations and default texts: data that the engine, the panel and the documents share.

The default texts are courteous on purpose (CDC art. 42: no threat, no ridicule) and end with who is writing: name,
address and CNPJ of the shop (CDC art. 42-A, Lei 12.039/2009).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from integrator.domain.message import Message, Purpose
from integrator.messages.schema import plain

#: The modules of an ERP, and why each writes to a customer.
MODULES: Mapping[str, Purpose] = {
    "AVISO DE DÉBITOS": Purpose.COLLECTION,
    "RECEBER": Purpose.COLLECTION,
    "COMANDAS": Purpose.SERVICE,
    "ORDEM DE SERVIÇO": Purpose.SERVICE,
    "ORÇAMENTO": Purpose.SERVICE,
    "PEDIDO DE VENDA": Purpose.SERVICE,
    "CONDICIONAL": Purpose.SERVICE,
    "NF-E": Purpose.SERVICE,
    "NFC-E": Purpose.SERVICE,
    "CRM": Purpose.PROMOTION,
    "ANIVERSARIANTES": Purpose.PROMOTION,
    "CASHBACK": Purpose.PROMOTION,
}
_BY_PLAIN_NAME = {plain(name).replace("-", ""): purpose for name, purpose in MODULES.items()}


class DebtKind(StrEnum):
    """The situations of a debt notice, as the history report names them."""

    OVERDUE = "DÉBITO VENCIDO"
    UPCOMING = "DÉBITO A VENCER"
    BOTH = "DÉBITOS"


_SIGNATURE = """*{empresa}*{?empresa_cnpj}
CNPJ/CPF {empresa_cnpj}{/empresa_cnpj}{?empresa_endereco}
{empresa_endereco}{/empresa_endereco}{?empresa_telefone}
Telefone {empresa_telefone}{/empresa_telefone}"""

_ATTACHED = """{?tem_boleto}
{qtd_boletos|O boleto segue|Os boletos seguem} em anexo{?tem_demonstrativo}, junto com o \
demonstrativo de débitos{/tem_demonstrativo}.
{:senao}{?tem_demonstrativo}
O demonstrativo de débitos segue em anexo.
{/tem_demonstrativo}{/tem_boleto}{?tem_pix}
Se preferir, pague com PIX: o código segue junto.
{/tem_pix}"""

_GREETING = "[[{saudacao}|Olá]], {primeiro_nome|padrão:tudo bem}!"
_ITEM_START = "• {documento}{?parcela}/{parcela}{/parcela}"
_ITEM_END = "{vencimento} · {valor_aberto}"
_ALREADY_PAID = "Se já pagou, desconsidere esta mensagem. [[Obrigado|Agradecemos a atenção]]."

_OVERDUE_TEXT = f"""{_GREETING}

[[Notamos que|Em nossos registros,]] {{qtd_vencidos|consta um débito|constam débitos}} em aberto em nome de {{cliente}}:
{{#vencidos:10}}
{_ITEM_START} · venceu em {_ITEM_END}{{/vencidos}}{{?mais}}
e mais {{mais}} {{mais|título|títulos}} no demonstrativo{{/mais}}

Total vencido: *{{total_vencido}}*
{_ATTACHED}
{_ALREADY_PAID}

{_SIGNATURE}"""

_UPCOMING_TEXT = f"""{_GREETING}

[[Um lembrete|Lembramos]]: {{qtd_a_vencer|há um vencimento próximo|há vencimentos próximos}} em nome de {{cliente}}:
{{#a_vencer:10}}
{_ITEM_START} · vence em {_ITEM_END}{{/a_vencer}}{{?mais}}
e mais {{mais}} {{mais|título|títulos}} no demonstrativo{{/mais}}

Total a vencer: *{{total_a_vencer}}*
{_ATTACHED}
{_ALREADY_PAID}

{_SIGNATURE}"""

_BOTH_TEXT = f"""{_GREETING}

[[Segue a posição|Enviamos a posição]] dos títulos em aberto em nome de {{cliente}}:
{{#titulos:10}}
{_ITEM_START} · {{?vencido}}venceu{{:senao}}vence{{/vencido}} em {_ITEM_END}{{/titulos}}{{?mais}}
e mais {{mais}} {{mais|título|títulos}} no demonstrativo{{/mais}}

Total: *{{total}}*
{_ATTACHED}
{_ALREADY_PAID}

{_SIGNATURE}"""


@dataclass(frozen=True, slots=True)
class Texts:
    """The shop's texts for debts: one for each situation, or ``same_for_both`` for all of them (S28)."""

    overdue: str = _OVERDUE_TEXT
    upcoming: str = _UPCOMING_TEXT
    both: str = _BOTH_TEXT
    same_for_both: str | None = None


def purpose_of(module: str) -> Purpose | None:
    """Why that module writes, or None for an unknown module; case, accents and hyphens do not matter."""
    return _BY_PLAIN_NAME.get(plain(module).replace("-", ""))


def choose_kind(message: Message, today: date) -> DebtKind:
    """Which situation the open titles are in."""
    overdue = {title.due < today for title in message.titles if title.open}
    if overdue == {True}:
        return DebtKind.OVERDUE
    return DebtKind.UPCOMING if overdue == {False} else DebtKind.BOTH


def text_for(message: Message, today: date, texts: Texts) -> str:
    """The source of the message's text: the row's own, else the shop's for its situation."""
    if message.template:
        return message.template
    if texts.same_for_both is not None:
        return texts.same_for_both
    by_kind = {DebtKind.OVERDUE: texts.overdue, DebtKind.UPCOMING: texts.upcoming, DebtKind.BOTH: texts.both}
    return by_kind[choose_kind(message, today)]


def text_version(source: str) -> str:
    """A short digest of a text, kept with each message to know which version it was sent with (B31)."""
    return hashlib.sha256(source.encode("utf-8")).hexdigest()[:12]
