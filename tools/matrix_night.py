"""What one cell of the matrix does: rows as an ERP writes them, sent by the product's engine, read back, compared."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import fdb
from PIL import Image
from reportlab.pdfgen import canvas

from integrator.app import Parts
from integrator.domain.message import Message
from integrator.erp.connection import Target
from integrator.gateways.simulator.ledger import Bubble, Ledger, read_ledger
from integrator.sending.ports import Reservation
from integrator.settings.contents import MessageSettings
from tools.faults_engine import EngineRun, drive, engine_of, next_workday
from tools.faults_shop import Shop, boleto_digits, judge, key_of, phone_of

NAME = "João Conceição “Ação” – ÁÉÍÓÚ çãõ €"
AMOUNT = Decimal("1234.56")
EMOJI = "🙂👍🏽"

_TEXT = f"{{saudacao}}, {{cliente}} {EMOJI} {{#vencidos:5}}{{documento}} venceu {{vencimento}}, {{valor}} {{/vencidos}}"
_SERVICE = "Olá, {cliente}: a manutenção está concluída – R$ 10,00 à vista."
_ENQUEUE = (
    "SELECT ID FROM WA_ENFILEIRAR(?, ?, 'AVISO', 'C1', ?, ?, 'S', ?, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ?)"
)
_TITLE = "SELECT RESULTADO FROM WA_INCLUIR_TITULO(?, 'T1', 'NF-1º', '1', NULL, ?, ?, ?, NULL, ?, NULL, NULL, 'S')"
_ATTACH = "SELECT RESULTADO FROM WA_INCLUIR_ANEXO(?, 'Relatório – março.pdf', ?)"
_RELEASE = "SELECT RESULTADO FROM WA_LIBERAR(?)"
_A_DAY_S = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Found:
    """Which engine it was ("5.0.4.1812"), and what was not as written."""

    engine: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Customers:
    """Who receives in one cell; ``first`` keeps the cells' customers apart in the ledger that they share."""

    first: int

    @property
    def debt(self) -> int:
        """Owes a boleto that the ERP wrote with every difficulty."""
        return self.first

    @property
    def service(self) -> int:
        """Gets the ERP's own text with a PDF."""
        return self.first + 1

    @property
    def plain(self) -> int:
        """Owes one as in the other tests."""
        return self.first + 2

    @property
    def phones(self) -> tuple[str, ...]:
        return tuple(f"55{phone_of(number)}" for number in (self.debt, self.service, self.plain))


def small_night(target: Target, folder: Path, simulator: Path, dialect: int, first: int) -> Found:
    """Install, enqueue, send and receive on an empty database; ``folder`` takes the journal."""
    shop, who = Shop(target), Customers(first)
    shop.install()
    morning = next_workday(date.today())
    due = morning.date() - timedelta(days=10)
    engine = _write_as_an_erp(target, dialect, who, due)
    shop.debts([who.plain], morning.date())
    shop.close()
    run = EngineRun(target, folder, simulator, morning, messages=MessageSettings(overdue_text=_TEXT))
    with engine_of(run) as (parts, clock):
        drive(parts, clock, run)
        clock.sleep(_A_DAY_S)
        parts.engine.tick()
        debt, service = (_read_back(parts, shop, number) for number in (who.debt, who.service))
    ledger = _of_these(read_ledger(simulator), who)
    problems = (
        *_wrong_rows(shop, ledger),
        *_wrong_values(debt, service, due),
        *_wrong_messages(shop, ledger, who, due),
    )
    shop.close()
    return Found(engine, problems)


def _of_these(ledger: Ledger, who: Customers) -> Ledger:
    return replace(ledger, messages=tuple(bubble for bubble in ledger.messages if bubble.to in who.phones))


@lru_cache(maxsize=1)
def report() -> bytes:
    """A PDF of more than 64 KB, which the driver hands over as a stream, with every byte value in it."""
    content = io.BytesIO()
    page = canvas.Canvas(content)
    noise = Image.frombytes("RGB", (200, 200), Random(1).randbytes(3 * 200 * 200))
    page.drawInlineImage(noise, 72, 400)
    page.save()
    return content.getvalue()


def _write_as_an_erp(target: Target, dialect: int, who: Customers, due: date) -> str:
    """A debt and a finished service with a PDF, through an attachment of the ERP's own kind; Firebird's version."""
    connection = fdb.connect(
        dsn=target.dsn, user=target.user, password=target.password, charset="WIN1252", sql_dialect=dialect
    )
    cursor = connection.cursor()

    def ask(sql: str, *parameters: object) -> Any:
        cursor.execute(sql, parameters)
        return cursor.fetchall()[0][0]

    debt = ask(_ENQUEUE, key_of(who.debt), "AVISO DE DÉBITOS", NAME, phone_of(who.debt), "cobranca", None)
    digits = boleto_digits(due, AMOUNT, who.debt)
    ask(_TITLE, debt, due, AMOUNT, AMOUNT, digits)
    phone = phone_of(who.service)
    service = ask(_ENQUEUE, key_of(who.service), "ORDEM DE SERVIÇO", NAME, phone, "servico", _SERVICE)
    ask(_ATTACH, service, report())
    for number in (who.debt, who.service):
        ask(_RELEASE, key_of(number))
    connection.commit()
    version = str(connection.version)
    connection.close()
    return version


def _read_back(parts: Parts, shop: Shop, number: int) -> Message:
    ((row_id, guid),) = shop.rows("SELECT ID, GUID FROM WA_FILA WHERE CHAVE = ?", (key_of(number),))
    return parts.queue.load(Reservation(int(row_id), str(guid), "")).message


def _wrong_rows(shop: Shop, ledger: Ledger) -> Iterator[str]:
    queue = shop.queue()
    verdict = judge(queue, ledger)
    if len(verdict.sent) != 3 or verdict.duplicates or verdict.lost:
        yield f"{verdict} {[(row.state, row.reason) for row in queue.values()]}"
    yield from (f"{row.key} is {row.state}" for row in queue.values() if row.state not in {"entregue", "lida"})


def _wrong_values(debt: Message, service: Message, due: date) -> Iterator[str]:
    title = debt.titles[0]
    checks = {
        "name": (debt.customer.name, NAME),
        "document": (title.document, "NF-1º"),
        "amount": (str(title.amount), str(AMOUNT)),
        "open amount": (str(title.open_amount), str(AMOUNT)),
        "due date": (title.due, due),
        "type of the due date": (type(title.due), date),
        "text of the ERP": (service.template, _SERVICE),
        "file name": (service.attachments[0].file_name, "Relatório – março.pdf"),
        "blob": (service.attachments[0].content, report()),
    }
    yield from (f"{name}: {got!r}" for name, (got, wanted) in checks.items() if got != wanted)


def _wrong_messages(shop: Shop, ledger: Ledger, who: Customers, due: date) -> Iterator[str]:
    """What the customer got, and what our own columns keep of it."""
    notice, told = _text_of(ledger, who.debt), _text_of(ledger, who.service)
    wanted = ((notice, NAME), (notice, EMOJI), (notice, "1.234,56"), (notice, f"{due:%d/%m/%Y}"), (told, NAME))
    for text, piece in (*wanted, (told, "manutenção está concluída – R$ 10,00")):
        if piece not in text:
            yield f"{piece!r} not in {text!r}"
    if hashlib.sha256(report()).hexdigest() not in {bubble.sha256 for bubble in _bubbles(ledger, who.service)}:
        yield "the PDF that the customer got is another"
    ((kept,),) = shop.rows("SELECT TEXTO_FINAL FROM WA_FILA WHERE CHAVE = ?", (key_of(who.debt),))
    if kept != notice:
        yield f"TEXTO_FINAL {kept!r}"


def _text_of(ledger: Ledger, number: int) -> str:
    return next((said for bubble in _bubbles(ledger, number) if (said := bubble.caption or bubble.text)), "")


def _bubbles(ledger: Ledger, number: int) -> tuple[Bubble, ...]:
    return tuple(bubble for bubble in ledger.messages if bubble.to == f"55{phone_of(number)}")
