"""Reading block documents from TOML: what is wrong is told with line and column, and the shop's files come first."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from integrator.documents.blocks.draw import draw_document
from integrator.documents.blocks.loader import read_model
from integrator.documents.blocks.models import Models, built_in_names, built_in_source
from integrator.documents.blocks.schema import document_schema, situations_with
from integrator.domain.errors import MessageError
from integrator.messages.catalogue import modules
from integrator.settings.problems import DocumentModelError, Problem
from tests.documents.block_samples import rows_of
from tests.documents.builders import COMPANY

HEAD = '[documento]\ntitulo = "Orçamento"\n'
RULE = '[[bloco]]\ntipo = "linha"\n'


def problems_of(text: str, name: str = "orcamento") -> list[Problem]:
    with pytest.raises(DocumentModelError) as caught:
        read_model(text, f"{name}.toml", name)
    return list(caught.value.problems)


def only_problem(text: str, name: str = "orcamento") -> tuple[int, int, str]:
    [problem] = problems_of(text, name)
    return problem.place.line, problem.place.column, problem.message


def test_every_document_of_the_catalogue_has_a_model() -> None:
    drawn_elsewhere = {"boleto", "nota"}
    named = {name for module in modules() for each in module.situations for name in each.documents}
    assert named - drawn_elsewhere == set(built_in_names())
    for name in Models().names():
        assert Models().get(name).title


@pytest.mark.feature("C05")
def test_the_shops_folder_replaces_and_adds(tmp_path: Path) -> None:
    changed = built_in_source("orcamento").replace('titulo = "Orçamento"', 'titulo = "Proposta"', 1)
    (tmp_path / "orcamento.toml").write_text(changed, encoding="utf-8")
    text = '[documento]\ntitulo = "Da Alfa"\nbaseado_em = "demonstrativo"\nprecisa = ["titulos"]\n' + RULE
    (tmp_path / "demonstrativo_alfa.toml").write_text("\ufeff" + text.replace("\n", "\r\n"), encoding="utf-8")
    (tmp_path / "leia-me.txt").write_text("nada", encoding="utf-8")
    models = Models(tmp_path)
    assert set(models.names()) == {*built_in_names(), "demonstrativo_alfa"}
    assert models.get("orcamento").title == "Proposta"
    assert models.get("pedido").title == "Pedido de venda"
    assert models.get("orcamento") is models.get("orcamento")
    alfa = models.get("demonstrativo_alfa")
    assert alfa.collects
    assert alfa.needs == ("titulos",)


def test_an_unknown_document_is_refused_with_the_likely_name() -> None:
    with pytest.raises(DocumentModelError, match=r"Não existe o documento “orcamneto”\. Você quis dizer orcamento\?"):
        Models().get("orcamneto")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DocumentModelError, match="pasta_modelos"):
        Models(tmp_path / "nada").get("orcamento")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe[\x00", "UTF-8"),
        (b"[documento\ntitulo = 1", "erro de escrita"),
        (b"# " + b"x" * 300_000, "no máximo 256 KB"),
        (b"", "falta a tabela [documento]"),
    ],
)
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "pedido.toml").write_bytes(content)
    with pytest.raises(DocumentModelError, match=r"pedido\.toml") as caught:
        Models(tmp_path).get("pedido")
    assert told.lower() in caught.value.message.lower()


@pytest.mark.parametrize(
    ("text", "line", "column", "told"),
    [
        (HEAD + "rodapee = 'x'\n" + RULE, 3, 1, "A chave rodapee não existe em [documento]. Você quis dizer rodape?"),
        (HEAD + "pagina = 'a3'\n" + RULE, 3, 1, "a3"),
        (HEAD + "margem_mm = 'dez'\n" + RULE, 3, 1, "A chave margem_mm precisa ser um número, sem aspas."),
        (HEAD + "margem_mm = 100\n" + RULE, 3, 1, "entre 8 e 40"),
        (HEAD + "cobranca = 'sim'\n" + RULE, 3, 1, "true (sim) ou false (não)"),
        (HEAD + "precisa = ['items']\n" + RULE, 3, 1, "Não conheço “items”. Você quis dizer itens?"),
        ("[documento]\n" + RULE, 1, 1, "Falta a chave titulo em [documento]."),
        (HEAD, 1, 1, "Falta ao menos um [[bloco]] em um documento."),
        (HEAD + "[bloco]\ntipo = 'linha'\n", 3, 1, "precisa ser escrita como tabelas: [[bloco]]"),
        (HEAD + "[variaveis]\nVALOR = 'x'\n" + RULE, 4, 1, "não serve de nome"),
        (
            HEAD + RULE + "[[bloco]]\ntipo = 'tabelas'\n",
            6,
            1,
            "Não há bloco do tipo “tabelas”. Você quis dizer",
        ),
        (HEAD + RULE + "[[bloco]]\ntipo = 'linha'\nse = 'clinte'\n", 7, 1, "Você quis dizer cliente?"),
        (HEAD + "[[bloco]]\ntipo = 'texto'\n", 3, 1, "Falta a chave texto em [[bloco]]."),
        (HEAD + "[[bloco]]\ntipo = 'texto'\ntexto = 1\n", 5, 1, "A chave texto precisa ser um texto entre aspas."),
        (HEAD + "[[bloco]]\ntipo = 'texto'\ntexto = 'Olá {clinte}'\n", 5, 14, "Você quis dizer {cliente}?"),
        (HEAD + "[[bloco]]\ntipo = 'texto'\ntexto = '''\num\n dois {\n'''\n", 7, 7, "há um “{” sem o “}”"),
        (HEAD + "[[bloco]]\ntipo = 'campos'\n", 3, 1, "Falta ao menos um [[bloco.campos]] em [[bloco]]."),
        (
            HEAD + "[[bloco]]\ntipo = 'campos'\n[[bloco.campos]]\nrotulo = 'a'\nvalor = 'a'\n[[bloco.campos]]\n"
            "rotulo = 'b'\nvalor = '{x}'\n",
            10,
            10,
            "Não conheço a variável “x”",
        ),
        (HEAD + "[[bloco]]\ntipo = 'tabela'\nlista = 'titulo'\n", 5, 1, "Você quis dizer titulos?"),
    ],
)
def test_a_slip_is_told_with_its_place(text: str, line: int, column: int, told: str) -> None:
    found_line, found_column, message = only_problem(text)
    assert told.lower() in message.lower()
    assert (found_line, found_column) == (line, column)


def table(keys: str, column: str = "titulo = 'A'\nvalor = '{total_item}'") -> str:
    return f"{HEAD}[[bloco]]\ntipo = 'tabela'\nlista = 'itens'\n{keys}\n[[bloco.colunas]]\n{column}\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (table("agrupar = 'devedor'"), "agrupar só serve para uma lista de títulos"),
        (table("contar = ['item']"), "contar precisa do singular e do plural"),
        (table("contar = 'item'"), "A chave contar precisa ser uma lista"),
        (table("", "titulo = 'A'\nvalor = 'x'\nlargura_mm = 20"), "deixe ao menos uma coluna sem largura"),
        (table("", "titulo = 'A'\nvalor = 'x'\nsomar = 'descricao'"), "Não conheço “descricao”"),
        (table("", "titulo = 'A'\nvalor = 'x'\nalinhar = 'meio'"), "“meio” não serve em alinhar"),
        (table("") + "[[bloco.colunas]]\ntitulo = 'B'\nvalor = 'x'\n" * 10, "no máximo 10 colunas"),
    ],
)
def test_a_table_is_checked(text: str, told: str) -> None:
    assert told.lower() in only_problem(text)[2].lower()


def test_all_slips_of_a_file_are_told_in_order() -> None:
    found = problems_of(HEAD + "x = 1\n[[bloco]]\ntipo = 'linha'\ny = 2\n[[bloc]]\nz = 3\n")
    assert [problem.place.line for problem in found] == [3, 6, 7]


def test_headers_inside_texts_and_comments_do_not_confuse_the_places() -> None:
    noise = "# [[bloco]] 'não\n[[bloco]]\ntipo = 'texto'\ntexto = '''\n[[bloco]]\n[documento]\n'''\n"
    assert only_problem(HEAD + noise.replace("[[bloco]]\n[doc", "\\[[bloco\\]]\n[doc") + RULE + "y = 1\n")[0] == 12


@pytest.mark.parametrize("name", ["demonstrativo", "termo_acordo"])
def test_a_document_of_debts_is_a_collection_whatever_the_file_says(name: str) -> None:
    assert read_model(HEAD + RULE, "x.toml", name).collects
    assert "é de cobrança" in only_problem(HEAD + "cobranca = false\n" + RULE, name)[2]


def test_a_document_that_lists_open_debts_is_a_collection() -> None:
    text = "[[bloco]]\ntipo = 'tabela'\nlista = 'titulos'\n[[bloco.colunas]]\ntitulo = 'A'\nvalor = '{vencimento}'\n"
    assert read_model(HEAD + text, "x.toml", "meu").collects
    assert "é de cobrança" in only_problem(HEAD + "cobranca = false\n" + text, "meu")[2]
    assert not read_model(HEAD + RULE, "x.toml", "meu").collects


def test_a_fine_over_two_percent_is_refused_where_debts_are_collected() -> None:
    text = "[[bloco]]\ntipo = 'texto'\ntexto = 'Multa de 10% e juros de 1% ao mês'\n"
    line, _, told = only_problem(HEAD + "cobranca = true\n" + text)
    assert line == 6
    assert "não pode passar de 2%" in told
    assert read_model(HEAD + "cobranca = true\n" + text.replace("10%", "2%"), "x.toml", "meu").collects


def test_a_document_knows_the_variables_of_the_situations_that_carry_it() -> None:
    schema = document_schema("orcamento")
    declared = {each.name for situation in situations_with("orcamento") for each in situation.variables}
    assert {"numero", "validade", "cliente", "cliente_endereco"} <= set(schema.fields)
    assert declared <= set(schema.fields)
    assert "validade" not in document_schema("demonstrativo").fields
    assert "vence_hoje" in schema.lists["titulos"].fields


def test_every_example_of_the_manual_is_a_model() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "documentos.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", manual, re.DOTALL)
    assert len(examples) >= 10
    for example in examples:
        read_model(example if "[documento]" in example else HEAD + example, "documentos.md", "orcamento")


@hypothesis_settings(max_examples=60)
@given(name=st.sampled_from(sorted(built_in_names())), data=st.data())
def test_a_model_with_a_line_changed_is_drawn_or_refused_with_a_place(name: str, data: st.DataObject) -> None:
    lines = built_in_source(name).splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    wild = st.text(st.sampled_from("[]{}=\"'#.,\n\\ *_abtipo019"), max_size=12)
    cut = data.draw(st.integers(0, len(lines[at])))
    lines[at] = data.draw(st.sampled_from([lines[at][:cut], lines[at][:cut] + data.draw(wild) + lines[at][cut:]]))
    text = "\n".join(lines)
    assert all(1 <= problem.place.line <= text.count("\n") + 1 for problem in refusal_or_drawing(text, name))


def refusal_or_drawing(text: str, name: str) -> tuple[Problem, ...]:
    """Why the model is refused; one that is not can be drawn, or says in Portuguese why not."""
    try:
        model = read_model(text, "x.toml", name)
    except DocumentModelError as error:
        return error.problems
    with suppress(MessageError):
        draw_document(model, COMPANY, rows_of(model, 2))
    return ()
