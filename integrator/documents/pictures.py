"""PDF pages seen through PDFium: how many there are, and the first one as a picture."""

from __future__ import annotations

import threading
from io import BytesIO

from integrator.domain.errors import DocumentError

PDFIUM_LOCK = threading.Lock()
"""PDFium is not made for threads: every use of it in this process holds this lock."""

_PASSWORD_ERROR = "password"
_MAX_SIDE = 4000


def count_pages(pdf: bytes) -> int:
    """Pages of a PDF, after opening it and its first page.

    Raises ``DocumentError`` for what is not a readable PDF: broken, asking for a password, or without pages.
    """
    import pypdfium2

    with PDFIUM_LOCK:
        try:
            with pypdfium2.PdfDocument(pdf) as document:
                pages = len(document)
                if pages:
                    document[0].close()
        except pypdfium2.PdfiumError as error:
            raise DocumentError(_reason(str(error)), detail=str(error)) from error
    if not pages:
        raise DocumentError("O PDF não tem nenhuma página.")
    return pages


def thumbnail(pdf: bytes, width: int) -> bytes:
    """The first page as a PNG ``width`` pixels wide (less for a strip). Raises ``DocumentError`` as ``count_pages``."""
    import pypdfium2

    if not 0 < width <= _MAX_SIDE:
        raise ValueError(f"width out of range: {width}")
    with PDFIUM_LOCK:
        try:
            with pypdfium2.PdfDocument(pdf) as document:
                page = document[0]
                scale = min(width / page.get_width(), _MAX_SIDE / page.get_height())
                picture = page.render(scale=scale).to_pil().convert("RGB")
                page.close()
        except (pypdfium2.PdfiumError, IndexError) as error:
            raise DocumentError(_reason(str(error)), detail=str(error)) from error
    buffer = BytesIO()
    picture.crop((0, 0, min(width, picture.width), picture.height)).save(buffer, "PNG")
    return buffer.getvalue()


def _reason(error: str) -> str:
    if _PASSWORD_ERROR in error.lower():
        return "O PDF está protegido por senha; o cliente não conseguiria abrir."
    return "O PDF está danificado ou incompleto e não pode ser aberto."
