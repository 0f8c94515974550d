"""Numbers of real engines on the panel: every state in words, pair codes, the guard, and the form that makes them."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from integrator.app import JOURNAL_FILE
from integrator.domain.lifecycle import State
from integrator.domain.sender import Contact, Used
from integrator.facade import NumberStatus
from integrator.journal.senders import SenderBook
from integrator.panel.access import Role
from integrator.secrets import read_secret
from integrator.sending.gateway import Capabilities, Condition, GatewayState, StatusNews
from tests.panel.browser import look_around, person
from tests.panel.site import MORNING, Site
from tests.panel.test_home import words
from tests.panel.test_local_numbers import Phone, running

NUMBER = "5549988590187"
EMBEDDED = '[whatsapp]\nmotor = "embutido"\ncelular = "49988590187"\nddd_padrao = "49"\n'


@pytest.fixture(autouse=True)
def own_secrets(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens are kept in the folder of the test."""
    monkeypatch.setenv("INTEGRATOR_DADOS", str(site.folder))


def configured(site: Site, more: str = "", first: str = EMBEDDED) -> None:
    """The site's shop with these numbers."""
    text = site.config.read_text(encoding="utf-8")
    site.config.write_text(text[: text.index("[whatsapp]")] + first + more, encoding="utf-8")


def in_state(site: Site, condition: Condition, number: str = "") -> Phone:
    phone = Phone()
    phone.state, phone.number = condition.state, number
    running(site, phone)
    site.engine.connected = (
        NumberStatus("principal", "embutido", site.engine.connected[0].capabilities, condition, number),
    )
    return phone


def keys(site: Site) -> dict[str, Any]:
    """The configuration as it is on the disk."""
    return tomllib.loads(site.config.read_text(encoding="utf-8"))


def form(site: Site, **fields: str) -> dict[str, Any]:
    """What the form of the first number posts when nothing was typed, with these changes."""
    known = {
        "nome": "principal",
        "instancia": "principal",
        "celular": "(49) 98859-0187",
        "motor": "embutido",
        "proxy": "",
        "maximo_conhecidos": "400",
        "maximo_novos": "150",
        "parar_apos_falhas": "5",
        "respostas": "ignorar",
        "resposta_texto": "",
        "resposta_a_cada_h": "24",
        "encaminhar_para": "",
        "silencio_apos_conversa_h": "24",
        **fields,
    }
    plain = {"nome", "token", "segredo_do_app", "modulos"}
    named = {key if key in plain else f"whatsapp.{key}": value for key, value in known.items()}
    return {"banco": "principal", "versao": site.panel.config.read().version, **named}


@pytest.mark.parametrize("state", list(GatewayState))
def test_every_state_is_told_with_what_to_do(site: Site, state: GatewayState) -> None:
    configured(site)
    until = MORNING + timedelta(hours=6)
    in_state(site, Condition(state, until), NUMBER if state is GatewayState.CONNECTED else "")
    owner = site.browser()
    told, home = words(owner.page("/whatsapp").text), words(owner.page("/").text)
    assert "aparelho conectado, neste computador" in told
    assert "Ainda sem notícia" not in told
    assert ("até 20/11/2026 14:00" in told) == (state in (GatewayState.RESTRICTED, GatewayState.BANNED))
    calm = state in (GatewayState.CONNECTED, GatewayState.CONNECTING)
    assert ("O que precisa de você" in home and "/whatsapp" in owner.page("/").text) or calm
    assert ("WhatsApp:" in home or "conectado" in home or "sem conexão" in home) or calm
    assert site.sql("SELECT SITUACAO FROM WA_INSTANCIA WHERE NOME = 'principal'") == [(state.value,)]


def test_what_the_engine_itself_says_is_shown_instead_of_the_general_words(site: Site) -> None:
    configured(site)
    in_state(site, Condition(GatewayState.AUTH, told="Falta guardar a chave da Evolution API."))
    owner = site.browser()
    assert "Falta guardar a chave da Evolution API." in words(owner.page("/whatsapp").text)
    assert "Falta guardar a chave da Evolution API." in words(owner.page("/").text)


@pytest.mark.feature("E04")
def test_a_stranger_s_phone_is_told_and_the_ninth_digit_is_no_stranger(site: Site) -> None:
    configured(site)
    in_state(site, Condition(GatewayState.CONNECTED), "5549977776666")
    assert "Está conectado outro celular, (49) 97777-6666." in words(site.browser().page("/whatsapp").text)
    in_state(site, Condition(GatewayState.CONNECTED), "554988590187")
    assert "outro celular" not in words(site.browser().page("/whatsapp").text)


def test_the_account_s_own_name_stands_beside_its_number_whatever_is_in_it(site: Site) -> None:
    configured(site)
    phone = in_state(site, Condition(GatewayState.CONNECTED), NUMBER)
    phone.name = "<b>Farmácia</b> & Cia"
    page = site.browser().page("/whatsapp").text
    assert "<bdi>&lt;b&gt;Farmácia&lt;/b&gt; &amp; Cia</bdi>" in page
    phone.name = ""
    assert "<bdi>" not in site.browser().page("/whatsapp").text


def test_a_pair_code_is_asked_for_and_shown_as_the_phone_shows_it(site: Site) -> None:
    configured(site)
    phone = Phone()
    running(site, phone)
    owner = site.browser()
    assert owner.submit("/whatsapp/conectar", {"numero": "principal", "celular": "49 98859-0187"}).status_code == 303
    assert phone.asked_for == NUMBER
    assert "GH5E-C9DZ" in owner.page("/whatsapp").text
    assert "98859" not in site.audit()[0]
    for role in (Role.VIEWER, Role.OPERATOR):
        assert "GH5E-C9DZ" not in site.browser(role).page("/whatsapp").text
    assert owner.submit("/whatsapp/conectar", {"celular": "12"}).status_code == 400
    assert owner.submit("/whatsapp/conectar", {"numero": "outro"}).status_code == 400


def test_the_signal_changes_with_the_pairing_and_with_nothing_else(site: Site) -> None:
    configured(site)
    phone = Phone()
    running(site, phone)
    owner = site.browser()
    before = owner.page("/whatsapp/sinal").json()
    assert owner.page("/whatsapp/sinal").json() == before
    phone.begin(site.clock.now())
    assert owner.page("/whatsapp/sinal").json() != before


def test_the_shop_says_whether_the_number_is_new_and_resumes_what_the_guard_stopped(site: Site) -> None:
    configured(site)
    in_state(site, Condition(GatewayState.CONNECTED), NUMBER)
    book, now = SenderBook(site.folder / JOURNAL_FILE), site.clock.now()
    book.meet(NUMBER, "principal", now)
    book.wrote(NUMBER, "5549999990001", Contact.COLD, now)
    book.wrote(NUMBER, "5549999990002", Contact.KNOWN, now)
    owner = site.browser()
    told = words(owner.page("/whatsapp").text)
    assert "Este número é novo ou já é usado com clientes?" in told
    assert "1 de 400 que já responderam; 1 de 20 novos (1º dia de envio)" in told

    assert owner.submit("/whatsapp/uso", {"numero": "principal", "uso": "em_uso"}).status_code == 303
    record = book.record(NUMBER)
    assert record is not None
    assert record.used is Used.IN_USE
    told = words(owner.page("/whatsapp").text)
    assert "já é usado com clientes?" not in told
    assert "1 de 150 novos" in told

    book.sign(NUMBER, now, "463", now + timedelta(hours=24))
    assert "Contatos novos esperam até 21/11/2026" in words(owner.page("/whatsapp").text)
    book.halt(NUMBER, now, "O WhatsApp restringiu o número duas vezes em sete dias.")
    for page in ("/", "/whatsapp"):
        assert "duas vezes em sete dias" in words(owner.page(page).text)
    assert site.browser(Role.VIEWER).submit("/whatsapp/retomar").status_code == 403
    assert site.browser(Role.OPERATOR).submit("/whatsapp/retomar", {"numero": "principal"}).status_code == 303
    record = book.record(NUMBER)
    assert record is not None
    assert record.stop is None
    assert "A proteção parou" not in words(owner.page("/").text)
    book.close()


def test_the_official_number_is_accepted_by_meta_and_nothing_more_is_claimed(site: Site) -> None:
    configured(site, first='[whatsapp]\nmotor = "oficial"\nmeta_numero_id = "123"\nddd_padrao = "49"\n')
    can = Capabilities(False, False, False, templates=True, status=StatusNews.NONE)
    site.engine.connected = (NumberStatus("principal", "oficial", can, Condition(GatewayState.CONNECTED), NUMBER),)
    told = words(site.browser().page("/whatsapp").text)
    assert "Aceitas pela Meta hoje" in told
    assert "entregues" not in told
    assert "restringe a cobrança de dívidas" in told
    assert "Dispositivos conectados" not in told

    key = site.keys(State.PENDING)[0]
    for step in ("reservada", "enviando"):
        site.execute(f"UPDATE WA_FILA SET SITUACAO = '{step}', TOKEN = 'T' WHERE CHAVE = ?", (key,))
    sent = "SITUACAO = 'enviada', TOKEN = NULL, ENVIADA_EM = ?, INSTANCIA_ENVIO = 'principal'"
    site.execute(f"UPDATE WA_FILA SET {sent} WHERE CHAVE = ?", (MORNING, key))
    ((row,),) = site.sql("SELECT ID FROM WA_FILA WHERE CHAVE = ?", (key,))
    assert "Aceita pela Meta, que por aqui não conta" in words(site.browser().page(f"/fila/{row}").text)
    assert "aceita pela Meta" in words(site.browser().page("/historico").text)


@pytest.mark.feature("E03", "E05")
def test_the_first_number_is_changed_where_it_is_written(site: Site) -> None:
    configured(site)
    owner = site.browser()
    fields = form(site, instancia="Loja centro", maximo_novos="80", modulos="aviso_de_debitos")
    assert owner.submit("/whatsapp/numero", fields).headers["location"] == "/whatsapp"
    assert keys(site)["whatsapp"] == {
        "motor": "embutido",
        "celular": "49988590187",
        "ddd_padrao": "49",
        "instancia": "Loja centro",
        "maximo_novos": 80,
        "modulos": ["aviso_de_debitos"],
    }
    assert site.engine.reconnected == ["Loja centro"]
    assert site.audit()[0].endswith("mudou o número Loja centro: instancia, maximo_novos, modulos")


def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_written(site: Site) -> None:
    configured(site)
    owner, before = site.browser(), site.config.read_bytes()
    wrong = (
        ({"instancia": ""}, "Dê um nome ao número."),
        ({"instancia": "a/b"}, "Use de 1 a 40 letras"),
        ({"celular": "12"}, "não é um celular com DDD"),
        ({"maximo_novos": "muitos"}, "Escreva um número inteiro"),
        ({"maximo_novos": "99999"}, "O maior valor aceito é 2000"),
        ({"respostas": "responder"}, "Escreva o texto da resposta."),
        ({"respostas": "encaminhar"}, "Escreva o celular que recebe"),
        ({"motor": "evolution", "servidor": ""}, "Escreva o endereço da Evolution API."),
        ({"motor": "evolution", "servidor": "srv01"}, "não é um endereço"),
        ({"motor": "oficial", "meta_numero_id": "abc"}, "não é um identificador da Meta"),
    )
    for fields, told in wrong:
        answer = owner.submit("/whatsapp/numero", form(site, **fields))
        assert answer.status_code == 400, fields
        assert told in words(answer.text), fields
    assert (
        owner.submit("/whatsapp/numero", form(site) | {"versao": "antiga", "whatsapp.proxy": "http://a:1"}).status_code
        == 409
    )
    assert owner.submit("/whatsapp/numero", form(site, nome="outro")).status_code == 404
    assert site.browser(Role.OPERATOR).submit("/whatsapp/numero", form(site)).status_code == 403
    assert site.config.read_bytes() == before


def test_what_the_environment_fixes_is_not_asked_and_stays(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    configured(site)
    monkeypatch.setenv("INTEGRATOR_WHATSAPP__MAXIMO_NOVOS", "30")
    owner = site.browser()
    assert "INTEGRATOR_WHATSAPP__MAXIMO_NOVOS" in owner.page("/whatsapp/numero?nome=principal").text
    fields = form(site, maximo_conhecidos="90")
    del fields["whatsapp.maximo_novos"]
    assert owner.submit("/whatsapp/numero", fields).status_code == 303
    assert keys(site)["whatsapp"]["maximo_conhecidos"] == 90
    assert "maximo_novos" not in keys(site)["whatsapp"]


@pytest.mark.feature("A07", "B11")
def test_another_number_is_added_changed_and_taken_away_with_its_token(site: Site) -> None:
    configured(site, first=EMBEDDED + "\n# nosso comentário\n[painel]\nligado = true\n")
    owner = site.browser()
    new = {"nome": "", "instancia": "Vendas", "celular": "", "motor": "evolution", "servidor": "http://127.0.0.1:8080"}
    assert (
        owner.submit("/whatsapp/numero", form(site, **new, token="chave-secreta-1", modulos="orcamento")).status_code
        == 303
    )
    (table,) = keys(site)["outros_numeros"]
    assert table == {
        "instancia": "Vendas",
        "motor": "evolution",
        "servidor": "http://127.0.0.1:8080",
        "modulos": ["orcamento"],
    }
    assert read_secret("token_vendas") == "chave-secreta-1"
    assert "chave-secreta-1" not in site.config.read_text(encoding="utf-8")
    assert "# nosso comentário" in site.config.read_text(encoding="utf-8")
    page = owner.page("/whatsapp/numero?nome=Vendas").text
    assert "chave-secreta-1" not in page
    assert "Há um valor guardado" in page
    assert not any("chave-secreta" in deed for deed in site.audit())
    assert "Vendas · Evolution API" in words(owner.page("/whatsapp").text)

    twice = owner.submit("/whatsapp/numero", form(site, **new))
    assert (twice.status_code, "Já há um número com o nome “Vendas”" in words(twice.text)) == (400, True)
    renamed = form(site, **new | {"nome": "Vendas", "instancia": "Balcão"}, modulos="orcamento")
    assert owner.submit("/whatsapp/numero", renamed).status_code == 303
    assert [each["instancia"] for each in keys(site)["outros_numeros"]] == ["Balcão"]
    assert (read_secret("token_vendas"), read_secret("token_balcao")) == (None, "chave-secreta-1")

    version = site.panel.config.read().version
    gone = {"banco": "principal", "nome": "Balcão", "versao": version}
    assert owner.submit("/whatsapp/numero/tirar", gone).status_code == 303
    assert "outros_numeros" not in keys(site)
    assert read_secret("token_balcao") is None
    assert owner.submit("/whatsapp/numero/tirar", gone | {"nome": "principal"}).status_code == 400


def test_a_connected_number_keeps_its_name_and_engine_until_it_is_disconnected(site: Site) -> None:
    configured(site)
    in_state(site, Condition(GatewayState.CONNECTED), NUMBER)
    owner = site.browser()
    for fields in ({"instancia": "Outra"}, {"motor": "simulador"}):
        answer = owner.submit("/whatsapp/numero", form(site, **fields))
        assert "Desconecte o celular antes" in words(answer.text)
    assert owner.submit("/whatsapp/numero", form(site, maximo_novos="10")).status_code == 303


@pytest.mark.feature("S24", "S25")
def test_the_pages_around_a_number_are_usable_on_a_phone(site: Site, chromium: Chromium) -> None:
    configured(site, '\n[[outros_numeros]]\ninstancia = "Vendas"\nmotor = "oficial"\nmeta_numero_id = "123"\n')
    phone = Phone(timedelta(seconds=60))
    running(site, phone)
    book, now = SenderBook(site.folder / JOURNAL_FILE), site.clock.now()
    book.meet(NUMBER, "principal", now)
    with person(chromium, site) as page:
        page.goto("/whatsapp")
        look_around(page, "numero-antes")
        page.get_by_text("Conectar sem câmera").click()
        page.get_by_role("button", name="Pedir o código").click()
        expect(page.get_by_text("GH5E-C9DZ")).to_be_visible()
        look_around(page, "numero-codigo")

        phone.state, phone.number = GatewayState.CONNECTED, NUMBER
        running(site, phone)
        expect(page.get_by_text("Conectado · (49) 98859-0187")).to_be_visible()
        book.halt(NUMBER, now, "O WhatsApp restringiu o número duas vezes em sete dias.")
        page.goto("/whatsapp")
        look_around(page, "numero-parado")
        page.goto("/whatsapp/como-conectar")
        look_around(page, "numero-ajuda")
        page.goto("/whatsapp/numero")
        expect(page.get_by_label("Endereço da Evolution API")).to_be_hidden()
        page.get_by_label("Como envia").select_option("evolution")
        expect(page.get_by_label("Endereço da Evolution API")).to_be_visible()
        look_around(page, "numero-novo")
    book.close()
