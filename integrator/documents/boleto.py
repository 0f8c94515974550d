"""One title's boleto as a page of PDF: recibo do pagador above, ficha de compensação below.

Nothing is invented here: the digits are those the bank registered, and a title or PIX code that disagrees with them
is refused before anything is drawn.
"""

from __future__ import annotations

from io import BytesIO

from integrator.documents.boleto_data import boleto_data
from integrator.documents.brcode import check_pix
from integrator.documents.febraban import check_title
from integrator.documents.formats import slug
from integrator.domain.message import Company, Customer, Title

_MAX_SLUG = 60


def draw_boleto(company: Company, customer: Customer, title: Title) -> bytes:
    """The boleto's PDF (A4, one page); equal input gives equal bytes.

    Whoever owes this very title is printed as its *pagador*, whoever receives the message.
    Raises ``DigitsError`` when the digits or the PIX code disagree with the title, ``DocumentError`` when a text
    does not fit its place even in the smallest print. Whether the title is registered and still payable is the
    caller's to know: that depends on the day.
    """
    from integrator.documents.ficha import draw_ficha
    from integrator.documents.paper import new_canvas
    from integrator.documents.recibo import draw_recibo

    checked = check_title(title)
    pix = check_pix(title.pix, title.amount).payload if title.pix.strip() else ""
    data = boleto_data(company, title.payer or customer, title, checked, pix)
    buffer = BytesIO()
    canvas = new_canvas(buffer, f"Boleto {data.document}, vencimento {data.due}", company.name)
    draw_recibo(canvas, company, data)
    draw_ficha(canvas, data)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def boleto_file_name(title: Title) -> str:
    """``boleto-NF1234-1-venc-2026-11-20.pdf``: plain ASCII, safe on Windows and in WhatsApp."""
    name = slug("-".join(filter(None, (title.document, title.instalment)))) or slug(title.ref) or "titulo"
    return f"boleto-{name[:_MAX_SLUG].rstrip('-._')}-venc-{title.due:%Y-%m-%d}.pdf"
