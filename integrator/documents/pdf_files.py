"""Finished PDFs read and written again with pypdf: nothing random in what is written, one error for what is not a PDF.

Imports pypdf, which is heavy: import this module only where a PDF is at hand.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO

import pypdfium2
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, ByteStringObject

from integrator.documents.pictures import PDFIUM_LOCK, count_pages
from integrator.domain.errors import DocumentError

_BROKEN = (
    PyPdfError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    RecursionError,
    ArithmeticError,
    OSError,
)
"""What pypdf raises on damaged files, besides its own errors: it trusts the types of what it reads."""

_HEADER = "%PDF-1.7"
"""The pages may come from any version: the last one that all readers know covers them."""

_DAMAGED = "O PDF está danificado ou incompleto e não pode ser aberto."
_NO_CHANGES = (
    "O PDF está protegido contra alterações: não pode ser juntado a outros nem receber senha. Gere-o no ERP sem essa "
    "proteção."
)
_SMALL = 420
"""Longer side in pixels of the pictures that are compared."""

_MAKERS = ("/Author", "/Creator", "/Producer")

# It tells every oddity of a file that opens all the same; the log is for what somebody must know.
logging.getLogger("pypdf").setLevel(logging.ERROR)


class SteadyWriter(PdfWriter):
    """A writer whose file identifier follows from ``source``: equal input gives equal bytes.

    ``reader`` is copied whole, with all that hangs on the document besides its pages; without it the writer is empty.
    """

    def __init__(self, source: bytes, reader: PdfReader | None = None) -> None:
        super().__init__(clone_from=reader)
        self.pdf_header = _HEADER
        self._source = source
        if reader is None:
            self.metadata = None

    def describe_as(self, reader: PdfReader) -> None:
        """Take from this document who made it; its title is not that of several together."""
        given: dict[str, object] = dict(reader.metadata or {})
        self.add_metadata({key: given[key] for key in _MAKERS if isinstance(given.get(key), str)})

    def generate_file_identifiers(self) -> None:
        """Both halves from the digest of the source, where pypdf would take them by chance."""
        identifier = ByteStringObject(hashlib.sha256(self._source).digest()[:16])
        self._ID = ArrayObject((identifier, identifier))

    def written(self) -> bytes:
        """The finished file."""
        self.generate_file_identifiers()
        buffer = BytesIO()
        self.write(buffer)
        return buffer.getvalue()


@contextmanager
def readable(pdf: bytes) -> Iterator[PdfReader]:
    """The PDF opened for reading; whatever goes wrong with it inside the block is told as ``DocumentError``.

    Refused: what is damaged, asks for a password, or is protected against changes.
    """
    pages = count_pages(pdf)
    try:
        reader = PdfReader(BytesIO(pdf))
        if reader.is_encrypted:
            raise DocumentError(_NO_CHANGES)
        if len(reader.pages) != pages:
            raise DocumentError(_DAMAGED, detail=f"{len(reader.pages)} of {pages} pages can be copied")
        yield reader
    except _BROKEN as error:
        raise DocumentError(_DAMAGED, detail=f"{type(error).__name__}: {error}") from error


def check_same(originals: Sequence[bytes], written: bytes, password: str | None = None) -> None:
    """Raise ``DocumentError`` unless ``written`` shows page by page what the originals show.

    pypdf leaves out without a word what it cannot read of a damaged file, which PDFium and other readers may mend.
    """
    expected = [image for original in originals for image in _small_pictures(original, None)]
    if _small_pictures(written, password) != expected:
        raise DocumentError(_DAMAGED, detail="the copied pages look different")


def _small_pictures(pdf: bytes, password: str | None) -> list[bytes]:
    """Every page in shades of grey, just large enough to show that a line of text is missing."""
    with PDFIUM_LOCK, pypdfium2.PdfDocument(pdf, password=password) as document:
        pictures = []
        for page in document:
            scale = _SMALL / max(page.get_width(), page.get_height(), 1)
            pictures.append(page.render(scale=scale, grayscale=True).to_pil().tobytes())
            page.close()
    return pictures
