"""Where the command line writes: data on the standard output, messages on the error output, whatever the code page."""

from __future__ import annotations

import codecs
import io
import sys
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from integrator.domain.errors import IntegratorError

if TYPE_CHECKING:
    from rich.console import Console

_LOOKALIKES = str.maketrans(
    {"“": '"', "”": '"', "‘": "'", "’": "'", "…": "...", "–": "-", "—": "-", "·": "-", "•": "-", "→": ">"}
)
_UNATTENDED_WIDTH = 140


class CannotWrite(IntegratorError):
    """The file that was asked for cannot be written."""

    title = "Arquivo não gravado"


def prepare_streams() -> None:
    """Let an old code page (cp850 in a Windows console) show the nearest character instead of ending the program."""
    codecs.register_error("parecido", _nearest)
    for stream in (sys.stdout, sys.stderr):
        # A windowed program of Windows has neither.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="parecido")


def screen() -> Console:
    """A console on the standard output; into a file or a pipe, tables get more width than Rich's 80 columns."""
    from rich.console import Console

    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_UNATTENDED_WIDTH)


def write_file(path: Path, content: bytes, what: str) -> None:
    """Write a report and say where it is. Raises :class:`CannotWrite`."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise CannotWrite(
            f"Não consegui gravar {path}. Confira se a pasta existe e aceita gravação, e se o arquivo não está aberto "
            "em outro programa.",
            detail=repr(error),
        ) from error
    print(f"{what} gravado em {path.absolute()}", file=sys.stderr)


def _nearest(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    nearest = unicodedata.normalize("NFKD", error.object[error.start : error.end].translate(_LOOKALIKES))
    nearest = "".join(char for char in nearest if not unicodedata.combining(char))
    return nearest.encode(error.encoding, "replace").decode(error.encoding), error.end
