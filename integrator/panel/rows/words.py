"""What pages say about a row's life: why nothing can be done with it, what would happen to it, who did what."""

from __future__ import annotations

import re
from typing import Final

from integrator.domain.lifecycle import State
from integrator.domain.message import Origin
from integrator.erp.desk_deeds import BY_PERSON, SENT_FIRST
from integrator.erp.desk_row import RowEvent, RowFacts
from integrator.erp.held import BY_ANSWER
from integrator.messages.formatting import format_datetime
from integrator.panel.rows.compose import Made, asks_first, obstacle, test_number
from integrator.panel.visit import Visit

_OURS: Final = "WAGATE"
#: An installation's name in the queue: its first half tells several computers apart.
_OWNER = re.compile(r"([0-9a-f]{8})-[0-9a-f]{12}")
_CLOSING: Final = "fechamento"
_ACTIONS: Final = {
    "situacao": "mudou de situação",
    "mudanca_recusada": "mudança recusada",
    "cancelar_pedido": "o ERP pediu para cancelar",
    "titulo_mudou": "o ERP mudou um título",
    BY_PERSON: "decisão de uma pessoa",
    SENT_FIRST: "posta na frente",
    BY_ANSWER: "o cliente aceitou receber",
}
#: States in which a person decides something.
DECIDABLE: Final = frozenset({State.DRAFT, State.AWAITING, State.PENDING, State.HELD, State.UNCERTAIN})
#: States whose rows left, or may have: what was posted is shown, not what would be.
LEFT: Final = frozenset({State.SENDING, State.SENT, State.DELIVERED, State.READ, State.FAILED, State.UNCERTAIN})
_NOTHING_TO_DO: Final = {
    State.RESERVED: "O integrador está preparando esta mensagem agora. Espere alguns segundos.",
    State.SENDING: "Esta mensagem está saindo agora.",
    State.FAILED: (
        "Uma mensagem que falhou não volta para a fila: parte dela pode ter saído, e o cliente receberia de novo. "
        "Corrija o que o motivo diz e, se ainda fizer sentido, mande uma nova pelo ERP."
    ),
    State.CANCELLED: "Mensagem cancelada não sai mais. Se ainda fizer sentido, mande uma nova pelo ERP.",
    State.EXPIRED: "O prazo passou antes de ela sair. Se ainda fizer sentido, mande uma nova pelo ERP.",
}


def nothing_to_do(state: State) -> str:
    """Why a row in that state offers nothing to decide; empty where it does, or needs nothing."""
    return _NOTHING_TO_DO.get(state, "")


def what_happens(visit: Visit, facts: RowFacts, made: Made) -> list[str]:
    """What would become of a row that has not left, in the order in which the engine finds out."""
    state = facts.row.state
    if state in (State.CANCELLED, State.EXPIRED):
        return ["Esta mensagem não sai. Abaixo está o que ela diria."] if made.composed else []
    told = ["O ERP ainda está escrevendo esta mensagem; ela só entra na fila quando ele a liberar."]
    if state is not State.DRAFT:
        told = []
    if facts.erp_error:
        told.append(f"O ERP não conseguiu gravar a mensagem por inteiro: {facts.erp_error}")
    if made.problem:
        return [*told, f"Se saísse agora, ficaria retida: {made.problem}"]
    if made.pointless:
        return [*told, f"Se saísse agora, seria cancelada: {made.pointless}"]
    if made.message is None:
        return told
    held = obstacle(visit.shop, made.message)
    if held:
        return [*told, f"Se saísse agora, ficaria retida: {held}"]
    if state is not State.AWAITING and asks_first(visit.shop, made.message):
        told.append("A loja quer confirmar mensagens deste tipo: antes de sair, ela espera em Confirmar.")
    number = test_number(visit.shop)
    if number:
        told.append(f"Modo de teste: sai para {number}, e não para o cliente.")
    if facts.row.not_before and facts.row.not_before > visit.now:
        told.append(f"Sai a partir de {format_datetime(facts.row.not_before)}.")
    return told


def event_name(event: RowEvent) -> str:
    """What happened, for people; an action of a newer program as it is written."""
    return _ACTIONS.get(event.action, event.action)


def event_who(event: RowEvent) -> str:
    """Who did it: a person's name, the integrator's, or the database's user."""
    owner = _OWNER.fullmatch(event.who)
    return f"Integrador {owner[1]}" if owner else "Integrador" if event.who.upper() == _OURS else event.who


def came_from(origin: Origin) -> str:
    """Our own closing, or the ERP."""
    return "fechamento do integrador" if origin.rule == _CLOSING else "ERP"
