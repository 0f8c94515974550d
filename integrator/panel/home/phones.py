"""The customers' phones of the simulator, read from its ledger: newest conversation first, a page of them at a time."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from markupsafe import Markup

from integrator.domain.message import PartKind
from integrator.domain.phone import format_phone, with_ninth_digit
from integrator.gateways.simulator.ledger import Bubble, Ledger, LedgerFollower
from integrator.gateways.simulator.page_bubbles import Drawing, draw_bubble, draw_written
from integrator.gateways.simulator.page_files import ShownFile, safe_name
from integrator.sending.gateway import Inbound

PHONES: Final = 12
_SHOWN: Final = 15
_SHOWN_ALONE: Final = 500
_FORGET_S: Final = 120.0


class _Shelf:
    """The ledger as it was last read; forgotten when nobody has looked at it for a while."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._follower: LedgerFollower | None = None
        self._timer: threading.Timer | None = None

    def read(self) -> Ledger:
        with self._lock:
            if self._follower is None:
                self._follower = LedgerFollower(self._folder)
            if self._timer is not None:
                self._timer.cancel()
            self._timer = threading.Timer(_FORGET_S, self._forget)
            self._timer.daemon = True
            self._timer.start()
            return self._follower.read()

    def _forget(self) -> None:
        with self._lock:
            self._follower = self._timer = None


@dataclass(frozen=True, slots=True)
class Phone:
    """One customer's phone with its newest messages; ``hidden`` is how many older ones there are.

    ``to`` is the number as WhatsApp knows it, ``label`` as people write it; ``last`` is the id of the newest message.
    """

    to: str
    label: str
    last: str
    days: tuple[tuple[str, tuple[Markup, ...]], ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class Conversations:
    """A page of them. ``phones`` and ``messages`` count all that the search leaves."""

    page: tuple[Phone, ...]
    more: bool
    phones: int
    messages: int


def read_phones(folder: Path) -> Ledger:
    """The ledger of that folder now. Raises :class:`GatewayError` for a damaged one."""
    return _shelf(folder).read()


def conversations(ledger: Ledger, search: str, page: int) -> Conversations:
    """``search`` is a piece of a number in any writing, or of a text."""
    received = _by_phone(ledger)
    chosen = [(to, bubbles) for to, bubbles in received.items() if not search or _matches(to, bubbles, search)]
    chosen.sort(key=lambda each: (each[1][-1].at, each[0]), reverse=True)
    first = (page - 1) * PHONES
    drawing = _drawing(ledger)
    written = _written(ledger)
    shown = tuple(_phone(to, bubbles, written, drawing, _SHOWN) for to, bubbles in chosen[first : first + PHONES])
    count = sum(len(bubbles) for _, bubbles in chosen)
    return Conversations(shown, len(chosen) > first + PHONES, len(chosen), count)


def one_phone(ledger: Ledger, to: str) -> Phone | None:
    """The whole conversation of one number; None when nothing was sent to it."""
    bubbles = _by_phone(ledger).get(to)
    return _phone(to, bubbles, _written(ledger), _drawing(ledger), _SHOWN_ALONE) if bubbles else None


def file_of(ledger: Ledger, sha256: str) -> Bubble | None:
    """The message that carried that file; None for one that nobody received."""
    documents = (bubble for bubble in ledger.messages if bubble.kind is PartKind.DOCUMENT)
    return next((bubble for bubble in documents if bubble.sha256 == sha256), None)


class _Links:
    """Files by their content's name, at addresses of the panel."""

    def show(self, bubble: Bubble) -> ShownFile:
        _, suffix = safe_name(bubble.file_name)
        picture = f"/simulador/pagina/{bubble.sha256}" if suffix == "pdf" else ""
        return ShownFile(f"/simulador/arquivo/{bubble.sha256}", picture, 0, suffix.upper() or "ARQ")


@cache
def _shelf(folder: Path) -> _Shelf:
    return _Shelf(folder)


def _drawing(ledger: Ledger) -> Drawing:
    return Drawing(ledger.statuses(), frozenset(bubble.id for bubble in ledger.duplicates()), _Links())


def _by_phone(ledger: Ledger) -> dict[str, list[Bubble]]:
    received: dict[str, list[Bubble]] = {}
    for bubble in ledger.messages:
        received.setdefault(bubble.to, []).append(bubble)
    return received


def _written(ledger: Ledger) -> dict[str, list[Inbound]]:
    """What each customer wrote back, by the number as people know it."""
    written: dict[str, list[Inbound]] = {}
    for inbound in ledger.written:
        written.setdefault(with_ninth_digit(inbound.sender), []).append(inbound)
    return written


def _matches(to: str, bubbles: Sequence[Bubble], search: str) -> bool:
    digits = "".join(filter(str.isdigit, search))
    if digits and not any(map(str.isalpha, search)):
        return digits in with_ninth_digit(to) or digits in to
    wanted = search.casefold()
    return any(wanted in text.casefold() for bubble in bubbles for text in (bubble.text, bubble.caption))


def _phone(
    to: str, bubbles: Sequence[Bubble], written: dict[str, list[Inbound]], drawing: Drawing, limit: int
) -> Phone:
    days: dict[str, list[Markup]] = {}
    talk = sorted((*bubbles, *written.get(with_ninth_digit(to), ())), key=lambda each: each.at)
    for each in talk[-limit:]:
        drawn = draw_written(each) if isinstance(each, Inbound) else draw_bubble(each, drawing)
        days.setdefault(f"{each.at:%d/%m/%Y}", []).append(Markup(drawn))
    grouped = tuple((day, tuple(drawn)) for day, drawn in days.items())
    hidden = max(0, len(talk) - limit)
    return Phone(to, format_phone(with_ninth_digit(to)), bubbles[-1].id, grouped, hidden)
