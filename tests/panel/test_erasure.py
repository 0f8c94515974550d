"""Apagar os dados: whatever stops half-way, nothing of the person stays behind, and nothing leaves a second time."""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing

import pytest

from integrator.app import JOURNAL_FILE
from integrator.domain.errors import JournalError
from integrator.panel.access import Role
from integrator.panel.customers import forgetting
from integrator.panel.customers.erasure_book import ErasureBook
from integrator.paths import PANEL_FILE
from tests.panel.site import Site
from tests.panel.test_customers import AT_MARIA, MARIA, journal_of, send, write


@pytest.mark.feature("B08")
def test_an_erasure_that_stopped_half_way_is_finished_at_the_next_visit(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = write(site, "m1", "Maria", "(49) 98859-0187", code="7")
    send(site, row, MARIA)
    guid = site.sql("SELECT GUID FROM WA_FILA WHERE ID = ?", (row,))[0][0]
    journal_of(site, guid).close()
    owner = site.browser(Role.OWNER)
    form = {"quem": "lista", "lista": MARIA, "finalidade": ["cobranca"], "origem": "Ficha de cadastro", "termo": "sim"}
    owner.submit("/clientes/lote/registrar", form)
    with monkeypatch.context() as broken:
        broken.setattr(forgetting, "forget_in_journal", lambda *_: (_ for _ in ()).throw(JournalError("ocupado")))
        assert owner.submit(AT_MARIA + "/apagar", {"confirmo": "APAGAR"}).status_code == 409
        assert owner.page("/clientes").status_code == 200
    assert site.sql("SELECT CLIENTE_NOME FROM WA_FILA WHERE ID = ?", (row,)) == [("Dados apagados",)]
    assert posted_to(site) == [MARIA]

    owner.page("/clientes")

    assert posted_to(site) == [""]
    assert site.panel.store.read("SELECT phone FROM consent_bulk_line") == [("",)]
    assert site.panel.store.read("SELECT COUNT(*) FROM erasure_row") == [(0,)]
    assert MARIA.encode() not in (site.folder / PANEL_FILE).read_bytes() + (site.folder / JOURNAL_FILE).read_bytes()


def test_a_row_that_the_queue_did_not_erase_keeps_its_line_in_the_journal(site: Site) -> None:
    row = write(site, "m1", "Maria", "(49) 98859-0187")
    guid = site.sql("SELECT GUID FROM WA_FILA WHERE ID = ?", (row,))[0][0]
    journal_of(site, guid).close()
    book = ErasureBook(site.panel.store)
    book.note(book.begin(site.panel.shops()[0].name, (MARIA,)), [(row, guid)])  # stopped before the queue was asked

    site.browser().page(AT_MARIA)

    assert posted_to(site) == [MARIA]
    assert book.begun() == ()


@pytest.mark.feature("B08")
def test_what_other_programs_are_told_of_an_erased_row_says_who_no_more(site: Site) -> None:
    row = write(site, "ANIV|1|(49) 98859-0187|2020", "Maria", "(49) 98859-0187", code="49988590187")
    send(site, row, MARIA)
    site.execute("UPDATE WA_FILA SET CRIADO_EM = '2020-01-01' WHERE ID = ?", (row,))
    guid, key = site.sql("SELECT GUID, CHAVE FROM WA_FILA WHERE ID = ?", (row,))[0]
    body = {"evento": "e", "motivo": f"foi para {MARIA}", "mensagem": {"chave": key, "cliente_codigo": "49988590187"}}
    with site.panel.store.change() as db:
        db.execute("INSERT INTO api_key VALUES ('k', 't', 'ERP', '', '', 1, 'x', '2026-01-01', NULL, NULL)")
        db.execute("INSERT INTO api_callback (key, url, secret, all_rows) VALUES ('k', 'http://127.0.0.1:9', 's', 1)")
        for event, done in (("told", "2026-01-01"), ("waits", None)):
            db.execute(
                "INSERT INTO api_delivery (key, event, message, body, created_at, next_at, done_at) "
                "VALUES ('k', ?, ?, ?, '2026-01-01', '2099-01-01', ?)",
                (event, guid, json.dumps(body), done),
            )

    site.browser().submit(AT_MARIA + "/apagar", {"confirmo": "APAGAR"})

    ((event, told),) = site.panel.store.read("SELECT event, body FROM api_delivery")
    assert event == "waits"
    assert "8859" not in told
    assert json.loads(told)["mensagem"]["chave"] == f"APAGADA|{guid}"
    assert "98859" not in " ".join(site.audit())


def test_what_was_found_in_the_register_names_her_no_more(site: Site) -> None:
    owner = site.browser()
    write(site, "SEM|1", "Maria Aparecida Erasmo", "3442-0100 / (49) 98859-0187")
    write(site, "SEM|2", "Outra Pessoa Qualquer", "(49) 98859-0187", code="irma")
    owner.submit("/clientes/cadastro/conferir")
    assert "Outra Pessoa Qualquer" in owner.page("/clientes/cadastro").text

    owner.submit(AT_MARIA + "/apagar", {"confirmo": "APAGAR", "cliente": "irma"})

    assert "Outra Pessoa Qualquer" not in owner.page("/clientes/cadastro").text


def posted_to(site: Site) -> list[str]:
    """Where the journal says that parts went."""
    with closing(sqlite3.connect(site.folder / JOURNAL_FILE)) as db:
        return [each for (each,) in db.execute("SELECT destination FROM post")]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_nobody_else_on_the_computer_reads_the_panels_file(site: Site) -> None:
    files = list(site.folder.glob(f"{PANEL_FILE}*"))
    assert len(files) == 3
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
