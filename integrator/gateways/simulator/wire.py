"""How the engine and the simulator's process find and understand each other.

The process listens on 127.0.0.1 and leaves a card, ``porta.json``, in its folder: port, token, mode and process id.
A send is one line of JSON, an end of line, and the content's bytes; everything else is plain JSON.
"""

from __future__ import annotations

import http.client
import json
import re
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from integrator.domain.errors import GatewayError
from integrator.domain.message import PartKind
from integrator.gateways.simulator.posts import Mode, Post
from integrator.sending.gateway import Event, Inbound, Receipt, ReceiptKind

CARD_FILE: Final = "porta.json"
HOST: Final = "127.0.0.1"
#: WhatsApp takes documents of 100 MB; a little is left for the line of JSON.
LARGEST_BODY: Final = 101 * 1024 * 1024

MESSAGES: Final = "/messages"
NUMBERS: Final = "/numbers"
NUMBER_CHECK: Final = "/numbers/check"
EVENTS: Final = "/events"
WRITTEN: Final = "/written"
STATE: Final = "/state"
PAIRING: Final = "/pairing"
FAULTS: Final = "/faults"
STOP: Final = "/stop"

_ALIVE_S: Final = 10.0
_ID = re.compile(r"[0-9A-Za-z._-]{0,64}")


@dataclass(frozen=True, slots=True)
class Card:
    """Where a simulator is and how to be let in."""

    port: int
    token: str
    mode: Mode
    pid: int

    @property
    def url(self) -> str:
        """The address that a gateway is given."""
        return f"http://{HOST}:{self.port}"


def write_card(folder: Path, card: Card) -> None:
    """Leave the card in ``folder``, whole or not at all."""
    unfinished = folder / f"{CARD_FILE}.tmp"
    unfinished.touch(mode=0o600)  # the token is nobody else's business
    fields = {"porta": card.port, "token": card.token, "modo": card.mode, "pid": card.pid}
    unfinished.write_text(json.dumps(fields), encoding="utf-8")
    unfinished.replace(folder / CARD_FILE)


def read_card(folder: Path) -> Card:
    """The card of the simulator that runs in ``folder``. Raises :class:`GatewayError` when there is none."""
    try:
        raw = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
        return Card(int(raw["porta"]), str(raw["token"]), Mode(raw["modo"]), int(raw["pid"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"Não há simulador em execução na pasta {folder}. Inicie-o com: integrator simulador --pasta {folder}"
        raise GatewayError(message, detail=repr(error)) from error


def is_running(folder: Path) -> bool:
    """Whether the simulator that left its card in ``folder`` still serves; a killed one leaves its card behind."""
    try:
        card = read_card(folder)
    except GatewayError:
        return False
    connection = http.client.HTTPConnection(HOST, card.port, timeout=_ALIVE_S)
    try:
        connection.request("GET", STATE, headers={"Authorization": f"Bearer {card.token}"})
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def pack_post(post: Post) -> bytes:
    """``post`` as the body of a request."""
    head = {
        "id": post.id,
        "to": post.to,
        "kind": post.kind,
        "at": post.at.isoformat(),
        "file_name": post.file_name,
        "mime": post.mime,
        "caption": post.caption,
    }
    return json.dumps(head).encode("ascii") + b"\n" + post.content


def unpack_post(body: bytes) -> Post:
    """The reverse of :func:`pack_post`. Raises ValueError, KeyError or TypeError when it is none."""
    line, _, content = body.partition(b"\n")
    head: dict[str, Any] = json.loads(line)
    caption = head["caption"]
    if not isinstance(caption, str):
        raise TypeError("caption")
    post = Post(
        id=head["id"],
        to=head["to"],
        kind=PartKind(head["kind"]),
        content=content,
        at=datetime.fromisoformat(head["at"]),
        file_name=head["file_name"],
        mime=head["mime"],
        caption=caption,
    )
    if _ID.fullmatch(post.id) is None:
        raise ValueError("invalid id")
    post.caption.encode("utf-8")
    if post.kind is not PartKind.DOCUMENT:
        content.decode("utf-8")
        if post.caption:
            raise ValueError("caption without a file")
    return post


def pack_event(event: Event) -> list[str]:
    """``event`` as a row of JSON, its sort first."""
    at = event.at.isoformat()
    match event:
        case Receipt(provider_id, kind, _, reason):
            return ["receipt", provider_id, kind.value, at, reason]
        case Inbound(message_id, sender, text, _, name):
            return ["written", message_id, sender, text, at, name]


def unpack_event(row: list[str]) -> Event:
    """The reverse of :func:`pack_event`. Raises ValueError or TypeError when it is none."""
    match row:
        case ["receipt", provider_id, kind, at, reason]:
            return Receipt(provider_id, ReceiptKind(kind), datetime.fromisoformat(at), reason)
        case ["written", message_id, sender, text, at, name]:
            return Inbound(message_id, sender, text, datetime.fromisoformat(at), name)
        case _:
            raise ValueError("no event")
