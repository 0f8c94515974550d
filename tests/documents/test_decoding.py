"""Every bank paper as a phone's camera or a bank's scanner sees it: 150 dpi, askew, squeezed by JPEG."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from integrator.documents.boleto import draw_boleto
from integrator.documents.brcode import crc16
from integrator.documents.carne import draw_carne
from integrator.domain.message import Title
from tests.documents.builders import COMPANY, CUSTOMER, PIX, boleto_title
from tests.documents.readers import picture

DPI = 150


def _pix(number: int) -> str:
    """A code of its own for each title, as long as banks make them."""
    url = f"pix.sicredi.example.com/qr/v2/cobv/8b3da2f39a4140d1a91abd93113bd4{number:02d}"
    body = PIX[:-4].replace("2548pix.example.com/8b3da2f39a4140d1a91abd93113bd441", f"25{len(url):02d}{url}")
    body = body.replace(f"26{70}", f"26{22 + len(url):02d}")
    return body + crc16(body.encode())


def titles(count: int) -> list[Title]:
    """Instalments of a sale, each a month after the other."""
    made = []
    for number in range(count):
        due = date(2026 + (10 + number) // 12, (10 + number) % 12 + 1, 20)
        title = boleto_title(due, Decimal("152.30") + number, _pix(number))
        made.append(replace(title, instalment=str(number + 1)))
    return made


def as_rendered(image: Image.Image) -> Image.Image:
    return image


def turned(degrees: float) -> Callable[[Image.Image], Image.Image]:
    return lambda image: image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)


def squeezed(image: Image.Image) -> Image.Image:
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=40)
    return Image.open(buffer)


def turned_and_squeezed(image: Image.Image) -> Image.Image:
    return squeezed(turned(2)(image))


SEEN = {
    "as rendered": as_rendered,
    "turned left": turned(2),
    "turned right": turned(-2),
    "jpeg 40": squeezed,
    "turned, then jpeg 40": turned_and_squeezed,
}


def found(image: Image.Image) -> set[str]:
    return {code.text for code in zxingcpp.read_barcodes(image)}


@pytest.mark.feature("S03", "B09")
@pytest.mark.parametrize("seen", SEEN.values(), ids=SEEN)
@pytest.mark.parametrize("with_pix", [True, False], ids=["hybrid", "plain"])
def test_a_boleto_is_read(with_pix: bool, seen: Callable[[Image.Image], Image.Image]) -> None:
    title = titles(1)[0] if with_pix else replace(boleto_title(), pix="")
    image = seen(picture(draw_boleto(COMPANY, CUSTOMER, title), DPI))
    assert found(image) == {title.barcode} | ({title.pix} if with_pix else set())


@cache
def carne_page(count: int, page: int) -> Image.Image:
    return picture(draw_carne(COMPANY, CUSTOMER, titles(count)), DPI, page)


@pytest.mark.feature("S03", "B09")
@pytest.mark.parametrize("seen", SEEN.values(), ids=SEEN)
@pytest.mark.parametrize(("count", "page"), [(1, 0), (2, 0), (3, 0), (4, 1), (7, 1), (7, 2)])
def test_every_slip_of_a_carne_is_read(count: int, page: int, seen: Callable[[Image.Image], Image.Image]) -> None:
    slips = titles(count)[3 * page : 3 * page + 3]
    expected = {code for title in slips for code in (title.barcode, title.pix)}
    assert found(seen(carne_page(count, page))) == expected


@pytest.mark.parametrize("count", [4, 7])
def test_the_first_page_is_that_of_three(count: int) -> None:
    assert carne_page(count, 0).tobytes() == carne_page(3, 0).tobytes()


@pytest.mark.parametrize("seen", SEEN.values(), ids=SEEN)
def test_the_smaller_pix_code_beside_an_estimate_is_read(seen: Callable[[Image.Image], Image.Image]) -> None:
    title = replace(titles(1)[0], updated_amount=Decimal("160.00"))
    image = seen(picture(draw_carne(COMPANY, CUSTOMER, [title]), DPI))
    assert found(image) == {title.barcode, title.pix}
