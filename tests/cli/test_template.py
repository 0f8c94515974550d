"""``template``: the texts listed, shown, checked, tried on real customers and imported."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path

import pytest

from integrator.messages.catalogue import modules
from tests.cli.conftest import Office
from tools.faults_shop import Shop

COUNT = sum(len(module.situations) for module in modules())
DEBT = ("AVISO DE DÉBITOS", "DÉBITO VENCIDO")


def written(office: Office, text: str) -> str:
    file = office.folder / "texto.txt"
    file.write_text(text, encoding="utf-8")
    return str(file)


def flat(text: str) -> str:
    return " ".join(text.replace("│", " ").split())


@pytest.mark.feature("S27")
def test_every_message_is_listed_with_its_switches_and_whose_text_it_has(desk: Office) -> None:
    desk.configure("[mensagens]\nvencidos = 'Oi {cliente}, consta {total_vencido}.'\n")
    answer = desk.run("template", "list")
    assert answer.code == 0
    lines = [" ".join(line.split()) for line in answer.out.splitlines()]
    assert "AVISO DE DÉBITOS DÉBITO VENCIDO ligada automático da loja" in lines
    assert "ORÇAMENTO ORÇAMENTO CRIADO ligada automático padrão" in lines
    assert sum("ligada" in line for line in lines) == COUNT
    only = desk.run("template", "list", "--modulo", "nfe").out
    assert "NF-E EMITIDA" in only
    assert "ORÇAMENTO" not in only


@pytest.mark.feature("S27")
def test_a_text_is_shown_with_its_variables(desk: Office) -> None:
    desk.configure("")
    answer = desk.run("template", "show", "orcamento", "status orçamento")
    assert answer.code == 0
    assert "mudou de situação" in answer.out
    assert "Situação atual do orçamento (obrigatória)" in flat(answer.out)
    assert "Dentro de {#titulos}, {#vencidos}, {#a_vencer}, {#quitados}:" in answer.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("show", "orcamnto", "x"), "Não há módulo chamado “orcamnto”. Você quis dizer “ORÇAMENTO”?"),
        (("show", "nfe", "nfe emitda"), "O módulo NF-E não tem o tipo “nfe emitda”. Você quis dizer “NF-E EMITIDA”?"),
        (("check", "-", "--modulo", "nfe"), "--modulo e --tipo andam juntos: informe os dois."),
        (("import", "-", "--de", "outro"), "“outro” não serve. Use: auto, sg, cedrus, crm, meta."),
    ],
)
def test_a_name_that_does_not_exist_is_a_mistyped_command(desk: Office, arguments: tuple[str, ...], told: str) -> None:
    desk.configure("")
    answer = desk.run("template", *arguments)
    assert answer.code == 2
    assert told in answer.err


@pytest.mark.feature("B04", "B16")
def test_all_texts_are_checked_and_the_default_ones_are_in_order(desk: Office) -> None:
    desk.configure("")
    answer = desk.run("template", "check")
    assert (answer.code, answer.out) == (0, f"{COUNT} textos conferidos: tudo em ordem.\n")


@pytest.mark.feature("B04", "A18")
def test_a_text_of_the_shop_with_a_slip_is_told_with_its_place(desk: Office) -> None:
    desk.configure(
        "[mensagens]\nvencidos = 'Oi {clinte}'\n[[mensagens.situacoes]]\nmodulo = 'nfe'\ntipo = 'nf-e emitida'\n"
        "texto = 'Nota {numero}, {contato}.'\n"
    )
    answer = desk.run("template", "check")
    assert answer.code == 1
    assert "[mensagens] vencidos\n  Erro: Texto da mensagem, linha 1, coluna 4: não conheço" in answer.out
    assert "[[mensagens.situacoes]] NF-E, NF-E EMITIDA\n  Atenção: Linha 1: {contato} pode faltar" in answer.out
    assert answer.out.endswith(f"{COUNT + 2} textos conferidos: 1 com erro e 1 com avisos.\n")


def test_a_text_for_a_situation_that_does_not_exist_is_told(desk: Office) -> None:
    desk.configure("[[mensagens.situacoes]]\nmodulo = 'nfe'\ntipo = 'perdida'\ntexto = 'x'\n")
    answer = desk.run("template", "check")
    assert answer.code == 1
    assert "o módulo “nfe” não tem o tipo “perdida”" in answer.err


def test_a_text_is_checked_from_a_file_or_as_it_is_typed(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.configure("")
    assert desk.run("template", "check", written(desk, "Oi {cliente}, *R$ {total}*")).code == 0
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("Olá {cliénte} ção".encode("cp1252"))))
    assert desk.run("template", "check", "-").out == "1 texto conferido: tudo em ordem.\n"
    assert desk.run("template", "check", str(desk.folder / "falta.txt")).code == 1
    binary = desk.folder / "b.txt"
    binary.write_bytes(b"\x81\x8d")
    assert "não é um texto" in desk.run("template", "check", str(binary)).err


@pytest.mark.feature("G48", "C44", "B16")
def test_a_text_of_another_system_is_imported_with_a_report(desk: Office) -> None:
    desk.configure("")
    file = written(desk, "Olá, {TORCAMENTO:CLIENTE}, {{1}}: {TORCAMENTO:SITUACAO}. {TVENDEDOR:RAMAL}")
    options = ("--modulo", "orcamento", "--tipo", "status orçamento")
    answer = desk.run("template", "import", file, *options, "--variavel", "{{1}}=numero")
    assert answer.code == 1
    assert answer.out == "Olá, {cliente}, {numero}: {situacao}. {TVENDEDOR:RAMAL}\n"
    assert "{TORCAMENTO:CLIENTE} passou a {cliente}" in answer.err
    assert "{TVENDEDOR:RAMAL} não tem tradução" in answer.err
    out = desk.folder / "novo.txt"
    done = desk.run(
        "template",
        "import",
        file,
        *options,
        "--variavel",
        "1=numero",
        "--variavel",
        "TVENDEDOR:RAMAL=empresa_telefone",
        "--saida",
        str(out),
    )
    assert (done.code, done.out) == (0, "")
    assert out.read_text(encoding="utf-8") == "Olá, {cliente}, {numero}: {situacao}. {empresa_telefone}\n"
    wrong = desk.run("template", "import", file, *options, "--variavel", "1=clinte")
    assert wrong.code == 2
    assert "Você quis dizer {cliente}?" in wrong.err


@pytest.mark.feature("B16")
@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_each_message_is_tried_on_the_samples_where_there_is_no_database(desk: Office, module: object) -> None:
    desk.configure("")
    for situation in next(each for each in modules() if each is module).situations[:1]:
        answer = desk.run("template", "preview", situation.module, situation.kind)
        assert answer.code == 0, answer.err
        assert answer.out.startswith("Nenhum banco está configurado: uso os exemplos do catálogo.")
        assert answer.out.count("│ *Ferragens Exemplo*") + answer.out.count("Seria cancelada") == 3
        assert "Ficaria retida" not in answer.out


@pytest.mark.feature("B16")
def test_a_text_that_cannot_be_used_is_not_tried(desk: Office) -> None:
    desk.configure("")
    answer = desk.run("template", "preview", *DEBT, "--texto", written(desk, "Oi {clinte}"))
    assert answer.code == 1
    assert "O texto não pode ser usado. Texto da mensagem, linha 1, coluna 4" in answer.err


def enqueue(shop: Shop, number: int, name: str, titles: int, **columns: str) -> int:
    row_id = shop.enqueue(number)
    for place in range(titles):
        shop.add_title(row_id, number * 100 + place, date.today() - timedelta(days=9), boleto=False)
    shop.run("UPDATE WA_FILA SET CLIENTE_NOME = ?, SITUACAO = 'retida' WHERE ID = ?", (name, row_id))
    for column, value in columns.items():
        shop.run(f"UPDATE WA_FILA SET {column} = ? WHERE ID = ?", (value, row_id))
    return row_id


@pytest.mark.feature("B16")
def test_a_text_is_tried_on_the_three_hardest_customers_and_nothing_is_written(office: Office, shop: Shop) -> None:
    known = {"CLIENTE_DOC": "52998224725", "CLIENTE_ENDERECO": "Rua A", "CONTATO_NOME": "Ana"}
    enqueue(shop, 1, "Mercearia *do* Zé", 1, **known)
    enqueue(shop, 2, "Comunidade Evangélica de Confissão Luterana de Concórdia", 1, **known)
    enqueue(shop, 3, "Rui", 12, **known)
    enqueue(shop, 4, "Lia", 1)
    enqueue(shop, 5, "Eva", 2, **known)
    before = shop.rows("SELECT ID, SITUACAO, ATUALIZADO_EM FROM WA_FILA ORDER BY ID")
    source = written(office, "Oi {cliente}, {contato}: {qtd} títulos, *{total}*. {empresa} {empresa_endereco}")
    folder = office.folder / "pdfs"
    answer = office.run("template", "preview", *DEBT, "--texto", source, "--pdf", str(folder))
    assert answer.code == 0, answer.err
    first, second, third = answer.out.split("\n\n")[:3]
    assert first.strip().startswith("1. Nome mais longo: Comunidade Evangélica de Confissão Luterana de Concórdia")
    assert "Oi Comunidade Evangélica de Confissão Luterana de Concórdia, Ana: 1 títulos" in flat(first)
    assert second.startswith("2. Mais títulos ou itens: Rui")
    assert "Ana: 12 títulos, *R$ 1.446,00*" in flat(second)
    assert third.startswith("3. Mais dados faltando: Lia")
    assert "Ficaria retida: A variável {contato} do texto está sem valor nesta mensagem." in flat(third)
    assert shop.rows("SELECT ID, SITUACAO, ATUALIZADO_EM FROM WA_FILA ORDER BY ID") == before
    assert {path.name[:2] for path in folder.iterdir()} == {"1-", "2-"}
    assert all(path.read_bytes().startswith(b"%PDF") for path in folder.iterdir())


@pytest.mark.feature("B16")
def test_a_queue_without_such_messages_says_so_and_marks_of_a_name_are_told(office: Office, shop: Shop) -> None:
    enqueue(shop, 1, "Mercearia *do Zé", 1)
    none = office.run("template", "preview", "nfe", "NF-E EMITIDA")
    assert none.out.startswith("A fila não tem mensagens de NF-E, NF-E EMITIDA: uso os exemplos do catálogo.")
    answer = office.run("template", "preview", *DEBT)
    assert "Há “*” sem par no texto" in flat(answer.out)
    assert "Vai numa" not in answer.out
    assert office.run("template", "preview", *DEBT, "--exemplos").out.count("│ *Ferragens Exemplo*") == 3


def test_the_queue_is_only_read_where_the_contract_is(office: Office, empty_database: Path) -> None:
    answer = office.run("template", "preview", *DEBT)
    assert answer.code == 1
    assert "integrator schema install" in answer.err
