"""A week of hours as a sentence."""

from __future__ import annotations

from itertools import groupby

from integrator.domain.calendar import Week

_SHORT = ("segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo")


def week_words(week: Week) -> str:
    """``segunda a sexta das 08:00 às 19:00, sábado das 08:00 às 14:00``; closed days are left out."""
    told = []
    for hours, group in groupby(range(len(_SHORT)), key=lambda day: week.days[day]):
        if hours is not None:
            days = list(group)
            first, last = _SHORT[days[0]], _SHORT[days[-1]]
            several = f"{first} a {last}" if len(days) > 2 else f"{first} e {last}"
            told.append(f"{several if len(days) > 1 else first} {hours}")
    return ", ".join(told)
