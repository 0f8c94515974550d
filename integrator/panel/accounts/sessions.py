"""Sessions: an opaque token in the browser's cookie, its hash in the store, gone at once when somebody signs out."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from integrator.panel.access import LOCAL_ID, THIS_COMPUTER, Member, Role
from integrator.panel.store import PanelStore

COOKIE: Final = "integrador_sessao"
#: Under TLS: browsers take a cookie of that name only from this very host, and over TLS.
SECURE_COOKIE: Final = f"__Host-{COOKIE}"
IDLE: Final = timedelta(hours=12)
LONGEST: Final = timedelta(days=30)
_TOUCH_EVERY: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. ``id`` is the hash of its token; ``csrf`` must come with everything that it posts."""

    id: str
    member: Member
    csrf: str


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A browser that is signed in, for people to look at. ``who``: its person's name."""

    id: str
    member_id: int
    who: str
    opened_at: datetime
    used_at: datetime
    address: str
    agent: str

    @property
    def browser(self) -> str:
        """Browser and system as people know them."""
        return browser_of(self.agent)


class Sessions:
    """All sessions. Used by any thread."""

    def __init__(self, store: PanelStore, ended: Callable[[], None] = lambda: None) -> None:
        """``ended`` is called when sessions were closed: their open pages must not go on telling."""
        self._store = store
        self._ended = ended

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

    def find(self, token: str, now: datetime, *, by_itself: bool = False) -> Session | None:
        """The session of a cookie; None for one that ended, or whose person may no longer come in.

        What an open page asks ``by_itself`` is no sign that a person is there, and does not keep the session.
        """
        if not token:
            return None
        found = self._store.read(
            "SELECT s.token, s.csrf, s.used_at, s.member, m.login, m.name, m.role, m.active, m.provisional "
            "FROM session s LEFT JOIN member m ON m.id = s.member "
            "WHERE s.token = ? AND s.used_at >= ? AND s.opened_at >= ?",
            (hashed(token), *_limits(now)),
        )
        if not found:
            return None
        key, csrf, used_at, member_id, login, name, role, active, provisional = found[0]
        if member_id is not None and not active:
            return None
        if not by_itself and now - datetime.fromisoformat(used_at) > _TOUCH_EVERY:
            with self._store.change() as db:
                db.execute("UPDATE session SET used_at = ? WHERE token = ?", (now.isoformat(), key))
        member = THIS_COMPUTER if member_id is None else Member(member_id, login, name, Role(role), bool(provisional))
        return Session(key, member, csrf)

    def open_ones(self, now: datetime, member_id: int | None = None) -> tuple[OpenSession, ...]:
        """Those that are open, the last used first; of that person only when one is named."""
        rows = self._store.read(
            "SELECT s.token, s.member, COALESCE(m.name, ?), s.opened_at, s.used_at, s.address, s.agent FROM session s "
            "LEFT JOIN member m ON m.id = s.member WHERE s.used_at >= ? AND s.opened_at >= ? "
            "AND (? IS NULL OR COALESCE(s.member, 0) = ?) ORDER BY s.used_at DESC, s.opened_at DESC",
            (THIS_COMPUTER.name, *_limits(now), member_id, member_id),
        )
        return tuple(
            OpenSession(
                key, owner or LOCAL_ID, who, datetime.fromisoformat(opened), datetime.fromisoformat(used), *from_where
            )
            for key, owner, who, opened, used, *from_where in rows
        )

    def close(self, session_id: str) -> None:
        """Sign out."""
        with self._store.change() as db:
            db.execute("DELETE FROM session WHERE token = ?", (session_id,))
        self._ended()


_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    *(("Android", "no Android"), ("iPhone", "no iPhone"), ("iPad", "no iPad"), ("Windows", "no Windows")),
    *(("Mac OS", "no Mac"), ("Linux", "no Linux")),
)


def browser_of(agent: str) -> str:
    """What a ``User-Agent`` stands for: “Chrome no Windows”."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "Navegador")
    return " ".join((browser, next((name for sign, name in _SYSTEMS if sign in agent), ""))).strip()


def hashed(token: str) -> str:
    """What is kept of a token: it is long and random, so that a plain hash cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()


def cookie_name(secure: bool) -> str:
    """By which name the session's token is kept in the browser."""
    return SECURE_COOKIE if secure else COOKIE


def _limits(now: datetime) -> tuple[str, str]:
    return (now - IDLE).isoformat(), (now - LONGEST).isoformat()
