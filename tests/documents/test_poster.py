"""The counter's poster: a camera finds the shop's number in it, and it is the shop's page alone."""

from __future__ import annotations

import os
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFilter

from integrator.documents.poster import draw_poster, poster_link
from integrator.domain.message import Address, Company
from tests.documents.readers import codes, ink, page_texts, picture

SHOP = Company(
    "1",
    "Comércio de Tintas Exemplo Ltda",
    "Tintas & Cia São José",
    "12345678000195",
    Address("Rua das Flores, 100", "Centro", "Concórdia", "SC", "89700000"),
    phone="4934420000",
    mobile="49988590187",
)
NUMBER = "5549988590187"


def logo(size: tuple[int, int]) -> bytes:
    image = Image.new("RGBA", size, (15, 118, 110, 255))
    ImageDraw.Draw(image).ellipse((10, 10, size[0] - 10, size[1] - 10), fill="white")
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def with_logo(size: tuple[int, int]) -> Company:
    return replace(SHOP, logo=logo(size))


@pytest.mark.feature("B26")
@pytest.mark.parametrize("company", [SHOP, with_logo((600, 200)), with_logo((100, 900))], ids=["name", "wide", "tall"])
def test_a_camera_opens_a_conversation_with_the_shop(company: Company) -> None:
    pdf = draw_poster(company, NUMBER)
    printed = picture(pdf, 100)
    folder = os.environ.get("INTEGRATOR_SCREENS", "")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        printed.save(Path(folder) / f"cartaz-{'logo' if company.logo else 'nome'}-{len(company.logo or b'')}.png")

    assert codes(printed) == {"QR": "https://wa.me/5549988590187?text=Quero%20receber%20meus%20boletos"}
    (text,) = page_texts(pdf)
    assert text.startswith("Tintas & Cia São José")
    assert "(49) 98859-0187" in text
    assert "integrador" not in text.lower()


def test_a_bad_black_and_white_print_is_read_as_well() -> None:
    small = picture(draw_poster(SHOP, NUMBER), 60).filter(ImageFilter.GaussianBlur(1.2))
    assert codes(small.point(lambda grey: 255 * (grey > 120)))["QR"] == poster_link(NUMBER)


def test_a_number_without_the_nine_is_printed_as_people_know_it_and_linked_as_whatsapp_does() -> None:
    pdf = draw_poster(SHOP, "554988590187")
    assert "(49) 98859-0187" in page_texts(pdf)[0]
    assert codes(picture(pdf, 100))["QR"].startswith("https://wa.me/554988590187?")


def test_the_longest_name_stays_on_the_page_and_nothing_overlaps_the_code() -> None:
    company = replace(with_logo((100, 900)), trade_name="Comércio de Materiais Elétricos e Hidráulicos " * 2)
    pdf = draw_poster(company, NUMBER)
    assert codes(picture(pdf, 100))["QR"] == poster_link(NUMBER)
    left, top, right, bottom = ink(picture(pdf, 72)) or (0, 0, 0, 0)
    assert left >= 40
    assert top >= 40
    assert right <= 595 - 40
    assert bottom <= 842 - 20
    assert draw_poster(company, NUMBER) == pdf
