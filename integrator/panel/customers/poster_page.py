"""Cartaz do balcão: which number, and the page to print."""

from __future__ import annotations

from starlette.responses import Response

from integrator.domain.phone import PhoneCandidate, PhoneKind
from integrator.erp.customers import phone_of, sender_numbers
from integrator.panel.visit import Visit, Wrong


def show(visit: Visit) -> Response:
    """GET /clientes/cartaz. ``numero`` as typed; without it, the connected one."""
    connected = sender_numbers(visit.shop.database)
    typed = visit.query.get("numero", "").strip()
    asked = typed or next(iter(connected), "")
    phone = _number(visit, asked)
    problem = "Este não é um celular com DDD. Confira os dígitos." if asked and phone is None else ""
    return visit.render(
        "clientes_cartaz.html", 400 if problem else 200, typed=asked, phone=phone, problem=problem, connected=connected
    )


def pdf(visit: Visit) -> Response:
    """GET /clientes/cartaz.pdf: to be opened, and printed from there."""
    content = _drawn(visit)
    headers = {"Content-Disposition": 'inline; filename="cartaz-do-balcao.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


def picture(visit: Visit) -> Response:
    """GET /clientes/cartaz.png: how it will look."""
    from integrator.documents.pictures import thumbnail

    return Response(thumbnail(_drawn(visit), 640), media_type="image/png")


def _drawn(visit: Visit) -> bytes:
    from integrator.documents.poster import draw_poster

    phone = _number(visit, visit.query.get("numero", ""))
    if phone is None:
        raise Wrong("Este não é um celular com DDD. Volte e confira os dígitos.")
    # A number as WhatsApp connected it is linked in its own spelling; a typed one with the nine, which it understands.
    typed = visit.query.get("numero", "").strip()
    return draw_poster(visit.shop.company(), typed if typed in phone.alternatives else phone.e164)


def _number(visit: Visit, typed: str) -> PhoneCandidate | None:
    if not typed or len(typed) > len("+55 (49) 9 8859-0187 "):
        return None
    digits = typed if not typed.isdigit() or len(typed) < len("554988590187") else f"+{typed}"
    found = phone_of(digits, visit.shop.settings.whatsapp.default_area)
    return found if found is not None and found.kind is not PhoneKind.FOREIGN else None
