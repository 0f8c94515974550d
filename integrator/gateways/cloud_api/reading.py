"""Reading what Meta sends, of which nothing is certain: a missing or odd field is an empty one, never an exception."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


def at(value: object, *path: str | int) -> object:
    """What lies at ``path`` in parsed JSON; None where any step of it does not exist."""
    for step in path:
        match value, step:
            case Mapping(), str():
                value = value.get(step)
            case list(), int() if step < len(value):
                value = value[step]
            case _:
                return None
    return value


def text_at(value: object, *path: str | int) -> str:
    """A text or a whole number there, as text; empty for everything else."""
    found = at(value, *path)
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""


def number_at(value: object, *path: str | int) -> int | None:
    """A whole number there, written as one or as text."""
    found = text_at(value, *path)
    return int(found) if found.isascii() and found.isdigit() else None


def items_at(value: object, *path: str | int) -> Iterator[object]:
    """The elements of a list there; none for everything else."""
    found = at(value, *path)
    return iter(found) if isinstance(found, list) else iter(())
