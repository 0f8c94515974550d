"""One title's boleto as a page of PDF: recibo do pagador above, ficha de compensação below.

Nothing is invented here: the digits are those the bank registered, and a title or PIX code that disagrees with them
is refused before anything is drawn.
"""

from __future__ import annotations

from datetime import date
from io import BytesIO

from integrator.documents.boleto_data import BoletoData, boleto_data
from integrator.documents.brcode import check_pix
from integrator.documents.febraban import LAST_DUE, check_title
from integrator.documents.fines import fine_above_limit
from integrator.documents.formats import brl, date_br, is_company_id
from integrator.domain.errors import DocumentError
from integrator.domain.message import Company, Customer, Title

_FIRST_ISSUED = date(1994, 7, 1)
"""The first day of the real: a document cannot be older. Databases write 1899 where they have no date."""


def draw_boleto(company: Company, customer: Customer, title: Title) -> bytes:
    """The boleto's PDF (A4, one page); equal input gives equal bytes.

    Whoever owes this very title is printed as its *pagador*, whoever receives the message. Raises as
    :func:`checked_boleto`, and ``DocumentError`` when a text does not fit its place even in the smallest print.
    """
    from integrator.documents.ficha import draw_page_ficha
    from integrator.documents.paper import new_canvas
    from integrator.documents.recibo import draw_recibo

    data = checked_boleto(company, customer, title)
    buffer = BytesIO()
    canvas = new_canvas(buffer, f"Boleto {data.document}, vencimento {data.due}", company.name)
    draw_recibo(canvas, company, data)
    draw_page_ficha(canvas, data)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def checked_boleto(company: Company, customer: Customer, title: Title) -> BoletoData:
    """The texts of one title's boleto, once its digits, figures and instructions are found right.

    Raises ``DigitsError`` when the digits or the PIX code disagree with the title, ``DocumentError`` when its figures
    are impossible, its payer has no name, or its instructions ask a consumer for a fine that the law forbids. Whether
    the title is registered and still payable is the caller's to know: that depends on the day.
    """
    checked = check_title(title)
    pix = check_pix(title.pix, title.amount).payload if title.pix.strip() else ""
    payer = title.payer or customer
    _check_figures(title)
    if not payer.name.strip():
        raise DocumentError("O boleto precisa do nome do pagador. Preencha o nome do cliente no ERP.")
    if not is_company_id(payer.tax_id):
        _check_fine(title)
    return boleto_data(company, payer, title, checked, pix)


def _check_figures(title: Title) -> None:
    if not 0 < title.open_amount <= title.amount:
        raise DocumentError(
            f"O saldo do título ({brl(title.open_amount)}) não combina com o valor dele ({brl(title.amount)}). "
            "Corrija o título no ERP."
        )
    if title.updated_amount is not None and title.updated_amount <= 0:
        raise DocumentError(
            f"O valor atualizado do título ({brl(title.updated_amount)}) não é possível. Corrija o título no ERP."
        )
    if title.issued is not None and not _FIRST_ISSUED <= title.issued <= LAST_DUE:
        raise DocumentError(
            f"A data de emissão do título ({date_br(title.issued)}) não é possível. Corrija a data no ERP."
        )


def _check_fine(title: Title) -> None:
    """Only companies may agree on more than 2 %: who has no CNPJ is taken for a consumer."""
    fine = fine_above_limit(title.instructions, title.amount)
    if fine:
        raise DocumentError(
            f"As instruções do boleto trazem uma multa acima de 2% do valor: “{fine}”. Para o consumidor a lei não "
            "permite (Código de Defesa do Consumidor, art. 52, § 1º). Corrija as instruções no ERP e gere o boleto "
            "de novo."
        )
