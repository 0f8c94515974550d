"""One HTTP conversation with an Evolution API server: requests, answers, and the texts of its complaints.

The server complains in seven shapes; :func:`complaints` reads them all. Nothing is ever sent a second time from here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlsplit

import requests

from integrator.domain.errors import SettingsError
from integrator.gateways.http import session_for

_CONNECT_S: Final = 5.0
_ERROR_NAME: Final = re.compile(r"^\w*Error: ")
_LONGEST_COMPLAINT: Final = 80


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered. ``body`` is None also where there was no JSON; ``took_s`` until its first byte."""

    status: int
    body: object
    took_s: float
    is_json: bool = True

    @property
    def fine(self) -> bool:
        """Whether the status is one of success."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


@dataclass(frozen=True, slots=True)
class File:
    """A file of a multipart request. The name that the customer sees is a field of its own."""

    content: bytes = field(repr=False)
    mime: str


class Server:
    """The server at ``address`` as whoever holds ``token`` (global key or an instance's own) sees it.

    Raises :class:`SettingsError` for a token that no header can carry.
    """

    def __init__(self, address: str, token: str) -> None:
        token = token.strip()
        if not (token.isascii() and token.isprintable()):
            raise SettingsError(
                "A chave da Evolution API tem caracteres que ela não aceita. Copie a chave de novo e guarde-a com: "
                "integrator senha --numero"
            )
        self._address = _address(address)
        self._headers = {"apikey": token}
        self._session = session_for(self._address)

    def ask(
        self,
        method: str,
        path: str,
        timeout_s: float,
        fields: Mapping[str, object] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        """Something that may be asked again. Raises :class:`requests.RequestException` when no answer came."""
        response = self._session.request(
            method,
            self._address + path,
            json=fields,
            params=query,
            headers=self._headers,
            timeout=(min(_CONNECT_S, timeout_s), timeout_s),
            allow_redirects=False,
        )
        return _answer(response)

    def post(self, path: str, timeout_s: float, fields: Mapping[str, object], file: File | None = None) -> Answer:
        """Something that must not happen twice, over a connection of its own.

        One that was kept may be closed by the server in the very moment of use, which would leave doubt for nothing.
        Raises :class:`requests.RequestException` when no answer came.
        """
        body: dict[str, Any] = {"json": fields}
        if file is not None:
            # The name in the part's header stays plain: the server reads it as Latin-1.
            body = {"data": fields, "files": {"file": ("documento.pdf", file.content, file.mime)}}
        with session_for(self._address) as session:
            response = session.post(
                self._address + path,
                headers=self._headers | {"Connection": "close"},
                timeout=(_CONNECT_S, timeout_s),
                allow_redirects=False,
                **body,
            )
            return _answer(response)

    def close(self) -> None:
        """Close the connections; a later request opens new ones."""
        self._session.close()


def path_of(action: str, instance: str) -> str:
    """The path of an action on an instance: ``/message/sendText/loja%201``."""
    return f"/{action}/{quote(instance, safe='')}"


def complaints(body: object) -> tuple[str, ...]:
    """What the server complains about, one line each, cut short: a database error of it repeats the whole message.

    The shapes: ``response.message`` as a list of texts, of lists or of objects, or as one text; ``message`` without
    ``response``; nothing at all; and the inside of an error of its library (``output.payload.message``).
    """
    match body:
        case {"response": {"message": told}} | {"output": {"payload": {"message": told}}} | {"message": told}:
            return tuple(_cut(text) for text in _texts(told))
        case _:
            return ()


def is_refused_form(body: object) -> bool:
    """Whether the request did not pass the server's check of its form: a list of lists."""
    match body:
        case {"response": {"message": [list(), *_]}}:
            return True
        case _:
            return False


def is_without_whatsapp(body: object) -> bool:
    """Whether the server says that the number has no WhatsApp: a list of objects."""
    match body:
        case {"response": {"message": [{"exists": False}, *_]}}:
            return True
        case _:
            return False


def unknown_instance(answer: Answer) -> bool:
    """Whether the instance does not exist; a 404 of whoever else answers at that address says something else."""
    told = " ".join(complaints(answer.body))
    return answer.status == HTTPStatus.NOT_FOUND and ("does not exist" in told or told.endswith("not found"))


def _texts(told: object) -> list[str]:
    match told:
        case str():
            return [told]
        case list():
            return [text for each in told for text in _texts(each)]
        case _:
            return []


def _cut(text: str) -> str:
    lines = _ERROR_NAME.sub("", text.strip()).splitlines()
    return lines[0][:_LONGEST_COMPLAINT] if lines else ""


def _answer(response: requests.Response) -> Answer:
    took_s = response.elapsed.total_seconds()
    try:
        return Answer(response.status_code, response.json(), took_s)
    except requests.exceptions.JSONDecodeError:
        return Answer(response.status_code, None, took_s, is_json=False)


def _address(typed: str) -> str:
    """``http://servidor:8080`` from what a technician pastes, the manager's page included."""
    address = typed.strip().rstrip("/").removesuffix("/manager")
    return address if urlsplit(address).scheme in {"http", "https"} else f"http://{address}"
