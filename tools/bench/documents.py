"""How many boletos with PIX QR, each with its statement of debts, one core draws in a second."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO

import segno
from reportlab.pdfgen.canvas import Canvas

from integrator.documents.boleto import draw_boleto
from integrator.documents.statement import draw_statement
from integrator.domain.message import Title
from tools.bench import content
from tools.bench.figures import Figure, Floor, Sense, Target, median

GROUP = "documents"
_TARGET_PER_S = 40.0
_TITLES = 3


def measure(*, quick: bool) -> list[Figure]:
    """Rounds of boletos with statements, of empty pages and of bare QR codes in turn; data new in each drawing."""
    rounds, count = (3, 15) if quick else (7, 60)
    _draw(content.titles(0, _TITLES))  # reportlab, fonts and segno are loaded once in a daemon's life
    both: list[float] = []
    pages: list[float] = []
    codes: list[float] = []
    for turn in range(rounds):
        sets = [content.titles(turn * count + number, _TITLES) for number in range(count)]
        both.append(count / _time(_draw, sets))
        pages.append(count / _time(_empty_pages, sets))
        codes.append(count / _time(_qr, sets))
    return [
        Figure(
            GROUP,
            "boleto with QR + statement of 3 titles",
            median(both),
            "/s",
            rounds,
            Floor("two empty reportlab pages and one segno QR", 1 / (1 / median(pages) + 1 / median(codes))),
            Target(_TARGET_PER_S, Sense.AT_LEAST),
            note=f"empty pages alone {median(pages):.0f}/s, QR alone {median(codes):.0f}/s; {count} pairs per round",
        )
    ]


def _time(work: Callable[[Sequence[Title]], object], sets: Sequence[Sequence[Title]]) -> float:
    start = time.perf_counter()
    for titles in sets:
        work(titles)
    return time.perf_counter() - start


def _draw(titles: Sequence[Title]) -> None:
    draw_boleto(content.COMPANY, content.CUSTOMER, titles[0])
    draw_statement(content.COMPANY, content.CUSTOMER, titles, date.today())


def _empty_pages(_: Sequence[Title]) -> None:
    for _page in range(2):
        canvas = Canvas(BytesIO(), invariant=1)
        canvas.showPage()
        canvas.save()


def _qr(titles: Sequence[Title]) -> None:
    segno.make_qr(titles[0].pix, error="m", boost_error=False)
