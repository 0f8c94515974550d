"""Keeps what was typed: the password where passwords are kept, the rest in ``config.toml``; both or neither."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from integrator.desktop.connection.fields import Fields, Key
from integrator.desktop.connection.stored import OTHERS, SECTION, Stored
from integrator.domain.errors import SettingsError
from integrator.erp.schema.user import USER
from integrator.secrets import Source, delete_secret, read_secret, store_secret
from integrator.settings.editing import ConfigFile, put
from integrator.settings.sections import DatabaseSettings

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_NO_ROOM: Final = (
    "Não consegui guardar a senha: o cofre de senhas do sistema não a aceitou, e a pasta de dados não deixa gravar. "
    "Confira a permissão da pasta e o espaço em disco; nada foi mudado."
)


@dataclass(frozen=True, slots=True)
class Saved:
    """``kept``: where the password is now, None when none was typed. ``fell_back``: it should be in the keyring."""

    kept: Source | None = None
    fell_back: bool = False


class Keeper(Protocol):
    """Where the window's passwords go."""

    def keep(self, name: str, password: str) -> tuple[Callable[[], object], Saved]:
        """Keep it; how to take it back, and where it went. Raises :class:`IntegratorError` with nothing changed."""
        ...


class OwnKeeper:
    """This user's keyring, or the protected file where there is none."""

    def keep(self, name: str, password: str) -> tuple[Callable[[], object], Saved]:
        old = _readable(name)
        try:
            kept = store_secret(name, password)
        except OSError as error:
            raise SettingsError(_NO_ROOM, detail=repr(error)) from error

        def undo() -> None:
            if old is None:
                delete_secret(name)
            else:
                store_secret(name, old)

        return undo, Saved(kept, fell_back=kept is Source.FILE)


@dataclass(frozen=True, slots=True)
class ServiceKeeper:
    """The service, which alone may read and write its passwords: what was there before cannot be put back."""

    store: Callable[[str, str], Source]

    def keep(self, name: str, password: str) -> tuple[Callable[[], object], Saved]:
        return _nothing, Saved(self.store(name, password))


def save(
    config: ConfigFile, before: Stored, fields: Fields, password: str, *, keeper: Keeper, over: bool = False
) -> Saved:
    """Keep tidied fields that have no problems; an empty ``password`` leaves the one that is kept.

    ``over``: what others changed in the file meanwhile stays, except for what was changed here, too. Raises
    :class:`SettingsError` with nothing changed, and :class:`~integrator.settings.editing.ConfigChanged`.
    """
    undo, saved = keeper.keep(before.secret, password) if password else (_nothing, Saved())
    try:
        config.change(lambda document: _write(document, before, fields), expected=None if over else before.version)
    except BaseException:
        undo()
        raise
    return saved


def adopt_user(config: ConfigFile, before: Stored, password: str, *, keeper: Keeper) -> Saved:
    """Connect as the least-privilege user from now on, whose password was just made.

    The user belongs to the server: its other databases that already connect so get the password, too; those that had
    the main database's keep the one that they had. Raises as :func:`save` does.
    """
    settings = config.settings()
    for other in settings.databases:
        if other.name != before.name:
            _spare(other, before, password, keeper)
    fields = replace(before.fields, user=USER)
    return save(config, before, fields, password, keeper=keeper, over=True)


def _spare(other: DatabaseSettings, before: Stored, password: str, keeper: Keeper) -> None:
    same_server = (other.server, str(other.port)) == (before.fields.server, before.fields.port)
    if same_server and other.user.upper() == USER:
        keeper.keep(other.secret, password)
    elif before.is_main and not _has_own(other.secret):
        keeper.keep(other.secret, before.password.value)


def _readable(name: str) -> str | None:
    """What is kept; one that cannot be read is worth nothing, and the new one takes its place."""
    try:
        return read_secret(name)
    except SettingsError:
        return None


def _has_own(name: str) -> bool:
    """Whether somebody kept one, be it that it cannot be read."""
    try:
        return read_secret(name) is not None
    except SettingsError:
        return True


def _nothing() -> None:
    """There is nothing to take back."""


def _write(document: TOMLDocument, before: Stored, fields: Fields) -> None:
    changed = {
        key: _value(fields, key)
        for key in Key
        if key not in before.fixed and fields.value(key) != before.fields.value(key)
    }
    if before.is_main:
        for key, value in changed.items():
            put(document, (SECTION, key.value), value)
        return
    tables: list[dict[str, Any]] = [dict(table) for table in document[OTHERS]]
    for table in tables:
        if table["nome"] == before.name:
            table.update({key.value: value for key, value in changed.items()})
    put(document, (OTHERS,), [{"nome": table["nome"], **table} for table in tables])


def _value(fields: Fields, key: Key) -> str | int:
    return int(fields.port) if key is Key.PORT else fields.value(key)
