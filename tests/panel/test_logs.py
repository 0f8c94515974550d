"""Registro: the log from its end, filtered, live, taken home; the doctor and the bundle; and nothing outside of it."""

from __future__ import annotations

import time
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from integrator.logs.lines import Level, last_error, read_back
from integrator.panel.access import Role
from tests.panel.browser import accessible, keep, look_around, person
from tests.panel.site import MORNING, Site, all_closed

TODAY = f"{MORNING:%Y-%m-%d}"
EVIL = "<img src=x onerror=alert(1)>"


def log_file(folder: Path, day: str, *lines: str) -> Path:
    path = folder / "registro" / f"integrador-{day}.log"
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(f"{day}T{line}\n" for line in lines), encoding="utf-8")
    return path


def a_day(site: Site) -> Path:
    yesterday = f"{MORNING - timedelta(days=1):%Y-%m-%d}"
    log_file(site.folder, yesterday, "18:00:00.000 INFO integrator.daemon action=stopped")
    return log_file(
        site.folder,
        TODAY,
        "07:59:00.000 INFO integrator.station action=ready database=principal",
        '08:00:01.000 INFO integrator.sending.pump action=sending row=12 to="(49) 9****-0187" parts=2',
        "08:00:05.000 INFO integrator.sending.pump action=finished row=12 state=enviada",
        f'08:01:00.000 WARNING integrator.daemon action=config_refused message="A chave {EVIL} não existe."',
        '08:02:00.000 ERROR integrator.panel.routes msg="falha"\nTraceback (most recent call last):\n  detalhe interno',
        '08:03:00.000 INFO integrator.daemon action=problem_over message="O banco de dados voltou a responder."',
    )


def test_the_owner_reads_filters_copies_and_sees_new_lines_come(
    site: Site, chromium: Chromium, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_day(site)
    monkeypatch.setattr(site.panel.live._watcher, "_often_s", 0.2)
    with person(chromium, site, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto("/registro")
        lines = page.locator(".log li")
        expect(lines).to_have_count(6)
        expect(lines.nth(0)).to_contain_text("O banco de dados voltou a responder.")
        expect(page.locator(".log")).to_contain_text("Mensagem 12: enviada.")
        expect(lines.nth(2)).to_contain_text(EVIL)
        assert accessible(page) == []
        keep(page, "registro-1366")
        with path.open("a", encoding="utf-8") as more:
            more.write(f"{TODAY}T08:04:00.000 INFO integrator.daemon action=stopped\n")
        page.get_by_text("Parou.").wait_for()
        page.get_by_role("button", name="Copiar estas linhas").click()
        page.get_by_role("button", name="Copiado").wait_for()
        assert "action=stopped" in page.evaluate("navigator.clipboard.readText()")
        page.get_by_label("Mostrar").select_option("avisos")
        page.get_by_role("button", name="Filtrar").click()
        expect(lines).to_have_count(2)
        page.get_by_label("Procurar").fill("CHAVE")
        page.keyboard.press("Enter")
        expect(lines).to_have_count(1)
        page.get_by_role("link", name="Último erro").click()
        page.get_by_text("falha").first.click()
        page.locator(".log pre").get_by_text("detalhe interno").wait_for()
        page.goto("/registro")
        look_around(page, "registro")


def test_the_doctor_answers_on_the_page_and_the_bundle_is_taken_home(site: Site, chromium: Chromium) -> None:
    a_day(site)
    with person(chromium, site, accept_downloads=True) as page:
        page.goto("/registro")
        page.get_by_role("button", name="Preparar pacote de suporte").click()
        link = page.get_by_role("link", name="Baixar o pacote (ZIP)")
        link.wait_for(timeout=60_000)
        assert (
            "Configuração" in page.locator(".doctor").first.inner_text() + page.locator(".doctor").nth(1).inner_text()
        )
        keep(page, "registro-verificado")
        assert accessible(page) == []
        with page.expect_download() as found:
            link.click()
        assert found.value.suggested_filename == "pacote-de-suporte.zip"
        with zipfile.ZipFile(found.value.path()) as bundle:
            names = bundle.namelist()
    assert {"LEIA-ME.txt", "diagnostico.txt", f"registro/integrador-{TODAY}.log"} <= set(names)
    assert any("pacote de suporte baixado" in line for line in site.audit())


def test_a_day_is_downloaded_and_nothing_else_of_the_disk(site: Site) -> None:
    path = a_day(site)
    browser = site.browser()

    assert browser.page(f"/registro/arquivo?dia={TODAY}").content == path.read_bytes()
    (site.folder / "registro" / "integrador-2026-13-40.log").write_text("x")
    for name in ("../config.toml", "2026-13-40", "..%2F..%2Fetc%2Fpasswd", "C:\\Windows", "", "2020-01-01", "9" * 4000):
        answer = browser.page("/registro/arquivo", params={"dia": name})
        assert answer.status_code == 404, name
        assert browser.page("/registro", params={"dia": name, "ate": name, "nivel": name}).status_code == 200


def test_only_the_owner_sees_the_log(site: Site) -> None:
    a_day(site)
    browser = site.browser(Role.OPERATOR)

    for path in (
        "/registro",
        "/registro/linhas",
        "/registro/ultimo-erro",
        f"/registro/arquivo?dia={TODAY}",
        "/registro/pacote.zip",
    ):
        assert browser.page(path).status_code == 403, path
    assert browser.submit("/registro/verificar").status_code == 403


def test_without_a_log_the_page_says_what_to_expect(site: Site) -> None:
    browser = site.browser()

    assert "Ainda não há registro" in browser.page("/registro").text
    assert browser.page("/registro/ultimo-erro").headers["location"] == "/registro"
    assert browser.page("/registro/pacote.zip").status_code == 404


def test_two_hundred_thousand_lines_are_read_from_the_end(site: Site) -> None:
    line = "{:02}:{:02}:{:02}.000 INFO integrator.sending.pump action=finished row={} state=enviada"
    path = log_file(
        site.folder,
        TODAY,
        "00:00:00.000 ERROR integrator.daemon msg=primeiro",
        *(line.format(at // 3600 % 24, at // 60 % 60, at % 60, at) for at in range(200_000)),
    )
    browser = site.browser()
    browser.page("/registro")
    all_closed()  # the time of all threads counts, the server's among them
    started = time.process_time()
    assert 40_000 < len(read_back(path, 300_000).records) < 50_000
    a_fifth = time.process_time() - started  # on this computer
    started = time.process_time()
    assert "Mensagem 199999: enviada." in browser.page("/registro").text
    assert time.process_time() - started < a_fifth
    started = time.process_time()
    missing = browser.page("/registro?q=nunca").text
    assert "Procurar nas linhas mais antigas" in missing
    assert time.process_time() - started < a_fifth * 3
    assert "primeiro" in browser.get(site.url + "/registro/ultimo-erro", timeout=120).text
    assert path.stat().st_size > 10_000_000


@pytest.mark.parametrize("count", [1, 7, 1000])
def test_pages_of_a_log_leave_nothing_out_and_repeat_nothing(tmp_path: Path, count: int) -> None:
    lines = [
        f"{TODAY}T08:00:00.000 INFO a.b action=x row={number}\n" + "  traço\n" * (number % 3) for number in range(5000)
    ]
    path = tmp_path / "dia.log"
    path.write_text("meia linha sem começo\n" + "".join(lines), encoding="utf-8")
    found: list[str] = []
    reading = read_back(path, count)
    for _ in range(30):
        found += [record.fields["row"] for record in reading.records]
        if reading.older is None:
            break
        reading = read_back(path, count, before=reading.older)
    assert found == [str(number) for number in reversed(range(5000))][: len(found)]
    assert len(found) == min(5000, count * 30)
    assert last_error(path) is None
    assert read_back(path, 10, level=Level.ERRORS).records == ()
