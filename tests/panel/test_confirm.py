"""Confirmar: one by one, some, a kind, or all; and only what a person saw."""

from __future__ import annotations

import re
import time
from html import unescape

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from integrator.domain.lifecycle import State
from integrator.erp.connection import Database
from integrator.panel.access import Role
from tests.panel.browser import DESKTOP, accessible, keep, look_around, person, seen_on
from tests.panel.effort import effort
from tests.panel.site import Browser, Site
from tests.panel.test_queue import put, state_of, token, told
from tools.firebird_server import PrivateServer


def seen(browser: Browser) -> str:
    """When the page was made, as its forms say."""
    found = re.search(r'name="visto" value="([^"]+)"', browser.page("/confirmar").text)
    return unescape(found[1]) if found else ""


@pytest.mark.feature("G21", "S36")
def test_one_some_a_kind_and_all_are_confirmed_or_called_off(site: Site) -> None:
    for number in range(6):
        put(site, f"CRM {number}", "aguardando_confirmacao")
    for number in range(3):
        put(site, f"NOTA {number}", "aguardando_confirmacao", MODULO="NF-E")
    browser = site.browser(Role.OPERATOR)
    at = {"banco": "principal", "visto": seen(browser)}

    browser.submit("/confirmar/algumas", at | {"so": token(site, "CRM 0"), "linha": token(site, "CRM 1")})
    assert told(browser, "/confirmar") == "1 mensagem confirmada."
    assert (state_of(site, "CRM 0"), state_of(site, "CRM 1")) == ("pendente", "aguardando_confirmacao")
    ((yes,),) = site.sql("SELECT CONFIRMADA_EM FROM WA_FILA WHERE CHAVE = 'CRM 0'")
    assert yes is not None

    some = [token(site, f"CRM {number}") for number in (0, 1, 2)]
    browser.submit("/confirmar/algumas", at | {"linha": some, "fazer": "cancelar", "motivo": "não agora"})
    assert told(browser, "/confirmar").startswith(
        "2 mensagens canceladas. 1 ficou como estava: A mensagem CRM 0 mudou depois"
    )

    browser.submit("/confirmar/todas", at | {"fazer": "cancelar", "modulo": "NF-E", "tipo": "OK"})
    assert told(browser, "/confirmar") == "3 mensagens canceladas."
    assert state_of(site, "NOTA 2") == "cancelada"
    assert state_of(site, "CRM 5") == "aguardando_confirmacao"

    browser.submit("/confirmar/todas", at | {"fazer": "confirmar", "tudo": "sim"})
    assert site.keys(State.AWAITING) == []
    assert state_of(site, "CRM 5") == "pendente"
    assert any("confirmou todas 4 mensagens confirmadas" in line for line in site.audit())
    who = site.sql("SELECT QUEM FROM WA_EVENTO WHERE CHAVE = 'CRM 5' AND ACAO = 'pessoa'")
    assert who == [("Pessoa operação",)]


@pytest.mark.feature("G21")
def test_nobody_says_yes_to_what_came_or_changed_after_the_page_was_opened(site: Site) -> None:
    for number in range(4):
        put(site, f"VISTA {number}", "aguardando_confirmacao")
    browser = site.browser(Role.OPERATOR)
    at = {"banco": "principal", "visto": seen(browser)}
    time.sleep(0.05)
    put(site, "NOVA", "aguardando_confirmacao")
    # The ERP wrote it anew: a person would confirm a content that nobody saw.
    for state in ("rascunho", "aguardando_confirmacao"):
        site.execute("UPDATE WA_FILA SET SITUACAO = ? WHERE CHAVE = 'VISTA 1'", (state,))
    with Database(site.database.target).transaction() as erp:
        erp.execute("UPDATE WA_FILA SET REGRA = 'x' WHERE CHAVE = 'VISTA 2'")
        browser.submit("/confirmar/todas", at | {"fazer": "confirmar", "modulo": "CRM", "tipo": "OK"})

    assert told(browser, "/confirmar") == (
        "2 mensagens confirmadas. 1 está em uso pelo ERP agora; tente de novo em instantes. 2 chegaram ou mudaram "
        "depois que você abriu a página: veja antes de decidir."
    )
    waiting = ["VISTA 1", "VISTA 2", "NOVA"]
    assert [key for key in site.keys(State.AWAITING) if key in waiting] == waiting
    browser.submit("/confirmar/algumas", at | {"so": token(site, "VISTA 1")})
    assert "mudou depois que você a viu" in told(browser, "/confirmar")
    assert browser.submit("/confirmar/todas", {"banco": "principal", "fazer": "confirmar"}).status_code == 400
    assert browser.submit("/confirmar/todas", at | {"banco": "outro", "fazer": "confirmar"}).status_code == 400


@pytest.mark.feature("G21")
def test_thousands_waiting_are_confirmed_while_others_work(site: Site, firebird_server: PrivateServer) -> None:
    site.execute(
        "EXECUTE BLOCK AS DECLARE I INTEGER = 0; BEGIN WHILE (I < 2000) DO BEGIN "
        "INSERT INTO WA_FILA (CHAVE, SITUACAO, MODULO, TIPO) "
        "VALUES ('MUITAS|' || :I, 'aguardando_confirmacao', 'CRM', 'OK'); "
        "I = I + 1; END END"
    )
    browser = site.browser()
    began = effort(firebird_server)
    page = browser.page("/confirmar").text
    assert "2.000 mensagens" in page
    assert page.count('name="linha"') == 50
    assert effort(firebird_server) - began < 5
    browser.submit(
        "/confirmar/todas", {"banco": "principal", "visto": seen(browser), "fazer": "confirmar", "tudo": "sim"}
    )
    assert "2.001 mensagens confirmadas." in told(browser, "/confirmar")


def test_the_page_by_keyboard_alone_and_on_a_phone(site: Site, chromium: Chromium) -> None:
    for number in range(3):
        put(
            site,
            f"TECLA {number}",
            "aguardando_confirmacao",
            CLIENTE_NOME=f"Cliente {number}",
            TEXTO="Olá, *tudo* certo",
        )
    with person(chromium, site, Role.OPERATOR) as page:
        page.goto("/confirmar")
        look_around(page, "confirmar")
        seen_on(page, DESKTOP, "light")
        page.goto("/confirmar?modulo=CRM&tipo=OK")
        page.get_by_label("Marcar Cliente 0").focus()
        page.keyboard.press("Space")
        page.keyboard.press("Tab")  # the customer's name
        page.keyboard.press("Tab")  # the preview
        page.keyboard.press("Enter")
        page.locator("details[open] .bubble strong", has_text="tudo").wait_for()
        keep(page, "confirmar-1366")
        assert accessible(page) == []
        button = page.get_by_role("button", name="Confirmar marcadas")
        button.focus()
        page.keyboard.press("Enter")
        page.get_by_text("1 mensagem confirmada.").wait_for()
        second = page.get_by_role("button", name="Confirmar a mensagem de Cliente 1")
        second.press("Enter")
        expect(second).to_have_count(0)
    assert [state_of(site, f"TECLA {number}") for number in range(3)] == [
        "pendente",
        "pendente",
        "aguardando_confirmacao",
    ]
