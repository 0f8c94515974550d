"""Words that turn a reminder into a threat are told, however they are written; innocent ones are left alone."""

from __future__ import annotations

import time

import pytest

from integrator.messages.catalogue import modules
from integrator.messages.tone import fines_above_limit, tone_warnings


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("Seu nome vai para o SPC.", "SPC"),
        ("consulta ao S.P.C.", "S.P.C"),
        ("*spc*", "spc"),
        ("_SERASA_", "SERASA"),
        ("SCPC", "SCPC"),
        ("Evite a negativação.", "negativação"),
        ("NEGATIVACAO", "NEGATIVACAO"),
        ("seu CPF foi negativado", "negativado"),
        ("vamos negativar", "negativar"),
        ("nome sujo", "nome sujo"),
        ("não suje seu nome", "suje seu nome"),
        ("órgãos de proteção ao crédito", "órgãos de proteção ao crédito"),
        ("restrição no CPF", "restrição no CPF"),
        ("sujeito a protesto", "protesto"),
        ("Protestaremos o título", "Protestaremos"),
        ("título protestado", "protestado"),
        ("enviado ao CARTÓRIO", "CARTÓRIO"),
        ("medidas judiciais", "medidas judiciais"),
        ("medidas\ncabíveis", "medidas cabíveis"),
        ("cobrança extrajudicial", "extrajudicial"),
        ("vamos à justiça", "justiça"),
        ("nosso advogado", "advogado"),
        ("departamento jurídico", "jurídico"),
        ("abriremos processo", "processo"),
        ("processo de execução", "processo"),
        ("execução da dívida", "execução da dívida"),
        ("ação de cobrança", "ação de cobrança"),
        ("sob pena de multa", "sob pena"),
        ("Esta é a sua última chance", "última chance"),
        ("ULTIMO AVISO", "ULTIMO AVISO"),
        ("Últimas\n notificações", "Últimas notificações"),
        ("pague imediatamente", "pague imediatamente"),
        ("bloqueio do crediário", "bloqueio"),
        ("seu cadastro será bloqueado", "bloqueado"),
        ("suspensão do crédito", "suspensão do crédito"),
        ("que vergonha", "vergonha"),
        ("caloteiro", "caloteiro"),
        ("não dê calote", "calote"),
        ("mau pagador", "mau pagador"),
        ("clientes inadimplentes", "inadimplentes"),
        ("prezado devedor", "devedor"),
        ("avisaremos os seus vizinhos", "avisaremos os seus vizinhos"),
        ("pro\u00adtesto", "protesto"),
        ("Olá {contato|padrão:caloteiro}", "caloteiro"),
        ("[[protesto|lembrete]]", "protesto"),
        ("{qtd|protesto|protestos}", "protesto"),
        ("URGENTE: seu título", "URGENTE"),
        ("Pague hoje!!!", "!!!"),
        ("VOCÊ PRECISA PAGAR HOJE MESMO", "VOCÊ PRECISA PAGAR HOJE MESMO"),
    ],
)
def test_a_word_that_threatens_or_exposes_is_told_as_it_is_written(source: str, word: str) -> None:
    warnings = tone_warnings(source)
    assert any(f"“{word}”" in warning for warning in warnings), warnings


@pytest.mark.parametrize(
    "source",
    [
        "",
        "Somos protestantes.",
        "Aviso de débito",
        "spcial",
        "spc2",
        "saldo negativo",
        "A resposta foi negativa.",
        "Seu pedido está em processo de separação.",
        "O processo de entrega começou.",
        "execução do serviço",
        "pessoa jurídica",
        "saldo devedor",
        "desbloqueio do aparelho",
        "protetor bloqueador",
        "jogo de calotas",
        "troca da suspensão do carro",
        "último dia para usar",
        "Olá, {SPC}, {#PROTESTO}{/PROTESTO}{?caloteiro}{/caloteiro}",
        "Para não receber mais, responda SAIR.",
        "FERRAGENS SÃO JOÃO",
        "CNPJ, CPF, PIX, CEP",
        "Parabéns!",
        "o apreço de todos",
        "{ {{ }} \\[[ | ]] \ud800",
    ],
)
def test_an_innocent_text_is_left_alone(source: str) -> None:
    assert tone_warnings(source) == []


def test_a_warning_says_where_what_why_and_what_to_write_instead() -> None:
    assert tone_warnings("Olá.\nSeu nome irá ao SPC.") == [
        "Linha 2: “SPC” lembra o cadastro de devedores e soa como ameaça (CDC, art. 42); a negativação exige aviso "
        "próprio, por escrito (CDC, art. 43, § 2º, e Súmula 359 do STJ). Em vez disso, ofereça ajuda: “Se precisar de "
        "outra forma de pagamento, fale conosco”."
    ]


def test_each_word_is_told_once_in_the_order_of_the_text() -> None:
    warnings = tone_warnings("última chance\nSPC e Serasa\nspc")
    assert [warning.split("”")[0] for warning in warnings] == [
        "Linha 1: “última chance",
        "Linha 2: “SPC",
        "Linha 2: “Serasa",
    ]


@pytest.mark.parametrize(
    ("text", "fines"),
    [
        ("multa de 10%", ["multa de 10%"]),
        ("Multa: 5,5 %", ["multa: 5,5 %"]),
        ("multa de dez por cento", ["multa de 10 por cento"]),
        ("10% de multa", ["10% de multa"]),
        ("MULTA DE\n3%", ["multa de 3%"]),
        ("multa de 2%, depois multa de 4% e multa de 5%", ["multa de 4%", "multa de 5%"]),
        ("Multa de 2% e juros de 10% ao mês", []),
        ("multa de 2,00%", []),
        ("sem multa, com 10% de desconto", []),
        ("multa de {multa}%", []),
        ("multa de R$ 500,00", []),
        ("multa", []),
        ("", []),
    ],
)
def test_a_fine_above_two_per_cent_is_found(text: str, fines: list[str]) -> None:
    assert fines_above_limit(text) == fines


def test_a_fine_above_the_limit_is_told_with_its_law() -> None:
    told = "a multa por atraso não pode passar de 2% (CDC, art. 52, § 1º). Escreva no máximo “multa de 2%”."
    assert tone_warnings("Após o vencimento, multa de 10%.") == [f"“multa de 10%”: {told}"]
    assert tone_warnings("{obs|padrão:multa de 10%}") == [f"“multa de 10%”: {told}"]


def test_a_long_text_is_looked_over_in_proportion_to_its_length() -> None:
    started = time.thread_time()
    for word in ("multa ", "multa,", "informa ", "última ", "processo de ", "A! ", "\n"):
        tone_warnings(word * 1_000)
    assert time.thread_time() - started < 5


def test_no_text_of_the_installation_threatens_anybody() -> None:
    for module in modules():
        for situation in module.situations:
            assert tone_warnings(situation.text) == [], situation.kind
