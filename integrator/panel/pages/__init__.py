"""The pages, one module each with its ``PAGES``; here they are put together."""

from __future__ import annotations

from typing import Final

from integrator.panel.pages import (
    confirm,
    customers,
    documents,
    entrance,
    history,
    home,
    keys,
    logs,
    members,
    queue,
    ruler,
    sending,
    simulator,
    texts,
    whatsapp,
)
from integrator.panel.routes import Page

PAGES: Final[tuple[Page, ...]] = (
    *home.PAGES,
    *queue.PAGES,
    *confirm.PAGES,
    *history.PAGES,
    *customers.PAGES,
    *texts.PAGES,
    *ruler.PAGES,
    *documents.PAGES,
    *sending.PAGES,
    *whatsapp.PAGES,
    *simulator.PAGES,
    *logs.PAGES,
    *members.PAGES,
    *keys.PAGES,
    *entrance.PAGES,
)
