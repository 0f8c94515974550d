"""One telling posted to whom it is for, signed so that he knows it is from us."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from integrator import __version__
from integrator.panel.api.callbacks.book import Callback, Due

if TYPE_CHECKING:
    import requests

_CONNECT_S: Final = 5.0
_ANSWER_S: Final = 10.0
LONGEST_URL: Final = 500


class Arrival(Enum):
    """``REFUSED``: somebody answered otherwise than with 2xx; ``AWAY``: nobody answered."""

    TOLD = "told"
    REFUSED = "refused"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Answered:
    """``words`` in Portuguese, for the owner."""

    arrival: Arrival
    words: str


def post(session: requests.Session, callback: Callback, due: Due, now: datetime) -> Answered:
    """Post it once. No redirect is followed and nothing of the answer but its status is read."""
    import requests

    body = signed_body(due, now)
    try:
        with session.post(
            callback.url,
            data=body,
            headers={
                "Content-Type": "application/json",
                "User-Agent": f"Integrador/{__version__}",
                "X-Integrador-Evento": due.telling.event,
                "X-Integrador-Momento": now.isoformat(timespec="seconds"),
                "X-Integrador-Assinatura": f"sha256={signature(callback.secret, body)}",
            },
            allow_redirects=False,
            stream=True,
            timeout=(_CONNECT_S, _ANSWER_S),
        ) as answer:
            return _judged(answer.status_code)
    except requests.Timeout:
        return Answered(Arrival.AWAY, "não respondeu a tempo")
    except (requests.exceptions.SSLError, requests.exceptions.InvalidURL):
        return Answered(Arrival.AWAY, "o endereço ou o certificado não serve")
    except (requests.RequestException, ValueError, OSError):
        return Answered(Arrival.AWAY, "não foi possível conectar")


def signed_body(due: Due, now: datetime) -> bytes:
    """The raw body; its instant is of this attempt, so that an old one can be told from a new one."""
    told = json.loads(due.telling.body)
    told |= {"enviado_em": now.isoformat(timespec="seconds"), "tentativa": due.attempts + 1}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def signature(secret: str, body: bytes) -> str:
    """HMAC-SHA256 of the raw body, in hexadecimal."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def url_problem(url: str) -> str:
    """Why that is no address to be told at; empty for one that is.

    The shop's own network is allowed: ERPs live there.
    """
    try:
        parts = urlsplit(url)
        port_ok = parts.port is None or parts.port > 0
    except ValueError:
        return "Este endereço não existe."
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port_ok:
        return "Escreva um endereço completo, que comece com http:// ou https://."
    if parts.username is not None or parts.password is not None:
        return "O endereço não pode levar usuário e senha; a assinatura já prova quem chama."
    if len(url) > LONGEST_URL or any(char <= " " or char == "\x7f" for char in url):
        return "O endereço é longo demais ou tem espaços."
    return ""


def _judged(status: int) -> Answered:
    if 200 <= status < 300:
        return Answered(Arrival.TOLD, f"respondeu {status}")
    if 300 <= status < 400:
        return Answered(Arrival.REFUSED, f"respondeu {status}, um redirecionamento, que não é seguido")
    return Answered(Arrival.REFUSED, f"respondeu {status}")
