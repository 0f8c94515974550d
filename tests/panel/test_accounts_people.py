"""Usuários and Minha conta: who may come in, who did what, and everybody's own password."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect
from typer.testing import CliRunner

from integrator.cli import panel as command
from integrator.cli.context import Choice
from integrator.cli.portuguese import App
from integrator.local_address import PanelAway, write_address
from integrator.panel.access import Role
from integrator.panel.accounts.audit import Deed
from integrator.panel.accounts.members import LastOwner, Members
from integrator.panel.accounts.sessions import COOKIE, browser_of
from tests.panel.browser import accessible, look_around, person
from tests.panel.people import PASSWORD, bare_site, somebody, try_login
from tests.panel.site import Site

HOSTILE = '"><img src=x onerror=alert(1)>😀'


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """People ask nothing of the shop's database."""
    with bare_site(tmp_path / "dados é") as running:
        yield running


def provisional_password(text: str) -> str:
    """What the page shows once."""
    found = re.search(r'id="senha">([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})<', text)
    assert found is not None
    return found[1]


def test_a_new_person_comes_in_with_a_provisional_password_and_has_to_choose_another(site: Site) -> None:
    made = site.browser().submit("/usuarios/novo", {"nome": "Ivo Reis", "login": "ivo", "papel": "2"})
    password = provisional_password(made.text)
    guest = site.browser(None)

    assert try_login(site, "ivo", password, guest).headers["location"] == "/minha-conta"
    assert guest.page("/").headers["location"] == "/minha-conta"
    assert guest.page("/fila").headers["location"] == "/minha-conta"
    own = {"atual": password, "senha": PASSWORD, "senha2": PASSWORD}
    proof = re.search(r'name="csrf" content="([^"]+)"', guest.page("/minha-conta").text)
    assert proof is not None
    before = guest.cookies[COOKIE]
    changed = guest.post(site.url + "/minha-conta/senha", data={**own, "_csrf": proof[1]}, allow_redirects=False)
    assert changed.status_code == 303
    assert guest.cookies[COOKIE] != before
    assert guest.page("/usuarios").status_code == 403, "an operator now, and nothing more"
    assert guest.page("/minha-conta").status_code == 200
    assert try_login(site, "ivo", password).status_code == 403
    assert try_login(site, "ivo", PASSWORD).headers["location"] == "/"
    assert "Este computador: criou o acesso ivo (operação)" in site.audit()
    assert password not in "".join(site.audit())


def test_the_last_owner_is_never_lost(site: Site) -> None:
    owner, other = somebody(site), somebody(site, Role.OWNER, "outro")
    browser = site.browser()

    assert browser.submit(f"/usuarios/{other.id}/desativar").status_code == 303
    refused = [
        browser.submit(f"/usuarios/{owner.id}/desativar"),
        browser.submit(f"/usuarios/{owner.id}", {"nome": "Marli", "papel": "1"}),
    ]

    assert [answer.status_code for answer in refused] == [409, 409]
    assert "único dono" in refused[0].text
    assert Members(site.panel.store).has_owner()


def test_two_owners_who_deactivate_each_other_at_once_leave_one(site: Site) -> None:
    people = [somebody(site), somebody(site, Role.OWNER, "outro")]
    members, refused = Members(site.panel.store), []

    def keep_out(member_id: int) -> None:
        try:
            members.set_active(member_id, False)
        except LastOwner as error:
            refused.append(error)

    both = [threading.Thread(target=keep_out, args=(each.id,)) for each in people]
    for each in both:
        each.start()
    for each in both:
        each.join()

    assert len(refused) == 1
    assert members.has_owner()


def test_a_reset_signs_the_person_out_everywhere(site: Site) -> None:
    owner = somebody(site)
    guest = site.browser(None)
    try_login(site, "marli", PASSWORD, guest)
    assert guest.page("/minha-conta").status_code == 200

    password = provisional_password(site.browser().submit(f"/usuarios/{owner.id}/senha").text)

    assert guest.page("/minha-conta").status_code == 303
    assert try_login(site, "marli", PASSWORD).status_code == 403
    assert try_login(site, "marli", password).status_code == 303


def test_own_password_needs_the_current_one_and_its_tries_are_limited(site: Site) -> None:
    somebody(site)
    guest = site.browser(None)
    try_login(site, "marli", PASSWORD, guest)

    def change(current: str, new: str) -> str:
        proof = re.search(r'name="csrf" content="([^"]+)"', guest.page("/minha-conta").text)
        assert proof is not None
        typed = {"_csrf": proof[1], "atual": current, "senha": new, "senha2": new}
        return guest.post(site.url + "/minha-conta/senha", data=typed).text

    assert "igual à atual" in change(PASSWORD, PASSWORD)
    for _ in range(5):
        assert "não é a sua senha atual" in change("errada", "outra senha")
    assert "tentativas demais" in change(PASSWORD, "outra senha")
    site.clock.sleep(60)
    assert "Senha trocada" in change(PASSWORD, "outra senha")


def test_sessions_are_seen_and_ended_one_by_one_and_others_are_no_business(site: Site) -> None:
    somebody(site)
    guest, owner = site.browser(None), site.browser()
    try_login(site, "marli", PASSWORD, guest)
    hers, local = (
        next(each for each in site.panel.sessions.open_ones(site.clock.now()) if each.who == who)
        for who in ("Pessoa marli", "Este computador")
    )

    guest.submit("/minha-conta/sessoes/encerrar", {"sessao": local.id})
    assert owner.page("/usuarios").status_code == 200, "only the own ones"
    assert "Pessoa marli" in owner.page("/usuarios").text
    owner.submit("/usuarios/sessoes/encerrar", {"sessao": hers.id})
    assert guest.page("/minha-conta").status_code == 303
    assert (
        "já tinha terminado"
        in owner.get(site.url + owner.submit("/usuarios/sessoes/encerrar").headers["location"]).text
    )
    assert site.audit()[0] == "Este computador: encerrou uma sessão Pessoa marli, 127.0.0.1"


def test_deeds_are_paged_without_gaps_and_filtered_by_person(site: Site) -> None:
    now = site.clock.now()
    for number in range(120):
        site.panel.audit.record(Deed(now + timedelta(seconds=number), f"Pessoa {number % 2}", "", f"fez {number}", ""))
    browser, seen, path = site.browser(), [], "/usuarios/registro"
    while path:
        text = browser.page(path).text
        seen += [int(found) for found in re.findall(r">fez (\d+)<", text)]
        further = re.search(r'rel="next" href="([^"]+)"', text)
        path = further[1].replace("&amp;", "&") if further else ""

    assert seen == list(range(119, -1, -1))
    only = re.findall(r">fez (\d+)<", browser.page("/usuarios/registro?quem=Pessoa%201").text)
    assert {int(found) % 2 for found in only} == {1}
    for nonsense in ("x", "-1", "9" * 40, "٣"):
        assert browser.page(f"/usuarios/registro?antes={nonsense}").status_code == 200


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"login": "ivo"}, "Já existe uma pessoa com este login"),
        ({"login": "IVO"}, "Já existe uma pessoa com este login"),
        ({"login": HOSTILE}, "Use de 3 a 40 letras"),
        ({"nome": "n" * 2000}, "no máximo 80"),
        ({"nome": "a\u202eb"}, "não aparecem na tela"),
        ({"papel": "9"}, "Escolha o que esta pessoa pode fazer"),
        ({"papel": ""}, "Escolha o que esta pessoa pode fazer"),
    ],
)
def test_wrong_values_come_back_with_what_was_typed(site: Site, typed: dict[str, str], says: str) -> None:
    somebody(site, Role.VIEWER, "ivo")

    answer = site.browser().submit("/usuarios/novo", {"nome": HOSTILE, "login": "novo", "papel": "1", **typed})

    assert answer.status_code == 400
    assert says in answer.text
    assert "<img src=x" not in answer.text
    assert "nome" in typed or "&#34;&gt;&lt;img src=x onerror=alert(1)&gt;😀" in answer.text
    assert len(Members(site.panel.store).all()) == 1


def test_browsers_are_told_in_words() -> None:
    windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"
    assert browser_of(f"{windows} Edg/126.0") == "Edge no Windows"
    assert browser_of(windows) == "Chrome no Windows"
    assert browser_of("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1") == "Safari no iPhone"
    assert browser_of("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0") == "Firefox no Linux"
    assert browser_of("curl/8") == "Navegador"


def test_the_command_prints_a_link_or_opens_the_browser(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    app = App(help="O programa.")
    app.command("panel")(command.panel)
    monkeypatch.setattr(command, "choice_of", lambda _: Choice(None, site.folder))

    @app.command()
    def other() -> None:
        """So that the command is called by its name."""

    opened: list[str] = []

    def open_browser(address: str) -> bool:
        opened.append(address)
        return True

    monkeypatch.setattr("webbrowser.open", open_browser)
    write_address(site.folder, site.server.port, "http")

    printed = CliRunner().invoke(app, ["panel", "--link", "--ir", "/fila?situacao=retida"])
    assert re.fullmatch(
        rf"{re.escape(site.url)}/entrar/[\w-]{{43}}\?ir=%2Ffila%3Fsituacao%3Dretida", printed.output.strip()
    )
    assert opened == []
    assert CliRunner().invoke(app, ["panel"]).output == ""
    assert opened[0].startswith(f"{site.url}/entrar/")
    (site.folder / "painel.json").unlink()
    assert isinstance(CliRunner().invoke(app, ["panel"]).exception, PanelAway)


def test_an_owner_looks_after_the_people(site: Site, chromium: Chromium) -> None:
    somebody(site)
    gone = somebody(site, Role.VIEWER, "ana.paula")
    Members(site.panel.store).edit(gone.id, name=HOSTILE + "Ana Paula " * 4, role=Role.VIEWER)
    with person(chromium, site) as page:
        page.goto("/usuarios")
        page.get_by_role("link", name="Dar acesso a uma pessoa").click()
        expect(page.get_by_label("Nome")).to_be_visible()
        look_around(page, "usuarios-novo")
        page.get_by_label("Nome").fill("Ivo Reis")
        page.get_by_label("Login").fill("ivo")
        page.get_by_label("Operação").check()
        page.get_by_role("button", name="Dar acesso").click()
        expect(page.get_by_role("heading", name="Senha provisória de Ivo Reis")).to_be_visible()
        look_around(page, "usuarios-senha")
        page.get_by_role("link", name="Pronto").click()
        page.get_by_role("row").filter(has_text="ana.paula").get_by_role("button", name="Desativar").click()
        expect(page.get_by_text("não entra mais no painel")).to_be_visible()
        assert accessible(page) == []
        look_around(page, "usuarios")
        page.get_by_role("link", name="Ivo Reis").click()
        expect(page.get_by_role("button", name="Dar senha provisória")).to_be_visible()
        look_around(page, "usuarios-pessoa")
        page.on("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Dar senha provisória").click()
        expect(page.get_by_text("A senha anterior deixou de valer")).to_be_visible()
        page.goto("/usuarios/registro")
        expect(page.get_by_text("desativou o acesso")).to_be_visible()
        look_around(page, "usuarios-registro")
