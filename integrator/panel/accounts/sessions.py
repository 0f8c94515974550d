"""Sessions: an opaque token in the browser's cookie, its hash in the store, gone at once when somebody signs out."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from integrator.panel.access import THIS_COMPUTER, Member, Role
from integrator.panel.store import PanelStore

COOKIE: Final = "integrador_sessao"
IDLE: Final = timedelta(hours=12)
LONGEST: Final = timedelta(days=30)
_TOUCH_EVERY: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. ``id`` is the hash of its token; ``csrf`` must come with everything that it posts."""

    id: str
    member: Member
    csrf: str


class Sessions:
    """All sessions. Used by any thread."""

    def __init__(self, store: PanelStore) -> None:
        self._store = store

    def open(self, member: Member, now: datetime, *, address: str, agent: str) -> str:
        """Sign in; the token for the cookie."""
        token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        at = now.isoformat()
        with self._store.change() as db:
            db.execute("DELETE FROM session WHERE used_at < ? OR opened_at < ?", _limits(now))
            db.execute(
                "INSERT INTO session (token, member, csrf, opened_at, used_at, address, agent) VALUES (?,?,?,?,?,?,?)",
                (hashed(token), member.id or None, csrf, at, at, address, agent[:200]),
            )
        return token

    def find(self, token: str, now: datetime) -> Session | None:
        """The session of a cookie; None for one that ended, or whose person may no longer come in."""
        if not token:
            return None
        found = self._store.read(
            "SELECT s.token, s.csrf, s.used_at, s.member, m.login, m.name, m.role, m.active FROM session s "
            "LEFT JOIN member m ON m.id = s.member WHERE s.token = ? AND s.used_at >= ? AND s.opened_at >= ?",
            (hashed(token), *_limits(now)),
        )
        if not found:
            return None
        key, csrf, used_at, member_id, login, name, role, active = found[0]
        if member_id is not None and not active:
            return None
        if now - datetime.fromisoformat(used_at) > _TOUCH_EVERY:
            with self._store.change() as db:
                db.execute("UPDATE session SET used_at = ? WHERE token = ?", (now.isoformat(), key))
        member = THIS_COMPUTER if member_id is None else Member(member_id, login, name, Role(role))
        return Session(key, member, csrf)

    def close(self, session_id: str) -> None:
        """Sign out."""
        with self._store.change() as db:
            db.execute("DELETE FROM session WHERE token = ?", (session_id,))

    def close_all(self, member_id: int, *, but: str = "") -> None:
        """Sign that person out everywhere, except in the session ``but``."""
        with self._store.change() as db:
            db.execute("DELETE FROM session WHERE member = ? AND token <> ?", (member_id, but))


def hashed(token: str) -> str:
    """What is kept of a token: it is long and random, so that a plain hash cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()


def _limits(now: datetime) -> tuple[str, str]:
    return (now - IDLE).isoformat(), (now - LONGEST).isoformat()
