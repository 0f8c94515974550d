"""The login limit: after a few failures each further try has to wait, by account and by address.

A try counts as failed from its beginning, so that a thousand at once are a thousand; success takes it back. While one
has to wait nothing is tried and nothing is counted: an account is never closed for longer than :data:`_LONGEST`, and
the link of the computer itself does not pass here at all.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from integrator.panel.accounts.sessions import hashed
from integrator.panel.store import PanelStore

FREE_BY_ACCOUNT: Final = 5
FREE_BY_ADDRESS: Final = 10
_FIRST: Final = timedelta(minutes=1)
_LONGEST: Final = timedelta(minutes=15)
_REMEMBERED: Final = timedelta(hours=24)


class LoginLimit:
    """Failures of the last day. Used by any thread."""

    def __init__(self, store: PanelStore) -> None:
        self._store = store

    def begin(self, login: str, address: str, now: datetime) -> timedelta:
        """Count a try, or say how long it has to wait; zero: it may be made."""
        account = _account(login)
        with self._store.change() as db:
            # Failures of the future come from a clock that was wrong: nobody waits for it.
            db.execute(
                "DELETE FROM failed_login WHERE at < ? OR at > ?", ((now - _REMEMBERED).isoformat(), now.isoformat())
            )
            for column, value, free in (("login", account, FREE_BY_ACCOUNT), ("address", address, FREE_BY_ADDRESS)):
                count, last = db.execute(
                    f"SELECT COUNT(*), MAX(at) FROM failed_login WHERE {column} = ?", (value,)
                ).fetchone()
                left = _wait(count, free) - (now - datetime.fromisoformat(last)) if last else timedelta()
                if left > timedelta():
                    return left
            db.execute(
                "INSERT INTO failed_login (login, address, at) VALUES (?, ?, ?)", (account, address, now.isoformat())
            )
        return timedelta()

    def succeeded(self, login: str) -> None:
        """Forget the account's failures."""
        with self._store.change() as db:
            db.execute("DELETE FROM failed_login WHERE login = ?", (_account(login),))

    def next_wait(self, login: str, address: str) -> timedelta:
        """How long whoever just failed has to wait now."""
        waits = (
            _wait(self._store.read(f"SELECT COUNT(*) FROM failed_login WHERE {column} = ?", (value,))[0][0], free)
            for column, value, free in (
                ("login", _account(login), FREE_BY_ACCOUNT),
                ("address", address, FREE_BY_ADDRESS),
            )
        )
        return max(waits)


def told(wait: timedelta) -> str:
    """In whole minutes, as people wait."""
    minutes = max(1, -(-int(wait.total_seconds()) // 60))
    return "1 minuto" if minutes == 1 else f"{minutes} minutos"


def _wait(failures: int, free: int) -> timedelta:
    """None for the first ones, then doubling."""
    if failures < free:
        return timedelta()
    return min(_FIRST * float(2 ** min(failures - free, 10)), _LONGEST)


def _account(login: str) -> str:
    """A digest: where the login is asked for, people type their password by mistake."""
    return hashed(login.strip().lower())
