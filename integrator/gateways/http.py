"""What engines on a server have in common: HTTP without repetitions, and which failure proves that nothing was sent."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_NO_REQUEST: Final = (
    requests.ConnectTimeout,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
)


def session_for(address: str) -> requests.Session:
    """A session for that server; the shop's own proxy has no business on the loopback address.

    Nothing is repeated by itself, and redirections are for the caller to refuse.
    """
    session = requests.Session()
    session.trust_env = urlsplit(address).hostname not in _LOOPBACK
    return session


def never_left(error: requests.RequestException) -> bool:
    """Whether ``error`` proves that no byte of the request was sent: no connection came about, or none was tried.

    A certificate that is refused ends the handshake, which comes before the request. What is called an error of a proxy
    proves nothing unless no connection to it came about: so is also told that it fell silent with the request in hand.
    """
    if isinstance(error, _NO_REQUEST):
        return True
    cause = error.args[0] if error.args else None
    if not isinstance(cause, MaxRetryError):
        return False
    reason = cause.reason
    if isinstance(reason, NewConnectionError):
        return True
    refused = any(isinstance(each, NewConnectionError) for each in getattr(reason, "args", ()))
    return refused or (isinstance(error, requests.exceptions.SSLError) and _certificate_refused(reason))


def _certificate_refused(reason: object) -> bool:
    from ssl import SSLCertVerificationError  # only where there is TLS: some Pythons come without

    return any(isinstance(each, SSLCertVerificationError) for each in getattr(reason, "args", ()))
