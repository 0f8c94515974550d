"""One message in full: what the customer will see, what he saw, where it came from, and its files."""

from __future__ import annotations

import hashlib
import html
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from integrator.app import build
from integrator.domain.lifecycle import State
from integrator.gateways.simulator.process import start_simulator
from integrator.panel.access import Role
from tests.panel.browser import accessible, keep, look_around, person
from tests.panel.site import Browser, Site
from tests.panel.test_queue import put, state_of, token, told

#: The sample's day is a Friday and a holiday.
_TO_MONDAY_S = 3 * 86_400.0 + 600
_NOTICE = "SELECT FIRST 1 CHAVE FROM WA_FILA F WHERE SITUACAO = 'pendente' AND CHAVE STARTING WITH 'COB|' AND EXISTS("
_NOTICE += (
    "SELECT 1 FROM WA_TITULO T WHERE T.FILA_ID = F.ID AND T.LINHA_DIGITAVEL <> '' AND T.REGISTRADO = 'S') ORDER BY ID"
)


def notice_of(site: Site) -> str:
    """The key of a collection with a boleto, which still waits."""
    ((key,),) = site.sql(_NOTICE)
    return str(key).strip()


def send(site: Site, key: str, folder: Path) -> None:
    """Let the real engine send that row alone, to the simulator."""
    site.execute("UPDATE WA_FILA SET SITUACAO = 'cancelada' WHERE SITUACAO = 'pendente' AND CHAVE <> ?", (key,))
    site.clock.sleep(_TO_MONDAY_S)
    site.execute("UPDATE WA_FILA SET CRIADO_EM = ?", (site.clock.now(),))
    with start_simulator(folder / "simulador") as simulator:
        gateway = simulator.gateway(clock=site.clock.now)
        with build(site.panel.settings, folder, clock=site.clock, gateway=gateway) as parts:
            for _ in range(5):
                parts.engine.tick()
                site.clock.sleep(60)
        gateway.close()


def address(site: Site, key: str) -> str:
    number, _, guid = token(site, key).partition(":")
    return f"/fila/{number}?guid={guid}"


def words(browser: Browser, path: str) -> str:
    """What a page says, its marks left out."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", browser.page(path).text)))


def pictures(page: Page) -> int:
    """How many there are, once each is drawn; one that cannot be drawn is an error."""
    return int(
        page.evaluate(
            "async () => { for (const each of document.images) { each.loading = 'eager'; await each.decode(); } "
            "return document.images.length; }"
        )
    )


def check_files(browser: Browser, where: str, files: list[tuple[int, str]]) -> None:
    """Each is what was sent, byte by byte, and says what it is."""
    for order, digest in files:
        answer = browser.page(where.replace("?", f"/anexo/{order}?"))
        assert hashlib.sha256(answer.content).hexdigest() == digest.strip()
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-disposition"].startswith("inline; filename=")
        assert browser.page(where.replace("?", f"/anexo/{order}/pagina.png?")).content.startswith(b"\x89PNG")


@pytest.mark.feature("B31", "S36")
def test_what_was_sent_is_shown_as_it_was_and_proved_by_its_hash(
    site: Site, tmp_path: Path, chromium: Chromium
) -> None:
    key = notice_of(site)
    browser, where = site.browser(Role.VIEWER), address(site, key)
    site.execute(
        "UPDATE WA_FILA SET ERP_USUARIO = 'CAIXA2', ERP_ESTACAO = 'PC-07', REGRA = 'lembrete', ETAPA = 'D+3' "
        "WHERE CHAVE = ?",
        (key,),
    )
    with person(chromium, site, size=(1366, 900)) as page:
        page.goto(where)
        assert pictures(page) > 1
        keep(page, "mensagem-previa-1366")
        assert accessible(page) == []
    before = words(browser, where)
    assert "Prévia de agora" in before

    send(site, key, tmp_path / "motor")

    assert state_of(site, key) in ("enviada", "entregue", "lida")
    browser = site.browser(Role.VIEWER)
    after = words(browser, where)
    ((text,),) = site.sql("SELECT TEXTO_FINAL FROM WA_FILA WHERE CHAVE = ?", (key,))
    parts = site.sql(
        "SELECT P.ORDEM, P.TIPO, P.HASH FROM WA_PARTE P JOIN WA_FILA F ON F.ID = P.FILA_ID WHERE F.CHAVE = ?", (key,)
    )
    assert "Como saiu" in after
    assert after.count("idêntico ao enviado (conferido pelo SHA-256).") == len(parts) > 1
    for piece in re.split(r"[*_~\s]+", text):
        assert piece in after
    for known in ("CAIXA2", "PC-07", "lembrete, etapa D+3", key, "pendente → reservada", "enviando → enviada"):
        assert known in after
    files = [(order, digest) for order, kind, digest in parts if kind.strip() == "documento"]
    check_files(browser, where, files)
    with person(chromium, site) as page:
        page.goto(where)
        assert pictures(page) > 1
        look_around(page, "mensagem-enviada")

    site.execute(
        "UPDATE WA_TITULO SET VALOR = VALOR + 1 WHERE FILA_ID = (SELECT ID FROM WA_FILA WHERE CHAVE = ?)", (key,)
    )
    site.execute("UPDATE WA_FILA SET TEXTO_FINAL = 'outro texto' WHERE CHAVE = ?", (key,))
    changed = words(browser, where)
    assert "Não é mais possível mostrar este arquivo como foi enviado" in changed
    assert all(digest.strip() in changed for _, digest in files)
    assert changed.count("idêntico ao enviado") == len(parts) - len(files)
    order = files[0][0]
    assert browser.page(where.replace("?", f"/anexo/{order}?")).status_code == 404


def test_files_are_asked_for_by_number_alone(site: Site) -> None:
    where = address(site, notice_of(site))
    browser = site.browser(Role.VIEWER)
    number = where.partition("?")[0]
    for path in (
        f"{number}/anexo/99",
        f"{number}/anexo/-1",
        f"{number}/anexo/..%2f..%2fetc%2fpasswd",
        f"{number}/anexo/0",
    ):
        answer = browser.page(path)
        assert answer.status_code == 404, path
    assert site.browser(None).page(f"{number}/anexo/2").status_code == 303
    assert browser.page(where.partition("=")[0] + "=00000000-0000-0000-0000-000000000000").status_code == 404


@pytest.mark.feature("B04")
def test_what_would_be_held_says_so_before_it_is_sent(site: Site) -> None:
    put(site, "SEM", "pendente", TELEFONE="12", TEXTO="Olá")
    put(site, "NAO", "pendente", ACEITA_RECEBER="N", TEXTO="Olá")
    put(site, "VARIAVEL", "retida", TEXTO="Olá {CAMPO_QUE_NAO_EXISTE}")
    put(site, "MODULO", "pendente", MODULO="INVENTADO", TEXTO="Olá")
    put(site, "MARCA", "pendente", TEXTO="*forte* <script>alert(1)</script> _leve_")
    put(site, "ERRO", "retida", TEXTO="Olá", ERRO_ERP="O título 1 não pôde ser gravado.")
    browser = site.browser()

    assert "Se saísse agora, ficaria retida" in words(browser, address(site, "SEM"))
    assert "não está marcado para receber" in words(browser, address(site, "NAO"))
    assert "CAMPO_QUE_NAO_EXISTE" in words(browser, address(site, "VARIAVEL"))
    assert "Módulo desconhecido" in words(browser, address(site, "MODULO"))
    assert "não conseguiu gravar a mensagem por inteiro" in words(browser, address(site, "ERRO"))
    page = browser.page(address(site, "MARCA")).text
    assert "<strong>forte</strong> &lt;script&gt;alert(1)&lt;/script&gt; <em>leve</em>" in page


@pytest.mark.feature("B01")
def test_an_uncertain_message_is_decided_by_who_looked_and_never_sent_again(site: Site) -> None:
    put(site, "TALVEZ|49988590187", "incerta")
    put(site, "TALVEZ2", "incerta")
    browser = site.browser(Role.OPERATOR)
    for key, answer, state in (("TALVEZ|49988590187", "chegou", State.SENT), ("TALVEZ2", "nao-chegou", State.FAILED)):
        number = token(site, key).partition(":")[0]
        fields = {"linha": token(site, key), "banco": "principal"}
        assert "Pode ter sido entregue" in browser.page(f"/fila/{number}").text
        assert browser.submit(f"/fila/{number}/{answer}", fields).status_code == 303
        assert state_of(site, key) == state
        assert "marcada como" in told(browser, "/fila")
        assert browser.submit(f"/fila/{number}/liberar", fields).status_code == 409
        assert state_of(site, key) == state
    failed = words(browser, address(site, "TALVEZ2"))
    assert "não volta para a fila" in failed
    assert "Pessoa operação" in failed
    assert "chave TALVEZ|" in site.audit()[1]
    assert "988590187" not in "".join(site.audit())
