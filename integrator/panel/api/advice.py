"""What would hold a message when its turn comes, told to the ERP at once. Nothing is refused for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from integrator.domain.consent import Refused, may_send
from integrator.domain.errors import IntegratorError, MessageError
from integrator.domain.message import Company, Customer, LineItem, Message, Purpose, Title
from integrator.domain.phone import parse_phones
from integrator.erp.row_json import read_json
from integrator.messages.catalogue import MODULES, module_named, situation_of
from integrator.messages.language import parse
from integrator.messages.variables import typed_variables
from integrator.messages.vocabulary import message_schema
from integrator.panel.api.models import MensagemNova
from integrator.panel.premises import Shop
from integrator.policies import choices_of


def advice(message: MensagemNova, variables: str, shop: Shop, now: datetime) -> tuple[str, ...]:
    """Sentences in Portuguese; none when all looks well. ``variables``: the JSON that the row got."""
    try:
        asked = _as_message(message, variables, now)
    except MessageError as error:
        return (error.message,)
    return tuple(dict.fromkeys((*_about_kind(asked, shop, now), *_about_phone(asked, shop))))


def _about_kind(asked: Message, shop: Shop, now: datetime) -> Iterator[str]:
    if module_named(asked.module) is None:
        yield f"Módulo desconhecido: “{asked.module}”. Os módulos são: {', '.join(MODULES)}."
        return
    situation = situation_of(asked, now.date())
    try:
        choices = choices_of(shop.settings)
        source = choices.text_for(asked, situation)
        parse(source, message_schema(asked, situation))
        if situation is not None:
            typed_variables(asked, situation, now.date())
            if not choices.sends(situation):
                yield f"As mensagens “{situation.module}, {situation.kind}” estão desligadas nesta loja."
    except IntegratorError as error:
        yield error.message


def _about_phone(asked: Message, shop: Shop) -> Iterator[str]:
    try:
        candidates = parse_phones(asked.phones, shop.settings.whatsapp.default_area)
    except MessageError as error:
        yield error.message
        return
    queue = shop.queue()
    for candidate in candidates:
        spoken = [queue.consent(phone, asked.purpose) for phone in candidate.alternatives]
        told = max((answer for answer in spoken if answer is not None), key=lambda answer: answer.at, default=None)
        verdict = may_send(asked.accepts, told, asked.purpose)
        if isinstance(verdict, Refused):
            yield verdict.reason


def _as_message(message: MensagemNova, variables: str, now: datetime) -> Message:
    """As much of it as the checks look at."""
    customer = message.cliente
    return Message(
        id=0,
        guid="",
        key=message.chave,
        purpose=Purpose(message.finalidade),
        module=message.modulo.strip(),
        kind=message.tipo.strip(),
        company=Company(code=message.empresa, legal_name=""),
        customer=Customer(customer.codigo, customer.nome, customer.documento, contact_name=message.contato),
        phones=message.telefone,
        accepts=message.aceita_receber,
        template=message.texto or None,
        seed=0,
        created_at=now,
        titles=tuple(
            Title(each.ref, each.documento, each.parcela, each.emissao, each.vencimento, each.valor, each.valor)
            for each in message.titulos
        ),
        variables=read_json(variables.encode()).variables,
        items=tuple(LineItem(each.descricao, total=each.total) for each in message.itens),
    )
