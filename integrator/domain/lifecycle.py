"""The life of a message row, drawn once and enforced here.

::

    rascunho ──────────────> pendente | aguardando_confirmacao | retida | cancelada | expirada
    aguardando_confirmacao ─> rascunho | pendente | retida | cancelada | expirada
    retida ────────────────> rascunho | pendente | cancelada | expirada
    pendente ──────────────> rascunho | aguardando_confirmacao | reservada | retida | cancelada | expirada
    reservada ─────────────> pendente | retida | cancelada | expirada | enviando | enviada | incerta
    enviando ──────────────> pendente | enviada | falhou | incerta
    incerta ───────────────> cancelada | enviada | entregue | lida | falhou
    enviada ───────────────> entregue | lida | falhou
    entregue ──────────────> lida

Back to ``rascunho``: the ERP is rewriting a row that has not left. ``pendente → aguardando_confirmacao``: the shop
wants to be asked before messages of this kind leave. ``reservada → enviada | incerta``: the journal knows that a row
which a restored backup brought back was already posted. ``enviando → pendente``: a proven refusal, tried later.
``incerta`` is left only by a receipt or by a person. Receipts never move a row backwards. Any other edge is a bug here,
and is refused by the trigger ``WA_FILA_BU`` there.
"""

from __future__ import annotations

from enum import StrEnum

from integrator.domain.errors import IllegalTransition


class State(StrEnum):
    """State of a row of ``WA_FILA``, as stored in its column ``SITUACAO``."""

    DRAFT = "rascunho"
    AWAITING = "aguardando_confirmacao"
    PENDING = "pendente"
    RESERVED = "reservada"
    SENDING = "enviando"
    SENT = "enviada"
    DELIVERED = "entregue"
    READ = "lida"
    HELD = "retida"
    CANCELLED = "cancelada"
    EXPIRED = "expirada"
    FAILED = "falhou"
    UNCERTAIN = "incerta"

    @property
    def label(self) -> str:
        """The state's name as people read it."""
        return "aguardando confirmação" if self is State.AWAITING else self.value


_EDGES: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.PENDING, State.AWAITING, State.HELD, State.CANCELLED, State.EXPIRED}),
    State.AWAITING: frozenset({State.DRAFT, State.PENDING, State.HELD, State.CANCELLED, State.EXPIRED}),
    State.HELD: frozenset({State.DRAFT, State.PENDING, State.CANCELLED, State.EXPIRED}),
    State.PENDING: frozenset({State.DRAFT, State.AWAITING, State.RESERVED, State.HELD, State.CANCELLED, State.EXPIRED}),
    State.RESERVED: frozenset(
        {State.PENDING, State.HELD, State.CANCELLED, State.EXPIRED, State.SENDING, State.SENT, State.UNCERTAIN}
    ),
    State.SENDING: frozenset({State.PENDING, State.SENT, State.FAILED, State.UNCERTAIN}),
    State.UNCERTAIN: frozenset({State.CANCELLED, State.SENT, State.DELIVERED, State.READ, State.FAILED}),
    State.SENT: frozenset({State.DELIVERED, State.READ, State.FAILED}),
    State.DELIVERED: frozenset({State.READ}),
    State.READ: frozenset(),
    State.CANCELLED: frozenset(),
    State.EXPIRED: frozenset(),
    State.FAILED: frozenset(),
}


def can_move(origin: State, target: State) -> bool:
    """Whether the life cycle has the edge ``origin → target``."""
    return target in _EDGES[origin]


def move(origin: State, target: State) -> State:
    """Return ``target``, or raise :class:`IllegalTransition` when the edge does not exist."""
    if not can_move(origin, target):
        raise IllegalTransition(origin.value, target.value)
    return target


def origins_of(target: State) -> tuple[State, ...]:
    """The states from which ``target`` can be reached, in declaration order: what an UPDATE may name in its WHERE."""
    return tuple(state for state in State if target in _EDGES[state])
