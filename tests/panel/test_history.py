"""Histórico: what left, found again; its header, its totals, its files; and what nobody may do with it."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import Browser as Chromium

from integrator.erp.history import per_day, today_figures
from integrator.panel.access import Role
from tests.documents.readers import page_texts
from tests.panel.browser import accessible, fits, keep, person
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
        heads = page.locator("thead").last.locator("th").all_inner_texts()
        assert heads == ["Celular", "Mensagem", "Módulo", "Tipo da mensagem", "Data envio", "Situação"]
        rows = page.locator("table.history tbody tr")
        assert rows.count() == 4
        assert "(49) 98859-0187" in rows.nth(0).inner_text()
        assert "Este número não tem WhatsApp." in rows.nth(0).inner_text()
        assert EVIL in rows.nth(1).inner_text()
        assert "lida 19/11/2026 10:00" in rows.nth(3).inner_text()
        keep(page, "historico-1366")
        page.get_by_label("Mensagem, cliente ou celular").fill("joao da CONCEIÇAO")
        page.get_by_role("button", name="Filtrar").click()
        assert rows.count() == 3
        page.locator(".totals dd").first.wait_for()
        assert page.locator(".totals dd").all_inner_texts() == ["3", "2", "2", "1", "1", "0"]
        page.get_by_role("link", name="30 dias").click()
        page.get_by_text("Por dia").click()
        assert page.locator(".per-day tbody tr").first.inner_text().split() == ["19/11/2026", "3", "2", "1", "1", "0"]
        with page.expect_download() as found:
            page.get_by_role("link", name="Baixar PDF").click()
        assert found.value.suggested_filename == "historico-2026-10-22-a-2026-11-20.pdf"
    assert site.audit()[0] == "Pessoa consulta: histórico baixado PDF, 22/10/2026 a 20/11/2026, 4 mensagens"
