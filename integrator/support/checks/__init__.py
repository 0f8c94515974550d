"""The doctor's questions: ``GENERAL`` and ``PER_DATABASE``, which are imported when they are first asked for.

Each module holds one group: functions from the :class:`~integrator.support.context.Context` to an answer, with the
judgement apart from the asking wherever a fact comes from the server. All of them together need most of the program;
whoever asks only a few, as the test of a connection does, imports their modules and waits for no others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from integrator.support.checks.catalogue import GENERAL, PER_DATABASE
    from integrator.support.doctor import Check

__all__ = ["GENERAL", "PER_DATABASE"]


def __getattr__(name: str) -> tuple[Check, ...]:
    """The lists, from :mod:`integrator.support.checks.catalogue`."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from integrator.support.checks import catalogue

    found: tuple[Check, ...] = getattr(catalogue, name)
    return found
