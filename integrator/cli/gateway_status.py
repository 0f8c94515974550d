"""What ``integrator gateway status`` says of one number: from the running integrator, else from the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from integrator.cli.number_desk import NumberNow
from integrator.domain.errors import IntegratorError
from integrator.domain.phone import format_phone, spellings
from integrator.domain.sender import DayUse
from integrator.erp.connection import Database
from integrator.erp.schema.installer import require_ready
from integrator.messages.formatting import format_datetime
from integrator.sending.gateway import GatewayState
from integrator.settings import Settings
from integrator.settings.sections import Engine, NumberSettings
from integrator.support.erp_facts import instances
from integrator.support.finding import Level
from integrator.support.number_states import explained

_ENGINES: Final = {
    Engine.EMBEDDED: "motor embutido",
    Engine.EVOLUTION: "Evolution API",
    Engine.CLOUD_API: "API oficial da Meta",
    Engine.SIMULATOR: "simulador: nada chega a ninguém",
}


@dataclass(frozen=True, slots=True)
class NumberReport:
    """Lines for people; ``well``: messages may leave by the number."""

    engine: str
    lines: tuple[str, ...]
    well: bool


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is known of its state, whoever told. ``at``: when it was seen, None for now."""

    state: GatewayState
    number: str
    until: datetime | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Guarded:
    """What the guard says, and whether it stopped the number."""

    lines: tuple[str, ...]
    stopped: bool


def number_report(
    settings: Settings, folder: Path, number: NumberSettings, running: Mapping[str, NumberNow] | None
) -> NumberReport:
    """``running``: what the running integrator says of each number; None while it cannot be asked."""
    lines: list[str] = []
    seen = _from_daemon(running.get(number.instance)) if running is not None else _from_database(settings, number)
    if seen is None:
        lines.append("Situação: ainda sem notícia")
    else:
        lines += _state_lines(seen, number)
    guarded = _guard_lines(settings, folder, number, seen.number if seen is not None else "")
    well = seen is not None and explained(seen.state).level is Level.OK and seen.at is None and not guarded.stopped
    lines += guarded.lines
    return NumberReport(_ENGINES[number.engine], tuple(lines), well)


def _state_lines(seen: _Seen, number: NumberSettings) -> list[str]:
    told = explained(seen.state)
    phone = f", {format_phone(seen.number)}" if seen.number else ""
    until = f" até {format_datetime(seen.until)}" if seen.until else ""
    at = f" (visto em {format_datetime(seen.at)})" if seen.at else ""
    lines = [f"Situação: {told.words}{until}{phone}{at}"]
    if told.fix and seen.at is None:
        lines.append(f"O que fazer: {told.fix}")
    if number.phone and seen.number and seen.number not in spellings(number.phone):
        lines.append(f"Atenção: a configuração espera o número {format_phone(number.phone)}")
    return lines


def _guard_lines(settings: Settings, folder: Path, number: NumberSettings, phone: str) -> _Guarded:
    """Nothing before the first message."""
    from integrator.reports import number_guard

    now = datetime.now()
    told = _told_by_queue(settings, number, phone, now) if phone else None
    found = number_guard(folder, number, phone, now, told)
    if found is None:
        return _Guarded((), stopped=False)
    new = f" (número novo, {found.day}º dia de envio)" if found.day else ""
    lines: list[str] = []
    if found.limited:
        counts = f"{found.known} de {found.known_cap} contatos conhecidos, {found.cold} de {found.cold_cap} novos"
        lines.append(f"Hoje: {counts}{new}")
    if found.cold_until is not None:
        lines.append(f"Contatos novos em pausa até {format_datetime(found.cold_until)}, por sinal do WhatsApp")
    if found.stop is not None:
        lines.append(f"Parado desde {format_datetime(found.stop.at)}: {found.stop.why}")
        lines.append(f"Para retomar, depois de resolver o motivo: integrator gateway resume --numero {number.instance}")
    return _Guarded(tuple(lines), stopped=found.stop is not None)


def _from_daemon(known: NumberNow | None) -> _Seen | None:
    if known is None:
        return None
    return _Seen(known.state or GatewayState.STOPPED, known.number, known.until)


def _databases(settings: Settings, number: NumberSettings) -> Iterator[Database]:
    """Those that send by the number and can be used now, each closed before the next."""
    from integrator.app import open_database

    for chosen in settings.databases:
        own = settings.for_database(chosen.name)
        if not chosen.path or not any(each.instance == number.instance for each in own.numbers):
            continue
        with suppress(IntegratorError), closing(open_database(own)) as database:
            require_ready(database)
            yield database


def _told_by_queue(settings: Settings, number: NumberSettings, phone: str, now: datetime) -> DayUse:
    """The number's contacts of today by its queues, other integrators' included."""
    from integrator.erp.queue import FirebirdQueue
    from integrator.policies import company_of

    told = DayUse()
    for database in _databases(settings, number):
        queue = FirebirdQueue(database, owner="", instance=number.instance, fallback_company=company_of(settings))
        with suppress(IntegratorError):
            told = told.joined(queue.day_use(phone, now))
    return told


def _from_database(settings: Settings, number: NumberSettings) -> _Seen | None:
    """None where no database knows it, or none can be asked."""
    for database in _databases(settings, number):
        found = None
        with suppress(IntegratorError):
            found = next((each for each in database.read(instances) if each.name == number.instance), None)
        if found is not None and found.state in set(GatewayState):
            return _Seen(GatewayState(found.state), found.number, at=found.at)
    return None
