"""The section ``[calendario]``: days and hours of each purpose, and the shop's own holidays."""

from __future__ import annotations

import re
import unicodedata
from datetime import time
from enum import Enum
from typing import Annotated, Final, Self

from pydantic import BeforeValidator, Field, model_validator

from integrator.domain.calendar import WEEKDAYS, Hours, OwnHoliday, Week, parse_own_holiday
from integrator.domain.collection_hours import collection_week
from integrator.domain.message import Purpose
from integrator.settings.sections import Flag, Section, Uf, key

_CLOCK = r"(\d{1,2})(?:[:h](\d{2}))?h?"
_HOURS = re.compile(rf"{_CLOCK}\s*(?:-|–|às|as|até|ate|a)\s*{_CLOCK}", re.IGNORECASE)
_ABBREVIATION: Final = 3


class Same(Enum):
    """Hours not set here: those of collection count."""

    AS_COLLECTION = "igual"


def parse_hours(text: str) -> Hours | None:
    """``08:00-19:00`` (also ``8h às 19h``); empty is a closed day (``None``). Raises ``ValueError``."""
    if not text.strip():
        return None
    match = _HOURS.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"não entendi o horário “{text}”: escreva 08:00-19:00, ou deixe vazio para não enviar")
    start_hour, start_minute, end_hour, end_minute = (int(group or 0) for group in match.groups())
    try:
        end = time(0) if (end_hour, end_minute) == (24, 0) else time(end_hour, end_minute)
        return Hours(time(start_hour, start_minute), end)
    except ValueError:
        raise ValueError(f"o horário “{text}” não existe ou termina antes de começar") from None


def _as_hours(value: object) -> object:
    return parse_hours(value) if isinstance(value, str) else value


def _as_hours_or_same(value: object) -> object:
    return Same.AS_COLLECTION if value == Same.AS_COLLECTION.value else _as_hours(value)


def _as_holiday(value: object) -> object:
    return parse_own_holiday(value) if isinstance(value, str) else value


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.strip().lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _as_weekday(value: object) -> object:
    if not isinstance(value, str):
        return value
    wanted = _plain(value)
    for index, name in enumerate(WEEKDAYS):
        if len(wanted) >= _ABBREVIATION and _plain(name).startswith(wanted):
            return index
    raise ValueError(
        f"“{value}” não é um dia da semana: escreva segunda, terça, quarta, quinta, sexta, sábado ou domingo"
    )


DayHours = Annotated[Hours | None, BeforeValidator(_as_hours)]
DayHoursOrSame = Annotated[Hours | Same | None, BeforeValidator(_as_hours_or_same)]
Weekday = Annotated[int, BeforeValidator(_as_weekday), Field(ge=0, lt=len(WEEKDAYS))]
Holiday = Annotated[OwnHoliday, BeforeValidator(_as_holiday)]


class CollectionHours(Section):
    """``[calendario.cobranca]``: debt notices."""

    weekdays: DayHours = key("seg_sex", Hours(time(8), time(19)))
    saturday: DayHours = key("sabado", None)
    sunday: DayHours = key("domingo", None)
    on_holidays: Flag = key("feriados", False)
    closed_days: tuple[Weekday, ...] = key("dias_sem_envio", ())

    @property
    def week(self) -> Week:
        return _without(self.closed_days, Week.of(self.weekdays, self.saturday, self.sunday))


class ServiceHours(CollectionHours):
    """``[calendario.servico]``: every other document, which nobody minds on a Saturday or a holiday."""

    weekdays: DayHours = key("seg_sex", Hours(time(8), time(20)))
    saturday: DayHours = key("sabado", Hours(time(8), time(20)))
    on_holidays: Flag = key("feriados", True)


class PromotionHours(Section):
    """``[calendario.promocional]``: as collection where it says ``igual``."""

    weekdays: DayHoursOrSame = key("seg_sex", Same.AS_COLLECTION)
    saturday: DayHoursOrSame = key("sabado", Same.AS_COLLECTION)
    sunday: DayHoursOrSame = key("domingo", Same.AS_COLLECTION)
    on_holidays: Flag = key("feriados", False)
    closed_days: tuple[Weekday, ...] = key("dias_sem_envio", ())

    def week(self, collection: Week) -> Week:
        own = (*[self.weekdays] * 5, self.saturday, self.sunday)
        days = zip(own, collection.days, strict=True)
        return _without(
            self.closed_days, Week(tuple(theirs if mine is Same.AS_COLLECTION else mine for mine, theirs in days))
        )


def _without(closed: tuple[int, ...], week: Week) -> Week:
    return Week(tuple(None if index in closed else hours for index, hours in enumerate(week.days)))


class CalendarSettings(Section):
    """``[calendario]``: when each purpose may be sent, before :class:`~integrator.domain.calendar.Calendar`."""

    uf: Uf = key("uf", "")
    optional_holidays: Flag = key("pontos_facultativos", True)
    own_holidays: tuple[Holiday, ...] = key("feriados_proprios", ())
    collection: CollectionHours = key("cobranca", CollectionHours())
    service: ServiceHours = key("servico", ServiceHours())
    promotion: PromotionHours = key("promocional", PromotionHours())

    @model_validator(mode="after")
    def _every_purpose_has_a_day(self) -> Self:
        for purpose in Purpose:
            if not any(self.week(purpose, self.uf).days):
                raise ValueError(f"[calendario.{purpose.value}] não deixa nenhum dia de envio na semana")
        return self

    def week(self, purpose: Purpose, uf: str) -> Week:
        """The week of ``purpose`` for a shop of ``uf`` (empty: unknown), within the state's law.

        Raises :class:`~integrator.domain.errors.SettingsError` when the collection hours set here pass the law.
        """
        if purpose is Purpose.SERVICE:
            return self.service.week
        collection = collection_week(uf, self.collection.week, on_holidays=self.collection.on_holidays)
        return collection if purpose is Purpose.COLLECTION else self.promotion.week(collection)

    def on_holidays(self, purpose: Purpose) -> bool:
        """Whether ``purpose`` is sent on holidays too."""
        match purpose:
            case Purpose.COLLECTION:
                return self.collection.on_holidays
            case Purpose.SERVICE:
                return self.service.on_holidays
            case Purpose.PROMOTION:
                return self.promotion.on_holidays
