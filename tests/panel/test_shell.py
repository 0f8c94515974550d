"""The frame around every page: menu, sign-in asked for, errors as pages."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from playwright.sync_api import Browser as Chromium

from integrator.panel import pages
from integrator.panel.pages import SECTIONS, all_pages
from tests.panel.browser import accessible, fits, keep, look_around, person
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
    with person(chromium, site) as page:
        page.goto("/")
        keep(page, "inicio-1366")
        assert fits(page)
        assert accessible(page) == []
        look_around(page, "inicio")


def test_every_page_of_every_module_is_found_by_its_address() -> None:
    modules = {f"integrator.panel.pages.{name}" for name in SECTIONS.values()}

    assert modules == {f"integrator.panel.pages.{each.name}" for each in iter_modules(pages.__path__)} - {
        "integrator.panel.pages.own_account"
    }
    declared = [page for name in sorted(modules) for page in import_module(name).PAGES]
    assert sorted(map(repr, all_pages())) == sorted(map(repr, declared))
    assert len({(page.method, page.path) for page in declared}) == len(declared), "two pages at one address"


def test_a_page_is_loaded_when_somebody_asks_for_it(tmp_path: Path) -> None:
    code = (
        "import sys, integrator.daemon, integrator.panel.app\n"
        "print([name for name in sys.modules if name.startswith('integrator.panel.pages.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)

    assert done.stdout == "[]\n"
