"""The carnê: slips three to a page, each complete by itself once it is cut."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pypdfium2
import pytest

from integrator.documents.boleto import draw_boleto
from integrator.documents.carne import draw_carne
from integrator.documents.febraban import parse_digits
from integrator.domain.errors import DigitsError, DocumentError, MessageError
from integrator.domain.message import Title
from tests.documents.builders import COMPANY, CUSTOMER, PIX, barcode_for, boleto_title, changed
from tests.documents.readers import codes, ink, page_texts, picture

MM = 200 / 25.4
SLIP = 99


def slip_texts(pdf: bytes, page: int = 0) -> list[tuple[str, str]]:
    """Of each slip of a page, from the top: the text of its recibo and of its ficha."""
    found = []
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[page].get_textpage()
        for top in (297.0, 198.0, 99.0):
            edges = tuple(value * 72 / 25.4 for value in (top - SLIP + 0.5, top - 0.5, 54.0, 210.0))
            bottom, upper, cut, right = edges
            left = text.get_text_bounded(0, bottom, cut, upper)
            found.append((" ".join(left.split()), " ".join(text.get_text_bounded(cut, bottom, right, upper).split())))
    return found


@pytest.mark.feature("S03", "B09")
def test_each_slip_tells_everything_after_it_is_cut() -> None:
    first, second = boleto_title(), replace(boleto_title(date(2026, 12, 20), Decimal("99.00")), instalment="2")
    [one, two, three] = slip_texts(draw_carne(COMPANY, CUSTOMER, [first, second]))
    for (recibo, ficha), title, amount, due in (
        (one, first, "1.234,56", "20/11/2026"),
        (two, second, "99,00", "20/12/2026"),
    ):
        for text in (recibo, ficha):
            for expected in (
                "Comércio de Ferragens São João Ltda",
                "CNPJ 12.345.678/0001-95",
                "Rua Marechal Deodoro, 1280",
                "CEP 89700-000",
                "José Antônio Gonçalves & Filhos - CPF 123.456.789-09",
                "0156.05.85305",
                "26/200003-0",
                f"NF1234/{title.instalment}",
                amount,
                due,
            ):
                assert expected in text, expected
        assert parse_digits(title.barcode).linha in ficha
        assert "FICHA DE COMPENSAÇÃO" in ficha
        assert "multa de 2%" in ficha
        assert "Recibo do pagador" in recibo
        assert "Pague com PIX" in recibo
    assert three == ("", "")


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (3, 1), (4, 2), (7, 3), (40, 14)])
def test_any_number_of_titles_fills_as_many_pages_as_it_needs(count: int, pages: int) -> None:
    titles = [replace(boleto_title(), instalment=str(number), pix="") for number in range(count)]
    pdf = draw_carne(COMPANY, CUSTOMER, titles)
    texts = page_texts(pdf)
    assert len(texts) == pages
    assert sum(text.count("FICHA DE COMPENSAÇÃO") for text in texts) == count


def test_the_bars_are_103_by_13_mm_with_quiet_zones() -> None:
    page = picture(draw_carne(COMPANY, CUSTOMER, [boleto_title()] * 3), 200)
    for slip in range(3):
        top = SLIP * slip + 5 + 74.2
        area = (round(54.5 * MM), round(top * MM), round(167 * MM), round((top + 16) * MM))
        bars = ink(page.crop(area))
        assert bars is not None
        left, upper, right, lower = (side / MM for side in bars)
        assert right - left == pytest.approx(103, abs=0.4)
        assert lower - upper == pytest.approx(13, abs=0.4)
        assert left > 5, "white from the line to cut along to the bars"
        assert 167 - 54.5 - right > 2.6, "ten modules of white after the bars"


def test_the_slips_are_cut_into_equal_thirds() -> None:
    page = picture(draw_carne(COMPANY, CUSTOMER, [boleto_title()] * 3), 200)
    for height in (99, 198):
        row = round(height * MM)
        assert ink(page.crop((round(5 * MM), row - 3, round(7.5 * MM), row + 3))) is not None
    assert ink(page.crop((0, 0, page.width, round(3 * MM)))) is None
    assert ink(page.crop((0, round(294 * MM), page.width, page.height))) is None


def test_without_a_pix_code_the_recibo_says_nothing_of_it() -> None:
    [(recibo, ficha), *_] = slip_texts(draw_carne(COMPANY, CUSTOMER, [replace(boleto_title(), pix="")]))
    assert "PIX" not in (recibo + ficha).upper()


def test_an_estimate_stands_on_the_recibo_and_never_in_the_ficha() -> None:
    title = replace(boleto_title(), updated_amount=Decimal("1301.22"))
    [(recibo, ficha), *_] = slip_texts(draw_carne(COMPANY, CUSTOMER, [title]))
    assert "Valor atualizado estimado: R$ 1.301,22" in recibo
    assert "1.301,22" not in ficha


def test_another_beneficiary_leaves_the_shop_with_its_address_on_both_parts() -> None:
    title = replace(boleto_title(), beneficiary_name="Fundo Alfa", beneficiary_tax_id="98.765.432/0001-10")
    [(recibo, ficha), *_] = slip_texts(draw_carne(COMPANY, CUSTOMER, [title]))
    for text in (recibo, ficha):
        assert "Fundo Alfa - CNPJ 98.765.432/0001-10" in text
        assert "Sacador / Avalista: Comércio de Ferragens São João Ltda" in text
        assert "Rua Marechal Deodoro, 1280" in text


@pytest.mark.feature("B09")
@pytest.mark.parametrize(
    "wrong",
    [
        changed(boleto_title(), barcode_for(date(2026, 11, 20), Decimal("200.00"))),
        changed(boleto_title(), barcode_for(date(2026, 11, 19), Decimal("1234.56"))),
        replace(boleto_title(), pix=PIX[:-1] + "5"),
        replace(boleto_title(), barcode=""),
        replace(boleto_title(), instructions="MULTA DE 10%"),
        replace(boleto_title(), open_amount=Decimal("-1.00")),
        replace(boleto_title(), issued=date(1899, 12, 30)),
    ],
)
def test_one_wrong_slip_and_nothing_is_drawn_as_with_a_boleto(wrong: Title) -> None:
    with pytest.raises(MessageError) as alone:
        draw_boleto(COMPANY, CUSTOMER, wrong)
    with pytest.raises(MessageError) as among_others:
        draw_carne(COMPANY, CUSTOMER, [boleto_title(), wrong])
    assert among_others.value.message == alone.value.message
    assert isinstance(among_others.value, DigitsError | DocumentError)


def test_without_titles_there_is_no_carne() -> None:
    with pytest.raises(DocumentError, match="sem nenhum boleto"):
        draw_carne(COMPANY, CUSTOMER, [])


@pytest.mark.parametrize("name", ["José <b>& Filhos", "日本 Ltda 😀", "A\0B\x07", "(parêntese \\ barra", "\ud800"])
def test_no_name_breaks_the_page(name: str) -> None:
    pdf = draw_carne(replace(COMPANY, trade_name=name), replace(CUSTOMER, name=name), [boleto_title()])
    assert len(page_texts(pdf)) == 1


def test_long_names_are_whole_or_refused() -> None:
    long = ("Condomínio Residencial Engenheiro Antônio Carlos de Albuquerque " * 2).strip()
    [(recibo, ficha), *_] = slip_texts(draw_carne(COMPANY, replace(CUSTOMER, name=long), [boleto_title()]))
    assert long in recibo
    assert long in ficha
    with pytest.raises(DocumentError, match="longo demais"):
        draw_carne(COMPANY, replace(CUSTOMER, name="nome " * 80), [boleto_title()])


def test_what_the_contracts_columns_hold_at_most_stands_whole_and_is_still_read() -> None:
    title = replace(
        boleto_title(amount=Decimal("99999999.99")),
        our_number="123456789012345678901234567890",
        agency_account="0156.05.85305/0156.05.85305/0156.05.8530",
        document="NOTA FISCAL ELETRONICA 0000123456789 SERIE 001",
        instalment="10/12",
        bank_name="Cooperativa de Crédito de Livre Admissão do Oeste do Estado",
        payment_place="Pagável nas cooperativas de crédito e, depois do vencimento, em qualquer banco até 20/12/2026",
        updated_amount=Decimal("100000004.99"),
        instructions="Não receber após 60 dias do vencimento; juros de 1% ao mês e multa de 2%.\n" * 9,
    )
    pdf = draw_carne(COMPANY, CUSTOMER, [title])
    [(recibo, ficha), *_] = slip_texts(pdf)
    for text in (recibo, ficha):
        unbroken = text.replace(" ", "")
        for value in (title.our_number, title.agency_account, title.document, "99.999.999,99"):
            assert value.replace(" ", "") in unbroken
    assert title.bank_name in ficha
    assert title.payment_place in ficha
    assert ficha.count("multa de 2%") == 9
    assert codes(picture(pdf, 150)) == {"ITF": title.barcode, "QR": title.pix}


def test_equal_input_gives_equal_bytes() -> None:
    titles = [boleto_title()] * 4
    assert draw_carne(COMPANY, CUSTOMER, titles) == draw_carne(COMPANY, CUSTOMER, titles)
