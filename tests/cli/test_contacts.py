"""``integrator contacts …``: answers written down with their source, lists in and out of Excel, the term once."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

import pytest

from integrator.panel.customers.bulk_store import BulkStore
from integrator.panel.store import PanelStore
from integrator.paths import PANEL_FILE
from tests.cli.conftest import Office, english_in
from tools.faults_shop import Shop

ANA, BIA = "49988590187", "49988590288"


@pytest.mark.feature("A22")
def test_a_list_from_excel_is_written_down_with_its_source_and_a_no_stays(office: Office, shop: Shop) -> None:
    said_no = office.run("contacts", "optout", BIA, "--origem", "Telefone")
    sheet = office.folder / "lista do balcão.csv"
    sheet.write_bytes(f"Nome;Celular\r\nJosé;{ANA}\r\nBeatriz;{BIA}\r\nJoão;sem número\r\n".encode("cp1252"))

    done = office.run("contacts", "optin", "--arquivo", str(sheet), "--origem", "Ficha de cadastro")

    assert said_no.code == 0
    assert (done.code, english_in(done.out + done.err)) == (0, [])
    assert "registrada: 1 resposta" in done.out
    assert "não quer receber: 1 resposta" in done.out
    assert "Linha 4 não usada" in done.err
    ana, bia = office.run("contacts", "show", ANA), office.run("contacts", "show", BIA)
    assert "Cobrança: aceita receber" in ana.out
    assert "Lote 1: Ficha de cadastro; anotado por" in ana.out
    assert "Cobrança: não quer receber" in bia.out
    assert "(Telefone; anotado por" in bia.out
    with closing(PanelStore(office.data / PANEL_FILE)) as store:
        ((bulk, written),) = BulkStore(store).latest("principal")
        assert (bulk.kind, written, len(BulkStore(store).lines(bulk))) == ("lista", 1, 2)


def test_an_answer_without_its_source_is_refused(office: Office, shop: Shop) -> None:
    refused = office.run("contacts", "optin", ANA)
    both = office.run("contacts", "optin", ANA, "--arquivo", "x.csv", "--origem", "Balcão")

    assert (refused.code, both.code) == (2, 2)
    assert "é a prova de que respondeu" in refused.err
    assert "Diga os celulares, ou um arquivo" in both.err
    assert "nada registrado" in office.run("contacts", "show", ANA).out


def test_the_list_goes_to_excel(office: Office, shop: Shop) -> None:
    shop.debts(range(2), datetime.now().date())
    target = office.folder / "contatos.csv"

    listed = office.run("contacts", "list")
    office.run("contacts", "list", "--csv", str(target))

    assert "nada registrado" in listed.out
    raw = target.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfCliente;C")
    assert raw.count(b"\r\n") == 3


@pytest.mark.feature("A23")
def test_the_term_is_asked_once_and_never_after_a_no(office: Office, shop: Shop) -> None:
    office.run("contacts", "optout", BIA, "--origem", "Balcão")

    first = office.run("contacts", "term", ANA, BIA)
    second = office.run("contacts", "term", ANA)

    assert "o termo está na fila: 1 celular" in first.out
    assert "não quer receber: 1 celular" in first.out
    assert "o termo já foi enviado uma vez: 1 celular" in second.out
    assert "pedido 2" in second.out
    assert [row.state for row in shop.queue().values()] == ["pendente"]


def test_who_never_wrote_is_new(office: Office, shop: Shop) -> None:
    answer = office.run("contacts", "known", ANA)
    assert (answer.code, "nunca escreveu" in answer.out) == (1, True)


def test_numbers_are_asked_of_whatsapp_and_remembered(office: Office, shop: Shop) -> None:
    answer = office.run("contacts", "check", ANA)
    assert answer.code == 0, answer
    assert "tem WhatsApp" in answer.out


def test_erasure_and_own_data_are_pages_of_the_running_panel(desk: Office) -> None:
    answer = desk.run("contacts", "forget", ANA)
    assert answer.code == 1
    assert "O painel não está aberto" in answer.err
