"""A text looked over: what makes it impossible, and what its writer is told."""

from __future__ import annotations

import pytest

from integrator.messages.catalogue import Situation, find_situation, modules
from integrator.messages.guards import Unguarded, always_there, unguarded
from integrator.messages.language import fits_caption, parse
from integrator.messages.review import Review, review
from integrator.messages.vocabulary import situation_schema

SIGNATURE = "\n{empresa} {empresa_documento} {empresa_endereco}"


def situation(module: str, kind: str) -> Situation:
    found = find_situation(module, kind)
    assert found is not None
    return found


QUOTE = situation("ORÇAMENTO", "STATUS ORÇAMENTO")
OVERDUE = situation("AVISO DE DÉBITOS", "DÉBITO VENCIDO")


def lacking(source: str, of: Situation = OVERDUE) -> list[Unguarded]:
    schema = situation_schema(of)
    return unguarded(parse(source, schema), schema, always_there(of))


@pytest.mark.feature("B16")
@pytest.mark.parametrize("each", [each for module in modules() for each in module.situations], ids=lambda s: s.kind)
def test_every_text_of_the_catalogue_passes_without_a_word(each: Situation) -> None:
    answer = review(each.text, each)
    assert answer == Review(length=answer.length)
    assert answer.length > 0


@pytest.mark.feature("A18")
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{contato}", [Unguarded("contato", "", 1)]),
        ("a\n{contato|maiusculas}", [Unguarded("contato", "", 2)]),
        ("{contato|padrão:amigo}", []),
        ("{?contato}{contato}{/contato}", []),
        ("{?contato}x{:senao}{contato}{/contato}", [Unguarded("contato", "", 1)]),
        ("[[{contato}|x]]", [Unguarded("contato", "", 1)]),
        ("{#titulos}{pix}{/titulos}", [Unguarded("pix", "titulos", 1)]),
        ("{#titulos}{?tem_pix}{pix}{/tem_pix}{/titulos}", []),
        ("{#titulos}{documento}{vencimento}{valor_aberto}{/titulos}", []),
        ("{documento}", [Unguarded("documento", "", 1)]),
        ("{total}{vencimento}{empresa_endereco}{cliente}{qtd|a|b}{tem_pix}", []),
        ("{contato}{contato}", [Unguarded("contato", "", 1)]),
    ],
)
def test_a_variable_that_a_row_may_lack_is_found_unless_it_is_guarded(source: str, expected: list[Unguarded]) -> None:
    assert lacking(source) == expected


def test_a_guard_around_a_list_says_nothing_of_its_items() -> None:
    source = "{?codigo}{#itens}{codigo}{/itens}{codigo}{/codigo}"
    assert lacking(source, QUOTE) == [Unguarded("codigo", "itens", 1)]


def test_what_the_situation_requires_is_never_lacking() -> None:
    assert lacking("{numero} {situacao}", QUOTE) == []
    assert lacking("{validade}", QUOTE) == [Unguarded("validade", "", 1)]
    assert lacking("{total}", QUOTE) == [Unguarded("total", "", 1)]
    assert lacking("{?titulos}{total}{/titulos}", QUOTE) == []


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (
            "Oi {contato}",
            "Linha 1: {contato} pode faltar, e então a mensagem fica retida. Use {contato|padrão:…} ou ponha o trecho "
            "entre {?contato} e {/contato}.",
        ),
        (
            "Oi\n{#itens}{descricao}{/itens}",
            "Linha 2: a lista {#itens} não tem limite, e com muitos itens o texto não cabe no WhatsApp. Escreva "
            "{#itens:10} e, depois da lista, {?mais}e mais {mais}{/mais}.",
        ),
        (
            "{#itens:5}{descricao}{/itens}",
            "Linha 1: a lista {#itens} para no item 5 sem dizer que há outros. Depois dela, escreva {?mais}e mais "
            "{mais}{/mais}.",
        ),
        (
            "R$ *{valor_total|padrão:0}*",
            "Há “R$” antes de {valor_total}, que já sai com R$: o cliente leria “R$ R$ 10,00”. Tire o “R$” do texto.",
        ),
        (
            "{valor_total|padrão:0} reais",
            "Há “reais” depois de {valor_total}, que já sai com R$: o cliente leria “R$ 10,00 reais”. Tire o “reais”.",
        ),
        ("${numero}", "Há um “$” antes de {numero}, e ele sairia no texto. Tire o “$”."),
        (
            "{contato|padrão:primeiro_nome}",
            "“padrão:primeiro_nome” escreve a palavra “primeiro_nome”, e não o valor dela. Escreva o texto que o "
            "cliente deve ler.",
        ),
        (
            "x" * 1100,
            "Com os exemplos, o texto fica com 1.100 caracteres. Até 1.024 ele iria na legenda do PDF; assim, "
            "vai numa mensagem antes dos PDFs.",
        ),
    ],
)
def test_what_the_writer_should_know_is_told(source: str, told: str) -> None:
    answer = review(source, QUOTE)
    assert answer.usable
    assert told in answer.warnings


@pytest.mark.feature("B04")
@pytest.mark.parametrize(
    ("source", "told"),
    [
        (
            "Oi {clinte}",
            "Texto da mensagem, linha 1, coluna 4: não conheço a variável “clinte”. Você quis dizer {cliente}?",
        ),
        (
            "x" * 4097,
            "Com os exemplos do catálogo: A mensagem ficou com 4.097 caracteres",
        ),
        ("{?contato} {/contato}", "Com os exemplos do catálogo: O texto da mensagem ficou vazio."),
    ],
)
def test_a_text_that_cannot_be_sent_has_errors(source: str, told: str) -> None:
    answer = review(source, QUOTE)
    assert not answer.usable
    assert answer.errors[0].startswith(told)


@pytest.mark.feature("B16")
def test_a_collection_that_does_not_say_who_collects_is_told_the_law() -> None:
    told = "Toda cobrança diz quem cobra (CDC, art. 42-A). Falta dizer: "
    assert (
        told + "o endereço ({empresa_endereco}) e o CNPJ ou CPF ({empresa_documento})."
        in review("{empresa}: {total_vencido}", OVERDUE).warnings
    )
    assert review("Consta {total_vencido}." + SIGNATURE, OVERDUE).warnings == ()
    assert review("Oi {cliente}", QUOTE).warnings == ()


def test_threatening_words_are_told() -> None:
    assert any("SPC" in warning for warning in review("Evite o SPC." + SIGNATURE, OVERDUE).warnings)


def test_many_titles_that_do_not_fit_are_told() -> None:
    source = "{#titulos:90}{documento} em {vencimento}, valor {valor_aberto} do cliente {cliente}\n{/titulos}{mais}"
    answer = review(source + SIGNATURE, OVERDUE)
    assert answer.usable
    assert any(warning.startswith("Com o nome mais longo e muitos itens") for warning in answer.warnings)


def test_a_text_of_no_situation_in_particular_is_checked_too() -> None:
    assert review("Oi {cliente}") == Review()
    assert not review("Oi {numero}").usable


@pytest.mark.parametrize(("length", "fits"), [(1024, True), (1025, False)])
def test_a_caption_is_counted_as_whatsapp_counts(length: int, fits: bool) -> None:
    assert fits_caption("x" * length) is fits
    assert fits_caption("😀" * 512) is True
    assert fits_caption("😀" * 513) is False
