"""Titles, companies and customers for the tests of documents, with digits built from the standard's own arithmetic."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from integrator.documents.check_digits import mod11_cobranca
from integrator.documents.febraban import due_factor
from integrator.domain.message import Address, Company, Customer, Title

PIX = (
    "00020101021226700014br.gov.bcb.pix2548pix.example.com/8b3da2f39a4140d1a91abd93113bd4415204000053039865802BR"
    "5913Fulano de Tal6008BRASILIA62070503***630464E4"
)

COMPANY = Company(
    code="1",
    legal_name="Comércio de Ferragens São João Ltda",
    trade_name="Ferragens São João",
    tax_id="12345678000195",
    address=Address("Rua Marechal Deodoro, 1280", "Centro", "Concórdia", "SC", "89700-000"),
    phone="4934420000",
    mobile="49988590187",
    email="contato@ferragens.example",
)
CUSTOMER = Customer(
    code="77",
    name="José Antônio Gonçalves & Filhos",
    tax_id="12345678909",
    address=Address("Av. Getúlio Vargas, 55", "Nações", "Chapecó", "SC", "89801-000"),
)


def barcode_for(due: date, amount: Decimal, bank: str = "748", free: str = "1119200003001560585305101") -> str:
    """A barcode whose DV is right for this due date and amount."""
    rest = f"{due_factor(due):04d}{int(amount * 100):010d}{free}"
    return f"{bank}9{mod11_cobranca(f'{bank}9{rest}')}{rest}"


def boleto_title(due: date = date(2026, 11, 20), amount: Decimal = Decimal("1234.56"), pix: str = PIX) -> Title:
    """An open title with a consistent boleto."""
    return Title(
        ref="1",
        document="NF1234",
        instalment="1",
        issued=date(2026, 10, 20),
        due=due,
        amount=amount,
        open_amount=amount,
        barcode=barcode_for(due, amount),
        pix=pix,
        registered=True,
        our_number="26/200003-0",
        wallet="1",
        agency_account="0156.05.85305",
        bank_name="Sicredi",
        instructions="Após o vencimento cobrar multa de 2% e juros de 1% ao mês.",
    )


def changed(title: Title, barcode: str) -> Title:
    """The same title with other digits."""
    return replace(title, barcode=barcode, linha_digitavel="")
