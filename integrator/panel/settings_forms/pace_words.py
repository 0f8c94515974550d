"""What the pace means in a day of work, in words."""

from __future__ import annotations

from datetime import date, timedelta

from integrator.domain.calendar import Week
from integrator.messages.formatting import format_count
from integrator.settings.sections import SendingSettings

_HOUR_S = 3600
_ROUND_ABOVE = 20
_MONDAY = date(2024, 1, 1)


def mean_gap_s(chosen: SendingSettings) -> float:
    """Average seconds from one message to the next, the pauses between batches included."""
    gap = chosen.mean_gap_s
    if not chosen.batch_size:
        return gap
    return ((chosen.batch_size - 1) * gap + max(gap, chosen.batch_pause_min * 60)) / chosen.batch_size


def pace_words(chosen: SendingSettings, week: Week) -> tuple[str, ...]:
    """Sentences about batches, about how many messages fit into the longest day of ``week``, and about the maximum."""
    words = []
    if chosen.batch_size and chosen.batch_pause_min:
        every = "cada mensagem" if chosen.batch_size == 1 else f"cada {chosen.batch_size} mensagens"
        pause = format_count(chosen.batch_pause_min, "minuto", "minutos")
        words.append(f"A {every}, uma pausa de {pause}.")
    hours = _longest_day_h(week)
    fits = int(hours * _HOUR_S / mean_gap_s(chosen))
    told = format_count(_rounded(fits), "mensagem", "mensagens")
    words.append(f"Neste ritmo saem cerca de {told} num dia de {_hours(hours)}.")
    most = format_count(chosen.daily_max, "mensagem", "mensagens")
    if fits > chosen.daily_max:
        words.append(f"O máximo por dia vale antes: {most}; o resto sai no dia seguinte.")
    else:
        words.append(f"O máximo de {most} por dia não é alcançado neste ritmo.")
    return tuple(words)


def _longest_day_h(week: Week) -> float:
    lengths = [end - start for hours in week.days if hours for start, end in [hours.on(_MONDAY)]]
    return max(lengths, default=timedelta()).total_seconds() / _HOUR_S


def _rounded(count: int) -> int:
    return count if count < _ROUND_ABOVE else round(count, -1)


def _hours(hours: float) -> str:
    whole, minutes = divmod(round(hours * 60), 60)
    told = format_count(whole, "hora", "horas")
    return f"{told} e {minutes} minutos" if minutes else told
