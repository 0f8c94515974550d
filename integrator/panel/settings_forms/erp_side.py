"""What the ERP says in its database about sending: its state, and the settings of ``WA_CONFIG`` that win over ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Final

from integrator.domain.calendar import Hours, Week
from integrator.domain.errors import IntegratorError
from integrator.panel.visit import Visit
from integrator.sending.debts import debts_of
from integrator.sending.guard import start_hour

#: The two fields of the form that are written to the ERP's database.
DEBTS_FIELD: Final = "erp.enviar"
START_FIELD: Final = "erp.hora_inicio"
DEBTS_KEY: Final = "ENVIAR"
START_KEY: Final = "HORA_INICIO"


@dataclass(frozen=True, slots=True)
class ErpSide:
    """``debts`` and ``start`` are what counts of ``WA_CONFIG``, empty where it says nothing that can be understood.

    ``ignored`` tells of a value there that nobody understands; ``problem`` why nothing could be read.
    """

    uf: str = ""
    debts: str = ""
    start: str = ""
    ignored: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ErpTyped:
    """What a form holds of ``WA_CONFIG``; empty removes the row, so that our own setting counts."""

    debts: str
    start: str
    problem: str = ""


def erp_side(visit: Visit) -> ErpSide:
    """Of the database that this person chose. Never raises: a page of settings opens without the database, too."""
    try:
        shop = visit.shop
        desk = shop.desk
        written = {key: desk.config(key).strip() for key in (DEBTS_KEY, START_KEY)}
        state = shop.company().address.state.strip().upper()
    except IntegratorError as error:
        return ErpSide(problem=error.message)
    debts, start = debts_of(written), start_hour(written)
    read = {DEBTS_KEY: debts.value if debts else "", START_KEY: f"{start:%H:%M}" if start else ""}
    ignored = tuple(f"{key} = {text}" for key, text in written.items() if text and not read[key])
    return ErpSide(state, read[DEBTS_KEY], read[START_KEY], ignored)


class LateStart(IntegratorError):
    """Collection's day is over before the hour at which it may begin: nothing would leave."""

    title = "Hora tarde demais"


def erp_typed(visit: Visit, erp: ErpSide) -> ErpTyped:
    """The two fields as typed, with what is wrong with the way the hour is written."""
    if erp.problem:
        return ErpTyped("", "")
    debts, start = visit.typed(DEBTS_FIELD) if erp.debts else "", visit.typed(START_FIELD)
    if debts and debts_of({DEBTS_KEY: debts}) is None:
        debts = erp.debts
    begins = start_hour({START_KEY: start})
    if start and begins is None:
        return ErpTyped(debts, start, "Escreva horas e minutos, por exemplo 08:30.")
    return ErpTyped(debts, f"{begins:%H:%M}" if begins else "")


def check_start(asked: ErpTyped, week: Week) -> None:
    """Raises :class:`LateStart` when collection ends before that hour on every day of its ``week``."""
    begins = start_hour({START_KEY: asked.start})
    if begins is not None and not any(_reaches(hours, begins) for hours in week.days):
        raise LateStart("A essa hora a cobrança já terminou em todos os dias: nada sairia.")


def write_erp(visit: Visit, erp: ErpSide, asked: ErpTyped) -> int:
    """Write what differs from what is there, and record it; how many changed. Raises the database's errors."""
    if erp.problem:
        return 0
    changed = 0
    for key, old, new in ((DEBTS_KEY, erp.debts, asked.debts), (START_KEY, erp.start, asked.start)):
        if old != new:
            visit.shop.desk.set_config(key, new)
            told = f"WA_CONFIG {key} ({visit.shop.name}): {old or '(vazio)'} → {new or '(vazio)'}"
            visit.record("mudou o envio", told)
            changed += 1
    return changed


def _reaches(hours: Hours | None, begins: time) -> bool:
    return hours is not None and (hours.end == time(0) or begins < hours.end)
