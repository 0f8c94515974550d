"""Changes to ``config.toml`` made by the program: comments and order stay as people wrote them.

A change is written only when the settings that it makes can be used, and never over one that somebody else made
meanwhile. The file as it was is kept beside it (``config.anterior.toml``).
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from integrator.domain.errors import SettingsError
from integrator.settings import Settings
from integrator.settings.environment import PREFIX

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

BACKUP: Final = "config.anterior.toml"
#: What the configured file may hold: plain values, lists, and tables of these.
Value = Any
Check = Callable[[Settings], None]


class ConfigChanged(SettingsError):
    """Somebody changed the file since it was read; what was to be saved is not written."""

    title = "A configuração mudou"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The file as read. ``version`` names its content (empty: there is no file); ``text`` may not be valid."""

    text: str
    version: str


class ConfigFile:
    """``config.toml`` of one installation. Used by any thread; two changes at once exclude each other by version."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Snapshot:
        """What is on the disk now. Raises :class:`SettingsError` for a file that cannot be read."""
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            return Snapshot("", "")
        except OSError as error:
            raise SettingsError(
                f"Não consegui ler o arquivo de configuração {self.path}. Confira a permissão da pasta.",
                detail=repr(error),
            ) from error
        return Snapshot(raw.decode("utf-8-sig", "replace"), hashlib.sha256(raw).hexdigest()[:16])

    def settings(self) -> Settings:
        """The settings of the file with the environment over them. Raises :class:`SettingsError`."""
        return Settings.load(self.path) if self.path.exists() else Settings.of_text("", self.path)

    def change(
        self, edit: Callable[[TOMLDocument], None], *, expected: str | None = None, check: Check | None = None
    ) -> Settings:
        """Apply ``edit`` and write the file; the new settings.

        ``expected`` is the version that the person saw. ``check`` raises :class:`SettingsError` for settings that are
        well written and cannot be used all the same. Raises that error, with nothing written, and
        :class:`ConfigChanged`.
        """
        import tomlkit

        before = self.read()
        if expected is not None and before.version != expected:
            raise ConfigChanged(
                "Alguém mudou a configuração enquanto esta página estava aberta. Abra a página de novo, confira e "
                "salve outra vez."
            )
        Settings.of_text(before.text, self.path)  # a file that is already wrong is told, not rewritten
        document = tomlkit.parse(before.text)
        edit(document)
        after = tomlkit.dumps(document)
        settings = Settings.of_text(after, self.path)
        if check is not None:
            check(settings)
        if after != before.text:
            self._write(before, after)
        return settings

    def _write(self, before: Snapshot, after: str) -> None:
        """The new content takes the place of the old one whole, whatever happens to the computer meanwhile."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if before.version:
                _replace(self.path.with_name(BACKUP), before.text)
            _replace(self.path, after)
        except OSError as error:
            raise SettingsError(
                f"Não consegui gravar {self.path}. Confira se a pasta aceita gravação e se há espaço em disco; nada "
                "foi mudado.",
                detail=repr(error),
            ) from error


def put(document: TOMLDocument, path: Sequence[str], value: Value) -> None:
    """Set ``[a.b] key`` to ``value``; its line, with what is commented beside it, stays where it was.

    A mapping or a list of mappings replaces the whole table or list of tables.
    """
    import tomlkit

    *sections, key = path
    table: Any = document
    for name in sections:
        if name not in table:
            table[name] = tomlkit.table()
        table = table[name]
    if isinstance(value, list | tuple) and value and all(isinstance(item, Mapping) for item in value):
        if key in table:
            del table[key]
        tables = tomlkit.aot()
        for item in value:
            tables.append(_table(item))
        table[key] = tables
    elif isinstance(value, Mapping):
        table[key] = _table(value)
    else:
        table[key] = list(value) if isinstance(value, tuple) else value


def remove(document: TOMLDocument, path: Sequence[str]) -> None:
    """Take the key away, so that its default counts; one that is not there is no error."""
    *sections, key = path
    table: Any = document
    for name in sections:
        if name not in table:
            return
        table = table[name]
    if key in table:
        del table[key]


def fixed_by_environment(path: Sequence[str], environ: Mapping[str, str] | None = None) -> str:
    """The variable of the environment that wins over this key of the file, or empty: the file cannot change it."""
    name = PREFIX + "__".join(path).upper()
    known = environ if environ is not None else os.environ
    return next((each for each in known if each.upper() == name), "")


def _table(values: Mapping[str, Value]) -> Any:
    import tomlkit

    table = tomlkit.table()
    for key, value in values.items():
        if value is not None:
            table[key] = list(value) if isinstance(value, tuple) else value
    return table


def _replace(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="", dir=path.parent, prefix=f"{path.stem}-", suffix=".tmp", delete=False
    ) as scratch:
        written = Path(scratch.name)
        try:
            scratch.write(text)
            scratch.flush()
            os.fsync(scratch.fileno())
        except BaseException:
            scratch.close()
            written.unlink(missing_ok=True)
            raise
    try:
        if path.exists():
            written.chmod(path.stat().st_mode & 0o777)
        written.replace(path)
    except BaseException:
        written.unlink(missing_ok=True)
        raise
