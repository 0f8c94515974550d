"""The numbers for the other programs of this computer: ``/local/whatsapp/…``, JSON both ways.

Only by the loopback, and only with the token of ``painel.json``: who has it can read the data folder anyway. For
anybody else these addresses do not exist. An error is ``{"message": …}`` with 409, in Portuguese.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from integrator.domain.errors import GatewayError, IntegratorError
from integrator.domain.phone import parse_phones
from integrator.facade import NumberStatus
from integrator.logs import log_event
from integrator.panel.access import THIS_COMPUTER
from integrator.panel.accounts.address import is_ours
from integrator.panel.accounts.audit import Deed
from integrator.panel.bodies import read_body
from integrator.panel.numbers.guard import guard_of, resume
from integrator.panel.numbers.pairing import PairingDeed, pair, status_of
from integrator.panel.premises import Panel
from integrator.sending.gateway import Pairing
from integrator.settings.sections import NumberSettings

log = logging.getLogger(__name__)

LOCAL: Final = "/local/whatsapp"
_LARGEST: Final = 16 * 1024
_REFUSED: Final = 409
_DEFECT: Final = "O painel encontrou um erro que não conhecia. Veja o registro."
_RECORDED: Final[Mapping[PairingDeed, str]] = {
    PairingDeed.BEGIN: "pediu o código para conectar o número",
    PairingDeed.END: "desconectou o número",
}
#: What was asked, by name, to the answer. Raises :class:`IntegratorError`.
Answer = Callable[[Panel, Mapping[str, str]], Mapping[str, Any]]


def local_app(panel: Panel) -> ASGIApp:
    """The application behind :data:`LOCAL`."""

    def route(name: str, answer: Answer) -> Route:
        async def endpoint(request: Request) -> Response:
            if not await run_in_threadpool(_is_of_this_computer, panel, request):
                raise HTTPException(404)
            asked = _fields(await read_body(request, _LARGEST))
            if asked is None:
                return JSONResponse({"message": "O pedido não foi entendido."}, 400)
            return await run_in_threadpool(_answered, panel, answer, asked)

        return Route(f"/{name}", endpoint, methods=["POST"])

    return Starlette(
        routes=[route(name, answer) for name, answer in _ANSWERS.items()],
        exception_handlers={HTTPException: _plain},
    )


def _plain(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return PlainTextResponse(error.detail, error.status_code)


def _is_of_this_computer(panel: Panel, request: Request) -> bool:
    kind, _, shown = request.headers.get("authorization", "").partition(" ")
    near = request.client is not None and request.client.host.startswith("127.")
    return near and kind == "Bearer" and is_ours(panel.folder, shown)


def _fields(body: bytes) -> dict[str, str] | None:
    try:
        found = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
        return None
    return found


def _answered(panel: Panel, answer: Answer, asked: Mapping[str, str]) -> Response:
    try:
        return JSONResponse(answer(panel, asked))
    except IntegratorError as error:
        log_event(log, "local_refused", title=error.title, detail=error.detail)
        return JSONResponse({"message": error.message}, _REFUSED)
    except Exception:
        # The top of a request: a defect of ours is one answer that fails, and is in the log.
        log.exception("action=defect")
        return JSONResponse({"message": _DEFECT}, 500)


def _numbers(panel: Panel, _asked: Mapping[str, str]) -> Mapping[str, Any]:
    running = {each.instance: each for each in panel.running.numbers()}
    return {"numbers": [_number(each, running.get(each.instance)) for each in panel.settings.numbers]}


def _number(settings: NumberSettings, status: NumberStatus | None) -> dict[str, Any]:
    """``state`` is empty while no engine runs."""
    condition = status.condition if status is not None else None
    return {
        "instance": settings.instance,
        "engine": settings.engine.value,
        "expected": settings.phone,
        "number": status.number if status is not None else "",
        "state": condition.state.value if condition is not None else "",
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
        "stopped_at": found.stop.at.isoformat() if found.stop else "",
        "stopped_why": found.stop.why if found.stop else "",
    }


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
    }


_ANSWERS: Final[Mapping[str, Answer]] = {
    "numbers": _numbers,
    "pairing": _pairing,
    "guard": _guard,
    "resume": _resume,
    "wake": _wake,
}
