"""What a boleto prints, as text ready for its cells: made from a title whose digits were checked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from integrator.documents.febraban import CheckedBoleto
from integrator.documents.formats import brl, date_br, number_br, tax_id_br
from integrator.domain.message import Company, Customer, Title

#: Between a debtor's name and the document in a message about several of them.
DEBTOR_MARK = " · "


@dataclass(frozen=True, slots=True)
class BoletoData:
    """Texts of the ficha and of the recibo; empty where the ERP gave nothing."""

    barcode: str
    linha: str
    bank_name: str
    bank_code: str
    payment_place: str
    due: str
    amount: str
    beneficiary: tuple[str, ...]
    guarantor: str
    agency_account: str
    issued: str
    document: str
    species: str
    accepted: str
    our_number: str
    wallet: str
    instructions: tuple[str, ...]
    payer: tuple[str, ...]
    notes: tuple[str, ...]
    pix: str


def boleto_data(company: Company, customer: Customer, title: Title, checked: CheckedBoleto, pix: str) -> BoletoData:
    """The texts of one title's boleto. Amount and due date are those registered, whatever is owed today."""
    return BoletoData(
        barcode=checked.barcode,
        linha=checked.linha,
        bank_name=_bank_name(title, checked.bank),
        bank_code=f"{checked.bank}-{checked.bank_dv}",
        payment_place=title.payment_place.strip() or _payment_place(title),
        due=date_br(checked.due),
        amount=number_br(checked.amount),
        beneficiary=_beneficiary(company, title),
        guarantor=_guarantor(company, title),
        agency_account=title.agency_account.strip(),
        issued=date_br(title.issued),
        document=document_name(title),
        species=title.species.strip(),
        accepted=title.accepted.strip(),
        our_number=title.our_number.strip(),
        wallet=title.wallet.strip(),
        instructions=tuple(filter(None, map(str.strip, title.instructions.splitlines()))),
        payer=(_named(customer.name, customer.tax_id), customer.address.one_line),
        notes=_notes(title),
        pix=pix,
    )


def document_name(title: Title) -> str:
    """``NF1234/1`` or ``NF1234 (1/12)``: the document and its instalment, else the ERP's reference.

    A digest writes its debtor's name before the document (``Ana Souza · NF1234``): the bank knows it without.
    """
    document, instalment = title.document.strip(), title.instalment.strip()
    if title.payer is not None:
        document = document.rpartition(DEBTOR_MARK)[2]
    return with_instalment(document, instalment) or title.ref


def with_instalment(document: str, instalment: str) -> str:
    """A document's number with its instalment, so that nobody takes the two for one number."""
    if document and "/" in instalment:
        return f"{document} ({instalment})"
    return "/".join(filter(None, (document, instalment)))


def _bank_name(title: Title, bank: str) -> str:
    """The bank's name without a code before it: the strip prints the code by itself."""
    return re.sub(r"^\s*\d{3}(-[0-9Xx])?\s*[-–:]?\s*", "", title.bank_name).strip() or f"Banco {bank}"


def _payment_place(title: Title) -> str:
    limit = f" até {date_br(title.payable_until)}" if title.payable_until else ""
    return f"Pagável em qualquer banco{limit}"


def _named(name: str, tax_id: str) -> str:
    return " - ".join(filter(None, (name.strip(), tax_id_br(tax_id))))


def _only_alphanumeric(text: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", text)


def _is_own(company: Company, title: Title) -> bool:
    """Whether the shop itself is the beneficiary (a bank, factoring or franchise may be, instead)."""
    if title.beneficiary_tax_id.strip():
        return _only_alphanumeric(title.beneficiary_tax_id) == _only_alphanumeric(company.tax_id)
    name = title.beneficiary_name.strip().casefold()
    return name in ("", company.legal_name.strip().casefold(), company.trade_name.strip().casefold())


def _beneficiary(company: Company, title: Title) -> tuple[str, ...]:
    if _is_own(company, title):
        name = title.beneficiary_name.strip() or company.legal_name
        return _named(name, company.tax_id), company.address.one_line
    return (_named(title.beneficiary_name, title.beneficiary_tax_id),)


def _guarantor(company: Company, title: Title) -> str:
    """The supplier, where another collects for it: its name, tax id and address stay on the bill (CDC art. 42-A)."""
    if _is_own(company, title):
        return ""
    return " - ".join(filter(None, (_named(company.legal_name, company.tax_id), company.address.one_line)))


def _notes(title: Title) -> tuple[str, ...]:
    """What the recibo tells besides the registered figures; never inside the ficha."""
    notes = []
    if title.open_amount != title.amount:
        notes.append(f"Parte deste título já foi paga. Saldo em aberto: {brl(title.open_amount)}.")
    if title.updated_amount is not None and title.updated_amount != title.open_amount:
        notes.append(
            f"Valor atualizado estimado: {brl(title.updated_amount)}. É uma estimativa da loja; o valor exato é "
            "calculado pelo banco no momento do pagamento."
        )
    return tuple(notes)
