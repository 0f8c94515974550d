"""A well-formed text prints what its writer expects."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import pytest

from integrator.domain.errors import TemplateError
from integrator.messages.catalogue import DebtKind
from integrator.messages.language import parse, utf16_length
from integrator.messages.schema import Value
from integrator.messages.values import Enclosed, message_values
from integrator.messages.vocabulary import message_schema
from tests.messages.builders import NOW, OVERDUE, SCHEMA, debt_notice, default_text, rendered


@pytest.mark.feature("S27")
@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Oi {cliente}", "Oi JOSÉ ANTÔNIO GONÇALVES"),
        ("{CLIENTE} {Cliente} { cliente }", " ".join(["JOSÉ ANTÔNIO GONÇALVES"] * 3)),
        ("{peça} {PECA}", "3 3"),
        ("{total} {hoje} {envio} {qtd} {tem_pix}", "R$ 1.234,56 20/11/2026 20/11/2026 14:05 2 sim"),
        ("{documento} {fone}", "123.456.789-09 (49) 98859-0187"),
        ("{qtd|moeda} {envio|data}", "R$ 2,00 20/11/2026"),
        ("{cliente|primeiro_nome}", "José"),
        ("{cliente|primeiro_nome|MAIÚSCULAS}", "JOSÉ"),
        ("{total|minúsculas}", "r$ 1.234,56"),
        ("{contato|padrão:cliente}", "cliente"),
        ("{contato|padrão:às 10:30}", "às 10:30"),
        ("{cliente|padrao:x}", "JOSÉ ANTÔNIO GONÇALVES"),
        ("{obs|moeda}", "R$ 1.234,50"),
        ("{obs|telefone} {obs|documento}", "1234.5 1234.5"),
        ("R$ 10,00 em 50% #1 a|b [x] \\n", "R$ 10,00 em 50% #1 a|b [x] \\n"),
        ("{{x + 1}} \\[[a\\]] [[b\\|c|b\\|c]]", "{x + 1} [[a]] b|c"),
        ("{{ {cliente|primeiro_nome} }}", "{ José }"),
        ("linha 1\r\nlinha 2\rlinha 3", "linha 1\nlinha 2\nlinha 3"),
        ("\ufeff  Oi  \n", "Oi"),
    ],
)
def test_variables_filters_and_escapes(source: str, text: str) -> None:
    assert rendered(source) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [(Decimal("1.500"), "1,5 metro"), (Decimal("2.000"), "2 metros"), (Decimal("0.5"), "0,5 metro")],
)
def test_the_word_fits_a_quantity_with_places(number: Decimal, text: str) -> None:
    assert rendered("{qtd} {qtd|metro|metros}", qtd=number) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 parcelas"),
        (1, "1 parcela"),
        (2, "2 parcelas"),
        ("1", "1 parcela"),
        ("7", "7 parcelas"),
    ],
)
def test_the_word_fits_the_number(number: Value, text: str) -> None:
    assert rendered("{qtd} {qtd|parcela|parcelas}", qtd=number) == text
    assert rendered("{obs} {obs|parcela|parcelas}", obs=str(number)) == text


def test_a_plural_may_use_a_word_that_is_also_a_filter() -> None:
    assert rendered("{qtd} {qtd|documento|documentos}, {qtd|data|datas}") == "2 documentos, datas"
    assert rendered("título{qtd||s}") == "títulos"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x", "sim"),
        ("", "não"),
        ("  ", "não"),
        ("N", "não"),
        ("Não", "não"),
        ("0", "não"),
        ("0,00", "não"),
        ("0.0", "não"),
        ("S", "sim"),
        ("0800", "sim"),
        ("Nair", "sim"),
        (None, "não"),
        (0, "não"),
        (3, "sim"),
        (Decimal("0.00"), "não"),
        (Decimal("0.01"), "sim"),
        (True, "sim"),
        (False, "não"),
    ],
)
def test_a_condition_holds_for_what_is_there_and_not_zero_nor_no(value: Value, text: str) -> None:
    assert rendered("{?obs}sim{:senão}não{/obs}", obs=value) == text


def test_a_condition_on_a_list_holds_when_it_has_items() -> None:
    assert rendered("x{?titulos}{qtd}{/titulos}") == "x2"
    assert rendered("x{?titulos}{qtd}{/titulos}", titulos=()) == "x"


def test_a_list_prints_its_items_and_the_variables_around_it() -> None:
    assert (
        rendered("{#titulos}{numero} {valor} {documento} {qtd}{?pix} PIX {pix}{/pix}; {/TITULOS}{documento}")
        == "NF1 R$ 1.000,00 A1 2; NF2 R$ 234,56 A2 2 PIX 00020101; 123.456.789-09"
    )


def test_a_limited_list_tells_how_many_were_left_out() -> None:
    source = "{mais}{#titulos:1}[{numero}]{?mais} e mais {mais}{/mais}{/titulos}{?mais} (mais {mais}){/mais}"
    assert rendered(source) == "0[NF1] e mais 1 (mais 1)"
    assert rendered(source.replace(":1", ":2")) == "0[NF1][NF2]"
    assert rendered(source.replace(":1", "")) == "0[NF1][NF2]"


@pytest.mark.feature("G48", "G49")
def test_a_placeholder_of_the_erp_works_when_its_row_brings_the_value() -> None:
    assert rendered("Olá, {TORCAMENTO:CLIENTE}. Situação atual: {situacao}") == "Olá, Maria. Situação atual: FINALIZADO"


@pytest.mark.feature("B04")
@pytest.mark.parametrize(
    "value",
    ["{cliente}", "{{1}}", "}", "{", "[[a|b]]", "|", "{#titulos}{numero}{/titulos}", "\\[[", "R$ {total}", "😀{é}"],
)
def test_a_value_is_never_parsed_again(value: str) -> None:
    assert rendered("<{cliente}{?cliente}!{/cliente}[[{cliente}|{cliente}]]>", cliente=value) == f"<{value}!{value}>"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("JOSÉ      ", "JOSÉ"),
        ("JOSÉ\x00\x00", "JOSÉ"),
        ("A\x00B\x07\x08C\tD", "A B C D"),
        ("Rua A\r\nCasa 2\rFundos\u2028", "Rua A\nCasa 2\nFundos"),
        ("\u202eétrofnoC\u202c", "étrofnoC"),
        ("Ana\udc81 Ma\u200bria", "Ana Maria"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
    ],
)
def test_what_nobody_can_see_is_taken_out_of_a_value(value: str, text: str) -> None:
    assert rendered("{cliente}.", cliente=value) == f"{text}."


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("1234,5", "R$ 1.234,50"),
        ("1.234,56", "R$ 1.234,56"),
        ("1.234.567", "R$ 1.234.567,00"),
        ("R$ 10,00", "R$ 10,00"),
        ("350", "R$ 350,00"),
        ("350.0000", "R$ 350,00"),
        ("-0.5", "-R$ 0,50"),
    ],
)
def test_an_amount_written_by_the_erp_is_read(amount: str, text: str) -> None:
    assert rendered("{obs|moeda}", obs=amount) == text


@pytest.mark.parametrize("day", ["2026-11-05", "05/11/2026", "2026-11-05 00:00:00.0000", "05/11/2026 10:00"])
def test_a_day_written_by_the_erp_is_read(day: str) -> None:
    assert rendered("{obs|data}", obs=day) == "05/11/2026"


def test_the_same_seed_says_the_same_and_others_vary() -> None:
    source = "[[Olá|Oi|Bom dia]], [[tudo bem|como vai]]?"
    assert {rendered(source, seed=11) for _ in range(20)} == {rendered(source, seed=11)}
    assert rendered(source, seed=11) == "Bom dia, como vai?"
    assert rendered(source, seed=12) == "Olá, como vai?"


def test_variations_are_spread_evenly_and_independently() -> None:
    seen = Counter(rendered("[[a|b|c]][[x|y]]", seed=seed) for seed in range(6000))
    assert sorted(seen) == ["ax", "ay", "bx", "by", "cx", "cy"]
    assert all(850 < count < 1150 for count in seen.values())


def test_a_variation_may_hold_variables_blocks_and_variations() -> None:
    source = "[[{cliente|primeiro_nome}|{?tem_pix}PIX{/tem_pix}|[[um|dois]]|{qtd|parcela|parcelas}|]]."
    assert {rendered(source, seed=seed) for seed in range(100)} == {"José.", "PIX.", "um.", "dois.", "parcelas.", "."}


def test_length_is_counted_as_whatsapp_counts() -> None:
    assert [utf16_length(text) for text in ("aé", "😀", "👨‍👩‍👧")] == [2, 2, 8]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Oi\n\n{?contato}{contato}{/contato}\n\nTchau", "Oi\n\nTchau"),
        ("Oi\n{?contato}\n{contato}\n{/contato}\nTchau", "Oi\n\nTchau"),
        ("Oi\n \t\n  \n\nTchau", "Oi\n\nTchau"),
        ("Oi\n\n  recuado", "Oi\n\n  recuado"),
        ("Oi\nTchau", "Oi\nTchau"),
    ],
)
def test_where_a_block_vanished_one_empty_line_stays_at_most(source: str, text: str) -> None:
    assert rendered(source) == text


def test_a_default_text_is_read_and_printed_in_a_few_milliseconds_each() -> None:
    message = debt_notice(OVERDUE)
    schema, source = message_schema(message), default_text(DebtKind.OVERDUE)
    values = message_values(message, NOW, Enclosed(1, True, True))
    template = parse(source, schema)
    assert quickest(lambda: parse(source, schema)) < 0.005
    assert quickest(lambda: template.render(values, 1)) < 0.005


def quickest(work: Callable[[], object]) -> float:
    """Seconds of the best of many tries: what the work takes, whatever else the machine does."""

    def once() -> float:
        began = time.thread_time()
        work()
        return time.thread_time() - began

    return min(once() for _ in range(200))


@pytest.mark.parametrize(
    "piece",
    [
        "{cliente}",
        "a|",
        "[",
        "{{",
        "[[a|b]]",
        "\\",
        "{?qtd}a{/qtd}",
        "#AB",
        "%ab",
        "{{ a",
        "R$ ",
        "{#titulos}x{/titulos}",
    ],
)
def test_time_grows_with_the_length_of_the_text(piece: str) -> None:
    began = time.thread_time()
    source = piece * (20_000 // len(piece))
    with contextlib.suppress(TemplateError):
        parse(source, SCHEMA).render({"cliente": "x", "qtd": 1, "titulos": ({},) * 10}, 1)
    assert time.thread_time() - began < 2
