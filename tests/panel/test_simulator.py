"""The simulator's page: the phones of the customers as they fill, and their files to open."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from integrator.domain.message import PartKind
from integrator.gateways.simulator.ledger import Bubble, LedgerFollower, LedgerWriter, read_ledger
from integrator.panel.access import Role
from integrator.sending.gateway import Receipt, ReceiptKind
from tests.panel.browser import accessible, keep, look_around, person
from tests.panel.site import Site, all_closed
from tests.panel.test_home import words

MORNING = datetime(2026, 11, 20, 8, 0)
PDF = Path(__file__).parents[1] / "documents" / "references"


@pytest.fixture
def ledger(site: Site, tmp_path: Path) -> Iterator[LedgerWriter]:
    folder = tmp_path / "simulador"
    folder.mkdir()
    writer = LedgerWriter(folder)
    site.engine.ledger = folder
    yield writer
    writer.close()


def text(number: str, words: str, minute: int = 0, name: str = "") -> Bubble:
    digest = hashlib.sha256(f"{number}{words}{minute}".encode()).hexdigest()
    at = MORNING + timedelta(minutes=minute)
    return Bubble(name or digest[:24], number, number, PartKind.TEXT, digest, len(words), at, text=words)


def document(ledger: LedgerWriter, number: str, content: bytes, name: str, minute: int = 0) -> Bubble:
    sha256 = ledger.keep_file(content)
    at = MORNING + timedelta(minutes=minute)
    ident = hashlib.sha256(f"{number}{name}{minute}".encode()).hexdigest()[:24]
    return Bubble(
        ident,
        number,
        number,
        PartKind.DOCUMENT,
        sha256,
        len(content),
        at,
        "",
        name,
        "application/pdf",
        "Segue o boleto.",
    )


def a_pdf() -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas("boleto.pdf", invariant=1)
    canvas.drawString(72, 720, "BOLETO")
    canvas.showPage()
    return bytes(canvas.getpdfdata())  # type: ignore[no-untyped-call]


@pytest.mark.feature("B12")
def test_conversations_show_what_customers_get_newest_first(site: Site, ledger: LedgerWriter) -> None:
    first = text("554988590187", "Olá, *Maria*. https://loja.example", 1)
    second = text("554999990002", "<img src=x onerror=alert(1)> ```x```", 5)
    pdf = document(ledger, "554999990002", a_pdf(), '"><script>alert(1)</script>.pdf', 6)
    ledger.append(first, second, pdf, Receipt(first.id, ReceiptKind.READ, MORNING))
    browser = site.browser(Role.VIEWER)

    html = browser.page("/simulador").text
    assert html.index("(49) 99999-0002") < html.index("(49) 98859-0187")
    assert "<strong>Maria</strong>" in html
    assert 'title="Lida pelo cliente"' in html
    assert "<img src=x" not in html
    assert "<script>alert" not in html

    opened = browser.page(f"/simulador/arquivo/{pdf.sha256}")
    assert opened.headers["content-type"] == "application/pdf"
    assert opened.content.startswith(b"%PDF")
    assert opened.headers["content-disposition"].startswith("inline; filename=")
    assert "<" not in opened.headers["content-disposition"]
    assert browser.page(f"/simulador/pagina/{pdf.sha256}").content.startswith(b"\x89PNG")


def test_only_received_files_can_be_asked_for(site: Site, ledger: LedgerWriter) -> None:
    page_like = document(ledger, "554999990002", b"<script>alert(1)</script>", "pagina.html")
    ledger.append(page_like)
    hidden = ledger.keep_file(b"not received by anybody")
    browser = site.browser()

    saved = browser.page(f"/simulador/arquivo/{page_like.sha256}")
    assert saved.headers["content-type"] == "application/octet-stream"
    assert saved.headers["content-disposition"].startswith("attachment")
    assert browser.page(f"/simulador/pagina/{page_like.sha256}").status_code == 404
    for name in (hidden, "0" * 64, "..%2fledger.jsonl", "ledger.jsonl", page_like.sha256.upper()):
        assert browser.page(f"/simulador/arquivo/{name}").status_code == 404, name
    assert site.browser(None).page(f"/simulador/arquivo/{page_like.sha256}").status_code == 303


def test_a_thousand_phones_are_paged_and_searched(site: Site, ledger: LedgerWriter) -> None:
    ledger.append(*(text(f"5549{90000000 + n}", f"Mensagem de número {n}.", n) for n in range(1000)))
    browser = site.browser()
    browser.page("/simulador")
    all_closed()  # the time of all threads counts, the server's among them

    began = time.process_time()
    first = browser.page("/simulador")
    assert time.process_time() - began < 0.4
    assert "1.000 celulares, 1.000 mensagens" in words(first.text)
    assert first.text.count('class="phone"') == 12
    assert browser.page("/simulador?pagina=84").text.count('class="phone"') == 4
    assert "(49) 99000-0777" not in first.text
    found = browser.page("/simulador?busca=número 777").text
    assert found.count('class="phone"') == 1
    assert browser.page("/simulador?busca=9000-0777").text.count('class="phone"') == 1
    assert "Nenhuma conversa tem" in browser.page("/simulador?busca=nada disso").text
    for odd in ("0", "-1", "x", "9" * 5000, "²"):
        assert browser.page(f"/simulador?pagina={odd}").status_code == 200, odd


def test_a_long_conversation_opens_by_itself(site: Site, ledger: LedgerWriter) -> None:
    ledger.append(*(text("554988590187", f"Recado {n}", n) for n in range(40)))
    browser = site.browser()
    assert "25 mensagens anteriores" in words(browser.page("/simulador").text)
    alone = words(browser.page("/simulador/celular/554988590187").text)
    assert "Recado 0 " in alone
    assert "Recado 39 " in alone
    assert browser.page("/simulador/celular/5511").status_code == 404


def test_an_empty_a_damaged_and_an_unused_simulator_each_say_so(site: Site, ledger: LedgerWriter) -> None:
    browser = site.browser()
    assert "O que sair da fila aparece aqui na hora." in browser.page("/simulador").text
    assert site.engine.ledger is not None
    site.engine.status = replace(site.engine.status, asks="O banco parece uma cópia.")
    assert "Ensaio: este computador ainda não pode enviar" in browser.page("/simulador").text
    (site.engine.ledger / "ledger.jsonl").write_bytes(b"{nada}\n")
    assert "danificado na linha 1" in browser.page("/simulador").text
    site.engine.ledger = None
    assert "O WhatsApp de verdade está em uso" in browser.page("/simulador").text
    assert browser.page("/simulador/celulares").status_code == 404


def test_a_follower_reads_each_line_once_and_notices_a_new_ledger(tmp_path: Path) -> None:
    follower = LedgerFollower(tmp_path)
    assert follower.read().messages == ()
    writer = LedgerWriter(tmp_path)
    writer.append(text("554988590187", "um"))
    assert follower.read() == read_ledger(tmp_path)
    writer.append(text("554988590187", "dois"), Receipt("x", ReceiptKind.READ, MORNING))
    with (tmp_path / "ledger.jsonl").open("ab") as torn:
        torn.write(b'{"record": "acce')
    assert follower.read() == read_ledger(tmp_path)
    assert len(follower.read().messages) == 2
    writer.close()
    (tmp_path / "ledger.jsonl").rename(tmp_path / "antes.jsonl")
    anew = LedgerWriter(tmp_path)
    anew.append(*(text("554988590187", f"outro {n}") for n in range(9)))
    anew.close()
    assert follower.read() == read_ledger(tmp_path)


def test_a_message_appears_on_the_open_page(site: Site, ledger: LedgerWriter, chromium: Chromium) -> None:
    pdf = document(ledger, "554988590187", a_pdf(), "boleto.pdf", 2)
    ledger.append(text("554988590187", "Bom dia, *Maria*.\nO boleto segue em anexo.", 1), pdf)
    ledger.append(*(text(f"55499999000{n}", f"Olá, cliente {n}. " * 9, n) for n in range(3)))
    with person(chromium, site, Role.OPERATOR) as page:
        page.goto("/simulador")
        keep(page, "simulador-1366")
        assert accessible(page) == []
        ledger.append(text("554988590187", "Acabou de chegar 🎉", 30))
        site.panel.live.tell("simulador")
        arrived = page.get_by_text("Acabou de chegar 🎉")
        expect(arrived).to_be_in_viewport()
        expect(page.locator(".phone").first).to_contain_text("Acabou de chegar")
        with page.expect_popup() as opened:
            page.get_by_role("link", name="boleto.pdf").click()
        assert opened.value.url.endswith(pdf.sha256)
        page.reload()
        look_around(page, "simulador")
