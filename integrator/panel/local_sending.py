"""Pausing, resuming and beginning to send, of every database at once, for the other programs of this computer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from integrator.domain.errors import IntegratorError, SettingsError
from integrator.domain.lifecycle import State
from integrator.domain.message import Purpose
from integrator.domain.sender import Stop
from integrator.messages.formatting import format_count, format_datetime, format_list
from integrator.panel.access import THIS_COMPUTER
from integrator.panel.accounts.audit import Deed
from integrator.panel.local_counts import forget_counts
from integrator.panel.numbers.guard import stops_of
from integrator.panel.premises import Panel, Shop
from integrator.sending.gateway import Condition, GatewayState
from integrator.sending.guard import (
    BEGUN_KEY,
    PAUSE_KEY,
    number_status,
    pause_until,
    pause_value,
    pause_words,
    start_hour,
    stop_words,
)

_START_KEY: Final = "HORA_INICIO"


def pause(panel: Panel, asked: Mapping[str, str]) -> Mapping[str, Any]:
    """Let nothing leave until ``until``: naive local time in ISO form, empty for a pause that a person ends.

    ``shops``: of which databases, their names with a blank between them; empty: of every one.
    """
    try:
        until = datetime.fromisoformat(asked["until"]) if asked.get("until") else None
    except ValueError:
        raise SettingsError("O pedido não foi entendido.", detail=f"until={asked['until'][:40]!r}") from None
    done = _each(_named(panel, asked), lambda shop: shop.desk.set_config(PAUSE_KEY, pause_value(until)))
    if done.of:
        end = "até alguém retomar" if until is None else f"até {format_datetime(until)}"
        changed(panel, "pausou o envio", f"{end}{_only(asked)}{done.but}")
    done.tell("O envio não foi pausado em {failed}")
    return {}


def resume(panel: Panel, asked: Mapping[str, str]) -> Mapping[str, Any]:
    """End the pause of ``shops`` (as in :func:`pause`), whoever began it."""
    done = _each(_named(panel, asked), lambda shop: shop.desk.set_config(PAUSE_KEY, ""))
    if done.of:
        changed(panel, "retomou o envio", f"{_only(asked)}{done.but}".lstrip())
    done.tell("O envio continua pausado em {failed}")
    return {}


def send_now(panel: Panel, asked: Mapping[str, str]) -> Mapping[str, Any]:
    """Do not wait for the hour at which the ERP begins; a pause, hours, gaps and limits stay as they are.

    Of ``shops`` (as in :func:`pause`).
    """
    now = panel.clock.now()
    told: dict[str, str] = {}
    done = _each(_named(panel, asked), lambda shop: told.setdefault(shop.name, _begin(panel, shop, now)))
    if done.of:
        changed(panel, "mandou enviar agora", f"{_only(asked)}{done.but}".lstrip())
    done.tell("O envio não começou em {failed}")
    return {"told": _of_each(told)}


def _of_each(told: Mapping[str, str]) -> str:
    """What was told of each database: once where it is the same, else a line for each by its name."""
    same = set(told.values())
    return same.pop() if len(same) == 1 else "\n".join(map(": ".join, told.items()))


@dataclass(frozen=True, slots=True)
class _Each:
    """What was done to every database: of which it was, and why not of the others."""

    of: tuple[str, ...]
    failed: Mapping[str, IntegratorError]

    @property
    def but(self) -> str:
        """The databases left out, for the audit; empty when there are none."""
        return f" (menos {', '.join(self.failed)})" if self.failed else ""

    def tell(self, sentence: str) -> None:
        """Raise what was in the way; ``sentence`` names the databases where it was done to others."""
        for error in self.failed.values():
            if not self.of:
                raise error
            where = sentence.format(failed=format_list(self.failed))
            raise SettingsError(f"{where}: {error.message} Nos outros bancos foi feito.", detail=error.detail)


def _each(among: Iterable[Shop], deed: Callable[[Shop], object]) -> _Each:
    """Do it to each database: one that is away keeps it from none of the others."""
    done, failed = list[str](), dict[str, IntegratorError]()
    for shop in among:
        try:
            deed(shop)
            done.append(shop.name)
        except IntegratorError as error:
            failed[shop.name] = error
    return _Each(tuple(done), failed)


def _named(panel: Panel, asked: Mapping[str, str]) -> tuple[Shop, ...]:
    """The databases that were asked for by name, else all. Raises :class:`SettingsError` for one that is not there."""
    known, names = shops(panel), asked.get("shops", "").split()
    if strange := set(names) - {shop.name for shop in known}:
        raise SettingsError(
            "A configuração dos bancos mudou. Confira a situação e tente de novo.", detail=f"shops={sorted(strange)!r}"
        )
    return tuple(shop for shop in known if shop.name in names) if names else known


def _only(asked: Mapping[str, str]) -> str:
    """The databases that were asked for by name, for the audit; empty when all were."""
    names = asked.get("shops", "").split()
    return f" (só {', '.join(names)})" if names else ""


def _begin(panel: Panel, shop: Shop, now: datetime) -> str:
    """Of one database. Raises :class:`SettingsError` where a person, the law or the shop lets nothing leave now."""
    from integrator.policies import calendars_of

    paused = pause_until(shop.desk.config(PAUSE_KEY), now)
    if paused is not None:
        raise SettingsError(f"O envio está {pause_words(paused)}. Para continuar antes, retome o envio.")
    calendar = calendars_of(shop.settings, shop.company().address.state)[Purpose.COLLECTION]
    if not calendar.is_open(now):
        opening = calendar.next_open(now)
        raise SettingsError(
            f"Agora não é horário de cobrança ({calendar.why_closed(now)}). O envio começa sozinho em "
            f"{format_datetime(opening)}."
        )
    start = start_hour({_START_KEY: shop.desk.config(_START_KEY)})
    if start is not None and now.time() < start:
        shop.desk.set_config(BEGUN_KEY, now.date().isoformat())
    pending = shop.desk.overview().counts.get(State.PENDING, 0)
    if pending == 0:
        return "A fila está vazia: não há o que enviar agora."
    if waits := _why_nothing_leaves(panel, shop):
        count = format_count(pending, "mensagem na fila espera", "mensagens na fila esperam")
        return f"{count}: {waits.rstrip('.')}."
    count = format_count(pending, "mensagem na fila começa", "mensagens na fila começam")
    return f"{count} a sair agora, com o intervalo de sempre entre uma e outra."


def _why_nothing_leaves(panel: Panel, shop: Shop) -> str:
    """Why nothing of this database can leave now; empty when something can, or nothing is known of its numbers yet."""
    asks = next((each.asks for each in panel.running.stations() if each.database == shop.name), "")
    if asks:
        return asks
    names = {number.instance for number in shop.settings.numbers}
    running = [each for each in panel.running.numbers() if each.instance in names]
    stops = stops_of(panel, shop.settings.numbers)
    waits = [why_it_waits(each.condition, stops.get(each.instance)) for each in running]
    return waits[0] if waits and all(waits) else ""


def why_it_waits(condition: Condition, stop: Stop | None) -> str:
    """Why nothing leaves by a number of which this is known; empty when something can."""
    if condition.state is not GatewayState.CONNECTED:
        return number_status(condition)
    return stop_words(stop) if stop is not None else ""


def shops(panel: Panel) -> tuple[Shop, ...]:
    """Every configured database. Raises :class:`SettingsError` when there is none."""
    found = panel.shops()
    if not found:
        raise SettingsError("Falta dizer qual é o banco de dados do ERP, em Conexão com o banco.")
    return found


def changed(panel: Panel, action: str, what: str = "") -> None:
    """Write down who did what; engine and pages look at once."""
    record(panel, action, what)
    forget_counts(panel)
    panel.running.wake()
    panel.live.tell("fila", "estado")


def record(panel: Panel, action: str, what: str) -> None:
    """Write down that somebody at this computer did that."""
    panel.audit.record(Deed(panel.clock.now(), THIS_COMPUTER.name, "127.0.0.1", action, what))
