"""Modules, situations and default texts: data that the engine, the panel and the documents share.

The default texts are courteous on purpose (CDC art. 42: no threat, no ridicule) and end with who is writing: name,
address and CPF or CNPJ of the shop (CDC art. 42-A, Lei 12.039/2009). They speak of a boleto, a statement or a PIX code
only when it goes along.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from integrator.domain.errors import TemplateError
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


def _bare(name: str) -> str:
    """A module's name as it is compared: letters and digits only."""
    return "".join(char for char in plain(name) if char.isalnum())


_BY_BARE_NAME = {_bare(name): purpose for name, purpose in MODULES.items()}


class DebtKind(StrEnum):
    """The situations of a debt notice, as the history report names them ("Tipo da mensagem")."""

    OVERDUE = "DÉBITO VENCIDO"
    UPCOMING = "DÉBITO A VENCER"
    BOTH = "DÉBITOS"


_GREETING = "[[{saudacao}|Olá]]{?primeiro_nome}, {primeiro_nome}{/primeiro_nome}."
_ITEM_START = "• {documento|padrão:título}{?parcela}/{parcela}{/parcela}"
_ITEM_END = "em {vencimento} · {valor_aberto}"
_LEFT_OUT = """{?mais}
e mais {mais} {mais|título|títulos}{?tem_demonstrativo} no demonstrativo{/tem_demonstrativo}{/mais}"""

_ENCLOSED = """{?tem_boleto}
{qtd_boletos|O boleto segue|Os boletos seguem} em anexo{?tem_demonstrativo}, junto com o \
demonstrativo de débitos{/tem_demonstrativo}.
{:senao}{?tem_demonstrativo}
O demonstrativo de débitos segue em anexo.
{/tem_demonstrativo}{/tem_boleto}{?tem_pix}
Se preferir, pague com PIX: o código segue junto.
{/tem_pix}"""

_CLOSING = """[[Qualquer dúvida, fale conosco|Estamos à disposição para qualquer dúvida]]. \
Se já pagou, desconsidere esta mensagem.

*{empresa}*{?empresa_documento}
{empresa_documento}{/empresa_documento}{?empresa_endereco}
{empresa_endereco}{/empresa_endereco}{?empresa_telefone}
Telefone {empresa_telefone}{/empresa_telefone}"""

_OVERDUE_TEXT = f"""{_GREETING}

[[Notamos que|Em nossos registros,]] {{qtd_vencidos|consta um débito vencido|constam débitos vencidos}} \
em nome de {{cliente}}:
{{#vencidos:10}}
{_ITEM_START} · venceu {_ITEM_END}{{/vencidos}}{_LEFT_OUT}

Total vencido: *{{total_vencido}}*
{_ENCLOSED}
{_CLOSING}"""

_UPCOMING_TEXT = f"""{_GREETING}

[[Passamos para lembrar|Um lembrete]]: {{qtd_a_vencer|há um vencimento próximo|há vencimentos próximos}} \
em nome de {{cliente}}:
{{#a_vencer:10}}
{_ITEM_START} · vence {_ITEM_END}{{/a_vencer}}{_LEFT_OUT}

Total a vencer: *{{total_a_vencer}}*
{_ENCLOSED}
{_CLOSING}"""

_BOTH_TEXT = f"""{_GREETING}

[[Segue a posição|Enviamos a posição]] dos títulos em aberto em nome de {{cliente}}:
{{#titulos:10}}
{_ITEM_START} · {{?vencido}}venceu{{:senao}}vence{{/vencido}} {_ITEM_END}{{/titulos}}{_LEFT_OUT}

Total em aberto: *{{total}}*
{_ENCLOSED}
{_CLOSING}"""

_DEFAULTS: Mapping[DebtKind, str] = {
    DebtKind.OVERDUE: _OVERDUE_TEXT,
    DebtKind.UPCOMING: _UPCOMING_TEXT,
    DebtKind.BOTH: _BOTH_TEXT,
}


def default_text(kind: DebtKind) -> str:
    """The text that comes with the installation (S29)."""
    return _DEFAULTS[kind]


@dataclass(frozen=True, slots=True)
class Texts:
    """The shop's texts for debts: one for each situation, or ``same_for_both`` for all of them (S28)."""

    overdue: str = _OVERDUE_TEXT
    upcoming: str = _UPCOMING_TEXT
    both: str = _BOTH_TEXT
    same_for_both: str | None = None


def purpose_of(module: str) -> Purpose | None:
    """Why that module writes, or None for an unknown module; case, accents, blanks and hyphens do not matter."""
    return _BY_BARE_NAME.get(_bare(module))


def choose_kind(message: Message, today: date) -> DebtKind:
    """Which situation the open titles are in."""
    overdue = {title.overdue(today) for title in message.titles if title.open}
    if overdue == {True}:
        return DebtKind.OVERDUE
    return DebtKind.UPCOMING if overdue == {False} else DebtKind.BOTH


def text_for(message: Message, today: date, texts: Texts) -> str:
    """The source of the message's text: the row's own, else the shop's for its situation.

    Raises :class:`TemplateError` for a row without text that is no debt notice: a debt's text would be nonsense there.
    """
    if message.template and message.template.strip():
        return message.template
    if message.purpose is not Purpose.COLLECTION:
        raise TemplateError(
            f"A mensagem do módulo {message.module} veio sem texto. Preencha o texto no ERP e libere a mensagem."
        )
    if texts.same_for_both is not None:
        return texts.same_for_both
    match choose_kind(message, today):
        case DebtKind.OVERDUE:
            return texts.overdue
        case DebtKind.UPCOMING:
            return texts.upcoming
        case DebtKind.BOTH:
            return texts.both


def text_version(source: str) -> str:
    """A short digest of a text, kept with each message to know which version it was sent with (B31)."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:12]
