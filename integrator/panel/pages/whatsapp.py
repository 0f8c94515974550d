"""WhatsApp: the numbers that send, their state, pairing, and what the guard allows them."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from integrator.domain.errors import PhoneError
from integrator.domain.phone import mask_phone, parse_phones
from integrator.domain.sender import Used
from integrator.panel.access import Role
from integrator.panel.home.numbers import Number, numbers
from integrator.panel.local_trial import when_it_leaves
from integrator.panel.numbers.form_pages import FORM_PAGES
from integrator.panel.numbers.guard import declare, resume
from integrator.panel.numbers.pairing import PairingDeed, may_touch, pair
from integrator.panel.routes import Page, get, post
from integrator.panel.summary.daily import put_test_message
from integrator.panel.visit import Visit, Wrong
from integrator.settings.sections import Engine, NumberSettings

_HOME: Final = "/whatsapp"
_USED: Final = {Used.NEW.value: "novo", Used.IN_USE.value: "já usado com clientes"}


def show(visit: Visit) -> Response:
    return visit.render("whatsapp.html", **_numbers(visit))


def current(visit: Visit) -> Response:
    """What changes while the page is open, the code to pair with included."""
    return visit.fragment("whatsapp_numeros.html", **_numbers(visit))


def signal(visit: Visit) -> Response:
    """A word that is another one when a pairing moved on: asked often while one is open."""
    found = numbers(visit.panel, visit.shop)
    return JSONResponse({"signal": hashlib.sha256("|".join(map(_stand, found)).encode()).hexdigest()[:16]})


def guide(visit: Visit) -> Response:
    """How a phone is connected, step by step, and what to mind."""
    return visit.render("whatsapp_ajuda.html", engines={each.engine for each in visit.shop.settings.numbers})


def connect(visit: Visit) -> Response:
    """Begin to wait for a phone; with its number typed, by a pair code."""
    number = _asked(visit)
    phone = _phone(visit.typed("celular")) if visit.typed("celular") else ""
    pair(visit.panel, number.instance, PairingDeed.BEGIN, phone)
    how = f"o código para o celular {mask_phone(phone)}" if phone else "o QR Code"
    visit.record(f"pediu {how} para conectar o número", number.instance)
    return visit.go(_HOME)


def disconnect(visit: Visit) -> Response:
    """Let go of the phone, or stop waiting for one."""
    number = _asked(visit)
    pair(visit.panel, number.instance, PairingDeed.END)
    visit.record("desconectou o número", number.instance)
    return visit.go(_HOME, "Número desconectado. Nada sai até um celular ser conectado.")


def tell_used(visit: Visit) -> Response:
    """Whether the connected number is new, which decides how many new contacts it may write to."""
    number, used = _asked(visit), visit.typed("uso")
    found = next((each for each in numbers(visit.panel, visit.shop) if each.settings is number), None)
    if found is None or not found.instance.number or used not in _USED:
        raise Wrong("Conecte um celular antes de dizer se o número é novo.")
    declare(visit.panel, found.instance.number, Used(used))
    visit.record(f"disse que o número é {_USED[used]}", number.instance)
    visit.panel.running.wake()
    visit.panel.live.tell("estado")
    return visit.go(_HOME, "Anotado. Vale a partir do próximo envio.")


def go_on(visit: Visit) -> Response:
    """A person looked at why the guard stopped the number."""
    number = _asked(visit)
    if resume(visit.panel, number.instance):
        visit.record("retomou o número que a proteção parou", number.instance)
    visit.panel.running.wake()
    visit.panel.live.tell("estado")
    return visit.go(_HOME, "O número volta a enviar no próximo horário.")


def test_message(visit: Visit) -> Response:
    """Queue a message to the test number."""
    visit.same_shop()
    shop = visit.shop
    if not shop.settings.whatsapp.test_number:
        raise Wrong("Falta o número de teste. Informe-o na página Envio.")
    if put_test_message(shop.settings, shop.database, visit.now):
        visit.record("pôs na fila uma mensagem de teste", shop.settings.whatsapp.instance)
    visit.panel.running.wake()
    visit.panel.live.tell("fila")
    leaves = when_it_leaves(visit.panel, shop)
    return visit.go(_HOME, f"Mensagem de teste na fila. {leaves} na sua vez, no horário de envio.")


def _asked(visit: Visit) -> NumberSettings:
    """The number that the form is about; a page of one number need not name it."""
    visit.same_shop()
    if not may_touch(visit.panel, visit.shop):
        raise Wrong("Este número não pode ser conectado nem desconectado por aqui.")
    configured, name = visit.shop.settings.numbers, visit.typed("numero")
    found = next((each for each in configured if each.instance == name), None) if name else configured[0]
    if found is None:
        raise Wrong("Este número não está mais na configuração. Abra a página de novo.")
    return found


def _phone(typed: str) -> str:
    try:
        return parse_phones(typed)[0].e164
    except PhoneError as error:
        raise Wrong("Escreva o celular com DDD, por exemplo (49) 98877-0000.") from error


def _stand(number: Number) -> str:
    pairing = number.pairing
    code = pairing.code.text if pairing is not None and pairing.code is not None else ""
    told = (pairing.digits, pairing.problem) if pairing is not None else ("", "")
    return "/".join((number.instance.name, str(number.instance.state), number.instance.number, code, *told))


def _numbers(visit: Visit) -> dict[str, Any]:
    shop = visit.shop
    found = numbers(visit.panel, shop)
    return {
        "numbers": found,
        "owner": visit.may(Role.OWNER),
        "operator": visit.may(Role.OPERATOR),
        "simulated": visit.panel.running.simulator() is not None,
        "linked": any(each.settings is not None and _links(each.settings) for each in found),
        "official": any(each.official for each in found),
        "test_number": shop.settings.whatsapp.test_number,
        "now": visit.now,
    }


def _links(settings: NumberSettings) -> bool:
    """Whether it sends as a device that is linked to somebody's phone."""
    return settings.engine in (Engine.EMBEDDED, Engine.EVOLUTION)


PAGES: Final[tuple[Page, ...]] = (
    get(_HOME, show),
    get("/whatsapp/numeros", current),
    get("/whatsapp/sinal", signal),
    get("/whatsapp/como-conectar", guide),
    post("/whatsapp/conectar", connect, Role.OWNER),
    post("/whatsapp/desconectar", disconnect, Role.OWNER),
    post("/whatsapp/uso", tell_used, Role.OWNER),
    post("/whatsapp/retomar", go_on, Role.OPERATOR),
    post("/whatsapp/teste", test_message, Role.OPERATOR),
    *FORM_PAGES,
)
