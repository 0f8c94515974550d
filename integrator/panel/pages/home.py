"""Início: whether it went out, and what needs a person."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from integrator.panel.routes import Page, get
from integrator.panel.visit import Visit


def show(visit: Visit) -> Response:
    return visit.render("inicio.html", stations=visit.panel.running.stations(), counts=visit.shop.desk.counts())


PAGES: Final[tuple[Page, ...]] = (get("/", show),)
