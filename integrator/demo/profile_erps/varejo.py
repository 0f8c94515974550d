"""The sample ERP "varejo": a clothes shop that sells on credit and keeps the bank's boletos as files in a folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import fdb

from integrator.closing.ports import TitleState
from integrator.demo.profile_erps.model import Case, Customer, Owed
from integrator.demo.profile_erps.tables import create_tables, insert
from integrator.demo.sample_erp.model import Identity
from integrator.demo.sample_erp.people import cnpj
from integrator.documents.boleto import draw_boleto
from integrator.domain import message

_STATES = {
    TitleState.OPEN: "A",
    TitleState.PAID: "B",
    TitleState.RENEGOTIATED: "R",
    TitleState.CANCELLED: "C",
}
_PIECES = (
    ("VST-0412", "Vestido midi estampado", Decimal("189.90")),
    ("CAL-1180", "Calça jeans reta", Decimal("159.90")),
    ("BLS-0077", "Blusa de tricô", Decimal("99.00")),
    ("JAQ-0310", "Jaqueta puffer com capuz", Decimal("289.00")),
)
_TRIALS, _BALANCES = 4, 6
_RETURN_READ_AT = time(18, 40)
SHOP = message.Company(
    code="1",
    legal_name="Modas Erva-Mate Comércio de Confecções Ltda",
    trade_name="Modas Erva-Mate",
    tax_id=cnpj("87654321"),
    address=message.Address("Avenida da Imigração, 88", "Centro", "Concórdia", "SC", "89700-000"),
    phone="(49) 3442-0200",
    mobile="(49) 98800-0200",
    email="crediario@modaservamate.example",
)


def write(connection: fdb.Connection, customers: Sequence[Customer], today: date, boletos: Path) -> None:
    """Make the tables and fill them; the boletos of open instalments are drawn into the folder ``boletos``."""
    create_tables(connection, "varejo.sql")
    boletos.mkdir(parents=True, exist_ok=True)
    insert(connection, "PARAMETROS", [_shop(boletos)])
    insert(connection, "CAD_CLIENTE", map(_customer, customers))
    insert(connection, "CREDIARIO", _instalments(customers, boletos))
    served = [customer for customer in customers if customer.case is Case.ORDINARY]
    insert(connection, "CONDICIONAL", (_trial(number, served[number], today) for number in range(_TRIALS)))
    insert(connection, "CONDICIONAL_ITEM", (piece for number in range(_TRIALS) for piece in _pieces(number)))
    insert(connection, "FIDELIDADE", _balances(served[-_BALANCES:], today))
    read_at = datetime.combine(today, _RETURN_READ_AT)
    insert(connection, "RETORNO_BANCO", [{"ID": 1, "ARQUIVO": f"CB{today:%d%m}01.RET", "LIDO_EM": read_at}])


def pay(connection: fdb.Connection, codes: Sequence[int], day: date) -> None:
    """Book the whole payment of these instalments, as the till does; nobody else is told."""
    sql = "UPDATE CREDIARIO SET SALDO = 0, SITUACAO = 'B', DT_BAIXA = ?, VLR_BAIXA = VLR_PARCELA WHERE NUMERO = ?"
    connection.cursor().executemany(sql, [(day, code) for code in codes])


def _shop(boletos: Path) -> dict[str, object]:
    return {
        "LOJA": 1,
        "RAZAO": SHOP.legal_name,
        "FANTASIA": SHOP.trade_name,
        "CNPJ": SHOP.tax_id,
        "ENDERECO": SHOP.address.street,
        "BAIRRO": SHOP.address.district,
        "CIDADE": SHOP.address.city,
        "UF": SHOP.address.state,
        "CEP": SHOP.address.postal_code,
        "FONE": SHOP.phone,
        "CELULAR": SHOP.mobile,
        "EMAIL": SHOP.email,
        "PASTA_BOLETOS": str(boletos),
    }


def _customer(customer: Customer) -> dict[str, object]:
    """The old program has room for one contact only; a second telephone goes where there is room for it."""
    who, contact = customer.identity, customer.contacts[0]
    return {
        "CODCLI": customer.code,
        "NOME": who.name[:60],
        "CPF_CNPJ": who.tax_id,
        "ENDERECO": who.street,
        "BAIRRO": who.district,
        "CIDADE": who.city,
        "UF": who.state,
        "CEP": who.postal_code,
        "NASCIMENTO": customer.born,
        "FONE_RES": "" if customer.case is Case.NO_PHONE else f"({_area(who)}) 3442-{customer.code:04d}",
        "FONE_COM": None,
        "CELULAR": contact.phone,
        "RECADO_COM": contact.name,
        "ACEITA_ZAP": "S" if contact.receives else "N",
        "NAO_COBRAR": "N" if customer.reminds else "S",
    }


def _trial(number: int, customer: Customer, today: date) -> dict[str, object]:
    """Clothes that a customer took home to try on this afternoon; the last one long ago."""
    day = today if number < _TRIALS - 1 else today - timedelta(days=20)
    return {
        "NUMERO": 3001 + number,
        "CODCLI": customer.code,
        "SAIDA": datetime.combine(day, time(16, 5 + number)),
        "DEVOLVER_ATE": day + timedelta(days=3),
        "VENDEDOR": "Simone",
        "TOTAL": sum((price * count for _, _, price, count in _taken(number)), Decimal("0.00")),
    }


def _pieces(number: int) -> Iterator[dict[str, object]]:
    for place, (reference, name, price, count) in enumerate(_taken(number), start=1):
        yield {
            "ID": number * 10 + place,
            "NUMERO": 3001 + number,
            "SEQ": place,
            "REFERENCIA": reference,
            "PECA": name,
            "QUANTIDADE": count,
            "PRECO": price,
        }


def _taken(number: int) -> list[tuple[str, str, Decimal, int]]:
    return [(*piece, 1 + place % 2) for place, piece in enumerate(_PIECES[: number + 1])]


def _balances(served: Sequence[Customer], today: date) -> Iterator[dict[str, object]]:
    """Two that end in a few days, two given today, one without an end, one of long ago."""
    ends = (4, 6, 60, 60, None, 200)
    for place, (customer, days) in enumerate(zip(served, ends, strict=True), start=1):
        given = today if days in (60, None) else today - timedelta(days=30)
        yield {
            "CODCLI": customer.code,
            "SALDO": Decimal("12.50") * place,
            "CREDITADO_EM": datetime.combine(given, time(11, 30)),
            "VALE_ATE": None if days is None else today + timedelta(days=days),
        }


def _area(who: Identity) -> str:
    return {"RS": "54", "SP": "11"}.get(who.state, "49")


def _instalments(customers: Sequence[Customer], boletos: Path) -> Iterator[dict[str, object]]:
    for customer in customers:
        for owed in customer.titles:
            yield _instalment(customer, owed, _boleto_file(customer, owed, boletos))


def _instalment(customer: Customer, owed: Owed, file: str | None) -> dict[str, object]:
    debt = owed.debt
    number, _, total = debt.instalment.partition("/")
    return {
        "NUMERO": debt.code,
        "CODCLI": customer.code,
        "CONTRATO": debt.document.replace("NF", "CR"),
        "PARCELA": int(number),
        "PARCELAS": int(total),
        "EMISSAO": debt.issued,
        "VENCTO": debt.due,
        "VLR_PARCELA": debt.amount,
        "SALDO": debt.amount - debt.paid,
        "SITUACAO": _STATES[owed.state],
        "DT_BAIXA": debt.paid_on,
        "VLR_BAIXA": debt.paid or None,
        "ARQ_BOLETO": file,
    }


def _boleto_file(customer: Customer, owed: Owed, boletos: Path) -> str | None:
    """The name of the boleto's file, drawn as the bank would have sent it; somebody deleted one of them."""
    debt = owed.debt
    if debt.boleto is None or owed.state is not TitleState.OPEN:
        return None
    name = f"BOL{debt.code}.PDF"
    if customer.case is not Case.MISSING_FILE:
        (boletos / name).write_bytes(draw_boleto(SHOP, _payer(customer.identity), _title(owed)))
    return name


def _payer(who: Identity) -> message.Customer:
    address = message.Address(who.street, who.district, who.city, who.state, who.postal_code)
    return message.Customer("", who.name, who.tax_id, address)


def _title(owed: Owed) -> message.Title:
    debt, boleto = owed.debt, owed.debt.boleto
    assert boleto is not None
    return message.Title(
        ref=str(debt.code),
        document=debt.document,
        instalment=debt.instalment,
        issued=debt.issued,
        due=debt.due,
        amount=debt.amount,
        open_amount=debt.amount,
        linha_digitavel=boleto.linha,
        registered=True,
        payable_until=boleto.payable_until,
        our_number=boleto.our_number,
        wallet=boleto.wallet,
        agency_account=boleto.agency,
        bank_name=boleto.bank,
        payment_place=boleto.place,
    )
