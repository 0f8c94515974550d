"""Modules, situations and the texts that come with the installation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from integrator.domain.errors import TemplateError
from integrator.domain.message import Message, Purpose, Title
from integrator.messages.catalogue import (
    MODULES,
    DebtKind,
    choose_kind,
    module_named,
    situation_of,
    text_version,
)
from integrator.messages.choices import Choices
from integrator.messages.language import parse, utf16_length
from integrator.messages.values import Enclosed, message_values
from integrator.messages.vocabulary import message_schema
from tests.messages.builders import (
    NOW,
    OVERDUE,
    TODAY,
    UPCOMING,
    debt_choices,
    debt_notice,
    default_text,
    service_notice,
    title,
)

ALL = Enclosed(boletos=1, statement=True, pix=True)


def sent(message: Message, choices: Choices, enclosed: Enclosed = ALL, seed: int = 1) -> str:
    situation = situation_of(message, TODAY)
    template = parse(choices.text_for(message, situation), message_schema(message, situation))
    return template.render(message_values(message, NOW, enclosed, situation=situation), seed)


@pytest.mark.feature("S29")
def test_the_default_text_of_an_overdue_debt() -> None:
    assert sent(debt_notice(OVERDUE), Choices()) == (
        "Bom dia, José.\n"
        "\n"
        "Em nossos registros, consta um débito vencido em nome de JOSÉ ANTÔNIO GONÇALVES:\n"
        "\n"
        "• NF10/1 · venceu em 10/11/2026 · R$ 100,00\n"
        "\n"
        "Total vencido: *R$ 100,00*\n"
        "\n"
        "O boleto segue em anexo, junto com o demonstrativo de débitos.\n"
        "\n"
        "Se preferir, pague com PIX: o código segue junto.\n"
        "\n"
        "Estamos à disposição para qualquer dúvida. Se já pagou, desconsidere esta mensagem.\n"
        "\n"
        "*Ferragens São João*\n"
        "CNPJ 12.345.678/0001-95\n"
        "Rua Marechal Deodoro, 1280 - Centro - Concórdia/SC - CEP 89700-000\n"
        "Telefone (49) 3442-0000"
    )


@pytest.mark.feature("S29")
@pytest.mark.parametrize(
    ("titles", "line", "total"),
    [
        ((OVERDUE, OVERDUE), "constam débitos vencidos em nome de", "Total vencido: *R$ 200,00*"),
        ((UPCOMING,), "há um vencimento próximo em nome de", "Total a vencer: *R$ 50,50*"),
        ((UPCOMING, OVERDUE), "• NF20/1 · vence em 30/11/2026 · R$ 50,50", "Total em aberto: *R$ 150,50*"),
    ],
)
def test_the_default_texts_speak_of_their_situation(titles: tuple[Title, ...], line: str, total: str) -> None:
    text = sent(debt_notice(*titles), Choices())
    assert line in text
    assert total in text


@pytest.mark.feature("S29")
@pytest.mark.parametrize("kind", list(DebtKind))
@pytest.mark.parametrize("enclosed", [Enclosed(), ALL, Enclosed(statement=True), Enclosed(boletos=3)])
def test_every_default_text_says_who_writes_and_only_what_is_so(kind: DebtKind, enclosed: Enclosed) -> None:
    message = debt_notice(OVERDUE, UPCOMING)
    for seed in range(30):
        text = sent(replace(message, template=default_text(kind)), Choices(), enclosed, seed)
        assert "Se já pagou, desconsidere esta mensagem." in text
        assert all(part in text for part in ("Ferragens São João", "12.345.678/0001-95", "Rua Marechal Deodoro, 1280"))
        assert ("boleto" in text.lower()) is (enclosed.boletos > 0)
        assert ("Os boletos seguem" in text) is (enclosed.boletos > 1)
        assert ("demonstrativo" in text) is enclosed.statement
        assert ("PIX" in text) is enclosed.pix
        assert "\n\n\n" not in text
        assert not any(mark in text for mark in "{}[]|!")


def test_a_default_text_lists_ten_titles_and_counts_the_rest() -> None:
    many = [title(f"NF{number:03}", date(2026, 11, 1)) for number in range(60)]
    text = sent(debt_notice(*many), Choices())
    assert text.count("•") == 10
    assert "NF009/1" in text
    assert "\ne mais 50 títulos no demonstrativo\n" in text
    assert "\ne mais 1 título\n" in sent(debt_notice(*many[:11]), Choices(), Enclosed())
    assert utf16_length(text) < 1500


def test_the_default_texts_vary_from_message_to_message() -> None:
    texts = {sent(debt_notice(OVERDUE), Choices(), seed=seed) for seed in range(100)}
    assert len(texts) == 8


@pytest.mark.feature("S27")
def test_the_text_of_the_shop_replaces_the_default_one() -> None:
    own = debt_choices(overdue="Oi {primeiro_nome}, venceu {total_vencido}.")
    assert sent(debt_notice(OVERDUE), own) == "Oi José, venceu R$ 100,00."
    assert "Total a vencer" in sent(debt_notice(UPCOMING), own)


@pytest.mark.feature("S28")
def test_overdue_and_upcoming_have_their_own_texts_or_one_for_both() -> None:
    own = debt_choices(overdue="Venceu {total}.", upcoming="Vence {total}.", both="Aberto {total}.")
    notices = [debt_notice(OVERDUE), debt_notice(UPCOMING), debt_notice(OVERDUE, UPCOMING)]
    assert [sent(each, own) for each in notices] == ["Venceu R$ 100,00.", "Vence R$ 50,50.", "Aberto R$ 150,50."]
    one = replace(own, same_for_debts="Consta {total}.")
    assert [sent(each, one) for each in notices] == ["Consta R$ 100,00.", "Consta R$ 50,50.", "Consta R$ 150,50."]


def test_the_text_of_the_row_comes_first() -> None:
    assert sent(replace(debt_notice(OVERDUE), template="Oi {cliente|primeiro_nome}"), Choices()) == "Oi José"
    assert "Total vencido" in sent(replace(debt_notice(OVERDUE), template="  \n"), Choices())


@pytest.mark.parametrize("template", [None, "", " "])
def test_a_row_that_is_no_debt_notice_needs_its_own_text(template: str | None) -> None:
    with pytest.raises(TemplateError) as caught:
        sent(service_notice(template, {}), Choices())
    assert caught.value.message == (
        "A mensagem do módulo ORDEM DE SERVIÇO veio sem texto, e o tipo “” não existe nele. "
        "Corrija o tipo ou preencha o texto no ERP e libere a mensagem."
    )


def test_the_situation_follows_the_open_titles() -> None:
    paid = replace(OVERDUE, open=False)
    assert choose_kind(debt_notice(OVERDUE), TODAY) is DebtKind.OVERDUE
    assert choose_kind(debt_notice(UPCOMING, paid), TODAY) is DebtKind.UPCOMING
    assert choose_kind(debt_notice(OVERDUE, UPCOMING), TODAY) is DebtKind.BOTH
    assert choose_kind(debt_notice(title("NF1", TODAY)), TODAY) is DebtKind.UPCOMING


@pytest.mark.parametrize(
    ("module", "purpose"),
    [
        ("RECEBER", Purpose.COLLECTION),
        ("aviso de debitos", Purpose.COLLECTION),
        ("Ordem  de Servico", Purpose.SERVICE),
        ("NFCE", Purpose.SERVICE),
        ("nf-e", Purpose.SERVICE),
        ("Aniversariantes", Purpose.PROMOTION),
        ("CASHBACK ", Purpose.PROMOTION),
        ("AVISOS", None),
        ("", None),
    ],
)
def test_a_module_tells_its_purpose(module: str, purpose: Purpose | None) -> None:
    found = module_named(module)
    assert (found.purpose if found else None) is purpose


def test_every_module_is_found_by_its_own_name() -> None:
    assert all(each is not None and each.name == name for name, each in ((n, module_named(n)) for n in MODULES))


def test_a_version_names_a_text_and_changes_with_it() -> None:
    assert text_version("Oi {cliente}") == "b88f29b71643"
    assert text_version("Oi {cliente}.") != text_version("Oi {cliente}")
    assert len(text_version("\udc81")) == 12
