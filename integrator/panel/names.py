"""By which host names the panel answers: this computer's own, and those that the shop configured."""

from __future__ import annotations

import contextlib
import socket
from functools import cache
from typing import Final

from integrator.settings.panel import PanelSettings

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})


def known(host: str, settings: PanelSettings) -> bool:
    """Whether the panel answers to that name; a name of the network only where the shop opened the panel to it."""
    if host in LOOPBACK:
        return True
    return settings.network and (host in own_names() or host in {name.lower() for name in settings.names})


@cache
def own_names() -> frozenset[str]:
    """The computer's name, alone and with the suffix of the local network, and its addresses."""
    name = socket.gethostname().lower()
    names = {name, name.partition(".")[0], f"{name.partition('.')[0]}.local", socket.getfqdn().lower()}
    with contextlib.suppress(OSError):  # a name that does not resolve leaves the others
        names.update(str(entry[4][0]) for entry in socket.getaddrinfo(name, None, socket.AF_INET))
    return frozenset(names)
