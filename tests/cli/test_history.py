"""``history`` on the screen, as CSV and as PDF."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

import pytest

from tests.cli.conftest import Office
from tests.documents.readers import page_texts
from tools.faults_shop import Shop, key_of

TEXT = "Olá, João!\nConsta um débito de R$ 120,50."


@pytest.fixture
def sent(shop: Shop) -> Shop:
    """Two messages that left: on the first and on the second of March, the first to a number kept without its nine."""
    for number, to, day in ((1, "554988590187", 1), (2, "5511977771234", 2)):
        shop.enqueue(number)
        for state in ("pendente", "reservada"):
            shop.run("UPDATE WA_FILA SET SITUACAO = ? WHERE CHAVE = ?", (state, key_of(number)))
        shop.run(
            "UPDATE WA_FILA SET SITUACAO = 'enviada', DESTINO = ?, TEXTO_FINAL = ?, ENVIADA_EM = ? WHERE CHAVE = ?",
            (to, TEXT, datetime(2026, 3, day, 14, 5), key_of(number)),
        )
    return shop


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.feature("G40", "G43", "G45", "G47")
def test_the_screen_shows_the_period_and_its_messages(office: Office, sent: Shop) -> None:
    answer = office.run("history", "--from", "01/03/2026", "--to", "2026-03-02")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines()[0] == "Período: 01/03/2026 a 02/03/2026"
    for wanted in ("Celular", "Mensagem", "Módulo e tipo", "Data envio", "(49) 98859-0187", "01/03/2026 14:05"):
        assert wanted in answer.out
    assert answer.out.splitlines()[-1] == "2 mensagens"


@pytest.mark.feature("G43")
def test_the_period_counts_whole_days_and_nothing_outside(office: Office, sent: Shop) -> None:
    only = office.run("history", "--from", "01/03/2026", "--to", "01/03/2026").out
    assert "(49) 98859-0187" in only
    assert "(11) 97777-1234" not in only
    none = office.run("history", "--from", "03/03/2026", "--to", "04/03/2026")
    assert none.code == 0
    assert "Nenhuma mensagem enviada neste período." in none.out


@pytest.mark.feature("G40", "G44")
def test_files_are_written_where_asked_and_nothing_else_on_the_output(office: Office, sent: Shop) -> None:
    began = datetime.now()
    sheet, pdf = office.folder / "histórico de março.csv", office.folder / "histórico de março.pdf"
    answer = office.run("history", "--from", "01/03/2026", "--to", "31/03/2026", "--csv", str(sheet), "--pdf", str(pdf))
    assert (answer.code, answer.out) == (0, "")
    assert answer.err == f"CSV gravado em {sheet}\nPDF gravado em {pdf}\n"
    heading, *rows = rows_of(sheet)
    assert heading[:2] == ["Celular", "Mensagem"]
    assert [row[:2] for row in rows] == [["(49) 98859-0187", TEXT], ["(11) 97777-1234", TEXT]]
    page = page_texts(pdf.read_bytes())[0]
    assert "Período: 01/03/2026 a 31/03/2026" in page
    assert any(f"Emissão: {day:%d/%m/%Y}" in page for day in (began, datetime.now()))
    assert "11.222.333/0001-81" in page


def test_a_file_that_cannot_be_written_is_told(office: Office, sent: Shop) -> None:
    answer = office.run("history", "--csv", str(office.folder / "não existe" / "a.csv"))
    assert answer.code == 1
    assert answer.err.startswith("Arquivo não gravado: Não consegui gravar ")
