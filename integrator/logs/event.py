"""What a log record of ours says: an action and its fields."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

_NEEDS_QUOTES = re.compile(r'[\s"=]|^$')


@dataclass(frozen=True, slots=True)
class Event:
    """The message of a log record made by :func:`integrator.logs.log_event`."""

    action: str
    fields: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        pairs = (("action", self.action), *self.fields)
        return " ".join(f"{name}={quoted(value)}" for name, value in pairs)


def quoted(value: str) -> str:
    """As it is, or in quotes where it would not be read as one value."""
    return json.dumps(value, ensure_ascii=False) if _NEEDS_QUOTES.search(value) else value
