"""Receipts applied to parts and rows: what was sent after all, delivered, read or refused late. Never backwards."""

from __future__ import annotations

from integrator.domain.lifecycle import State, origins_of
from integrator.erp.connection import Session
from integrator.erp.rows import storable
from integrator.erp.sql import QUERIES
from integrator.sending.gateway import Receipt, ReceiptKind
from integrator.sending.ports import PartState

_REASON = 500
_ID = 120
_RECEIVED = {
    ReceiptKind.SENT: (PartState.SENT, State.SENT),
    ReceiptKind.DELIVERED: (PartState.DELIVERED, State.DELIVERED),
    ReceiptKind.READ: (PartState.READ, State.READ),
    ReceiptKind.FAILED: (PartState.FAILED, State.FAILED),
}
#: States of its parts with which a row has got there.
_REACHED = {
    State.SENT: {PartState.SENT.value, PartState.DELIVERED.value, PartState.READ.value},
    State.DELIVERED: {PartState.DELIVERED.value, PartState.READ.value},
    State.READ: {PartState.READ.value},
}
#: A receipt counts only when it goes further than what is known: delivered and read parts do not fail afterwards.
_PROGRESS = {
    PartState.UNCERTAIN: 1,
    PartState.SENT: 2,
    PartState.FAILED: 3,
    PartState.DELIVERED: 3,
    PartState.READ: 4,
}


def receive(session: Session, receipt: Receipt) -> bool:
    """Apply a receipt; False when no part has its id. A row that is being posted takes its news when that is over."""
    # The program of whoever got a message writes its receipts: an id that no column holds is no part's.
    ours = receipt.provider_id.isascii() and len(receipt.provider_id) <= _ID
    found = session.row(QUERIES["part_of_receipt"], (receipt.provider_id,)) if ours else None
    if found is None:
        return False
    part_id, row_id, part_state, row_state = (
        int(found[0]),
        int(found[1]),
        PartState(found[2].strip()),
        State(found[3].strip()),
    )
    new_part, new_row = _RECEIVED[receipt.kind]
    if _PROGRESS.get(new_part, 0) <= _PROGRESS.get(part_state, 0) or row_state is State.SENDING:
        return True
    delivered = receipt.at if new_part in (PartState.DELIVERED, PartState.READ) else None
    read = receipt.at if new_part is PartState.READ else None
    reason = storable(receipt.reason, _REASON) or None
    session.execute(QUERIES["part_received"], (new_part.value, delivered, read, reason, part_id))
    states = {state.strip(): int(count) for state, count in session.rows(QUERIES["part_states"], (row_id,))}
    target = _row_after(states, new_row)
    leaves_doubt = target is not State.SENT or row_state is State.UNCERTAIN
    if target is not None and leaves_doubt and row_state in origins_of(target):
        session.execute(
            QUERIES["row_received"], (target.value, delivered, read, reason, receipt.at, row_id, row_state.value)
        )
    return True


def _row_after(parts: dict[str, int], told: State) -> State | None:
    """A row is sent, delivered or read when all of its parts are; one failed part fails it."""
    if told is State.FAILED:
        return State.FAILED
    return told if set(parts) <= _REACHED[told] else None
