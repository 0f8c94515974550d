"""Histórico: what left, found again; its header, its totals, its files; and what nobody may do with it."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from integrator.domain.lifecycle import State
from integrator.erp.history import per_day, today_figures
from integrator.panel.access import Role
from tests.documents.readers import page_texts
from tests.panel.browser import accessible, keep, look_around, person
from tests.panel.site import MORNING, Site

TEXT = "Olá, João da Conceição! Há 2 parcelas em aberto.\nSegue o boleto."
EVIL = '<img src=x onerror=alert(1)>"><script>alert(2)</script>'


def sent(site: Site, key: str, at: datetime, *, state: str = "enviada", **cells: object) -> int:
    """A row of the queue that left at that time; its id."""
    site.execute(
        "INSERT INTO WA_FILA (CHAVE, MODULO, TIPO, CLIENTE_NOME, TELEFONE) VALUES (?, 'RECEBER', ?, ?, ?)",
        (key, cells.pop("kind", "DÉBITO VENCIDO"), cells.pop("name", "João da Conceição"), "49 8859-0187"),
    )
    number = int(site.sql("SELECT ID FROM WA_FILA WHERE CHAVE = ?", (key,))[0][0])
    for step in ("reservada", "enviando"):
        site.execute("UPDATE WA_FILA SET SITUACAO = ? WHERE ID = ?", (step, number))
    values = {"TEXTO_FINAL": TEXT, "TEXTO_HISTORICO": TEXT, "DESTINO": "554988590187", "ENVIADA_EM": at, **cells}
    if "TEXTO_FINAL" in cells:
        values["TEXTO_HISTORICO"] = str(cells["TEXTO_FINAL"]).encode("cp1252", "replace").decode("cp1252")
    columns = ", ".join(f"{column} = ?" for column in values)
    first = "incerta" if state == "incerta" else "falhou" if state == "falhou" else "enviada"
    site.execute(f"UPDATE WA_FILA SET SITUACAO = ?, {columns} WHERE ID = ?", (first, *values.values(), number))
    if state != first:
        site.execute("UPDATE WA_FILA SET SITUACAO = ? WHERE ID = ?", (state, number))
    return number


def a_month(site: Site) -> None:
    """Messages of the last days, in every state."""
    day = MORNING - timedelta(days=1)
    sent(site, "lida", day, state="lida", ENTREGUE_EM=day + timedelta(minutes=1), LIDA_EM=day + timedelta(hours=2))
    sent(site, "entregue", day + timedelta(minutes=2), state="entregue", ENTREGUE_EM=day + timedelta(minutes=3))
    sent(site, "orcamento", day + timedelta(minutes=4), kind="STATUS ORÇAMENTO", name=EVIL, TEXTO_FINAL=f"{EVIL} 🙂")
    sent(site, "falhou", day + timedelta(minutes=6), state="falhou", MOTIVO="Este número não tem WhatsApp.")
    sent(site, "antiga", day - timedelta(days=80), DESTINO="5511977771234", TEXTO_FINAL="=cmd|' /C calc'!A0")


def table(site: Site, address: str) -> str:
    answer = site.browser(Role.VIEWER).page(address)
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.feature("G40", "G42", "G43", "G44", "G45", "G46", "G47", "B10")
def test_a_person_finds_a_message_and_takes_the_period_home(site: Site, chromium: Chromium) -> None:
    a_month(site)
    with person(chromium, site, Role.VIEWER, accept_downloads=True) as page:
        page.goto("/")
        page.get_by_role("link", name="Histórico", exact=True).click()
        company = page.locator(".issuer").inner_text()
        for told in (
            "CNPJ",
            "CEP: ",
            "Fone: ",
            "Celular: ",
            "E-mail: ",
            "Período: ",
            f"Emissão: {MORNING:%d/%m/%Y %H:%M}",
        ):
            assert told in company, told
        heads = ["Celular", "Mensagem", "Módulo", "Tipo da mensagem", "Data envio", "Situação"]
        expect(page.locator("thead").last.locator("th")).to_have_text(heads)
        rows = page.locator("table.history tbody tr")
        expect(rows).to_have_count(4)
        assert "(49) 98859-0187" in rows.nth(0).inner_text()
        assert "Este número não tem WhatsApp." in rows.nth(0).inner_text()
        assert EVIL in rows.nth(1).inner_text()
        assert "lida 10:00" in rows.nth(3).inner_text()
        keep(page, "historico-1366")
        page.get_by_label("Mensagem, cliente ou celular").fill("joao da CONCEIÇAO")
        page.get_by_role("button", name="Filtrar").click()
        expect(rows).to_have_count(3)
        expect(page.locator(".totals dd")).to_have_text(["3", "2", "2", "1", "1", "0"])
        page.get_by_role("link", name="30 dias").click()
        page.get_by_text("Por dia").click()
        assert page.locator(".per-day tbody tr").first.inner_text().split() == ["19/11/2026", "3", "2", "1", "1", "0"]
        with page.expect_download() as found:
            page.get_by_role("link", name="Baixar PDF").click()
        assert found.value.suggested_filename == "historico-2026-10-22-a-2026-11-20.pdf"
    assert site.audit()[0] == "Pessoa consulta: histórico baixado PDF, 22/10/2026 a 20/11/2026, 4 mensagens"


def test_the_page_is_readable_on_a_phone_and_on_a_wall_in_the_dark(site: Site, chromium: Chromium) -> None:
    a_month(site)
    sent(site, "longa", MORNING, TEXTO_FINAL="x" * 2000, MODULO="ORÇAMENTO")
    with person(chromium, site, Role.VIEWER) as page:
        page.goto("/historico")
        page.get_by_text("Por dia").press("Enter")
        assert accessible(page) == []
        look_around(page, "historico")


def lines_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.feature("G43", "G45", "B10")
def test_the_files_have_the_messages_of_the_filter_and_no_others(site: Site) -> None:
    a_month(site)
    browser = site.browser(Role.VIEWER)

    answer = browser.page("/historico/planilha.csv?de=2026-08-01&ate=2026-11-20")
    head, *rows = lines_of(answer.content)
    assert head[:5] == ["Celular", "Mensagem", "Módulo", "Tipo da mensagem", "Data envio"]
    assert [row[5] for row in rows] == ["falhou", "enviada", "entregue", "lida", "enviada"]
    assert rows[4][1].startswith("'=cmd")
    assert rows[1][1] == f"{EVIL} 🙂"
    assert 'filename="historico-2026-08-01-a-2026-11-20.csv"' in answer.headers["content-disposition"]
    only = lines_of(browser.page("/historico/planilha.csv?situacao=lida").content)
    assert [row[8] for row in only[1:]] == ["19/11/2026 10:00"]
    pages = page_texts(browser.page("/historico/relatorio.pdf?tipo=RECEBER%7CSTATUS+OR%C3%87AMENTO").content)
    assert "Período: 22/10/2026 a 20/11/2026" in pages[0]
    assert "Módulo: RECEBER · Tipo: STATUS ORÇAMENTO" in pages[0]
    assert "CNPJ" in pages[0]
    assert "DÉBITO VENCIDO" not in pages[0]


@pytest.mark.feature("G47")
def test_a_phone_is_found_in_any_writing(site: Site) -> None:
    wanted = sent(site, "a", MORNING - timedelta(hours=1), MODULO="ORÇAMENTO")
    sent(site, "b", MORNING - timedelta(hours=2), DESTINO="5549988887777")
    browser = site.browser(Role.VIEWER)

    for typed in (
        "(49) 98859-0187",
        "49988590187",
        "+55 49 98859-0187",
        "4988590187",
        "98859-0187",
        "8859-0187",
        "590187",
    ):
        page = browser.page("/historico", params={"q": typed}).text
        assert re.findall(r'href="/fila/(\d+)"', page) == [str(wanted)], typed
        assert '<span class="nowrap">(49) 98859-0187</span>' in page


def test_pages_go_on_where_the_last_one_ended_also_within_one_instant(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integrator.panel.pages.history._PAGE_ROWS", 4)
    at = MORNING - timedelta(hours=1)
    numbers = [sent(site, f"k{number}", at) for number in range(9)]
    numbers += [sent(site, f"m{number}", at + timedelta(seconds=number)) for number in range(1, 4)]
    shown: list[int] = []
    address = "/historico"
    for _ in range(4):
        page = table(site, address)
        shown += [int(number) for number in re.findall(r'href="/fila/(\d+)"', page)]
        following = re.search(r'rel="next" href="([^"]+)"', page)
        if following is None:
            break
        address = html.unescape(following[1])
    assert len(shown) == len(numbers)
    assert sorted(shown) == sorted(numbers)


def test_what_was_typed_wrong_is_told_beside_its_field(site: Site) -> None:
    browser = site.browser(Role.VIEWER)

    for query, told in (
        ("de=31/02/2026", "Esta data não existe."),
        ("de=2026-11-20&ate=2026-11-01", "O período termina antes de começar."),
        ("ate=0001-01-01", "Esta data não existe."),
    ):
        answer = browser.page(f"/historico?{query}")
        assert answer.status_code == 400
        assert told in answer.text
        assert browser.page(f"/historico/planilha.csv?{query}").status_code == 400
    for odd in (
        "antes=x~y",
        "antes=2026-11-20~-1",
        "situacao=x",
        "tipo=%00%7C%F0%9F%99%82",
        "q=" + "%F0%9F%99%82" * 300,
        "q=%00",
    ):
        assert browser.page(f"/historico?{odd}").status_code == 200, odd
    assert "Nenhuma mensagem saiu neste período" in table(site, "/historico?de=2001-01-01&ate=2001-01-02")


def test_nobody_signed_out_reads_the_history(site: Site) -> None:
    for path in ("/historico", "/historico/totais", "/historico/planilha.csv", "/historico/relatorio.pdf"):
        assert site.browser(None).page(path).status_code == 303


def test_a_file_beyond_its_limit_says_so_and_the_next_one_is_made(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    a_month(site)
    browser = site.browser(Role.VIEWER)
    monkeypatch.setattr("integrator.panel.history.files.PDF_LIMIT", 3)
    monkeypatch.setattr("integrator.panel.history.files.SHEET_LIMIT", 3)

    for path in ("/historico/relatorio.pdf", "/historico/planilha.csv"):
        answer = browser.page(path)
        assert answer.status_code == 400
        assert "São mais de 3 mensagens" in answer.text
    assert browser.page("/historico/relatorio.pdf?situacao=lida").status_code == 200


@pytest.mark.feature("B10", "B17")
def test_figures_of_a_day_count_each_message_once(site: Site) -> None:
    a_month(site)
    sent(site, "incerta", MORNING, state="incerta", ENVIADA_EM=None)
    day = MORNING.date() - timedelta(days=1)

    (figures,) = per_day(site.database, day, day)
    assert (figures.sent, figures.delivered, figures.read, figures.failed, figures.uncertain) == (3, 2, 1, 1, 0)
    # When it was known that an uncertain one may not have left: just now, by the database's own clock.
    known_on = site.sql("SELECT ATUALIZADO_EM FROM WA_FILA WHERE CHAVE = 'incerta'")[0][0].date()
    known = today_figures(site.database, known_on)
    assert (known.day.uncertain, known.uncertain) == (1, 1)
    assert known.held == len(site.keys(State.HELD))
    assert [each.day for each in per_day(site.database, date(2026, 2, 27), date(2026, 3, 2))][1] == date(2026, 2, 28)
