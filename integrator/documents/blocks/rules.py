"""What the law asks of a document that collects, whatever its model says.

- Name, address and CPF or CNPJ of the supplier are on it (Código de Defesa do Consumidor, art. 42-A, Lei 12.039/2009):
  the shop in the letterhead, which no model can leave out, and a creditor other than the shop below it.
- A fine for late payment is 2 % at most (art. 52, § 1º).
- An updated amount is an estimate and is called so: the registered boleto is what counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from integrator.documents.blocks.content import Block, Layout, Listing, PixCodes
from integrator.documents.blocks.content import texts_of as texts_of_block
from integrator.documents.blocks.schema import OPEN_LISTS, TITLE_LISTS
from integrator.documents.blocks.texts import Text
from integrator.domain.errors import DocumentError
from integrator.domain.message import Company
from integrator.messages.filters import read_amount
from integrator.messages.schema import Values

ALWAYS_COLLECTING: Final = frozenset({"demonstrativo", "termo_acordo"})
ESTIMATE: Final = "* Valor atualizado: estimativa na data de emissão; o valor exato é calculado no pagamento."
_OPEN_SUMS: Final = frozenset({"total_vencido", "total_a_vencer", "total_atualizado"})
_UPDATED: Final = frozenset({"valor_atualizado", "total_atualizado"})
_MAX_FINE: Final = Decimal(2)
_FINE: Final = "multa"


def collects_by_content(layout: Layout, blocks: Iterable[Block]) -> bool:
    """Whether it shows open debts."""
    for block in blocks:
        if isinstance(block, Listing | PixCodes) and block.items in OPEN_LISTS:
            return True
    return bool(_names(layout, blocks) & {*OPEN_LISTS, *_OPEN_SUMS})


def prints_estimate(layout: Layout, values: Values) -> bool:
    """Whether an updated amount is printed with these values."""
    if not _names(layout, layout.blocks) & _UPDATED:
        return False
    return values.get("total_atualizado") is not None or any(
        item.get("valor_atualizado") is not None
        for name in TITLE_LISTS
        if isinstance(items := values.get(name), tuple)
        for item in items
    )


def _names(layout: Layout, blocks: Iterable[Block]) -> set[str]:
    texts: list[Text] = [layout.foot] if layout.foot else []
    texts += [text for block in blocks for text in texts_of_block(block)]
    summed = {name for block in blocks if isinstance(block, Listing) for cell in block.columns for name in cell.sums}
    return summed.union(*(text.names for text in texts))


def creditor_line(company: Company, values: Values) -> str:
    """``Nome - CNPJ … - endereço`` of the creditor, or empty where it is the shop itself.

    Raises :class:`DocumentError` for another creditor whose CPF/CNPJ or address nobody told.
    """
    name, tax_id, address = (str(values.get(each) or "").strip() for each in _CREDITOR)
    shop = {_bare(company.legal_name), _bare(company.trade_name)}
    same = _digits(tax_id) == _digits(company.tax_id) if _digits(tax_id) else _bare(name) in shop
    if not name or same:
        return ""
    if not (tax_id and address):
        lacking = " e ".join(told for told, value in (("o CPF/CNPJ", tax_id), ("o endereço", address)) if not value)
        raise DocumentError(
            f"Falta {lacking} do credor {name[:60]}, que a lei exige no documento de cobrança. Preencha em "
            "[[documentos.credores]] da configuração e libere a mensagem."
        )
    return " - ".join((name, tax_id, address))


_CREDITOR: Final = ("credor", "credor_documento", "credor_endereco")


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def _digits(tax_id: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", re.sub(r"^\s*(CPF|CNPJ)\s", "", tax_id.upper()))


def check_fine(values: Values) -> None:
    """Raises :class:`DocumentError` for a variable ``multa`` over 2 % or one that cannot be read."""
    fine = values.get(_FINE)
    if fine is None or (isinstance(fine, str) and not fine.strip()):
        return
    try:
        percent = fine if isinstance(fine, Decimal | int) else read_amount(str(fine).replace("%", ""))
    except ValueError as error:
        raise DocumentError(
            f"A variável multa não é um percentual: “{str(fine)[:40]}”. Escreva por exemplo 2,00 no ERP."
        ) from error
    if percent > _MAX_FINE:
        raise DocumentError(
            "A multa por atraso passa de 2% (Código de Defesa do Consumidor, art. 52, § 1º). Corrija no ERP e libere a "
            "mensagem."
        )
