"""Reading a PDF back as people and banks do: its text, its picture, the codes a camera finds in it."""

from __future__ import annotations

import pypdfium2
import zxingcpp
from PIL import Image


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]


def picture(pdf: bytes, dpi: int, page: int = 0) -> Image.Image:
    """One page in shades of grey at this resolution."""
    with pypdfium2.PdfDocument(pdf) as document:
        return document[page].render(scale=dpi / 72, grayscale=True).to_pil().convert("L")


def codes(image: Image.Image) -> dict[str, str]:
    """Kind (``ITF``, ``QR``) and text of every code that a scanner finds."""
    names = {zxingcpp.BarcodeFormat.ITF: "ITF", zxingcpp.BarcodeFormat.QRCode: "QR"}
    return {names.get(code.format, str(code.format)): code.text for code in zxingcpp.read_barcodes(image)}


def ink(image: Image.Image) -> tuple[int, int, int, int] | None:
    """The box (left, top, right, bottom) of what is not white."""
    return image.point(lambda value: 255 * (value < 128)).getbbox()
