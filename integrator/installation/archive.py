"""The file that takes an installation to another computer: a zip with a manifest that seals every member.

It holds ``config.toml``, the journals and the local profiles; no password and no message. It does hold the customers'
numbers that the journal knows, so that only its owner may read it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from integrator.domain.errors import IntegratorError
from integrator.installation.moving import Former

FORMAT: Final = 1
_MANIFEST: Final = "manifesto.json"
_MANIFEST_LIMIT: Final = 1 << 20
_CHUNK: Final = 1 << 20
#: Folders and names without a drive, a root or a step upwards.
_MEMBER = re.compile(r"(?:[\w-]+/){0,3}[\w ()-][\w .()-]*\.(?:toml|db)")


class MoveError(IntegratorError):
    """The installation cannot be exported or imported as it is."""

    title = "Mudança de computador"


@dataclass(frozen=True, slots=True)
class Seal:
    """Size and SHA-256 of one member."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """``journals`` maps the name of each journal's member to the installation that it was."""

    program: str
    journals: Mapping[str, Former]
    members: Mapping[str, Seal]

    def to_json(self) -> dict[str, object]:
        return {
            "formato": FORMAT,
            "programa": self.program,
            "diarios": {name: former.to_json() for name, former in self.journals.items()},
            "arquivos": {name: [seal.size, seal.sha256] for name, seal in self.members.items()},
        }

    @classmethod
    def from_json(cls, data: Any) -> Manifest:
        """Raises ``ValueError``, ``KeyError`` or ``TypeError`` for anything else than what :meth:`to_json` makes."""
        journals = {str(name): Former.from_json(each) for name, each in data["diarios"].items()}
        members = {str(name): Seal(int(size), str(sha256)) for name, (size, sha256) in data["arquivos"].items()}
        if not journals or not set(journals) <= set(members) or not all(map(_MEMBER.fullmatch, members)):
            raise ValueError("no journal, or a member with an unusable name")
        return cls(str(data["programa"]), journals, members)


def pack(target: Path, program: str, journals: Mapping[str, Former], files: Mapping[str, Path]) -> None:
    """Write a new archive at ``target``, on the disk when this returns.

    Raises :class:`MoveError` for a name that :func:`unpack` would refuse, and ``OSError``.
    """
    unusable = next((name for name in files if not _MEMBER.fullmatch(name)), None)
    if unusable is not None:
        raise MoveError(f"O arquivo {unusable} tem um nome que não pode ser levado. Use só letras, algarismos, - e _.")
    manifest = Manifest(program, journals, {name: _seal(path) for name, path in files.items()})
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(_MANIFEST, json.dumps(manifest.to_json(), indent=2))
            for name, path in files.items():
                archive.write(path, name)
        file.flush()
        os.fsync(file.fileno())


def unpack(source: Path, folder: Path) -> Manifest:
    """Check the archive whole and write its members below ``folder``. Raises :class:`MoveError` and ``OSError``."""
    with _opened(source) as archive:
        manifest = _read_manifest(archive)
        names = archive.namelist()
        if sorted(names) != sorted([_MANIFEST, *manifest.members]):
            raise MoveError(_DAMAGED, detail=f"members {names[:20]}")
        for name, seal in manifest.members.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as member, path.open("wb") as file:
                if _copy(member, file, seal.size) != seal:
                    raise MoveError(_DAMAGED, detail=f"{name} is not what was sealed")
        return manifest


def _read_manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        with archive.open(_MANIFEST) as member:
            data = json.loads(member.read(_MANIFEST_LIMIT))
        if int(data["formato"]) > FORMAT:
            raise MoveError(
                f"Este arquivo foi feito por uma versão mais nova do integrador ({data['programa']}). Atualize o "
                "integrador neste computador e importe de novo.",
                detail=f"format {data['formato']}",
            )
        return Manifest.from_json(data)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise MoveError(_NOT_OURS, detail=repr(error)) from error


@contextmanager
def _opened(source: Path) -> Iterator[zipfile.ZipFile]:
    """The archive; whatever zip complains of becomes one sentence."""
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except FileNotFoundError as error:
        raise MoveError(f"Não encontrei o arquivo {source}. Confira o nome e a pasta.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise MoveError(_DAMAGED, detail=repr(error)) from error


def _copy(member: IO[bytes], file: IO[bytes], limit: int) -> Seal:
    """Copy at most one byte more than was sealed, so that no archive fills the disk; what was copied."""
    seen, size = hashlib.sha256(), 0
    while size <= limit and (piece := member.read(min(_CHUNK, limit + 1 - size))):
        file.write(piece)
        seen.update(piece)
        size += len(piece)
    file.flush()
    os.fsync(file.fileno())
    return Seal(size, seen.hexdigest())


def _seal(path: Path) -> Seal:
    with path.open("rb") as file:
        return Seal(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


_DAMAGED = (
    "O arquivo está incompleto ou danificado, e nada foi importado. Copie-o de novo do outro computador, ou exporte "
    "outra vez."
)
_NOT_OURS = "Este arquivo não é uma instalação exportada pelo integrador. Use o que `integrator move export` gravou."
