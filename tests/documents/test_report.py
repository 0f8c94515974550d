"""The report "Histórico de mensagens WhatsApp": header, columns, long texts, and a spreadsheet that runs nothing."""

from __future__ import annotations

import csv
import time
from dataclasses import replace
from datetime import date, datetime
from io import StringIO

import pytest

from integrator.documents.report import HistoryRow, draw_history, history_csv
from tests.documents.builders import COMPANY
from tests.documents.readers import page_texts

ROW = HistoryRow(
    phone="5549988590187",
    text="Olá, José. Seu orçamento está pronto.",
    module="Orçamentos",
    kind="STATUS ORÇAMENTO",
    sent_at=datetime(2026, 11, 20, 8, 5),
    state="Enviada",
)
END_OF_DAY = datetime(2026, 11, 20, 18, 0)
START, END, ISSUED = date(2026, 11, 1), date(2026, 11, 20), datetime(2026, 11, 20, 18, 30)


def report_pages(rows: list[HistoryRow]) -> list[str]:
    return page_texts(draw_history(COMPANY, rows, START, END, ISSUED))


@pytest.mark.feature("G42", "G43", "G44")
def test_every_page_is_headed_by_the_company_the_period_and_the_emission() -> None:
    pages = report_pages([ROW] * 90)
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        for expected in (
            "Histórico de mensagens WhatsApp",
            "Ferragens São João",
            "CNPJ 12.345.678/0001-95",
            "Endereço: Rua Marechal Deodoro, 1280",
            "Bairro: Centro",
            "Cidade: Concórdia-SC",
            "CEP: 89700-000",
            "Fone: (49) 3442-0000",
            "Celular: (49) 98859-0187",
            "E-mail: contato@ferragens.example",
            "Período: 01/11/2026 a 20/11/2026",
            "Emissão: 20/11/2026 18:30",
            f"página {number} de {len(pages)}",
        ):
            assert expected in page, expected


@pytest.mark.feature("G45", "G47")
def test_a_message_has_its_columns_and_a_formatted_phone() -> None:
    held = replace(ROW, phone="49 9885-9018", state="Retida", sent_at=None, reason="Este número não tem WhatsApp.")
    [page] = report_pages([ROW, held])
    heads = ("Celular", "Mensagem", "Módulo", "Tipo da mensagem", "Data envio", "Situação")
    line = next(line for line in page.splitlines() if line.startswith("Celular "))
    assert [line.index(head) for head in heads] == sorted(line.index(head) for head in heads)
    for expected in (
        "(49) 98859-0187",
        "(49) 9885-9018",
        ROW.text,
        "Orçamentos",
        "STATUS ORÇAMENTO",
        "20/11/2026 08:05",
    ):
        assert expected in page, expected
    assert "Retida: Este número não tem WhatsApp." in " ".join(page.split())


@pytest.mark.feature("B10")
def test_a_message_shows_who_got_it_and_when_it_was_delivered_and_read() -> None:
    seen = replace(ROW, customer="José da Silva", delivered_at=datetime(2026, 11, 20, 8, 6), read_at=END_OF_DAY)
    [page] = page_texts(draw_history(COMPANY, [seen], START, END, ISSUED, "Situação: lida"))
    for expected in ("José da Silva", "entregue 20/11/2026 08:06", "lida 20/11/2026 18:00", "Situação: lida"):
        assert expected in page, expected


def test_a_text_longer_than_a_page_goes_on_over_pages() -> None:
    words = [f"palavra{number}" for number in range(4000)]
    pages = report_pages([ROW, replace(ROW, text=" ".join(words)), ROW])
    shown = " ".join(" ".join(pages).split())
    assert all(word in shown for word in words)
    assert len(pages) > 3


def test_an_empty_period_says_so() -> None:
    [page] = report_pages([])
    assert "Nenhuma mensagem no período." in page


def test_line_breaks_and_words_without_blanks_stay_inside_the_page() -> None:
    [page] = report_pages([replace(ROW, text="linha um\nlinha dois\r\n\r\n" + "x" * 500)])
    assert "linha um\n" in page
    assert sum(line.count("x") for line in page.splitlines() if set(line.split()[0]) == {"x"}) == 500


@pytest.mark.slow
def test_five_thousand_messages_take_few_seconds() -> None:
    rows = [replace(ROW, text="Olá, José. Há débitos em aberto com a nossa loja. " * 6)] * 5000
    started = time.thread_time()
    draw_history(COMPANY, rows, START, END, ISSUED)
    assert time.thread_time() - started < 15


def test_equal_input_gives_equal_bytes() -> None:
    first, second = (draw_history(COMPANY, [ROW] * 90, START, END, ISSUED) for _ in range(2))
    assert first == second


@pytest.mark.feature("G45")
def test_the_spreadsheet_has_the_same_columns_in_utf8_with_bom() -> None:
    content = history_csv([replace(ROW, text="linha um\nlinha; dois", reason="Sem WhatsApp", read_at=END_OF_DAY)])
    assert content.startswith(b"\xef\xbb\xbf")
    head, line = csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
    assert head[:5] == ["Celular", "Mensagem", "Módulo", "Tipo da mensagem", "Data envio"]
    assert head[5:] == ["Situação", "Motivo", "Entregue em", "Lida em", "Cliente"]
    assert line == [
        "(49) 98859-0187",
        "linha um\nlinha; dois",
        "Orçamentos",
        "STATUS ORÇAMENTO",
        "20/11/2026 08:05",
        "Enviada",
        "Sem WhatsApp",
        "",
        "20/11/2026 18:00",
        "",
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", "+55", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", '=HYPERLINK("http://x")']
)
def test_the_spreadsheet_runs_no_message_as_a_formula(text: str) -> None:
    content = history_csv([replace(ROW, text=text, module=text, reason=text, customer=text)]).decode("utf-8-sig")
    [_, line] = csv.reader(StringIO(content, newline=""), delimiter=";")
    assert (line[1], line[2], line[6], line[9]) == (f"'{text}",) * 4
