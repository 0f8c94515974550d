"""Block documents as people see them: every model with one, many and too many rows, and data that does not behave."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from integrator.documents.blocks.draw import document_file_name, draw_document
from integrator.documents.blocks.loader import read_model
from integrator.documents.blocks.model import DocumentModel, Look
from integrator.documents.pictures import count_pages
from integrator.domain.errors import DocumentError, MessageError, MissingValue
from integrator.domain.message import Address, Company
from integrator.messages.schema import Value
from tests.documents.block_samples import MODELS, NAMES, TODAY, rows_of, titles, values_for
from tests.documents.builders import COMPANY, CUSTOMER, PIX
from tests.documents.readers import codes, ink, page_texts, picture

REFERENCES: Final = Path(__file__).parent / "references" / "blocks"
LONG_NAME: Final = ("Associação Beneficente " + "São José da Conceição " * 20)[:300]


def model_of(*blocks: str, head: str = "") -> DocumentModel:
    """A model of these blocks, each the keys of one ``[[bloco]]``."""
    text = "".join(f"\n[[bloco]]\n{block}\n" for block in blocks)
    return read_model(f'[documento]\ntitulo = "Teste"\n{head}\n{text}', "teste.toml", "teste")


def pages_of(model: DocumentModel, values: dict[str, Value], company: Company = COMPANY) -> list[str]:
    return page_texts(draw_document(model, company, values))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("rows", [1, 40])
def test_every_page_of_every_document_is_as_it_was_looked_at(name: str, rows: int) -> None:
    """The references are of the text layer; who changes a layout looks at the pages and writes them anew."""
    model = MODELS.get(name)
    pages = pages_of(model, rows_of(model, rows))
    seen = [hashlib.sha256(page.encode()).hexdigest()[:16] for page in pages]
    kept = json.loads((REFERENCES / f"{name}.json").read_text(encoding="utf-8"))
    assert seen == kept[str(rows)], f"{name}: python -m tests.documents.test_blocks"


@pytest.mark.feature("G25")
@pytest.mark.parametrize("name", ["comanda", "ordem_servico", "orcamento", "condicional"])
def test_a_document_lists_every_item_with_its_total(name: str) -> None:
    check_items(name)


@pytest.mark.feature("G28")
def test_an_order_lists_every_item_with_its_total() -> None:
    check_items("pedido")


def check_items(name: str) -> None:
    model = MODELS.get(name)
    pages = pages_of(model, rows_of(model, 70))
    text = "\n".join(pages)
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        assert f"página {number} de {len(pages)}" in page
        assert "Ferragens São João" in page
    found = re.findall(r"Parafuso sextavado\s(\d+)", text)
    assert found == [str(number) for number in range(1, 71)]
    assert "Total dos itens (70 itens)" in text
    assert "R$ 1.470,00" in text
    assert "CNPJ 12.345.678/0001-95" in pages[0]


@pytest.mark.slow
def test_two_thousand_items_are_laid_out_and_nothing_is_lost() -> None:
    model = MODELS.get("pedido")
    text = "\n".join(pages_of(model, rows_of(model, 2000)))
    assert re.findall(r"P\d{5}", text) == [f"P{number:05d}" for number in range(1, 2001)]


def test_more_rows_than_anybody_reads_are_refused() -> None:
    model = MODELS.get("orcamento")
    values = rows_of(model, 1)
    one = values["itens"]
    assert isinstance(one, tuple)
    with pytest.raises(DocumentError, match=r"A lista tem 10\.?001 linhas"):
        draw_document(model, COMPANY, {**values, "itens": one * 10_001})


@pytest.mark.parametrize("name", NAMES)
def test_long_names_stay_inside_the_page_and_nothing_is_cut(name: str) -> None:
    model = MODELS.get(name)
    company = replace(COMPANY, trade_name=LONG_NAME, legal_name=LONG_NAME)
    values = {**rows_of(model, 2), "cliente": LONG_NAME, "credor": COMPANY.legal_name}
    pdf = draw_document(model, company, values)
    joined = "".join("".join(page_texts(pdf)).split())
    assert joined.count("".join(LONG_NAME.split())) >= 2
    shown = picture(pdf, 40)
    left, _, right, bottom = ink(shown) or (0, 0, 0, 0)
    assert left > 8
    assert right < shown.width - 8
    assert bottom < shown.height - 5


def test_an_amount_is_never_broken_into_two_lines() -> None:
    model = MODELS.get("orcamento")
    values = rows_of(model, 1)
    huge = {"total_item": Decimal("9876543210.99"), "valor_unitario": Decimal("9876543210.99")}
    one = values["itens"]
    assert isinstance(one, tuple)
    text = pages_of(model, {**values, "itens": ({**one[0], **huge},)})[0]
    assert text.count("R$ 9.876.543.210,99") >= 3


def test_a_figure_that_fits_no_page_is_refused() -> None:
    model = MODELS.get("orcamento")
    values = rows_of(model, 1)
    one = values["itens"]
    assert isinstance(one, tuple)
    with pytest.raises(DocumentError, match=r"Orçamento.*colunas de uma tabela não cabem"):
        draw_document(model, COMPANY, {**values, "itens": ({**one[0], "quantidade": "9" * 400},)})


def test_a_word_of_ten_thousand_letters_in_a_field_is_laid_out_or_refused() -> None:
    model = MODELS.get("ordem_servico")
    values = {**rows_of(model, 1), "problema": "x" * 3000}
    assert "".join(pages_of(model, values)).count("x") >= 3000
    with pytest.raises(DocumentError, match="não cabe numa página"):
        draw_document(model, COMPANY, {**values, "problema": "x" * 15_000})


@pytest.mark.parametrize("name", NAMES)
def test_what_a_document_is_about_must_be_there(name: str) -> None:
    model = MODELS.get(name)
    values: dict[str, Value] = {**rows_of(model, 1), **dict.fromkeys(model.needs, ())}
    with pytest.raises(DocumentError, match=f"a lista “{model.needs[0]}” está vazia"):
        draw_document(model, COMPANY, values)


def test_a_variable_without_value_is_told_with_the_document() -> None:
    model = model_of('tipo = "texto"\ntexto = "Contato: {contato}"')
    with pytest.raises(MissingValue, match=r"Documento “Teste”: A variável \{contato\}"):
        draw_document(model, COMPANY, values_for(model))


def test_an_optional_field_without_value_vanishes_and_one_that_cannot_be_read_does_not() -> None:
    model = MODELS.get("orcamento")
    values = rows_of(model, 1)
    assert "Frete" not in pages_of(model, values)[0]
    assert "R$ 25,00" in pages_of(model, {**values, "frete": "25"})[0]
    with pytest.raises(MissingValue, match="frete"):
        draw_document(model, COMPANY, {**values, "frete": "a combinar"})


def test_marks_of_the_author_are_type_and_marks_of_a_value_are_text() -> None:
    model = model_of('tipo = "texto"\ntexto = "*Cliente:* {cliente}, _visto_ 2 * 3, joao_silva e *{cliente}*"')
    text = pages_of(model, {**values_for(model), "cliente": "*José* _da_ {Silva} <b>&amp;"})[0]
    assert "Cliente: *José* _da_ {Silva} <b>&amp;, visto 2 * 3, joao_silva e *José* _da_ {Silva} <b>&amp;" in text


texts = st.text(
    st.one_of(st.sampled_from("*_~{}[]|<>&\\\n\r\t\x00\x01\x02\"'%"), st.characters(codec="utf-8")), max_size=60
)


@hypothesis_settings(max_examples=30)
@given(name=st.sampled_from(NAMES), customer=texts, description=texts, note=texts)
def test_no_value_changes_the_layout_or_breaks_the_drawing(
    name: str, customer: str, description: str, note: str
) -> None:
    model = MODELS.get(name)
    values = rows_of(model, 2)
    lines = values["itens"]
    assert isinstance(lines, tuple)
    odd = tuple({**item, "descricao": description} for item in lines)
    changed = {**values, "cliente": customer, "itens": odd, "observacao": note, "problema": note}
    try:
        text = "".join(pages_of(model, changed))
    except MessageError as error:
        assert not customer.strip() or isinstance(error, MissingValue)  # noqa: PT017
        return
    assert text.count("página 1 de ") == 1
    assert text.count("Ferragens São João") >= 1


def test_the_logo_is_drawn_and_a_broken_one_left_out() -> None:
    buffer = BytesIO()
    Image.new("RGB", (200, 100), "black").save(buffer, "PNG")
    model = MODELS.get("orcamento")
    values = rows_of(model, 1)

    def head(logo: bytes | None) -> Image.Image:
        return picture(draw_document(model, replace(COMPANY, logo=logo), values), 72).crop((0, 0, 150, 90))

    assert sum(head(buffer.getvalue()).histogram()[:64]) > 3000
    for broken in (b"not an image", buffer.getvalue()[:60]):
        assert head(broken).tobytes() == head(None).tobytes()


def test_a_pale_colour_is_kept_from_the_headings() -> None:
    model = MODELS.get("orcamento")
    values = rows_of(model, 1)

    def darkest(colour: str) -> int:
        pdf = draw_document(model, COMPANY, values, look=Look(colour))
        heading = picture(pdf, 72).crop((35, 90, 300, 120))
        return heading.getextrema()[0]  # type: ignore[return-value]

    assert darkest("#FFFF99") < 60
    assert darkest("#0F766E") < 160


def test_the_qr_of_each_title_with_pix_can_be_read_and_a_wrong_one_holds_the_row() -> None:
    model = model_of('tipo = "qr"\nlista = "titulos"\nlegenda = "*PIX* de {valor_aberto}"', head="cobranca = true")
    values = values_for(model, open_titles=titles(1))
    pdf = draw_document(model, COMPANY, values)
    assert codes(picture(pdf, 150)) == {"QR": PIX}
    assert "PIX de R$ 100,00" in page_texts(pdf)[0]
    assert "PIX" not in pages_of(model, values_for(model, open_titles=(replace(titles(1)[0], pix=""),)))[0]
    with pytest.raises(MessageError, match="PIX"):
        draw_document(model, COMPANY, values_for(model, open_titles=(replace(titles(1)[0], pix=f"{PIX[:-1]}5"),)))


def test_blocks_vanish_break_pages_and_keep_signatures_together() -> None:
    model = model_of(
        'tipo = "texto"\ntexto = "Um"',
        'tipo = "texto"\ntexto = "Nunca"\nse = "contato"',
        'tipo = "linha"',
        'tipo = "espaco"\naltura_mm = 200',
        'tipo = "espaco"\naltura_mm = 10',
        'tipo = "aviso"\ntexto = "Quadro"',
        'tipo = "assinaturas"\nlocal_e_data = "Concórdia, {hoje}"\n[[bloco.assinaturas]]\nnome = "{cliente}"',
        'tipo = "quebra_de_pagina"',
        'tipo = "texto"\ntexto = "- item comprido\\n1. outro"\nalinhar = "direita"',
    )
    first, second, third = pages_of(model, values_for(model))
    assert "Um" in first
    assert "Quadro" in first
    assert "Nunca" not in first + second + third
    assert "Concórdia, 20/11/2026" in second
    assert CUSTOMER.name in second
    assert "item comprido" in third


def test_equal_input_gives_equal_bytes() -> None:
    for name in NAMES:
        model = MODELS.get(name)
        values = rows_of(model, 8)
        assert draw_document(model, COMPANY, values) == draw_document(model, COMPANY, values)


def test_file_names_are_safe_and_say_which_document() -> None:
    quote, statement = MODELS.get("orcamento"), MODELS.get("demonstrativo")
    assert document_file_name(quote, {"numero": "1234"}, TODAY) == "orcamento-1234-2026-11-20.pdf"
    assert document_file_name(quote, {}, TODAY) == "orcamento-2026-11-20.pdf"
    assert document_file_name(quote, {"numero": "../12\\34:*?"}, TODAY) == "orcamento-..-12-34-2026-11-20.pdf"
    named = document_file_name(statement, {"cliente": "José & Filhos " * 30}, TODAY)
    assert named.startswith("demonstrativo-de-debitos-Jose-Filhos")
    assert len(named) < 110
    assert document_file_name(statement, {"cliente": "日本"}, TODAY) == "demonstrativo-de-debitos-2026-11-20.pdf"
    con = read_model('[documento]\ntitulo = "x"\narquivo = "CON"\n[[bloco]]\ntipo = "linha"', "con.toml", "con")
    assert document_file_name(con, {}, date(2026, 1, 2)) == "documento-CON-2026-01-02.pdf"


def test_a_page_of_a5_is_half_of_one_of_a4() -> None:
    model = MODELS.get("comanda")
    shown = picture(draw_document(model, COMPANY, rows_of(model, 3)), 72)
    assert shown.size == (420, 596)


def test_an_empty_address_leaves_no_hole() -> None:
    model = MODELS.get("pedido")
    company = replace(COMPANY, address=Address(), phone="", mobile="", email="")
    assert count_pages(draw_document(model, company, rows_of(model, 1))) == 1


def _keep_references() -> None:
    for name in NAMES:
        model = MODELS.get(name)
        kept = {
            str(rows): [
                hashlib.sha256(page.encode()).hexdigest()[:16] for page in pages_of(model, rows_of(model, rows))
            ]
            for rows in (1, 40)
        }
        (REFERENCES / f"{name}.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _keep_references()
