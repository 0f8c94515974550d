"""What stands before every page: roles, proof of origin, host names, limits, headers. Each attack is made for real."""

from __future__ import annotations

import logging
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from starlette.responses import PlainTextResponse

from integrator.panel import forms
from integrator.panel.access import Role
from integrator.panel.accounts.members import Members
from integrator.panel.accounts.sessions import COOKIE
from integrator.panel.app import build_app
from integrator.panel.pages import all_pages
from integrator.panel.routes import Page
from integrator.panel.server import PanelServer
from tests.panel.people import bare_site
from tests.panel.site import Browser, Site


def somewhere(page: Page) -> str:
    """The page's address with something that does not exist in each of its places."""
    return re.sub(r"\{[^}]+\}", "999999", page.path)


def raw(site: Site, request: bytes, patience: float = 30) -> bytes:
    """What is answered to exactly these bytes."""
    with socket.create_connection(("127.0.0.1", site.server.port), timeout=patience) as plain:
        plain.sendall(request)
        answer = b""
        try:
            while piece := plain.recv(65536):
                answer += piece
        except (TimeoutError, ConnectionResetError):
            pass
        return answer


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


def proof_of(site: Site, browser: Browser) -> str:
    """What the forms of that browser's session carry; empty for nobody's."""
    session = site.panel.sessions.find(browser.cookies.get(COOKIE) or "", site.clock.now())
    return session.csrf if session else ""


def allowed(page: Page, role: Role | None) -> bool:
    return page.least is None or (role is not None and role >= page.least)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The guards ask nothing of the shop's database."""
    with bare_site(tmp_path / "dados é") as running:
        yield running


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[Site]:
    """Every route of the panel, and behind each one only a word: what is tried is who gets there."""
    behind = tuple(replace(page, handler=lambda _: PlainTextResponse("inside")) for page in all_pages())
    with bare_site(tmp_path / "dados é", behind) as running:
        yield running


def test_each_route_opens_to_exactly_those_of_its_role(doors: Site) -> None:
    assert {page.least for page in all_pages()} == {None, Role.VIEWER, Role.OPERATOR, Role.OWNER}
    wrong = []
    for role in (None, Role.VIEWER, Role.OPERATOR, Role.OWNER):
        browser = doors.browser(role)
        data, headers = {"_csrf": proof_of(doors, browser)}, {"Origin": doors.url}
        for page in all_pages():
            to = doors.url + somewhere(page)
            posted = data if page.method == "POST" else None
            answer = browser.request(page.method, to, data=posted, headers=headers, allow_redirects=False, timeout=120)
            if (answer.status_code == 200 and answer.text == "inside") != allowed(page, role):
                wrong.append(f"{role!r} {page.method} {page.path}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_who_may_come_in_without_a_session_is_told_here(site: Site) -> None:
    assert sorted(f"{page.method} {page.path}" for page in all_pages() if page.least is None) == [
        "GET /certificado",
        "GET /entrar",
        "GET /entrar/{token}",
        "POST /entrar",
        "POST /local/entrada",
    ]


def test_every_post_asks_for_the_proof_of_its_own_session(doors: Site) -> None:
    browser, anothers = doors.browser(), proof_of(doors, doors.browser())
    posts = [page for page in all_pages() if page.method == "POST" and page.least is not None]
    tried = [*((page, anothers) for page in posts), *((posts[0], proof) for proof in ("", "x", "é" * 40))]
    for page, proof in tried:
        to, headers = doors.url + somewhere(page), {"Origin": doors.url}
        answer = browser.post(to, data={"_csrf": proof}, headers=headers, allow_redirects=False, timeout=120)
        assert (answer.status_code, "ficou aberta de uma sessão anterior" in answer.text) == (403, True), page.path


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "https://{host}"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_page_of_another_site_posts_nothing_not_even_a_login(site: Site, headers: dict[str, str]) -> None:
    browser = site.browser()
    proof = proof_of(site, browser)
    sent = {name: value.replace("{host}", site.url.removeprefix("http://")) for name, value in headers.items()}

    for path in ("/entrar", "/sair", "/usuarios/novo"):
        answer = browser.post(site.url + path, data={"_csrf": proof}, headers=sent, allow_redirects=False, timeout=120)
        assert (answer.status_code, "veio de outra página" in answer.text) == (403, True), path
    assert browser.page("/minha-conta").status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "192.168.0.10", ""]
)
def test_other_host_names_are_not_answered(site: Site, host: str) -> None:
    answer = raw(site, f"GET /entrar HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())

    assert status(answer) == 400
    assert b"<form" not in answer
    assert b"content-security-policy" in answer.lower()


def test_headers_of_proxies_change_nothing(site: Site) -> None:
    forged = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "https",
        "Forwarded": "for=203.0.113.9;host=evil.example;proto=https",
    }
    account = Members(site.panel.store).add("marli", "Marli", Role.OWNER, "café com leite", site.clock.now())
    answer = requests.post(
        site.url + "/entrar",
        data={"login": account.login, "senha": "café com leite"},
        headers={**forged, "Origin": site.url},
        allow_redirects=False,
        timeout=120,
    )

    assert answer.headers["set-cookie"].startswith(COOKIE), "not as if it were TLS"
    assert site.panel.audit.latest(1)[0].address == "127.0.0.1"


def test_requests_in_absolute_form_and_twofold_hosts_are_not_answered_as_pages(site: Site) -> None:
    host = site.url.removeprefix("http://").encode()
    absolute = raw(site, b"GET http://evil.example/entrar HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n")
    twofold = raw(
        site, b"GET /entrar HTTP/1.1\r\nHost: " + host + b"\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    )

    assert status(absolute) in {400, 404}
    assert b"evil.example" not in absolute.lower().split(b"\r\n\r\n")[0]
    assert status(twofold) == 400


@contextmanager
def stolen(site: Site) -> Iterator[tuple[requests.Session, int]]:
    """A session's cookie in another hand, and its person."""
    members = Members(site.panel.store)
    members.add("chefe", "Chefe", Role.OWNER, "café com leite", site.clock.now())
    account = members.add("ivo", "Ivo", Role.OPERATOR, "café com leite", site.clock.now())
    members.set_password(account.id, "café com leite")
    own = members.of(account.id)
    assert own is not None
    token = site.panel.sessions.open(own.member, site.clock.now(), address="127.0.0.1", agent="")
    thief = requests.Session()
    thief.cookies.set(COOKIE, token, domain="127.0.0.1")
    assert thief.get(site.url + "/minha-conta", allow_redirects=False, timeout=120).status_code == 200
    yield thief, account.id
    after = thief.get(site.url + "/minha-conta", allow_redirects=False, timeout=120)
    assert (after.status_code, after.headers["location"][:8]) == (303, "/entrar?")


def test_a_stolen_session_ends_with_the_sign_out(site: Site) -> None:
    with stolen(site) as (thief, _):
        own = site.browser(None)
        own.cookies.update(thief.cookies)
        proof = proof_of(site, own)
        assert own.post(site.url + "/sair", data={"_csrf": proof}, timeout=120).status_code == 200


def test_a_stolen_session_ends_with_the_deactivation_and_stays_ended(site: Site) -> None:
    with stolen(site) as (_, person):
        Members(site.panel.store).set_active(person, False)
        Members(site.panel.store).set_active(person, True)


def test_a_stolen_session_ends_with_another_password(site: Site) -> None:
    with stolen(site) as (_, person):
        Members(site.panel.store).set_password(person, "outra senha boa")


def test_a_session_ends_after_twelve_hours_without_use_and_thirty_days_with_it(site: Site) -> None:
    browser = site.browser()
    for _ in range(65):
        site.clock.sleep(11 * 3600)
        assert browser.page("/minha-conta").status_code == 200
    site.clock.sleep(30 * 3600)
    assert browser.page("/minha-conta").status_code == 303
    lazy = site.browser()
    site.clock.sleep(12 * 3600 + 1)
    assert lazy.page("/minha-conta").status_code == 303


def test_another_role_counts_at_the_next_click(site: Site) -> None:
    browser = site.browser(Role.OWNER)
    token = site.panel.sessions.open(site.member(Role.OPERATOR), site.clock.now(), address="", agent="")
    browser.cookies.set(COOKIE, token, domain="127.0.0.1")
    assert browser.page("/usuarios").status_code == 403

    with site.panel.store.change() as db:
        db.execute("UPDATE member SET role = 3")
    assert browser.page("/usuarios").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/estatico/../app.py",
        "/estatico/%2e%2e/app.py",
        "/estatico/..%2fapp.py",
        "/estatico/..%5capp.py",
        "/estatico//etc/passwd",
        "/estatico/%2fetc%2fpasswd",
        "/estatico/....//app.py",
        "/estatico/panel.css%00.py",
        "/estatico/",
        "/../painel.db",
        "/usuarios/..%2f..%2fpainel.db",
        "/usuarios/1%27%20OR%201=1",
        "/usuarios/٣",
        "/usuarios/99999999999999999999999999",
    ],
)
def test_no_path_leads_out_of_its_place(site: Site, path: str) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {COOKIE}={site.token()}\r\nConnection: close\r\n\r\n"
    answer = raw(site, request.encode())

    assert status(answer) in {400, 404}
    assert b"import annotations" not in answer
    assert b"root:" not in answer
    assert b"SQLite format" not in answer


def test_the_policy_is_on_every_answer(site: Site) -> None:
    browser = site.browser()
    answers = [
        browser.page("/minha-conta"),
        browser.page("/nada"),
        browser.page("/estatico/panel.css"),
        browser.page("/estatico/nada.css"),
        browser.submit("/usuarios/999/senha"),
        browser.request("DELETE", site.url + "/usuarios"),
        browser.request("TRACE", site.url + "/usuarios"),
        browser.request("OPTIONS", site.url + "/usuarios"),
        site.browser(None).page("/"),
        browser.post(site.url + "/entrar", data=b"x" * (forms.LARGEST_FORM + 1)),
    ]

    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy, answer.url
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert "access-control-allow-origin" not in answer.headers
        assert "server" not in answer.headers
    assert [answer.status_code for answer in answers[5:8]] == [405, 405, 405]
    assert all(answer.headers["cache-control"] == "no-store" for answer in (*answers[:2], answers[4]))


def test_a_defect_is_answered_within_the_policy_and_without_its_details(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(site.panel.sessions, "find", broken)
    answer = site.browser(None).page("/minha-conta")

    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "content-security-policy" in answer.headers
    assert "secret detail" in caplog.text, "it is in the log"


def test_looking_without_fetching_works_where_fetching_does(site: Site) -> None:
    browser = site.browser()
    for path in ("/minha-conta", "/usuarios", "/usuarios/registro", "/estatico/panel.css"):
        answer = browser.head(site.url + path, timeout=120)
        assert (answer.status_code, answer.text) == (200, ""), path


def test_a_form_is_limited_whether_its_length_is_announced_or_not(site: Site) -> None:
    head = b"POST /entrar HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    piece = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"

    assert status(raw(site, head + b"Content-Length: 999999999\r\nConnection: close\r\n\r\na=1")) == 413
    with socket.create_connection(("127.0.0.1", site.server.port), timeout=120) as plain:
        with suppress(ConnectionError):  # it may hang up before all was said
            plain.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n" + piece * 5)
        assert status(plain.recv(100)) == 413, "before its end, after the fifth megabyte"


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_what_a_stranger_posts_is_not_even_read(site: Site, kind: str) -> None:
    answer = raw(
        site,
        f"POST /usuarios/novo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\n".encode()
        + b"Content-Length: 4000000\r\nConnection: close\r\n\r\n--x",
    )

    assert status(answer) == 403


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=", b"x"),
        ("multipart/form-data; boundary=b", b"--b\r\nnonsense"),
        ("multipart/form-data; boundary=b; charset=unicode_escape", b"--b\r\n\r\n\\ud800\r\n--b--"),
        ("application/x-www-form-urlencoded; charset=utf-7", b"login=+AGE-"),
        ("application/x-www-form-urlencoded", b"login=%ff%fe&login=2&&&==%00&senha=%ud800"),
        ("application/json", b'{"login": 1}'),
        ("text/plain", b"login=a"),
    ],
)
def test_nonsense_instead_of_a_form_is_no_defect(site: Site, kind: str, body: bytes) -> None:
    headers = {"Content-Type": kind, "Origin": site.url}
    answer = requests.post(site.url + "/entrar", data=body, headers=headers, timeout=120)

    assert answer.status_code in {400, 403}


def test_a_body_that_never_ends_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "_LONGEST_S", 0.3)

    answer = raw(
        site,
        b"POST /entrar HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: 100\r\nConnection: close\r\n\r\nlogin=",
    )

    assert status(answer) == 408, "within the patience of half a minute, and not after the whole one of the real limit"


def test_headers_beyond_measure_are_refused(site: Site) -> None:
    answer = raw(site, b"GET /entrar HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: " + b"x" * 300_000 + b"\r\n\r\n")

    assert status(answer) in {0, 400, 431}
    assert site.browser(None).page("/entrar").status_code == 200


def test_no_secret_is_in_the_log_or_in_the_store(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    Members(site.panel.store).add("marli", "Marli", Role.OWNER, "café com leite", site.clock.now())
    browser = site.browser(None)
    for password in ("errada mesmo", "café com leite"):
        browser.post(site.url + "/entrar", data={"login": "marli", "senha": password}, headers={"Origin": site.url})
    token = browser.cookies[COOKIE]
    proof = proof_of(site, browser)
    browser.page("/nada")
    browser.submit("/minha-conta/senha", {"atual": "café com leite", "senha": "curta", "senha2": "curta"})

    stored = "".join(str(site.panel.store.read(f"SELECT * FROM {name}")) for name in ("session", "audit", "member"))
    for secret in (token, "errada mesmo", "café com leite"):
        assert secret not in caplog.text
        assert secret not in stored
    assert proof not in caplog.text


def test_over_the_network_the_configured_names_are_answered_and_no_others(site: Site) -> None:
    text = site.config.read_text(encoding="utf-8")
    site.config.write_text(text + '\n[painel]\nna_rede = true\nnomes = ["Painel.Loja.LAN"]\n', encoding="utf-8")
    server = PanelServer(build_app(site.panel), port=0, everywhere=True)
    served = replace(site, server=server)
    try:
        for host, expected in (("painel.loja.lan", 200), ("PAINEL.loja.lan:8787", 200), ("evil.example", 400)):
            answer = raw(served, f"GET /entrar HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            assert status(answer) == expected, host
    finally:
        server.stop()
