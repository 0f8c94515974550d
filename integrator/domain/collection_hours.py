"""Hours in which debts may be collected: our default, and the laws of the states that set their own.

A state's law narrows the default by itself; a shop may set other hours, up to what its state's law allows. Sources:
the state laws named below, in the summary of efic.com.br; Procon Arapiraca says that the one of Alagoas covers text
messages too, and the same care is taken everywhere. Elsewhere only the Código de Defesa do Consumidor (Lei
8.078/1990, art. 42 and 71: collecting must not disturb work, rest or leisure) applies, which names no hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Final

from integrator.domain.calendar import WEEKDAYS, Hours, Week
from integrator.domain.errors import SettingsError


@dataclass(frozen=True, slots=True)
class CollectionLaw:
    """A state's law on collection hours. All of them forbid holidays."""

    uf: str
    name: str
    week: Week


def _hours(start: int, end: int) -> Hours:
    return Hours(time(start), time(end))


#: Monday to Friday, 8:00 to 19:00; no Saturday, no Sunday.
DEFAULT_COLLECTION_WEEK: Final = Week.of(_hours(8, 19))

_LAWS: Final = {
    law.uf: law
    for law in (
        CollectionLaw("SP", "Lei 15.426/2014 de São Paulo", Week.of(_hours(8, 20), saturday=_hours(8, 14))),
        CollectionLaw("RJ", "Lei 7.868/2018 do Rio de Janeiro", Week.of(_hours(9, 19))),
        CollectionLaw("ES", "Lei 10.626/2017 do Espírito Santo", Week.of(_hours(8, 19))),
        # The source gives no opening hour for Amazonas.
        CollectionLaw("AM", "Lei 306/2016 do Amazonas", Week.of(_hours(0, 19))),
        CollectionLaw("AL", "Lei 7.782/2016 de Alagoas", Week.of(_hours(8, 20), saturday=_hours(8, 14))),
    )
}


def law_of(uf: str) -> CollectionLaw | None:
    """The law of a state (``"SP"``) on collection hours, if it has one that we know."""
    return _LAWS.get(uf.upper())


def collection_week(uf: str, wanted: Week = DEFAULT_COLLECTION_WEEK, *, on_holidays: bool = False) -> Week:
    """The week in which a shop of ``uf`` (empty: unknown) may collect, given the hours it ``wanted``.

    Days left at our default are narrowed to the state's law in silence; hours that the shop chose and that pass the
    law raise :class:`SettingsError`, naming the law. So does collecting ``on_holidays``.
    """
    law = law_of(uf)
    if law is None:
        return wanted
    if on_holidays:
        raise SettingsError(
            f"A {law.name} não permite cobrança em feriados. Deixe feriados = false em [calendario.cobranca]."
        )
    for name, mine, default, allowed in zip(
        WEEKDAYS, wanted.days, DEFAULT_COLLECTION_WEEK.days, law.week.days, strict=True
    ):
        if mine is None or mine == default or (allowed is not None and mine.within(allowed)):
            continue
        limit = f"só {allowed}" if allowed else "nenhum horário nesse dia"
        raise SettingsError(
            f"O horário de cobrança de {name} ({mine}) passa do que a {law.name} permite: {limit}. "
            "Ajuste a seção [calendario.cobranca] do config.toml."
        )
    return wanted.limited_to(law.week)
