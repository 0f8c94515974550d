"""The list: customers whom the queue knows, found by name, code or phone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from integrator.domain.errors import PhoneError
from integrator.domain.phone import PhoneCandidate, parse_phones
from integrator.erp.consents import ConsentRegister
from integrator.erp.customers import NEWEST, KnownCustomer, known_customers, phone_of
from integrator.panel.customers.forgetting import finish_quietly
from integrator.panel.customers.words import FLAGS, Stand, stands
from integrator.panel.visit import Visit

_PAGE: Final = 50
_LAST_PAGE: Final = 2_000
_LONGEST_SEARCH: Final = 120


@dataclass(frozen=True, slots=True)
class Line:
    """One customer as the list shows it. ``complaint`` is why no phone of theirs can be used."""

    customer: KnownCustomer
    phones: tuple[PhoneCandidate, ...]
    complaint: str
    flag: str
    stands: tuple[Stand, ...]


def show(visit: Visit) -> Response:
    """GET /clientes."""
    finish_quietly(visit.panel)
    return visit.render("clientes.html", **_found(visit))


def lines(visit: Visit) -> Response:
    """GET /clientes/linhas: the list alone, for the live page."""
    return visit.fragment("clientes_linhas.html", **_found(visit))


def _found(visit: Visit) -> dict[str, Any]:
    search = " ".join(visit.query.get("busca", "").split())[:_LONGEST_SEARCH]
    everywhere = visit.query.get("tudo", "") == "sim"
    number = visit.query.get("pagina", "")
    page = min(max(int(number), 1), _LAST_PAGE) if number.isascii() and number.isdigit() else 1
    shop = visit.shop
    first = (page - 1) * _PAGE + 1
    found = known_customers(shop.database, search, first, _PAGE + 1, everywhere=everywhere)
    area = shop.settings.whatsapp.default_area
    asked = {"busca": search} | ({"tudo": "sim"} if everywhere else {})
    return {
        "search": search,
        "everywhere": everywhere,
        "page": page,
        "more": len(found) > _PAGE,
        "lines": _lines(visit, found[:_PAGE], area),
        "newest": NEWEST,
        "address": f"/clientes?{urlencode(asked)}&",
        "wider": f"/clientes?{urlencode({'busca': search, 'tudo': 'sim'})}",
        "fragment": f"/clientes/linhas?{urlencode(asked | {'pagina': str(page)})}",
        "phone": phone_of(search, area) if search else None,
    }


def _lines(visit: Visit, customers: tuple[KnownCustomer, ...], area: str) -> list[Line]:
    read = [(customer, *_phones(customer.phones, area)) for customer in customers]
    every = list({phone.e164: phone for _, phones, _ in read for phone in phones}.values())
    answers = ConsentRegister(visit.shop.database).answers(every)
    return [
        Line(customer, phones, complaint, FLAGS[customer.flag], stands(answers[phone.e164] for phone in phones))
        for customer, phones, complaint in read
    ]


def _phones(typed: str, area: str) -> tuple[tuple[PhoneCandidate, ...], str]:
    try:
        return parse_phones(typed, area), ""
    except PhoneError as error:
        return (), error.message.replace("; a mensagem fica retida até lá", "")
