"""Where the running panel is, for the programs of this computer: ``painel.json`` in the data folder.

It is written when the panel starts and removed when it stops. The token in it proves that who asks for a one-time
link can read the data folder; only the file's owner may.
"""

from __future__ import annotations

import hmac
import http.client
import json
import re
import secrets
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from integrator.domain.errors import GatewayError, IntegratorError
from integrator.private_file import patiently, write_private

ADDRESS_FILE: Final = "painel.json"
ENTRY: Final = "/local/entrada"
_LOOPBACK: Final = "127.0.0.1"
_PATIENCE_S: Final = 10.0
#: An engine that is asked to begin or end a pairing may first have to start, or to tell WhatsApp.
_LONG_S: Final = 45.0
_LARGEST: Final = 1024 * 1024
_CLOSED: Final = (
    "O painel não está aberto neste computador. Inicie o integrador; se ele já está em execução, confira no "
    "config.toml se [painel] ligado = true, e no registro o motivo."
)
_OFF: Final = (
    "As páginas do painel não estão abertas neste computador. Confira no config.toml se [painel] ligado = true, e no "
    "registro se a porta dele estava livre. As mensagens saem mesmo assim."
)
_SILENT: Final = (
    "O painel não respondeu na porta {port}. Se o integrador acabou de iniciar, espere alguns segundos e repita; se "
    "continuar, reinicie o integrador."
)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class PanelAway(IntegratorError):
    """The panel is not running, or does not answer."""

    title = "Painel fechado"
    permanent = False


@dataclass(frozen=True, slots=True)
class PanelAddress:
    """``host`` is by which name the browser goes there; programs of this computer always go by the loopback."""

    port: int
    scheme: str
    host: str
    token: str


def write_address(folder: Path, port: int, scheme: str, host: str = "") -> None:
    """Tell this computer's programs where the panel is, with a new token. Raises :class:`OSError`."""
    chosen = host or ("localhost" if scheme == "https" else _LOOPBACK)
    content = json.dumps(asdict(PanelAddress(port, scheme, chosen, secrets.token_urlsafe(32))))
    write_private(folder / ADDRESS_FILE, content.encode(), desktop=True)


def remove_address(folder: Path) -> None:
    """The panel stopped. What cannot be removed stays: nobody answers there."""
    with suppress(OSError):
        patiently(lambda: (folder / ADDRESS_FILE).unlink(missing_ok=True))


def read_address(folder: Path) -> PanelAddress | None:
    """Where it is; None when it does not run, or its file cannot be read."""
    try:
        known = json.loads((folder / ADDRESS_FILE).read_text(encoding="utf-8"))
        return PanelAddress(int(known["port"]), str(known["scheme"]), str(known["host"]), str(known["token"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_ours(folder: Path, shown: str) -> bool:
    """Whether that is the token of the file."""
    known = read_address(folder)
    return known is not None and hmac.compare_digest(shown.encode(), known.token.encode())


def one_time_link(folder: Path, to: str = "/") -> str:
    """The address that opens the panel signed in as who sits at this computer: once, within two minutes.

    ``to`` is the page to open. Raises :class:`PanelAway`.
    """
    known = read_address(folder)
    if known is None:
        raise PanelAway(_CLOSED)
    token = _asked(known)
    leads = f"?ir={quote(to, safe='')}" if to != "/" else ""
    return f"{known.scheme}://{known.host}:{known.port}/entrar/{token}{leads}"


def ask(folder: Path, path: str, fields: Mapping[str, str], *, patience_s: float = _LONG_S) -> dict[str, Any]:
    """What the running panel answers to a request of this computer's programs, ``/local/whatsapp/…``.

    Raises :class:`PanelAway` where none runs, and :class:`GatewayError` with what it refused.
    """
    known = read_address(folder)
    if known is None:
        raise PanelAway(_CLOSED)
    connection = _connection(known, patience_s)
    headers = {"authorization": f"Bearer {known.token}", "content-type": "application/json"}
    try:
        connection.request("POST", path, json.dumps(fields).encode("ascii"), headers)
        answer = connection.getresponse()
        status, found = answer.status, json.loads(answer.read(_LARGEST))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise PanelAway(_SILENT.format(port=known.port), detail=repr(error)) from error
    finally:
        connection.close()
    if not isinstance(found, dict):  # a program that took the port of one that was killed
        raise PanelAway(_SILENT.format(port=known.port), detail=f"status={status}")
    if status != 200:
        raise GatewayError(str(found.get("message", "")), detail=f"status={status}")
    return found


def _asked(known: PanelAddress) -> str:
    """A link's token from the running panel."""
    connection = _connection(known)
    try:
        connection.request("POST", ENTRY, headers={"authorization": f"Bearer {known.token}", "content-length": "0"})
        answer = connection.getresponse()
        token = answer.read(100).decode("ascii", "replace")
        status = answer.status
    except (OSError, http.client.HTTPException) as error:
        raise PanelAway(_SILENT.format(port=known.port), detail=repr(error)) from error
    finally:
        connection.close()
    if status == 404:
        raise PanelAway(_OFF)
    if status != 200 or not _TOKEN.fullmatch(token):
        raise PanelAway(
            f"O que respondeu na porta {known.port} não é o painel deste computador. Reinicie o integrador, ou escolha "
            "outra porta em [painel] porta.",
            detail=f"status={status}",
        )
    return token


def _connection(known: PanelAddress, patience_s: float = _PATIENCE_S) -> http.client.HTTPConnection:
    if known.scheme != "https":
        return http.client.HTTPConnection(_LOOPBACK, known.port, timeout=patience_s)
    # Nothing here leaves the computer: whoever listens there is a program of this very computer.
    anybody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anybody.check_hostname = False
    anybody.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(_LOOPBACK, known.port, timeout=patience_s, context=anybody)
