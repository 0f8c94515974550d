"""A test message for the other programs of this computer: by which number it leaves, or why it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from integrator.domain.errors import GatewayError, SettingsError
from integrator.domain.phone import format_phone, parse_phones, spellings
from integrator.messages.formatting import format_datetime
from integrator.panel.local_sending import changed, shops, why_it_waits
from integrator.panel.numbers.guard import stops_of
from integrator.panel.numbers.pairing import status_of
from integrator.panel.premises import Panel, Shop

_NOT_STARTED: Final = "o WhatsApp dele ainda não foi iniciado neste computador"


def put_test(panel: Panel, asked: Mapping[str, str]) -> Mapping[str, Any]:
    """A test message to ``phone``, else to the configured number for tests.

    With ``instance`` it leaves by that number and by no other, and is not queued where that cannot send now; without,
    by the first number of the first database, whenever that can.
    """
    from integrator.panel.summary.daily import put_test_message

    instance = asked.get("instance", "")
    shop = _sending_by(panel, instance) if instance else shops(panel)[0]
    settings = shop.settings.for_number(instance) if instance else shop.settings
    phone = parse_phones(asked["phone"])[0].e164 if asked.get("phone") else panel.settings.whatsapp.test_number
    if not phone:
        raise SettingsError("Falta o número de teste. Escreva um celular com DDD.")
    put_test_message(settings, shop.database, panel.clock.now(), phone)
    changed(panel, "pôs na fila uma mensagem de teste", settings.whatsapp.instance)
    by = f" por “{instance}”" if instance and len(panel.settings.numbers) > 1 else ""
    leaves = f"{when_it_leaves(panel, shop)}{by} na sua vez, no horário de envio."
    return {"told": f"Mensagem de teste na fila. {leaves}{_to(panel, phone)}"}


def number_for_tests(panel: Panel, _asked: Mapping[str, str]) -> Mapping[str, Any]:
    """The configured number for tests, E.164 digits; empty when there is none."""
    return {"phone": panel.settings.whatsapp.test_number}


def _sending_by(panel: Panel, instance: str) -> Shop:
    """A database whose messages leave by that number, now. Raises :class:`GatewayError` with what is in the way."""
    number = panel.settings.for_number(instance).whatsapp
    serving = [each for each in shops(panel) if any(n.instance == instance for n in each.settings.numbers)]
    if not serving:
        raise GatewayError(
            f"Nenhum banco envia pelo número “{instance}”, e o teste não foi posto na fila. Escolha o banco dele na "
            "página WhatsApp do painel."
        )
    asks = {each.database: each.asks for each in panel.running.stations()}
    sending = [each for each in serving if not asks.get(each.name)]
    if not sending:
        raise GatewayError(f"O teste não foi posto na fila. {asks[serving[0].name]}")
    status = status_of(panel, instance)
    waits = why_it_waits(status.condition, stops_of(panel, (number,)).get(instance)) if status else _NOT_STARTED
    if waits:
        raise GatewayError(
            f"O número “{instance}” não pode enviar agora: {waits.rstrip('.')}. O teste não foi posto na fila; repita "
            "quando isso estiver resolvido."
        )
    return sending[0]


def when_it_leaves(panel: Panel, shop: Shop) -> str:
    """The beginning of the sentence that says when it leaves: not during a person's pause of that database."""
    until = next((each.paused_until for each in panel.running.stations() if each.database == shop.name), None)
    if until is None or until <= panel.clock.now():
        return "Ela sai"
    end = "até alguém retomar" if until == datetime.max else f"até {format_datetime(until)}"
    return f"O envio está pausado {end}; depois ela sai"


def _to(panel: Panel, phone: str) -> str:
    """Where it arrives, as a sentence with a blank before it, where that is not ``phone``; else empty."""
    chosen = panel.settings.whatsapp
    if not chosen.redirect_all or phone in spellings(chosen.test_number):
        return ""
    return f" Todas as mensagens estão redirecionadas: esta também chega a {format_phone(chosen.test_number)}."
