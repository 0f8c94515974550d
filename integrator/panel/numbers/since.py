"""Since when a number is as it is, by the panel's own memory: neither engine nor database keeps it."""

from __future__ import annotations

from datetime import datetime

from integrator.panel.store import PanelStore
from integrator.sending.gateway import GatewayState


def state_since(
    store: PanelStore, shop: str, instance: str, state: GatewayState | None, now: datetime
) -> datetime | None:
    """When the number was first seen in this state; None for one of which nothing is known."""
    if state is None:
        return None
    found = store.read("SELECT state, since FROM number_state WHERE shop = ? AND name = ?", (shop, instance))
    if found and found[0][0] == state.value:
        return datetime.fromisoformat(found[0][1])
    with store.change() as db:
        db.execute(
            "INSERT OR REPLACE INTO number_state (shop, name, state, since) VALUES (?, ?, ?, ?)",
            (shop, instance, state.value, now.isoformat()),
        )
    return now
