"""Coming in: first access, login and its limit, one-time links, and the browser that walks through it all."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median

import pytest
import requests
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from integrator.local_address import PanelAway, one_time_link, read_address, remove_address, write_address
from integrator.panel.access import Role
from integrator.panel.accounts import passwords
from integrator.panel.accounts.members import Members
from integrator.panel.accounts.sessions import COOKIE
from tests.panel.browser import PHONE, accessible, keep, look_around, person
from tests.panel.people import PASSWORD, bare_site, somebody, told, try_login
from tests.panel.site import Site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Coming in asks nothing of the shop's database."""
    with bare_site(tmp_path / "dados é") as running:
        yield running


def test_the_right_password_opens_the_page_that_was_asked_for(site: Site) -> None:
    somebody(site)
    browser = site.browser(None)

    answer = try_login(site, "Marli", PASSWORD, browser, ir="/fila?situacao=retida")

    assert (answer.status_code, answer.headers["location"]) == (303, "/fila?situacao=retida")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/" in cookie
    assert browser.page("/").status_code == 200
    assert site.audit()[0] == "Pessoa marli: entrou no painel"
    assert browser.page("/entrar?ir=/fila").headers["location"] == "/fila", "signed in already: goes on"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\r\nX-Evil: 1",
        " //evil",
        "",
    ],
)
def test_nobody_is_led_to_another_site(site: Site, elsewhere: str) -> None:
    somebody(site)

    answer = try_login(site, "marli", PASSWORD, ir=elsewhere)

    assert answer.headers["location"] == "/"
    assert "X-Evil" not in answer.headers
    assert site.browser().page("/entrar", params={"ir": elsewhere}).headers["location"] == "/"


def test_unknown_login_wrong_password_and_deactivated_person_are_answered_alike(site: Site) -> None:
    somebody(site)
    gone = somebody(site, Role.VIEWER, "ivo")
    Members(site.panel.store).set_active(gone.id, False)

    answers = [try_login(site, *typed) for typed in (("nobody", PASSWORD), ("marli", "errada"), ("ivo", PASSWORD))]

    assert {answer.status_code for answer in answers} == {403}
    assert len({told(answer) for answer in answers}) == 1
    assert all("set-cookie" not in answer.headers for answer in answers)


def test_unknown_logins_cost_as_much_time_as_wrong_passwords(site: Site) -> None:
    somebody(site)
    members = Members(site.panel.store)

    def cost(login: str) -> float:
        before = time.thread_time()
        assert members.signed_in(login, "errada") is None
        return time.thread_time() - before

    pairs = [(cost("marli"), cost("nobody")) for _ in range(7)]

    known, unknown = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    assert 0.5 < unknown / known < 2, f"{known * 1000:.1f} ms and {unknown * 1000:.1f} ms"


def test_the_sixth_try_waits_and_the_waits_grow_up_to_a_quarter_of_an_hour(site: Site) -> None:
    somebody(site)
    waits = []
    for _ in range(5):
        refused = try_login(site, "marli", "errada")
    for _ in range(6):
        refused = try_login(site, "marli", PASSWORD)
        assert refused.status_code == 429, "while it waits even the right password is not tried"
        waits.append(re.search(r"Espere (\d+) minutos?", told(refused))[1])  # type: ignore[index]
        site.clock.sleep(int(waits[-1]) * 60)
        try_login(site, "marli", "errada")

    assert waits == ["1", "2", "4", "8", "15", "15"]
    site.clock.sleep(15 * 60)
    assert try_login(site, "marli", PASSWORD).status_code == 303
    assert try_login(site, "marli", "errada").status_code == 403, "success forgets the account's failures"
    assert any("errou a senha várias vezes" in deed for deed in site.audit())


def test_an_address_that_tries_one_login_after_the_other_waits_too(site: Site) -> None:
    somebody(site)
    statuses = [try_login(site, f"pessoa{number}", "errada").status_code for number in range(12)]

    assert statuses == [403] * 9 + [429] * 3
    assert try_login(site, "marli", PASSWORD).status_code == 429


def test_a_flood_of_tries_at_once_is_counted_before_any_is_answered(site: Site) -> None:
    somebody(site)
    statuses: list[int] = []
    tries = [
        threading.Thread(target=lambda: statuses.append(try_login(site, "marli", "errada").status_code))
        for _ in range(20)
    ]
    for each in tries:
        each.start()
    for each in tries:
        each.join()

    ((counted,),) = site.panel.store.read("SELECT COUNT(*) FROM failed_login")
    assert counted == 5
    assert statuses.count(429) >= 15


def test_failures_keep_no_login_as_typed(site: Site) -> None:
    try_login(site, "minha senha secreta", "errada")

    assert "minha senha" not in str(site.panel.store.read("SELECT * FROM failed_login"))


def test_a_locked_account_and_a_locked_address_still_open_by_this_computers_link(site: Site) -> None:
    somebody(site)
    for _ in range(15):
        try_login(site, "marli", "errada")
    write_address(site.folder, site.server.port, "http")

    answer = requests.get(one_time_link(site.folder, "/fila"), allow_redirects=False, timeout=120)

    assert (answer.status_code, answer.headers["location"]) == (303, "/fila")


def test_the_link_opens_once_and_not_after_two_minutes(site: Site) -> None:
    somebody(site)
    write_address(site.folder, site.server.port, "http")
    link = one_time_link(site.folder)
    guest = site.browser(None)

    assert guest.head(link).status_code == 204, "a program that looks ahead"
    assert guest.get(link, headers={"Sec-Purpose": "prefetch"}).status_code == 204
    assert guest.get(link, allow_redirects=False).headers["location"] == "/"
    assert guest.page("/usuarios").status_code == 200
    assert site.browser(None).get(link, allow_redirects=False).status_code == 409
    late = one_time_link(site.folder)
    site.clock.sleep(121)
    refused = site.browser(None).get(late, allow_redirects=False)
    assert refused.status_code == 409
    assert "dois minutos" in refused.text
    assert link.rpartition("/")[2] not in str(site.panel.store.read("SELECT * FROM entry"))


def test_only_who_reads_the_data_folder_gets_a_link(site: Site) -> None:
    write_address(site.folder, site.server.port, "http")
    path = site.folder / "painel.json"
    known = read_address(site.folder)
    assert known is not None
    assert path.stat().st_mode & 0o077 == 0

    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": f"Basic {known.token}"}):
        assert requests.post(f"{site.url}/local/entrada", headers=headers, timeout=120).status_code == 404
    right = {"Authorization": f"Bearer {known.token}"}
    assert requests.post(f"{site.url}/local/entrada", headers=right, timeout=120).status_code == 200
    foreign = {**right, "Origin": "http://evil.example"}
    assert requests.post(f"{site.url}/local/entrada", headers=foreign, timeout=120).status_code == 403
    remove_address(site.folder)
    assert requests.post(f"{site.url}/local/entrada", headers=right, timeout=120).status_code == 404


def test_a_panel_that_does_not_run_is_told(site: Site) -> None:
    with pytest.raises(PanelAway, match="não está aberto"):
        one_time_link(site.folder)
    write_address(site.folder, site.server.port, "http")
    site.server.stop()
    with pytest.raises(PanelAway, match="não respondeu"):
        one_time_link(site.folder)


def test_the_first_owner_is_made_once_and_by_this_computer_alone(site: Site) -> None:
    form = {"nome": "Marli Souza", "login": "marli", "senha": PASSWORD, "senha2": PASSWORD}

    assert site.browser(None).submit("/primeiro-acesso", form).status_code == 403
    assert site.browser(Role.OPERATOR).submit("/primeiro-acesso", form).status_code == 403
    local, other = site.browser(), site.browser()
    before = local.cookies[COOKIE]
    assert local.submit("/primeiro-acesso", form).headers["location"] == "/"
    assert local.cookies[COOKIE] != before, "another person, another session"
    assert "Marli Souza" in local.page("/").text
    assert other.submit("/primeiro-acesso", {**form, "login": "intruso"}).status_code == 400
    assert other.page("/primeiro-acesso").headers["location"] == "/"
    assert [each.login for each in Members(site.panel.store).all() if each.role is Role.OWNER] == ["marli"]


def test_two_first_owners_at_once_are_one(site: Site) -> None:
    members, now = Members(site.panel.store), site.clock.now()

    made = [members.first_owner(login, "Marli", PASSWORD, now) for login in ("marli", "intruso")]

    assert [each.login if each else None for each in made] == ["marli", None]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("senha", "curta", "pelo menos 8"),
        ("senha", "12345678", "das primeiras que alguém tentaria"),
        ("senha", "x" * 500, "no máximo 128"),
        ("senha", "marli.souza", "igual ao login"),
        ("senha2", "outra coisa", "não são iguais"),
        ("login", "com espaço", "sem espaços"),
        ("login", "<script>", "sem espaços"),
        ("nome", "", "Escreva o nome"),
        ("nome", "n" * 2000, "no máximo 80"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_typed_is_lost(
    site: Site, field: str, value: str, says: str
) -> None:
    typed = {"nome": "Marli Souza", "login": "marli.souza", "senha": PASSWORD, "senha2": PASSWORD, field: value}
    if field == "senha":
        typed["senha2"] = value

    answer = site.browser().submit("/primeiro-acesso", typed)

    assert answer.status_code == 400
    assert says in answer.text
    assert f"h-{field}" in answer.text
    assert field == "nome" or 'value="Marli Souza"' in answer.text
    assert PASSWORD not in answer.text
    assert not Members(site.panel.store).has_owner()


def test_passwords_of_older_settings_are_made_anew_at_sign_in(site: Site) -> None:
    from argon2 import PasswordHasher

    account = somebody(site)
    with site.panel.store.change() as db:
        weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
        db.execute("UPDATE member SET password = ? WHERE id = ?", (weak, account.id))

    assert try_login(site, "marli", PASSWORD).status_code == 303

    ((kept,),) = site.panel.store.read("SELECT password FROM member WHERE id = ?", (account.id,))
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not passwords.outdated(passwords._NOBODYS)


def test_a_clock_set_back_makes_nobody_wait(site: Site) -> None:
    somebody(site)
    for _ in range(5):
        try_login(site, "marli", "errada")
    site.clock._now -= timedelta(days=400)

    assert try_login(site, "marli", PASSWORD).status_code == 303


def fill_first_access(page: Page) -> None:
    page.get_by_label("Seu nome").fill("Marli Souza")
    page.get_by_label("Login").fill("marli")
    page.get_by_label("Senha", exact=True).fill(PASSWORD)
    page.get_by_label("A senha outra vez", exact=True).fill(PASSWORD)


def test_an_owner_comes_in_by_link_makes_a_login_and_signs_in_with_it(site: Site, chromium: Chromium) -> None:
    write_address(site.folder, site.server.port, "http")
    with person(chromium, site, None) as page:
        page.goto(one_time_link(site.folder, "/minha-conta"))
        expect(page.get_by_role("heading", name="Primeiro acesso")).to_be_visible()
        assert accessible(page) == []
        fill_first_access(page)
        page.get_by_role("button", name="Mostrar senha", exact=True).click()
        expect(page.get_by_label("Senha", exact=True)).to_have_attribute("type", "text")
        keep(page, "primeiro-acesso")
        page.get_by_role("button", name="Criar o login").click()
        expect(page.get_by_role("heading", name="Minha conta")).to_be_visible()
        page.get_by_role("button", name="Sair").click()
        expect(page.get_by_role("heading", name="Entrar")).to_be_visible()
        page.go_back()
        page.reload()
        expect(page.get_by_role("heading", name="Entrar")).to_be_visible()
        page.goto("/minha-conta")
        assert accessible(page) == []
        look_around(page, "entrar")
        expect(page.get_by_label("Login")).to_be_focused()
        page.keyboard.type("marli")  # no mouse
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Minha conta")).to_be_visible()
        look_around(page, "minha-conta")


def test_not_now_goes_on_without_a_login(site: Site, chromium: Chromium) -> None:
    write_address(site.folder, site.server.port, "http")
    with person(chromium, site, None, size=PHONE, color_scheme="dark") as page:
        page.goto(one_time_link(site.folder, "/usuarios"))
        look_around(page, "primeiro-acesso")
        page.get_by_role("link", name="Agora não").click()
        expect(page.get_by_role("heading", name="Usuários")).to_be_visible()
        look_around(page, "usuarios-vazio")


def test_a_link_of_another_site_opens_the_page_of_who_is_signed_in(site: Site, chromium: Chromium) -> None:
    somebody(site)
    write_address(site.folder, site.server.port, "http")
    with person(chromium, site, None) as page:
        page.goto(one_time_link(site.folder))
        page.route(
            "http://other.example/",
            lambda route: route.fulfill(content_type="text/html", body=f'<a href="{site.url}/minha-conta">painel</a>'),
        )
        page.goto("http://other.example/")
        page.get_by_role("link", name="painel").click()
        expect(page.get_by_role("heading", name="Minha conta")).to_be_visible()
        assert page.context.cookies(site.url)[0].get("sameSite") == "Strict", "else this test shows nothing"
