"""Confirmar: what waits for a person's yes, one by one, some, a kind of message, or all."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from integrator.domain.lifecycle import State
from integrator.erp.desk import Decision
from integrator.erp.desk_deeds import Tally
from integrator.erp.desk_list import Kind
from integrator.messages.formatting import format_count
from integrator.panel.access import Role
from integrator.panel.routes import Page, get, post
from integrator.panel.rows import deeds, shown
from integrator.panel.rows.asked import Asked, read_asked
from integrator.panel.visit import Visit, Wrong

HOME: Final = "/confirmar"
_DECISIONS: Final = {deeds.CONFIRM.name: Decision.CONFIRM, deeds.CANCEL.name: Decision.CANCEL}


def show(visit: Visit) -> Response:
    return visit.render("confirmar.html", **_values(visit))


def part(visit: Visit) -> Response:
    return visit.fragment("confirmar_lista.html", **_values(visit))


def _values(visit: Visit) -> dict[str, Any]:
    asked, shop = _asked(visit), visit.shop
    # The clock first: what changes between these looks was not seen.
    now = shop.desk.now()
    groups = shop.desk.waiting()
    page = shop.desk.page(asked.filter, asked.page)
    return {
        "asked": asked,
        "groups": groups,
        "total": sum(group.rows for group in groups),
        "rows": page.rows,
        "more": page.more,
        "seen": now.isoformat(),
        "shown": shown,
        "area": shop.settings.whatsapp.default_area,
        "may": visit.may(Role.OPERATOR),
        "shop": shop.name,
    }


def _asked(visit: Visit) -> Asked:
    asked = read_asked(visit.query)
    return Asked(State.AWAITING, False, asked.module, asked.kind, None, asked.search, asked.page)


def some(visit: Visit) -> Response:
    """The ticked rows, or the one whose own button was pressed."""
    visit.same_shop()
    one = shown.read_token(visit.typed("so"))
    deed = deeds.CONFIRM if one else deeds.ALL.get(visit.typed("fazer"))
    if deed is None or deed.name not in _DECISIONS:
        raise Wrong("Escolha confirmar ou cancelar.")
    refs = [one] if one else deeds.refs_of(visit)
    if not refs:
        return visit.go(deeds.back(visit, HOME), "Marque as mensagens na lista e escolha de novo o que fazer com elas.")
    seen = deeds.seen_at(visit)
    result = deeds.do_many(visit, deed, refs, lambda _: seen)
    deeds.changed(visit)
    return visit.go(deeds.back(visit, HOME), deeds.sentence(deed, result))


def all_of(visit: Visit) -> Response:
    """All that waited when the page was opened, or all of one kind."""
    visit.same_shop()
    deed = deeds.ALL.get(visit.typed("fazer"))
    decision = _DECISIONS.get(visit.typed("fazer"))
    if deed is None or decision is None:
        raise Wrong("Escolha confirmar ou cancelar.")
    kind = None if visit.typed("tudo") else Kind(visit.typed("modulo"), visit.typed("tipo"))
    reason = (visit.typed("motivo") or deed.reason) if deed is deeds.CANCEL else ""
    desk = visit.shop.desk
    tally = desk.answer_waiting(decision, deeds.seen_at(visit), reason, who=visit.member.name, kind=kind)
    left = sum(group.rows for group in desk.waiting() if kind in (None, group.kind))
    told = format_count(tally.done, deed.one, deed.many)
    visit.record(f"{deed.audit} todas" if kind is None else f"{deed.audit} {kind.module}, {kind.kind}", told)
    deeds.changed(visit)
    return visit.go(HOME, _sentence(told, tally, left))


def _sentence(told: str, tally: Tally, left: int) -> str:
    parts = [f"{told[:1].upper()}{told[1:]}." if tally.done else "Nada mudou: outra pessoa pode ter decidido antes."]
    if tally.busy:
        parts.append(f"{format_count(tally.busy, 'está', 'estão')} em uso pelo ERP agora; tente de novo em instantes.")
    if left > tally.busy:
        number = format_count(left - tally.busy, "chegou ou mudou", "chegaram ou mudaram")
        parts.append(f"{number} depois que você abriu a página: veja antes de decidir.")
    return " ".join(parts)


PAGES: Final[tuple[Page, ...]] = (
    get(HOME, show),
    get("/confirmar/lista", part),
    post("/confirmar/algumas", some, Role.OPERATOR),
    post("/confirmar/todas", all_of, Role.OPERATOR),
)
