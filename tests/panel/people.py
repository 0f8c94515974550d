"""A panel without a shop's database, for what needs none: coming in, people, guards. And people who come in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import requests

from integrator.demo.clock import SkippingClock
from integrator.demo.sample_erp.build import SampleErp
from integrator.panel.access import Role
from integrator.panel.accounts.members import Account, Members
from integrator.panel.app import build_app
from integrator.panel.premises import Panel
from integrator.panel.routes import Page
from integrator.panel.server import PanelServer
from integrator.settings.editing import ConfigFile
from tests.panel.site import MORNING, Browser, Site, StillEngine, close_site

PASSWORD = "café com leite"


@contextmanager
def bare_site(folder: Path, more: tuple[Page, ...] = ()) -> Iterator[Site]:
    """Nothing is configured yet; there is no database to ask."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text("", encoding="utf-8")
    clock, engine = SkippingClock(MORNING), StillEngine()
    panel = Panel(ConfigFile(folder / "config.toml"), folder, clock=clock, running=engine)
    server = PanelServer(build_app(panel, more), port=0)
    site = Site(panel, server, cast("SampleErp", None), clock, engine, folder)
    try:
        yield site
    finally:
        close_site(site)


def somebody(site: Site, role: Role = Role.OWNER, login: str = "marli", password: str = PASSWORD) -> Account:
    """A person whose password is her own already."""
    members = Members(site.panel.store)
    account = members.add(login, f"Pessoa {login}", role, password, site.clock.now())
    members.set_password(account.id, password)
    return account


def try_login(site: Site, login: str, password: str, browser: Browser | None = None, **more: Any) -> requests.Response:
    """Type both and press the button."""
    guest = browser or site.browser(None)
    fields = {"login": login, "senha": password, **more}
    return guest.post(site.url + "/entrar", data=fields, headers={"Origin": site.url}, allow_redirects=False)


def told(answer: requests.Response) -> str:
    """What stands in the red box."""
    found = re.search(r'role="alert">([^<]+)<', answer.text)
    return found[1] if found else ""
