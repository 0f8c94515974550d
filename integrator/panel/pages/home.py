"""Início: whether it went out, and what needs a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from integrator.domain.errors import IntegratorError
from integrator.domain.lifecycle import State
from integrator.erp.history import DayFigures
from integrator.erp.overview import needing_a_person, reminded
from integrator.panel.access import Role
from integrator.panel.home.chart import draw
from integrator.panel.home.concerns import concerns
from integrator.panel.home.glance import look, month
from integrator.panel.routes import Page, get, post
from integrator.panel.summary.figures import sentences, title
from integrator.panel.visit import NotThere, Visit
from integrator.sending.number_words import number_words

_NOW: Final = "inicio_agora.html"


def show(visit: Visit) -> Response:
    if not visit.panel.shops():
        return visit.render("inicio_primeiro.html", problem=visit.panel.config_problem)
    days = month(visit.shop, visit.now)
    return visit.render("inicio.html", **_current(visit), chart=draw(days), **_told(visit, days))


def current(visit: Visit) -> Response:
    """What changes while the page is open."""
    return visit.fragment(_NOW, **_current(visit))


def ready(visit: Visit) -> Response:
    """Whether the first steps are done; asked by their page while it is open."""
    return visit.fragment("inicio_pronto.html", shops=visit.panel.shops())


def badges(visit: Visit) -> Response:
    """How much waits for a person, for the menu and the tab's title: by the page where it is decided."""
    waiting = needing_a_person(visit.shop.database) if visit.panel.shops() else ()
    confirm = sum(each.rows for each in waiting if each.state is State.AWAITING)
    queue = sum(each.rows for each in waiting if each.state is not State.AWAITING)
    words = "precisa de você" if queue == 1 else "precisam de você"
    return JSONResponse(
        {
            "/confirmar": {"number": confirm, "words": "aguardando confirmação"},
            "/fila": {"number": queue, "words": words},
        }
    )


def choose_shop(visit: Visit) -> Response:
    """From now on this browser sees that database."""
    name = visit.typed("banco")
    if name not in {shop.name for shop in visit.panel.shops()}:
        raise NotThere(f"Não há banco com o nome “{name[:60]}” na configuração.")
    visit.memory.shop = name
    return visit.go(visit.typed("ir") or "/")


def _current(visit: Visit) -> dict[str, Any]:
    glance = look(visit.panel, visit.shop)
    name = visit.shop.settings.whatsapp.instance
    instances = glance.now.instances if glance.now else ()
    return {
        "glance": glance,
        "concerns": concerns(glance, visit.panel.config_problem),
        "number": next((each for each in instances if each.name == name), None),
        "others": len(visit.shop.settings.other_numbers),
        "words": number_words,
        "stations": visit.panel.running.stations(),
        "several": len(visit.panel.shops()) > 1,
        "simulated": visit.panel.running.simulator() is not None,
        "daily_max": visit.shop.settings.sending.daily_max,
    }


def _told(visit: Visit, days: Sequence[DayFigures]) -> dict[str, Any]:
    """The day's summary: yesterday's until today's is due."""
    today, at = visit.now.date(), visit.panel.settings.summary.at
    day = today if visit.now.time() >= at else today - timedelta(days=1)
    figures = next((each for each in days if each.day == day), None)
    try:
        told = sentences(figures, reminded(visit.shop.database, day)) if figures else ()
    except IntegratorError:
        told = ()
    return {"summary_title": title(day, today), "summary": told}


PAGES: Final[tuple[Page, ...]] = (
    get("/", show),
    get("/inicio/agora", current),
    get("/inicio/pronto", ready),
    get("/avisos", badges),
    post("/banco", choose_shop, Role.VIEWER),
)
