"""How a composed message is posted: the text under the first PDF or before the PDFs, and a code alone to be copied."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from integrator.documents.febraban import check_title
from integrator.domain.message import Part, PartKind, Title
from integrator.messages.language import fits_caption
from integrator.settings.contents import CodeToCopy


@dataclass(frozen=True, slots=True)
class Code:
    """What a phone copies in one touch: a PIX code or the digits of a boleto."""

    kind: PartKind
    text: str


@dataclass(frozen=True, slots=True)
class Bubble:
    """A file as it is posted."""

    name: str
    mime: str
    content: bytes


def code_to_copy(titles: Sequence[Title], wanted: CodeToCopy) -> Code | None:
    """The code that goes alone. With several of its sort the customer could pay the wrong one: then none goes."""
    pix = [title.pix for title in titles if title.pix]
    if wanted in (CodeToCopy.AUTOMATIC, CodeToCopy.PIX) and pix:
        return Code(PartKind.PIX, pix[0]) if len(pix) == 1 else None
    linhas = [title for title in titles if title.has_boleto]
    if wanted in (CodeToCopy.AUTOMATIC, CodeToCopy.LINHA) and len(linhas) == 1:
        digits = "".join(char for char in check_title(linhas[0]).linha if char.isdigit())
        return Code(PartKind.LINHA, digits)
    return None


def parts_of(text: str, files: Sequence[Bubble], code: Code | None, *, as_caption: bool) -> tuple[Part, ...]:
    """The parts in posting order. The text goes as the first file's caption where it fits, else before the files."""
    parts: list[Part] = []
    caption = text if as_caption and files and fits_caption(text) else ""
    if not caption:
        parts.append(_part(1, PartKind.TEXT, text.encode("utf-8")))
    for place, file in enumerate(files):
        parts.append(
            _part(len(parts) + 1, PartKind.DOCUMENT, file.content, file.name, file.mime, "" if place else caption)
        )
    if code is not None:
        parts.append(_part(len(parts) + 1, code.kind, code.text.encode("utf-8")))
    return tuple(parts)


def _part(order: int, kind: PartKind, content: bytes, name: str = "", mime: str = "", caption: str = "") -> Part:
    return Part(order, kind, content, hashlib.sha256(content).hexdigest(), name, mime, caption)
