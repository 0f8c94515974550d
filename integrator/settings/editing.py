"""Changes to ``config.toml`` made by the program: comments and order stay as people wrote them.

A change is written only when the settings that it makes can be used, and never over one that somebody else made
meanwhile. The file as it was is kept beside it (``config.anterior.toml``).
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from integrator.domain.errors import SettingsError
from integrator.private_file import patiently
from integrator.settings import Settings
from integrator.settings.environment import PREFIX
from integrator.settings.toml_edits import parse, put, remove

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

__all__ = ["BACKUP", "ConfigChanged", "ConfigFile", "Snapshot", "fixed_by_environment", "put", "remove", "replace_file"]

BACKUP: Final = "config.anterior.toml"
Check = Callable[[Settings], None]
_CHANGED: Final = (
    "Alguém mudou a configuração enquanto esta página estava aberta. Abra a página de novo, confira e salve outra vez."
)
_WINDOWS, _PLAIN = "\r\n", "\n"
#: One change at a time in this program; another program is noticed by the file's version.
_CHANGING: Final = threading.Lock()


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

        with _CHANGING:
            before = self.read()
            if expected is not None and before.version != expected:
                raise ConfigChanged(_CHANGED)
            self.settings()  # a file that is already wrong, or not in UTF-8, is told, not rewritten
            document = parse(before.text.replace(_WINDOWS, _PLAIN))
            edit(document)
            after = tomlkit.dumps(document)
            settings = Settings.of_text(after, self.path)
            if check is not None:
                check(settings)
            if _WINDOWS in before.text:
                after = after.replace(_PLAIN, _WINDOWS)
            if after != before.text:
                self._write(before, after)
        return settings

    def _write(self, before: Snapshot, after: str) -> None:
        """The new content takes the place of the old one whole, whatever happens to the computer meanwhile."""
        target = Path(os.path.realpath(self.path))  # a link stays one
        try:
            content = after.encode()
            target.parent.mkdir(parents=True, exist_ok=True)
            if before.version:
                replace_file(target.with_name(BACKUP), target.read_bytes(), like=target)
            if self.read().version != before.version:  # by another program, between our look and now
                raise ConfigChanged(_CHANGED)
            replace_file(target, content, like=target)
        except OSError as error:
            raise SettingsError(
                f"Não consegui gravar {self.path}. Confira se a pasta aceita gravação e se há espaço em disco; nada "
                "foi mudado.",
                detail=repr(error),
            ) from error


def fixed_by_environment(path: Sequence[str], environ: Mapping[str, str] | None = None) -> str:
    """The variable of the environment that wins over this key of the file, or empty: the file cannot change it."""
    name = PREFIX + "__".join(path).upper()
    known = environ if environ is not None else os.environ
    return next((each for each in known if each.upper() == name), "")


def replace_file(path: Path, content: bytes, *, like: Path | None = None) -> None:
    """Put ``content`` in the file's place as a whole: whoever reads meanwhile has the old or the new one.

    The permissions are those of ``like``, if it exists. Raises ``OSError``, with the old file as it was.
    """
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f"{path.stem}-", suffix=".tmp", delete=False) as scratch:
        written = Path(scratch.name)
        try:
            scratch.write(content)
            scratch.flush()
            os.fsync(scratch.fileno())
        except BaseException:
            scratch.close()
            written.unlink(missing_ok=True)
            raise
    try:
        if like is not None and like.exists():
            written.chmod(like.stat().st_mode & 0o777)
        patiently(lambda: written.replace(path))
    except BaseException:
        written.unlink(missing_ok=True)
        raise
