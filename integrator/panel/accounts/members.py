"""People with an account: made, changed, kept out and let in again. There is always somebody left who may do it all."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from integrator.domain.errors import IntegratorError
from integrator.panel.access import Member, Role
from integrator.panel.accounts.passwords import hash_password, matches, outdated
from integrator.panel.store import PanelStore

LONGEST_NAME: Final = 80
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{2,39}")
_FIELDS: Final = "id, login, name, role, active, provisional, created_at"


class LastOwner(IntegratorError):
    """The only owner would be kept out, or would be owner no more."""

    title = "É o único dono"


class LoginTaken(IntegratorError):
    """Somebody else has that login."""

    title = "Este login já existe"


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in while ``active``."""

    id: int
    login: str
    name: str
    role: Role
    active: bool
    provisional: bool
    created_at: datetime

    @property
    def member(self) -> Member:
        """As who is signed in."""
        return Member(self.id, self.login, self.name, self.role, self.provisional)


class Members:
    """All accounts. Used by any thread."""

    def __init__(self, store: PanelStore) -> None:
        self._store = store

    def all(self) -> tuple[Account, ...]:
        """Those who may come in first, each group by name."""
        return self._select("ORDER BY active DESC, name COLLATE NOCASE, id")

    def of(self, member_id: int) -> Account | None:
        """That one."""
        return next(iter(self._select("WHERE id = ?", member_id)), None)

    def has_owner(self) -> bool:
        """Whether an owner may sign in."""
        return bool(self._select("WHERE active = 1 AND role = ? LIMIT 1", int(Role.OWNER)))

    def signed_in(self, login: str, password: str) -> Account | None:
        """Who that is; None for an unknown login, a wrong password or a deactivated account, all in the same time."""
        rows = self._store.read("SELECT id, password FROM member WHERE login = ?", (login.lower(),))
        member_id, kept = rows[0] if rows else (0, None)
        if not matches(kept, password):
            return None
        account = self.of(member_id)
        if account is None or not account.active:
            return None
        if outdated(kept):
            anew = hash_password(password)
            with self._store.change() as db:
                db.execute("UPDATE member SET password = ? WHERE id = ? AND password = ?", (anew, member_id, kept))
        return account

    def has_password(self, member_id: int, password: str) -> bool:
        """Whether that is the person's password now."""
        rows = self._store.read("SELECT password FROM member WHERE id = ?", (member_id,))
        return matches(rows[0][0] if rows else None, password)

    def first_owner(self, login: str, name: str, password: str, now: datetime) -> Account | None:
        """The account of the first owner; None when there is one already."""
        kept = hash_password(password)
        with self._store.change() as db:
            if self.has_owner():
                return None
            made = _insert(db, login, name, Role.OWNER, kept, now, provisional=False)
        return self.of(made)

    def add(self, login: str, name: str, role: Role, password: str, now: datetime) -> Account:
        """A new person, with a password to be changed at the first sign-in. Raises :class:`LoginTaken`."""
        kept = hash_password(password)
        with self._store.change() as db:
            made = _insert(db, login, name, role, kept, now, provisional=True)
        account = self.of(made)
        assert account is not None
        return account

    def edit(self, member_id: int, *, name: str, role: Role) -> None:
        """Another name or role, in force at the next click of that person. Raises :class:`LastOwner`."""
        with self._store.change() as db:
            if role is not Role.OWNER:
                self._leave_an_owner(member_id)
            db.execute("UPDATE member SET name = ?, role = ? WHERE id = ?", (name, int(role), member_id))

    def set_active(self, member_id: int, active: bool) -> None:
        """Keep out, signed out everywhere at once, or let in again. Raises :class:`LastOwner`."""
        with self._store.change() as db:
            if not active:
                self._leave_an_owner(member_id)
                db.execute("DELETE FROM session WHERE member = ?", (member_id,))
            db.execute("UPDATE member SET active = ? WHERE id = ?", (int(active), member_id))

    def set_password(self, member_id: int, password: str, *, provisional: bool = False) -> None:
        """Another password; whoever was signed in with the old one is out everywhere."""
        kept = hash_password(password)
        with self._store.change() as db:
            db.execute(
                "UPDATE member SET password = ?, provisional = ? WHERE id = ?", (kept, int(provisional), member_id)
            )
            db.execute("DELETE FROM session WHERE member = ?", (member_id,))

    def _leave_an_owner(self, member_id: int) -> None:
        owners = self._select("WHERE active = 1 AND role = ?", int(Role.OWNER))
        if [each.id for each in owners] == [member_id]:
            raise LastOwner(
                "Esta pessoa é o único dono que pode entrar no painel. Dê antes o papel de dono a outra pessoa."
            )

    def _select(self, rest: str, *parameters: object) -> tuple[Account, ...]:
        rows = self._store.read(f"SELECT {_FIELDS} FROM member {rest}", parameters)
        return tuple(
            Account(key, login, name, Role(role), bool(active), bool(provisional), datetime.fromisoformat(created))
            for key, login, name, role, active, provisional, created in rows
        )


def wrong_login(login: str) -> str:
    """Why it cannot be a login, or empty. Logins are kept in lower case."""
    if _LOGIN.fullmatch(login):
        return ""
    return "Use de 3 a 40 letras minúsculas sem acento, números, ponto, traço ou @, sem espaços."


def wrong_name(name: str) -> str:
    """Why it cannot be a person's name, or empty."""
    if not name:
        return "Escreva o nome."
    if len(name) > LONGEST_NAME:
        return f"Use no máximo {LONGEST_NAME} letras."
    return "" if name.isprintable() else "O nome tem sinais que não aparecem na tela. Digite-o de novo."


def _insert(
    db: sqlite3.Connection, login: str, name: str, role: Role, kept: str, now: datetime, *, provisional: bool
) -> int:
    taken = db.execute("SELECT 1 FROM member WHERE login = ?", (login,)).fetchone()
    if taken:
        raise LoginTaken("Já existe uma pessoa com este login. Escolha outro.")
    made = db.execute(
        "INSERT INTO member (login, name, role, password, provisional, created_at) VALUES (?, ?, ?, ?, ?, ?)",
        (login, name, int(role), kept, int(provisional), now.isoformat()),
    )
    assert made.lastrowid is not None
    return made.lastrowid
