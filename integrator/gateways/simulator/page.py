"""The phone page: what customers would have on their screens, drawn from the simulator's ledger.

One HTML file without any outside address, with the received files beside it in ``arquivos/``. Style and script are
``page.css`` and ``page.js``; the bubbles are drawn in ``page_bubbles.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from integrator.domain.message import PartKind
from integrator.domain.phone import format_phone, with_ninth_digit
from integrator.gateways.simulator.ledger import Bubble, Ledger, read_ledger
from integrator.gateways.simulator.markup import Html, plain
from integrator.gateways.simulator.page_bubbles import Drawing, draw_bubble, draw_written
from integrator.gateways.simulator.page_files import FileShelf
from integrator.sending.gateway import Inbound, ReceiptKind

SHAPES: Final = (
    '<svg class="shapes" aria-hidden="true">'
    '<symbol id="um" viewBox="0 0 17 11"><path d="M3 6l3.5 4L14 1.5"/></symbol>'
    '<symbol id="dois" viewBox="0 0 17 11"><path d="M1 6l3.5 4L11 1.5M8.5 9l1 1L16 1.5"/></symbol></svg>'
)
_PACKAGE: Final = "integrator.gateways.simulator"


@dataclass(frozen=True, slots=True)
class _Phone:
    number: str
    name: str
    bubbles: tuple[Bubble, ...]
    written: tuple[Inbound, ...] = ()


@dataclass(frozen=True, slots=True)
class _Tile:
    """A count on top of the page; one above zero may be bad news."""

    count: int
    singular: str
    plural: str
    bad: bool = False

    @property
    def label(self) -> str:
        return self.singular if self.count == 1 else self.plural

    @property
    def look(self) -> str:
        return "wrong" if self.bad and self.count else "right"


def write_phone_page(
    ledger_folder: Path,
    out_html: Path,
    *,
    company_name: str,
    thumbnails: Callable[[bytes], bytes] | None,
    names: Mapping[str, str] | None = None,
) -> None:
    """Draw the ledger of ``ledger_folder`` as ``out_html``, replacing it whole.

    ``thumbnails`` turns a PDF's bytes into a PNG or JPEG of its first page (empty bytes: none); ``names`` maps a
    number, with or without the ninth digit, to the customer's name. Raises OSError when the folder cannot be written
    and :class:`~integrator.domain.errors.GatewayError` when the ledger is damaged.
    """
    ledger = read_ledger(ledger_folder)
    out_html.parent.mkdir(parents=True, exist_ok=True)
    drawing = Drawing(
        statuses=ledger.statuses(),
        duplicates=frozenset(bubble.id for bubble in ledger.duplicates()),
        files=FileShelf(ledger, out_html.parent, thumbnails),
    )
    phones = _phones(ledger, names or {})
    cards = "".join(_draw_phone(phone, company_name, drawing) for phone in phones)
    page = (
        '<!doctype html><html lang="pt-BR"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>O que os clientes receberam · {plain(company_name)}</title>"
        f"<style>{_resource('page.css')}</style></head><body>{SHAPES}{_head(ledger, phones, company_name)}"
        f'<main class="phones">{cards or _EMPTY}{_NOTHING_FOUND}</main>'
        f"<script>{_resource('page.js')}</script></body></html>\n"
    )
    unfinished = out_html.with_name(out_html.name + ".tmp")
    unfinished.write_text(page, encoding="utf-8")
    unfinished.replace(out_html)


def _resource(name: str) -> str:
    return files(_PACKAGE).joinpath(name).read_text(encoding="utf-8")


def _phones(ledger: Ledger, names: Mapping[str, str]) -> list[_Phone]:
    """One phone per recipient, in the order of their first message."""
    received: dict[str, list[Bubble]] = {}
    for bubble in ledger.messages:
        received.setdefault(bubble.to, []).append(bubble)
    known = {with_ninth_digit(number): name for number, name in names.items()}
    shown = {to: with_ninth_digit(to) for to in received}
    wrote: dict[str, list[Inbound]] = {}
    for inbound in ledger.written:
        wrote.setdefault(with_ninth_digit(inbound.sender), []).append(inbound)
    return [
        _Phone(shown[to], known.get(shown[to], ""), tuple(got), tuple(wrote.get(shown[to], ())))
        for to, got in received.items()
    ]


def _head(ledger: Ledger, phones: list[_Phone], company_name: str) -> Html:
    tiles = "".join(
        f'<div class="{tile.look}"><dt>{tile.label}</dt><dd>{tile.count}</dd></div>' for tile in _tiles(ledger, phones)
    )
    return Html(
        f'<header class="top"><h1>O que os clientes receberam</h1><p>{plain(company_name)} · {_period(ledger)}. '
        "Simulação: nada foi enviado pelo WhatsApp de verdade.</p>"
        f'<dl class="counts">{tiles}</dl><div class="find"><label for="busca">Buscar</label>'
        '<input id="busca" type="search" placeholder="Nome ou celular" autocomplete="off">'
        '<output id="achados" for="busca"></output></div></header>'
    )


def _tiles(ledger: Ledger, phones: list[_Phone]) -> tuple[_Tile, ...]:
    kinds = [bubble.kind for bubble in ledger.messages]
    captions = sum(bool(bubble.caption) for bubble in ledger.messages)
    statuses = list(ledger.statuses().values())
    read = statuses.count(ReceiptKind.READ)
    return (
        _Tile(len(phones), "celular", "celulares"),
        _Tile(kinds.count(PartKind.TEXT) + captions, "texto", "textos"),
        _Tile(kinds.count(PartKind.DOCUMENT), "documento", "documentos"),
        _Tile(kinds.count(PartKind.PIX), "código PIX", "códigos PIX"),
        _Tile(kinds.count(PartKind.LINHA), "linha digitável", "linhas digitáveis"),
        _Tile(statuses.count(ReceiptKind.DELIVERED) + read, "entregue", "entregues"),
        _Tile(read, "lida", "lidas"),
        _Tile(statuses.count(ReceiptKind.FAILED), "não entregue", "não entregues", bad=True),
        _Tile(len(ledger.duplicates()), "repetida", "repetidas", bad=True),
    )


def _period(ledger: Ledger) -> str:
    if not ledger.messages:
        return "nenhuma mensagem"
    instants = [bubble.at for bubble in ledger.messages]
    first, last = min(instants), max(instants)
    until = f"{last:%H:%M}" if first.date() == last.date() else f"{last:%d/%m/%Y %H:%M}"
    return f"{first:%d/%m/%Y %H:%M} a {until}"


def _draw_phone(phone: _Phone, company_name: str, drawing: Drawing) -> Html:
    number, name = plain(format_phone(phone.number)), plain(phone.name)
    label = (
        f'<bdi>{name}</bdi> <span class="number">{number}</span>' if name else f'<span class="number">{number}</span>'
    )
    rows = []
    day = None
    talk: list[Bubble | Inbound] = [*phone.bubbles, *phone.written]
    for each in sorted(talk, key=lambda one: one.at):
        if each.at.date() != day:
            day = each.at.date()
            rows.append(f'<li class="day">{day:%d/%m/%Y}</li>')
        rows.append(draw_written(each) if isinstance(each, Inbound) else draw_bubble(each, drawing))
    forms = " ".join(dict.fromkeys([phone.number, *(form for got in phone.bubbles for form in (got.to, got.asked))]))
    return Html(
        f'<article class="phone" data-name="{name}" data-number="{plain(forms)}"><h2>{label}</h2><div class="screen">'
        f'<div class="bar"><span class="badge" aria-hidden="true">{plain(initials(company_name))}</span>'
        f"<div><strong><bdi>{plain(company_name)}</bdi></strong><small>conversa simulada</small></div></div>"
        f'<ol class="chat" tabindex="0" aria-label="Mensagens recebidas por {name or number}">{"".join(rows)}</ol>'
        "</div></article>"
    )


def initials(company_name: str) -> str:
    words = [word for word in company_name.split() if word[0].isalnum() and len(word) > 2]
    return "".join(word[0] for word in (words or company_name.split())[:2]).upper()


_EMPTY: Final = (
    '<p class="empty">Nenhuma mensagem foi enviada ainda. '
    "Inicie o envio com o simulador e abra esta página de novo.</p>"
)
_NOTHING_FOUND: Final = '<p class="empty" id="nada" hidden>Nenhum celular corresponde à busca.</p>'
