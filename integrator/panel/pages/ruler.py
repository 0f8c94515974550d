"""Régua: when each reminder leaves, counted from the due date, and who would receive tonight."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from integrator.closing.policy import closing_policy
from integrator.domain.errors import IntegratorError, SettingsError
from integrator.erp import rows
from integrator.erp.profiles.configured import profile_of
from integrator.erp.sql import QUERIES
from integrator.messages.formatting import format_count
from integrator.panel.access import Role
from integrator.panel.routes import Page, get, post
from integrator.panel.settings_forms.dry_run import SHOWN, closing_time, who_would_receive
from integrator.panel.settings_forms.fields import Field
from integrator.panel.settings_forms.problems import sorted_problems
from integrator.panel.settings_forms.ruler_fields import (
    STEPS,
    StepTyped,
    as_table,
    repeat_words,
    ruler_fields,
    step_words,
    when_words,
)
from integrator.panel.settings_forms.saving import BAD, CONFLICT, Refused, change, controls, save
from integrator.panel.visit import NotThere, Visit
from integrator.policies import choices_of
from integrator.settings import Settings
from integrator.settings.closing import StepSettings
from integrator.settings.editing import ConfigChanged, fixed_by_environment, put


def show(visit: Visit) -> Response:
    """The ruler as a line of time, and how the closing works."""
    return _page(visit)


def store(visit: Visit) -> Response:
    """How the closing works."""
    outcome = save(visit, _fields(visit), lambda made: _usable(visit, made))
    if isinstance(outcome, Refused):
        return _page(visit, outcome, outcome.status)
    if not outcome.changes:
        return visit.go("/regua", "Nada mudou: os valores já eram estes.")
    visit.record("mudou o fechamento", "; ".join(outcome.changes))
    return visit.go("/regua", f"Salvo: {format_count(len(outcome.changes), 'ajuste', 'ajustes')}.")


def step(visit: Visit) -> Response:
    """The form of one step; of a new one without a name."""
    name = visit.query.get("nome", "")
    if not name:
        return _step_page(visit, "", StepTyped())
    found = _step(visit, name)
    return _step_page(visit, found.name, StepTyped.of(found))


def store_step(visit: Visit) -> Response:
    """A new step, or one changed."""
    before = visit.typed("antes")
    parts = ("nome", "quando", "dias", "repetir", "ate", "texto")
    asked = StepTyped(*(visit.typed(part) for part in parts))
    try:
        table = asked.as_table()
        others = [each for each in visit.panel.settings.closing.steps if each.name != before]
        if before and len(others) == len(visit.panel.settings.closing.steps):
            raise ConfigChanged("Esta etapa já não está na régua. Abra a página de novo.")
        _write(visit, [table, *map(as_table, others)])
    except SettingsError as error:
        told = sorted_problems(error, ()).general
        return _step_page(visit, before, asked, told, CONFLICT if isinstance(error, ConfigChanged) else BAD)
    words = when_words(table["dias"])
    visit.record("mudou uma etapa da régua" if before else "acrescentou uma etapa à régua", f"{asked.name}: {words}")
    return visit.go("/regua", f"Etapa “{asked.name}” salva: sai {words}.")


def take_step(visit: Visit) -> Response:
    """One step less."""
    gone = _step(visit, visit.typed("nome"))
    left = [each for each in visit.panel.settings.closing.steps if each.name != gone.name]
    if not left:
        raise SettingsError("A régua precisa de pelo menos uma etapa. Para não enviar, desligue o fechamento próprio.")
    _write(visit, list(map(as_table, left)))
    visit.record("tirou uma etapa da régua", f"{gone.name}: {when_words(gone.days)}")
    return visit.go("/regua", f"Etapa “{gone.name}” tirada.")


def who(visit: Visit) -> Response:
    """The page that asks for the list and waits for it."""
    return visit.render(
        "regua_quem.html", day=visit.query.get("dia", ""), today=visit.now.date().isoformat(), **_closing_values(visit)
    )


def who_list(visit: Visit) -> Response:
    """Who would receive and who not, computed now; nothing is written."""
    settings = visit.shop.settings
    try:
        at = closing_time(settings, visit.query.get("dia", ""), visit.now)
        found = who_would_receive(settings, visit.panel.folder, at)
    except IntegratorError as error:
        return visit.fragment("regua_lista.html", who=None, error=error, limit=SHOWN, step_words=step_words)
    return visit.fragment("regua_lista.html", who=found, error=None, limit=SHOWN, step_words=step_words)


def _page(visit: Visit, refused: Refused | None = None, status: int = 200) -> Response:
    steps = sorted(visit.panel.settings.closing.steps, key=lambda each: each.days)
    return visit.render(
        "regua.html",
        status,
        controls=controls(visit, _fields(visit), refused),
        general=refused.general if refused else (),
        wrong=refused is not None,
        steps=[(each, when_words(each.days), repeat_words(each)) for each in steps],
        **_closing_values(visit),
    )


def _closing_values(visit: Visit) -> dict[str, Any]:
    settings = visit.panel.settings
    shops = visit.panel.shops()
    own = visit.shop.settings.closing if shops else settings.closing
    seen, problem = _steps_seen(visit) if shops else ((), "")
    return {
        "own": own,
        "profile": own.profile,
        "first": not shops or visit.shop.name == settings.database.name,
        "seen": seen,
        "database_problem": problem,
        "version": visit.panel.config.read().version,
        "problem": visit.panel.config_problem,
        "may": visit.may(Role.OWNER),
        "locked": fixed_by_environment(STEPS),
    }


def _step_page(
    visit: Visit, before: str, asked: StepTyped, problems: tuple[str, ...] = (), status: int = 200
) -> Response:
    version = visit.panel.config.read().version
    return visit.render(
        "regua_etapa.html", status, before=before, asked=asked, problems=problems, version=version, locked=_locked()
    )


def _locked() -> str:
    return fixed_by_environment(STEPS)


def _fields(visit: Visit) -> tuple[Field, ...]:
    return ruler_fields(visit.panel.folder, visit.panel.settings.closing.profile)


def _step(visit: Visit, name: str) -> StepSettings:
    found = next((each for each in visit.panel.settings.closing.steps if each.name == name), None)
    if found is None:
        raise NotThere("Essa etapa não está na régua. Abra a página Régua de novo.")
    return found


def _write(visit: Visit, steps: list[dict[str, Any]]) -> None:
    ordered = sorted(steps, key=lambda table: int(table["dias"]))
    change(visit, lambda document: put(document, STEPS, ordered), lambda made: _usable(visit, made))


def _usable(visit: Visit, made: Settings) -> None:
    """The steps' texts, and the profile that reads the ERP."""
    closing_policy(made, choices_of(made))
    if made.closing.profile:
        profile_of(made, visit.panel.folder)


def _steps_seen(visit: Visit) -> tuple[tuple[tuple[str, str, int, Any], ...], str]:
    """The steps that the queue's own messages name, with how many and the last time; and why they are not known."""
    try:
        found = visit.shop.database.read(lambda session: session.rows(QUERIES["steps_seen"]))
    except IntegratorError as error:
        return (), error.message
    return tuple((rows.lenient(rule), rows.lenient(name), int(count), at) for rule, name, count, at in found), ""


PAGES: Final[tuple[Page, ...]] = (
    get("/regua", show),
    post("/regua", store, Role.OWNER),
    get("/regua/etapa", step, Role.OWNER),
    post("/regua/etapa", store_step, Role.OWNER),
    post("/regua/etapa/tirar", take_step, Role.OWNER),
    get("/regua/quem", who),
    get("/regua/quem/lista", who_list),
)
