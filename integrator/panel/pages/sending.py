"""Envio: days, hours, pace, limits, and the test number."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from integrator.domain.errors import SettingsError
from integrator.domain.message import Purpose
from integrator.messages.formatting import format_count
from integrator.panel.access import Role
from integrator.panel.routes import Page, get, post
from integrator.panel.settings_forms import holidays
from integrator.panel.settings_forms.erp_side import ErpSide, erp_side, erp_typed, write_erp
from integrator.panel.settings_forms.fields import YES
from integrator.panel.settings_forms.pace_words import pace_words
from integrator.panel.settings_forms.saving import BAD, Refused, change, save
from integrator.panel.settings_forms.sending_fields import DEBTS_TO_SEND, FIELDS, PACE
from integrator.panel.settings_forms.sending_view import Again, HolidayTyped, collection, values, year_asked
from integrator.panel.settings_forms.values import Unreadable, by_key, toml_value, typed
from integrator.panel.visit import Visit
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
    # The hours may be changed by the same form: what counts is whether collection reaches the hour at all.
    week = collection(visit.panel.settings, erp)
    asked = erp_typed(visit, erp, week) if week else None
    if asked is not None and asked.problem:
        refused = Refused(typed(visit.typed, visit.all_typed, FIELDS))
        return _page(visit, erp, Again(refused, asked), BAD)
    fields = tuple(each for each in FIELDS if not (erp.debts and each is DEBTS_TO_SEND))
    outcome = save(visit, fields, lambda made: _lawful(made, erp))
    if isinstance(outcome, Refused):
        return _page(visit, erp, Again(outcome, asked), outcome.status)
    changes = (*outcome.changes, *(write_erp(visit, erp, asked) if asked is not None else ()))
    if not changes:
        return visit.go("/envio", "Nada mudou: os valores já eram estes.")
    visit.record("mudou o envio", "; ".join(changes))
    visit.panel.running.wake()
    return visit.go(
        "/envio", f"Salvo: {format_count(len(changes), 'ajuste', 'ajustes')}. Já vale para o próximo envio."
    )


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


def _lawful(made: Settings, erp: ErpSide) -> None:
    """The law of the state that only the ERP's register knows."""
    made.week(Purpose.COLLECTION, erp.uf)


PAGES: Final[tuple[Page, ...]] = (
    get("/envio", show),
    post("/envio", store, Role.OWNER),
    get("/envio/ritmo", pace),
    post("/envio/feriados/novo", add_holiday, Role.OWNER),
    post("/envio/feriados/tirar", take_holiday, Role.OWNER),
)
