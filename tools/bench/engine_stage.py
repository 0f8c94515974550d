"""The fake WhatsApp servers of the tests, in a process of their own: what they use is counted against nobody.

One server for the product and one for the bare loop, because a session belongs to one client and moves on with each
message. Reached through :mod:`multiprocessing.managers`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.managers import BaseManager
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from tests.fake_whatsapp.server import FakeWhatsApp

_PATIENCE_S = 30.0
_LOOK_S = 0.001


@dataclass(frozen=True, slots=True)
class Reach:
    """How a client gets to a server: proxy, the root key to trust, and what starts the product's worker."""

    proxy: str
    anchor: str
    worker: tuple[str, ...]


class Server:
    """A fake WhatsApp as the bench needs it: only what can cross over between processes."""

    def __init__(self, folder: str) -> None:
        from tests.fake_whatsapp.server import FakeWhatsApp

        self._fake: FakeWhatsApp = FakeWhatsApp(Path(folder))
        self._fake.__enter__()

    def reach(self) -> Reach:
        """Of this server."""
        return Reach(self._fake.proxy, self._fake.anchor, tuple(self._fake.worker_command()))

    def scan(self, code: str) -> None:
        """The shop's phone reads the code that is shown now."""
        self._fake.scan(code)

    def know(self, numbers: Sequence[str]) -> None:
        """People with these numbers (E.164 digits, with the ninth), kept without the ninth as in most of Brazil."""
        for number in numbers:
            self._fake.contact(number, canonical=without_ninth(number))

    def worker_pid(self) -> int:
        """The process of the product's worker that was started last."""
        return self._fake.worker_pid

    def wait_for_login(self) -> float:
        """Unix seconds when a client was logged in. RuntimeError when none comes."""
        return self._when(lambda: self._fake.connected)

    def wait_for_silence(self) -> float:
        """Unix seconds when no client was logged in. RuntimeError when one stays."""
        return self._when(lambda: not self._fake.connected)

    def take_out(self) -> int:
        """How many messages people got since the last time, now dropped. RuntimeError if one was not understood."""
        if self._fake.problems:
            raise RuntimeError("; ".join(self._fake.problems))
        return len(self._fake.forget())

    def _when(self, true: Callable[[], bool]) -> float:
        end = time.monotonic() + _PATIENCE_S
        while not true():
            if time.monotonic() > end:
                raise RuntimeError("the client of the fake server did not do what was waited for")
            time.sleep(_LOOK_S)
        return time.time()


def without_ninth(number: str) -> str:
    """A Brazilian cell phone in E.164 digits as WhatsApp keeps most of them."""
    return number[:4] + number[5:]


class _Manager(BaseManager):
    serve: ClassVar[type[Server]]


_Manager.register("serve", Server)


@contextmanager
def open_servers(folder: Path) -> Iterator[tuple[Server, Server]]:
    """Two servers, with their certificates in ``folder``; they end with the block."""
    with _Manager(ctx=get_context("spawn")) as manager:
        product, bare = (manager.serve(str(folder / name)) for name in ("servidor-produto", "servidor-solto"))
        yield product, bare
