"""By which host names the panel answers: this computer's own, and those that the shop configured.

Numbers need no list: who connects to one reached us by it (see :mod:`.security`).
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from functools import cache
from typing import Final

from integrator.settings.panel import PanelSettings

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
#: An address of the documentation: a datagram socket "connected" to it says which way out the computer has; nothing
#: is sent.
_ANYWHERE: Final = ("192.0.2.1", 9)


def known(host: str, settings: PanelSettings) -> bool:
    """Whether the panel answers to that name; a name of the network only where the shop opened the panel to it."""
    if host in LOOPBACK:
        return True
    return settings.network and (host in own_names() or host in {name.lower() for name in settings.names})


@cache
def own_names() -> frozenset[str]:
    """The computer's name, alone and as the local network's name service has it; none that no browser could ask for."""
    name = socket.gethostname().lower()
    first = name.partition(".")[0]
    return frozenset({name, first, f"{first}.local"}) if first and name.isascii() else frozenset()


def own_addresses() -> frozenset[str]:
    """The computer's IPv4 addresses in its networks as they are now, the loopback left out."""
    found: set[str] = set()
    with contextlib.suppress(OSError):  # a name that does not resolve
        found.update(str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET))
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(_ANYWHERE)  # a computer without a network has no way out
        found.add(probe.getsockname()[0])
    return frozenset(each for each in found if not ipaddress.ip_address(each).is_loopback)
