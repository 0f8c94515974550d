"""Início: whether it went out, and what needs a person."""

from __future__ import annotations

from typing import Final

from starlette.responses import JSONResponse, Response

from integrator.domain.lifecycle import State
from integrator.erp.overview import needing_a_person
from integrator.messages.formatting import format_count
from integrator.panel.routes import Page, get
from integrator.panel.visit import Visit


def show(visit: Visit) -> Response:
    return visit.render("inicio.html", stations=visit.panel.running.stations(), counts=visit.shop.desk.counts())


def badges(visit: Visit) -> Response:
    """How much waits for a person, for the menu and the tab's title: by the page where it is decided."""
    waiting = needing_a_person(visit.shop.database)
    confirm = sum(each.rows for each in waiting if each.state is State.AWAITING)
    queue = sum(each.rows for each in waiting if each.state is not State.AWAITING)
    return JSONResponse(
        {
            "/confirmar": {"number": confirm, "words": "aguardando confirmação"},
            "/fila": {
                "number": queue,
                "words": format_count(queue, "precisa de você", "precisam de você").split(" ", 1)[1],
            },
        }
    )


PAGES: Final[tuple[Page, ...]] = (get("/", show), get("/avisos", badges))
