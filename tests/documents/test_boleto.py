"""Boletos read back from their picture: the bank's scanner must find exactly what was registered."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from PIL import Image

from integrator.documents.boleto import draw_boleto
from integrator.documents.brcode import crc16
from integrator.documents.febraban import parse_digits
from integrator.documents.symbols import itf_elements
from integrator.domain.errors import DigitsError, DocumentError, MessageError
from integrator.domain.message import Address, Customer, Title
from tests.documents import vectors
from tests.documents.builders import COMPANY, CUSTOMER, PIX, barcode_for, boleto_title, changed
from tests.documents.readers import codes, ink, page_texts, picture
from tests.documents.vectors import Vector

MM_AT_200_DPI = 200 / 25.4
LONG_NAME = "Condomínio Residencial Engenheiro Antônio Carlos de Albuquerque Cavalcanti de Mello e Souza " * 2
MANY_INSTRUCTIONS = "\n".join(f"{number}. Não receber após 60 dias do vencimento." for number in range(14))


def vector_title(vector: Vector) -> Title:
    amount = Decimal(vector["amount"])
    due = date.fromisoformat(vector["due"])
    return replace(boleto_title(), due=due, amount=amount, open_amount=amount, barcode=vector["barcode"])


@pytest.mark.feature("S03", "B09")
@pytest.mark.parametrize("dpi", [150, 200])
def test_a_scanner_reads_the_registered_digits_and_the_pix(dpi: int) -> None:
    title = boleto_title()
    assert codes(picture(draw_boleto(COMPANY, CUSTOMER, title), dpi)) == {"ITF": title.barcode, "QR": PIX}


@pytest.mark.feature("B09")
@pytest.mark.parametrize("vector", vectors.of_kind("cobranca"), ids=lambda vector: vector["barcode"])
def test_the_boleto_of_every_vector_is_read_back_from_its_picture(vector: Vector) -> None:
    pdf = draw_boleto(COMPANY, CUSTOMER, vector_title(vector))
    assert codes(picture(pdf, 150))["ITF"] == vector["barcode"]
    assert page_texts(pdf)[0].count(vector["linha"]) == 2


def test_a_bad_print_is_still_read() -> None:
    title = boleto_title()
    tilted = picture(draw_boleto(COMPANY, CUSTOMER, title), 150).rotate(2, Image.Resampling.BICUBIC, fillcolor=255)
    assert codes(tilted) == {"ITF": title.barcode, "QR": PIX}


@pytest.mark.feature("S03")
def test_the_boleto_of_a_digest_names_who_owes_and_never_who_receives() -> None:
    ana = Customer("9", "Ana Souza", "98765432100", Address("Rua das Flores, 9", "Centro", "Seara", "SC", "89770-000"))
    contact = Customer("9", "Ana Souza e mais 3 clientes", contact_name="Contador Paulo")
    title = replace(boleto_title(), document="Ana Souza · NF1234", payer=ana)

    [text] = page_texts(draw_boleto(COMPANY, contact, title))

    assert text.count("Ana Souza - CPF 987.654.321-00") == 2
    assert "Rua das Flores, 9" in text
    for wrong in ("mais 3 clientes", "Paulo", "·"):
        assert wrong not in text


def test_without_a_pix_code_there_is_no_qr_and_no_word_of_it() -> None:
    title = replace(boleto_title(), pix="  ")
    pdf = draw_boleto(COMPANY, CUSTOMER, title)
    assert codes(picture(pdf, 150)) == {"ITF": title.barcode}
    assert "PIX" not in page_texts(pdf)[0].upper()


def test_a_pix_code_with_accents_is_read_back() -> None:
    body = PIX[:-4].replace("5913Fulano de Tal", "5913Fulano de Tál")
    pix = body + crc16(body.encode("utf-8"))
    pdf = draw_boleto(COMPANY, CUSTOMER, replace(boleto_title(), pix=pix))
    assert codes(picture(pdf, 200))["QR"] == pix


@pytest.mark.feature("S03")
def test_the_page_says_who_charges_whom_how_much_and_until_when() -> None:
    pdf = draw_boleto(COMPANY, CUSTOMER, boleto_title())
    [text] = page_texts(pdf)
    for expected in (
        "Ferragens São João",
        "Comércio de Ferragens São João Ltda - CNPJ 12.345.678/0001-95",
        "Rua Marechal Deodoro, 1280 - Centro - Concórdia/SC - CEP 89700-000",
        "José Antônio Gonçalves & Filhos - CPF 123.456.789-09",
        "Av. Getúlio Vargas, 55 - Nações - Chapecó/SC - CEP 89801-000",
        "26/200003-0",
        "0156.05.85305",
        "NF1234/1",
        "20/11/2026",
        "1.234,56",
        "748-X",
        "Recibo do pagador",
        "FICHA DE COMPENSAÇÃO",
        "Após o vencimento cobrar multa de 2% e juros de 1% ao mês.",
    ):
        assert expected in text, expected


def test_the_barcode_is_103_by_13_mm_12_mm_above_the_bottom() -> None:
    page = picture(draw_boleto(COMPANY, CUSTOMER, boleto_title()), 200)
    below_ficha = round(page.height - 25.5 * MM_AT_200_DPI)
    bars = ink(page.crop((0, below_ficha, page.width // 2 + 200, page.height)))
    assert bars is not None
    left, top, right, bottom = (side / MM_AT_200_DPI for side in bars)
    assert left == pytest.approx(15, abs=0.3)
    assert right - left == pytest.approx(103, abs=0.4)
    assert bottom - top == pytest.approx(13, abs=0.4)
    assert (page.height - below_ficha) / MM_AT_200_DPI - bottom == pytest.approx(12, abs=0.3)


def test_44_digits_are_405_modules() -> None:
    assert sum(itf_elements(boleto_title().barcode)) == 405


@pytest.mark.parametrize(
    "title",
    [
        replace(boleto_title(), instructions=MANY_INSTRUCTIONS),
        replace(boleto_title(), beneficiary_name=LONG_NAME, beneficiary_tax_id="98765432000110"),
        replace(
            boleto_title(), document="NOTA FISCAL ELETRÔNICA 0000123456789", bank_name="Cooperativa de Crédito do Oeste"
        ),
    ],
    ids=["many instructions", "long beneficiary", "long document"],
)
def test_long_texts_are_never_cut(title: Title) -> None:
    customer = replace(CUSTOMER, name=LONG_NAME.strip())
    company = replace(COMPANY, trade_name=LONG_NAME.strip())
    pdf = draw_boleto(company, customer, title)
    words = " ".join(page_texts(pdf)[0].split())
    for text in (LONG_NAME, title.beneficiary_name, title.instructions, title.document):
        assert " ".join(text.split()) in words
    assert codes(picture(pdf, 150))["ITF"] == title.barcode


def test_a_text_that_no_print_can_hold_is_refused_not_cut() -> None:
    with pytest.raises(DocumentError, match="longo demais"):
        draw_boleto(COMPANY, CUSTOMER, replace(boleto_title(), instructions="multa e juros " * 1000))


@pytest.mark.parametrize("name", ["José <b>& Filhos", "日本 Ltda 😀", "A\0B\x07", "(parêntese \\ barra", "\ud800"])
def test_no_name_breaks_the_page(name: str) -> None:
    title = boleto_title()
    pdf = draw_boleto(replace(COMPANY, trade_name=name), replace(CUSTOMER, name=name), title)
    assert codes(picture(pdf, 150))["ITF"] == title.barcode


def test_letters_outside_windows_1252_become_visible() -> None:
    assert "?? Ltda" in page_texts(draw_boleto(COMPANY, replace(CUSTOMER, name="日本 Ltda"), boleto_title()))[0]


def test_what_is_owed_today_is_told_outside_the_ficha_and_changes_no_registered_figure() -> None:
    title = replace(boleto_title(), open_amount=Decimal("1000.00"), updated_amount=Decimal("1301.22"))
    pdf = draw_boleto(COMPANY, CUSTOMER, title)
    [text] = page_texts(pdf)
    assert "Saldo em aberto: R$ 1.000,00" in " ".join(text.split())
    assert "Valor atualizado estimado: R$ 1.301,22" in " ".join(text.split())
    assert text.count("1.234,56") == 2
    assert codes(picture(pdf, 150))["ITF"] == title.barcode
    plain = picture(draw_boleto(COMPANY, CUSTOMER, boleto_title()), 72)
    ficha = (0, plain.height - 300, plain.width, plain.height)
    assert picture(pdf, 72).crop(ficha).tobytes() == plain.crop(ficha).tobytes()


def test_another_beneficiary_leaves_the_shop_as_sacador() -> None:
    title = replace(boleto_title(), beneficiary_name="Fundo Alfa", beneficiary_tax_id="98.765.432/0001-10")
    [text] = page_texts(draw_boleto(COMPANY, CUSTOMER, title))
    assert "Fundo Alfa - CNPJ 98.765.432/0001-10" in text
    assert "Sacador / Avalista: Comércio de Ferragens São João Ltda - CNPJ 12.345.678/0001-95" in text


def test_the_payment_place_is_the_erps_or_says_until_when() -> None:
    own = replace(boleto_title(), payment_place="Pagável preferencialmente nas cooperativas")
    assert "Pagável preferencialmente nas cooperativas" in page_texts(draw_boleto(COMPANY, CUSTOMER, own))[0]
    limited = replace(boleto_title(), payable_until=date(2026, 12, 20))
    assert "Pagável em qualquer banco até 20/12/2026" in page_texts(draw_boleto(COMPANY, CUSTOMER, limited))[0]


@pytest.mark.feature("B09")
@pytest.mark.parametrize(
    ("title", "reason"),
    [
        (changed(boleto_title(), barcode_for(date(2026, 11, 20), Decimal("200.00"))), "valor do código de barras"),
        (changed(boleto_title(), barcode_for(date(2026, 11, 19), Decimal("1234.56"))), "vencimento do código"),
        (replace(boleto_title(), linha_digitavel="74891.11927"), "Linha digitável"),
        (replace(boleto_title(), barcode=""), "não tem linha"),
        (replace(boleto_title(), pix=PIX[:-1] + "5"), "CRC"),
    ],
)
def test_a_boleto_that_disagrees_is_never_drawn(title: Title, reason: str) -> None:
    with pytest.raises(DigitsError, match=reason):
        draw_boleto(COMPANY, CUSTOMER, title)


def test_the_linha_alone_is_enough() -> None:
    title = boleto_title()
    linha = parse_digits(title.barcode).linha
    from_linha = draw_boleto(COMPANY, CUSTOMER, replace(title, barcode="", linha_digitavel=linha))
    assert from_linha == draw_boleto(COMPANY, CUSTOMER, title)


def test_two_processes_draw_the_same_bytes() -> None:
    code = (
        "import hashlib; from tests.documents.builders import *; from integrator.documents.boleto import draw_boleto;"
        "print(hashlib.sha256(draw_boleto(COMPANY, CUSTOMER, boleto_title())).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "America/Sao_Paulo"))
    }
    assert len(digests) == 1


def test_the_documents_name_the_shop_and_not_the_program() -> None:
    pdf = draw_boleto(COMPANY, CUSTOMER, boleto_title())
    assert b"integrador" not in pdf.lower()
    assert b"integrator" not in pdf.lower()


@pytest.mark.feature("B09")
@pytest.mark.parametrize(
    ("title", "reason"),
    [
        (replace(boleto_title(), amount=Decimal(0), open_amount=Decimal(0)), "valor do código de barras"),
        (replace(boleto_title(), amount=Decimal("-1234.56")), "valor do código de barras"),
        (replace(boleto_title(), open_amount=Decimal("-5.00")), r"saldo do título \(R\$ -5,00\)"),
        (replace(boleto_title(), open_amount=Decimal(0)), "saldo do título"),
        (replace(boleto_title(), open_amount=Decimal("1234.57")), "saldo do título"),
        (replace(boleto_title(), updated_amount=Decimal("-1.00")), "valor atualizado"),
        (replace(boleto_title(), issued=date(1899, 12, 30)), "data de emissão do título \\(30/12/1899\\)"),
        (replace(boleto_title(), issued=date(2099, 1, 1)), "data de emissão"),
        (replace(boleto_title(), due=date(1899, 12, 30)), "só vencem de"),
        (replace(boleto_title(), due=date(2099, 12, 31)), "só vencem de"),
        (replace(boleto_title(), due=date(2026, 11, 20) - timedelta(days=9000 * 4)), "só vencem de"),
    ],
)
def test_impossible_figures_are_never_drawn(title: Title, reason: str) -> None:
    with pytest.raises(MessageError, match=reason):
        draw_boleto(COMPANY, CUSTOMER, title)


def test_a_boleto_without_a_payers_name_is_never_drawn() -> None:
    with pytest.raises(DocumentError, match="nome do pagador"):
        draw_boleto(COMPANY, replace(CUSTOMER, name=" "), boleto_title())


@pytest.mark.parametrize("tax_id", ["12345678909", "123.456.789-09", ""])
def test_a_consumer_is_never_told_a_fine_above_2_percent(tax_id: str) -> None:
    title = replace(boleto_title(), instructions="APÓS O VENCIMENTO, MULTA DE 10,00%")
    with pytest.raises(DocumentError, match=r"“MULTA DE 10,00%”.*art\. 52, § 1º"):
        draw_boleto(COMPANY, replace(CUSTOMER, tax_id=tax_id), title)
    with pytest.raises(DocumentError, match=r"art\. 52, § 1º"):
        draw_boleto(COMPANY, CUSTOMER, replace(boleto_title(), instructions="multa de R$ 50,00"))


@pytest.mark.parametrize("tax_id", ["98.765.432/0001-10", "12ABC34501DE35"])
def test_companies_may_have_agreed_on_more(tax_id: str) -> None:
    title = replace(boleto_title(), instructions="APÓS O VENCIMENTO, MULTA DE 10,00%")
    [text] = page_texts(draw_boleto(COMPANY, replace(CUSTOMER, tax_id=tax_id), title))
    assert text.count("MULTA DE 10,00%") == 2


@pytest.mark.parametrize("logo", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n" + bytes(40)])
def test_a_logo_that_cannot_be_read_is_left_out(logo: bytes) -> None:
    assert draw_boleto(replace(COMPANY, logo=logo), CUSTOMER, boleto_title()) == draw_boleto(
        COMPANY, CUSTOMER, boleto_title()
    )


def test_names_of_300_letters_stand_whole_on_the_page() -> None:
    name = "Construções e Incorporações " * 11
    [text] = page_texts(draw_boleto(COMPANY, replace(CUSTOMER, name=name[:300]), boleto_title()))
    assert " ".join(text.split()).count(name[:300].strip()) == 2
