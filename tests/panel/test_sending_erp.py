"""Envio: what the form writes to ``config.toml`` and what to the ERP's database, told apart when one of them fails."""

from __future__ import annotations

import pytest

from integrator.domain.errors import DatabaseUnavailable
from integrator.erp.desk import Desk
from tests.panel.forms import form_of
from tests.panel.site import Site
from tests.panel.test_sending import problem_of, saved


def test_the_hour_to_begin_is_checked_by_the_hours_of_the_same_form(site: Site) -> None:
    long = {"calendario.cobranca.seg_sex.ate": "23:00", "erp.hora_inicio": "21:30"}
    assert saved(site, long).status_code == 303
    assert Desk(site.database).config("HORA_INICIO") == "21:30"
    before = site.config.read_bytes()

    answer = saved(site, {"calendario.cobranca.seg_sex.ate": "20:00"})

    assert answer.status_code == 400
    assert "já terminou" in problem_of(answer, "erp.hora_inicio")
    assert site.config.read_bytes() == before


def test_what_was_saved_before_the_database_failed_is_in_the_audit(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise DatabaseUnavailable("O banco não respondeu.")

    browser = site.browser()
    form = form_of(browser.page("/envio").text, "/envio")
    monkeypatch.setattr(Desk, "set_config", away)

    browser.submit("/envio", form | {"envio.lote": "6", "erp.hora_inicio": "09:00"})

    assert ["[envio] lote: 0 → 6" in deed for deed in site.audit()] == [True]
    told = browser.page("/envio").text
    assert "O que fica no banco do ERP não foi gravado: O banco não respondeu. O resto foi salvo: 1 ajuste." in told
