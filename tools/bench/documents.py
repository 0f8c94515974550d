"""How many PDFs one core draws in a second, by kind, and whether memory stays flat over thousands of them."""

from __future__ import annotations

import json
import subprocess
import sys
from io import BytesIO

import segno
from reportlab.pdfgen.canvas import Canvas

from tools.bench import content, papers
from tools.bench.figures import Figure, Floor, Sense, Target, median, per_second

GROUP = "documents"
_TARGET_PER_S = 40.0
_TITLES = 3
_MOST_GROWTH_MB = 2.0


def measure(*, quick: bool) -> list[Figure]:
    """The pair that a debt notice carries, then each kind by itself, then memory; data new in each drawing."""
    rounds, count = (3, 15) if quick else (7, 60)
    return [
        pairs(rounds, count),
        *each_kind(rounds, count // 3),
        memory(*((50, 500) if quick else (500, 5000))),
    ]


def pairs(rounds: int, count: int) -> Figure:
    """Rounds of boletos with statements, of empty pages and of bare QR codes in turn."""
    _draw(0)  # reportlab, fonts and segno are loaded once in a daemon's life
    both: list[float] = []
    pages: list[float] = []
    codes: list[float] = []
    for turn in range(rounds):
        sets = range(turn * count, (turn + 1) * count)
        both.append(per_second(_draw, sets))
        pages.append(per_second(_empty_pages, sets))
        codes.append(per_second(_qr, sets))
    return Figure(
        GROUP,
        "boleto with QR + statement of 3 titles",
        median(both),
        "/s",
        rounds,
        Floor("two empty reportlab pages and one segno QR", 1 / (1 / median(pages) + 1 / median(codes))),
        Target(_TARGET_PER_S, Sense.AT_LEAST),
        note=f"empty pages alone {median(pages):.0f}/s, QR alone {median(codes):.0f}/s; {count} pairs per round",
    )


def each_kind(rounds: int, count: int) -> list[Figure]:
    """Each kind by itself, beside the empty page that every PDF has at least."""
    figures = []
    for name, draw in papers.kinds().items():
        draw(0)
        drawn: list[float] = []
        empty: list[float] = []
        for turn in range(rounds):
            numbers = range(1 + turn * count, 1 + (turn + 1) * count)
            drawn.append(per_second(draw, numbers))
            empty.append(per_second(_empty_page, numbers))
        floor = Floor("one empty reportlab page", median(empty))
        figures.append(Figure(GROUP, name, median(drawn), "/s", rounds, floor))
    return figures


def memory(early: int, late: int) -> Figure:
    """What one process holds after `late` PDFs of all kinds, beside the same process after `early` of them."""
    command = [sys.executable, "-m", "tools.bench.drawing", str(early), str(late)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    before, after = (float(cell) for cell in json.loads(done.stdout))
    return Figure(
        GROUP,
        f"memory grown from the {early}th to the {late:,}th PDF",
        after - before,
        "MB",
        1,
        target=Target(_MOST_GROWTH_MB),
        note=f"{before:.1f} MB, then {after:.1f} MB resident; every kind in turn, other data in each",
    )


def _draw(number: int) -> None:
    papers.notice(number, _TITLES)


def _empty_pages(_: int) -> None:
    for _page in range(2):
        _empty_page(0)


def _empty_page(_: int) -> None:
    canvas = Canvas(BytesIO(), invariant=1)
    canvas.showPage()
    canvas.save()


def _qr(number: int) -> None:
    segno.make_qr(content.titles(number, 1)[0].pix, error="m", boost_error=False)
