"""Changes of the queue become tellings: read once, in order, also those whose transactions ended late."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from integrator.domain.lifecycle import State
from integrator.erp.api_events import Change, Gap, changes, gaps, top
from integrator.panel.api.callbacks.book import Book, Callback, Telling
from integrator.panel.premises import Shop
from integrator.panel.store import PanelStore

#: What the statement ``events_between`` answers at most.
_AT_ONCE: Final = 500
#: No transaction stays open for longer; numbers that are still missing were rolled back.
_LONGEST: Final = timedelta(hours=24)
_CHANGE: Final = "situacao"


@dataclass(frozen=True, slots=True)
class _Missing:
    gap: Gap
    noticed_at: datetime


class Reader:
    """Reads the events of any database from where it stopped. One thread."""

    def __init__(self, store: PanelStore, book: Book) -> None:
        self._store = store
        self._book = book

    def read(self, shop: Shop, callbacks: Sequence[Callback], now: datetime) -> bool:
        """Write down what these callbacks are to be told; whether there is more to read.

        A database that was never read, or whose numbers went back with a restored backup, is read from now on.
        """
        newest = top(shop.database)
        event = self._event(newest.database)
        if event is None or event > newest.event:
            with self._store.change() as db:
                _save(db, newest.database, newest.event, ())
            return False
        fresh = changes(shop.database, event + 1, newest.event)
        last = newest.event if len(fresh) < _AT_ONCE else fresh[-1].id
        old = [each for each in self._missing(newest.database) if now - each.noticed_at < _LONGEST]
        new = [_Missing(gap, now) for gap in gaps([each.id for each in fresh], event + 1, last)]
        # Read after the fresh ones: of one row, nothing earlier can be missing then.
        found, left = list(fresh), []
        for each in (*old, *new):
            late = changes(shop.database, each.gap.low, each.gap.high)
            found += late
            left += [_Missing(gap, each.noticed_at) for gap in _rest(each.gap, late)]
        found.sort(key=lambda change: change.id)
        with self._store.change() as db:
            self._book.add(db, _tellings(found, callbacks, shop.name), now)
            _save(db, newest.database, last, left)
        return last < newest.event

    def _event(self, database: str) -> int | None:
        found = self._store.read("SELECT event FROM api_cursor WHERE database = ?", (database,))
        return int(found[0][0]) if found else None

    def _missing(self, database: str) -> list[_Missing]:
        found = self._store.read(
            "SELECT low, high, noticed_at FROM api_gap WHERE database = ? ORDER BY low", (database,)
        )
        return [_Missing(Gap(low, high), datetime.fromisoformat(at)) for low, high, at in found]


def _rest(gap: Gap, late: Sequence[Change]) -> Iterator[Gap]:
    """What is still missing of it."""
    read_to = gap.high if len(late) < _AT_ONCE else late[-1].id
    yield from gaps([each.id for each in late], gap.low, read_to)
    if read_to < gap.high:
        yield Gap(read_to + 1, gap.high)


def _save(db: sqlite3.Connection, database: str, event: int, missing: Iterable[_Missing]) -> None:
    db.execute(
        "INSERT INTO api_cursor (database, event) VALUES (?, ?) "
        "ON CONFLICT (database) DO UPDATE SET event = excluded.event",
        (database, event),
    )
    db.execute("DELETE FROM api_gap WHERE database = ?", (database,))
    db.executemany(
        "INSERT INTO api_gap (database, low, high, noticed_at) VALUES (?, ?, ?, ?)",
        [(database, each.gap.low, each.gap.high, each.noticed_at.isoformat()) for each in missing],
    )


def _tellings(found: Iterable[Change], callbacks: Sequence[Callback], database: str) -> Iterator[Telling]:
    for change in found:
        if change.action != _CHANGE or change.target == State.DRAFT or not change.guid:
            continue
        for callback in callbacks:
            if callback.database not in {"", database}:
                continue
            if callback.all_rows or change.note.startswith(f"API {callback.key} "):
                event = str(uuid.uuid4())
                yield Telling(callback.key, event, change.guid, _body(event, change, database))


def _body(event: str, change: Change, database: str) -> str:
    """What is told. Never the message's text."""
    told = {
        "evento": event,
        "tipo": "mensagem.situacao",
        "banco": database,
        "quando": change.at.isoformat(timespec="seconds"),
        "de": change.origin or None,
        "para": change.target,
        "motivo": change.reason,
        "mensagem": {
            "id": change.guid,
            "chave": change.key,
            "modulo": change.module,
            "tipo": change.kind,
            "cliente_codigo": change.customer_code,
        },
    }
    return json.dumps(told, ensure_ascii=False)
