"""The pretended customers of the simulator that runs in a folder: they write back, so that a shop can try SAIR."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Final

import requests

from integrator.domain.errors import GatewayError
from integrator.gateways.simulator import wire
from integrator.gateways.simulator.transport import Transport

_ASK_S: Final = 10.0


def write_as(folder: Path, phone: str, text: str, now: datetime) -> None:
    """The person at ``phone`` (E.164 digits) writes ``text``. Raises :class:`GatewayError` when it is out of reach."""
    card = wire.read_card(folder)
    transport = Transport(card.url, card.token)
    try:
        fields = {"sender": phone, "text": text, "at": now.isoformat(), "name": ""}
        transport.post(wire.WRITTEN, _ASK_S, json.dumps(fields).encode("ascii")).raise_for_status()
    except requests.RequestException as error:
        raise GatewayError(
            "O simulador de WhatsApp não respondeu. Confira se o integrador está em execução.", detail=repr(error)
        ) from error
    finally:
        transport.close()
