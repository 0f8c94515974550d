"""An invented shop: titles whose boleto digits and BR Codes are right, and messages, made here or enqueued by SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import fdb

from integrator.documents.brcode import crc16
from integrator.documents.check_digits import mod11_cobranca
from integrator.documents.febraban import due_factor
from integrator.domain.message import Address, Company, Customer, LineItem, Message, Title
from integrator.messages.catalogue import Situation, Subject

COMPANY = Company(
    code="1",
    legal_name="Comércio de Tintas Alvorada Ltda",
    trade_name="Tintas Alvorada",
    tax_id="12345678000195",
    address=Address("Rua das Palmeiras, 310", "Centro", "Concórdia", "SC", "89700-000"),
    phone="4934420000",
)
CUSTOMER = Customer(
    code="501",
    name="Oficina Mecânica Três Irmãos",
    tax_id="12345678909",
    address=Address("Rua do Comércio, 88", "Industrial", "Chapecó", "SC", "89801-000"),
)

_TEXT = "Olá, {cliente}. Sua ordem de serviço está pronta."
_INSERT_COMPANY = (
    "INSERT INTO WA_EMPRESA (CODIGO, RAZAO_SOCIAL, NOME_FANTASIA, CNPJ, ENDERECO, BAIRRO, CIDADE, UF, CEP, FONE) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_ENQUEUE = (
    "SELECT ID, RESULTADO FROM WA_ENFILEIRAR(?, ?, ?, ?, ?, ?, 'S', ?, ?, ?, NULL, ?, ?, ?, ?, ?, CAST(? AS BLOB "
    "SUB_TYPE TEXT))"
)
_ADD_TITLE = (
    "SELECT RESULTADO FROM WA_INCLUIR_TITULO(?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, ?, ?, 'S', NULL, ?, '1', "
    "'0156.05.85305', 'Sicredi')"
)
_ADD_FILE = "SELECT RESULTADO FROM WA_INCLUIR_ANEXO(?, 'ordem.pdf', ?)"
_RELEASE = "SELECT RESULTADO FROM WA_LIBERAR(?)"


def titles(number: int, count: int) -> tuple[Title, ...]:
    """`count` open titles of one customer, overdue by some days; another `number`, other titles."""
    return tuple(_title(number * count + index) for index in range(count))


def lines(number: int, count: int) -> tuple[LineItem, ...]:
    """`count` lines of an order; another `number`, other goods."""
    return tuple(_line(number * count + index) for index in range(count))


def message(situation: Situation, number: int, *, count: int = 3) -> Message:
    """A row of that situation as an ERP would write it, with `count` lines and, where it is about titles, as many."""
    debts = titles(number, count)
    if situation.subject is Subject.SETTLED_TITLES:
        debts = tuple(replace(title, open=False) for title in debts)
    elif situation.subject is not Subject.OPEN_TITLES and "boleto" not in situation.documents:
        debts = ()
    return Message(
        id=number,
        guid=f"{number:036d}",
        key=f"{situation.kind}|{number}",
        purpose=situation.purpose,
        module=situation.module,
        kind=situation.kind,
        company=COMPANY,
        customer=replace(CUSTOMER, name=f"{CUSTOMER.name} {number}"),
        phones=phone(number),
        accepts=True,
        template=None,
        seed=number,
        created_at=datetime.now(),
        titles=debts,
        variables={each.name: each.sample for each in situation.variables},
        items=lines(number, count),
    )


def insert_company(connection: fdb.Connection) -> None:
    """The shop, as its ERP would register it."""
    place = COMPANY.address
    row = (COMPANY.code, COMPANY.legal_name, COMPANY.trade_name, COMPANY.tax_id, place.street, place.district)
    connection.cursor().execute(_INSERT_COMPANY, (*row, place.city, place.state, place.postal_code, COMPANY.phone))
    connection.commit()


def enqueue_texts(connection: fdb.Connection, count: int) -> None:
    """Messages without documents: finished service orders."""
    for number in range(count):
        key = f"OS|{number}"
        _enqueue(connection, key, number, ("ORDEM DE SERVIÇO", "Pronta", "servico", _TEXT))
        _answer(connection, _RELEASE, (key,))
    connection.commit()


def enqueue_files(connection: fdb.Connection, count: int, pdf: bytes) -> None:
    """The same messages, each with that PDF, which the ERP made."""
    for number in range(count):
        key = f"OS|{number}"
        row = _enqueue(connection, key, number, ("ORDEM DE SERVIÇO", "Pronta", "servico", _TEXT))
        _answer(connection, _ADD_FILE, (row, pdf))
        _answer(connection, _RELEASE, (key,))
    connection.commit()


def enqueue_debts(connection: fdb.Connection, count: int) -> None:
    """Messages with one boleto each: three titles, of which the first has its digits and its PIX."""
    for number in range(count):
        key = f"FECHAMENTO|{number}"
        row = _enqueue(connection, key, number, ("RECEBER", "Aviso de débito", "cobranca", None))
        for index, title in enumerate(titles(number, 3)):
            _add_title(connection, row, title, with_boleto=index == 0)
        _answer(connection, _RELEASE, (key,))
    connection.commit()


def phone(number: int) -> str:
    """A cell phone of the region, as a person types it; never in ``0000``, which the simulator says has no WhatsApp."""
    return f"(49) 98{number // 9000 % 1000:03d}-{1000 + number % 9000:04d}"


def _enqueue(connection: fdb.Connection, key: str, number: int, kind: tuple[str, str, str, str | None]) -> int:
    module, name, purpose, text = kind
    home = CUSTOMER.address
    customer = (str(number), f"{CUSTOMER.name} {number}", phone(number), purpose, COMPANY.code, CUSTOMER.tax_id)
    address = (home.street, home.district, home.city, home.state, home.postal_code)
    row, result = _answer(connection, _ENQUEUE, (key, module, name, *customer, *address, text))
    if result != "NOVA":
        raise RuntimeError(f"the queue answered {result} to {key}")
    return int(row)


def _add_title(connection: fdb.Connection, row: int, title: Title, *, with_boleto: bool) -> None:
    digits = (title.barcode, title.pix) if with_boleto else (None, None)
    amounts = (float(title.amount), float(title.open_amount))
    values = (row, title.ref, title.document, title.instalment, title.issued, title.due, *amounts, *digits)
    _answer(connection, _ADD_TITLE, (*values, title.our_number))


def _answer(connection: fdb.Connection, sql: str, parameters: Sequence[object]) -> tuple[Any, ...]:
    cursor = connection.cursor()
    cursor.execute(sql, parameters)
    (row,) = cursor.fetchall()
    cursor.close()
    return tuple(cell.strip() if isinstance(cell, str) else cell for cell in row)


def _title(number: int) -> Title:
    due = date.today() - timedelta(days=3 + number % 40)
    amount = Decimal(10000 + number * 37 % 900000) / 100
    return Title(
        ref=str(number),
        document=f"NF{1000 + number}",
        instalment="1",
        issued=due - timedelta(days=30),
        due=due,
        amount=amount,
        open_amount=amount,
        barcode=_barcode(due, amount, number),
        pix=_br_code(amount, number),
        registered=True,
        our_number=f"26/{number:06d}-0",
        wallet="1",
        agency_account="0156.05.85305",
        bank_name="Sicredi",
    )


def _line(number: int) -> LineItem:
    price = Decimal(500 + number * 91 % 90000) / 100
    quantity = Decimal(1 + number % 9)
    return LineItem(
        f"Tinta acrílica fosca {number} branco gelo 18 L",
        f"{number:06d}",
        quantity,
        "UN",
        price,
        Decimal(0),
        price * quantity,
    )


def _barcode(due: date, amount: Decimal, number: int) -> str:
    rest = f"{due_factor(due):04d}{int(amount * 100):010d}11192{number:011d}560585305"
    return f"7489{mod11_cobranca(f'7489{rest}')}{rest}"


def _br_code(amount: Decimal, number: int) -> str:
    """A dynamic PIX charge, as long as banks make them."""
    url = f"pix.example.com/qr/v2/cobv/8b3da2f39a4140d1a91a{number:012d}"
    account = f"0014br.gov.bcb.pix25{len(url):02d}{url}"
    value = f"{amount:.2f}"
    fields = (
        f"00020101021226{len(account):02d}{account}52040000530398654{len(value):02d}{value}"
        "5802BR5915TINTAS ALVORADA6009CONCORDIA62070503***6304"
    )
    return fields + crc16(fields.encode("ascii"))
