"""The frame around every page: menu, sign-in asked for, errors as pages."""

from __future__ import annotations

from playwright.sync_api import Browser as Chromium

from tests.panel.browser import accessible, fits, keep, person
from tests.panel.site import Site


def test_nobody_is_sent_to_sign_in(site: Site) -> None:
    answer = site.browser(None).page("/fila?situacao=retida")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/entrar?ir=%2Ffila%3Fsituacao%3Dretida"


def test_a_page_that_does_not_exist_says_so(site: Site) -> None:
    answer = site.browser().page("/nada")

    assert answer.status_code == 404
    assert "Não encontrado" in answer.text


def test_the_first_page_is_readable_on_a_desk_and_on_a_phone(site: Site, chromium: Chromium) -> None:
    for size in ((360, 740), (1366, 900), (1920, 1080)):
        with person(chromium, site, size=size) as page:
            page.goto("/")
            keep(page, f"inicio-{size[0]}")
            assert accessible(page) == []
            assert fits(page)
