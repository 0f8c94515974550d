"""Fila: what waits, what is held and why, and what a person decides about each message."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from starlette.responses import Response

from integrator.erp.desk_list import OPEN, Overview
from integrator.messages.catalogue import MODULES
from integrator.messages.formatting import format_count, format_datetime
from integrator.panel.access import Role
from integrator.panel.routes import Page, get, post
from integrator.panel.rows import deeds, letter, shown
from integrator.panel.rows.asked import OVER, PURPOSES, Asked, read_asked
from integrator.panel.visit import Visit, Wrong
from integrator.reports import read_forecast
from integrator.sending.guard import PAUSE_KEY, pause_until, pause_value

HOME: Final = "/fila"
_PAUSES: Final = (("30", "por 30 minutos"), ("hoje", "até amanhã"), ("sempre", "até alguém retomar"))


def show(visit: Visit) -> Response:
    asked = read_asked(visit.query)
    found = visit.shop.desk.overview()
    values = _head(visit, asked, found) | _list(visit, asked) | _choices(asked, found)
    return visit.render("fila.html", **values)


def head(visit: Visit) -> Response:
    asked = read_asked(visit.query)
    return visit.fragment("fila_resumo.html", **_head(visit, asked, visit.shop.desk.overview()))


def lines(visit: Visit) -> Response:
    return visit.fragment("fila_linhas.html", **_list(visit, read_asked(visit.query)))


def _head(visit: Visit, asked: Asked, found: Overview) -> dict[str, Any]:
    shop, now = visit.shop, visit.now
    return {
        "asked": asked,
        "found": found,
        "total": sum(found.counts.values()),
        "open_states": [state for state in OPEN if found.counts.get(state) or state is asked.chosen],
        "over_states": OVER,
        "forecast": read_forecast(shop.database, shop.settings, now, visit.panel.folder).sentence(now),
        "paused": pause_until(shop.desk.config(PAUSE_KEY), now) is not None,
        "pauses": _PAUSES,
        "shop": shop.name,
    }


def _list(visit: Visit, asked: Asked) -> dict[str, Any]:
    shop = visit.shop
    page = shop.desk.page(asked.filter, asked.page)
    return {
        "asked": asked,
        "rows": page.rows,
        "older": page.older,
        "more": page.more,
        "shown": shown,
        "area": shop.settings.whatsapp.default_area,
        "now": visit.now,
        "may": visit.may(Role.OPERATOR),
    }


def _choices(asked: Asked, found: Overview) -> dict[str, Any]:
    """What the filters offer: the catalogue's modules, and whatever else stands in the queue."""
    kinds = {each.kind for each in found.kinds if asked.module in ("", each.module)}
    return {
        "modules": _options("todos", (*MODULES, *(each.module for each in found.kinds), asked.module)),
        "kinds": _options("todos", (*sorted(kinds), asked.kind)),
        "purposes": [("", "todas"), *PURPOSES],
    }


def _options(everything: str, names: Iterable[str]) -> list[tuple[str, str]]:
    return [("", everything), *((name, name) for name in dict.fromkeys(filter(None, names)))]


def many(visit: Visit) -> Response:
    """The same deed for every ticked row."""
    visit.same_shop()
    deed = deeds.ALL.get(visit.typed("fazer"))
    if deed not in (deeds.CANCEL, deeds.RELEASE, deeds.FIRST):
        raise Wrong("Escolha o que fazer com as mensagens.")
    refs = deeds.refs_of(visit)
    if not refs:
        return visit.go(deeds.back(visit, HOME), "Marque as mensagens na lista e escolha de novo o que fazer com elas.")
    result = deeds.do_many(visit, deed, refs, lambda _: None)
    deeds.changed(visit)
    return visit.go(deeds.back(visit, HOME), deeds.sentence(deed, result))


def pause(visit: Visit) -> Response:
    """Stop sending for a while, in every integrator of this database."""
    visit.same_shop()
    now = visit.now.replace(microsecond=0)
    choices: dict[str, datetime | None] = {
        "30": now + timedelta(minutes=30),
        "hoje": datetime.combine(now.date() + timedelta(days=1), datetime.min.time()),
        "sempre": None,
    }
    asked = visit.typed("por")
    if asked not in choices:
        raise Wrong("Escolha por quanto tempo pausar.")
    until = choices[asked]
    visit.shop.desk.set_config(PAUSE_KEY, pause_value(until))
    told = "até alguém retomar" if until is None else f"até {format_datetime(until)}"
    visit.record("pausou o envio", told)
    deeds.changed(visit)
    return visit.go(HOME, f"Envio pausado {told}. O que já está sendo enviado termina.")


def resume(visit: Visit) -> Response:
    visit.same_shop()
    visit.shop.desk.set_config(PAUSE_KEY, "")
    visit.record("retomou o envio")
    deeds.changed(visit)
    return visit.go(HOME, "Envio retomado. Horários, intervalos e limites continuam valendo.")


def send_now(visit: Visit) -> Response:
    """The engine looks at the queue now; what keeps it from sending still does."""
    visit.panel.running.wake()
    visit.record("pediu para enviar agora")
    return visit.go(
        HOME,
        "O integrador foi chamado e olha a fila agora. Horários, intervalos, pausa e limite do dia continuam valendo.",
    )


def release_restored(visit: Visit) -> Response:
    """What a restored database or another computer held back: the owner looked, and says that it may leave."""
    visit.same_shop()
    count = visit.shop.desk.release_restored()
    told = format_count(count, "mensagem", "mensagens")
    visit.record("liberou o que um backup restaurado reteve", told)
    deeds.changed(visit)
    return visit.go(HOME, f"Liberadas: {told}. Cada uma passa de novo por todas as conferências antes de sair.")


PAGES: Final[tuple[Page, ...]] = (
    get(HOME, show),
    get("/fila/resumo", head),
    get("/fila/linhas", lines),
    post("/fila/varias", many, Role.OPERATOR),
    post("/fila/pausar", pause, Role.OPERATOR),
    post("/fila/retomar", resume, Role.OPERATOR),
    post("/fila/enviar-agora", send_now, Role.OPERATOR),
    post("/fila/restauradas", release_restored, Role.OWNER),
    *letter.PAGES,
)
