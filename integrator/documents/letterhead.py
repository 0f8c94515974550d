"""The shop at the top of what a customer receives: logo, name, tax id, address, phones, e-mail."""

from __future__ import annotations

import logging
from functools import lru_cache
from io import BytesIO

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from integrator.documents.formats import phone_br, tax_id_br
from integrator.documents.paper import BOLD, Box, Style, draw_text, millimetres
from integrator.domain.message import Company

log = logging.getLogger(__name__)

_LOGO_WIDTH = millimetres(34)
_LOGO_HEIGHT = millimetres(17)
_LOGO_PIXELS = (480, 240)
_MAX_LOGO_PIXELS = 16_000_000
_GAP = millimetres(3)
_NAME_SHARE = 0.4


def draw_letterhead(canvas: Canvas, company: Company, box: Box) -> float:
    """Draw the shop's block inside the box; returns its bottom edge."""
    left, bottom = box.left, box.top
    logo = logo_picture(company.logo) if company.logo else None
    if logo:
        pixels_wide, pixels_high = logo.getSize()
        scale = min(_LOGO_WIDTH / pixels_wide, _LOGO_HEIGHT / pixels_high)
        bottom = box.top - pixels_high * scale
        canvas.drawImage(logo, left, bottom, pixels_wide * scale, pixels_high * scale)
        left += pixels_wide * scale + _GAP
    width = box.left + box.width - left
    below = draw_text(canvas, company.name, Box(left, box.top, width, box.height * _NAME_SHARE), Style(14, BOLD)) - 1
    rest = Box(left, below, width, below - (box.top - box.height))
    below = draw_text(canvas, company_lines(company), rest, Style(8))
    return min(bottom, below)


def company_lines(company: Company) -> tuple[str, ...]:
    """Legal name where it differs, tax id, address and contacts, as law and customers want them (CDC art. 42-A)."""
    legal = company.legal_name if company.legal_name != company.name else ""
    return (
        " - ".join(filter(None, (legal, tax_id_br(company.tax_id)))),
        company.address.one_line,
        contacts_line(company),
    )


def contacts_line(company: Company) -> str:
    """``Fone (49) 3442-0000 - Celular (49) 98859-0187 - contato@loja.com.br``, skipping what is empty."""
    phone = f"Fone {phone_br(company.phone)}" if company.phone else ""
    mobile = f"Celular {phone_br(company.mobile)}" if company.mobile else ""
    return " - ".join(filter(None, (phone, mobile, company.email)))


@lru_cache(maxsize=8)
def logo_picture(content: bytes) -> ImageReader | None:
    """The logo on white, reduced to what paper shows. One that cannot be read is left out, and the log says so."""
    try:
        with Image.open(BytesIO(content)) as image:
            if image.width * image.height > _MAX_LOGO_PIXELS:
                raise ValueError(f"{image.width} x {image.height} pixels")
            picture = image.convert("RGBA")
    except (OSError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning, SyntaxError) as error:
        log.warning("action=logo_left_out detail=%r", error)
        return None
    white = Image.new("RGBA", picture.size, "white")
    flat = Image.alpha_composite(white, picture).convert("RGB")
    flat.thumbnail(_LOGO_PIXELS)
    return ImageReader(flat)
