"""One HTTP conversation with Meta's Graph API. Nothing is ever repeated here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import requests

from integrator import __version__
from integrator.domain.errors import GatewayError
from integrator.gateways.cloud_api.errors import ErrorClass, Refusal, refusal, sentence
from integrator.gateways.http import session_for

#: The version whose published description the requests are checked against.
META: Final = "https://graph.facebook.com/v23.0"
_CONNECT_S: Final = 10.0
#: How long an answer is waited for, in seconds.
ANSWER_S: Final = 60.0
UPLOAD_S: Final = 120.0
_FIRST_ERROR: Final = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """What Meta answered: parsed JSON, None where the body is none; ``refused`` unless it is a success."""

    body: object
    refused: Refusal | None


class Graph:
    """Requests to ``base_url``, signed with ``token``.

    Every method raises :class:`requests.RequestException` when no answer came;
    :func:`~integrator.gateways.http.never_left` tells whether the request may have arrived. Each request has a
    connection of its own: at one message a minute an idle one is mostly cut off by somebody on the way, and a message
    that is written into it is a message in doubt.
    """

    def __init__(self, token: str, base_url: str = META) -> None:
        self._base = base_url.rstrip("/")
        self._token = token
        self._session = session_for(base_url)
        self._session.headers.update(
            {
                "Authorization": f"Bearer {token}",
                "User-Agent": f"integrador/{__version__}",
                "Connection": "close",
            }
        )

    def get(self, path: str, query: Mapping[str, str] | None = None, patience_s: float = ANSWER_S) -> Answer:
        """Read an object; an answer is waited for ``patience_s``."""
        return self._answer("GET", path, query=query, patience_s=patience_s)

    def delete(self, path: str, query: Mapping[str, str]) -> Answer:
        """Delete an object."""
        return self._answer("DELETE", path, query=query)

    def post(self, path: str, fields: Mapping[str, object], query: Mapping[str, str] | None = None) -> Answer:
        """Send a JSON object."""
        return self._answer("POST", path, query=query, fields=fields)

    def upload(self, path: str, name: str, mime: str, content: bytes) -> Answer:
        """Send a file as a form."""
        response = self._session.post(
            f"{self._base}/{path}",
            data={"messaging_product": "whatsapp", "type": mime},
            files={"file": (name, content, mime)},
            timeout=(_CONNECT_S, UPLOAD_S),
            allow_redirects=False,
        )
        return _read(response)

    def put_bytes(self, path: str, content: bytes) -> Answer:
        """Send the bytes of an upload that was begun."""
        response = self._session.post(
            f"{self._base}/{path}",
            data=content,
            headers={
                "Authorization": f"OAuth {self._token}",  # this address alone takes the token so
                "file_offset": "0",
                "Content-Type": "application/octet-stream",
            },
            timeout=(_CONNECT_S, UPLOAD_S),
            allow_redirects=False,
        )
        return _read(response)

    def close(self) -> None:
        """Close what is open."""
        self._session.close()

    def _answer(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        fields: Mapping[str, object] | None = None,
        patience_s: float = ANSWER_S,
    ) -> Answer:
        response = self._session.request(
            method,
            f"{self._base}/{path}",
            params=query,
            json=fields,
            timeout=(min(_CONNECT_S, patience_s), patience_s),
            allow_redirects=False,
        )
        return _read(response)


def body_of(answer: Answer) -> object:
    """The body of a success. Raises :class:`GatewayError` with the sentence of the refusal otherwise."""
    if answer.refused is not None:
        kind = answer.refused.kind
        said = "A Meta recusou o pedido. O detalhe está no registro." if kind in _GENERAL else sentence(kind)
        raise GatewayError(said, detail=answer.refused.detail)
    return answer.body


def unreachable(error: requests.RequestException) -> GatewayError:
    """What to raise when Meta gave no answer."""
    return GatewayError(
        "Não consegui falar com a Meta (graph.facebook.com). Confira a internet deste computador e se o antivírus ou o "
        "firewall deixa o integrador sair.",
        detail=type(error).__name__,
    )


#: Classes whose sentence speaks of a message.
_GENERAL: Final = frozenset({ErrorClass.CONTENT, ErrorClass.OTHER, ErrorClass.TEMPLATE_NEEDED, ErrorClass.ANOTHER_DAY})


def _read(response: requests.Response) -> Answer:
    try:
        body: object = response.json()
    except requests.RequestException:
        body = None
    return Answer(body, None if response.status_code < _FIRST_ERROR else refusal(response.status_code, body))
