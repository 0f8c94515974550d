"""Mensagens: switches of modules and messages, texts written, tried on real customers, saved, and given back."""

from __future__ import annotations

import html
import re

import pytest

from integrator.messages.catalogue import find_situation, modules
from integrator.panel.access import Role
from integrator.panel.texts.addresses import address
from integrator.policies import choices_of
from integrator.settings import Settings
from tests.panel.forms import form_of
from tests.panel.site import Browser, Site

OVERDUE = "/mensagens/aviso-de-debitos/debito-vencido"
UPCOMING = "/mensagens/aviso-de-debitos/debito-a-vencer"
QUOTE = "/mensagens/orcamento/status-orcamento"
LAWFUL = "{empresa} · {empresa_documento}\n{empresa_endereco}"


def settings(site: Site) -> Settings:
    return Settings.load(site.config)


def base(browser: Browser, path: str) -> str:
    """The proof of which text the page showed."""
    found = re.search(r'name="base" value="(\w+)"', browser.page(path).text)
    assert found is not None
    return found[1]


def state(browser: Browser, module: str) -> str:
    found = re.search(
        rf'action="/mensagens/{module}">.*?name="estado" value="(\w+)"', browser.page("/mensagens").text, re.DOTALL
    )
    assert found is not None
    return found[1]


def form(module: str, **changed: object) -> dict[str, object]:
    """The form of a module with everything on and automatic but what is ``changed``."""
    found = next(each for each in modules() if address(each.situations[0]).split("/")[2] == module)
    fields: dict[str, object] = {"ligado": "sim"}
    for each in found.situations:
        name = address(each).split("/")[3]
        fields |= {f"ligada-{name}": "sim", f"envio-{name}": "perguntar" if each.confirm else "automatico"}
        fields[f"pdf-{name}"] = list(each.documents)
    return {name: value for name, value in {**fields, **changed}.items() if value is not None}


def test_every_message_of_every_module_is_there_and_opens(site: Site) -> None:
    browser = site.browser(Role.VIEWER)
    page = browser.page("/mensagens").text

    for module in modules():
        for situation in module.situations:
            assert f'href="{address(situation)}"' in page
    assert "Salvar ORÇAMENTO" not in page
    assert browser.page("/mensagens/orcamento/nada").status_code == 404
    assert browser.page("/mensagens/..%2f..%2fconfig/x").status_code == 404


@pytest.mark.feature("G07", "G20", "G21", "G22", "S30")
def test_switches_are_saved_and_hold_for_what_is_sent(site: Site) -> None:
    browser = site.browser()
    by_hand = (
        '\n[[mensagens.situacoes]]\nmodulo = "Orçamento"\ntipo = "ORÇAMENTO FINALIZADO"\nenvio = "automatico" # sim\n'
    )
    site.config.write_text(site.config.read_text(encoding="utf-8") + by_hand, encoding="utf-8")
    fields = form("orcamento", **{"envio-status-orcamento": "perguntar", "ligada-orcamento-criado": None})
    fields |= {"estado": state(browser, "orcamento"), "pdf-orcamento-a-vencer": []}

    answer = browser.submit("/mensagens/orcamento", fields)

    assert answer.headers["location"] == "/mensagens?modulo=orcamento#orcamento"
    choices = choices_of(settings(site))
    status, made = find_situation("ORÇAMENTO", "STATUS ORÇAMENTO"), find_situation("ORÇAMENTO", "ORÇAMENTO CRIADO")
    ends = find_situation("ORÇAMENTO", "ORÇAMENTO A VENCER")
    assert status
    assert made
    assert ends
    assert choices.asks(status)
    assert not choices.sends(made)
    assert choices.of(ends).documents == ()
    assert choices.sends(status)
    assert choices.of(status).documents is None
    assert len(settings(site).messages.situations) == 4, "what is as the catalogue has it is not written"
    assert by_hand in site.config.read_text(encoding="utf-8"), "what says the same stays as it was written"
    page = browser.page("/mensagens?modulo=orcamento").text
    assert "ORÇAMENTO: salvo" in page
    assert re.search(r"(\d) de \d ligadas · 1 com pergunta", page)
    assert "STATUS ORÇAMENTO com pergunta" in site.audit()[0]

    switched_off = {**fields, "ligado": None, "estado": state(browser, "orcamento")}
    browser.submit("/mensagens/orcamento", {name: value for name, value in switched_off.items() if value is not None})

    assert not choices_of(settings(site)).sends(status), "both switches must be on"
    assert not settings(site).modules.quotes


def test_two_people_at_one_module_are_told(site: Site) -> None:
    first, second = site.browser(), site.browser()
    seen = state(second, "crm")
    first.submit("/mensagens/crm", form("crm", **{"ligada-campanha": None}) | {"estado": state(first, "crm")})

    typed = form("crm", **{"ligada-novidades": None}) | {"estado": seen}
    answer = second.submit("/mensagens/crm", typed)

    assert answer.status_code == 409
    assert "Alguém mudou este módulo" in answer.text
    assert not re.search(r'name="ligada-novidades"[^>]* checked', answer.text), "what was marked is still marked"
    assert settings(site).messages.situations[0].kind == "CAMPANHA"
    again = re.search(r'action="/mensagens/crm">.*?name="estado" value="(\w+)"', answer.text, re.DOTALL)
    assert again
    assert second.submit("/mensagens/crm", typed | {"estado": again[1]}).status_code == 303
    assert not [each for each in settings(site).messages.situations if each.kind == "CAMPANHA"]


def test_what_holds_for_all_messages_and_for_cashback(site: Site) -> None:
    browser = site.browser()

    shown = form_of(browser.page("/mensagens").text, "/mensagens/geral")
    shown.pop("legenda")
    assert browser.submit("/mensagens/geral", shown | {"codigo": "pix"}).status_code == 303
    wrong = browser.submit("/mensagens/cashback", form("cashback", validade="-3") | {"estado": ""})
    right = form("cashback", validade="90") | {"estado": state(browser, "cashback")}
    assert browser.submit("/mensagens/cashback", right).status_code == 303

    found = settings(site)
    assert found.messages.code_to_copy.value == "pix"
    assert not found.messages.text_as_caption
    assert wrong.status_code == 400
    assert 'value="-3"' in wrong.text
    assert "de 0 a 3.650" in wrong.text
    assert found.modules.cashback_days == 90
    assert browser.submit("/mensagens/geral", {"codigo": "tudo"}).status_code == 400


def test_what_somebody_else_set_for_all_messages_meanwhile_is_not_overwritten(site: Site) -> None:
    browser = site.browser()
    shown = form_of(browser.page("/mensagens").text, "/mensagens/geral")
    assert browser.submit("/mensagens/geral", shown | {"codigo": "linha_digitavel"}).status_code == 303

    answer = browser.submit("/mensagens/geral", shown | {"codigo": "pix"})

    assert answer.status_code == 409
    assert "Alguém mudou isto" in answer.text
    assert settings(site).messages.code_to_copy.value == "linha_digitavel"
    again = form_of(answer.text, "/mensagens/geral")
    assert again["codigo"] == "pix"
    assert browser.submit("/mensagens/geral", again).status_code == 303
    assert settings(site).messages.code_to_copy.value == "pix"


@pytest.mark.feature("S27", "G08", "G35")
def test_a_text_is_saved_kept_as_a_version_and_given_back(site: Site) -> None:
    browser = site.browser()
    comment = "# não apagar\n"
    site.config.write_text(comment + site.config.read_text(encoding="utf-8"), encoding="utf-8")

    for text in ("Olá, {primeiro_nome}: *{situacao}*.", "Oi, {primeiro_nome}.\r\n\r\nSituação: *{situacao}*."):
        assert browser.submit(QUOTE, {"texto": text, "base": base(browser, QUOTE)}).headers["location"] == QUOTE

    (told,) = settings(site).messages.situations
    assert told.text == "Oi, {primeiro_nome}.\n\nSituação: *{situacao}*."
    assert comment in site.config.read_text(encoding="utf-8")
    assert 'texto = """\nOi, {primeiro_nome}.\n\nSituação' in site.config.read_text(encoding="utf-8")
    page = browser.page(QUOTE).text
    (older,) = re.findall(rf'href="({QUOTE}/versoes/\d+)"', page)
    assert "em vigor" in page
    assert "Texto salvo" in page
    shown = browser.page(older).text
    assert "Usar esta versão" in shown
    assert '<p class="went"><span class="sign">−</span>Olá, {primeiro_nome}: *{situacao}*.</p>' in shown

    assert browser.submit(older).headers["location"] == QUOTE
    assert settings(site).messages.situations[0].text == "Olá, {primeiro_nome}: *{situacao}*."
    assert "Olá, {primeiro_nome}: *{situacao}*." in browser.page(f"{QUOTE}?versao={older.rsplit('/', 1)[1]}").text

    browser.submit(f"{QUOTE}/padrao")
    assert settings(site).messages.situations == ()
    assert "texto padrão do programa" in browser.page(QUOTE).text
    assert [deed.split(": ", 1)[1] for deed in site.audit()[:2]] == [
        "mudou o texto ORÇAMENTO, STATUS ORÇAMENTO: texto padrão",
        "mudou o texto ORÇAMENTO, STATUS ORÇAMENTO: texto da loja",
    ]


def test_a_text_with_errors_is_refused_and_stays_in_the_editor(site: Site) -> None:
    browser = site.browser()
    wrong = f"Oi {{clinte}} & <b>você</b>\n{LAWFUL}"

    answer = browser.submit(OVERDUE, {"texto": wrong, "base": base(browser, OVERDUE)})

    assert answer.status_code == 400
    assert f">\n{html.escape(wrong)}</textarea>" in answer.text
    assert "linha 1, coluna 4" in answer.text
    assert "Você quis dizer {cliente}?" in answer.text
    assert "<b>você" not in answer.text
    assert settings(site).messages.overdue_text == ""
    assert "ficou vazio" in browser.submit(OVERDUE, {"texto": " ", "base": ""}).text
    warned = browser.submit(f"{OVERDUE}/conferir", {"texto": "Pague ou vai para o SPC, {cliente}"}).text
    assert "soa como ameaça" in warned
    assert "art. 42-A" in warned


def test_two_people_at_one_text_are_told_and_nothing_is_lost(site: Site) -> None:
    first, second = site.browser(), site.browser()
    seen = base(second, QUOTE)
    first.submit(QUOTE, {"texto": "Texto da primeira, {cliente}.", "base": base(first, QUOTE)})

    answer = second.submit(QUOTE, {"texto": "Texto da segunda, {cliente}.", "base": seen})

    assert answer.status_code == 409
    assert "Outra pessoa salvou este texto" in answer.text
    assert '<span class="sign">−</span>Texto da primeira' in answer.text
    assert '<span class="sign">+</span>Texto da segunda' in answer.text
    assert settings(site).messages.situations[0].text == "Texto da primeira, {cliente}."
    again = re.search(r'name="base" value="(\w+)"', answer.text)
    assert again
    assert second.submit(QUOTE, {"texto": "Texto da segunda, {cliente}.", "base": again[1]}).status_code == 303
    assert settings(site).messages.situations[0].text == "Texto da segunda, {cliente}."
    assert second.submit(QUOTE, {"texto": "Texto da segunda, {cliente}.", "base": seen}).status_code == 303, "twice"
    assert "Texto da primeira" in second.page(QUOTE).text


def test_a_text_written_straight_into_the_file_is_a_version_too(site: Site) -> None:
    browser = site.browser()
    browser.submit(OVERDUE, {"texto": f"Do painel, {{cliente}}\n{LAWFUL}", "base": base(browser, OVERDUE)})
    by_hand = site.config.read_text(encoding="utf-8").replace("Do painel", "Do Bloco de Notas")
    site.config.write_text(by_hand, encoding="utf-8")

    page = browser.page(OVERDUE).text

    assert "fora do painel, no config.toml" in page
    assert page.index("Do Bloco de Notas, {cliente} {empresa}") < page.index("Do painel, {cliente} {empresa}")

    site.config.write_text(by_hand.replace("Do Bloco", "De novo do Bloco"), encoding="utf-8")
    browser.submit(f"{OVERDUE}/padrao")
    assert "De novo do Bloco de Notas, {cliente} {empresa}" in browser.page(OVERDUE).text


@pytest.mark.feature("S28")
def test_one_text_for_all_debt_notices_and_back(site: Site) -> None:
    browser = site.browser()
    shared, own = f"Para todos, {{cliente}}\n{LAWFUL}", f"Só a vencer, {{cliente}}\n{LAWFUL}"
    browser.submit(UPCOMING, {"texto": own, "base": base(browser, UPCOMING)})

    browser.submit(OVERDUE, {"texto": shared, "mesmo": "sim", "base": base(browser, OVERDUE)})

    found = settings(site).messages
    assert (found.same_text, found.overdue_text, found.upcoming_text) == (True, shared, own)
    assert "Para todos, {cliente}" in browser.page(UPCOMING).text
    assert "usam hoje o mesmo texto" in browser.page("/mensagens").text
    # A switch of the other one leaves the text that sleeps in the file alone.
    fields = form("aviso-de-debitos", **{"envio-debito-a-vencer": "perguntar"})
    browser.submit("/mensagens/aviso-de-debitos", fields | {"estado": state(browser, "aviso-de-debitos")})
    assert settings(site).messages.upcoming_text == own

    browser.submit(UPCOMING, {"texto": own, "base": base(browser, UPCOMING)})
    found = settings(site).messages
    assert (found.same_text, found.overdue_text, found.upcoming_text) == (False, shared, own)


def test_what_the_environment_fixes_cannot_be_saved(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTEGRATOR_MODULOS__CRM", "false")
    monkeypatch.setenv("INTEGRATOR_MENSAGENS__VENCIDOS", f"Do ambiente, {{cliente}}\n{LAWFUL}")
    browser = site.browser()

    assert re.search(r'id="crm-ligado"[^>]* disabled', browser.page("/mensagens").text)
    assert "INTEGRATOR_MENSAGENS__VENCIDOS" in browser.page(OVERDUE).text
    answer = browser.submit(OVERDUE, {"texto": f"Outro {{cliente}}\n{LAWFUL}", "base": base(browser, OVERDUE)})
    assert answer.status_code == 400
    assert "INTEGRATOR_MENSAGENS__VENCIDOS" in answer.text
    fields = form("crm", ligado="sim", **{"ligada-campanha": None}) | {"estado": state(browser, "crm")}
    assert browser.submit("/mensagens/crm", fields).status_code == 303
    assert "crm = " not in site.config.read_text(encoding="utf-8")


@pytest.mark.feature("B16")
def test_real_customers_read_the_text_whatever_they_are_called(site: Site) -> None:
    browser = site.browser(Role.VIEWER)
    worst = '<img src=x onerror=alert(1)>"><script>alert(2)</script> *x* 😀'
    site.execute("UPDATE WA_FILA SET CLIENTE_NOME = ?", (worst.replace("😀", ""),))

    page = browser.submit(
        f"{OVERDUE}/parte", {"texto": "*Oi* {cliente}, <script>alert(3)</script> {total_vencido}"}
    ).text

    assert "Nome mais longo" in page
    assert "Mais títulos ou itens" in page
    assert "Mais dados faltando" in page
    assert "<strong>Oi</strong> &lt;img src=x onerror=alert(1)&gt;" in page
    assert "<script" not in page
    assert "<img" not in page
    files = re.findall(rf'href="({OVERDUE}/arquivos/[^"]+)"', page)
    answer = browser.page(files[0])
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("inline; filename*=UTF-8''demonstrativo")
    assert browser.page(f"{OVERDUE}/arquivos/1-0/1").status_code == 404
    assert browser.page(f"{files[0][:-1]}99").status_code == 404
    assert browser.page(f"{OVERDUE}/arquivos/..%2f1/1").status_code == 404


def test_without_rows_or_without_a_database_the_samples_are_shown(site: Site) -> None:
    browser = site.browser()
    never = "/mensagens/comandas/comanda-aberta"
    told = "A fila ainda não tem mensagens deste tipo: estes são exemplos."
    assert told in browser.submit(f"{never}/conferir", {"texto": "Comanda {numero}"}).text
    config = site.config.read_text(encoding="utf-8")
    site.config.write_text(re.sub(r"porta = \d+", "porta = 1", config), encoding="utf-8")

    assert browser.page(OVERDUE).status_code == 200
    answer = browser.submit(f"{OVERDUE}/conferir", {"texto": f"Sem banco, {{cliente}}\n{LAWFUL}"})
    assert "Não consegui ler mensagens da fila" in answer.text
    assert "Exemplo de nome longo" in answer.text
    text = f"Sem banco, {{cliente}}\n{LAWFUL}"
    assert browser.submit(OVERDUE, {"texto": text, "base": base(browser, OVERDUE)}).status_code == 303


@pytest.mark.feature("B16", "G48")
def test_a_text_of_another_system_is_translated_and_what_is_unknown_is_asked(site: Site) -> None:
    browser = site.browser()
    fields = {"texto": "antes", "base": base(browser, QUOTE), "outro": "Oi {TORCAMENTO:CLIENTE}, #XPTO#: {{1}}"}

    first = browser.submit(f"{QUOTE}/importar", fields).text
    bound = fields | {"nome": ["#XPTO#", "{{1}}"], "vale": ["situacao", "numero"]}
    second = browser.submit(f"{QUOTE}/importar", bound).text

    assert "Sem tradução: <code>#XPTO#</code>, <code>{{1}}</code>" in first
    assert "Oi {cliente}, {situacao}: {numero}</textarea>" in second
    assert "Confira a prévia e salve" in second
    assert settings(site).messages.situations == ()
    wrong = browser.submit(f"{QUOTE}/importar", fields | {"nome": "{{1}}", "vale": "clinte"})
    assert wrong.status_code == 400
    assert "Você quis dizer {cliente}?" in wrong.text
