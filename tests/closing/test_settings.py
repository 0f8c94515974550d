"""The section ``[fechamento]``: its defaults, what it refuses and how it says so, and the policy made of it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from integrator.closing.policy import closing_policy, send_day_after
from integrator.domain.calendar import Calendar, Hours, Week
from integrator.domain.errors import SettingsError
from integrator.settings import Settings
from integrator.settings.sections import DebtsToSend

STEP = "[[fechamento.etapas]]\nnome = 'única'\ndias = 5\n"


def load(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return Settings.load(path)


@pytest.mark.feature("B03")
def test_the_default_ruler_reminds_before_on_and_after_the_due_date() -> None:
    steps = closing_policy(Settings()).steps
    assert [(step.name, step.days) for step in steps][:5] == [
        ("lembrete", -3),
        ("vence hoje", 0),
        ("vencido 3", 3),
        ("vencido 10", 10),
        ("vencido 30", 30),
    ]
    assert [step.days for step in steps][5:] == [60, 90, 120, 150, 180]
    assert not Settings().closing.enabled


def test_the_policy_takes_what_the_sending_settings_say_too(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        "[envio]\nenviar = 'vencidos'\ndias_max_debito = 90\n[whatsapp]\nddd_padrao = '49'\n"
        "[fechamento]\nhorario = '6h30'\nsaldo_minimo = 15.5\nintervalo_min_h = 48\n"
        "titulos_na_mensagem = 'etapa'\n" + STEP,
    )
    chosen = closing_policy(settings)
    assert (chosen.debts, chosen.debt_max_days, chosen.default_area) == (DebtsToSend.OVERDUE, 90, "49")
    assert (chosen.min_balance, chosen.min_interval, chosen.list_all) == (Decimal("15.50"), timedelta(days=2), False)
    assert [step.name for step in chosen.steps] == ["única"]
    assert settings.closing.at == time(6, 30)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[fechamento]\nhorario = '25:00'", "horario = 25:00: escreva o horário entre aspas"),
        ("[fechamento]\nsaldo_minimo = 'dez'", "saldo_minimo = dez: escreva um valor em reais"),
        ("[fechamento]\nsaldo_minimo = -1", "saldo_minimo = -1: escreva um valor em reais"),
        ("[fechamento]\nsaldo_minimo = nan", "saldo_minimo = nan: escreva um valor em reais"),
        ("[fechamento]\nsaldo_minimo = 1.005", "escreva um valor em reais"),
        ("[fechamento]\ntolerancia_dias = 16", "o maior valor aceito é 15"),
        ("[fechamento]\ntitulos_na_mensagem = 'alguns'", "valores aceitos: todos, etapa"),
        ("[fechamento]\nligado = true", "falta dizer em perfil como ler o ERP"),
        ("[fechamento]\netapas = []", "a régua precisa de pelo menos uma etapa"),
        ("[[fechamento.etapas]]\nnome = 'a'", "[fechamento.etapas, 1º] dias: falta esta chave"),
        ("[[fechamento.etapas]]\nnome = 'a'\ndia = 1", "dia: chave desconhecida; você quis dizer “dias”?"),
        ("[[fechamento.etapas]]\nnome = 'a'\ndias = -61", "o menor valor aceito é -60"),
        ("[[fechamento.etapas]]\nnome = 'a#2'\ndias = 1", "não use os sinais"),
        (f"[[fechamento.etapas]]\nnome = '{'a' * 41}'\ndias = 1", "no máximo 40 letras"),
        (STEP + "repetir_dias = 10", "diga em repetir_ate_dias até quantos"),
        (STEP + "repetir_ate_dias = 10", "falta repetir_dias"),
        (STEP + "[[fechamento.etapas]]\nnome = 'ÚNICA'\ndias = 6", "duas etapas da régua têm o nome"),
        (STEP + "[[fechamento.etapas]]\nnome = 'outra'\ndias = 5", "duas etapas da régua têm dias = 5"),
    ],
)
def test_what_is_wrong_is_named_with_its_fix(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load(tmp_path, text)
    assert problem in refused.value.message


def test_a_text_that_cannot_be_read_names_its_step(tmp_path: Path) -> None:
    settings = load(tmp_path, STEP + "texto = 'Olá {clinte}'")
    with pytest.raises(SettingsError, match="etapa “única”"):
        closing_policy(settings)


def test_a_database_without_a_profile_is_not_closed(tmp_path: Path) -> None:
    other = "[[outros_bancos]]\nnome = 'filial'\ncaminho = 'B.FDB'\n"
    settings = load(tmp_path, f"[fechamento]\nligado = true\nperfil = 'a'\n{other}")
    assert settings.for_database("principal").closing.enabled
    assert not settings.for_database("filial").closing.enabled
    both = load(tmp_path, f"[fechamento]\nligado = true\nperfil = 'a'\n{other}perfil = 'b'\n")
    assert both.for_database("filial").closing.profile == "b"
    assert both.for_database("filial").closing.enabled


# The send day


def test_a_closing_at_night_works_for_the_next_open_day_and_one_at_dawn_for_the_same() -> None:
    calendar = Calendar(Week.of(Hours(time(8), time(19))))
    friday = date(2026, 11, 13)
    night = send_day_after(datetime.combine(friday, time(22, 30)), calendar, lambda day: day)
    assert (night.opens, night.following) == (datetime(2026, 11, 16, 8), date(2026, 11, 17))
    dawn = send_day_after(datetime.combine(friday, time(6)), calendar, lambda day: day)
    assert (dawn.day, dawn.following) == (friday, date(2026, 11, 16))
    assert dawn.first_send_day(date(2026, 11, 14)) == date(2026, 11, 16)
