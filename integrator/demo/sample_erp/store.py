"""Writes the sample to its database, as the ERP's own program would: bytes of Windows-1252 through charset NONE."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from importlib import resources

import fdb

from integrator.demo.sample_erp import shop
from integrator.demo.sample_erp.attachments import logo
from integrator.demo.sample_erp.day import DayMessage, repeated
from integrator.demo.sample_erp.model import Boleto, Customer, Debt
from integrator.erp.connection import Target, load_client
from integrator.erp.error_codes import translate
from integrator.erp.schema.migrations import split

_COMPANY_CODE = 1
_CONTRACT_COMPANY = """
    INSERT INTO WA_EMPRESA (CODIGO, RAZAO_SOCIAL, NOME_FANTASIA, CNPJ, ENDERECO, BAIRRO, CIDADE, UF, CEP, FONE, CELULAR,
        EMAIL, LOGO)
    SELECT CODIGO, TRIM(RAZAO), TRIM(FANTASIA), TRIM(CNPJ), TRIM(ENDERECO), TRIM(BAIRRO), TRIM(CIDADE), UF, CEP,
        TRIM(FONE), TRIM(CELULAR), TRIM(EMAIL), LOGOTIPO
    FROM EMPRESA"""
_ENQUEUE = """
    SELECT ID FROM WA_ENFILEIRAR(?, ?, ?, ?, ?, ?, 'S', ?, '1', ?, ?, NULL, NULL, NULL, NULL, NULL, ?,
        NULL, NULL, NULL, ?, 'JOSIANE', 'BALCAO-02')"""
_REPEATED = """
    INSERT INTO WA_FILA (CHAVE, MODULO, TIPO, CLIENTE_CODIGO, CLIENTE_NOME, TELEFONE, TEXTO, FINALIDADE, ACEITA_RECEBER)
    VALUES (?, ?, ?, ?, ?, ?, ?, 'servico', 'S')"""
_PAID_TITLE = "SELECT RESULTADO FROM WA_INCLUIR_TITULO(?, ?, ?, ?, NULL, ?, ?, 0)"
_OTHER_TEXT = "Segunda via do aviso, com outro texto: retire seu equipamento até sexta-feira."


@contextmanager
def attachment(target: Target, charset: str) -> Iterator[fdb.Connection]:
    """An attachment of the ERP's own; commits at the end. Raises the errors of :mod:`integrator.erp.connection`."""
    load_client(target.client)
    connection = None
    try:
        connection = _connect(target, charset, 3)
        if connection.db_info(fdb.isc_info_db_sql_dialect) == 1:
            connection.close()
            connection = _connect(target, charset, 1)
        yield connection
        connection.commit()
    except fdb.DatabaseError as error:
        raise translate(error) from error
    finally:
        if connection is not None:
            connection.close()


def _connect(target: Target, charset: str, dialect: int) -> fdb.Connection:
    return fdb.connect(dsn=target.dsn, user=target.user, password=target.password, charset=charset, sql_dialect=dialect)


def run_script(connection: fdb.Connection, name: str) -> None:
    """Run one of this package's ``.sql`` files, each statement committed by itself."""
    script = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    for statement in split(script):
        connection.execute_immediate(statement)
        connection.commit()


def write_shop(connection: fdb.Connection) -> None:
    """The company, the users, and the company's copy for the integrator."""
    company = (
        _COMPANY_CODE, shop.LEGAL_NAME, shop.TRADE_NAME, shop.CNPJ, shop.STREET, shop.DISTRICT, shop.CITY, shop.STATE,
        shop.POSTAL_CODE, shop.PHONE, shop.MOBILE, shop.EMAIL, logo(),
    )  # fmt: skip
    _insert(connection, "EMPRESA", [company])
    _insert(connection, "USUARIOS", [(*user, "S") for user in shop.USERS])
    connection.cursor().execute(_CONTRACT_COMPANY)


def write_customers(connection: fdb.Connection, customers: Sequence[Customer]) -> None:
    """Everybody with contacts, debts, boletos and files."""
    _insert(connection, "PESSOAS", map(_person, customers))
    contacts = ((customer.code, contact) for customer in customers for contact in customer.contacts)
    _insert(
        connection, "CONTATOS", ((c.code, owner, c.name, c.role, c.phone, _flag(c.receives)) for owner, c in contacts)
    )
    _insert(connection, "CONTAS_RECEBER", (_debt(c.code, debt) for c in customers for debt in c.debts))
    boletos = ((debt.code, debt.boleto) for customer in customers for debt in customer.debts)
    _insert(connection, "BOLETOS", (_boleto(code, boleto) for code, boleto in boletos if boleto is not None))
    files = [(customer.code, file) for customer in customers for file in customer.files]
    _insert(
        connection,
        "DOCUMENTOS",
        ((code, owner, f.name, f.content, f.path or None) for code, (owner, f) in enumerate(files, start=1)),
    )


def write_day(connection: fdb.Connection, messages: Sequence[DayMessage]) -> None:
    """Enqueue the messages of the ERP's screens; one screen does it by plain INSERT, with a key already used."""
    cursor = connection.cursor()
    for message in messages:
        identity, contact = message.customer.identity, message.customer.contacts[0]
        head = (message.key, message.module, message.kind, str(message.customer.code), identity.name, contact.phone)
        rest = (message.purpose, identity.tax_id, contact.name, message.text or None, _flag(message.confirm))
        cursor.execute(_ENQUEUE, _cells((*head, *rest)))
        row_id = cursor.fetchall()[0][0]
        for call, cells in _contents(message):
            cursor.execute(call, _cells((row_id, *cells)))
            cursor.fetchall()
        cursor.execute("SELECT RESULTADO FROM WA_LIBERAR(?)", _cells((message.key,)))
        cursor.fetchall()
        if message is repeated(messages):
            cursor.execute(_REPEATED, _cells((*head, _OTHER_TEXT)))


def _contents(message: DayMessage) -> Iterator[tuple[str, tuple[object, ...]]]:
    """The calls that put variables, lines, titles and files into a message, each with what follows the row's ID."""
    for name, value in message.variables:
        yield "SELECT RESULTADO FROM WA_INCLUIR_VARIAVEL(?, ?, ?)", (name, value)
    if message.json:
        yield "SELECT RESULTADO FROM WA_INCLUIR_JSON(?, ?)", (message.json,)
    for line in message.lines:
        numbers = (float(line.quantity), line.unit, float(line.price), float(line.total))
        yield "SELECT RESULTADO FROM WA_INCLUIR_ITEM(?, ?, ?, ?, ?, ?, ?)", (line.description, *numbers, line.code)
    for title in message.paid:
        amount = float(title.amount)
        yield _PAID_TITLE, (message.key, title.document, title.instalment, title.due, amount)
    for file in message.files:
        yield "SELECT RESULTADO FROM WA_INCLUIR_ANEXO(?, ?, ?, NULL, 'nota')", (file.name, file.content)


def close_day(connection: fdb.Connection, day: date) -> int:
    """Run the ERP's closing in one transaction; how many messages were new."""
    cursor = connection.cursor()
    cursor.execute("SELECT MENSAGENS FROM FECHAMENTO_DIARIO(?)", (day,))
    return int(cursor.fetchall()[0][0])


def receive_payment(connection: fdb.Connection, codes: Iterable[int], day: date) -> int:
    """The ERP books the whole payment of these titles and tells nobody; how many there were."""
    cursor = connection.cursor()
    booked = 0
    for code in codes:
        cursor.execute(
            "UPDATE CONTAS_RECEBER SET VALOR_PAGO = VALOR, DATA_PAGTO = ?, SITUACAO = 'P' WHERE CODIGO = ?", (day, code)
        )
        booked += int(cursor.rowcount)
    return booked


def _insert(connection: fdb.Connection, table: str, rows: Iterable[tuple[object, ...]]) -> None:
    cells = [_cells(row) for row in rows]
    marks = ", ".join("?" * len(cells[0]))
    connection.cursor().executemany(f"INSERT INTO {table} VALUES ({marks})", cells)


def _cells(row: Iterable[object]) -> tuple[object, ...]:
    return tuple(cell.encode("cp1252", "surrogateescape") if isinstance(cell, str) else cell for cell in row)


def _flag(value: bool) -> str:
    return "S" if value else "N"


def _person(customer: Customer) -> tuple[object, ...]:
    who = customer.identity
    kind = "J" if who.is_company else "F"
    return customer.code, who.name, kind, who.tax_id, who.street, who.district, who.city, who.state, who.postal_code


def _debt(owner: int, debt: Debt) -> tuple[object, ...]:
    state = "A" if debt.open else "P"
    dates = (debt.issued, debt.due)
    return debt.code, owner, debt.document, debt.instalment, *dates, debt.amount, debt.paid, debt.paid_on, state


def _boleto(debt: int, boleto: Boleto) -> tuple[object, ...]:
    return (
        debt, boleto.bank, boleto.our_number, boleto.wallet, boleto.agency, boleto.linha, boleto.barcode or None,
        boleto.pix or None, _flag(boleto.registered), boleto.payable_until, boleto.place, boleto.instructions,
    )  # fmt: skip
