"""Chaves and the API's own pages, as the owner and an ERP's vendor use them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from integrator.panel.access import Role
from integrator.panel.api.callbacks.book import Book
from integrator.panel.api.callbacks.worker import Callbacks
from integrator.panel.api.keys import Action, ApiKeys, KeyPlan
from tests.panel.api_client import Client, client, message
from tests.panel.browser import DESKTOP, PHONE, WIDE, accessible, fits, keep, look_around, person, seen_on
from tests.panel.site import Site

_XSS = '"><script>alert(1)</script>'


def test_the_owner_makes_a_key_has_the_erp_told_and_revokes_it(site: Site, chromium: Chromium) -> None:
    with person(chromium, site) as page:
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto("/chaves")
        keep(page, "chaves-vazia")
        page.get_by_role("link", name="Criar uma chave").focus()
        page.keyboard.press("Enter")
        page.get_by_label("Nome").fill("S4")
        page.get_by_label("cancelar", exact=True).check()
        keep(page, "chaves-nova")
        assert accessible(page) == []
        page.keyboard.press("Enter")
        token = page.locator("#segredo").inner_text()
        keep(page, "chaves-criada")
        assert accessible(page) == []
        key = ApiKeys(site.panel.store).all()[0]
        erp = Client(site.url, key, token)
        assert erp.post("/messages", message("os|1")).status_code == 201

        page.get_by_role("link", name="Pronto").click()
        expect(page.locator("#segredo")).to_have_count(0)
        page.wait_for_load_state()
        assert token not in page.content()
        secret = _told_nowhere(page, site, erp)
        page.get_by_role("button", name="Revogar a chave").click()
        expect(page.get_by_role("status")).to_contain_text("não vale mais")
        keep(page, "chaves-revogada")
    assert erp.get("/status").status_code == 401
    told = " ".join(site.audit())
    assert "criou a chave da API S4" in told
    assert token not in told
    assert secret not in told


def _told_nowhere(page: Page, site: Site, erp: Client) -> str:
    """The owner gives an address where nobody answers, sees so, and has it tried again; the secret that was shown."""
    page.get_by_label("Endereço").fill("http://127.0.0.1:9/nada")
    page.get_by_role("button", name="Avisar este endereço").click()
    secret = page.locator("#segredo").inner_text()
    assert secret == Book(site.panel.store).callbacks()[0].secret
    page.get_by_role("link", name="Pronto").click()
    expect(page.locator("#segredo")).to_have_count(0)
    worker = Callbacks(site.panel)
    worker.turn()
    erp.post("/messages", message("os|2"))
    worker.turn()
    page.reload()
    expect(page.locator("dl.facts").nth(1)).to_contain_text("não foi possível conectar")
    expect(page.locator("dl.facts").nth(1)).to_contain_text("1 aviso")
    keep(page, "chaves-uma")
    assert accessible(page) == []
    page.get_by_role("button", name="Tentar agora").click()
    expect(page.get_by_role("status")).to_contain_text("Tentando agora")
    return secret


def test_the_list_and_a_key_can_be_read_on_a_phone_and_on_a_desk(site: Site, chromium: Chromium) -> None:
    store = site.panel.store
    made = [
        ApiKeys(store).create(KeyPlan(name, frozenset(Action), "", 20), _XSS, site.clock.now())[0].id
        for name in ("S4 Comércio", _XSS, "n" * 50)
    ]
    for key in made:
        Book(store).register(key, "http://127.0.0.1:9/" + "a" * 400, all_rows=True)
    ApiKeys(store).revoke(made[0], site.clock.now())
    with person(chromium, site) as page:
        for name, path in (("lista", "/chaves"), ("chave", f"/chaves/{made[1]}")):
            page.goto(path)
            look_around(page, f"chaves-{name}")
        seen_on(page, WIDE, "light")
        page.goto("/chaves")
        assert accessible(page) == []


def test_the_manual_can_be_read_on_a_phone_and_on_a_desk(site: Site, chromium: Chromium) -> None:
    with person(chromium, site, Role.VIEWER) as page:
        page.goto("/api")
        page.get_by_text("Exemplo: Débito vencido").click()
        expect(page.get_by_text('"chave": "2026-11-20|1|4711"')).to_be_visible()
        for size in (DESKTOP, PHONE):
            seen_on(page, size, "light")
            keep(page, f"chaves-manual-{size[0]}")
            assert fits(page)
        # Every chapter is made by the same lines: the first one stands for all in the slow look at colours.
        page.locator("section ~ section").evaluate_all("all => all.forEach(each => each.remove())")
        assert accessible(page) == []
        look_around(page, "chaves-manual-capitulo")


def test_a_wrong_form_is_shown_again_with_what_was_typed(site: Site) -> None:
    browser = site.browser()
    browser.url = site.url
    answer = browser.submit("/chaves/nova", {"nome": _XSS, "por_segundo": "9999"})

    assert answer.status_code == 400
    assert "Escolha ao menos uma permissão" in answer.text
    assert "de 1 a 200" in answer.text
    assert _XSS not in answer.text
    assert 'value="&#34;&gt;&lt;script' in answer.text
    ok = browser.submit("/chaves/nova", {"nome": "S4", "enviar": "sim", "por_segundo": "20"})
    assert re.search(r"itg_[0-9a-f]{10}_[\w-]{43}", ok.text)
    twice = browser.submit("/chaves/nova", {"nome": "s4", "enviar": "sim", "por_segundo": "20"})
    assert (twice.status_code, len(ApiKeys(site.panel.store).all())) == (400, 1)


@pytest.mark.parametrize(
    "url", ["ftp://erp/x", "javascript:alert(1)", "http://", "http://u:p@erp/", "http://[::1", "http://a b/", "/x"]
)
def test_an_address_that_cannot_be_told_is_refused(site: Site, url: str) -> None:
    erp = client(site)
    answer = site.browser().submit(f"/chaves/{erp.key.id}/aviso", {"endereco": url})

    assert answer.status_code == 400
    assert Book(site.panel.store).callbacks() == ()


def test_only_the_owner_sees_keys_and_everybody_signed_in_the_manual(site: Site) -> None:
    erp = client(site)
    for role in (Role.VIEWER, Role.OPERATOR):
        browser = site.browser(role)
        assert browser.page("/chaves").status_code == 403
        assert browser.submit(f"/chaves/{erp.key.id}/revogar").status_code == 403
        assert browser.page("/api").status_code == 200
    assert site.browser(None).page("/api").status_code == 303
    assert site.browser().page("/chaves/nada").status_code == 404
    assert erp.get("/status").status_code == 200
