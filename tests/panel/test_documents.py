"""The page Documentos: the account's documents, the shop's own models, and each creditor's."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium

from integrator.documents.blocks.models import built_in_source
from integrator.panel.access import Role
from tests.panel.browser import accessible, keep, look_around, person
from tests.panel.forms import form_of
from tests.panel.site import Site


def copied(site: Site, name: str, new: str = "") -> dict[str, str]:
    """The editor's form on a copy of that document."""
    answer = site.browser().submit("/documentos/modelo/copiar", {"nome": name, "novo": new})
    assert answer.status_code == 200, answer.text
    return form_of(answer.text, "/documentos/modelo")


def models(site: Site) -> list[str]:
    folder = site.folder / "modelos"
    return sorted(each.name for each in folder.iterdir()) if folder.exists() else []


@pytest.mark.feature("C06")
def test_what_the_account_uses(site: Site) -> None:
    browser = site.browser()
    form = form_of(browser.page("/documentos").text, "/documentos")

    wrong = browser.submit("/documentos", form | {"documentos.multa_percentual": "3", "documentos.assinante": "Ana"})
    assert wrong.status_code == 400
    assert "A multa por atraso não pode passar de 2%" in wrong.text
    assert form_of(wrong.text, "/documentos")["documentos.assinante"] == "Ana"

    wanted = {"documentos.assinante": "Ana", "documentos.multa_percentual": "1,5", "documentos.cor": "#123456"}
    assert browser.submit("/documentos", form | wanted).status_code == 303
    documents = site.panel.settings.documents
    assert (documents.signer, str(documents.fine_percent), documents.colour) == ("Ana", "1.5", "#123456")
    assert "[documentos] assinante: (vazio) → Ana" in site.audit()[0]


@pytest.mark.feature("C05")
def test_a_model_of_the_shop_from_a_copy_to_its_end(site: Site) -> None:
    browser = site.browser()
    form = copied(site, "demonstrativo", "demonstrativo_colegio")
    assert models(site) == []

    text = form["texto"].replace("[documento]\n", "[documento]\nnada = 1\n", 1)
    refused = browser.submit("/documentos/modelo", form | {"texto": text})
    assert refused.status_code == 400
    assert 'data-line="' in refused.text
    assert "nada" in refused.text.partition('role="alert"')[2].partition("</div>")[0]
    assert models(site) == []

    assert browser.submit("/documentos/modelo/previa", form).content.startswith(b"%PDF-")
    assert browser.submit("/documentos/modelo", form).status_code == 303
    assert models(site) == ["demonstrativo_colegio.toml"]
    assert site.panel.settings.documents.models_folder == str(site.folder / "modelos")
    assert browser.page("/documentos/exemplo?nome=demonstrativo_colegio").content.startswith(b"%PDF-")

    account = form_of(browser.page("/documentos").text, "/documentos")
    browser.submit("/documentos", account | {"documentos.demonstrativo": "demonstrativo_colegio"})
    kept = browser.submit("/documentos/modelo/tirar", {"nome": "demonstrativo_colegio"})
    assert kept.status_code == 409
    assert "é usado pela conta" in kept.text
    account = form_of(browser.page("/documentos").text, "/documentos")
    browser.submit("/documentos", account | {"documentos.demonstrativo": "demonstrativo"})
    assert browser.submit("/documentos/modelo/tirar", {"nome": "demonstrativo_colegio"}).status_code == 303
    assert models(site) == []


def test_no_name_leaves_the_folder(site: Site) -> None:
    browser = site.browser()
    form = copied(site, "orcamento")
    before = sorted(str(each) for each in site.folder.parent.rglob("*.toml"))

    for name in ("../fora", "..\\fora", "con", "a/b", "", "Ç", "x" * 61, "a.toml", "nul\x00"):
        for path in ("/documentos/modelo", "/documentos/modelo/previa"):
            assert browser.submit(path, form | {"nome": name}).status_code == 409
        file = {"arquivo": ("x.toml", built_in_source("orcamento").encode())}
        assert browser.submit("/documentos/modelo/enviar", {"nome": name}, files=file).status_code == 409
        assert browser.page("/documentos/exemplo", params={"nome": name}).status_code == 404
        assert browser.page("/documentos/modelo", params={"nome": name}).status_code == 404

    assert sorted(str(each) for each in site.folder.parent.rglob("*.toml")) == before


def test_a_file_is_checked_before_it_is_kept(site: Site) -> None:
    browser = site.browser()

    def send(content: bytes, name: str = "orcamento") -> int:
        files = {"arquivo": ("../../mal.toml", content)}
        return browser.submit("/documentos/modelo/enviar", {"nome": name}, files=files).status_code

    assert send(b"\xff\xfe\x00") == 409
    assert send(b"[documento\n") == 400
    assert send(b"# " + b"x" * 300_000) == 400
    assert models(site) == []
    assert send(built_in_source("orcamento").encode()) == 303
    assert models(site) == ["orcamento.toml"]
    assert send(built_in_source("orcamento").encode()) == 409  # never over one that is there, unasked


def test_two_people_write_the_same_model(site: Site) -> None:
    browser = site.browser()
    browser.submit("/documentos/modelo", copied(site, "pedido"))
    mine = form_of(browser.page("/documentos/modelo?nome=pedido").text, "/documentos/modelo")
    theirs = mine | {"texto": mine["texto"] + "\n# deles\n"}
    assert browser.submit("/documentos/modelo", theirs).status_code == 303

    late = browser.submit("/documentos/modelo", mine | {"texto": mine["texto"] + "\n# meu\n"})

    assert late.status_code == 409
    assert "# deles" in (site.folder / "modelos" / "pedido.toml").read_text("utf-8")
    assert "# meu" in form_of(late.text, "/documentos/modelo")["texto"]


@pytest.mark.feature("C09", "C10")
def test_creditors_come_change_and_go(site: Site) -> None:
    browser = site.browser()
    form = form_of(browser.page("/documentos/credor").text, "/documentos/credor")
    name = '12.345.678/0001-95 "<b>'
    new = {"credor": name, "nome": "Colégio", "demonstrativo": "demonstrativo", "termo_acordo": "termo_acordo"}

    assert browser.submit("/documentos/credor", form | {"credor": ""}).status_code == 400
    assert browser.submit("/documentos/credor", form | new).status_code == 303
    page = browser.page("/documentos").text
    assert "&lt;b&gt;" in page
    assert '"<b>' not in page

    form = form_of(browser.page("/documentos/credor", params={"credor": name}).text, "/documentos/credor")
    assert form["nome"] == "Colégio"
    assert browser.submit("/documentos/credor", form | {"termo_acordo": ""}).status_code == 303
    (creditor,) = site.panel.settings.documents.creditors
    assert (creditor.creditor, creditor.statement, creditor.agreement) == (name, "demonstrativo", "")

    version = site.panel.config.read().version
    assert browser.submit("/documentos/credor/tirar", {"credor": name, "versao": version}).status_code == 303
    assert site.panel.settings.documents.creditors == ()


def test_who_may_only_look(site: Site) -> None:
    browser = site.browser(Role.VIEWER)

    page = browser.page("/documentos").text

    assert "Copiar e mudar" not in page
    assert browser.page("/documentos/exemplo?nome=demonstrativo").content.startswith(b"%PDF-")
    assert browser.page("/documentos/modelo?nome=demonstrativo").status_code == 403
    for path in ("/documentos", "/documentos/modelo", "/documentos/modelo/enviar", "/documentos/credor"):
        assert browser.submit(path, {}).status_code == 403


def test_a_folder_that_is_gone_is_told(site: Site, tmp_path: Path) -> None:
    gone = f"\n[documentos]\npasta_modelos = '{tmp_path / 'nada'}'\n"
    site.config.write_text(site.config.read_text("utf-8") + gone, encoding="utf-8")

    page = site.browser().page("/documentos")

    assert page.status_code == 200
    assert "Não consegui abrir a pasta dos modelos" in page.text


def test_a_person_mends_a_model(site: Site, chromium: Chromium) -> None:
    with person(chromium, site, refused=400) as page:
        page.goto("/documentos")
        keep(page, "documentos-novo")
        assert accessible(page) == []
        page.get_by_role("row").filter(has_text="Demonstrativo de débitos").get_by_role("button").click()
        text = page.get_by_label("Texto do modelo")
        text.wait_for()
        page.wait_for_load_state()  # the whole text
        text.fill(text.input_value().replace("[documento]\n", "[documento]\nnada = 1\n", 1))
        page.get_by_role("button", name="Salvar modelo").click()
        line = page.get_by_role("link", name="Linha").first
        line.wait_for()
        page.wait_for_load_state()  # its script listens
        line.click()
        assert page.evaluate("() => getSelection().toString()") == "nada = 1"
        keep(page, "modelo-errado")
        assert accessible(page) == []
        text.fill(text.input_value().replace("nada = 1\n", ""))
        with page.expect_popup():
            page.get_by_role("button", name="Ver em PDF").click()
        page.get_by_role("button", name="Salvar modelo").click()
        page.get_by_text("Modelo “demonstrativo” salvo.").wait_for()
        look_around(page, "documentos")
        for name, path in (("credor", "/documentos/credor"), ("modelo", "/documentos/modelo?nome=demonstrativo")):
            page.goto(path)
            look_around(page, name)
