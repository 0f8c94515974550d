"""The phone page shows what customers received, and nothing that they or the ERP wrote can do harm in it."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from integrator.domain.message import PartKind
from integrator.gateways.simulator.ledger import Bubble, LedgerWriter
from integrator.gateways.simulator.markup import render_marks
from integrator.gateways.simulator.page import write_phone_page
from integrator.sending.gateway import Receipt, ReceiptKind
from tests.gateways.conftest import MONDAY_MORNING

PHONE = "554988590187"
ATTACK = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>"


def pdf(pages: int) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, invariant=True)
    for number in range(pages):
        canvas.drawString(50, 700, f"Página {number + 1}")
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def first_page(content: bytes) -> bytes:
    with pypdfium2.PdfDocument(content) as document:
        stream = io.BytesIO()
        document[0].render(scale=0.2).to_pil().save(stream, "PNG")
    return stream.getvalue()


class Shop:
    """A ledger being filled, and the page drawn from it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.page = folder / "saida" / "celulares.html"
        self._writer = LedgerWriter(folder)
        self._count = 0

    def text(self, text: str, *, to: str = PHONE, kind: PartKind = PartKind.TEXT, day: int = 0) -> str:
        return self._add(to, kind, text=text, day=day)

    def document(self, content: bytes, file_name: str, *, to: str = PHONE, caption: str = "") -> str:
        return self._add(to, PartKind.DOCUMENT, content=content, file_name=file_name, caption=caption)

    def receipt(self, message_id: str, kind: ReceiptKind) -> None:
        self._writer.append(Receipt(message_id, kind, MONDAY_MORNING))

    def draw(self, *, company: str = "Loja Exemplo", names: dict[str, str] | None = None) -> str:
        self._writer.close()
        write_phone_page(self.folder, self.page, company_name=company, thumbnails=first_page, names=names)
        return self.page.read_text(encoding="utf-8")

    def _add(
        self,
        to: str,
        kind: PartKind,
        *,
        text: str = "",
        content: bytes = b"",
        file_name: str = "",
        caption: str = "",
        day: int = 0,
    ) -> str:
        self._count += 1
        message_id = f"M{self._count}"
        digest = self._writer.keep_file(content) if kind is PartKind.DOCUMENT else f"{self._count}:{text}"
        at = MONDAY_MORNING + timedelta(days=day, minutes=self._count)
        size = len(content) or len(text)
        self._writer.append(Bubble(message_id, to, to, kind, digest, size, at, text, file_name, caption=caption))
        return message_id


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


class Reader(HTMLParser):
    """What a browser would find in the page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, attribute: str) -> list[str]:
        return [value for name, value in self.attributes if name == attribute]


@pytest.mark.feature("B12")
def test_the_page_shows_each_customer_what_he_received(shop: Shop) -> None:
    shop.text("Olá, *José*!\nSegue o boleto.")
    shop.document(pdf(2), "Boleto 123-1.pdf")
    shop.text("00020126580014br.gov.bcb.pix", kind=PartKind.PIX)
    shop.text("Bom dia", to="5511988590187", day=1)
    page = shop.draw(names={"5549988590187": "José da Conceição"})
    reader = Reader(page)
    for expected in (
        "José da Conceição",
        "(49) 98859-0187",
        "(11) 98859-0187",
        "Boleto 123-1.pdf",
        "2 páginas · ",
        "00020126580014br.gov.bcb.pix",
        "23/11/2026",
        "24/11/2026",
        "08:01",
    ):
        assert expected in reader.text
    assert reader.tags.count("article") == 2
    assert "<strong>José</strong>" in page


def test_a_caption_stands_below_its_file_in_the_same_bubble(shop: Shop) -> None:
    shop.document(pdf(1), "Boleto 123-1.pdf", caption="Olá, *José*!\nSegue o _boleto_ ☀️")
    page = shop.draw()
    (bubble,) = re.findall(r'<li class="bubble file">.*?</li>', page, re.DOTALL)
    assert (
        '</a><div class="words">Olá, <strong>José</strong>!\nSegue o <em>boleto</em> ☀️</div><div class="foot">'
        in bubble
    )


def test_texts_and_codes_are_counted_in_words(shop: Shop) -> None:
    shop.text("Olá")
    shop.document(pdf(1), "a.pdf", caption="Olá de novo")
    shop.text("00020126580014br.gov.bcb.pix", kind=PartKind.PIX)
    shop.text("00190.00009", kind=PartKind.LINHA)
    shop.text("00190.00010", kind=PartKind.LINHA)
    tiles = dict(re.findall(r"<dt>(.*?)</dt><dd>(\d+)</dd>", shop.draw()))
    assert tiles["textos"] == "2"
    assert tiles["documento"] == tiles["código PIX"] == "1"
    assert tiles["linhas digitáveis"] == "2"


def test_files_and_pictures_lie_beside_the_page(shop: Shop) -> None:
    content = pdf(1)
    shop.document(content, "Boleto nº 1.pdf")
    reader = Reader(shop.draw())
    link = next(value for value in reader.values("href") if value.startswith("arquivos/"))
    assert (shop.page.parent / link).read_bytes() == content
    (picture,) = reader.values("src")
    assert (shop.page.parent / picture).read_bytes().startswith(b"\x89PNG")
    assert "Primeira página de Boleto nº 1.pdf" in reader.values("alt")


def test_the_page_asks_nothing_of_the_network(shop: Shop) -> None:
    shop.text("Veja https://exemplo.com.br/boleto_1_a?x=1&y=2 hoje")
    shop.document(pdf(1), "a.pdf")
    page = shop.draw()
    reader = Reader(page)
    assert all(not value.startswith(("http", "//")) for name in ("href", "src") for value in reader.values(name))
    assert "link" not in reader.tags
    assert "url(" not in page
    assert '<span class="address">https://exemplo.com.br/boleto_1_a?x=1&amp;y=2</span> hoje' in page


def test_nothing_written_by_others_becomes_part_of_the_page(shop: Shop) -> None:
    shop.text(f"*{ATTACK}* _{ATTACK}_ ```{ATTACK}``` https://a/{ATTACK}")
    shop.document(pdf(1), f"{ATTACK}.pdf", caption=f"*{ATTACK}* {ATTACK}")
    shop.document(b"<html>", "../../" + ATTACK + ".html", to="5511988590187")
    reader = Reader(shop.draw(company=ATTACK, names={PHONE: ATTACK}))
    assert reader.tags.count("script") == 1
    assert reader.tags.count("img") == 1
    assert not [name for name, _ in reader.attributes if name.startswith("on")]
    assert reader.text.count("<script>alert(2)</script>") >= 9


def test_a_file_cannot_leave_its_folder_nor_be_run(shop: Shop) -> None:
    shop.document(b"<script>alert(1)</script>", "../../../fora.html")
    shop.document(b"MZ", "C:\\Windows\\boleto.exe")
    shop.document(b"x", "...")
    reader = Reader(shop.draw())
    links = [value for value in reader.values("href") if not value.startswith("#")]
    assert [re.sub(r"[0-9a-f]{10}-", "", link) for link in links] == [
        "arquivos/fora.bin",
        "arquivos/boleto.bin",
        "arquivos/arquivo.bin",
    ]
    assert all((shop.page.parent / link).is_file() for link in links)


def test_a_broken_pdf_is_shown_without_picture(shop: Shop) -> None:
    shop.document(b"%PDF-1.4 nada", "quebrado.pdf")
    reader = Reader(shop.draw())
    assert "img" not in reader.tags
    assert "quebrado.pdf" in reader.text
    assert "página" not in reader.text


def test_every_state_is_said_in_words_as_well_as_ticks(shop: Shop) -> None:
    read, delivered, failed, _sent = (shop.text(f"Aviso {number}") for number in range(4))
    shop.receipt(read, ReceiptKind.DELIVERED)
    shop.receipt(read, ReceiptKind.READ)
    shop.receipt(delivered, ReceiptKind.DELIVERED)
    shop.receipt(failed, ReceiptKind.FAILED)
    reader = Reader(shop.draw())
    assert [value for value in reader.values("title") if value] == [
        "Lida pelo cliente",
        "Entregue no celular",
        "Não foi possível entregar",
        "Enviada: ainda não chegou ao celular",
    ]
    assert [value for value in reader.values("href") if value.startswith("#")] == ["#dois", "#dois", "#um"]
    for word in ("lida", "entregue", "falhou", "enviada"):
        assert word in reader.values("class")


def test_a_repeated_message_is_pointed_out(shop: Shop) -> None:
    shop.document(pdf(1), "a.pdf")
    shop.document(pdf(1), "b.pdf")
    assert Reader(shop.draw()).text.count("Repetida: o cliente já tinha recebido") == 1


def test_without_messages_the_page_says_what_to_do(shop: Shop) -> None:
    reader = Reader(shop.draw())
    assert "Nenhuma mensagem foi enviada ainda." in reader.text
    assert "article" not in reader.tags


def test_a_name_is_found_whatever_form_of_the_number_it_was_given_for(shop: Shop) -> None:
    shop.text("Olá", to="5549988590197")
    assert "<bdi>Ana</bdi>" in shop.draw(names={"554988590197": "Ana"})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*negrito*", "<strong>negrito</strong>"),
        ("_itálico_ e ~riscado~", "<em>itálico</em> e <s>riscado</s>"),
        ("*_os dois_*", "<strong><em>os dois</em></strong>"),
        ("*a _b* c_", "<strong>a _b</strong> c_"),
        ("```*fixo* _aqui_```", "<code>*fixo* _aqui_</code>"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("nome_de_arquivo_x", "nome_de_arquivo_x"),
        ("*sem fim", "*sem fim"),
        ("*linha\noutra*", "*linha\noutra*"),
        ("* espaço*", "* espaço*"),
        ("(*R$ 10,00*).", "(<strong>R$ 10,00</strong>)."),
        ("**", "**"),
        ("A & B < C", "A &amp; B &lt; C"),
    ],
)
def test_marks_look_as_in_whatsapp(text: str, shown: str) -> None:
    assert render_marks(text) == shown


def test_many_marks_are_drawn_without_losing_a_letter() -> None:
    text = "*_~a *b _c " * 5_000
    bare = re.compile(r"</?(?:strong|em|s)>|[*_~]")
    assert bare.sub("", render_marks(text)) == bare.sub("", text)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_text_has_enough_contrast(scheme: int) -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1."""
    style = files("integrator.gateways.simulator").joinpath("page.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9A-F]{6})", style.split(":root {")[1 + scheme].split("}")[0]))
    for front, back in (
        ("text", "page"),
        ("soft", "page"),
        ("text", "card"),
        ("soft", "card"),
        ("error", "card"),
        ("on-brand", "brand"),
        ("on-brand-soft", "brand"),
        ("soft", "day"),
        ("text", "bubble"),
        ("soft", "bubble"),
        ("read", "bubble"),
        ("error", "bubble"),
        ("address", "bubble"),
        ("text", "file"),
        ("soft", "file"),
    ):
        assert contrast(colours[front], colours[back]) >= 4.5, (front, back)
    assert contrast("#FFFFFF", colours["pdf"]) >= 4.5


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
