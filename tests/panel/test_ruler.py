"""The page Régua: steps, how the closing works, and who would receive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import pytest
import requests
from playwright.sync_api import Browser as Chromium

from integrator.demo.profile_erps.build import create_database, fill
from integrator.demo.profile_erps.model import ErpName
from integrator.demo.profile_run import CLOSING_DAY, SEND_DAY
from integrator.demo.sample_erp.build import SampleErp
from integrator.erp.connection import Database
from integrator.erp.schema import installer
from integrator.panel.access import Role
from integrator.panel.settings_forms import dry_run
from tests.demo.conftest import target_of
from tests.panel.browser import accessible, fits, keep, look_around, person
from tests.panel.forms import form_of
from tests.panel.site import Site, close_site, open_site
from tools.firebird_server import PrivateServer


def step(site: Site, changes: dict[str, Any], name: str = "") -> requests.Response:
    """Post the form of a step with these changes."""
    browser = site.browser()
    form = form_of(browser.page("/regua/etapa", params={"nome": name}).text, "/regua/etapa")
    return browser.submit("/regua/etapa", form | changes)


def days(site: Site) -> list[int]:
    return [each.days for each in site.panel.settings.closing.steps]


@pytest.mark.feature("B03")
def test_steps_come_change_and_go_in_the_order_of_their_days(site: Site) -> None:
    assert (
        step(site, {"nome": "vencido 5", "dias": "5", "quando": "depois", "texto": "Olá, {primeiro_nome}."}).status_code
        == 303
    )
    assert days(site) == [-3, 0, 3, 5, 10, 30]

    assert step(site, {"nome": "dois antes", "dias": "2", "quando": "antes"}, "lembrete").status_code == 303
    assert days(site) == [-2, 0, 3, 5, 10, 30]
    assert step(site, {"repetir": "15", "ate": "90"}, "vencido 30").status_code == 303
    assert "repete a cada 15 dias, até 90 dias depois do vencimento" in site.browser().page("/regua").text

    gone = {"nome": "vencido 3", "versao": site.panel.config.read().version}
    assert site.browser().submit("/regua/etapa/tirar", gone).status_code == 303
    assert days(site) == [-2, 0, 5, 10, 30]
    assert site.panel.settings.closing.steps[2].text == "Olá, {primeiro_nome}."
    assert site.audit()[0].endswith("tirou uma etapa da régua vencido 3: 3 dias depois do vencimento")
    assert "Olá" not in " ".join(site.audit())


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"nome": "", "dias": "5"}, "Dê um nome"),
        ({"nome": "x", "dias": "cinco"}, "número inteiro para quantos dias"),
        ({"nome": "x", "dias": "3"}, "duas etapas da régua têm"),
        ({"nome": "Lembrete", "dias": "5"}, "têm o nome"),
        ({"nome": "x#2", "dias": "5"}, "não use os sinais"),
        ({"nome": "x", "dias": "5", "repetir": "7"}, "até quantos dias"),
        ({"nome": "x", "dias": "5", "repetir": "7", "ate": "5"}, "diga em repetir_ate_dias"),
        ({"nome": "x", "dias": "5", "texto": "Olá {clinte}"}, "Você quis dizer {cliente}?"),
    ],
)
def test_a_step_that_makes_no_sense_is_told_and_stays_typed(site: Site, changes: dict[str, str], told: str) -> None:
    answer = step(site, changes)

    assert answer.status_code == 400
    assert told in answer.text.partition('role="alert"')[2].partition("</p>")[0]
    assert {key: form_of(answer.text, "/regua/etapa")[key] for key in changes} == changes
    assert days(site) == [-3, 0, 3, 10, 30]


def test_what_another_person_did_meanwhile_is_told(site: Site) -> None:
    browser = site.browser()
    form = form_of(browser.page("/regua/etapa?nome=lembrete").text, "/regua/etapa")
    step(site, {"nome": "outra", "dias": "7"})

    assert browser.submit("/regua/etapa", form | {"dias": "1"}).status_code == 409
    assert browser.page("/regua/etapa?nome=nenhuma").status_code == 404
    assert 7 in days(site)
    assert -3 in days(site)


def test_names_are_text_and_nothing_else(site: Site) -> None:
    name = '"><script>alert(1)</script>'
    step(site, {"nome": name, "dias": "7"})

    page = site.browser().page("/regua").text

    assert "<script>alert" not in page
    assert step(site, {"dias": "8"}, name).status_code == 303
    assert 8 in days(site)


def test_how_the_closing_works(site: Site) -> None:
    browser = site.browser()
    form = form_of(browser.page("/regua").text, "/regua")

    refused = browser.submit("/regua", form | {"fechamento.ligado": "sim"})
    assert refused.status_code == 400
    assert "falta dizer em" in refused.text

    wanted = {"fechamento.ligado": "sim", "fechamento.perfil": PROFILE, "fechamento.saldo_minimo": "15,50"}
    assert browser.submit("/regua", form | wanted | {"fechamento.horario": "21:45"}).status_code == 303
    closing = site.panel.settings.closing
    assert (closing.enabled, closing.profile, str(closing.min_balance), f"{closing.at:%H:%M}") == (
        True,
        PROFILE,
        "15.5",
        "21:45",
    )
    assert "[fechamento] perfil: nenhum: o ERP grava a fila → " + PROFILE in site.audit()[0]


PROFILE = "varejo"


def test_where_the_erp_fills_the_queue_the_page_says_so(site: Site) -> None:
    newest = "SELECT MAX(ID) FROM WA_FILA WHERE FINALIDADE = 'cobranca'"
    site.execute(f"UPDATE WA_FILA SET ETAPA = 'vencido 15', REGRA = 'padrão' WHERE ID = ({newest})")

    page = site.browser(Role.VIEWER).page("/regua").text

    assert "Quem faz a régua é o ERP" in page
    assert "Acrescentar etapa" not in page
    assert "sem etapa" in page
    assert '>vencido 15</th><td data-label="Regra">padrão</td><td class="number" data-label="Mensagens">1</td>' in page


@pytest.fixture
def retail(firebird_server: PrivateServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A panel on an ERP that does not fill the queue, read by a profile."""
    monkeypatch.setenv("INTEGRATOR_SENHA", firebird_server.password)
    target = target_of(firebird_server, firebird_server.data / f"varejo-{uuid4().hex}.fdb")
    create_database(ErpName.VAREJO, target)
    erp = fill(ErpName.VAREJO, target, tmp_path / "arquivos", today=CLOSING_DAY, send_day=SEND_DAY)
    database = Database(target)
    installer.install(database)
    database.close()
    more = f"\n[documentos]\npastas_permitidas = ['{tmp_path}']\n[fechamento]\nligado = true\nperfil = 'varejo'\n"
    running = open_site(cast("SampleErp", erp), tmp_path / "dados", more)
    yield running
    close_site(running)


@pytest.mark.feature("B03")
def test_who_would_receive_and_who_would_not(retail: Site, chromium: Chromium) -> None:
    with person(chromium, retail, Role.VIEWER) as page:
        page.goto("/regua")
        assert page.get_by_text("Quem faz a régua é o ERP").count() == 0
        page.get_by_role("link", name="Quem receberia").click()
        page.get_by_label("Fechamento da noite de").fill(f"{CLOSING_DAY:%Y-%m-%d}")
        page.get_by_role("button", name="Calcular").click()
        page.get_by_text(f"para envio em {SEND_DAY:%d/%m/%Y}").wait_for()
        assert page.get_by_role("table").first.get_by_role("row").count() > 5
        reasons = page.get_by_role("table").nth(1)
        assert reasons.get_by_text("Nenhuma etapa da régua cai neste dia de envio.").count() == 1
        assert page.get_by_text("vencido 30 (2ª vez)").count() > 0
        keep(page, "quem-receberia")
        assert accessible(page) == []
        assert fits(page)
    assert retail.sql("SELECT COUNT(*) FROM WA_FILA") == [(0,)]


def test_one_calculation_at_a_time_and_no_profile_told(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dry_run, "PATIENCE_S", 0.1)
    with dry_run._running:
        busy = site.browser().page("/regua/quem/lista?dia=2026-11-20").text

    answer = site.browser().page("/regua/quem/lista?dia=2026-11-20").text

    assert "Já estou calculando" in busy
    assert "Falta dizer como ler o ERP" in answer


def test_a_person_adds_a_step_with_the_keyboard(site: Site, chromium: Chromium) -> None:
    with person(chromium, site) as page:
        page.goto("/regua")
        page.get_by_role("link", name="Acrescentar etapa").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/regua/etapa*")
        page.get_by_label("Nome").focus()
        page.keyboard.type("vencido 5")
        page.keyboard.press("Tab")
        page.keyboard.type("5")
        page.keyboard.press("Enter")
        page.get_by_text("Etapa “vencido 5” salva: sai 5 dias depois do vencimento.").wait_for()
        keep(page, "regua-salva")
        assert accessible(page) == []
        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_role("listitem").filter(has_text="vencido 5").get_by_role("button", name="Tirar").click()
        page.get_by_text("Etapa “vencido 5” tirada.").wait_for()
        look_around(page, "regua")
        for path in ("/regua/etapa?nome=lembrete", "/regua/quem"):
            page.goto(path)
            look_around(page, path.split("/")[2].partition("?")[0])
