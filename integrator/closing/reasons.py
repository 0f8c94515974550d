"""Why somebody does not receive: closed codes with the sentence that people read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from integrator.closing.ports import TitleState
from integrator.domain.message import Customer
from integrator.messages.catalogue import bare, find_situation
from integrator.messages.choices import Choices


class Why(StrEnum):
    """Codes of :class:`Skipped`; the label is a full sentence for the shop."""

    PAID = "pago"
    RENEGOTIATED = "renegociado"
    CANCELLED = "cancelado"
    NOTHING_OPEN = "sem_saldo"
    TOO_OLD = "antigo"
    CUSTOMER_OFF = "cliente_nao_avisa"
    KIND_OFF = "desligado"
    ON_ITS_WAY = "a_caminho"
    NO_STEP = "sem_etapa"
    NO_CONTACT = "sem_contato"
    NOT_FLAGGED = "nao_aceita"
    NO_PHONE = "sem_telefone"
    TOO_LITTLE = "saldo_minimo"
    TOO_SOON = "aviso_recente"
    IN_QUEUE = "ja_na_fila"
    PROBLEM_TOLD = "problema_avisado"
    MODULE_OFF = "modulo_desligado"
    MESSAGE_OFF = "mensagem_desligada"
    NO_END = "sem_validade"
    ENDED = "validade_passou"
    SAME_PERSON = "mesma_pessoa"
    NO_ITEMS = "sem_itens"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS: Final[Mapping[Why, str]] = {
    Why.PAID: "O título já está pago.",
    Why.RENEGOTIATED: "O título foi renegociado.",
    Why.CANCELLED: "O título foi cancelado.",
    Why.NOTHING_OPEN: "O título não tem valor em aberto.",
    Why.TOO_OLD: "O título é antigo demais para ser cobrado (dias_max_debito).",
    Why.CUSTOMER_OFF: "O cadastro do cliente está marcado para não avisar.",
    Why.KIND_OFF: "O envio deste tipo de débito está desligado (enviar, em [envio]).",
    Why.ON_ITS_WAY: "Venceu há pouco: o pagamento ainda pode chegar pelo retorno do banco.",
    Why.NO_STEP: "Nenhuma etapa da régua cai neste dia de envio.",
    Why.NO_CONTACT: "O cliente não tem contato. Cadastre um celular e marque que recebe avisos.",
    Why.NOT_FLAGGED: "Nenhum contato do cliente está marcado para receber avisos.",
    Why.NO_PHONE: "O contato não tem telefone utilizável.",
    Why.TOO_LITTLE: "O total fica abaixo do saldo mínimo para avisar.",
    Why.TOO_SOON: "O cliente já tem um aviso recente; a etapa sai no próximo fechamento.",
    Why.IN_QUEUE: "A mensagem já está na fila, com o mesmo conteúdo.",
    Why.PROBLEM_TOLD: "Uma mensagem já ficou retida por causa deste dado. Corrija-o no ERP.",
    Why.MODULE_OFF: "O módulo está desligado (em [modulos]).",
    Why.MESSAGE_OFF: "Esta mensagem está desligada (em [[mensagens.situacoes]]).",
    Why.NO_END: "A validade do cashback não é conhecida: preencha EXPIRA_EM no perfil ou cashback_validade_dias.",
    Why.ENDED: "O cashback já perdeu a validade.",
    Why.SAME_PERSON: "A pessoa já recebe por outro cadastro, com o mesmo telefone.",
    Why.NO_ITEMS: "O documento ainda não tem itens no ERP; sai quando tiver.",
}

WHY_NOT_OPEN: Final[Mapping[TitleState, Why]] = {
    TitleState.PAID: Why.PAID,
    TitleState.RENEGOTIATED: Why.RENEGOTIATED,
    TitleState.CANCELLED: Why.CANCELLED,
}


def switched_off(choices: Choices, module: str, kind: str) -> Why | None:
    """Which switch of the shop's keeps a message from being written, None when both are on (G22)."""
    if bare(module) in choices.off:
        return Why.MODULE_OFF
    situation = find_situation(module, kind)
    return Why.MESSAGE_OFF if situation is not None and not choices.sends(situation) else None


@dataclass(frozen=True, slots=True)
class Skipped:
    """Titles of a customer that get no message, or no further one. ``amount`` is what they owe, in reais.

    ``titles`` is 0 where only a contact is left out and the customer is told through another one.
    """

    company: str
    customer: Customer
    reason: str
    code: Why
    titles: int = 0
    amount: Decimal = Decimal("0.00")
