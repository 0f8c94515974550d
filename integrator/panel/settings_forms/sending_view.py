"""What the page Envio shows beside its fields: the law, the week that counts, holidays, the pace in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from integrator.domain.collection_hours import law_of
from integrator.domain.errors import SettingsError
from integrator.domain.message import Purpose
from integrator.panel.access import Role
from integrator.panel.settings_forms import holidays
from integrator.panel.settings_forms.erp_side import DEBTS_FIELD, START_FIELD, ErpSide, ErpTyped
from integrator.panel.settings_forms.pace_words import pace_words
from integrator.panel.settings_forms.saving import Refused, controls
from integrator.panel.settings_forms.sending_fields import (
    DEBTS,
    DEBTS_TO_SEND,
    FIELDS,
    LIMITS,
    NUMBER,
    OPTIONAL_HOLIDAYS,
    PACE,
    PURPOSES,
    SUMMARY,
)
from integrator.panel.settings_forms.values import DAYS
from integrator.panel.settings_forms.week_words import week_words
from integrator.panel.visit import Visit
from integrator.settings import Settings
from integrator.settings.editing import fixed_by_environment

_YEARS: Final = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class HolidayTyped:
    """The form of a new holiday; ``day`` is ISO."""

    day: str = ""
    name: str = ""
    every_year: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Again:
    """What a page that is shown again has to show beyond what is set."""

    refused: Refused | None = None
    erp: ErpTyped | None = None
    holiday: HolidayTyped = field(default_factory=HolidayTyped)


def year_asked(visit: Visit) -> int:
    """The year whose holidays are looked at; this one unless another is asked for."""
    asked = visit.query.get("ano") or visit.typed("ano")
    return int(asked) if asked.isdecimal() and len(asked) == 4 and int(asked) in _YEARS else visit.now.year


def values(visit: Visit, erp: ErpSide, again: Again) -> dict[str, Any]:
    """The values of the page's template."""
    settings = visit.panel.settings
    return {
        **_of_fields(visit, again),
        **_of_erp(settings, erp, again),
        **_of_holidays(visit, settings, settings.uf(erp.uf), again),
        "version": visit.panel.config.read().version,
        "problem": visit.panel.config_problem,
        "may": visit.may(Role.OWNER),
        "test": settings.whatsapp.test_number if settings.whatsapp.redirect_all else "",
        "words": pace_words(settings.sending, collection(settings, erp)) if collection(settings, erp) else (),
    }


def collection(settings: Settings, erp: ErpSide) -> Any:
    """The week of collection; None where what is set passes the law of the ERP's state, which is told elsewhere."""
    try:
        return settings.week(Purpose.COLLECTION, erp.uf)
    except SettingsError:
        return None


def _of_fields(visit: Visit, again: Again) -> dict[str, Any]:
    return {
        "controls": controls(visit, FIELDS, again.refused),
        "general": again.refused.general if again.refused else (),
        "wrong": again.refused is not None,
        "purposes": PURPOSES,
        "pace_fields": PACE,
        "limits": LIMITS,
        "number": NUMBER,
        "summary": SUMMARY,
        "optional": OPTIONAL_HOLIDAYS,
        "days": tuple(zip(DAYS, ("seg", "ter", "qua", "qui", "sex", "sáb", "dom"), strict=True)),
    }


def _of_erp(settings: Settings, erp: ErpSide, again: Again) -> dict[str, Any]:
    law, week = law_of(settings.uf(erp.uf)), collection(settings, erp)
    return {
        "erp": erp,
        "erp_typed": again.erp or ErpTyped(erp.debts, erp.start),
        "debts_field": DEBTS_FIELD,
        "start_field": START_FIELD,
        "debts": DEBTS,
        "debts_to_send": DEBTS_TO_SEND,
        "own_debts": dict(DEBTS)[settings.sending.debts.value],
        "several": len(settings.databases) > 1,
        "law": law,
        "law_week": week_words(law.week) if law else "",
        "week": week_words(week) if week else "",
    }


def _of_holidays(visit: Visit, settings: Settings, uf: str, again: Again) -> dict[str, Any]:
    year = year_asked(visit)
    return {
        "uf": uf,
        "year": year,
        "closed": holidays.year_of(settings, uf, year),
        "elsewhere": holidays.elsewhere(settings, year),
        "holiday": again.holiday,
        "holidays_locked": fixed_by_environment(holidays.PATH),
    }
