"""Pairing a number from here: the engine is asked, and what it says is written where the ERP's screens read it."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from integrator.domain.errors import GatewayError, IntegratorError
from integrator.erp.overview import NO_HEALTH, Instance, instances, set_qr
from integrator.facade import NumberStatus
from integrator.logs import log_event
from integrator.panel.premises import Panel, Shop
from integrator.sending.gateway import GatewayState, Pairable, Pairing, StatusNews
from integrator.settings.sections import Engine

log = logging.getLogger(__name__)

_LONGEST_CODE: Final = 1000


class PairingDeed(StrEnum):
    """What may be done; the words are those of the local programs' requests."""

    LOOK = "look"
    BEGIN = "begin"
    END = "end"


def status_of(panel: Panel, instance: str) -> NumberStatus | None:
    """The running engine of that number; None while none runs."""
    return next((each for each in panel.running.numbers() if each.instance == instance), None)


def silent_names(panel: Panel, shop: Shop) -> frozenset[str]:
    """The shop's numbers of Meta's own API of which nobody tells more than that a message was accepted."""
    official = {each.instance for each in shop.settings.numbers if each.engine is Engine.CLOUD_API}
    if not official:
        return frozenset()
    running = panel.running.numbers()
    silent = {each.instance for each in running if each.capabilities.status is StatusNews.NONE}
    return frozenset(official & silent)


def may_touch(panel: Panel, shop: Shop) -> bool:
    """Whether numbers are paired from here: an installation that has to ask whether it may send touches none."""
    return not any(each.asks for each in panel.running.stations() if each.database == shop.name)


def pair(panel: Panel, instance: str, deed: PairingDeed, phone: str = "") -> Pairing:
    """Do it and say how the number stands after it; every database that sends by it is told.

    ``phone`` (E.164 digits) asks for a pair code. Raises :class:`GatewayError` where there is nothing to pair.
    """
    shops = tuple(each for each in panel.shops() if any(n.instance == instance for n in each.settings.numbers))
    if not any(may_touch(panel, each) for each in shops):
        raise GatewayError(f"O número “{instance}” não pode ser conectado nem desconectado por este computador.")
    pairable = panel.running.pairing(instance)
    if pairable is None:
        raise GatewayError(_nothing_to_pair(panel, instance))
    pairing = _done(pairable, panel.clock.now(), deed, phone)
    for shop in shops:
        _tell(panel, shop, instance, pairing)
    if deed is not PairingDeed.LOOK:
        log_event(log, "pairing", instance=instance, deed=deed.value, state=pairing.state.value)
        panel.running.wake()
        panel.live.tell("estado")
    return pairing


def told_of(panel: Panel, shop: Shop, known: Instance, pairing: Pairing) -> Instance:
    """The row as the engine's word makes it: written where it says something else, so that the ERP shows the same."""
    status = status_of(panel, known.name)
    engine = status.engine if status is not None else known.engine
    shown = pairing.code if pairing.code is not None and _fits(pairing.code.text) else None
    qr, until = (shown.text, shown.until) if shown is not None else ("", None)
    if (known.state, known.number) != (pairing.state, pairing.number):
        shop.queue(known.name).report_instance(pairing.number, pairing.state, engine)
        if pairing.state is GatewayState.CONNECTED:
            panel.running.wake()
    if (known.qr, known.qr_until) != (qr, until):
        set_qr(shop.database, known.name, qr, until)
    return replace(known, state=pairing.state, number=pairing.number, engine=engine, qr=qr, qr_until=until)


def _fits(code: str) -> bool:
    """Whether ``WA_INSTANCIA.QR_TEXTO`` can hold it; the panel shows it all the same."""
    return code.isascii() and len(code) <= _LONGEST_CODE


def unheard_of(name: str) -> Instance:
    """A number of which the database does not know yet."""
    return Instance(name, "", None, "", "", None, None, 0, None, NO_HEALTH)


def _done(pairable: Pairable, now: datetime, deed: PairingDeed, phone: str) -> Pairing:
    match deed:
        case PairingDeed.LOOK:
            return pairable.look(now)
        case PairingDeed.BEGIN:
            return pairable.begin(now, phone)
        case PairingDeed.END:
            return pairable.end(now)


def _tell(panel: Panel, shop: Shop, instance: str, pairing: Pairing) -> None:
    """A database that is away hears it from the engine's next tick."""
    try:
        found = instances(shop.database, panel.clock.now(), health=False)
        known = next((each for each in found if each.name == instance), unheard_of(instance))
        told_of(panel, shop, known, pairing)
    except IntegratorError as error:
        log_event(log, "pairing_untold", database=shop.name, detail=error.detail)


def _nothing_to_pair(panel: Panel, instance: str) -> str:
    if status_of(panel, instance) is not None:
        return f"O número “{instance}” usa a API oficial da Meta: ele não é conectado por QR Code."
    return (
        f"O WhatsApp do número “{instance}” ainda não foi iniciado neste computador. Espere alguns segundos e repita; "
        "se continuar, veja o motivo na página Início."
    )
