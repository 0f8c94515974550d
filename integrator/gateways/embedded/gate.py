"""Holds a message back until its id is on the daemon's disk.

The library takes no id from us and tells none before it has sent; but it logs each frame, on the thread that is about
to write it. :meth:`Gate.look` reads the log and does not return to the library until the daemon has allowed the id. If
it never does, the process ends there, with the frame unsent. Frames that come in are logged in the same words by
another of its loggers: what customers write while a message is on its way is none of this. Lives in the worker.
"""

from __future__ import annotations

import os
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, NoReturn

#: The worker's exit code when it ended in front of the gate: proves that the message did not leave.
UNSENT: Final = 77
#: Its exit code when it ended there, but had let a message of that request go before: proves nothing.
LET_GO: Final = 78
_KNOWN_AT_MOST: Final = 2000
#: The log's entry: the frame as its first field, after that field's mark and length.
_FRAME = re.compile(rb"\n[\x80-\xff]*[\x00-\x7f]<message\s([^>]*)>")
#: Its last field: the logger of what goes out.
_OUTGOING: Final = b"\x1a\x0bClient/Send"
_ID = re.compile(rb'(?:^|\s)id="([^"]+)"')
_OF_DEVICES = re.compile(rb'(?:^|\s)category="peer"')


def end_process(code: int) -> NoReturn:
    """End at once: no other thread runs on."""
    os._exit(code)


class Gate:
    """One message at a time. ``tell`` gets request and id; ``patience_s`` is how long an answer is waited for."""

    def __init__(
        self, tell: Callable[[int, str], None], patience_s: float = 10.0, end: Callable[[int], object] = end_process
    ) -> None:
        self._tell = tell
        self._patience_s = patience_s
        self._end = end
        self._lock = threading.Lock()
        self._allowed = threading.Event()
        self._request: int | None = None
        self._assigned = ""
        self._known: OrderedDict[str, None] = OrderedDict()

    def begin(self, request: int) -> None:
        """From now on the next new message is that request's."""
        with self._lock:
            self._request, self._assigned = request, ""
            self._allowed.clear()

    def finish(self) -> None:
        """The request is over."""
        with self._lock:
            self._request = None

    def allow(self, request: int) -> None:
        """The daemon wrote the id of that request."""
        with self._lock:
            if request == self._request:
                self._allowed.set()

    def look(self, line: bytes) -> None:
        """Read one entry of the library's log, on the thread that is about to send what it tells."""
        frame = _FRAME.match(line) if line.endswith(_OUTGOING) else None
        found = _ID.search(frame[1]) if frame else None
        if frame is None or found is None or _OF_DEVICES.search(frame[1]):
            return
        message_id = found[1].decode("ascii", "replace")
        with self._lock:
            request = self._request
            # What left before is repeated by the library under its id: after a reconnection, or asked by a phone.
            if request is None or message_id in self._known:
                return
            if self._assigned:  # another message while ours is on its way: nobody asked for it
                self._end(LET_GO if self._allowed.is_set() else UNSENT)
                return
            self._assigned = message_id
            self._known[message_id] = None
            if len(self._known) > _KNOWN_AT_MOST:
                self._known.popitem(last=False)
        self._tell(request, message_id)
        if not self._allowed.wait(self._patience_s):
            self._end(UNSENT)
