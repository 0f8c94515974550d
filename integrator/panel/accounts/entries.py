"""One-time links: who can read this computer's data folder comes in without a password: once, within two minutes."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

from integrator.panel.accounts.sessions import hashed
from integrator.panel.store import PanelStore

LASTS: Final = timedelta(minutes=2)


class Entries:
    """Links that were made and not yet used; only their hashes are kept."""

    def __init__(self, store: PanelStore) -> None:
        self._store = store

    def create(self, now: datetime) -> str:
        """The token of a new link."""
        token = secrets.token_urlsafe(32)
        with self._store.change() as db:
            db.execute("DELETE FROM entry WHERE expires_at < ?", (now.isoformat(),))
            db.execute(
                "INSERT INTO entry (token, expires_at) VALUES (?, ?)", (hashed(token), (now + LASTS).isoformat())
            )
        return token

    def use(self, token: str, now: datetime) -> bool:
        """Whether it opens the door: the first time only, and not too late."""
        with self._store.change() as db:
            used = db.execute("DELETE FROM entry WHERE token = ? AND expires_at >= ?", (hashed(token), now.isoformat()))
            return used.rowcount == 1
