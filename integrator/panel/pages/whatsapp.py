"""WhatsApp: the numbers that send, their state, and pairing."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from integrator.erp.overview import instances
from integrator.gateways.simulator.pairing import PairingControl
from integrator.panel.access import Role
from integrator.panel.home.numbers import control_of, numbers, told_of
from integrator.panel.routes import Page, get, post
from integrator.panel.summary.daily import put_test_message
from integrator.panel.visit import Visit, Wrong

_HOME: Final = "/whatsapp"


def show(visit: Visit) -> Response:
    return visit.render("whatsapp.html", **_numbers(visit))


def current(visit: Visit) -> Response:
    """What changes while the page is open, the code to pair with included."""
    return visit.fragment("whatsapp_numeros.html", **_numbers(visit))


def connect(visit: Visit) -> Response:
    """Begin to wait for a phone."""
    visit.same_shop()
    _change(visit, _control(visit), "begin")
    visit.record("pediu o QR Code para conectar o número", visit.shop.settings.whatsapp.instance)
    return visit.go(_HOME)


def disconnect(visit: Visit) -> Response:
    """Let go of the phone."""
    visit.same_shop()
    _change(visit, _control(visit), "end")
    visit.record("desconectou o número", visit.shop.settings.whatsapp.instance)
    return visit.go(_HOME, "Número desconectado. Nada sai até um celular ser conectado.")


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
    return visit.go(_HOME, "Mensagem de teste na fila. Ela sai na sua vez, no horário de envio.")


def _change(visit: Visit, control: PairingControl, deed: str) -> None:
    shop, now = visit.shop, visit.now
    pairing = control.begin(now) if deed == "begin" else control.end(now)
    name = shop.settings.whatsapp.instance
    known = next((each for each in instances(shop.database, now) if each.name == name), None)
    if known is None:
        shop.queue().report_instance(pairing.number, pairing.state, "simulador")
    else:
        told_of(shop, known, pairing)
    visit.panel.running.wake()
    visit.panel.live.tell("estado")


def _control(visit: Visit) -> PairingControl:
    control = control_of(visit.panel, visit.shop)
    if control is None:
        raise Wrong("Este número não pode ser conectado nem desconectado por aqui.")
    return control


def _numbers(visit: Visit) -> dict[str, Any]:
    shop = visit.shop
    return {
        "numbers": numbers(visit.panel, shop),
        "owner": visit.may(Role.OWNER),
        "operator": visit.may(Role.OPERATOR),
        "simulated": visit.panel.running.simulator() is not None,
        "test_number": shop.settings.whatsapp.test_number,
        "now": visit.now,
    }


PAGES: Final[tuple[Page, ...]] = (
    get(_HOME, show),
    get("/whatsapp/numeros", current),
    post("/whatsapp/conectar", connect, Role.OWNER),
    post("/whatsapp/desconectar", disconnect, Role.OWNER),
    post("/whatsapp/teste", test_message, Role.OPERATOR),
)
