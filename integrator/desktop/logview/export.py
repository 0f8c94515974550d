"""The shown records as they stand in the file: to a file of the person's, or as one text for the clipboard."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Final

from integrator.desktop.logview.progress import Progress
from integrator.desktop.logview.view import View
from integrator.domain.errors import IntegratorError

#: More is no use in a clipboard.
MOST_COPIED: Final = 4 * 1024 * 1024
_PIECE: Final = 256 * 1024


class ExportError(IntegratorError):
    """The lines could not be written, or not be read."""

    title = "Linhas não exportadas"


class CopyError(IntegratorError):
    """The lines could not be copied."""

    title = "Linhas não copiadas"


def export(view: View, count: int, target: Path, progress: Progress) -> int:
    """Write the first ``count`` records of the view to ``target``, or nothing; how many. Raises :class:`ExportError`.

    The file appears under its name once it is complete.
    """
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as unfinished:
            path = Path(unfinished.name)
            try:
                _copy(view, count, unfinished, progress)
            except BaseException:
                unfinished.close()
                path.unlink()
                raise
        try:
            path.replace(target)
        except OSError:
            path.unlink()
            raise
    except OSError as error:
        raise ExportError(
            f"Não consegui gravar {target}. Confira se a pasta aceita gravação, se há espaço no disco e se o arquivo "
            "não está aberto em outro programa; ou escolha outra pasta.",
            detail=repr(error),
        ) from error
    return count


def copied(view: View, places: Iterable[int]) -> str:
    """These records as one text. Raises :class:`CopyError`, also when they are more than :data:`MOST_COPIED` bytes."""
    kept: list[bytes] = []
    size = 0
    try:
        with view.path.open("rb") as source:
            for place in places:
                size += view.size(place)
                if size > MOST_COPIED:
                    raise CopyError("São linhas demais para copiar. Use Exportar, que as grava em um arquivo.")
                kept.append(b"".join(_pieces(source, *view.index.span(view.number(place)))))
    except OSError as error:
        raise CopyError("Não consegui ler o registro deste dia. Escolha outro dia.", detail=repr(error)) from error
    return b"".join(kept).decode("utf-8", "replace").replace("\0", "\ufffd")


def _copy(view: View, count: int, target: IO[bytes], progress: Progress) -> None:
    with view.path.open("rb") as source:
        for place in range(count):
            progress.at(place / count)
            last = b""
            for piece in _pieces(source, *view.index.span(view.number(place))):
                target.write(piece)
                last = piece
            if not last.endswith(b"\n"):  # the day's last line, while it is being written
                target.write(b"\n")
    target.flush()
    os.fsync(target.fileno())


def _pieces(source: IO[bytes], begin: int, end: int) -> Iterator[bytes]:
    source.seek(begin)
    while begin < end and (piece := source.read(min(_PIECE, end - begin))):
        begin += len(piece)
        yield piece
