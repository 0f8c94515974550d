"""One HTTP conversation with the simulator's process, shared by the gateway and by the controls of tests and demo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import requests

_CONNECT_S: Final = 5.0


class Transport:
    """Keeps the connection open between requests and never repeats one by itself."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy of the shop has no business on the loopback address
        self._session.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str, timeout_s: float, query: Mapping[str, str] | None = None) -> requests.Response:
        """Raises :class:`requests.RequestException` when no answer came."""
        return self._session.get(self._url + path, params=query, timeout=(_CONNECT_S, timeout_s), allow_redirects=False)

    def post(self, path: str, timeout_s: float, body: bytes) -> requests.Response:
        """Raises :class:`requests.RequestException` when no answer came."""
        return self._session.post(self._url + path, data=body, timeout=(_CONNECT_S, timeout_s), allow_redirects=False)

    def delete(self, path: str, timeout_s: float) -> requests.Response:
        """Raises :class:`requests.RequestException` when no answer came."""
        return self._session.delete(self._url + path, timeout=(_CONNECT_S, timeout_s), allow_redirects=False)

    def close(self) -> None:
        """Close the connections; a later request opens new ones."""
        self._session.close()


def fields_of(response: requests.Response) -> dict[str, Any]:
    """The JSON object of an answer. Raises :class:`requests.RequestException` when it holds none."""
    fields = response.json()
    if not isinstance(fields, dict):
        raise requests.exceptions.InvalidJSONError("not an object", response=response)
    return fields
