"""PDFs joined and locked: what a customer opens afterwards is what was drawn, and the lock asks for the password."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO

import pypdfium2
import pytest
from pypdf import PdfReader, PdfWriter

from integrator.documents.boleto import draw_boleto
from integrator.documents.bundle import merge_pdfs
from integrator.documents.carne import draw_carne
from integrator.documents.protect import password_hint, password_of, protect
from integrator.domain.errors import DocumentError, MessageError
from tests.documents.builders import COMPANY, CUSTOMER, boleto_title
from tests.documents.readers import codes, page_texts, picture

PASSWORD = "12345"


@cache
def boleto(number: int = 0) -> bytes:
    return draw_boleto(COMPANY, CUSTOMER, boleto_title(date(2026, 11, 20 + number), Decimal(100 + number)))


def opened(pdf: bytes, password: str | None) -> list[str]:
    with pypdfium2.PdfDocument(pdf, password=password) as document:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]


def locked(user: str, owner: str = "owner") -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(boleto())))
    writer.encrypt(user, owner, algorithm="RC4-128")
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_merged_boletos_keep_every_page_and_its_codes_in_order() -> None:
    pdfs = [boleto(0), draw_carne(COMPANY, CUSTOMER, [boleto_title()] * 4), boleto(1)]
    merged = merge_pdfs(pdfs)
    assert page_texts(merged) == [text for pdf in pdfs for text in page_texts(pdf)]
    for page, title in (
        (0, boleto_title(date(2026, 11, 20), Decimal(100))),
        (3, boleto_title(date(2026, 11, 21), Decimal(101))),
    ):
        assert codes(picture(merged, 150, page)) == {"ITF": title.barcode, "QR": title.pix}
    assert b"pypdf" not in merged.lower()


def test_a_single_file_stays_as_it_is() -> None:
    assert merge_pdfs([boleto()]) is boleto()


def test_files_of_the_erp_are_merged_too() -> None:
    blank, buffer = PdfWriter(), BytesIO()
    blank.add_blank_page(595, 842)
    blank.write(buffer)
    assert len(page_texts(merge_pdfs([buffer.getvalue(), boleto()]))) == 2


def test_the_password_opens_and_nothing_else_does() -> None:
    pdf = protect(boleto(), PASSWORD)
    assert opened(pdf, PASSWORD) == page_texts(boleto())
    for wrong in (None, "", "1234", "123456"):
        with pytest.raises(pypdfium2.PdfiumError, match="password"):
            opened(pdf, wrong)
    assert b"Ferragens" not in pdf


def test_a_protected_boleto_is_still_read_by_a_scanner() -> None:
    pdf = protect(merge_pdfs([boleto(0), boleto(1)]), PASSWORD)
    with pypdfium2.PdfDocument(pdf, password=PASSWORD) as document:
        image = document[1].render(scale=150 / 72, grayscale=True).to_pil()
    assert codes(image)["ITF"] == boleto_title(date(2026, 11, 21), Decimal(101)).barcode


def test_two_processes_write_the_same_bytes_with_or_without_a_library_for_cryptography() -> None:
    code = (
        "import sys; sys.modules.update(dict.fromkeys(sys.argv[1:]));"  # as where these are not installed
        "import hashlib; from tests.documents.test_protect import *; A, B = boleto(0), boleto(1);"
        "made = merge_pdfs([A, B]) + protect(A, '12345') + protect(merge_pdfs([B, A]), '1');"
        "print(hashlib.sha256(made).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code, *absent],
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone, absent in (("1", "UTC", ()), ("2", "America/Sao_Paulo", ("cryptography", "Crypto")))
    }
    assert len(digests) == 1


@pytest.mark.parametrize(
    ("pdf", "reason"),
    [
        (b"", "danificado"),
        (b"%PDF-1.7 nothing", "danificado"),
        (locked("secret"), "protegido por senha"),
        (locked(""), "protegido contra altera"),
    ],
    ids=["empty", "broken", "password", "owner's password"],
)
def test_what_cannot_be_opened_is_neither_merged_nor_protected(pdf: bytes, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        merge_pdfs([boleto(), pdf])
    with pytest.raises(DocumentError, match=reason):
        protect(pdf, PASSWORD)


def test_a_file_protected_once_is_not_protected_again() -> None:
    with pytest.raises(DocumentError, match="protegido por senha"):
        protect(protect(boleto(), PASSWORD), PASSWORD)


def test_no_file_and_no_password_are_refused() -> None:
    with pytest.raises(DocumentError, match="nenhum PDF"):
        merge_pdfs([])
    with pytest.raises(ValueError, match="password"):
        protect(boleto(), "")


def test_damaged_bytes_end_in_a_clear_error_or_a_file_that_opens() -> None:
    chance = random.Random(7)
    for _ in range(60):
        damaged = bytearray(boleto())
        for _ in range(chance.randrange(1, 30)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        with suppress(DocumentError):
            merged, protected = merge_pdfs([bytes(damaged), boleto(1)]), protect(bytes(damaged), PASSWORD)
            shown = page_texts(bytes(damaged))
            assert page_texts(merged)[:-1] == shown
            assert opened(protected, PASSWORD) == shown


@pytest.mark.parametrize(
    ("tax_id", "digits", "password", "hint"),
    [
        ("123.456.789-09", 5, "12345", "os 5 primeiros números do seu CPF"),
        ("12345678909", 3, "123", "os 3 primeiros números do seu CPF"),
        ("12345678909", 14, "12345678909", "os 11 números do seu CPF"),
        ("12.345.678/0001-95", 6, "123456", "os 6 primeiros números do seu CNPJ"),
        ("12345678000195", 14, "12345678000195", "os 14 números do seu CNPJ"),
        ("12.abc.345/01de-35", 5, "12ABC", "os 5 primeiros números e letras maiúsculas do seu CNPJ"),
    ],
)
def test_the_password_is_what_the_hint_says(tax_id: str, digits: int, password: str, hint: str) -> None:
    assert password_of(tax_id, digits) == password
    assert password_hint(tax_id, digits) == hint


@pytest.mark.parametrize("tax_id", ["", "123", "123.456.789-00", "000.000.000-00", "ISENTO", "１２３４５６７８９０９"])
def test_without_a_valid_tax_id_there_is_no_password(tax_id: str) -> None:
    with pytest.raises(MessageError, match="CPF ou CNPJ válido") as raised:
        password_of(tax_id, 5)
    assert not tax_id or tax_id not in raised.value.message
    with pytest.raises(MessageError, match="CPF ou CNPJ válido"):
        password_hint(tax_id, 5)


def test_the_documents_do_not_load_pypdf_before_it_is_needed() -> None:
    code = (
        "import sys, integrator.documents.bundle, integrator.documents.protect, integrator.documents.carne;"
        "sys.exit(any(name in sys.modules for name in ('pypdf', 'reportlab', 'pypdfium2', 'segno')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
