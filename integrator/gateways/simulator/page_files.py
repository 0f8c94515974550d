"""The files of the phone page: copied to ``arquivos/`` beside it, each with a picture of its first page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Final, Protocol

from integrator.gateways.simulator.ledger import Bubble, Ledger

FILES_FOLDER: Final = "arquivos"
_PNG: Final = b"\x89PNG"
_LONGEST_STEM: Final = 60
#: What may keep its suffix; anything else could be run by the browser that opens it.
KNOWN_TYPES: Final = frozenset({"pdf", "png", "jpg", "jpeg", "xml", "txt", "csv", "zip"})
_NOT_SAFE = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file as the page shows it: addresses relative to the page; unknown pages are 0, no thumbnail is empty."""

    link: str
    thumbnail: str
    pages: int
    type: str


class Files(Protocol):
    """Where the page's files are."""

    def show(self, bubble: Bubble) -> ShownFile:
        """How the file of that bubble is shown."""
        ...


class FileShelf:
    """Copies each received file once and remembers how it looks."""

    def __init__(self, ledger: Ledger, page_folder: Path, thumbnails: Callable[[bytes], bytes] | None) -> None:
        """``thumbnails`` draws the first page of a PDF as PNG or JPEG; empty bytes when it cannot."""
        self._ledger = ledger
        self._folder = page_folder / FILES_FOLDER
        self._thumbnails = thumbnails
        self._looks: dict[str, tuple[str, int]] = {}

    def show(self, bubble: Bubble) -> ShownFile:
        """Copy the bubble's file beside the page. Raises OSError when it cannot be read or written."""
        content = self._ledger.content(bubble)
        stem, suffix = safe_name(bubble.file_name)
        target = self._folder / f"{bubble.sha256[:10]}-{stem}.{suffix or 'bin'}"
        self._folder.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        if bubble.sha256 not in self._looks:
            self._looks[bubble.sha256] = self._look_at(bubble, content)
        thumbnail, pages = self._looks[bubble.sha256]
        return ShownFile(f"{FILES_FOLDER}/{target.name}", thumbnail, pages, suffix.upper() or "ARQ")

    def _look_at(self, bubble: Bubble, content: bytes) -> tuple[str, int]:
        """Address of the thumbnail and number of pages; a file that is no sound PDF has neither."""
        import pypdfium2  # whoever only needs the shape of a file goes without

        try:
            with pypdfium2.PdfDocument(BytesIO(content)) as document:
                pages = len(document)
            picture = self._thumbnails(content) if self._thumbnails is not None else b""
        except pypdfium2.PdfiumError:
            return "", 0
        if not picture:
            return "", pages
        name = f"{bubble.sha256[:10]}-pagina1{'.png' if picture.startswith(_PNG) else '.jpg'}"
        (self._folder / name).write_bytes(picture)
        return f"{FILES_FOLDER}/{name}", pages


def safe_name(file_name: str) -> tuple[str, str]:
    """Stem for the disk and for an address (letters of ASCII, digits, hyphens), and suffix if it is a known one."""
    name = PurePosixPath(file_name.replace("\\", "/")).name
    stem, _, suffix = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").rpartition(".")
    known = suffix.lower() if suffix.lower() in KNOWN_TYPES else ""
    return _NOT_SAFE.sub("-", stem).strip("-")[:_LONGEST_STEM] or "arquivo", known
