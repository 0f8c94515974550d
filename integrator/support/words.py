"""Lengths of time as people say them."""

from __future__ import annotations

from integrator.messages.formatting import format_count

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def duration(seconds: int) -> str:
    """``40 segundos``, ``12 minutos``, ``3 horas``, ``2 dias``: rounded down, in one unit."""
    if seconds < 2 * _MINUTE:
        return format_count(seconds, "segundo", "segundos")
    if seconds < 2 * _HOUR:
        return format_count(seconds // _MINUTE, "minuto", "minutos")
    if seconds < 2 * _DAY:
        return format_count(seconds // _HOUR, "hora", "horas")
    return format_count(seconds // _DAY, "dia", "dias")
