"""The first page's data: read as far as it can be, so that the page stands while a database is away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from integrator.domain.errors import IntegratorError
from integrator.domain.sender import Stop
from integrator.erp.history import DayFigures, per_day, today_figures
from integrator.erp.overview import (
    Closing,
    Instance,
    Integrator,
    Waiting,
    closings,
    instances,
    integrators,
    needing_a_person,
)
from integrator.facade import NumberStatus, StationStatus
from integrator.panel.numbers.guard import stops_of
from integrator.panel.numbers.pairing import may_touch
from integrator.panel.premises import Panel, Shop
from integrator.reports import read_forecast
from integrator.sending.guard import PAUSE_KEY, pause_until

_CHART_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Now:
    """What the database says at this moment. ``paused_until`` is ``datetime.max`` for a pause that a person ends."""

    today: DayFigures
    pending: int
    forecast: str
    paused_until: datetime | None
    waiting: tuple[Waiting, ...]
    instances: tuple[Instance, ...]
    integrators: tuple[Integrator, ...]
    closings: tuple[Closing, ...]


@dataclass(frozen=True, slots=True)
class Glance:
    """One shop's page: ``now`` is None while its database cannot be read, and ``problem`` says why.

    ``statuses`` are the numbers whose engines run here; ``stops``, by number, why the guard lets nothing leave.
    """

    shop: Shop
    station: StationStatus | None
    now: Now | None
    problem: IntegratorError | None = None
    statuses: tuple[NumberStatus, ...] = ()
    stops: Mapping[str, Stop] = field(default_factory=dict)


def look(panel: Panel, shop: Shop) -> Glance:
    """Everything about one database. Never raises for what is wrong with it."""
    station = next((each for each in panel.running.stations() if each.database == shop.name), None)
    try:
        now = _now(shop, panel.clock.now(), panel.folder)
        statuses = panel.running.numbers() if may_touch(panel, shop) else ()
        return Glance(shop, station, now, statuses=statuses, stops=stops_of(panel, shop.settings.numbers))
    except IntegratorError as error:
        return Glance(shop, station, None, error)


def month(shop: Shop, now: datetime) -> tuple[DayFigures, ...]:
    """The last thirty days in order, today the last; none while the database cannot be read."""
    try:
        return per_day(shop.database, now.date() - timedelta(days=_CHART_DAYS - 1), now.date())
    except IntegratorError:
        return ()


def _now(shop: Shop, now: datetime, folder: Path) -> Now:
    database = shop.database
    figures = today_figures(database, now.date())
    return Now(
        figures.day,
        figures.pending,
        read_forecast(database, shop.settings, now, folder).sentence(now),
        pause_until(shop.desk.config(PAUSE_KEY), now),
        needing_a_person(database),
        instances(database, now, health=False),
        integrators(database),
        closings(database),
    )
