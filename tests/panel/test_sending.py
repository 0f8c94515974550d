"""The page Envio: days, hours, pace, holidays, the ERP's own settings."""

from __future__ import annotations

import re
import tomllib

import pytest
from playwright.sync_api import Browser as Chromium

from integrator.panel.access import Role
from tests.panel.browser import DESKTOP, PHONE, accessible, fits, keep, person
from tests.panel.site import Site


def test_look(site: Site, chromium: Chromium) -> None:
    for size in (PHONE, DESKTOP, (1920, 1080)):
        with person(chromium, site, size=size) as page:
            page.goto("/envio")
            keep(page, f"envio-{size[0]}")
            assert accessible(page) == []
            assert fits(page)
