"""Cadastros novos: the owner chooses, and answers for a yes that nobody said by a tick of his own."""

from __future__ import annotations

import re

import pytest

from integrator.panel.access import Role
from integrator.settings.customers import NewRecords
from tests.panel.site import MORNING, Site

PAGE = "/clientes/novos"


def form(site: Site, choice: str, **more: str) -> dict[str, str]:
    version = re.search(r'name="versao" value="([^"]+)"', site.browser().page(PAGE).text)
    assert version is not None
    return {"cadastros": choice, "versao": version[1], **more}


@pytest.mark.feature("A21")
def test_a_yes_that_nobody_said_needs_the_owners_tick_and_keeps_when_it_was_switched_on(site: Site) -> None:
    owner = site.browser()
    assert "responsabilidade da loja" in owner.page(PAGE).text
    refused = owner.submit(PAGE, form(site, "autorizar"))
    assert refused.status_code == 400
    assert "Marque que a loja tem a autorização assinada" in refused.text
    assert site.panel.settings.customers.new_records is NewRecords.NOTHING

    assert owner.submit(PAGE, form(site, "autorizar", ciente="sim")).status_code == 303
    chosen = site.panel.settings.customers
    assert chosen.new_records is NewRecords.ACCEPT
    assert chosen.since is not None
    assert chosen.since.date() == MORNING.date()
    assert "nada → autorizar" in site.audit()[0]
    assert "desde" in owner.page(PAGE).text

    owner.submit(PAGE, form(site, "nada"))
    assert site.panel.settings.customers.since is None


@pytest.mark.feature("A21")
def test_nobody_but_the_owner_changes_it(site: Site) -> None:
    wanted = form(site, "termo")
    assert site.browser(Role.OPERATOR).submit(PAGE, wanted).status_code == 403
    assert "Só o dono" in site.browser(Role.OPERATOR).page(PAGE).text
    assert site.browser().submit(PAGE, wanted).status_code == 303
    assert site.browser().submit(PAGE, {**wanted, "cadastros": "nada"}).status_code == 409
