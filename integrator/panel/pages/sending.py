"""Envio: days, hours, pace, limits, and the test number."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from starlette.responses import Response

from integrator.domain.errors import IntegratorError, SettingsError
from integrator.domain.message import Purpose
from integrator.messages.formatting import format_count
from integrator.panel.access import Role
from integrator.panel.routes import Page, get, post
from integrator.panel.settings_forms import holidays
from integrator.panel.settings_forms.erp_side import (
    ErpSide,
    ErpTyped,
    LateStart,
    check_start,
    erp_side,
    erp_typed,
    write_erp,
)
from integrator.panel.settings_forms.fields import YES
from integrator.panel.settings_forms.pace_words import pace_words
from integrator.panel.settings_forms.saving import BAD, CONFLICT, Refused, change, save
from integrator.panel.settings_forms.sending_fields import DEBTS_TO_SEND, FIELDS, PACE
from integrator.panel.settings_forms.sending_view import Again, HolidayTyped, collection, values, year_asked
from integrator.panel.settings_forms.values import Unreadable, by_key, toml_value, typed
from integrator.panel.visit import Visit, Wrong
from integrator.settings import Settings
from integrator.settings.sections import SendingSettings


def show(visit: Visit) -> Response:
    """The page."""
    return _page(visit, erp_side(visit), Again())


def pace(visit: Visit) -> Response:
    """What the pace that is being typed would mean; nothing is changed."""
    asked = typed(lambda name: visit.query.get(name, ""), lambda _name: (), PACE)
    settings = visit.panel.settings
    week = collection(settings, erp_side(visit))
    try:
        told = {each.path[1]: toml_value(asked[each.name], each) for each in PACE if asked[each.name]}
        words = pace_words(SendingSettings(**by_key(settings.sending) | told), week) if week else ()
    except (Unreadable, ValueError):
        words = ()
    return visit.fragment("envio_ritmo.html", words=words)


def store(visit: Visit) -> Response:
    """Save the form; what the ERP may set is written where it is set."""
    erp = erp_side(visit)
    try:
        if not erp.problem:
            visit.same_shop()
    except Wrong as error:
        refused = Refused(typed(visit.typed, visit.all_typed, FIELDS), general=(error.message,))
        return _page(visit, erp, Again(refused), CONFLICT)
    asked = erp_typed(visit, erp)
    if asked.problem:
        return _wrong_start(visit, erp, asked)
    fields = tuple(each for each in FIELDS if not (erp.debts and each is DEBTS_TO_SEND))
    try:
        outcome = save(visit, fields, lambda made: _possible(made, erp, asked))
        if isinstance(outcome, Refused):
            return _page(visit, erp, Again(outcome, asked), outcome.status)
        week = collection(visit.panel.settings, erp)
        if week is not None and not outcome.changes and asked.start != erp.start:
            check_start(asked, week)
    except LateStart as error:
        return _wrong_start(visit, erp, replace(asked, problem=error.message))
    if outcome.changes:
        visit.record("mudou o envio", "; ".join(outcome.changes))
    return _told(visit, erp, asked, len(outcome.changes))


def _told(visit: Visit, erp: ErpSide, asked: ErpTyped, count: int) -> Response:
    """Write the ERP's side, after the ``count`` changes of the file, and say what is saved."""
    try:
        count += write_erp(visit, erp, asked)
    except IntegratorError as error:
        saved = f" O resto foi salvo: {format_count(count, 'ajuste', 'ajustes')}." if count else ""
        return visit.go("/envio", f"O que fica no banco do ERP não foi gravado: {error.message}{saved}")
    if not count:
        return visit.go("/envio", "Nada mudou: os valores já eram estes.")
    visit.panel.running.wake()
    return visit.go("/envio", f"Salvo: {format_count(count, 'ajuste', 'ajustes')}. Já vale para o próximo envio.")


def _wrong_start(visit: Visit, erp: ErpSide, asked: ErpTyped) -> Response:
    refused = Refused(typed(visit.typed, visit.all_typed, FIELDS))
    return _page(visit, erp, Again(refused, asked), BAD)


def add_holiday(visit: Visit) -> Response:
    """One more day of the shop's own."""
    day, name, every_year = visit.typed("dia"), visit.typed("nome"), visit.typed("todo_ano") == YES
    try:
        holiday = holidays.new_holiday(day, name, every_year=every_year)
        change(visit, lambda document: holidays.add(document, holiday))
    except SettingsError as error:
        again = Again(holiday=HolidayTyped(day, name, every_year, error.message))
        return _page(visit, erp_side(visit), again, BAD)
    text = holidays.as_text(holiday)
    visit.record("acrescentou um feriado", text)
    return visit.go(f"/envio?ano={day[:4]}#feriados", f"Feriado acrescentado: {text}.")


def take_holiday(visit: Visit) -> Response:
    """One less."""
    text = visit.typed("feriado")
    change(visit, lambda document: holidays.take(document, text))
    visit.record("tirou um feriado", text)
    return visit.go(f"/envio?ano={year_asked(visit)}#feriados", f"Feriado tirado: {text}.")


def _page(visit: Visit, erp: ErpSide, again: Again, status: int = 200) -> Response:
    return visit.render("envio.html", status, **values(visit, erp, again))


def _possible(made: Settings, erp: ErpSide, asked: ErpTyped) -> None:
    """The law of the state that only the ERP's register knows, and the hour to begin at by the hours of this form."""
    check_start(asked, made.week(Purpose.COLLECTION, erp.uf))


PAGES: Final[tuple[Page, ...]] = (
    get("/envio", show),
    post("/envio", store, Role.OWNER),
    get("/envio/ritmo", pace),
    post("/envio/feriados/novo", add_holiday, Role.OWNER),
    post("/envio/feriados/tirar", take_holiday, Role.OWNER),
)
