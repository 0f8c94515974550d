"""Drawing on a page: text that always fits its box, lines, letterhead pieces. Used by every PDF of this package.

Built on reportlab's canvas with the base fonts (Helvetica, WinAnsi), nothing embedded, ``invariant`` set: equal input
gives equal bytes. Lengths are points, the origin is the page's lower left corner.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import cache
from io import BytesIO

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import getFont
from reportlab.pdfgen.canvas import Canvas

from integrator.domain.errors import DocumentError

REGULAR = "Helvetica"
BOLD = "Helvetica-Bold"
PAGE_WIDTH, PAGE_HEIGHT = A4
SMALLEST = 4.5
"""Text is never set smaller than this: what still does not fit is refused, not cut."""

LEADING = 1.16
_ASCENT = 0.74
_SHRINK = 0.94
_MAX_TEXT = 6000
#: Letters with a stroke, which Unicode does not take apart.
_BARE_LETTERS = dict(zip("łŁđĐħĦŧŦıŋŊ", "lLdDhHtTinN", strict=True))
_TIED = re.compile(r"\b(CEP|CNPJ|CPF|Fone|Celular|R\$) ")


# Binary streams as PDF has had since 1.2: their ASCII form costs 3 ms and a quarter more bytes for each document.
rl_config.useA85 = 0


class Align(Enum):
    """Where a line stands in its box."""

    LEFT = 0.0
    CENTER = 0.5
    RIGHT = 1.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its left and top edges."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set: ``size`` is the largest tried; ``on_floor`` stands it on the bottom of its box."""

    size: float
    font: str = REGULAR
    align: Align = Align.LEFT
    on_floor: bool = False


def new_canvas(buffer: BytesIO, title: str, author: str, size: tuple[float, float] = A4) -> Canvas:
    """A reproducible canvas whose document properties name the shop."""
    canvas = Canvas(buffer, pagesize=size, invariant=1, pageCompression=1, lang="pt-BR")
    canvas.setTitle(printable(title))
    canvas.setAuthor(printable(author))
    canvas.setCreator(printable(author))
    canvas.setSubject(printable(title))
    canvas.setProducer(printable(author))
    return canvas


def printable(text: str) -> str:
    """The text as Windows-1252 can print it on one line, blanks as one space.

    A letter that it lacks loses its accent (``Wałęsa`` is ``Walesa``); what has no such form is a visible ``?``.

    ``CNPJ``, ``CEP`` and ``R$`` are tied to what follows by a no-break space, which ``wrap`` respects.
    """
    composed = " ".join(unicodedata.normalize("NFC", text).split())
    visible = "".join(char for char in composed if not _is_invisible(char))
    return _TIED.sub("\\1\xa0", _as_windows(visible))


def _as_windows(text: str) -> str:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        text = "".join(char if _is_windows(char) else _without_accent(char) for char in text)
    return text.encode("cp1252", "replace").decode("cp1252")


def _is_windows(char: str) -> bool:
    return bool(char.encode("cp1252", "ignore"))


def _without_accent(char: str) -> str:
    base = _BARE_LETTERS.get(char) or unicodedata.normalize("NFKD", char)
    return "".join(part for part in base if not unicodedata.combining(part))


def _is_invisible(char: str) -> bool:
    """Controls, joiners and the selectors that follow an emoji: nothing to print, not even a ``?``."""
    return unicodedata.category(char) in ("Cc", "Cf") or "\ufe00" <= char <= "\ufe0f"


def put_line(canvas: Canvas, left: float, baseline: float, line: str) -> None:
    """Draw one line of ``printable`` text in the canvas's font."""
    canvas.drawString(left, baseline, line.replace("\xa0", " "))


@cache
def _widths(font: str) -> tuple[float, ...]:
    return tuple(width / 1000 for width in getFont(font).widths)


def text_width(text: str, font: str, size: float) -> float:
    """The width of a ``printable`` text."""
    widths = _widths(font)
    return size * sum(map(widths.__getitem__, text.encode("cp1252")))


def wrap(text: str, font: str, size: float, width: float) -> list[str]:
    """Lines of a ``printable`` text no wider than ``width``; a word wider than that is broken. Never empty."""
    lines: list[str] = []
    line, used = "", 0.0
    blank = text_width(" ", font, size)
    for word in text.split(" "):
        length = text_width(word, font, size)
        if line and used + blank + length <= width:
            line, used = f"{line} {word}", used + blank + length
            continue
        if line:
            lines.append(line)
        *broken, line = _break_word(word, font, size, width) if length > width else [word]
        lines.extend(broken)
        used = text_width(line, font, size)
    return [*lines, line]


def _break_word(word: str, font: str, size: float, width: float) -> list[str]:
    pieces: list[str] = []
    piece, used = "", 0.0
    for char in word:
        length = text_width(char, font, size)
        if piece and used + length > width:
            pieces.append(piece)
            piece, used = "", 0.0
        piece, used = piece + char, used + length
    return [*pieces, piece]


def fit(texts: tuple[str, ...], style: Style, width: float, height: float) -> tuple[list[str], float]:
    """Lines and size at which the paragraphs fill at most the given room, shrinking from ``style.size``.

    Raises ``DocumentError`` when they do not fit at the smallest size that people can read.
    """
    paragraphs = [printable(text) for text in texts]
    size = style.size
    while sum(map(len, paragraphs)) <= _MAX_TEXT:
        lines = [line for paragraph in paragraphs for line in wrap(paragraph, style.font, size, width)]
        if len(lines) * size * LEADING <= height or (len(lines) == 1 and size <= height):
            return lines, size
        if size == SMALLEST:
            break
        size = max(size * _SHRINK, SMALLEST)
    raise DocumentError(f"O texto “{paragraphs[0][:40]}…” é longo demais para o espaço do documento. Encurte-o no ERP.")


def draw_text(canvas: Canvas, text: str | tuple[str, ...], box: Box, style: Style) -> float:
    """Draw paragraphs inside the box, wrapped and shrunk until they fit; returns the bottom of the text."""
    texts = (text,) if isinstance(text, str) else tuple(filter(None, text))
    if not any(texts):
        return box.top
    lines, size = fit(texts, style, box.width, box.height)
    canvas.setFont(style.font, size)
    height = len(lines) * size * LEADING
    top = box.top - box.height + height if style.on_floor else box.top
    baseline = top - size * _ASCENT
    for line in lines:
        indent = style.align.value * (box.width - text_width(line, style.font, size))
        put_line(canvas, box.left + indent, baseline, line)
        baseline -= size * LEADING
    return top - height


def rule(canvas: Canvas, start: tuple[float, float], end: tuple[float, float], thickness: float = 0.5) -> None:
    """A straight black line."""
    canvas.setLineWidth(thickness)
    canvas.line(*start, *end)


def millimetres(value: float) -> float:
    """Millimetres in points."""
    return value * mm
