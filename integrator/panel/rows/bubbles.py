"""The parts of a message as bubbles of a page: what will be posted, or what was, compared with what is still known."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markupsafe import Markup

from integrator.documents.file_types import JPEG, PDF, PNG, recognise
from integrator.domain.errors import DocumentError
from integrator.domain.message import Composed, Part, PartKind
from integrator.erp.desk_row import RowFacts, SentPart
from integrator.gateways.simulator.markup import render_marks
from integrator.messages.formatting import format_datetime
from integrator.panel.rows.compose import Made, known_contents
from integrator.panel.rows.shelf import File, Files
from integrator.sending.ports import PartState

_KINDS: Final = {
    PartKind.TEXT: "Texto",
    PartKind.DOCUMENT: "Arquivo",
    PartKind.PIX: "Código PIX para copiar",
    PartKind.LINHA: "Linha digitável para copiar",
}
_STATES: Final = {
    PartState.PLANNED: "ainda não saiu",
    PartState.SENT: "enviada",
    PartState.REFUSED: "recusada",
    PartState.UNCERTAIN: "incerta",
    PartState.DELIVERED: "entregue",
    PartState.READ: "lida",
    PartState.FAILED: "falhou",
}
_SAME: Final = {
    PartKind.TEXT: "Texto idêntico ao enviado (conferido pelo SHA-256).",
    PartKind.DOCUMENT: "Arquivo idêntico ao enviado (conferido pelo SHA-256).",
    PartKind.PIX: "Código idêntico ao enviado (conferido pelo SHA-256).",
    PartKind.LINHA: "Código idêntico ao enviado (conferido pelo SHA-256).",
}
_TEXT_DIFFERS: Final = "O texto guardado não confere com o enviado: alguém o mudou no banco."
_GONE: Final = (
    "Não é mais possível mostrar este arquivo como foi enviado: o anexo foi expurgado, ou os dados e a configuração "
    "mudaram depois. Ficou guardado o nome, o tamanho e o SHA-256."
)
_CODE_GONE: Final = "O código não fica guardado, e o que se monta hoje é outro. Ficou o SHA-256 dele."
_PICTURES: Final = (PNG.mime, JPEG.mime)


@dataclass(frozen=True, slots=True)
class Bubble:
    """``words`` is text as WhatsApp shows it; ``shown`` tells that its file can be opened, ``page`` that its first page
    has a picture, ``picture`` that it is one itself. ``moments`` and ``note`` are for people; ``sha256`` only of what
    was sent."""

    order: int
    label: str
    words: Markup
    file_name: str = ""
    size: int = 0
    shown: bool = False
    page: bool = False
    picture: bool = False
    state: str = ""
    moments: tuple[str, ...] = ()
    note: str = ""
    sha256: str = ""
    lost: bool = False


def of_preview(composed: Composed) -> tuple[tuple[Bubble, ...], Files]:
    """What would be posted, and its files."""
    files = {part.order: _file(part.file_name, part.content) for part in composed.parts if _is_file(part)}
    return tuple(_planned(part, files.get(part.order)) for part in composed.parts), files


def of_sent(facts: RowFacts, made: Made) -> tuple[tuple[Bubble, ...], Files]:
    """What was posted, each part with what is still known of it."""
    known = known_contents(made)
    files = {
        part.order: _file(part.file_name, known[part.sha256])
        for part in facts.parts
        if part.kind is PartKind.DOCUMENT and part.sha256 in known
    }
    return tuple(_sent(facts, part, known.get(part.sha256), files.get(part.order)) for part in facts.parts), files


def _planned(part: Part, file: File | None) -> Bubble:
    if file is None:
        return Bubble(part.order, _KINDS[part.kind], _words(part.text, part.kind))
    page, picture = _looks(file)
    return Bubble(
        *(part.order, _KINDS[part.kind], _words(part.caption), part.file_name, len(part.content), True, page, picture)
    )


def _sent(facts: RowFacts, part: SentPart, content: bytes | None, file: File | None) -> Bubble:
    same = _SAME[part.kind]
    words, note = Markup(""), same if content is not None else _GONE
    if part.kind is PartKind.TEXT:
        kept = hashlib.sha256(facts.text.encode()).hexdigest() == part.sha256
        words, note = _words(facts.text), same if kept else _TEXT_DIFFERS
    elif part.kind is PartKind.DOCUMENT:
        words = _words(_caption(facts.parts, part, facts.text))
    else:
        words = _words(content.decode(), part.kind) if content is not None else Markup("")
        note = note if content is not None else _CODE_GONE
    page, picture = _looks(file) if file else (False, False)
    return Bubble(
        *(part.order, _KINDS[part.kind], words, part.file_name, part.size, file is not None, page, picture),
        state=_STATES[part.state],
        moments=_moments(part),
        note=" ".join(filter(None, (part.reason, note))),
        sha256=part.sha256,
        lost=note != same,
    )


def _caption(parts: Sequence[SentPart], part: SentPart, text: str) -> str:
    """The text stands under the first file where it had no bubble of its own."""
    alone = any(each.kind is PartKind.TEXT for each in parts)
    first = min((each.order for each in parts if each.kind is PartKind.DOCUMENT), default=part.order)
    return "" if alone or part.order != first else text


def _moments(part: SentPart) -> tuple[str, ...]:
    named: tuple[tuple[str, datetime | None], ...] = (
        ("enviada", part.sent_at),
        ("entregue", part.delivered_at),
        ("lida", part.read_at),
    )
    return tuple(f"{name} {format_datetime(at)}" for name, at in named if at is not None)


def _words(text: str, kind: PartKind = PartKind.TEXT) -> Markup:
    """A code is shown as it is: a mark of WhatsApp in it would only spoil it."""
    return Markup(render_marks(text)) if kind is PartKind.TEXT else Markup("<code>{}</code>").format(text)


def _is_file(part: Part) -> bool:
    return part.kind is PartKind.DOCUMENT


def _file(name: str, content: bytes) -> File:
    """By what its bytes are; what is nothing that may be sent is only ever downloaded."""
    try:
        mime = recognise(content).mime
    except DocumentError:
        mime = "application/octet-stream"
    return File(name, mime, content, hashlib.sha256(content).hexdigest())


def _looks(file: File) -> tuple[bool, bool]:
    """Whether its first page can be drawn, and whether it is a picture itself."""
    if file.mime in _PICTURES:
        return False, True
    if file.mime != PDF.mime:
        return False, False
    from integrator.documents.pictures import count_pages

    try:
        count_pages(file.content)
    except DocumentError:
        return False, False
    return True, False
