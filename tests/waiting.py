"""Waiting for what other threads and programs do. Only what hangs reaches the end of the wait."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

PATIENCE_S: Final = 120.0
_LOOK_S: Final = 0.02
Seen = TypeVar("Seen")


class NotSeen(AssertionError):
    """Something did not come to a screen, which programs of others draw: X server, window manager, Wine, browser.

    A test that fails by this is tried once more: docs/decisions/0047.
    """


def eventually(
    true: Callable[[], Seen],
    what: str = "what was waited for",
    else_tell: Callable[[], str] = str,
    *,
    within_s: float = PATIENCE_S,
    fault: type[AssertionError] = AssertionError,
) -> Seen:
    """Wait until that holds; what was then seen. Raises ``fault`` when it does not in time."""
    end = time.monotonic() + within_s
    while not (seen := true()):
        if time.monotonic() > end:
            raise fault(f"{what} did not come in time\n{else_tell()}".rstrip())
        time.sleep(_LOOK_S)
    return seen


#: :func:`eventually` for what is to be on a screen: raises :class:`NotSeen`.
until_seen: Final = partial(eventually, fault=NotSeen)
