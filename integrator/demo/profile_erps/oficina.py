"""The sample ERP "oficina": a truck workshop with two branches; its program keeps payments apart from instalments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import count

import fdb

from integrator.closing.ports import TitleState
from integrator.demo.profile_erps.model import Case, Customer, Owed
from integrator.demo.profile_erps.tables import create_tables, insert
from integrator.demo.sample_erp.attachments import pdf
from integrator.demo.sample_erp.people import cnpj

_STATES = {
    TitleState.OPEN: 0,
    TitleState.PAID: 0,
    TitleState.RENEGOTIATED: 5,
    TitleState.CANCELLED: 9,
}
_COMPANY = "Mecânica Três Barras"
_BRANCHES = (
    (1, "Mecânica Três Barras Ltda", _COMPANY, "1", "Rodovia SC-283, km 12", "Nações", "Concórdia", "89700000"),
    (2, "Mecânica Três Barras Ltda - Filial", f"{_COMPANY} Seara", "2", "Rua do Comércio, 610", "Centro", "Seara",
     "89770000"),
)  # fmt: skip
_PHONES = {1: "(49) 3442-0300", 2: "(49) 3452-0300"}
_VEHICLES = (
    "Scania R450",
    "Volvo FH 540",
    "Iveco Tector",
    "Ford Cargo 2429",
    "Mercedes Atego 2430",
    "VW Constellation",
)
_READY, _WORKING, _COLLECTED = 5, 3, 6
_ORDERS = _READY + _WORKING + _COLLECTED
_BONUSES = 9
_QUOTES = 4
_PARTS = (
    ("FLT-201", "Filtro de óleo do motor", "PC", 96.4),
    ("OLE-15W40", "Óleo 15W40 mineral", "L", 27.9),
    ("LON-870", "Jogo de lonas de freio traseiras", "JG", 412.0),
    ("SRV-010", "Mão de obra da revisão", "H", 145.0),
)


def write(connection: fdb.Connection, customers: Sequence[Customer], today: date) -> None:
    """Make the tables and fill them."""
    create_tables(connection, "oficina.sql")
    insert(connection, "FILIAL", map(_branch, _BRANCHES))
    insert(connection, "PESSOA", map(_person, customers))
    insert(connection, "PESSOA_CONTATO", _contacts(customers))
    owed = [(customer, title) for customer in customers for title in customer.titles]
    insert(connection, "DUPLICATA", (_head(customer, title) for customer, title in owed))
    insert(connection, "DUPLICATA_PARCELA", (_instalment(title) for _, title in owed))
    paid = [title for _, title in owed if title.debt.paid]
    insert(connection, "PAGAMENTO", _payments(paid))
    served = [customer for customer in customers if customer.case is Case.ORDINARY]
    insert(connection, "ORDEM_SERVICO", _orders(served, today))
    insert(connection, "OS_ITEM", (line for number in range(1, _ORDERS + 1) for line in _work(number)))
    insert(connection, "ORCAMENTO", (_quote(number, served[-number], today) for number in range(1, _QUOTES + 1)))
    insert(connection, "ORCAMENTO_ITEM", (part for number in range(1, _QUOTES + 1) for part in _parts(number)))
    insert(connection, "BONUS", _bonuses(served, today))


def pay(connection: fdb.Connection, codes: Sequence[int], day: date) -> None:
    """Book the whole payment of these instalments, as the till does; nobody else is told."""
    sql = (
        "INSERT INTO PAGAMENTO (PAG_ID, DPC_ID, PAG_EM, PAG_VALOR) "
        "SELECT DPC_ID + 500000, DPC_ID, ?, DPC_VALOR FROM DUPLICATA_PARCELA WHERE DPC_ID = ?"
    )
    connection.cursor().executemany(sql, [(_midnight(day), code) for code in codes])


def _branch(row: tuple[int, str, str, str, str, str, str, str]) -> dict[str, object]:
    number, legal, trade, order, street, district, city, postal_code = row
    digits = "".join(char for char in cnpj(f"7654321{order}") if char.isdigit())
    return {
        "FIL_ID": number,
        "FIL_RAZAO": legal,
        "FIL_APELIDO": trade,
        "FIL_CNPJ": digits,
        "FIL_LOGRADOURO": street,
        "FIL_BAIRRO": district,
        "FIL_MUNICIPIO": city,
        "FIL_ESTADO": "SC",
        "FIL_CEP": postal_code,
        "FIL_TELEFONE": _PHONES[number],
        "FIL_EMAIL": "cobranca@tresbarras.example",
    }


def _person(customer: Customer) -> dict[str, object]:
    who = customer.identity
    return {
        "PES_ID": _code(customer),
        "PES_NOME": who.name,
        "PES_DOCUMENTO": who.tax_id,
        "PES_LOGRADOURO": who.street,
        "PES_BAIRRO": who.district,
        "PES_MUNICIPIO": who.city,
        "PES_ESTADO": who.state,
        "PES_CEP": who.postal_code,
        "PES_NASCEU": None if who.is_company else _midnight(customer.born),
        "PES_COBRAR": int(customer.reminds),
    }


def _contacts(customers: Sequence[Customer]) -> Iterator[dict[str, object]]:
    numbers = count(1)
    for customer in customers:
        for contact in customer.contacts:
            yield {
                "PCT_ID": next(numbers),
                "PES_ID": _code(customer),
                "PCT_NOME": contact.name,
                "PCT_CARGO": contact.role,
                "PCT_TELEFONE": contact.phone,
                "PCT_AVISO": int(contact.receives),
                "PCT_RESUMO": int(contact.digest),
            }


def _head(customer: Customer, owed: Owed) -> dict[str, object]:
    issued = owed.debt.issued
    return {
        "DUP_ID": owed.debt.code,
        "FIL_ID": owed.company,
        "PES_ID": _code(customer),
        "DUP_NOTA": owed.debt.document,
        "DUP_EMISSAO": _midnight(issued),
    }


def _instalment(owed: Owed) -> dict[str, object]:
    debt, boleto = owed.debt, owed.debt.boleto
    return {
        "DPC_ID": debt.code,
        "DUP_ID": debt.code,
        "DPC_NUMERO": debt.instalment,
        "DPC_VENCE": _midnight(debt.due),
        "DPC_VALOR": float(debt.amount),
        "DPC_ESTADO": _STATES[owed.state],
        "DPC_BANCO": boleto.bank if boleto else None,
        "DPC_NOSSO_NUMERO": boleto.our_number if boleto else None,
        "DPC_CARTEIRA": boleto.wallet if boleto else None,
        "DPC_AGENCIA": boleto.agency if boleto else None,
        "DPC_LINHA": boleto.linha if boleto else None,
        "DPC_REGISTRADO_EM": _midnight(debt.issued) if boleto else None,
        "DPC_LIMITE": _midnight(boleto.payable_until) if boleto else None,
    }


def _payments(paid: Sequence[Owed]) -> Iterator[dict[str, object]]:
    """Each in two halves, as people pay at a counter: what is open is a sum."""
    for owed in paid:
        debt = owed.debt
        assert debt.paid_on is not None
        half = (debt.paid / 2).quantize(debt.paid)
        for turn, amount in enumerate((half, debt.paid - half)):
            yield {
                "PAG_ID": debt.code * 10 + turn,
                "DPC_ID": debt.code,
                "PAG_EM": _midnight(debt.paid_on),
                "PAG_VALOR": float(amount),
            }


def _orders(served: Sequence[Customer], today: date) -> Iterator[dict[str, object]]:
    """Trucks that got ready in the afternoon, some still in work, some long collected."""
    states = "P" * _READY + "E" * _WORKING + "X" * _COLLECTED
    for number, (customer, state) in enumerate(zip(served, states, strict=False), start=1):
        day = today if state == "P" else today - timedelta(days=9)
        vehicle = _VEHICLES[number % len(_VEHICLES)]
        report = pdf("Laudo de vistoria", f"Ordem de serviço {7000 + number}", vehicle) if state == "P" else None
        yield {
            "OS_ID": 7000 + number,
            "FIL_ID": 1 + number % 2,
            "PES_ID": _code(customer),
            "OS_VEICULO": vehicle,
            "OS_PLACA": f"RLX{number}B{40 + number}",
            "OS_SITUACAO": state,
            "OS_PRONTA_EM": None if state == "E" else datetime.combine(day, time(15, 10 + number)),
            "OS_TOTAL": 380.5 * number,
            "OS_LAUDO": report,
        }


def _work(number: int) -> Iterator[dict[str, object]]:
    """What was done: labour and one part, which make the order's total."""
    total = 380.5 * number
    labour = round(total * 0.6, 2)
    lines = (("Mão de obra", 1.0, "SV", labour), ("Jogo de pastilhas de freio", 2.0, "PC", round(total - labour, 2)))
    for place, (name, quantity, unit, amount) in enumerate(lines, start=1):
        yield {
            "OSI_ID": number * 10 + place,
            "OS_ID": 7000 + number,
            "OSI_SEQ": place,
            "OSI_DESCRICAO": name,
            "OSI_QTD": quantity,
            "OSI_UNIDADE": unit,
            "OSI_PRECO": amount / quantity,
            "OSI_TOTAL": amount,
        }


def _quote(number: int, customer: Customer, today: date) -> dict[str, object]:
    """Three of this morning, one of last month."""
    day = today if number < _QUOTES else today - timedelta(days=30)
    return {
        "ORC_ID": 500 + number,
        "FIL_ID": 1,
        "PES_ID": _code(customer),
        "ORC_EMITIDO_EM": datetime.combine(day, time(9, 15 + number)),
        "ORC_VALIDADE": _midnight(day + timedelta(days=10)),
        "ORC_VENDEDOR": "Marcos",
        "ORC_TOTAL": round(sum(_cost(place) for place in range(number)), 2),
    }


def _parts(number: int) -> Iterator[dict[str, object]]:
    for place, (code, name, unit, price) in enumerate(_PARTS[:number]):
        yield {
            "ORI_ID": number * 10 + place,
            "ORC_ID": 500 + number,
            "ORI_SEQ": place + 1,
            "ORI_CODIGO": code,
            "ORI_DESCRICAO": name,
            "ORI_QTD": 1.5 + place,
            "ORI_UNIDADE": unit,
            "ORI_PRECO": price,
            "ORI_DESCONTO": 5.0,
            "ORI_TOTAL": _cost(place),
        }


def _cost(place: int) -> float:
    """What a line of a quote costs, its discount taken off."""
    return round(_PARTS[place][3] * (1.5 + place) - 5.0, 2)


def _bonuses(served: Sequence[Customer], today: date) -> Iterator[dict[str, object]]:
    """Some that end in a few days, some used, some that last."""
    for number, customer in enumerate(served[-_BONUSES:], start=1):
        yield {
            "BON_ID": 900 + number,
            "FIL_ID": 1,
            "PES_ID": _code(customer),
            "BON_VALOR": 12.5 * number,
            "BON_VALE_ATE": _midnight(today + timedelta(days=3 if number % 3 else 50)),
            "BON_USADO": int(number % 4 == 0),
        }


def _code(customer: Customer) -> str:
    return f"C{customer.code:05d}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min)
