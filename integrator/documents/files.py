"""Attachments that the ERP stored: read once, checked, named safely. What fails is refused with the reason.

The bytes checked are the bytes returned: nothing is opened a second time between the check and the sending.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PureWindowsPath

from integrator.documents.file_types import FILE_TYPES, FileType, prove, recognise
from integrator.documents.formats import is_reserved_name
from integrator.documents.names import MAX_NAME
from integrator.domain.errors import DocumentError
from integrator.domain.message import Attachment

_UNDECLARED = ("", "application/octet-stream", "binary/octet-stream")
_MAX_LISTED = 40
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be sent as it is."""

    content: bytes
    file_name: str
    mime: str


def check_attachment(attachment: Attachment, allowed: Sequence[Path], max_bytes: int) -> CheckedFile:
    """Read and check one attachment.

    ``allowed`` are the folders from which paths may be read, followed through links; ``max_bytes`` limits the content.
    Raises ``DocumentError`` with the reason in Portuguese, beginning with the file's name.
    """
    shown = _base_name(attachment) or "sem nome"
    try:
        content = _content(attachment, allowed, max_bytes)
        kind = recognise(content)
        _check_declared(attachment, kind)
        prove(content, kind)
    except DocumentError as error:
        raise DocumentError(f"Anexo “{shown}”: {error.message}", detail=error.detail) from error
    return CheckedFile(content, safe_file_name(_base_name(attachment), kind), kind.mime)


def _content(attachment: Attachment, allowed: Sequence[Path], max_bytes: int) -> bytes:
    if attachment.content is not None:
        content = attachment.content
    elif attachment.path is not None:
        content = _read(_inside(attachment.path, allowed), allowed, max_bytes)
    else:
        raise DocumentError("o registro não traz o conteúdo nem o caminho do arquivo.")
    if not content:
        raise DocumentError("o arquivo está vazio.")
    if len(content) > max_bytes:
        limit = f"{max_bytes / _MEGABYTE:.1f}".replace(".", ",")
        raise DocumentError(f"o arquivo passa do limite de {limit} MB.")
    return content


def _inside(path: Path, allowed: Sequence[Path]) -> Path:
    """The real path, proved to be inside a real allowed folder."""
    outside = DocumentError(f"o caminho {path} está fora das pastas permitidas na configuração.")
    if _is_network(path) and _share(path) not in map(_share, allowed):
        raise outside  # before the system looks at it: a foreign server would be sent this PC's login
    if not path.is_absolute():
        raise DocumentError(f"o caminho {path} não é completo; informe-o desde a raiz ou a letra da unidade.")
    try:
        real = path.resolve(strict=True)
        folders = [folder.resolve() for folder in allowed]
    except (OSError, RuntimeError, ValueError) as error:
        raise _unreadable(path, error) from error
    if not any(real.is_relative_to(folder) for folder in folders):
        raise outside
    return real


def _is_network(path: Path) -> bool:
    return str(path).replace("\\", "/").startswith("//")


def _share(path: Path) -> str:
    return PureWindowsPath(str(path)).drive.casefold()


def _read(real: Path, allowed: Sequence[Path], max_bytes: int) -> bytes:
    try:
        if not real.is_file():
            raise DocumentError(f"{real} não é um arquivo.")
        with real.open("rb") as file:
            opened = os.fstat(file.fileno())
            content = file.read(max_bytes + 1)
        now = _inside(real, allowed).stat()
    except (OSError, ValueError) as error:
        raise _unreadable(real, error) from error
    if not stat.S_ISREG(opened.st_mode) or not os.path.samestat(opened, now):
        raise DocumentError(f"o arquivo {real} foi trocado durante a leitura.")
    return content


def _unreadable(path: Path, error: Exception) -> DocumentError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return DocumentError(f"não encontrei o arquivo {path}.", detail=str(error))
    if isinstance(error, PermissionError):
        return DocumentError(f"sem permissão para ler o arquivo {path}.", detail=str(error))
    return DocumentError(f"não consegui ler o arquivo {path}.", detail=str(error))


def _check_declared(attachment: Attachment, kind: FileType) -> None:
    declared = attachment.mime.partition(";")[0].strip().lower()
    if declared not in (*_UNDECLARED, kind.mime, *kind.aliases):
        raise DocumentError(f"foi declarado como {declared}, mas o conteúdo é {kind.name}.")
    extension = _extension(_base_name(attachment))
    if extension and extension not in kind.extensions:
        raise DocumentError(f"a extensão é {extension}, mas o conteúdo é {kind.name}.")


def _extension(name: str) -> str:
    """The extension in lower case; the end of ``NF 12.345`` is a number, not an extension."""
    found = re.search(r"\.[A-Za-z][A-Za-z0-9]{0,7}$", name.strip())
    return found[0].lower() if found else ""


def _base_name(attachment: Attachment) -> str:
    given = attachment.file_name.strip() or (attachment.path.name if attachment.path else "")
    return PureWindowsPath(given).name


def safe_file_name(name: str, kind: FileType) -> str:
    """A name that Windows, phones and WhatsApp accept: accents stay, at most 120 characters, the type's extension."""
    composed = unicodedata.normalize("NFC", PureWindowsPath(name).name)
    visible = "".join(char for char in composed if unicodedata.category(char)[0] != "C")
    extension = _extension(visible)
    known = any(extension in other.extensions for other in FILE_TYPES)
    stem = visible.strip()[: -len(extension)] if known else visible
    stem = re.sub(r'[<>:"/\\|?*]+', "_", stem).strip(" .")
    suffix = extension if extension in kind.extensions else kind.extensions[0]
    stem = stem[: MAX_NAME - len(suffix)].strip(" .") or "documento"
    return f"_{stem}"[: MAX_NAME - len(suffix)] + suffix if is_reserved_name(stem) else stem + suffix


def redacted_notice(names: Sequence[str]) -> bytes:
    """One page, "Anexo omitido no modo de teste", listing the files that were left out of a redirected message."""
    from integrator.documents.paper import BOLD, PAGE_HEIGHT, PAGE_WIDTH, Box, Style, draw_text, millimetres, new_canvas

    title = "Anexo omitido no modo de teste"
    listed = [f"• {name[:MAX_NAME]}" for name in names[:_MAX_LISTED]]
    if len(names) > _MAX_LISTED:
        listed.append(f"e mais {len(names) - _MAX_LISTED}")
    margin = millimetres(20)
    width = PAGE_WIDTH - 2 * margin
    buffer = BytesIO()
    canvas = new_canvas(buffer, title, title)
    below = draw_text(canvas, title, Box(margin, PAGE_HEIGHT - margin, width, millimetres(12)), Style(20, BOLD)) - 12
    text = "Esta mensagem foi desviada para o número de teste. No envio normal, o cliente receberia:"
    below = draw_text(canvas, text, Box(margin, below, width, millimetres(16)), Style(12)) - 10
    draw_text(canvas, tuple(listed), Box(margin, below, width, below - margin), Style(11))
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()
