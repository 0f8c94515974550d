"""Texts of other systems in our language: what each name becomes, and that nothing foreign can be sent."""

from __future__ import annotations

import time
from random import Random

import pytest

from integrator.domain.errors import TemplateError
from integrator.messages.catalogue import Situation, find_situation, modules
from integrator.messages.importing import Origin, import_text
from integrator.messages.language import parse
from integrator.messages.vocabulary import base_schema, situation_schema


def situation(module: str, kind: str) -> Situation:
    found = find_situation(module, kind)
    assert found is not None
    return found


QUOTE = situation("ORÇAMENTO", "STATUS ORÇAMENTO")
SERVICE = situation("ORDEM DE SERVIÇO", "STATUS OS")
OVERDUE = situation("AVISO DE DÉBITOS", "DÉBITO VENCIDO")
PAID = situation("RECEBER", "PARCELA QUITADA")


@pytest.mark.feature("G48", "G50", "B16")
def test_the_text_of_the_manual_that_left_unresolved_becomes_one_that_prints() -> None:
    found = import_text(
        "Olá, {TORCAMENTO:CLIENTE}, esperamos que esteja bem. Passamos para lhe informar sobre a mudança na situação "
        "do orçamento que tem conosco: Situação atual : {TORCAMENTO:SITUACAO}",
        QUOTE,
    )
    assert found.text == (
        "Olá, {cliente}, esperamos que esteja bem. Passamos para lhe informar sobre a mudança na situação do orçamento "
        "que tem conosco: Situação atual : {situacao}"
    )
    assert found.mapped == (("{TORCAMENTO:CLIENTE}", "{cliente}"), ("{TORCAMENTO:SITUACAO}", "{situacao}"))
    assert (found.unmapped, found.warnings) == ((), ())
    parse(found.text, situation_schema(QUOTE))


@pytest.mark.feature("G48", "C44", "A17", "B16")
@pytest.mark.parametrize(
    ("source", "text", "of"),
    [
        ("{TORCAMENTO:NUMERO} {torcamento.codigo}", "{numero} {numero}", QUOTE),
        ("{TOS:SITUACAO} {TOS:EQUIPAMENTO}", "{situacao} {equipamento}", SERVICE),
        ("{TCLIENTE:NOME} {TCLIENTE:CPF} {TEMPRESA:CNPJ}", "{cliente} {documento} {empresa_cnpj}", OVERDUE),
        ("{TRECEBER:VENCIMENTO} {TRECEBER:VALOR}", "{vencimento} {total}", OVERDUE),
        ("{TRECEBER:DOCUMENTO}", "{#titulos:1}{documento}{/titulos}", OVERDUE),
        ("{TRECEBER:PARCELA} {TRECEBER:VALOR}", "{parcela} {total_quitado}", PAID),
        ("#NOME_DEVEDOR# #NOME_CREDOR# #NOME_USUARIO#", "{cliente} {credor} {usuario}", OVERDUE),
        ("#VALOR_TOTAL# #LINHA_DIGITAVEL#", "{total} {#titulos:1}{linha_digitavel}{/titulos}", OVERDUE),
        ("%CLIENTE% %STATUS% {nome}", "{cliente} {situacao} {cliente}", SERVICE),
        ("{{nome}} {{ customer_name | upper }}", "{cliente} {cliente|maiúsculas}", OVERDUE),
        (
            "[NOME] <<nome do cliente>> @LOJA@ «cliente» ${nome} %(nome)s",
            " ".join(("{cliente}", "{cliente}", "{empresa}", "{cliente}", "{cliente}", "{cliente}")),
            OVERDUE,
        ),
        ("{%NOME%} {{{nome}}}", "{cliente} {cliente}", OVERDUE),
        ("R$ {TRECEBER:VALOR} e R$*#VALOR_TOTAL#*", "{total} e *{total}*", OVERDUE),
        ("50% {x y} [ver anexo] {", "50% {x y} [ver anexo] {{", OVERDUE),
    ],
)
def test_each_system_is_understood(source: str, text: str, of: Situation) -> None:
    assert import_text(source, of).text == text


@pytest.mark.feature("G48")
@pytest.mark.parametrize(
    ("module", "kind", "source", "text"),
    [
        ("PEDIDO DE VENDA", "PEDIDO ENVIADO", "{TPEDIDO:NUMERO} {TPEDIDO:DATA}", "{numero} {data_pedido}"),
        (
            "CONDICIONAL",
            "CONDICIONAL CRIADA",
            "{TCONDICIONAL:TOTAL} {TCONDICIONAL:VENCIMENTO}",
            "{valor_total} {devolucao}",
        ),
        ("COMANDAS", "COMANDA FECHADA", "{TCOMANDA:MESA} {TCOMANDA:VALOR}", "{mesa} {valor_total}"),
        ("NF-E", "NF-E EMITIDA", "{TNFE:NUMERO} {TNFE:CHAVE_ACESSO}", "{numero} {chave}"),
        ("CASHBACK", "SALDO DE CASHBACK", "R$ {TCASHBACK:SALDO} {TCASHBACK:VENCIMENTO}", "{saldo} {expira_em}"),
        (
            "ORDEM DE SERVIÇO",
            "OS PRONTA",
            "{TOS:NUMERO} {TOS:DATA_ENTREGA} {TOS:DATA}",
            "{numero} {previsao} {abertura}",
        ),
        ("ANIVERSARIANTES", "ANIVERSÁRIO", "{TCLIENTES:NOME} da {TEMPRESA:FANTASIA}", "{cliente} da {empresa}"),
    ],
)
def test_each_module_has_its_names(module: str, kind: str, source: str, text: str) -> None:
    assert import_text(source, situation(module, kind)).text == text


@pytest.mark.feature("C44", "A17")
def test_numbers_of_official_templates_need_to_be_bound() -> None:
    source = "Prezado cliente {{1}}, nós representamos a empresa {{2}}. São {{3}}."
    bare = import_text(source, OVERDUE)
    assert bare.unmapped == ("{{1}}", "{{2}}", "{{3}}")
    bound = import_text(source, OVERDUE, bindings={"1": "cliente|primeiro_nome", "2": "credor", "3": "{total}"})
    assert bound.text == "Prezado cliente {cliente|primeiro_nome}, nós representamos a empresa {credor}. São {total}."
    assert bound.unmapped == ()


@pytest.mark.feature("A17", "A18", "B04")
@pytest.mark.parametrize(
    "typed",
    [
        *("{TPRODUTO:NOME}", "{TFORNECEDOR:NOME}", "{TVENDEDOR:RAMAL}", "#CORINGA_NOVO#", "%XY%", "%CAMPO_NOVO%"),
        *("{{7}}", "[CAMPO]", "<<campo novo>>", "@CAMPO@", "«campo»", "${campo}", "{{#itens}}", "{{campo.outro}}"),
        *("#CODIGO#", "{DOCUMENTO}", "<CAMPO>", "{campo|upper}"),
    ],
)
def test_what_nobody_knows_stays_visible_and_is_refused(typed: str) -> None:
    found = import_text(f"Olá {typed}.", OVERDUE)
    assert found.unmapped == (typed,)
    with pytest.raises(TemplateError):
        parse(found.text, situation_schema(OVERDUE))


def test_a_name_of_another_party_is_never_taken_for_the_customers() -> None:
    assert import_text("{TPRODUTO:CODIGO} {TTRANSPORTADORA:NOME} {TORCAMENTO:NOME}", QUOTE).mapped == ()
    assert import_text("{TORCAMENTO:VENCIMENTO}", QUOTE).text == "{validade}"


def test_only_the_chosen_system_is_read() -> None:
    found = import_text("#NOME_DEVEDOR# {nome}", OVERDUE, origin=Origin.SG)
    assert (found.mapped, found.unmapped) == ((("{nome}", "{cliente}"),), ("#NOME_DEVEDOR#",))


@pytest.mark.parametrize("of", [each for module in modules() for each in module.situations], ids=lambda s: s.kind)
def test_a_text_of_ours_stays_as_it_is(of: Situation) -> None:
    found = import_text(of.text, of)
    assert (found.text, found.mapped, found.unmapped) == (of.text.strip(), (), ())


def test_one_title_of_several_is_told() -> None:
    (warning,) = import_text("{TRECEBER:PARCELA}", OVERDUE).warnings
    assert warning.startswith("{#titulos:1}{parcela}{/titulos} mostra só o título mais antigo.")


def test_a_filter_that_we_do_not_have_is_told() -> None:
    found = import_text("{{ nome | title }}", OVERDUE)
    assert found.text == "{cliente}"
    assert found.warnings == ("“| title” ficou de fora de {cliente}. Confira como o valor sai.",)


@pytest.mark.parametrize("target", ["clinte", "cliente|moeda", "", "{"])
def test_a_binding_that_means_nothing_is_refused(target: str) -> None:
    with pytest.raises(TemplateError):
        import_text("{{1}}", OVERDUE, bindings={"1": target})


@pytest.mark.parametrize("piece", ["{{1}}", "#NOME_NOVO#", "@AAA@", "{a:b", "<<a ", "{", "[A B ", "%(a", "{{a|", "#a_"])
def test_no_text_takes_long_to_import(piece: str) -> None:
    began = time.thread_time()
    import_text(piece * (20_000 // len(piece)), OVERDUE)
    assert time.thread_time() - began < 2


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(TemplateError):
        import_text("x" * 20_001)


@pytest.mark.feature("B16")
def test_whatever_is_imported_parses_or_tells_what_is_unmapped() -> None:
    random = Random(7)
    pieces = ("{nome}", "#NOME#", "%NOME%", "{{1}}", "[NOME]", "{TOS:NUMERO}", "R$ ", "[[", "]]", "<<", ">>", "«", "»")
    signs = "{}[]|\\:#?/%@<>$ \nabN_1"
    for _ in range(1_500):
        source = "".join(
            random.choice(pieces if random.random() < 0.4 else signs) for _ in range(random.randint(1, 14))
        )
        of = random.choice((QUOTE, OVERDUE, None))
        found = import_text(source, of, bindings={"1": "cliente"})
        schema = situation_schema(of) if of else base_schema()
        if found.unmapped:
            with pytest.raises(TemplateError):
                parse(found.text, schema)
        elif found.text:
            try:
                parse(found.text, schema)
            except TemplateError:
                pytest.fail(f"{source!r} became {found.text!r}")
