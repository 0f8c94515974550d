"""The numbers for the other programs of this computer, below ``/local/whatsapp`` (see ``local.py``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from integrator.domain.errors import GatewayError
from integrator.domain.phone import parse_phones
from integrator.domain.sender import Stop
from integrator.facade import NumberStatus
from integrator.panel.access import THIS_COMPUTER
from integrator.panel.accounts.audit import Deed
from integrator.panel.local import Answer
from integrator.panel.numbers.guard import guard_of, resume, stops_of
from integrator.panel.numbers.pairing import PairingDeed, pair, status_of
from integrator.panel.numbers.since import state_since
from integrator.panel.premises import Panel
from integrator.sending.gateway import Pairing
from integrator.settings.sections import NumberSettings

_RECORDED: Final[Mapping[PairingDeed, str]] = {
    PairingDeed.BEGIN: "pediu o código para conectar o número",
    PairingDeed.END: "desconectou o número",
}


def _numbers(panel: Panel, _asked: Mapping[str, str]) -> Mapping[str, Any]:
    return {"numbers": numbers_of(panel)}


def numbers_of(panel: Panel) -> list[dict[str, Any]]:
    """Each configured number as it stands; ``state`` is empty while no engine runs."""
    running = {each.instance: each for each in panel.running.numbers()}
    configured = panel.settings.numbers
    stops = stops_of(panel, configured)
    return [_number(panel, each, running.get(each.instance)) | _stop(stops.get(each.instance)) for each in configured]


def _number(panel: Panel, settings: NumberSettings, status: NumberStatus | None) -> dict[str, Any]:
    condition = status.condition if status is not None else None
    shop = panel.settings.database.name
    state = condition.state if condition is not None else None
    since = state_since(panel.store, shop, settings.instance, state, panel.clock.now())
    return {
        "instance": settings.instance,
        "engine": settings.engine.value,
        "expected": settings.phone,
        "number": status.number if status is not None else "",
        "state": condition.state.value if condition is not None else "",
        "since": since.isoformat() if since is not None else "",
        "until": condition.until.isoformat() if condition is not None and condition.until else "",
        "detail": condition.detail if condition is not None else "",
        "told": condition.told if condition is not None else "",
        "pairs_by_qr": status is not None and status.capabilities.pairs_by_qr,
        "pairs_by_code": status is not None and status.capabilities.pairs_by_code,
    }


def _pairing(panel: Panel, asked: Mapping[str, str]) -> Mapping[str, Any]:
    instance = _settings(panel, asked).instance
    try:
        deed = PairingDeed(asked.get("do", ""))
    except ValueError:
        raise GatewayError("O pedido não foi entendido.", detail=f"do={asked.get('do', '')[:20]!r}") from None
    phone = parse_phones(asked["phone"])[0].e164 if asked.get("phone") else ""
    pairing = pair(panel, instance, deed, phone)
    if deed in _RECORDED:
        _record(panel, _RECORDED[deed], instance)
    return _told(pairing)


def _guard(panel: Panel, asked: Mapping[str, str]) -> Mapping[str, Any]:
    """``known`` is false while nothing is known of the number: nothing was ever sent by it."""
    settings = _settings(panel, asked)
    status = status_of(panel, settings.instance)
    found = guard_of(panel, settings, status.number if status is not None else "")
    if found is None:
        return {"known": False}
    return {
        "known": True,
        "contacts_known": found.known,
        "cap_known": found.known_cap,
        "contacts_cold": found.cold,
        "cap_cold": found.cold_cap,
        "day": found.day,
        "asked": found.asked,
        "cold_until": found.cold_until.isoformat() if found.cold_until else "",
        **_stop(found.stop),
    }


def _stop(stop: Stop | None) -> dict[str, str]:
    return {"stopped_at": stop.at.isoformat() if stop else "", "stopped_why": stop.why if stop else ""}


def _resume(panel: Panel, asked: Mapping[str, str]) -> Mapping[str, Any]:
    instance = _settings(panel, asked).instance
    resumed = resume(panel, instance)
    if resumed:
        _record(panel, "retomou o número que a proteção parou", instance)
        panel.running.wake()
        panel.live.tell("estado")
    return {"resumed": resumed}


def _wake(panel: Panel, _asked: Mapping[str, str]) -> Mapping[str, Any]:
    """Something was put into the queue, or decided: look now, not at the next tick."""
    panel.running.wake()
    panel.live.tell("fila", "estado")
    return {}


def _settings(panel: Panel, asked: Mapping[str, str]) -> NumberSettings:
    """Of the number that is named, else of the first. Raises :class:`SettingsError`."""
    return panel.settings.for_number(asked.get("instance") or panel.settings.whatsapp.instance).whatsapp


def _record(panel: Panel, action: str, instance: str) -> None:
    panel.audit.record(Deed(panel.clock.now(), THIS_COMPUTER.name, "127.0.0.1", action, instance))


def _told(pairing: Pairing) -> dict[str, str]:
    return {
        "state": pairing.state.value,
        "number": pairing.number,
        "qr": pairing.code.text if pairing.code else "",
        "qr_until": pairing.code.until.isoformat() if pairing.code else "",
        "digits": pairing.digits,
        "problem": pairing.problem,
        "name": pairing.name,
    }


ANSWERS: Final[Mapping[str, Answer]] = {
    "numbers": _numbers,
    "pairing": _pairing,
    "guard": _guard,
    "resume": _resume,
    "wake": _wake,
}
