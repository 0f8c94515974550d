"""The holidays: the library answers, and the state is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from integrator.messages.formatting import format_count
from integrator.sending.holidays_br import BrazilianHolidays
from integrator.support.context import Context
from integrator.support.doctor import Check
from integrator.support.erp_facts import state_of_shop
from integrator.support.finding import Answer, broken, fine, warning

_GROUP = "Calendário"


def holidays(context: Context) -> Answer:
    settings = context.settings
    uf = settings.uf() or (settings.uf(context.database.read(state_of_shop)) if context.has_contract else "")
    known = BrazilianHolidays(uf, optional=settings.calendar.optional_holidays)
    return judge_holidays(known, uf, context.machine.now().date(), len(settings.calendar.own_holidays))


def judge_holidays(known: Callable[[date], str | None], uf: str, today: date, own: int) -> Answer:
    years = (today.year, today.year + 1)
    silent = [year for year in years if not known(date(year, 1, 1)) or not known(date(year, 9, 7))]
    if silent:
        return broken(
            f"A lista de feriados não conhece o ano de {silent[0]}.",
            "Instale o Integrador de novo por cima; até lá, cadastre os feriados em [calendario] feriados_proprios.",
        )
    mine = f" e {format_count(own, 'feriado próprio', 'feriados próprios')}" if own else ""
    text = f"Feriados de {years[0]} e {years[1]} carregados"
    if not uf:
        return warning(
            f"{text}{mine}, mas só os nacionais: não sei o estado da loja.",
            'Escreva uf = "SC" (o seu estado) em [calendario], no config.toml, ou preencha a UF em WA_EMPRESA.',
        )
    return fine(f"{text}: nacionais, os de {uf}{mine}.")


CHECKS = (Check("feriados", _GROUP, "Feriados", holidays, ("configuracao",), 10.0),)
