"""Rows of the sources that make one message each, as the closing's notices: documents, birthdays and cashback.

What the message is called, why it is sent and which variables it needs is the catalogue's to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from integrator.closing.ports import Notice
from integrator.domain.errors import MissingValue
from integrator.domain.message import Company, LineItem, Message, Purpose
from integrator.erp.profiles.cells import Cells
from integrator.erp.profiles.loader import Query
from integrator.erp.profiles.records import customer, digest, files, problem_of_receiver, ref_of
from integrator.messages.catalogue import Situation, Subject, find_situation, module_named
from integrator.messages.schema import plain
from integrator.messages.variables import typed_variables

BIRTHDAYS = "ANIVERSARIANTES"
BIRTHDAY = "ANIVERSÁRIO"
CASHBACK = "CASHBACK"
CASHBACK_BALANCE = "SALDO DE CASHBACK"
CASHBACK_ENDING = "CASHBACK A VENCER"
_SHOWN = 60


def document(cells: Cells, query: Query, today: date) -> Notice:
    """A row of ``documentos``: key ``doc|MODULO|TIPO|EMPRESA|REF``, with the module as the catalogue writes it."""
    written, company = cells.text("TIPO"), cells.text("EMPRESA")
    situation = find_situation(query.module, written)
    key = f"doc|{query.module}|{written}|{company}|{ref_of(cells)}"
    name = cells.text("ARQUIVO_NOME") or f"{plain(query.module).replace(' ', '-')}-{cells.text('REF')}"
    attached = files(cells, "ARQUIVO_PDF", "ARQUIVO_CAMINHO", name, "documento", "")
    kind = situation.kind if situation else written
    notice = _notice(cells, key, query, _purpose(query, situation), kind)
    notice = replace(notice, attachments=tuple(attached), itemized=query.items is not None)
    return _judged(notice, situation, today)


def line(cells: Cells) -> tuple[LineItem, str]:
    """A row of ``itens_sql``, and what cannot be used of it."""
    item = LineItem(
        description=cells.text("DESCRICAO"),
        code=cells.text("CODIGO"),
        quantity=cells.number("QUANTIDADE", 3),
        unit=cells.text("UNIDADE"),
        unit_price=cells.number("VALOR_UNITARIO", 4),
        discount=cells.money("DESCONTO"),
        total=cells.money("TOTAL"),
    )
    return item, cells.problem


def with_lines(notice: Notice, lines: Sequence[tuple[LineItem, str]]) -> Notice:
    """The document with its lines; one that cannot be read holds it."""
    problem = next((f"Item {at}: {told}" for at, (_, told) in enumerate(lines, start=1) if told), "")
    return replace(notice, items=tuple(item for item, _ in lines), problem=notice.problem or problem)


def birthday(cells: Cells, query: Query, day: date) -> Notice:
    """A row of ``aniversariantes`` for that day: key ``aniv|EMPRESA|CLIENTE|ANO``.

    It is the same ``person`` by CPF, or else by name: somebody may be registered in two companies, or twice.
    """
    code = cells.text("CLIENTE_CODIGO") or digest(cells)
    key = f"aniv|{cells.text('EMPRESA')}|{code}|{day.year}"
    situation = find_situation(BIRTHDAYS, BIRTHDAY)
    notice = _notice(cells, key, replace(query, module=BIRTHDAYS), Purpose.PROMOTION, BIRTHDAY)
    digits = "".join(char for char in notice.customer.tax_id if char.isalnum())
    person = digits or plain(" ".join(notice.customer.name.split()))
    return _judged(replace(notice, person=person, day=day), situation, day)


def cashback(cells: Cells, query: Query, today: date, valid_days: int) -> Notice:
    """A row of ``cashback``: a credit that ends within ``dias``, or the customer's balance.

    Keys: ``cashback|EMPRESA|REF`` for the end of a credit, ``cashback|saldo|EMPRESA|CLIENTE|ANO-MES`` for the balance,
    which is told once a month. ``valid_days`` counts from ``CREDITO_EM`` where a row has no ``EXPIRA_EM``; 0: unknown.
    """
    expires = _end_of(cells, valid_days)
    written = cells.text("TIPO") or _usual_kind(expires, today + timedelta(days=query.days))
    situation = find_situation(CASHBACK, written)
    kind = situation.kind if situation else written
    company = cells.text("EMPRESA")
    key = f"cashback|{company}|{ref_of(cells)}"
    if kind == CASHBACK_BALANCE:
        key = f"cashback|saldo|{company}|{cells.text('CLIENTE_CODIGO') or digest(cells)}|{today:%Y-%m}"
    notice = _notice(cells, key, replace(query, module=CASHBACK), Purpose.PROMOTION, kind)
    variables = dict(notice.variables)
    if expires is not None:
        variables["EXPIRA_EM"] = f"{expires:%d/%m/%Y}"
    elif valid_days:
        variables.setdefault("VALIDADE_DIAS", str(valid_days))
    return _judged(replace(notice, variables=variables, expires_at=expires), situation, today)


def _end_of(cells: Cells, valid_days: int) -> datetime | None:
    """The last moment of a credit, None where nobody knows it."""
    expires, given = cells.moment("EXPIRA_EM"), cells.day("CREDITO_EM")
    if expires is None and given is not None and valid_days:
        expires = datetime.combine(given + timedelta(days=valid_days), datetime.min.time())
    if expires is not None and expires.time() == expires.min.time():  # a day without an hour counts to its end
        expires = expires.replace(hour=23, minute=59, second=59)
    return expires


def _usual_kind(expires: datetime | None, until: date) -> str:
    return CASHBACK_ENDING if expires is not None and expires.date() <= until else CASHBACK_BALANCE


def _purpose(query: Query, situation: Situation | None) -> Purpose:
    """What the profile says, but never less than collection for what collects."""
    if situation is not None:
        return situation.purpose if situation.collects else query.purpose or situation.purpose
    module = module_named(query.module)
    return query.purpose or (module.purpose if module else Purpose.SERVICE)


def _notice(cells: Cells, key: str, query: Query, purpose: Purpose, kind: str) -> Notice:
    accepts = cells.flag("RECEBE_AVISO")
    return Notice(
        key=key,
        purpose=purpose,
        module=query.module,
        kind=kind,
        company=cells.text("EMPRESA"),
        customer=customer(cells, address=True),
        phones=cells.text("TELEFONE"),
        accepts=accepts,
        template=query.text,
        variables=cells.variables(),
        problem=problem_of_receiver(cells, accepts),
    )


def _judged(notice: Notice, situation: Situation | None, today: date) -> Notice:
    """Held for what its situation lacks, unless it is held already or for nobody."""
    if notice.problem or not notice.accepts:
        return notice
    return replace(notice, problem=_problem(notice, situation, today))


def _problem(notice: Notice, situation: Situation | None, today: date) -> str:
    if situation is None:
        if notice.template.strip():
            return ""
        module = module_named(notice.module)
        situations = module.situations if module else ()
        known = ", ".join(each.kind for each in situations if each.subject is not Subject.OPEN_TITLES)
        return (
            f"O TIPO “{notice.kind[:_SHOWN]}” não existe no módulo {notice.module}, e a fonte não tem texto próprio. "
            f"Use um destes: {known}."
        )
    if situation.subject is Subject.OPEN_TITLES:
        return f"A mensagem {situation.kind} fala de títulos em aberto: ela sai pela régua, com [titulos] e [contatos]."
    try:
        typed_variables(_message_of(notice), situation, today)
    except MissingValue as error:
        return error.message
    return ""


def _message_of(notice: Notice) -> Message:
    """The row that the queue will have, as far as its variables are concerned."""
    return Message(
        id=0,
        guid="",
        key=notice.key,
        purpose=notice.purpose,
        module=notice.module,
        kind=notice.kind,
        company=Company(notice.company, ""),
        customer=notice.customer,
        phones=notice.phones,
        accepts=notice.accepts,
        template=notice.template,
        seed=0,
        created_at=datetime.min,
        variables=notice.variables,
    )
