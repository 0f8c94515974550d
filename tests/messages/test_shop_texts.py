"""The shop's own texts of ``config.toml``: which one is sent, and a slip in one is told when the program starts."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from unittest.mock import create_autospec

import pytest

from integrator.app import build
from integrator.clock import SystemClock
from integrator.domain.errors import SettingsError
from integrator.domain.message import Message
from integrator.messages.catalogue import DebtKind, situation_of
from integrator.messages.catalogue import debt_notice as find_debt_notice
from integrator.messages.choices import Choices
from integrator.messages.language import parse
from integrator.messages.values import Enclosed, message_values
from integrator.messages.vocabulary import message_schema
from integrator.policies import choices_of, compose_policy
from integrator.sending.gateway import Gateway
from integrator.settings import Settings
from integrator.settings.contents import HowSent, MessageSettings, SituationSettings
from tests.messages.builders import NOW, OVERDUE, TODAY, UPCOMING, debt_notice, default_text

SITUATIONS = [debt_notice(OVERDUE), debt_notice(UPCOMING), debt_notice(OVERDUE, UPCOMING)]


def settings(overdue: str = "", upcoming: str = "", *, same: bool = False) -> Settings:
    return Settings(messages=MessageSettings(overdue_text=overdue, upcoming_text=upcoming, same_text=same))


def sources(chosen: Settings) -> list[str]:
    """The text for each of the three situations."""
    return [text_for(message, choices_of(chosen)) for message in SITUATIONS]


def text_for(message: Message, choices: Choices) -> str:
    return choices.text_for(message, situation_of(message, TODAY))


def written(message: Message, source: str) -> str:
    return parse(source, message_schema(message)).render(message_values(message, NOW, Enclosed()), message.seed)


@pytest.mark.feature("S29")
def test_a_shop_that_wrote_nothing_sends_the_default_of_each_situation() -> None:
    assert sources(settings()) == [default_text(kind) for kind in (DebtKind.OVERDUE, DebtKind.UPCOMING, DebtKind.BOTH)]


@pytest.mark.feature("S27")
def test_a_shop_sends_its_own_text_in_each_situation() -> None:
    chosen = settings("Vencido {total_vencido}", "A vencer {total_a_vencer}")
    assert sources(chosen) == ["Vencido {total_vencido}", "A vencer {total_a_vencer}", default_text(DebtKind.BOTH)]


@pytest.mark.feature("G22")
def test_a_switch_of_a_debt_notice_leaves_the_text_in_messages_alone() -> None:
    asks = SituationSettings(module="aviso de debitos", kind=DebtKind.OVERDUE, how=HowSent.ASK)
    chosen = Settings(messages=MessageSettings(overdue_text="Vencido {total_vencido}", situations=(asks,)))

    assert text_for(SITUATIONS[0], choices_of(chosen)) == "Vencido {total_vencido}"
    assert choices_of(chosen).asks(find_debt_notice(DebtKind.OVERDUE))


@pytest.mark.feature("S27")
def test_a_text_that_the_shop_did_not_write_stays_the_default() -> None:
    assert sources(settings(upcoming="Oi"))[:2] == [default_text(DebtKind.OVERDUE), "Oi"]


@pytest.mark.feature("S28")
def test_one_same_text_for_all_situations_is_the_one_for_overdue_debts() -> None:
    assert sources(settings("Débitos de {cliente}", "não sai", same=True)) == ["Débitos de {cliente}"] * 3


@pytest.mark.feature("S28")
def test_one_same_text_that_nobody_wrote_is_the_default_that_fits_all_situations() -> None:
    assert sources(settings(same=True)) == [default_text(DebtKind.BOTH)] * 3


@pytest.mark.feature("S28")
def test_one_same_text_may_speak_of_overdue_debts_only_where_there_are_some() -> None:
    source = choices_of(
        settings("{?total_vencido}Vencido: {total_vencido}.{:senao}Nada vencido.{/total_vencido}", same=True)
    ).same_for_debts
    assert source is not None
    assert [written(message, source) for message in SITUATIONS] == [
        "Vencido: R$ 100,00.",
        "Nada vencido.",
        "Vencido: R$ 100,00.",
    ]


@pytest.mark.feature("S28")
def test_a_sum_of_nothing_is_zero_and_holds_no_message() -> None:
    assert written(SITUATIONS[1], "{total_vencido} em {qtd_vencidos} {qtd_vencidos|título|títulos}") == (
        "R$ 0,00 em 0 títulos"
    )


@pytest.mark.feature("S27")
@pytest.mark.parametrize(
    ("chosen", "key"),
    [
        (settings(overdue="Oi\n{clinte}"), "vencidos"),
        (settings(upcoming="Oi\n{clinte}"), "a_vencer"),
        (settings(overdue="Oi\n{clinte}", same=True), "vencidos"),
    ],
)
def test_a_slip_in_a_text_is_told_at_start_with_its_key_and_place(chosen: Settings, key: str) -> None:
    with pytest.raises(SettingsError) as refused:
        compose_policy(chosen)
    assert refused.value.message == (
        f"[mensagens] {key}: Texto da mensagem, linha 2, coluna 1: não conheço a variável “clinte”. "
        "Você quis dizer {cliente}?"
    )


def test_a_text_that_is_never_sent_is_not_complained_about() -> None:
    assert sources(settings(overdue="Oi", upcoming="{clinte}", same=True)) == ["Oi"] * 3


def test_the_texts_are_checked_before_the_database_is_looked_for(tmp_path: Path) -> None:
    clock, gateway = SystemClock(threading.Event()), create_autospec(Gateway, instance=True)
    with (
        pytest.raises(SettingsError, match="clinte"),
        build(settings("{clinte}"), tmp_path, clock=clock, gateway=gateway),
    ):
        pass


@pytest.mark.feature("S29")
def test_the_default_texts_pass_the_check() -> None:
    for kind in DebtKind:
        choices_of(settings(default_text(kind), default_text(kind), same=True))


@pytest.mark.feature("S27", "S28")
def test_the_text_of_the_row_wins_over_the_shops() -> None:
    row = replace(SITUATIONS[0], template="Texto do ERP")
    assert text_for(row, choices_of(settings("Texto da loja", same=True))) == "Texto do ERP"
