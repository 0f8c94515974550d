"""The protocol on the pipes: JSON lines, and a file's bytes right after the line that announces them.

Unknown fields are ignored, so that either side may be newer; a line that cannot be read is nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import fields
from typing import Any, Final

from integrator.gateways.embedded.protocol import (
    Allow,
    Answer,
    AskDigits,
    Assigned,
    Check,
    Checked,
    Digits,
    Done,
    Ended,
    Hello,
    LogOut,
    Named,
    News,
    Ping,
    Pong,
    Request,
    Scan,
    SendFile,
    SendText,
    Situation,
    Start,
    Stop,
    Told,
    Written,
)

_DIGITS = re.compile(r"\d{6,}")
_REQUESTS: Final = (Start, AskDigits, Check, SendText, SendFile, Allow, LogOut, Ping, Stop)
_NEWS: Final = (Hello, Situation, Named, Scan, Digits, Checked, Assigned, Answer, Done, Told, Written, Pong, Ended)
_READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "int": lambda value: _exactly(value, int),
    "float": lambda value: float(_exactly(value, int, float)),
    "str": lambda value: _exactly(value, str),
    "tuple[str, ...]": lambda value: tuple(_exactly(each, str) for each in _exactly(value, list)),
    "bytes": lambda value: _exactly(value, bytes),
}


def encode(message: Request | News) -> bytes:
    """One line, and the file's bytes after it."""
    named = {each.name: getattr(message, each.name) for each in fields(message)}
    content: bytes = named.pop("content", b"")
    head = {"op": type(message).__name__, **named} | ({"size": len(content)} if content else {})
    return json.dumps(head, ensure_ascii=True).encode("ascii") + b"\n" + content


def read_request(line: bytes, read: Callable[[int], bytes]) -> Request | None:
    """The request of a line; ``read`` gives the bytes that follow. None for what cannot be understood."""
    head = _head(line)
    size = head.get("size", 0)
    if isinstance(size, int) and size > 0:
        head["content"] = read(size)
    request: Request | None = _build(head, {each.__name__: each for each in _REQUESTS})
    return request


def read_news(line: bytes) -> News | None:
    """What a worker's line tells; None for what cannot be understood."""
    news: News | None = _build(_head(line), {each.__name__: each for each in _NEWS})
    return news


def without_numbers(text: str) -> str:
    """What a library says, fit for a log: no phone and no other long number of anybody."""
    return _DIGITS.sub("…", text)


def _head(line: bytes) -> dict[str, Any]:
    try:
        head = json.loads(line)
    except ValueError:
        return {}
    return head if isinstance(head, dict) else {}


def _build(head: dict[str, Any], kinds: dict[str, type[Any]]) -> Any:
    kind = kinds.get(str(head.get("op")))
    if kind is None:
        return None
    try:
        return kind(**{f.name: _READERS[str(f.type)](head[f.name]) for f in fields(kind) if f.name in head})
    except (TypeError, ValueError):
        return None


def _exactly(value: Any, *kinds: type) -> Any:
    if type(value) not in kinds:
        raise TypeError(f"{type(value).__name__} where {kinds[0].__name__} was expected")
    return value
