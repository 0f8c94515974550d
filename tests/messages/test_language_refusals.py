"""Every mistake in a text is refused when the text is read, in words that its writer understands."""

from __future__ import annotations

import time

import pytest

from integrator.domain.errors import MissingValue, TemplateError
from integrator.messages.language import parse
from tests.messages.builders import SCHEMA, rendered


def refusal(source: str) -> str:
    with pytest.raises(TemplateError) as caught:
        parse(source, SCHEMA)
    return caught.value.message


@pytest.mark.feature("B04")
@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("Oi {clinte}", "coluna 4: não conheço a variável “clinte”. Você quis dizer {cliente}?"),
        ("{xyz}", "coluna 1: não conheço a variável “xyz”. Confira o nome."),
        ("{nome}", "coluna 1: não conheço a variável “nome”. Você quis dizer {cliente}?"),
        ("{tem pix}", "coluna 1: “{tem pix}” não é uma variável. Você quis dizer {tem_pix}?"),
        ("{valor}", "coluna 1: não conheço a variável “valor”. Ela só existe dentro de {#titulos}…{/titulos}."),
        ("{?clinte}a{/clinte}", "coluna 1: não conheço a variável “clinte”. Você quis dizer {cliente}?"),
        ("{titulos}", "coluna 1: “titulos” é uma lista: use {#titulos}…{/titulos}."),
        ("{#titulo}a{/titulo}", "coluna 1: não há lista chamada “titulo” aqui. Você quis dizer {#titulos}?"),
        (
            "{#cliente}a{/cliente}",
            "coluna 1: “cliente” não é uma lista; para mostrar só quando houver valor, use {?cliente}.",
        ),
        ("{total|moedas}", "coluna 1: não há filtro chamado “moedas”. Você quis dizer “moeda”?"),
        ("{cliente|maiúscula}", "coluna 1: não há filtro chamado “maiúscula”. Você quis dizer “maiúsculas”?"),
        ("{cliente|padrao1:x}", "coluna 1: não há filtro chamado “padrao1”. Você quis dizer “padrão”?"),
        (
            "{qtd|parcela}",
            "coluna 1: não há filtro chamado “parcela”. Singular e plural dependem de um número e se escrevem assim: "
            "{qtd|parcela|parcelas}.",
        ),
        (
            "{cliente|parcela|parcelas}",
            "coluna 1: não há filtro chamado “parcela”. Singular e plural dependem de um número e se escrevem assim: "
            "{qtd|parcela|parcelas}.",
        ),
        (
            "{qtd||}",
            "coluna 1: faltam as palavras do singular e do plural, como em {qtd|parcela|parcelas}.",
        ),
        ("{cliente|moeda}", "coluna 1: o filtro “moeda” não serve para texto."),
        ("{total|data}", "coluna 1: o filtro “data” não serve para valor."),
        ("{total|maiusculas|moeda}", "coluna 1: o filtro “moeda” não serve para texto."),
        ("{cliente|}", "coluna 1: falta o nome do filtro depois de “|”."),
        ("{total|moeda:2}", "coluna 1: o filtro “moeda” não leva argumento."),
        ("{contato|padrão}", "coluna 1: o filtro “padrão” precisa de um texto, como em {contato|padrão:cliente}."),
        ("{contato|padrão: }", "coluna 1: o filtro “padrão” precisa de um texto, como em {contato|padrão:cliente}."),
    ],
)
def test_an_unknown_name_or_filter_is_refused_with_the_likely_one(source: str, what: str) -> None:
    assert refusal(source) == f"Texto da mensagem, linha 1, {what}"


@pytest.mark.feature("B04")
@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("Oi {cliente", "coluna 4: há um “{” sem o “}” que o fecha; para escrever uma chave, use “{{”."),
        ("Oi {cliente\n}", "coluna 4: há um “{” sem o “}” que o fecha; para escrever uma chave, use “{{”."),
        ("{cli{ente}", "coluna 1: há um “{” sem o “}” que o fecha; para escrever uma chave, use “{{”."),
        ("a } b", "coluna 3: há um “}” sozinho; para escrever uma chave, use “}}”."),
        ("{}", "coluna 1: falta o nome da variável em “{}”; para escrever uma chave, use “{{”."),
        ("{#}", "coluna 1: falta o nome da lista, como em {#titulos}."),
        ("{?}", "coluna 1: falta o nome da variável, como em {?tem_boleto}."),
        ("{1+1}", "coluna 1: “{1+1}” não é uma variável; para escrever uma chave, use “{{”."),
        ("{#titulos}x", "coluna 1: o bloco “titulos” não foi fechado com {/titulos}."),
        ("{?cliente}x", "coluna 1: o bloco “cliente” não foi fechado com {/cliente}."),
        ("x{/cliente}", "coluna 2: “{/cliente}” não tem um bloco aberto antes."),
        ("x{:senao}", "coluna 2: “{:senao}” não tem um bloco aberto antes."),
        ("{?cliente}x{:senão}y{:senão}z{/cliente}", "coluna 21: “{:senão}” só vale uma vez, dentro de um bloco {?…}."),
        ("{#titulos}x{:senao}y{/titulos}", "coluna 12: “{:senao}” só vale uma vez, dentro de um bloco {?…}."),
        ("{?cliente}a]]{/cliente}", "coluna 1: o bloco “cliente” não foi fechado com {/cliente} antes do “]]”."),
        ("{?cliente}x{:outro}y{/cliente}", "coluna 12: não existe “{:outro}”; o que existe é {:senao}."),
        ("{#titulos}{?numero}x{/titulos}", "coluna 21: “{/titulos}” fecha outro bloco; o que está aberto é “numero”."),
        (
            "{#titulos}{#titulos}x{/titulos}{/titulos}",
            "coluna 11: a lista “titulos” não pode ficar dentro de outra lista.",
        ),
        (
            "{#titulos:0}x{/titulos}",
            "coluna 1: o limite da lista deve ser um número de 1 a 100, como em {#titulos:10}.",
        ),
        (
            "{#titulos:}x{/titulos}",
            "coluna 1: o limite da lista deve ser um número de 1 a 100, como em {#titulos:10}.",
        ),
        (
            "{#titulos:101}x{/titulos}",
            "coluna 1: o limite da lista deve ser um número de 1 a 100, como em {#titulos:10}.",
        ),
        ("[[Olá|Oi", "coluna 1: a variação “[[…” não foi fechada com “]]”."),
        ("[[Olá]]", "coluna 1: a variação precisa de duas ou mais opções, como em [[Olá|Oi]]."),
        ("Olá]]", "coluna 4: há um “]]” sem o “[[” que o abre; para escrever colchetes, use “\\]]”."),
        ("[[{?cliente}a|b]]", "coluna 3: o bloco “cliente” não foi fechado com {/cliente}."),
        ("a\x00b", "coluna 2: há um caractere que não é texto (código 0)."),
        ("a\udc81b", "coluna 2: há um caractere que não é texto (código 56449)."),
    ],
)
def test_a_text_that_is_not_well_formed_is_refused_at_its_place(source: str, what: str) -> None:
    assert refusal(source) == f"Texto da mensagem, linha 1, {what}"


@pytest.mark.feature("B04", "G50")
@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("{TORCAMENTO:CLIENT}", "“{TORCAMENTO:CLIENT}” é uma variável de outro sistema. Você quis dizer {cliente}?"),
        (
            "{cliente.nome_x}",
            "“{cliente.nome_x}” é uma variável de outro sistema. Use uma variável do integrador, "
            "por exemplo {cliente}.",
        ),
        ("#CLIENTE#", "“#CLIENTE#” é uma variável de outro sistema. Você quis dizer {cliente}?"),
        ("%CRM%", "“%CRM%” é uma variável de outro sistema. Use uma variável do integrador, por exemplo {cliente}."),
        (
            "{{1}}",
            "“{{1}}” é uma variável de modelo oficial do WhatsApp. Use uma variável do integrador, por exemplo "
            "{cliente}.",
        ),
        ("{{ cliente }}", "“{{ cliente }}” é uma variável de outro sistema. Você quis dizer {cliente}?"),
        ("{{{{cliente}}}}", "“{{{{cliente}}” é uma variável de outro sistema. Você quis dizer {cliente}?"),
    ],
)
def test_the_placeholders_of_other_systems_are_named_as_such(source: str, what: str) -> None:
    assert refusal(f"Oi {source}") == f"Texto da mensagem, linha 1, coluna 4: {what}"


def test_the_place_is_counted_in_lines_and_columns() -> None:
    assert refusal("Bom dia,\r\n\r\n  {clinte}").startswith("Texto da mensagem, linha 3, coluna 3: ")


def test_a_long_name_is_cut_in_the_complaint() -> None:
    assert refusal("{" + "a" * 500 + "}") == (
        f"Texto da mensagem, linha 1, coluna 1: não conheço a variável “{'a' * 40}…”. Confira o nome."
    )


def test_blocks_may_not_be_nested_without_end() -> None:
    assert "há mais de 8 blocos um dentro do outro" in refusal("{?cliente}" * 500 + "{/cliente}" * 500)


@pytest.mark.feature("B04")
def test_a_text_of_ten_megabytes_is_refused_at_once() -> None:
    source = "{cliente}" * 1_100_000
    began = time.thread_time()
    assert refusal(source) == "O texto da mensagem tem 9.900.000 caracteres; o máximo é 20.000. Encurte o texto."
    assert time.thread_time() - began < 0.1


@pytest.mark.feature("B04")
@pytest.mark.parametrize("nothing", [None, "", "   ", "\x00\x00", "\u200b", "\u00a0\u2060"])
def test_a_value_that_is_missing_holds_the_message(nothing: str | None) -> None:
    with pytest.raises(MissingValue) as caught:
        rendered("Oi {cliente}", cliente=nothing)
    assert caught.value.message == (
        "A variável {cliente} do texto está sem valor nesta mensagem. Preencha o dado no ERP ou use um valor padrão "
        "no texto."
    )


def test_a_value_missing_in_a_list_tells_which_item() -> None:
    with pytest.raises(MissingValue, match=r"está sem valor nesta mensagem \(item 1 de \{#titulos\}\)\."):
        rendered("{#titulos}{pix}{/titulos}")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{obs|moeda}", "O valor da variável {obs} não é um valor em reais: “a combinar”. Corrija o dado no ERP."),
        ("{obs|data}", "O valor da variável {obs} não é uma data: “a combinar”. Corrija o dado no ERP."),
        (
            "{obs|item|itens}",
            "A variável {obs} do texto não é um número nesta mensagem: sem ele não há como escolher entre "
            "singular e plural. Corrija o dado no ERP.",
        ),
    ],
)
def test_a_value_of_the_erp_that_cannot_be_read_holds_the_message(source: str, reason: str) -> None:
    with pytest.raises(MissingValue) as caught:
        rendered(source, obs="a combinar")
    assert caught.value.message == reason


@pytest.mark.parametrize("day", ["2026-02-30", "31/04/2026", "20-11-2026", "20/11/26", "amanhã"])
def test_a_day_that_does_not_exist_or_is_unclear_is_not_guessed(day: str) -> None:
    with pytest.raises(MissingValue, match="não é uma data"):
        rendered("{obs|data}", obs=day)


@pytest.mark.parametrize("amount", ["1.234", "1,234.56", "12.34.56", "R$", "nan", "1e5", "--1", ""])
def test_an_amount_that_could_be_read_in_two_ways_is_not_guessed(amount: str) -> None:
    with pytest.raises(MissingValue):
        rendered("{obs|moeda}", obs=amount)


def test_a_result_longer_than_whatsapp_takes_is_refused() -> None:
    with pytest.raises(TemplateError) as caught:
        rendered("{cliente}", cliente="x" * 4097)
    assert caught.value.message == (
        "A mensagem ficou com 4.097 caracteres; o WhatsApp aceita até 4.096. Encurte o texto ou limite a lista, por "
        "exemplo {#titulos:10}."
    )


def test_the_length_counts_an_emoji_twice_as_whatsapp_does() -> None:
    assert rendered("{cliente}", cliente="😀" * 2048) == "😀" * 2048
    with pytest.raises(TemplateError, match=r"4\.098 caracteres"):
        rendered("{cliente}", cliente="😀" * 2049)


def test_a_list_without_end_stops_before_it_fills_the_memory() -> None:
    endless = ({"numero": "x" * 1000},) * 1_000_000
    with pytest.raises(TemplateError, match="A mensagem ficou longa demais para o WhatsApp"):
        rendered("{#titulos}{numero}{/titulos}", titulos=endless)


def test_a_value_of_ten_megabytes_is_refused() -> None:
    with pytest.raises(TemplateError) as caught:
        rendered("{cliente|primeiro_nome}", cliente="a " * 5_000_000)
    assert caught.value.message == (
        "O valor da variável {cliente} tem 10.000.000 caracteres; o máximo é 20.000. Confira o dado no ERP."
    )


def test_a_text_that_comes_out_empty_is_refused() -> None:
    with pytest.raises(TemplateError, match="ficou vazio"):
        rendered("{?contato}Oi{/contato}\n ")
