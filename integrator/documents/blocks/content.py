"""What a block document is made of: a closed set of blocks, read from TOML and ready to be drawn.

Lengths are millimetres, type sizes points. ``shown_if`` names the variable without which a block vanishes; empty:
always shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from integrator.documents.blocks.texts import Text
from integrator.messages.schema import Kind


class Side(StrEnum):
    """Where text stands in its place."""

    LEFT = "esquerda"
    CENTER = "centro"
    RIGHT = "direita"


class Grouping(StrEnum):
    """How the titles of a table stand together, each group with its subtotal."""

    NONE = ""
    SITUATION = "situacao"
    DEBTOR = "devedor"
    DEBTOR_OR_SITUATION = "devedor_ou_situacao"


@dataclass(frozen=True, slots=True)
class Heading:
    """A line in large print, with an optional smaller text at the right."""

    text: Text
    right: Text | None
    shown_if: str = ""


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Paragraphs and lists, with ``*bold*`` and ``_italic_``."""

    text: Text
    size: float
    side: Side
    shown_if: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A framed text."""

    text: Text
    shown_if: str = ""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label and its value; an ``optional`` one without a value vanishes. ``wide``: a row of its own, or bold."""

    label: str
    value: Text
    optional: bool
    wide: bool


@dataclass(frozen=True, slots=True)
class Fields:
    """Labels above values, in columns."""

    columns: int
    fields: tuple[Labelled, ...]
    shown_if: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums at the right edge, one to a line."""

    lines: tuple[Labelled, ...]
    shown_if: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A column: ``width`` None takes what the others leave; ``shown_if`` a variable that some row must have.

    ``sums``: the variable whose sum stands in the total row, or those of which each row gives the first it has.
    """

    title: str
    value: Text
    width: float | None
    side: Side
    shown_if: str
    sums: tuple[str, ...]
    sums_kind: Kind


@dataclass(frozen=True, slots=True)
class Listing:
    """A table with a row for each item of a list. ``count``: singular and plural of what is counted at the totals."""

    items: str
    columns: tuple[Cell, ...]
    grouping: Grouping
    total_label: str
    count: tuple[str, str] | None
    shown_if: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: the name under the line, and smaller what he is."""

    name: Text
    role: Text | None


@dataclass(frozen=True, slots=True)
class Signatures:
    """Place and date, and two lines to sign on side by side; never parted by the end of a page."""

    place: Text | None
    signatures: tuple[Signature, ...]
    shown_if: str = ""


@dataclass(frozen=True, slots=True)
class PixCodes:
    """The QR of each title of the list that has a PIX code, with a caption beside it."""

    items: str
    caption: Text
    shown_if: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line from edge to edge."""

    shown_if: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """White."""

    height: float
    shown_if: str = ""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""

    shown_if: str = ""


Block: TypeAlias = (
    Heading | Paragraphs | Notice | Fields | Totals | Listing | Signatures | PixCodes | Rule | Gap | PageBreak
)


#: Those that put white, a line or a new page between others.
Space: TypeAlias = Rule | Gap | PageBreak


@dataclass(frozen=True, slots=True)
class Layout:
    """The paper and the document's blocks. ``file_name`` has no date and ending; ``foot`` is on each page."""

    page: str
    margin: float
    file_name: Text
    foot: Text | None
    blocks: tuple[Block, ...]


def texts_of(block: Block) -> Iterator[Text]:
    """Every text of a block."""
    match block:
        case Heading(text=text, right=right):
            yield from filter(None, (text, right))
        case Paragraphs(text=text) | Notice(text=text) | PixCodes(caption=text):
            yield text
        case Fields(fields=labelled) | Totals(lines=labelled):
            yield from (each.value for each in labelled)
        case Listing(columns=columns):
            yield from (each.value for each in columns)
        case Signatures(place=place, signatures=signatures):
            yield from filter(None, (place, *(each.role for each in signatures)))
            yield from (each.name for each in signatures)
        case Rule() | Gap() | PageBreak():
            pass
