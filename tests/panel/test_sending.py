"""The page Envio: days, hours, pace, holidays, and what the ERP may set, too."""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser as Chromium

from integrator.erp.desk import Desk
from integrator.panel.access import Role
from tests.panel.browser import DESKTOP, accessible, keep, look_around, person
from tests.panel.forms import form_of
from tests.panel.site import Site


def saved(site: Site, changes: dict[str, Any], *, role: Role = Role.OWNER) -> requests.Response:
    """Post the form as it stands, with these changes."""
    browser = site.browser(role)
    fields = form_of(browser.page("/envio").text, "/envio")
    return browser.submit("/envio", fields | changes)


def problem_of(answer: requests.Response, name: str) -> str:
    found = re.search(rf'id="h-{re.escape(name)}">\s*<strong>([^<]*)</strong>', answer.text)
    return found[1] if found else ""


def test_the_form_as_it_stands_changes_nothing(site: Site) -> None:
    before = site.config.read_bytes()

    answer = saved(site, {})

    assert answer.status_code == 303
    assert site.config.read_bytes() == before
    assert site.audit() == []
    assert site.engine.woken == 0


@pytest.mark.feature("C20", "C21", "C22", "S32", "S34")
def test_what_is_typed_is_written_and_told(site: Site) -> None:
    answer = saved(
        site,
        {
            "envio.lote": "5",
            "envio.maximo_por_dia": "1.200",
            "calendario.cobranca.sabado.modo": "horario",
            "calendario.cobranca.sabado.de": "08:30",
            "calendario.cobranca.sabado.ate": "12:00",
            "calendario.servico.dias_sem_envio": ["quarta"],
            "resumo.celular": "(49) 98859-0187",
        },
    )

    assert answer.status_code == 303
    text = site.config.read_text(encoding="utf-8")
    assert "lote = 5" in text
    assert "maximo_por_dia = 1200" in text
    assert 'sabado = "08:30-12:00"' in text
    settings = site.panel.settings
    assert settings.calendar.service.closed_days == (2,)
    assert settings.summary.phone == "5549988590187"
    assert site.engine.woken
    assert "[envio] lote: 0 → 5" in site.audit()[0]
    assert "8859" not in site.audit()[0]
    page = site.browser().page("/envio").text
    assert "A cada 5 mensagens, uma pausa de 15 minutos." in page


@pytest.mark.parametrize(
    ("changes", "name", "told"),
    [
        ({"envio.lote": "cinco"}, "envio.lote", "Escreva um número inteiro"),
        ({"envio.lote": "-1"}, "envio.lote", "O menor valor aceito é 0."),
        ({"envio.intervalo_min_s": "5"}, "envio.intervalo_min_s", "costuma banir"),
        ({"envio.intervalo_min_s": "300"}, "envio.intervalo_min_s", "“Espera mínima entre mensagens”"),
        ({"whatsapp.numero_teste": "123"}, "whatsapp.numero_teste", "não é um celular com DDD"),
        ({"whatsapp.ddd_padrao": "00"}, "whatsapp.ddd_padrao", "não é um DDD"),
        ({"whatsapp.redirecionar_tudo": "sim"}, "whatsapp.numero_teste", "falta o celular"),
        ({"calendario.cobranca.seg_sex.ate": ""}, "calendario.cobranca.seg_sex", "início e o fim"),
        ({"calendario.cobranca.seg_sex.ate": "07:00"}, "calendario.cobranca.seg_sex", "termina antes"),
        ({"erp.hora_inicio": "22:00"}, "erp.hora_inicio", "já terminou"),
    ],
)
def test_what_is_refused_is_told_beside_its_field_and_stays_typed(
    site: Site, changes: dict[str, str], name: str, told: str
) -> None:
    before = site.config.read_bytes()

    answer = saved(site, {"envio.tentativas_max": "7", **changes})

    assert answer.status_code == 400
    assert told in problem_of(answer, name)
    again = form_of(answer.text, "/envio")
    assert again["envio.tentativas_max"] == "7"
    assert {key: again.get(key, [""]) for key in changes} == {
        key: [value] if isinstance(again.get(key), list) else value for key, value in changes.items()
    }
    assert site.config.read_bytes() == before
    assert site.audit() == []


@pytest.mark.feature("B02")
def test_the_law_of_the_state_is_told_and_enforced(site: Site) -> None:
    site.execute("UPDATE WA_EMPRESA SET UF = 'SP'")

    page = site.browser().page("/envio").text
    sunday = {"calendario.cobranca.domingo.modo": "horario", "calendario.cobranca.domingo.de": "08:00"}
    answer = saved(site, {**sunday, "calendario.cobranca.domingo.ate": "12:00"})

    assert "Lei 15.426/2014 de São Paulo" in page
    assert answer.status_code == 400
    assert "O horário de cobrança de domingo (das 08:00 às 12:00) passa do que a Lei 15.426/2014" in answer.text
    assert "config.toml" not in answer.text.partition('role="alert"')[2].partition("</p>")[0]


@pytest.mark.feature("S26")
def test_what_the_erp_sets_is_shown_and_changed_where_it_is_set(site: Site) -> None:
    desk = Desk(site.database)
    desk.set_config("ENVIAR", "vencidos")
    desk.set_config("HORA_INICIO", "08:30")

    page = site.browser().page("/envio").text
    assert "Definido pelo ERP" in page
    form = form_of(page, "/envio")
    assert (form["erp.enviar"], form["erp.hora_inicio"]) == ("vencidos", "08:30")

    before = site.config.read_bytes()
    saved(site, {"erp.enviar": "a_vencer", "erp.hora_inicio": "09:15"})
    assert (desk.config("ENVIAR"), desk.config("HORA_INICIO")) == ("a_vencer", "09:15")
    assert site.config.read_bytes() == before

    saved(site, {"erp.enviar": "", "erp.hora_inicio": ""})
    assert (desk.config("ENVIAR"), desk.config("HORA_INICIO")) == ("", "")

    saved(site, {"envio.enviar": "vencidos"})
    assert desk.config("ENVIAR") == ""
    assert site.panel.settings.sending.debts.value == "vencidos"


def test_a_value_of_the_erps_that_nobody_understands_is_told(site: Site) -> None:
    Desk(site.database).set_config("ENVIAR", "<b>tudo</b>")

    page = site.browser().page("/envio").text

    assert "ENVIAR = &lt;b&gt;tudo&lt;/b&gt;" in page
    assert "<b>tudo" not in page


@pytest.mark.feature("B02")
def test_holidays_of_the_shop_come_and_go(site: Site) -> None:
    browser = site.browser()
    form = form_of(browser.page("/envio").text, "/envio/feriados/novo")

    browser.submit("/envio/feriados/novo", form | {"dia": "2026-07-25", "nome": 'Dia da "cidade"', "todo_ano": "sim"})
    form = form_of(browser.page("/envio").text, "/envio/feriados/novo")
    browser.submit("/envio/feriados/novo", form | {"dia": "2027-03-01", "nome": "Balanço"})

    assert 'feriados_proprios = ["25/07 Dia da \\"cidade\\"", "01/03/2027 Balanço"]' in site.config.read_text("utf-8")
    later = browser.page("/envio?ano=2027").text
    assert "25/07/2027" in later
    assert "Balanço" in later
    assert "Em outros anos: 01/03/2027 Balanço" in browser.page("/envio?ano=2026").text

    gone = {"feriado": "01/03/2027 Balanço", "versao": site.panel.config.read().version, "ano": "2027"}
    assert browser.submit("/envio/feriados/tirar", gone).status_code == 303
    assert [holiday.name for holiday in site.panel.settings.calendar.own_holidays] == ['Dia da "cidade"']
    gone["versao"] = site.panel.config.read().version
    assert browser.submit("/envio/feriados/tirar", gone).status_code == 409
    assert "Escolha o dia" in browser.submit("/envio/feriados/novo", form | {"dia": "ontem"}).text
    assert "tirou um feriado 01/03/2027 Balanço" in site.audit()[0]


def test_a_change_made_meanwhile_is_not_overwritten(site: Site) -> None:
    browser = site.browser()
    fields = form_of(browser.page("/envio").text, "/envio")
    saved(site, {"envio.lote": "9"})

    answer = browser.submit("/envio", fields | {"envio.tentativas_max": "3"})

    assert answer.status_code == 409
    assert problem_of(answer, "envio.lote") == "Agora vale: 9."
    assert site.panel.settings.sending.max_attempts == 5
    again = form_of(answer.text, "/envio")
    assert again["envio.tentativas_max"] == "3"
    assert browser.submit("/envio", again | {"envio.lote": "9"}).status_code == 303
    assert (site.panel.settings.sending.batch_size, site.panel.settings.sending.max_attempts) == (9, 3)


def test_what_the_environment_fixes_is_locked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTEGRATOR_ENVIO__LOTE", "8")
    site.config.write_text(site.config.read_text("utf-8") + "\n", encoding="utf-8")

    page = site.browser().page("/envio").text
    saved(site, {"envio.lote": "3", "envio.tentativas_max": "4"})

    assert "Fixado pela variável de ambiente <code>INTEGRATOR_ENVIO__LOTE</code>" in page
    assert "lote" not in site.config.read_text("utf-8")
    assert site.panel.settings.sending.max_attempts == 4


def test_only_the_owner_changes(site: Site) -> None:
    for role in (Role.VIEWER, Role.OPERATOR):
        page = site.browser(role).page("/envio")
        assert page.status_code == 200
        assert 'class="main"' not in page.text
        assert site.browser(role).submit("/envio", {}).status_code == 403
        assert site.browser(role).submit("/envio/feriados/novo", {}).status_code == 403


@pytest.mark.feature("B12")
def test_the_test_mode_stands_out(site: Site) -> None:
    saved(site, {"whatsapp.numero_teste": "49 98859-0187", "whatsapp.redirecionar_tudo": "sim"})

    page = site.browser().page("/envio").text

    assert "Modo de teste." in page
    assert "(49) 98859-0187; nenhum cliente" in page


def test_without_the_database_the_page_opens_and_saves(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    text = site.config.read_text("utf-8")
    site.config.write_text(re.sub(r"porta = \d+", "porta = 9", text), encoding="utf-8")

    page = site.browser().page("/envio")
    answer = saved(site, {"envio.lote": "4"})

    assert page.status_code == 200
    assert "Não consegui ler o que o ERP define" in page.text
    assert answer.status_code == 303
    assert site.panel.settings.sending.batch_size == 4


def test_a_person_changes_the_pace(site: Site, chromium: Chromium) -> None:
    with person(chromium, site, size=DESKTOP, refused=400) as page:
        page.goto("/envio")
        page.get_by_label("Tamanho do lote").fill("5")
        page.get_by_text("A cada 5 mensagens, uma pausa de 15 minutos.").wait_for()
        page.get_by_text("Há mudanças que ainda não foram salvas.").wait_for()
        saturday = page.get_by_role("group", name="Cobrança: Sábado")
        assert not saturday.get_by_label("das").is_visible()
        saturday.get_by_role("combobox").select_option("envia")
        saturday.get_by_label("das").fill("09:00")
        saturday.get_by_label("às").fill("12:00")
        page.get_by_label("DDD dos telefones sem DDD").fill("00")
        page.get_by_role("button", name="Salvar").click()
        page.get_by_text("não é um DDD").wait_for()
        keep(page, "envio-errado")
        assert accessible(page) == []
        page.get_by_label("DDD dos telefones sem DDD").fill("49")
        page.keyboard.press("Enter")
        page.get_by_text("Salvo: 2 ajustes.").wait_for()
        look_around(page, "envio")
    assert site.panel.settings.sending.batch_size == 5
    assert str(site.panel.settings.calendar.collection.saturday) == "das 09:00 às 12:00"
