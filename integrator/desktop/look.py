"""What the icon beside the clock shows of the engine: a sign, a tooltip and the menu's first line. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from integrator.desktop.engine import EngineView, Reach, ShopView
from integrator.desktop.moments import moment, pause_end
from integrator.desktop.sign import Sign
from integrator.desktop.troubles import STARTING, named, troubles
from integrator.messages.formatting import format_count
from integrator.sending.gateway import GatewayState

#: Windows shows no more of a tooltip.
TOOLTIP_LIMIT: Final = 127
#: A wider menu would cover half a small screen.
_STATUS_LIMIT: Final = 110
#: The engine's own words for what needs no other.
_SENDING, _EMPTY = "enviando", "fila vazia"
_NAME: Final = "Integrador"
_SEPARATOR: Final = " · "


@dataclass(frozen=True, slots=True)
class Look:
    """``tooltip`` has at most 127 characters. ``running``: the engine can be asked.

    ``paused``: the databases from which nothing leaves because of a pause; ``unpaused``: the others. ``stopped``: the
    protection stopped a number.
    """

    sign: Sign
    tooltip: str
    status: str
    running: bool = False
    paused: tuple[str, ...] = ()
    unpaused: tuple[str, ...] = ()
    stopped: bool = False


def look(view: EngineView, now: datetime) -> Look:
    """How the tray shows ``view`` at ``now`` (naive local time): the worst of all databases and numbers wins."""
    found = troubles(view)
    paused = tuple(each.name for each in view.shops if _is_paused(each, now))
    pauses = tuple(_pauses(view.shops, now))
    waits = _waits_for_somebody(view) and not found and not pauses
    shown = tuple(_activity(view, now, quiet=bool(found or pauses)))
    counts = tuple(_counts(view.shops))
    sign = found[0].sign if found else Sign.IDLE
    if sign is Sign.IDLE:
        sign = Sign.PAUSED if pauses or waits else Sign.SENDING if _SENDING in shown else Sign.IDLE
    details = [each.detail or each.short for each in found]
    return Look(
        sign,
        _joined([_NAME, *(each.short for each in found), *pauses, *shown, *counts], TOOLTIP_LIMIT),
        _sentence([*details, *pauses, *shown, *counts, *_set_aside(view.shops)]),
        view.reach is Reach.RUNNING,
        paused,
        tuple(each.name for each in view.shops if each.name not in paused),
        any(each.stopped_why for each in view.numbers),
    )


def _is_paused(shop: ShopView, now: datetime) -> bool:
    return shop.paused_until is not None and shop.paused_until > now


def _pauses(shops: tuple[ShopView, ...], now: datetime) -> Iterator[str]:
    """One line when every database is paused alike, else one for each that is."""
    ends = {each.name: each.paused_until for each in shops if each.paused_until and _is_paused(each, now)}
    alike = len(ends) == len(shops) and len(set(ends.values())) == 1
    for name, until in ends.items():
        yield f"pausado {pause_end(until, now)}{'' if alike else named(name, shops)}"
        if alike:
            return


def _waits_for_somebody(view: EngineView) -> bool:
    """Whether messages wait and neither an hour nor a connection under way will let them go."""
    settling = any(each.state in {None, GatewayState.CONNECTING} for each in view.numbers)
    return not settling and any(
        shop.pending and shop.next_send is None and not _says(shop, _SENDING, _EMPTY, STARTING)
        for shop in view.shops
        if not shop.asks and not shop.problem
    )


def _activity(view: EngineView, now: datetime, *, quiet: bool) -> Iterator[str]:
    """What the engine does; ``quiet``: something graver is told, so only what it still sends."""
    if view.reach is Reach.STARTING:
        yield STARTING
    if view.reach is not Reach.RUNNING:
        return
    working = [each for each in view.shops if not each.asks and not each.problem]
    free = [each for each in working if not _is_paused(each, now)]
    coming = min((each.next_send for each in free if each.next_send is not None), default=None)
    if any(_says(each, _SENDING) for each in free):
        yield _SENDING
    elif coming is not None:
        yield "próximo envio em instantes" if coming <= now else f"próximo envio {moment(coming, now)}"
    elif free and not quiet:
        yield next((each.text for each in free if each.text != _EMPTY), _EMPTY)


def _says(shop: ShopView, *words: str) -> bool:
    """Whether one of its numbers does that: with several, the engine's text says which does what."""
    return any(part.rpartition(": ")[2] in words for part in shop.text.split(_SEPARATOR))


def _counts(shops: tuple[ShopView, ...]) -> Iterator[str]:
    pending = _total(each.pending for each in shops)
    awaiting = _total(each.awaiting for each in shops)
    if pending:
        yield format_count(pending, "na fila", "na fila")
    if awaiting:
        yield format_count(awaiting, "aguarda confirmação", "aguardam confirmação")


def _set_aside(shops: tuple[ShopView, ...]) -> Iterator[str]:
    uncertain = _total(each.uncertain for each in shops)
    held = _total(each.held for each in shops)
    if uncertain:
        yield format_count(uncertain, "incerta", "incertas")
    if held:
        yield format_count(held, "retida", "retidas")


def _total(counts: Iterable[int | None]) -> int:
    """Of what is known."""
    return sum(each or 0 for each in counts)


def _joined(parts: list[str], limit: int) -> str:
    """As many whole parts as fit; the first two always, cut where need be."""
    text = cut(_SEPARATOR.join(parts[:2]), limit)
    for part in parts[2:]:
        longer = f"{text}{_SEPARATOR}{part}"
        if len(longer) > limit:
            break
        text = longer
    return text


def _sentence(parts: list[str]) -> str:
    text = _joined(parts or [_NAME], _STATUS_LIMIT)
    return f"{text[:1].upper()}{text[1:]}"


def cut(text: str, limit: int) -> str:
    """At most ``limit`` characters, ending in an ellipsis where something is missing."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
