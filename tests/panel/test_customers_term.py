"""The consent term from the panel: asked of one and of many, told before it is done, and taken back while it waits."""

from __future__ import annotations

import json

import pytest

from integrator.erp.contacts import Contacts
from integrator.panel.access import Role
from tests.panel.site import Site
from tests.panel.test_customers import AT_MARIA, MARIA, YES, write

JOAO = "5549999991111"
FORM = {"quem": "lista", "lista": f"Telefone\n(49) 98859-0187\n{JOAO}\n12", "finalidade": ["cobranca", "servico"]}


def terms(site: Site) -> dict[str, str]:
    found = site.sql("SELECT TELEFONE, SITUACAO FROM WA_FILA WHERE TIPO = 'TERMO DE CONSENTIMENTO' ORDER BY ID")
    return {str(phone): str(state).strip() for phone, state in found}


@pytest.mark.feature("A19", "B08")
def test_one_person_is_asked_once_from_her_page_with_her_name(site: Site) -> None:
    write(site, "M1", "Maria Silva", "49 98859-0187", flag="N")
    clerk = site.browser(Role.OPERATOR)
    assert "Perguntar ao cliente" in clerk.page(AT_MARIA).text
    assert clerk.submit(f"{AT_MARIA}/termo", {"finalidade": "cobranca"}).status_code == 303
    assert site.sql("SELECT CLIENTE_NOME, SITUACAO, ETAPA FROM WA_FILA WHERE TIPO = 'TERMO DE CONSENTIMENTO'") == [
        ("Maria Silva", "pendente", "cobranca")
    ]
    page = clerk.page(AT_MARIA).text
    assert "O termo está na fila." in page
    assert "Perguntar ao cliente" not in page
    clerk.submit(f"{AT_MARIA}/termo", {"finalidade": "cobranca"})
    assert len(terms(site)) == 1
    assert "(49) 9****-0187" in site.audit()[0]


@pytest.mark.feature("A19", "B08")
def test_many_are_told_before_and_written_down_and_taken_back_while_they_wait(site: Site) -> None:
    clerk = site.browser(Role.OPERATOR)
    clerk.submit(f"/clientes/telefone/{JOAO}/resposta", {**YES, "resposta": "N", "finalidade": ["cobranca", "servico"]})
    shown = clerk.submit("/clientes/termo/conferir", FORM).text
    assert "Perguntar a 1 pessoa" in shown
    assert "Não: não quer receber" in shown
    assert "1 linha não tem telefone que sirva" in shown
    assert terms(site) == {}

    assert clerk.submit("/clientes/termo/pedir", FORM).headers["location"] == "/clientes/termo/1"
    assert terms(site) == {MARIA: "pendente"}
    clerk.submit("/clientes/termo/pedir", FORM)  # a double click
    assert len(terms(site)) == 1
    data = json.loads(clerk.page(f"{AT_MARIA}/dados.json").content)
    assert "Termo de consentimento, pedido por" in json.dumps(data, ensure_ascii=False)

    assert clerk.submit("/clientes/termo/1/desfazer").status_code == 303
    assert terms(site) == {MARIA: "cancelada"}
    assert "1 termo não saiu" in clerk.page("/clientes/termo/1").text
    assert Contacts(site.database).find(MARIA).term_at is None
    clerk.submit("/clientes/termo/pedir", FORM)
    waiting = site.sql("SELECT COUNT(*) FROM WA_FILA WHERE TIPO = 'TERMO DE CONSENTIMENTO' AND SITUACAO = 'pendente'")
    assert waiting == [(1,)]


@pytest.mark.feature("B08")
def test_what_left_is_not_taken_back(site: Site) -> None:
    clerk = site.browser(Role.OPERATOR)
    clerk.submit("/clientes/termo/pedir", FORM)
    site.execute("UPDATE WA_FILA SET SITUACAO = 'reservada', TOKEN = 'T' WHERE TIPO = 'TERMO DE CONSENTIMENTO'")
    clerk.submit("/clientes/termo/1/desfazer")
    assert set(terms(site).values()) == {"reservada"}
    assert Contacts(site.database).find(MARIA).term_at is not None


def test_of_the_queue_those_are_asked_whom_the_erp_has_not_marked(site: Site) -> None:
    site.execute("DELETE FROM WA_FILA")
    write(site, "M1", "Maria", "49 98859-0187", flag="N")
    write(site, "J1", "João", "49 99999-1111", flag="S")
    shown = site.browser(Role.OPERATOR).submit("/clientes/termo/conferir", {"quem": "fila", "finalidade": "cobranca"})
    assert "Perguntar a 1 pessoa" in shown.text
    assert "Não: já marcados no cadastro do ERP" in shown.text


def test_a_viewer_asks_nobody_and_a_form_without_purpose_says_so(site: Site) -> None:
    assert site.browser(Role.VIEWER).submit("/clientes/termo/pedir", FORM).status_code == 403
    clerk = site.browser(Role.OPERATOR)
    refused = clerk.submit("/clientes/termo/conferir", {"quem": "lista", "lista": ""})
    assert refused.status_code == 400
    assert "Marque para quais mensagens perguntar." in refused.text
    assert clerk.get(f"{site.url}/clientes/termo/99").status_code == 404
