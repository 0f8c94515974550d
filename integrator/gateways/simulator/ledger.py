"""The simulator's ledger: what it accepted and reported, one JSON line each, forced to disk before any answer.

The folder holds ``ledger.jsonl`` and, in ``files/``, every received file named by its SHA-256. It is the witness of
tests, demo and benchmark, so it is written by the simulator's process only and read by anybody, at any time: a last
line that a kill or a power cut tore off was never answered to anyone and does not count.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, assert_never

from integrator.domain.errors import GatewayError
from integrator.domain.message import PartKind
from integrator.gateways.base import place_of
from integrator.sending.gateway import Event, Inbound, Receipt, ReceiptKind

LEDGER_FILE: Final = "ledger.jsonl"
FILES_FOLDER: Final = "files"


@dataclass(frozen=True, slots=True)
class Bubble:
    """An accepted message: one bubble on the customer's phone.

    ``to`` is the number as WhatsApp knows it, ``asked`` as it was posted; ``at`` is the client's naive local time.
    A document carries ``file_name``, ``mime`` and perhaps a ``caption``, its bytes are in ``files/``; every other kind
    carries ``text``.
    """

    id: str
    to: str
    asked: str
    kind: PartKind
    sha256: str
    size: int
    at: datetime
    text: str = ""
    file_name: str = ""
    mime: str = ""
    caption: str = ""

    @property
    def shown(self) -> str:
        """What the customer sees in it, as a key: the same file under another text is another message."""
        return f"{self.kind}:{self.sha256}:{self.caption}"


@dataclass(frozen=True, slots=True)
class Repost:
    """An id that was posted again and, as WhatsApp does, shown only once."""

    id: str
    at: datetime


Record = Bubble | Repost | Event


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the ledger of ``folder`` says, in the order in which it was accepted, reported or written.

    ``events`` are the ``receipts`` and what the pretended customers wrote.
    """

    folder: Path
    messages: tuple[Bubble, ...] = ()
    reposts: tuple[Repost, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    events: tuple[Event, ...] = ()

    @property
    def written(self) -> tuple[Inbound, ...]:
        """What the pretended customers wrote back."""
        return tuple(event for event in self.events if isinstance(event, Inbound))

    def duplicates(self) -> tuple[Bubble, ...]:
        """Every bubble that somebody got once too often, without the first of its kind.

        The same recipient got the same content under the same caption, or the same part of the same row (known when
        the id is our own).
        """
        seen: set[tuple[str, str]] = set()
        repeated = []
        for bubble in self.messages:
            keys = {(bubble.to, bubble.shown), (bubble.to, place_of(bubble.id) or bubble.id)}
            if not seen.isdisjoint(keys):
                repeated.append(bubble)
            seen |= keys
        return tuple(repeated)

    def statuses(self) -> Mapping[str, ReceiptKind]:
        """The furthest receipt of each message id that has any."""
        rank = {ReceiptKind.DELIVERED: 0, ReceiptKind.READ: 1, ReceiptKind.FAILED: 2}
        furthest: dict[str, ReceiptKind] = {}
        for receipt in self.receipts:
            known = furthest.get(receipt.provider_id)
            if known is None or rank[receipt.kind] > rank[known]:
                furthest[receipt.provider_id] = receipt.kind
        return furthest

    def content(self, bubble: Bubble) -> bytes:
        """The bytes that the customer received. Raises OSError when the file is gone."""
        if bubble.kind is PartKind.DOCUMENT:
            return (self.folder / FILES_FOLDER / bubble.sha256).read_bytes()
        return bubble.text.encode("utf-8")


def read_ledger(folder: Path) -> Ledger:
    """Read the ledger of ``folder``; an absent one is empty.

    Raises :class:`GatewayError` when a line other than the last, unfinished one cannot be read.
    """
    lines = enumerate(_complete_lines(folder / LEDGER_FILE), start=1)
    return _sorted(folder, [_decode_line(line, number) for number, line in lines])


class LedgerFollower:
    """Reads a ledger that grows, each line once; one that was begun anew is read anew. One thread at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = 0
        self._offset = 0
        self._records: list[Record] = []

    def read(self) -> Ledger:
        """What it says now. Raises :class:`GatewayError` as :func:`read_ledger` does."""
        path = self._folder / LEDGER_FILE
        try:
            with path.open("rb") as stream:
                status = os.fstat(stream.fileno())
                if status.st_ino != self._file or status.st_size < self._offset:
                    self._file, self._offset, self._records = status.st_ino, 0, []
                stream.seek(self._offset)
                whole, end, _ = stream.read().rpartition(b"\n")
        except OSError:
            self._file, self._offset, self._records = 0, 0, []
            return Ledger(self._folder)
        for line in whole.split(b"\n") if end else ():
            self._records.append(_decode_line(line, len(self._records) + 1))
        self._offset += len(whole) + len(end)
        return _sorted(self._folder, self._records)


class LedgerWriter:
    """The only writer of a ledger; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Open or create the ledger, cutting off a torn last line."""
        self._files = folder / FILES_FOLDER
        self._files.mkdir(parents=True, exist_ok=True)
        path = folder / LEDGER_FILE
        whole = sum(len(line) + 1 for line in _complete_lines(path))
        self._lock = threading.Lock()
        self._stream = path.open("ab")
        self._stream.truncate(whole)

    def append(self, *records: Record) -> None:
        """Write ``records`` and return once they are on disk."""
        lines = b"".join(_encode(record) for record in records)
        with self._lock:
            self._stream.write(lines)
            self._stream.flush()
            os.fsync(self._stream.fileno())

    def keep_file(self, content: bytes) -> str:
        """Store ``content`` on disk once, whoever sends it again, and return its SHA-256."""
        name = hashlib.sha256(content).hexdigest()
        target = self._files / name
        if not target.exists():
            unfinished = self._files / f"{name}.{threading.get_ident()}.tmp"
            with unfinished.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            unfinished.replace(target)
        return name

    def close(self) -> None:
        """Close the ledger's file."""
        self._stream.close()


def _sorted(folder: Path, records: Iterable[Record]) -> Ledger:
    messages: list[Bubble] = []
    reposts: list[Repost] = []
    receipts: list[Receipt] = []
    events: list[Event] = []
    for record in records:
        match record:
            case Bubble():
                messages.append(record)
            case Repost():
                reposts.append(record)
            case Receipt():
                receipts.append(record)
                events.append(record)
            case Inbound():
                events.append(record)
            case _:
                assert_never(record)
    return Ledger(folder, tuple(messages), tuple(reposts), tuple(receipts), tuple(events))


def _complete_lines(path: Path) -> list[bytes]:
    """The finished lines, without their ends; what follows the last end of line is unfinished."""
    return path.read_bytes().split(b"\n")[:-1] if path.exists() else []


def _decode_line(line: bytes, number: int) -> Record:
    try:
        return _decode(json.loads(line))
    except (ValueError, TypeError, KeyError) as error:
        raise GatewayError(
            f"O registro do simulador está danificado na linha {number}. Apague a pasta do simulador e rode de novo.",
            detail=repr(error),
        ) from error


def _encode(record: Record) -> bytes:
    match record:
        case Bubble():
            name = "accepted"
            fields: dict[str, Any] = {
                "id": record.id,
                "to": record.to,
                "asked": record.asked,
                "kind": record.kind,
                "sha256": record.sha256,
                "size": record.size,
                "at": record.at.isoformat(),
                "text": record.text,
                "file_name": record.file_name,
                "mime": record.mime,
                "caption": record.caption,
            }
        case Repost():
            name, fields = "reposted", {"id": record.id, "at": record.at.isoformat()}
        case Receipt():
            name = "receipt"
            fields = {
                "provider_id": record.provider_id,
                "kind": record.kind,
                "at": record.at.isoformat(),
                "reason": record.reason,
            }
        case Inbound():
            name = "written"
            fields = {
                "id": record.id,
                "sender": record.sender,
                "text": record.text,
                "at": record.at.isoformat(),
                "name": record.name,
            }
        case _:
            assert_never(record)
    return json.dumps({"record": name, **fields}, ensure_ascii=False).encode("utf-8") + b"\n"


def _decode(raw: dict[str, Any]) -> Record:
    name = raw.pop("record")
    raw["at"] = datetime.fromisoformat(raw["at"])
    match name:
        case "accepted":
            return Bubble(**{**raw, "kind": PartKind(raw["kind"])})
        case "reposted":
            return Repost(**raw)
        case "receipt":
            return Receipt(**{**raw, "kind": ReceiptKind(raw["kind"])})
        case "written":
            return Inbound(**raw)
        case _:
            raise ValueError(f"unknown record {name!r}")
