"""The page Documentos: the account's documents, the shop's own models, creditors."""

from __future__ import annotations

from playwright.sync_api import Browser as Chromium

from tests.panel.browser import DESKTOP, PHONE, accessible, fits, keep, person
from tests.panel.site import Site


def test_look(site: Site, chromium: Chromium) -> None:
    for size in (PHONE, DESKTOP):
        with person(chromium, site, size=size) as page:
            for path, name in (
                ("/documentos", "documentos"),
                ("/documentos/credor", "credor"),
                ("/regua", "regua"),
                ("/regua/etapa?nome=vencido 30", "etapa"),
                ("/regua/quem", "quem"),
            ):
                page.goto(path)
                keep(page, f"{name}-{size[0]}")
                assert accessible(page) == []
                assert fits(page), path
            if size is DESKTOP:
                page.goto("/documentos")
                page.get_by_role("button", name="Copiar e mudar").first.click()
                keep(page, "modelo")
                assert accessible(page) == []
