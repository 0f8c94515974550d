"""The bubbles of the phone page: text, document, ticks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from integrator.domain.message import PartKind
from integrator.gateways.simulator.ledger import Bubble
from integrator.gateways.simulator.markup import Html, plain, render_marks
from integrator.gateways.simulator.page_files import Files
from integrator.sending.gateway import Inbound, ReceiptKind

_SENT: Final = "enviada"
_TICKS: Final = {_SENT: "um", ReceiptKind.DELIVERED: "dois", ReceiptKind.READ: "dois"}
_TITLES: Final = {
    _SENT: "Enviada: ainda não chegou ao celular",
    ReceiptKind.DELIVERED: "Entregue no celular",
    ReceiptKind.READ: "Lida pelo cliente",
    ReceiptKind.FAILED: "Não foi possível entregar",
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """What drawing a bubble needs besides the bubble."""

    statuses: Mapping[str, ReceiptKind]
    duplicates: frozenset[str]
    files: Files


def draw_bubble(bubble: Bubble, drawing: Drawing) -> Html:
    """One bubble as a list item."""
    again = bubble.id in drawing.duplicates
    warning = '<span class="again-label">Repetida: o cliente já tinha recebido</span>' if again else ""
    is_file = bubble.kind is PartKind.DOCUMENT
    classes = "bubble" + (" file" if is_file else "") + (" again" if again else "")
    content = _draw_file(bubble, drawing.files) if is_file else _words(bubble.text)
    if bubble.caption:
        content += _words(bubble.caption)
    return Html(f'<li class="{classes}">{warning}{content}{_foot(bubble, drawing)}</li>')


def draw_written(inbound: Inbound) -> Html:
    """What the customer wrote back, as a list item."""
    said = _words(inbound.text) if inbound.text else _words("_áudio, foto ou arquivo_")
    at = inbound.at
    return Html(
        f'<li class="bubble own">{said}<div class="foot"><time datetime="{at.isoformat()}">{at:%H:%M}</time></div></li>'
    )


def _words(text: str) -> str:
    return f'<div class="words">{render_marks(text)}</div>'


def _draw_file(bubble: Bubble, shelf: Files) -> str:
    shown = shelf.show(bubble)
    picture = ""
    if shown.thumbnail:
        alternative = plain(f"Primeira página de {bubble.file_name}")
        picture = f'<img src="{plain(shown.thumbnail)}" alt="{alternative}" loading="lazy">'
    pages = "" if shown.pages == 0 else "1 página · " if shown.pages == 1 else f"{shown.pages} páginas · "
    return (
        f'<a href="{plain(shown.link)}" target="_blank" rel="noopener">{picture}<span class="label">'
        f'<span class="type" aria-hidden="true">{plain(shown.type)}</span><span><bdi class="title">'
        f"{plain(bubble.file_name)}</bdi><small>{pages}{_size(bubble.size)} · {plain(shown.type)}</small>"
        "</span></span></a>"
    )


def _size(size: int) -> str:
    """``size`` bytes as people read it: ``30 KB``, ``1,2 MB``."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / 1024 / 1024:.1f} MB".replace(".", ",")


def _foot(bubble: Bubble, drawing: Drawing) -> str:
    status = drawing.statuses.get(bubble.id, _SENT)
    shape = _TICKS.get(status)
    title = _TITLES[status]
    tick = f'<svg role="img" aria-label="{title}"><title>{title}</title><use href="#{shape}"/></svg>' if shape else "! "
    return (
        f'<div class="foot"><time datetime="{bubble.at.isoformat()}">{bubble.at:%H:%M}</time>'
        f'<span class="{status}" title="{title}">{tick}{status}</span></div>'
    )
