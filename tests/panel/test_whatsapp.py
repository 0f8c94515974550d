"""WhatsApp: numbers, their health, and pairing, tried from the first code to the connected phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from integrator.domain.lifecycle import State
from integrator.erp.overview import instances
from integrator.gateways.simulator.pairing import CODE_S, PairingControl
from integrator.gateways.simulator.process import RunningSimulator, start_simulator
from integrator.panel.access import Role
from integrator.panel.home.qr import qr_svg
from integrator.sending.gateway import GatewayState
from tests.panel.browser import accessible, code_on, keep, look_around, person
from tests.panel.site import Site
from tests.panel.test_home import database_away, words
from tests.waiting import eventually


@pytest.fixture
def simulator(site: Site, tmp_path: Path) -> Iterator[RunningSimulator]:
    with start_simulator(tmp_path / "simulador") as running:
        site.engine.ledger = running.folder
        yield running


def row(site: Site) -> tuple[str, str, str]:
    """State, number and code as the ERP's own screens read them."""
    (found,) = site.sql("SELECT SITUACAO, NUMERO, QR_TEXTO FROM WA_INSTANCIA WHERE NOME = 'principal'")
    return tuple(str(cell or "").strip() for cell in found)  # type: ignore[return-value]


@pytest.mark.feature("S22", "S25")
def test_a_number_is_disconnected_and_paired_again(site: Site, simulator: RunningSimulator) -> None:
    owner = site.browser()
    assert "Conectado · (49) 99999-0001" in words(owner.page("/whatsapp").text)
    assert site.engine.woken == 1, "the page saw first that the number came within reach"

    assert owner.submit("/whatsapp/desconectar").status_code == 303
    assert row(site) == ("desconectado", "", "")
    assert site.engine.woken == 2
    told = words(owner.page("/whatsapp").text)
    assert "Número desconectado. Nada sai até um celular ser conectado." in told
    assert "Dispositivos conectados" in told

    assert owner.submit("/whatsapp/conectar").status_code == 303
    state, number, code = row(site)
    assert (state, number) == ("aguardando_qr", "")
    assert code
    page = owner.page("/whatsapp").text
    assert qr_svg(code) in page

    assert owner.submit("/simulador/ler").headers["location"] == "/whatsapp"
    assert row(site) == ("conectado", "5549999990001", "")
    assert site.audit()[:3] == [
        "Este computador: leu o QR Code no simulador principal",
        "Este computador: pediu o QR Code para conectar o número principal",
        "Este computador: desconectou o número principal",
    ]


def test_a_code_is_renewed_and_an_old_one_lets_nobody_in(site: Site, simulator: RunningSimulator) -> None:
    control, now = PairingControl(simulator.folder), site.clock.now()
    control.end(now)
    first = control.begin(now).code
    assert first is not None
    assert control.look(now + timedelta(seconds=CODE_S - 1)).code == first
    later = now + timedelta(seconds=CODE_S)
    assert control.read(first.text, later).state is GatewayState.NEEDS_PAIRING
    second = control.look(later).code
    assert second is not None
    assert second.text != first.text
    assert control.read("outro", later).state is GatewayState.NEEDS_PAIRING
    third = control.look(later).code
    assert third is not None
    assert control.read(third.text, later).state is GatewayState.CONNECTED
    assert control.begin(later).state is GatewayState.CONNECTED


def test_who_is_no_owner_sees_the_state_and_no_code(site: Site, simulator: RunningSimulator) -> None:
    control = PairingControl(simulator.folder)
    control.end(site.clock.now())
    control.begin(site.clock.now())
    for role in (Role.VIEWER, Role.OPERATOR):
        html = site.browser(role).page("/whatsapp").text
        assert "Nenhum celular conectado" in html
        assert 'class="qr"' not in html
        for path in ("/whatsapp/conectar", "/whatsapp/desconectar", "/simulador/ler"):
            assert site.browser(role).submit(path).status_code == 403


def test_an_installation_that_asks_touches_no_number(site: Site, simulator: RunningSimulator) -> None:
    site.engine.status = replace(site.engine.status, asks="O banco parece uma cópia.")
    assert site.browser().submit("/whatsapp/desconectar").status_code == 400
    assert PairingControl(simulator.folder).look(site.clock.now()).state is GatewayState.CONNECTED
    assert site.sql("SELECT COUNT(*) FROM WA_INSTANCIA") == [(0,)]


def test_without_simulator_and_without_database_the_page_says_so(site: Site, tmp_path: Path) -> None:
    site.engine.ledger = tmp_path / "não há"
    told = words(site.browser().page("/whatsapp").text)
    assert "Ainda sem notícia" in told
    assert "O WhatsApp deste computador não respondeu." in told
    with database_away(site):
        answer = site.browser().page("/whatsapp")
        assert answer.status_code in (409, 503)
        assert "Traceback" not in answer.text


@pytest.mark.feature("S21", "B11")
def test_several_numbers_each_with_its_own_health(site: Site) -> None:
    for index, key in enumerate(site.keys(State.PENDING)[:30]):
        for step in ("reservada", "enviando"):
            site.execute(f"UPDATE WA_FILA SET SITUACAO = '{step}', TOKEN = 'T' WHERE CHAVE = ?", (key,))
        name, at = "principal" if index < 20 else "loja 2", f"2026-11-20 07:{index:02d}:00"
        sent = "SITUACAO = 'enviada', TOKEN = NULL, ENVIADA_EM = ?, INSTANCIA_ENVIO = ?"
        site.execute(f"UPDATE WA_FILA SET {sent} WHERE CHAVE = ?", (at, name, key))
    for name, number in (("principal", "5549988590187"), ("loja 2", "5549977776666")):
        site.execute(
            "INSERT INTO WA_INSTANCIA (NOME, NUMERO, SITUACAO, MOTOR) VALUES (?, ?, 'conectado', '<b>motor</b>')",
            (name, number),
        )
    by_name = {each.name: each for each in instances(site.database, site.clock.now())}
    assert (by_name["principal"].sent_today, by_name["loja 2"].sent_today) == (20, 10)

    html = site.browser(Role.VIEWER).page("/whatsapp").text
    told = words(html)
    assert "20 de no máximo 400" in told
    assert "loja 2 · de outro computador ou banco" in told
    assert told.index("principal") < told.index("loja 2")
    assert "Não chegam recibos de entrega." in told
    assert "<b>motor</b>" not in html


@pytest.mark.feature("S20", "S24", "G04", "G41")
def test_a_person_pairs_the_number_and_watches_it_connect(
    site: Site, simulator: RunningSimulator, chromium: Chromium
) -> None:
    with person(chromium, site) as page:
        page.goto("/whatsapp")
        keep(page, "whatsapp-conectado")
        assert accessible(page) == []
        page.get_by_role("link", name="Histórico de mensagens").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Histórico de mensagens WhatsApp")
        page.get_by_role("navigation").get_by_role("link", name="WhatsApp").click()
        page.on("dialog", lambda dialog: dialog.accept())
        page.get_by_text("Desconectar este número").click()
        page.get_by_role("button", name="Desconectar").click()
        page.get_by_role("button", name="Conectar", exact=True).press("Enter")
        drawn = page.get_by_role("img", name="QR Code para conectar o celular da loja")
        expect(drawn).to_be_visible()
        expect(page.get_by_text("Vale por mais")).to_be_visible()
        keep(page, "whatsapp-conectar-1366")
        assert accessible(page) == []
        assert code_on(drawn) == row(site)[2]

        before = row(site)[2]
        site.clock.sleep(CODE_S)  # from now on the page may fetch the next one by itself
        page.evaluate("document.querySelector('[data-seconds]').dataset.seconds = '0'; shown = null")
        expect(page.get_by_text("Vale por mais")).to_be_visible()
        eventually(lambda: row(site)[2] != before)
        eventually(lambda: code_on(drawn) == row(site)[2])

        assert site.browser().submit("/simulador/ler").status_code == 303
        expect(page.get_by_text("Conectado · (49) 99999-0001")).to_be_visible()
        expect(drawn).to_have_count(0)
        PairingControl(simulator.folder).end(site.clock.now())
        PairingControl(simulator.folder).begin(site.clock.now())
        page.goto("/whatsapp")
        look_around(page, "whatsapp")
        assert code_on(drawn) == row(site)[2], "read in the dark, too"
