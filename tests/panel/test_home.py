"""The first page: did it go out, what needs a person, and a page that stands when the database does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from integrator.domain.lifecycle import State
from integrator.erp.history import DayFigures
from integrator.panel.access import Role
from integrator.panel.home.chart import HEIGHT, WIDTH, draw
from tests.panel.browser import accessible, keep, look_around, person
from tests.panel.site import Browser, Site


def words(html: str) -> str:
    """What a person reads, on one line."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


@contextmanager
def database_away(site: Site) -> Iterator[None]:
    """The server does not answer any more: nothing listens at the port where it is configured."""
    target = site.database.target
    site.database.close()
    text = site.config.read_text(encoding="utf-8")
    site.config.write_text(text.replace(f"porta = {target.port}", "porta = 1"), encoding="utf-8")
    yield
    site.config.write_text(text, encoding="utf-8")


def some_of_everything(site: Site) -> None:
    """A shop in the middle of its day: sent, delivered, read, failed, uncertain, held, awaiting."""
    pending = site.keys(State.PENDING)
    ends = ("enviada", "entregue", "lida", "lida", "falhou")
    for index, key in enumerate(pending[:40]):
        sent = f"2026-11-{1 + index % 20:02d} 09:{index:02d}:00"
        _walk(site, key, ends[index % len(ends)], sent)
    _walk(site, pending[40], "incerta", "")
    site.execute(
        "UPDATE WA_FILA SET SITUACAO = 'retida', MOTIVO = 'x', MOTIVO_CODIGO = 'telefone' WHERE CHAVE = ?",
        (pending[41],),
    )
    site.execute("UPDATE WA_FILA SET SITUACAO = 'aguardando_confirmacao' WHERE CHAVE = ?", (pending[42],))
    site.execute(
        "UPDATE OR INSERT INTO WA_INSTANCIA (NOME, NUMERO, SITUACAO, MOTOR, ATUALIZADA_EM) VALUES "
        "('principal', '5549988590187', 'conectado', 'simulador', CURRENT_TIMESTAMP) MATCHING (NOME)"
    )


def _walk(site: Site, key: str, end: str, sent: str) -> None:
    """Through the states that lead to that one."""
    way = {"incerta": [], "falhou": []}.get(end, ["enviada"])
    steps = ["reservada", "enviando", *way, *([] if end == "enviada" else [end])]
    for step in steps:
        token = "'T'" if step in ("reservada", "enviando") else "NULL"
        when = f", ENVIADA_EM = '{sent}', INSTANCIA_ENVIO = 'principal'" if step == "enviada" else ""
        site.execute(f"UPDATE WA_FILA SET SITUACAO = '{step}', TOKEN = {token}{when} WHERE CHAVE = ?", (key,))
    if end in ("entregue", "lida"):
        column = "ENTREGUE_EM" if end == "entregue" else "LIDA_EM"
        site.execute(f"UPDATE WA_FILA SET {column} = ENVIADA_EM WHERE CHAVE = ?", (key,))


def test_what_needs_a_person_is_named_with_the_place_to_go(site: Site) -> None:
    some_of_everything(site)
    html = site.browser(Role.VIEWER).page("/").text

    told = words(html)
    assert "1 mensagem incerta Pode ter sido entregue." in told
    assert "1 · celular ausente ou inválido" in told
    assert "mensagem aguardando confirmação" in told or "mensagens aguardando confirmação" in told
    assert 'href="/fila?situacao=incerta"' in html
    assert 'href="/confirmar"' in html
    assert "(49) 98859-0187" in told
    assert told.index("incerta") < told.index("retida")


def test_a_pause_and_the_engines_troubles_are_told(site: Site) -> None:
    site.panel.shops()[0].desk.set_config("PAUSADO_ATE", "SEMPRE")
    site.engine.status = replace(site.engine.status, problem="O disco está cheio.", asks="O banco parece uma cópia.")

    told = words(site.browser().page("/").text)

    for sentence in (
        "Nada sai até alguém retomar.",
        "O disco está cheio.",
        "Este computador só simula O banco parece uma cópia.",
    ):
        assert sentence in told


def test_the_page_stands_while_the_database_is_away(site: Site) -> None:
    browser = site.browser()
    with database_away(site):
        answer = browser.page("/")
        assert answer.status_code == 200
        assert "Sem acesso" in words(answer.text)
        assert "concern-bad" in answer.text
        assert browser.page("/inicio/agora").status_code == 200
        assert browser.page("/avisos").status_code in (409, 503)
    assert "Sem acesso" not in words(browser.page("/").text)


def test_a_configuration_that_cannot_be_used_is_told(site: Site) -> None:
    browser = site.browser()
    browser.page("/")
    site.config.write_text(site.config.read_text(encoding="utf-8") + "\n[envio]\nlote = -1\n", encoding="utf-8")
    told = words(browser.page("/").text)
    assert "lote" in told
    assert "Vale a última configuração sem erro." in told


def test_before_a_database_is_configured_the_page_says_what_to_do(site: Site) -> None:
    site.config.write_text("", encoding="utf-8")
    browser = site.browser()
    assert "Diga onde está o banco do ERP." in words(browser.page("/").text)
    assert browser.page("/avisos").json()["/fila"]["number"] == 0
    assert browser.page("/inicio/pronto").text.strip() == ""


def test_names_from_the_database_are_text(site: Site) -> None:
    evil = "<img src=x onerror=alert(1)>"
    site.execute(
        "INSERT INTO WA_BATIMENTO (DONO, MAQUINA, BATIDA_EM) VALUES ('outro', ?, "
        "DATEADD(HOUR, -2, CAST('NOW' AS TIMESTAMP)))",
        (evil,),
    )
    html = site.browser().page("/").text
    assert evil not in html
    assert "Um integrador parou de responder" in html


def test_one_chooses_between_databases(site: Site) -> None:
    target = site.erp.target
    with site.config.open("a", encoding="utf-8") as file:
        file.write(
            f"\n[[outros_bancos]]\nnome = 'filial'\nservidor = '{target.host}'\nporta = {target.port}\n"
            f"caminho = '{target.path}'\ncliente = '{target.client}'\ninstancia = 'filial'\n"
        )
    browser: Browser = site.browser(Role.VIEWER)
    assert "Todos os bancos" in browser.page("/").text

    assert browser.submit("/banco", {"banco": "filial", "ir": "/fila"}).headers["location"] == "/fila"
    assert re.search(r'<p class="soft">filial</p>', browser.page("/").text)
    assert browser.submit("/banco", {"banco": "outra"}).status_code == 404
    assert browser.submit("/banco", {"banco": "filial", "ir": "//mal.example"}).headers["location"] == "/"


@pytest.mark.parametrize(("most", "top"), [(0, 10), (1, 10), (11, 20), (21, 50), (51, 100), (400, 500), (1001, 2000)])
def test_the_chart_fits_whatever_the_numbers(most: int, top: int) -> None:
    first = date(2026, 10, 22)
    days = [DayFigures(first + timedelta(days=n), most if n == 3 else 0, most // 2, most // 3, 0, 0) for n in range(30)]
    chart = draw(days)
    assert chart.top == top
    for bar in chart.bars:
        for piece in bar.pieces:
            assert piece.x >= 0
            assert piece.x + piece.width <= WIDTH
            assert piece.y >= -0.01
            assert piece.y + piece.height <= HEIGHT + 0.01
    assert sum(piece.height for piece in chart.bars[3].pieces) == pytest.approx(HEIGHT * most / top, abs=0.05)
    assert chart.empty == (most == 0)
    assert draw(()).empty


def test_a_day_in_the_shop(site: Site, chromium: Chromium) -> None:
    some_of_everything(site)
    with person(chromium, site, Role.OPERATOR) as page:
        page.goto("/")
        expect(page.get_by_role("heading", name="O que precisa de você")).to_be_visible()
        keep(page, "inicio-1366")
        assert accessible(page) == []
        page.get_by_text("Ver em números").click()
        expect(page.get_by_role("region", name="Mensagens por dia")).to_be_visible()
        key = site.keys(State.UNCERTAIN)[0]
        site.execute("UPDATE WA_FILA SET SITUACAO = 'cancelada' WHERE CHAVE = ?", (key,))
        site.panel.live.tell("fila")
        expect(page.get_by_text("mensagem incerta")).to_have_count(0)
        expect(page.get_by_role("region", name="Mensagens por dia")).to_be_visible()
        page.reload()
        look_around(page, "inicio")
