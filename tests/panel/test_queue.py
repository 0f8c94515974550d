"""Fila: what people see of the queue, look for in it, and decide."""

from __future__ import annotations

import re
import threading
from html import unescape
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Dialog, expect

from integrator.domain.lifecycle import State
from integrator.erp.connection import Database
from integrator.panel.access import Role
from integrator.sending.guard import PAUSE_KEY
from tests.panel.browser import DESKTOP, PHONE, WIDE, accessible, fits, keep, look_around, person, seen_on
from tests.panel.site import Browser, Site

_HOSTILE = "<img src=x onerror=alert(1)> \"'><script>alert(2)</script>"


def token(site: Site, key: str) -> str:
    """What a form says to mean that row."""
    ((number, guid),) = site.sql("SELECT ID, GUID FROM WA_FILA WHERE CHAVE = ?", (key,))
    return f"{number}:{guid.strip()}"


def state_of(site: Site, key: str) -> str:
    ((state,),) = site.sql("SELECT SITUACAO FROM WA_FILA WHERE CHAVE = ?", (key,))
    return str(state).strip()


def put(site: Site, key: str, state: str, **columns: object) -> None:
    """A row of the shop's own in that state, by legal ways."""
    ways = {
        "retida": ("retida",),
        "incerta": ("reservada", "incerta"),
        "aguardando_confirmacao": ("aguardando_confirmacao",),
        "falhou": ("reservada", "enviando", "falhou"),
    }
    values = {"CLIENTE_NOME": "Fulano", "TELEFONE": "49988590187", "ACEITA_RECEBER": "S", "MODULO": "CRM", **columns}
    names = ", ".join(values)
    site.execute(
        f"INSERT INTO WA_FILA (CHAVE, SITUACAO, FINALIDADE, TIPO, {names}) VALUES (?, 'pendente', 'servico', 'OK', "
        f"{', '.join('?' * len(values))})",
        (key, *values.values()),
    )
    for step in ways.get(state, ()):
        site.execute("UPDATE WA_FILA SET SITUACAO = ?, TOKEN = NULL WHERE CHAVE = ?", (step, key))


def told(browser: Browser, path: str) -> str:
    """The sentence on top of that page."""
    found = re.search(r'class="note" role="status">([^<]*)<', browser.page(path).text)
    return unescape(found[1]) if found else ""


def customers(browser: Browser, query: str) -> list[str]:
    page = browser.page(f"/fila/linhas?{query}").text
    return [unescape(name) for name in re.findall(r'class="customer"[^>]*>([^<]*)<', page)]


@pytest.mark.feature("S36")
def test_people_find_a_message_by_whatever_they_know_of_it(site: Site) -> None:
    put(site, "ACHAR|1", "pendente", CLIENTE_NOME="JOSÉ CONCEIÇÃO", CLIENTE_CODIGO="X77", TELEFONE="(49) 8859-0199")
    put(site, "ACHAR|2", "retida", CLIENTE_NOME=_HOSTILE, MOTIVO=_HOSTILE)
    site.execute(
        "INSERT INTO WA_TITULO (FILA_ID, REF, DOCUMENTO, VENCIMENTO, VALOR, VALOR_ABERTO) "
        "SELECT ID, 'R-1', 'NF 4455/1', CURRENT_DATE, 10, 10 FROM WA_FILA WHERE CHAVE = 'ACHAR|1'"
    )
    browser = site.browser(Role.VIEWER)

    for typed in (
        "jose conceicao",
        "x77",
        "X77",
        "(49) 98859-0199",
        "5549988590199",
        "98859-0199",
        "8859",
        "ACHAR|1",
        "NF 4455",
    ):
        found = customers(browser, f"busca={quote(typed)}")
        expected = [] if typed == "x77" else ["JOSÉ CONCEIÇÃO"]
        assert [name for name in found if "CONCEI" in name] == expected, typed
    assert customers(browser, "situacao=retida&modulo=CRM&tipo=OK&finalidade=servico") == [_HOSTILE]
    assert "&lt;img src=x" in browser.page("/fila?situacao=retida").text
    assert "<img src=x" not in browser.page("/fila?situacao=retida").text


def test_addresses_that_make_no_sense_show_the_queue(site: Site) -> None:
    browser = site.browser()
    for query in (
        "situacao=x&pagina=-1",
        "pagina=99999999999999",
        "pagina=²",
        "busca=%F0%9F%98%80%00" + "a" * 3000,
        "finalidade='--",
    ):
        assert browser.page(f"/fila?{query}").status_code == 200, query
    for path in ("/fila/0", "/fila/99999999999999999999", "/fila/abc", "/fila/1?guid=outro"):
        assert browser.page(path).status_code == 404, path


@pytest.mark.feature("S36")
def test_some_are_called_off_at_once_and_what_changed_meanwhile_is_told(site: Site) -> None:
    keys = site.keys(State.PENDING)[:3]
    put(site, "AUTO|2026-11-20|1|CRM|OBRIGADO||49988590187", "pendente")
    asked = [*keys, "AUTO|2026-11-20|1|CRM|OBRIGADO||49988590187"]
    browser = site.browser(Role.OPERATOR)
    site.execute("UPDATE WA_FILA SET SITUACAO = 'reservada' WHERE CHAVE = ?", (keys[0],))
    fields = {
        "linha": [token(site, key) for key in asked],
        "banco": "principal",
        "fazer": "cancelar",
        "motivo": "pediu ção",
    }

    assert browser.submit("/fila/varias", fields).status_code == 303

    sentence = told(browser, "/fila")
    assert sentence.startswith("3 mensagens canceladas. 1 ficou como estava: ")
    assert f"A mensagem {keys[0]} está reservada e não pode ser cancelada." in sentence
    assert [state_of(site, key) for key in asked] == ["reservada", "cancelada", "cancelada", "cancelada"]
    ((reason, code),) = site.sql("SELECT MOTIVO, MOTIVO_CODIGO FROM WA_FILA WHERE CHAVE = ?", (keys[1],))
    assert (reason, code) == ("pediu ção", "pessoa")
    events = site.sql("SELECT QUEM FROM WA_EVENTO WHERE CHAVE = ? AND ACAO = 'pessoa'", (keys[1],))
    assert events == [("Pessoa operação",)]
    audit = "\n".join(site.audit())
    assert audit.count("cancelou mensagem nº") == 3
    assert "988590187" not in audit
    assert site.engine.woken == 1


@pytest.mark.feature("S36")
def test_what_is_sent_first_is_what_the_engine_takes_next(site: Site) -> None:
    late = [key for key in site.keys(State.PENDING) if key.startswith("COB|")][-2:]
    browser = site.browser(Role.OPERATOR)
    fields = {"linha": [token(site, key) for key in late], "banco": "principal", "fazer": "primeiro"}
    browser.submit("/fila/varias", fields)
    assert told(browser, "/fila").startswith("2 mensagens postas na frente.")

    reserve = "SELECT ID FROM WA_RESERVAR('motor', 'principal', 60, ?, 'cobranca')"
    for key in late:
        ((number,),) = site.database.run(lambda s: s.rows(reserve, (site.clock.now(),)))
        assert token(site, key).startswith(f"{number}:")


def test_incomplete_rows_are_released_one_by_one_alone(site: Site) -> None:
    put(site, "INTEIRA", "retida")
    put(site, "PELA METADE", "retida", ERRO_ERP="faltou um título")
    browser = site.browser(Role.OPERATOR)
    both = [token(site, key) for key in ("INTEIRA", "PELA METADE")]
    browser.submit("/fila/varias", {"linha": both, "banco": "principal", "fazer": "liberar"})
    assert "1 mensagem liberada. 1 ficou como estava: O ERP não conseguiu gravar" in told(browser, "/fila")
    assert (state_of(site, "INTEIRA"), state_of(site, "PELA METADE")) == ("pendente", "retida")

    number = both[1].partition(":")[0]
    browser.submit(f"/fila/{number}/liberar", {"linha": both[1], "banco": "principal"})
    assert state_of(site, "PELA METADE") == "pendente"


def race(site: Site, people: list[Browser], key: str, decisions: tuple[str, str]) -> dict[str, int]:
    """Two people press two buttons about one row at the same instant; what each was answered."""
    row, answers, gate = token(site, key), dict[str, int](), threading.Barrier(2)

    def press(browser: Browser, decision: str) -> None:
        found = re.search(r'name="csrf" content="([^"]+)"', browser.page("/fila").text)
        fields = {"linha": row, "banco": "principal", "_csrf": found[1] if found else ""}
        where = f"{site.url}/fila/{row.partition(':')[0]}/{decision}"
        gate.wait()
        answers[decision] = browser.post(where, data=fields, allow_redirects=False, timeout=120).status_code

    threads = [threading.Thread(target=press, args=each) for each in zip(people, decisions, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_people_decide_about_one_row_and_one_of_them_wins(site: Site) -> None:
    people = [site.browser(Role.OPERATOR), site.browser(Role.OWNER)]
    for number in range(4):
        key = f"DISPUTA {number}"
        put(site, key, "incerta")
        answers = race(site, people, key, ("chegou", "nao-chegou"))
        assert sorted(answers.values()) == [303, 409]
        assert state_of(site, key) == ("enviada" if answers["chegou"] == 303 else "falhou")
        ((decisions,),) = site.sql("SELECT COUNT(*) FROM WA_EVENTO WHERE CHAVE = ? AND ACAO = 'pessoa'", (key,))
        assert decisions == 1


def test_a_row_that_the_engine_has_taken_is_not_called_off(site: Site) -> None:
    put(site, "CORRIDA", "pendente")
    browser = site.browser(Role.OPERATOR)
    row, number = token(site, "CORRIDA"), token(site, "CORRIDA").partition(":")[0]
    with Database(site.database.target).transaction() as engine:
        engine.execute("UPDATE WA_FILA SET SITUACAO = 'reservada', TOKEN = GUID WHERE CHAVE = 'CORRIDA'")
        answer = browser.submit(f"/fila/{number}/cancelar", {"linha": row, "banco": "principal"})
        assert answer.status_code == 409
    assert browser.submit(f"/fila/{number}/cancelar", {"linha": row, "banco": "principal"}).status_code == 409
    assert state_of(site, "CORRIDA") == "reservada"
    assert "preparando esta mensagem agora" in browser.page(f"/fila/{number}").text


@pytest.mark.feature("S37", "G03")
def test_sending_is_paused_and_resumed_and_the_engine_called(site: Site) -> None:
    browser, owner = site.browser(Role.OPERATOR), site.browser(Role.OWNER)
    for choice, value in (("30", "2026-11-20 08:30:00"), ("hoje", "2026-11-21 00:00:00"), ("sempre", "SEMPRE")):
        assert browser.submit("/fila/pausar", {"por": choice, "banco": "principal"}).status_code == 303
        assert site.panel.shops()[0].desk.config(PAUSE_KEY) == value
        assert "Retomar o envio" in browser.page("/fila").text
    assert "Envio pausado até alguém retomar." in browser.page("/fila").text
    browser.submit("/fila/retomar", {"banco": "principal"})
    assert site.panel.shops()[0].desk.config(PAUSE_KEY) == ""
    woken = site.engine.woken
    browser.submit("/fila/enviar-agora")
    assert site.engine.woken == woken + 1
    assert "continuam valendo" in told(browser, "/fila")
    assert browser.submit("/fila/pausar", {"por": "nunca", "banco": "principal"}).status_code == 400
    assert browser.submit("/fila/pausar", {"por": "30", "banco": "outro"}).status_code == 400

    assert browser.submit("/fila/restauradas", {"banco": "principal"}).status_code == 403
    put(site, "VOLTOU", "retida", MOTIVO="Este computador não tem o registro.")
    site.execute("UPDATE WA_FILA SET MOTIVO_CODIGO = 'restaurado' WHERE CHAVE = 'VOLTOU'")
    assert "retida por um backup restaurado" in browser.page("/fila").text
    assert "Liberar o que estava para sair" not in browser.page("/fila").text
    owner.submit("/fila/restauradas", {"banco": "principal"})
    assert state_of(site, "VOLTOU") == "pendente"
    assert told(owner, "/fila").startswith("Liberadas: 1 mensagem.")

    viewer = site.browser(Role.VIEWER)
    assert not re.search(r"Pausar|Cancelar|name=\"linha\"", viewer.page("/fila").text)
    for path in ("/fila/varias", "/fila/pausar", "/fila/retomar", "/fila/1/cancelar", "/confirmar/todas"):
        assert viewer.submit(path, {"banco": "principal"}).status_code == 403, path


def test_an_empty_queue_and_a_database_that_is_away(site: Site) -> None:
    site.execute("DELETE FROM WA_FILA")
    browser = site.browser()
    assert "A fila está vazia." in browser.page("/fila").text
    assert "Nada espera confirmação." in browser.page("/confirmar").text
    site.config.write_text(site.config.read_text("utf-8").replace(".fdb", "-nao-existe.fdb"), encoding="utf-8")
    for path in ("/fila", "/confirmar", "/fila/1"):
        answer = browser.page(path)
        assert answer.status_code in (409, 503), path
        assert 'class="problem" role="alert"' in answer.text


def test_the_page_on_every_screen_and_by_keyboard_alone(site: Site, chromium: Chromium) -> None:
    put(site, "GRANDE", "retida", CLIENTE_NOME="Nome muito comprido " * 6, MOTIVO="Um motivo comprido. " * 20)
    put(site, "HOSTIL", "retida", CLIENTE_NOME=_HOSTILE, MOTIVO=_HOSTILE)
    put(site, "INCERTA", "incerta", CLIENTE_NOME="Maria Incerta")
    site.execute("UPDATE WA_FILA SET MOTIVO_CODIGO = 'restaurado' WHERE CHAVE = 'GRANDE'")
    with person(chromium, site, Role.OPERATOR) as page:
        page.goto("/fila?pagina=5")  # shorter than a whole page, for axe's sake
        look_around(page, "fila")
        page.goto("/fila?situacao=retida")
        for size in (PHONE, WIDE, DESKTOP):
            seen_on(page, size, "light")
            keep(page, f"fila-retida-{size[0]}")
            assert fits(page)
        assert accessible(page) == []
        expect(page.get_by_role("button", name="Liberar retidas")).to_be_disabled()
        box = page.get_by_label("Marcar <img")
        box.focus()
        page.keyboard.press("Space")
        expect(page.get_by_text("1 mensagem marcada:")).to_be_visible()
        keep(page, "fila-marcada-1366")
        questions: list[str] = []

        def answer(dialog: Dialog) -> None:
            questions.append(dialog.message)
            dialog.accept()

        page.on("dialog", answer)
        reason = page.get_by_label("Motivo do cancelamento")
        reason.fill("desistiu")
        page.keyboard.press("Enter")
        assert state_of(site, "HOSTIL") == "retida"
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_text("1 mensagem cancelada.").wait_for()
        assert questions == ["Cancelar 1 mensagem? Mensagem cancelada não sai mais."]
        assert state_of(site, "HOSTIL") == "cancelada"
        put(site, "AGORA", "retida", CLIENTE_NOME="Chegou agora")
        site.panel.live.tell("fila")
        page.get_by_role("link", name="Chegou agora").wait_for()
