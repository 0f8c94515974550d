"""A carnê: boletos three to an A4 page, each a slip with its recibo at the left and its ficha at the right.

A slip is 99 mm high. Its ficha is the whole page's in smaller print (146 mm wide, linha 2.5 mm high), but for the
barcode, which keeps its 103 x 13 mm: at a third of that height banks' scanners read it, narrower bars they do not. The
recibo stays with the customer, so the PIX code and the shop's name, tax id and address stand there (CDC art. 42-A).
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from integrator.documents.boleto import checked_boleto
from integrator.domain.errors import DocumentError
from integrator.domain.message import Company, Customer, Title

PER_PAGE = 3


def draw_carne(company: Company, customer: Customer, titles: Sequence[Title]) -> bytes:
    """The carnê's PDF (A4, three titles a page, in the order given); equal input gives equal bytes.

    Raises as ``draw_boleto`` for any of its titles, and ``DocumentError`` without titles.
    """
    from integrator.documents.carne_slip import draw_slip
    from integrator.documents.paper import new_canvas

    if not titles:
        raise DocumentError("O carnê ficou sem nenhum boleto. Inclua os títulos no ERP.")
    slips = [checked_boleto(company, customer, title) for title in titles]
    buffer = BytesIO()
    canvas = new_canvas(buffer, f"Carnê com {len(slips)} boletos", company.name)
    for number, data in enumerate(slips):
        if number and number % PER_PAGE == 0:
            canvas.showPage()
        draw_slip(canvas, company, data, number % PER_PAGE)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()
