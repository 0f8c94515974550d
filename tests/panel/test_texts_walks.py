"""Mensagens as people use it: a real browser, the keyboard alone, two people at once, a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Locator, Page, expect

from integrator.panel.access import Role
from integrator.settings import Settings
from tests.panel.browser import PHONE, accessible, fits, keep, person
from tests.panel.site import Site

OVERDUE = "/mensagens/aviso-de-debitos/debito-vencido"
QUOTE = "/mensagens/orcamento/status-orcamento"
LAWFUL = "{empresa} · {empresa_documento}\n{empresa_endereco}"


def texts(site: Site) -> list[str]:
    return [each.text for each in Settings.load(site.config).messages.situations]


@pytest.mark.feature("S27", "B16")
def test_somebody_writes_a_text_with_the_keyboard_alone(site: Site, chromium: Chromium) -> None:
    site.execute("UPDATE WA_FILA SET CLIENTE_NOME = '<img src=x onerror=alert(1)> Zé' WHERE MODULO = 'ORÇAMENTO'")
    with person(chromium, site) as page:
        page.on("dialog", lambda dialog: pytest.fail(f"a script of a name ran: {dialog.message}"))
        page.goto("/mensagens")
        page.get_by_label("Procurar").focus()
        page.keyboard.type("STATUS ORCAMENTO")
        link = page.get_by_role("link", name="Editar o texto de STATUS ORÇAMENTO")
        expect(page.get_by_role("link", name="Editar o texto")).to_have_count(1)
        link.press("Enter")
        page.wait_for_url(f"**{QUOTE}")

        text = page.get_by_label("Texto", exact=False).first
        text.focus()
        page.keyboard.press("Control+A")
        page.keyboard.type("Oi, {primeiro_nome}. ")
        page.keyboard.type("Mudou: *{situaca}*")
        mend(page, text)

        page.get_by_label("Procurar variável").focus()
        page.keyboard.type("situacao atual")
        piece = page.get_by_role("button", name="{situacao}", exact=True)
        expect(page.locator("[data-piece]:visible")).to_have_count(1)
        piece.press("Enter")
        expect(text).to_be_focused()
        assert text.input_value() == "Oi, {primeiro_nome}. Mudou: *{situacao}*"
        bubble = page.locator(".reading .bubble").first
        expect(bubble).to_contain_text("Mudou:")
        expect(bubble.locator("strong")).to_have_count(1)
        expect(page.locator("[data-problems] .problem")).to_have_count(0)
        assert accessible(page) == []
        page.keyboard.press("Control+Z")
        expect(text).not_to_have_value("Oi, {primeiro_nome}. Mudou: *{situacao}*")
        page.keyboard.press("Control+Y")
        expect(text).to_have_value("Oi, {primeiro_nome}. Mudou: *{situacao}*")

        page.get_by_role("button", name="Salvar texto").press("Enter")
        expect(page.get_by_text("Texto salvo.")).to_be_visible()
        assert texts(site) == ["Oi, {primeiro_nome}. Mudou: *{situacao}*"]
        page.set_viewport_size({"width": 1920, "height": 1080})
        assert fits(page)


def mend(page: Page, text: Locator) -> None:
    """Go where the page says that the error is, and take the wrong variable away."""
    expect(page.locator("[data-problems] .problem")).to_contain_text("Você quis dizer {situacao}?")
    expect(page.locator("#resumo")).to_have_text("Com erro: assim não pode ser salvo.")
    expect(page.locator("#conferida .reading")).not_to_have_count(0)
    expect(text).to_be_focused()
    page.get_by_role("button", name="Ir até lá").press("Enter")
    caret = page.evaluate("() => document.getElementById('texto').selectionStart")
    assert caret == len("Oi, {primeiro_nome}. Mudou: *")
    for _ in "{situaca}":
        page.keyboard.press("Delete")


def test_two_people_and_a_phone(site: Site, chromium: Chromium) -> None:
    with person(chromium, site) as desk, person(chromium, site, size=PHONE, refused=409, color_scheme="dark") as phone:
        desk.goto(QUOTE)
        phone.goto(QUOTE)
        desk.locator("#texto").fill("Da mesa, {cliente}.")
        desk.get_by_role("button", name="Salvar texto").click()
        expect(desk.get_by_text("Texto salvo.")).to_be_visible()
        phone.locator("#texto").fill("Do celular, {cliente}.")
        phone.get_by_role("button", name="Salvar texto").click()
        expect(phone.get_by_text("Outra pessoa salvou este texto enquanto você escrevia.")).to_be_visible()
        expect(phone.locator("#texto")).to_have_value("Do celular, {cliente}.")
        assert accessible(phone) == []
        assert fits(phone)
        keep(phone, "mensagens-conflito-celular")
        assert texts(site) == ["Da mesa, {cliente}."]

        phone.get_by_role("button", name="Salvar texto").click()
        expect(phone.get_by_text("Texto salvo.")).to_be_visible()
        phone.get_by_role("link", name="Ver e comparar").first.click()
        expect(phone.get_by_role("heading", name="Como era")).to_be_visible()
        assert accessible(phone) == []
        assert fits(phone)
        keep(phone, "mensagens-versao-celular")
        phone.get_by_role("button", name="Usar esta versão").click()
        expect(phone.locator("#texto")).to_have_value("Da mesa, {cliente}.")

        phone.goto("/mensagens?modulo=orcamento")
        phone.get_by_label("Envio de STATUS ORÇAMENTO").select_option("Perguntar antes")
        keep(phone, "mensagens-lista-celular")
        assert accessible(phone) == []
        assert fits(phone)
        phone.get_by_role("button", name="Salvar ORÇAMENTO").click()
        expect(phone.get_by_text("ORÇAMENTO: salvo.")).to_be_visible()
        assert Settings.load(site.config).messages.situations[0].how == "perguntar"


def test_who_may_only_look_sees_all_and_changes_nothing(site: Site, chromium: Chromium) -> None:
    with person(chromium, site, Role.VIEWER) as page:
        page.goto(OVERDUE)
        expect(page.locator("#texto")).to_have_attribute("readonly", "")
        expect(page.get_by_role("button", name="Salvar texto")).to_have_count(0)
        expect(page.locator(".reading")).to_have_count(3)
        page.goto("/mensagens")
        assert accessible(page) == []
        expect(page.get_by_role("button", name="Salvar")).to_have_count(0)
    for path in (OVERDUE, f"{OVERDUE}/padrao", "/mensagens/crm", "/mensagens/geral"):
        assert site.browser(Role.OPERATOR).submit(path, {"texto": "Oi"}).status_code == 403
