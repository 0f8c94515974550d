"""Checks of the PDFs: a boleto drawn from known digits, read back as text and as a picture."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import Final

from integrator.domain.message import Address, Company, Customer, Title

_DUE: Final = date(2026, 11, 20)
_AMOUNT: Final = Decimal("1234.56")
_BARCODE: Final = "74891163600001234561119200003001560585305101"
_LINHA: Final = "74891.11927 00003.001567 05853.051018 1 16360000123456"
_WIDTH: Final = 600
_DARK: Final = 128
_LEAST_INK: Final = 0.01


def boleto() -> str:
    """Drawn by the same code as a customer's: its linha digitável is that of the barcode, and stands on the page."""
    import pypdfium2

    from integrator.documents.febraban import check_title
    from integrator.documents.pictures import PDFIUM_LOCK

    linha = check_title(_title()).linha
    if linha != _LINHA:
        raise ValueError(f"linha digitável errada: {linha}")
    with PDFIUM_LOCK, pypdfium2.PdfDocument(_drawn()) as document:
        page = document[0]
        text = page.get_textpage().get_text_range()
        page.close()
    if _LINHA not in text:
        raise ValueError("a linha digitável não está no PDF")
    return f"PDF de {len(_drawn()) // 1024} KB com a linha digitável {linha}"


def pictures() -> str:
    """The page as a picture, with letters and bars on it: fonts, PDFium and Pillow at work."""
    from PIL import Image

    from integrator.documents.pictures import thumbnail

    with Image.open(BytesIO(thumbnail(_drawn(), _WIDTH))) as picture:
        grey = picture.convert("L")
    ink = sum(grey.histogram()[:_DARK]) / (grey.width * grey.height)
    if ink < _LEAST_INK:
        raise ValueError(f"a página saiu quase em branco ({ink:.2%})")
    return f"{grey.width}×{grey.height} pontos, {ink:.0%} com tinta"


@cache
def _drawn() -> bytes:
    from integrator.documents.boleto import draw_boleto

    address = Address("Rua de Exemplo, 10", "Centro", "Concórdia", "SC", "89700-000")
    company = Company("1", "Comércio de Exemplo Ltda", tax_id="12345678000195", address=address)
    customer = Customer("1", "José Antônio Gonçalves", tax_id="12345678909", address=address)
    return draw_boleto(company, customer, _title())


def _title() -> Title:
    return Title(
        ref="1",
        document="NF1234",
        instalment="1",
        issued=date(2026, 10, 20),
        due=_DUE,
        amount=_AMOUNT,
        open_amount=_AMOUNT,
        barcode=_BARCODE,
        registered=True,
        our_number="26/200003-0",
    )
