"""The block documents of an installation: those that come with the program and those of the shop's folder."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

from integrator.documents.blocks.loader import read_model
from integrator.documents.blocks.model import DocumentModel, Look
from integrator.documents.blocks.reader import meant
from integrator.paths import packaged
from integrator.settings.problems import DocumentModelError, Place, Problem

__all__ = ["DocumentModel", "Look", "Models", "built_in_names", "built_in_source"]

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_START: Final = Place(1, 1)
_Stamp: TypeAlias = tuple[int, int] | None
_MAX_BYTES: Final = 256 * 1024


class Models:
    """The documents by name. A file of the shop's folder replaces the built-in one of its name, or adds one."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._read: dict[str, tuple[_Stamp, DocumentModel]] = {}

    def names(self) -> tuple[str, ...]:
        """All of them. Raises :class:`DocumentModelError` for a folder that cannot be read."""
        return tuple(sorted({*built_in_names(), *self._own()}))

    def get(self, name: str) -> DocumentModel:
        """The document of that name as its file is now.

        Raises :class:`DocumentModelError`, with line and column where it has them.
        """
        own = self.file_of(name)
        stamp, known = _stamp(own), self._read.get(name)
        if known is None or known[0] != stamp:
            known = self._read[name] = (stamp, self._load(name, own))
        return known[1]

    def file_of(self, name: str) -> Path | None:
        """The shop's own file for that document, or None where the built-in one is used."""
        return self._own().get(name)

    def _load(self, name: str, own: Path | None) -> DocumentModel:
        if own is not None:
            return read_file(own)
        if name not in built_in_names():
            told = f"Não existe o documento “{name}”.{meant(name, self.names())}"
            raise DocumentModelError(f"{name}.toml", [Problem(told, _START)])
        return _built_in(name)

    def _own(self) -> dict[str, Path]:
        if self._folder is None:
            return {}
        try:
            files = [file for file in self._folder.iterdir() if file.suffix.lower() == ".toml" and file.is_file()]
        except OSError as error:
            told = "Não consegui abrir a pasta dos modelos. Confira [documentos] pasta_modelos e a permissão da pasta."
            raise DocumentModelError(self._folder, [Problem(told, _START)], detail=repr(error)) from error
        return {file.stem.lower(): file for file in files}


def _stamp(file: Path | None) -> _Stamp:
    """Tells a file that was changed since from one that was not; None for what comes along or cannot be asked."""
    try:
        return None if file is None else ((told := file.stat()).st_mtime_ns, told.st_size)
    except OSError:
        return None


def read_file(file: Path) -> DocumentModel:
    """The document in a file, named after it. Raises :class:`DocumentModelError`."""
    name = file.stem.lower()
    if not _NAME.fullmatch(name):
        told = "O nome do arquivo é o nome do documento: use só letras minúsculas sem acento, algarismos, _ e -."
        raise DocumentModelError(file, [Problem(told, _START)])
    try:
        content = file.read_bytes()
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        told = "O arquivo não está em UTF-8. Abra no Bloco de Notas e salve com a codificação UTF-8."
        raise DocumentModelError(file, [Problem(told, _START)], detail=str(error)) from error
    except OSError as error:
        told = "Não consegui ler este arquivo. Confira o caminho e a permissão."
        raise DocumentModelError(file, [Problem(told, _START)], detail=repr(error)) from error
    if len(content) > _MAX_BYTES:
        told = f"O arquivo tem {len(content) // 1024} KB; um modelo tem no máximo {_MAX_BYTES // 1024} KB."
        raise DocumentModelError(file, [Problem(told, _START)])
    return read_model(text, file, name)


@cache
def built_in_names() -> frozenset[str]:
    """The documents that come with the program."""
    return frozenset(file.stem for file in packaged("documents", "models").glob("*.toml"))


def built_in_source(name: str) -> str:
    """The file of a built-in document, to be copied and changed."""
    return packaged("documents", "models", f"{name}.toml").read_text(encoding="utf-8")


@cache
def _built_in(name: str) -> DocumentModel:
    return read_model(built_in_source(name), f"{name}.toml", name)
