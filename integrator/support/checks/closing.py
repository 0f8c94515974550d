"""Our own closing, for ERPs that do not fill the queue: its profile, its last run, and how fresh the bank's word is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from integrator.erp.outbox import FirebirdOutbox
from integrator.erp.profiles.check import check_profile
from integrator.erp.profiles.configured import profile_of
from integrator.erp.profiles.source import ProfileSource
from integrator.messages.formatting import format_count, format_datetime
from integrator.nightly import latest_hour
from integrator.sending.bank_days import next_bank_day
from integrator.settings.closing import ClosingSettings
from integrator.support.context import Context
from integrator.support.doctor import Check
from integrator.support.finding import Answer, broken, fine, warning

_GROUP = "Fechamento"
_UNUSED: Final = "Não é usado: o próprio ERP grava a fila."
#: A closing begins at its hour and takes minutes; a daemon that is busy sending may come to it later.
_GRACE: Final = timedelta(hours=2)


def profile(context: Context) -> Answer:
    if not context.settings.closing.profile:
        return fine(_UNUSED)
    chosen = profile_of(context.settings, context.data)
    report = check_profile(context.database, chosen)
    errors = [problem.message for problem in report.problems if not problem.warning]
    return judge_profile(chosen.name, errors, sum(problem.warning for problem in report.problems))


def judge_profile(name: str, errors: Sequence[str], warnings: int) -> Answer:
    fix = "Veja tudo, com arquivo e linha, em: integrator profile check"
    if errors:
        count = format_count(len(errors), "erro", "erros")
        return broken(f"O perfil “{name}” tem {count}, e o fechamento não roda. {errors[0]}", fix)
    if warnings:
        return warning(f"O perfil “{name}” serve, com {format_count(warnings, 'aviso', 'avisos')}.", fix)
    return fine(f"O perfil “{name}” confere com o banco.")


def last_run(context: Context) -> Answer:
    now = context.machine.now()
    chosen = context.settings.closing
    if not chosen.profile:
        return fine(_UNUSED)
    return judge_last_run(FirebirdOutbox(context.database).last_closing(now), now, chosen)


def judge_last_run(last: datetime | None, now: datetime, chosen: ClosingSettings) -> Answer:
    if not chosen.enabled:
        return warning(
            "Há um perfil, mas o fechamento automático está desligado.",
            "Escreva ligado = true em [fechamento], ou rode-o quando quiser com: integrator close",
        )
    if last is None:
        return warning(
            "O fechamento ainda não rodou.", "Ele roda no próximo horário em que o integrador estiver ligado."
        )
    text = f"O último fechamento foi em {format_datetime(last)}."
    hour = latest_hour(now, chosen.at)
    if last < hour and now - hour > _GRACE:
        return warning(
            f"{text} O das {chosen.at:%H:%M} não rodou.",
            "Deixe o integrador ligado à noite, ou rode agora: integrator close. O que faltou é cobrado uma vez só.",
        )
    return fine(text)


def bank_return(context: Context) -> Answer:
    chosen = context.settings.closing
    if not chosen.profile:
        return fine(_UNUSED)
    source = ProfileSource(context.database, profile_of(context.settings, context.data))
    try:
        last = source.last_bank_return()
    finally:
        source.close()
    return judge_bank_return(last, context.machine.now().date(), chosen.bank_return_max_days, next_bank_day)


def judge_bank_return(last: datetime | None, today: date, limit: int, bank_day: Callable[[date], date]) -> Answer:
    """``limit`` is in bank days; ``bank_day`` answers the first bank day not before a date."""
    if last is None:
        return fine("O perfil não diz quando o retorno do banco foi lido, ou ainda não houve um.")
    text = f"O último retorno do banco foi lido em {format_datetime(last)}."
    expected = last.date()
    for _ in range(limit + 1):
        expected = bank_day(expected + timedelta(days=1))
    if expected > today:
        return fine(text)
    return warning(
        f"{text} Quem pagou depois disso ainda aparece como devedor.",
        "Importe no ERP o arquivo de retorno do banco antes que as cobranças saiam.",
    )


_READY = ("configuracao", "conexao", "contrato")
CHECKS = (
    Check("perfil", _GROUP, "Perfil do ERP", profile, ("configuracao", "conexao"), 30.0),
    Check("ultimo_fechamento", _GROUP, "Último fechamento", last_run, (*_READY, "perfil"), 10.0),
    Check("retorno_bancario", _GROUP, "Retorno do banco", bank_return, (*_READY, "perfil"), 15.0),
)
