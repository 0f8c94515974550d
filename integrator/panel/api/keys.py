"""Keys of the API: a token that is shown once, kept as SHA-256, with what it may do and on which database."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from integrator.panel.accounts.sessions import hashed
from integrator.panel.store import PanelStore

_PREFIX: Final = "itg"
_TOKEN: Final = re.compile(r"itg_[0-9a-f]{10}_[\w-]{43}", re.ASCII)
_TOUCH_EVERY: Final = timedelta(minutes=1)
_COLUMNS: Final = "id, name, actions, database, per_second, created_by, created_at, used_at, revoked_at"


class Action(StrEnum):
    """What a key may be allowed."""

    SEND = "enviar"
    LOOK = "consultar"
    CANCEL = "cancelar"

    @property
    def about(self) -> str:
        """As the owner reads it."""
        return _ABOUT[self]


_ABOUT: Final = {
    Action.SEND: "pôr mensagens na fila, liberar, confirmar, registrar consentimento e retomar o envio",
    Action.LOOK: "ler mensagens, situação do envio e consentimentos",
    Action.CANCEL: "cancelar mensagens e pausar o envio",
}


@dataclass(frozen=True, slots=True)
class KeyPlan:
    """What the owner asks for. ``database`` is a name of the configuration, empty for all of them."""

    name: str
    actions: frozenset[Action]
    database: str
    per_second: int


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is kept. ``id`` is the part of its token that may be seen."""

    id: str
    plan: KeyPlan
    created_by: str
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    @property
    def shown(self) -> str:
        """The beginning of its token, by which people tell keys apart."""
        return f"{_PREFIX}_{self.id}_…"


class ApiKeys:
    """All keys. Used by any thread."""

    def __init__(self, store: PanelStore) -> None:
        self._store = store

    def create(self, plan: KeyPlan, by: str, now: datetime) -> tuple[ApiKey, str]:
        """A new key, and its token, which nobody can read again."""
        key_id = secrets.token_hex(5)
        token = f"{_PREFIX}_{key_id}_{secrets.token_urlsafe(32)}"
        actions = " ".join(sorted(plan.actions))
        with self._store.change() as db:
            db.execute(
                "INSERT INTO api_key (id, token, name, actions, database, per_second, created_by, created_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (key_id, hashed(token), plan.name, actions, plan.database, plan.per_second, by, now.isoformat()),
            )
        return ApiKey(key_id, plan, by, now, None, None), token

    def find(self, token: str, now: datetime) -> ApiKey | None:
        """The key of a token; None for one that was never given out, or was revoked."""
        if not _TOKEN.fullmatch(token):
            return None
        sql = f"SELECT {_COLUMNS} FROM api_key WHERE token = ? AND revoked_at IS NULL"
        found = self._store.read(sql, (hashed(token),))
        if not found:
            return None
        key = _key(*found[0])
        if key.used_at is None or now - key.used_at >= _TOUCH_EVERY:
            with self._store.change() as db:
                db.execute("UPDATE api_key SET used_at = ? WHERE id = ?", (now.isoformat(), key.id))
        return key

    def get(self, key_id: str) -> ApiKey | None:
        """The key of that id, revoked or not."""
        found = self._store.read(f"SELECT {_COLUMNS} FROM api_key WHERE id = ?", (key_id,))
        return _key(*found[0]) if found else None

    def all(self) -> tuple[ApiKey, ...]:
        """Those that may be used first, then the revoked ones, each the newest first."""
        sql = f"SELECT {_COLUMNS} FROM api_key ORDER BY revoked_at IS NOT NULL, created_at DESC, rowid DESC"
        return tuple(_key(*row) for row in self._store.read(sql))

    def revoke(self, key_id: str, now: datetime) -> bool:
        """From now on its token is refused, and nobody is called back for it; False for one that already was."""
        with self._store.change() as db:
            done = db.execute(
                "UPDATE api_key SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", (now.isoformat(), key_id)
            )
            db.execute("DELETE FROM api_callback WHERE key = ?", (key_id,))
            return done.rowcount == 1


def _key(
    key_id: str,
    name: str,
    actions: str,
    database: str,
    per_second: int,
    *rest: str | None,
) -> ApiKey:
    created_by, created_at, used_at, revoked_at = rest
    plan = KeyPlan(name, frozenset(map(Action, actions.split())), database, per_second)
    created = _moment(created_at)
    assert created is not None
    return ApiKey(key_id, plan, created_by or "", created, _moment(used_at), _moment(revoked_at))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
