"""Clientes: found, answered for, told to their owner, erased; many at once; the register's health; the poster."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from playwright.sync_api import Browser as Chromium

from integrator.app import JOURNAL_FILE
from integrator.domain.message import Part, PartKind, Purpose
from integrator.erp.queue import FirebirdQueue
from integrator.journal.store import SqliteJournal
from integrator.panel.access import Role
from integrator.sending.gateway import NumberCheck
from integrator.sending.ports import Post
from tests.documents.readers import codes, picture
from tests.panel.browser import accessible, keep, look_around, person
from tests.panel.site import Site

SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
MARIA = "5549988590187"
AT_MARIA = f"/clientes/telefone/{MARIA}"
YES = {"finalidade": "cobranca", "resposta": "S", "origem": "Balcão", "nota": ""}


def write(site: Site, key: str, name: str, phones: str, flag: str = "S", code: str = "") -> int:
    """A row as an ERP writes it, released; its id."""

    def work(session: object) -> None:
        ask = session.rows  # type: ignore[attr-defined]
        queue = "SELECT ID FROM WA_ENFILEIRAR(?, 'RECEBER', 'DÉBITO VENCIDO', ?, ?, ?, ?)"
        ((number,),) = ask(queue, (key, code or key, name, phones, flag))
        ask("SELECT RESULTADO FROM WA_INCLUIR_TITULO(?, ?, 'NF 1', '1', NULL, '2026-01-01', 10, 10)", (number, key))
        ask("SELECT RESULTADO FROM WA_INCLUIR_VARIAVEL(?, 'segredo', 'só dela')", (number,))
        ask("SELECT RESULTADO FROM WA_INCLUIR_ANEXO(?, 'maria.pdf', 'PDF')", (number,))
        ask("SELECT RESULTADO FROM WA_LIBERAR(?)", (key,))

    site.database.run(work)
    return int(site.sql("SELECT ID FROM WA_FILA WHERE CHAVE = ?", (key,))[0][0])


def send(site: Site, row: int, to: str) -> None:
    """Take a row through its life, as the engine does."""
    for state, token in (("reservada", "'T'"), ("enviando", "'T'"), ("enviada", "NULL")):
        site.execute(f"UPDATE WA_FILA SET SITUACAO = ?, TOKEN = {token} WHERE ID = ?", (state, row))
    site.execute(
        "UPDATE WA_FILA SET ENVIADA_EM = CAST('NOW' AS TIMESTAMP), DESTINO = ?, TEXTO_FINAL = 'Oi, Maria' WHERE ID = ?",
        (to, row),
    )


def engine_says(site: Site, purpose: Purpose = Purpose.COLLECTION) -> bool | None:
    """What the engine itself reads of the register for Maria."""
    found = FirebirdQueue(site.database, owner="x", instance="principal").consent(MARIA, purpose)
    return found.accepts if found else None


@pytest.mark.feature("B08", "A19", "A20")
def test_an_answer_counts_for_the_engine_at_once_and_stays_as_proof(site: Site) -> None:
    clerk = site.browser(Role.OPERATOR)
    assert engine_says(site) is None

    assert clerk.submit(AT_MARIA + "/resposta", YES).status_code == 303
    assert engine_says(site) is True
    clerk.submit(AT_MARIA + "/resposta", {**YES, "resposta": "N", "origem": "Telefone", "nota": SCRIPT})
    assert engine_says(site) is False
    assert engine_says(site, Purpose.PROMOTION) is None

    page = clerk.page(AT_MARIA).text
    assert "não quer receber" in page
    assert "aceita receber" in page
    assert SCRIPT not in page
    assert site.sql("SELECT COUNT(*) FROM WA_CONSENTIMENTO")[0][0] == 2
    assert "(49) 9****-0187" in site.audit()[0]
    assert "98859" not in " ".join(site.audit())


def test_a_new_answer_wins_over_one_that_the_erp_dated_in_the_future(site: Site) -> None:
    site.execute(
        "INSERT INTO WA_CONSENTIMENTO (TELEFONE, FINALIDADE, ACEITA, QUANDO, ORIGEM) "
        "VALUES (?, 'cobranca', 'S', '2031-01-01', 'ERP')",
        (MARIA,),
    )
    site.browser(Role.OPERATOR).submit(AT_MARIA + "/resposta", {**YES, "resposta": "N"})
    assert engine_says(site) is False
    assert "ERP" in site.browser().page(AT_MARIA).text


def test_a_yes_written_by_mistake_is_withdrawn_and_a_no_never_is(site: Site) -> None:
    clerk = site.browser(Role.OPERATOR)
    refused = clerk.submit(AT_MARIA + "/resposta", {**YES, "resposta": "R"})
    assert refused.status_code == 400
    assert "para retirar" in refused.text
    clerk.submit(AT_MARIA + "/resposta", YES)
    clerk.submit(AT_MARIA + "/resposta", {**YES, "resposta": "R"})
    assert engine_says(site) is None

    clerk.submit(AT_MARIA + "/resposta", {**YES, "resposta": "N"})
    clerk.submit(AT_MARIA + "/resposta", YES)
    clerk.submit(AT_MARIA + "/resposta", {**YES, "resposta": "R"})
    assert engine_says(site) is False


def test_what_was_typed_wrong_comes_back_with_the_problem_beside_it(site: Site) -> None:
    answer = site.browser(Role.OPERATOR).submit(AT_MARIA + "/resposta", {"resposta": "S", "origem": "Outra"})
    assert answer.status_code == 400
    assert "Marque para quais mensagens" in answer.text
    assert "Escreva onde o cliente respondeu" in answer.text
    assert engine_says(site) is None
    for path in ("/clientes/telefone/123", "/clientes/telefone/abc", "/clientes/lote/999", "/clientes/lote/x"):
        assert site.browser().page(path).status_code == 404


def test_a_customer_is_found_by_name_code_and_phone_in_any_writing(site: Site) -> None:
    write(site, "c1", f"João {SCRIPT}", "(49) 98859-0187; 3442-1100")
    browser = site.browser(Role.VIEWER)
    for search in ("joao", "JOÃO", "c1", "98859-0187", "+55 49 98859 0187", "8859.0187"):
        page = browser.page("/clientes", params={"busca": search}).text
        assert "código c1" in page, search
        assert SCRIPT not in page
    assert "Ninguém com" in browser.page("/clientes", params={"busca": "Zebedeu'; DROP"}).text
    for odd in ("0", "-1", "x", "99999999999999999999"):
        assert browser.page("/clientes", params={"pagina": odd}).status_code == 200
    emojis = browser.page("/clientes", params={"busca": "😀" * 500, "tudo": "sim"})
    assert emojis.status_code == 200
    assert "Ninguém com" in emojis.text


def test_one_odd_byte_hides_no_customer(site: Site) -> None:
    row = write(site, "c2", "Zulmira", "49 98859-0187")
    site.execute(
        "UPDATE WA_FILA SET CLIENTE_NOME = CAST(x'5A756C81' AS VARCHAR(10) CHARACTER SET OCTETS) WHERE ID = ?", (row,)
    )
    assert "código c2" in site.browser().page("/clientes").text
    assert "código c2" in site.browser().page("/clientes?busca=zul").text


def journal_of(site: Site, guid: str) -> SqliteJournal:
    """The daemon's journal, with a part posted to Maria."""
    journal = SqliteJournal(site.folder / JOURNAL_FILE, site.clock.now())
    part = Part(1, PartKind.TEXT, b"Oi", "maria.pdf")
    journal.intend(Post("banco", guid, "m1", MARIA, 1), part, "id", site.clock.now())
    journal.remember_number(NumberCheck(MARIA, True, MARIA), site.clock.now())
    return journal


@pytest.mark.feature("B08")
def test_a_persons_data_is_handed_out_whole_and_only_theirs(site: Site) -> None:
    row = write(site, "m1", "Maria", "(49) 98859-0187 / (49) 99999-1234")
    write(site, "outro", "Vizinho", "(49) 98859-0188")
    send(site, row, MARIA)
    site.browser().submit(AT_MARIA + "/resposta", YES)
    journal_of(site, site.sql("SELECT GUID FROM WA_FILA WHERE ID = ?", (row,))[0][0]).close()

    told = json.loads(site.browser(Role.OPERATOR).page(AT_MARIA + "/dados.json").text)
    tables = {record["tabela"] for record in told["mensagens"]}
    assert {"WA_FILA", "WA_TITULO", "WA_VARIAVEL", "WA_ANEXO", "WA_EVENTO"} <= tables
    text = site.browser(Role.OPERATOR).page(AT_MARIA + "/dados.txt").content.decode("utf-8-sig")
    for each in (json.dumps(told, ensure_ascii=False), text):
        assert "Oi, Maria" in each
        assert "só dela" in each
        assert "Vizinho" not in each
        assert "99999" not in each
    assert told["respostas"][0]["resposta"] == "aceita receber"
    assert told["diario_de_envios"][0]["destino"] == MARIA
    assert told["consultas_ao_whatsapp"][0]["numero"] == MARIA
    assert site.browser(Role.VIEWER).page(AT_MARIA + "/dados.json").status_code == 403


@pytest.mark.feature("B08")
def test_erased_data_is_nowhere_and_what_prevents_a_second_message_stays(site: Site) -> None:
    sent, waiting, leaving = (write(site, key, "Maria", "(49) 98859-0187", code="7") for key in ("m1", "m2", "m3"))
    neighbour = write(site, "v1", "Vizinho", "(49) 98859-0188")
    send(site, sent, MARIA)
    site.execute("UPDATE WA_FILA SET SITUACAO = 'reservada', TOKEN = 'T' WHERE ID = ?", (leaving,))
    journal = journal_of(site, site.sql("SELECT GUID FROM WA_FILA WHERE ID = ?", (sent,))[0][0])
    owner = site.browser(Role.OWNER)

    assert site.browser(Role.OPERATOR).submit(AT_MARIA + "/apagar", {"confirmo": "APAGAR"}).status_code == 403
    assert owner.submit(AT_MARIA + "/apagar", {"confirmo": "sim"}).status_code == 400
    assert site.sql("SELECT CLIENTE_NOME FROM WA_FILA WHERE ID = ?", (sent,)) == [("Maria",)]
    answer = owner.submit(AT_MARIA + "/apagar", {"confirmo": "apagar", "recusar": "sim"})

    assert answer.status_code == 303
    assert "Dados apagados de 2 mensagens. 1 mensagem está saindo" in owner.page(AT_MARIA).text
    columns = "CHAVE, SITUACAO, CLIENTE_NOME, TELEFONE, DESTINO, TEXTO_FINAL"
    erased = site.sql(f"SELECT {columns} FROM WA_FILA WHERE ID IN (?, ?) ORDER BY ID", (sent, waiting))
    assert erased == [
        ("m1", "enviada", "Dados apagados", None, None, None),
        ("m2", "cancelada", "Dados apagados", None, None, None),
    ]
    for table in ("WA_TITULO", "WA_VARIAVEL", "WA_ANEXO"):
        assert site.sql(f"SELECT COUNT(*) FROM {table} WHERE FILA_ID IN (?, ?)", (sent, waiting)) == [(0,)]
        assert site.sql(f"SELECT COUNT(*) FROM {table} WHERE FILA_ID IN (?, ?)", (leaving, neighbour)) == [(2,)]
    assert site.sql("SELECT CLIENTE_NOME, SITUACAO FROM WA_FILA WHERE ID = ?", (leaving,)) == [("Maria", "reservada")]
    assert engine_says(site) is False
    assert journal.number(MARIA, site.clock.now() - timedelta(1)) is None
    posted, _ = journal.posted("banco", site.sql("SELECT GUID FROM WA_FILA WHERE ID = ?", (sent,))[0][0], "m1")
    assert len(posted) == 1  # the proof that it left
    journal.close()
    with closing(sqlite3.connect(site.folder / JOURNAL_FILE)) as db:
        assert db.execute("SELECT destination, file_name, row_key FROM post").fetchall() == [("", "", "m1")]
    assert site.database.run(
        lambda s: s.rows("SELECT RESULTADO FROM WA_ENFILEIRAR('m1', 'RECEBER', 'X', 'm1', 'Maria', '1', 'S')")
    ) == [("REPETIDA",)]


@pytest.mark.feature("B08")
def test_a_test_number_and_a_shared_phone_hand_out_nobody_elses_data(site: Site) -> None:
    tested = write(site, "t1", "Cliente Testado", "(49) 99999-1111")
    send(site, tested, MARIA)
    site.execute("UPDATE WA_FILA SET TESTE = 'S' WHERE ID = ?", (tested,))
    owner = site.browser()
    assert owner.page(AT_MARIA + "/dados.json").json()["mensagens"] == []
    write(site, "irma", "Irmã", "(49) 98859-0187")
    write(site, "irmao", "Irmão", "49 8859-0187")

    assert owner.page(AT_MARIA + "/dados.json").status_code == 400
    assert "cliente=irmao" in owner.page(AT_MARIA).text
    told = owner.page(AT_MARIA + "/dados.json?cliente=irma").json()
    names = {each["CLIENTE_NOME"] for each in told["mensagens"] if each["tabela"] == "WA_FILA"}
    assert names == {"Irmã"}

    assert owner.submit(AT_MARIA + "/apagar", {"confirmo": "APAGAR"}).status_code == 400
    owner.submit(AT_MARIA + "/apagar", {"confirmo": "APAGAR", "cliente": "irma"})
    names = {row[0] for row in site.sql("SELECT CLIENTE_NOME FROM WA_FILA WHERE CHAVE IN ('t1', 'irma', 'irmao')")}
    assert names == {"Cliente Testado", "Irmão", "Dados apagados"}
    assert engine_says(site) is None


@pytest.mark.feature("B08")
def test_a_key_that_names_the_phone_is_replaced_once_it_guards_nothing(site: Site) -> None:
    row = write(site, "ANIV|1|(49) 98859-0187|2026", "Maria", "(49) 98859-0187")
    owner = site.browser()
    owner.submit(AT_MARIA + "/apagar", {"confirmo": "APAGAR"})
    assert "Apague de novo depois de um ano" in owner.page(AT_MARIA).text
    assert "98859" in site.sql("SELECT CHAVE FROM WA_FILA WHERE ID = ?", (row,))[0][0]

    site.execute("UPDATE WA_FILA SET CRIADO_EM = '2020-01-01' WHERE ID = ?", (row,))
    owner.submit(AT_MARIA + "/apagar", {"confirmo": "APAGAR"})
    assert site.sql("SELECT CHAVE FROM WA_FILA WHERE ID = ?", (row,))[0][0].startswith("APAGADA|")
    assert site.sql("SELECT COUNT(*) FROM WA_EVENTO WHERE CHAVE CONTAINING '98859'") == [(0,)]


@pytest.mark.feature("A22", "A23")
def test_many_answers_at_once_never_turn_a_no_and_are_withdrawn_as_if_never_said(site: Site) -> None:
    clerk = site.browser(Role.OPERATOR)
    clerk.submit("/clientes/telefone/5549999991111/resposta", {**YES, "resposta": "N"})
    before = site.sql("SELECT COUNT(*) FROM WA_CONSENTIMENTO")[0][0]
    text = f"Nome;Celular\nMaria;(49) 98859-0187\nJosé;49 99999-1111\n{SCRIPT};abc\nMaria de novo;49988590187\n"
    form = {"quem": "lista", "lista": text, "finalidade": ["cobranca"], "origem": "Contrato ou termo assinado"}

    shown = clerk.submit("/clientes/lote/conferir", form)
    assert "Anotar 1 resposta" in shown.text
    assert "1 linha não tem telefone que sirva" in shown.text
    assert SCRIPT not in shown.text
    assert site.sql("SELECT COUNT(*) FROM WA_CONSENTIMENTO")[0][0] == before
    refused = clerk.submit("/clientes/lote/registrar", form)
    assert refused.status_code == 400
    assert "José;49 99999-1111" in refused.text

    done = clerk.submit("/clientes/lote/registrar", {**form, "termo": "sim"})
    assert done.headers["location"] == "/clientes/lote/1"
    clerk.submit("/clientes/lote/registrar", {**form, "termo": "sim"})  # a double click
    assert site.sql("SELECT COUNT(*) FROM WA_CONSENTIMENTO")[0][0] == before + 1
    assert engine_says(site) is True
    sheet = clerk.page("/clientes/lote/1/lista.csv").content.decode("utf-8-sig")
    assert "(49) 98859-0187;Cobrança;registrada" in sheet
    assert "(49) 99999-1111;Cobrança;não quer receber" in sheet

    assert clerk.submit("/clientes/lote/1/desfazer").status_code == 303
    assert engine_says(site) is None
    assert "1 resposta retirada" in clerk.page("/clientes/lote/1").text


@pytest.mark.feature("A22")
def test_the_queues_customers_without_an_answer_leave_out_those_the_erp_has_unmarked(site: Site) -> None:
    site.execute("DELETE FROM WA_FILA")
    write(site, "a", "Marcado", "(49) 98859-0187", "S")
    write(site, "b", "Desmarcado", "(49) 98859-0188", "N")
    form = {"quem": "fila", "lista": "", "finalidade": "servico", "origem": "Ficha de cadastro"}
    clerk = site.browser(Role.OPERATOR)
    assert "1 telefone desmarcado no cadastro do ERP" in clerk.submit("/clientes/lote/conferir", form).text
    clerk.submit("/clientes/lote/registrar", {**form, "termo": "sim"})
    assert site.sql("SELECT TELEFONE, FINALIDADE, ACEITA FROM WA_CONSENTIMENTO") == [(MARIA, "servico", "S")]


@pytest.mark.feature("B27")
def test_the_registers_health_is_told_by_who_owes_most(site: Site) -> None:
    site.execute("DELETE FROM WA_FILA")
    for key, name, phones in (
        ("a", "Sem Nada", ""),
        ("b", "Só Fixo", "(49) 3442-1100"),
        ("c", "Errado", "123"),
        ("d", "=cmd|Irmã", "(49) 98859-0187"),
        ("e", "Irmão", "49 8859-0187"),
        ("f", "Bom", "(49) 99999-1111"),
    ):
        write(site, key, name, phones)
    site.execute("UPDATE WA_TITULO SET VALOR_ABERTO = 500 WHERE REF = 'c'")
    viewer = site.browser(Role.VIEWER)
    assert "ainda não foi conferido" in viewer.page("/clientes/cadastro").text
    viewer.submit("/clientes/cadastro/conferir")

    lines = viewer.page("/clientes/cadastro.csv").content.decode("utf-8-sig").splitlines()
    assert lines[1].startswith("Telefone que não serve;c;Errado")
    assert lines[1].endswith(";1;500,00")
    assert len(lines) == 6
    assert any(line.startswith("Mesmo telefone em vários clientes;d;'=cmd|Irmã") for line in lines)
    assert "Bom" not in "".join(lines)
    shown = viewer.page("/clientes/cadastro?problema=fixo").text
    assert "Alguns fixos têm WhatsApp" in shown
    assert "Errado" not in shown


@pytest.mark.feature("B26")
def test_the_poster_carries_the_connected_number(site: Site) -> None:
    site.execute("DELETE FROM WA_INSTANCIA")
    assert "Nenhum número conectado" in site.browser().page("/clientes/cartaz").text
    site.execute("INSERT INTO WA_INSTANCIA (NOME, NUMERO, SITUACAO) VALUES ('principal', '554988590187', 'conectado')")
    viewer = site.browser(Role.VIEWER)
    assert 'href="/clientes/cartaz.pdf?numero=554988590187"' in viewer.page("/clientes/cartaz").text
    printed = viewer.page("/clientes/cartaz.pdf?numero=554988590187")
    assert codes(picture(printed.content, 100))["QR"].startswith("https://wa.me/554988590187?text=Quero")
    assert viewer.page("/clientes/cartaz.png?numero=49988590187").content.startswith(b"\x89PNG")
    assert viewer.page("/clientes/cartaz?numero=12").status_code == 400
    assert viewer.page("/clientes/cartaz.pdf?numero=12").status_code == 400


def test_a_clerk_answers_for_a_customer_by_the_keyboard_and_every_page_is_readable(
    site: Site, chromium: Chromium
) -> None:
    long = "Comércio de Materiais Elétricos e Hidráulicos Irmãos Wolfeschlegelsteinhausenbergerdorff Ltda"
    write(site, "m1", long, "(49) 98859-0187; 3442-1100")
    site.execute("INSERT INTO WA_INSTANCIA (NOME, NUMERO, SITUACAO) VALUES ('outra', '554988590187', 'conectado')")
    site.browser().submit("/clientes/cadastro/conferir")
    with person(chromium, site, Role.OPERATOR) as page:
        page.goto("/clientes")
        page.get_by_label("Nome, código ou celular").fill("98859-0187")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="(49) 98859-0187").first.click()
        page.get_by_label("Não quer receber").focus()
        page.keyboard.press("Space")
        page.get_by_label("Onde respondeu").select_option("Telefone")
        page.get_by_role("button", name="Anotar").press("Enter")
        page.get_by_text("Anotado: não quer receber").wait_for()
        keep(page, "clientes-telefone")
        assert accessible(page) == []
    paths = {
        "lista": "/clientes",
        "telefone": AT_MARIA,
        "termo": "/clientes/termo",
        "lote": "/clientes/lote",
        "novos": "/clientes/novos",
        "cadastro": "/clientes/cadastro",
        "cartaz": "/clientes/cartaz",
        "apagar": AT_MARIA + "/apagar",
    }
    with person(chromium, site) as page:
        for name, path in paths.items():
            page.goto(path)
            look_around(page, f"clientes-{name}")
