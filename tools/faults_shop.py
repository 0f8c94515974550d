"""A small shop whose queue is sent again and again while things break: its database, its rows, and what became of them.

Rows are written as an ERP would, through ``WA_ENFILEIRAR``, ``WA_INCLUIR_TITULO`` and ``WA_LIBERAR``. Each row has a
phone of its own, so that the simulator's ledger can be read by recipient: whoever got the same part twice was sent it
twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from integrator.documents.check_digits import mod11_cobranca
from integrator.documents.febraban import due_factor, parse_digits
from integrator.domain.message import Purpose
from integrator.erp.connection import Database, Target
from integrator.erp.schema import installer
from integrator.gateways.simulator.ledger import Ledger

DEBT_MODULE = "AVISO DE DÉBITOS"
SERVICE_MODULE = "ORDEM DE SERVIÇO"
SERVICE_TEXT = "Olá, {primeiro_nome|padrão:cliente}: a sua ordem de serviço está pronta."

_BANK = "001"
_ENQUEUE = (
    "SELECT ID, RESULTADO FROM WA_ENFILEIRAR(?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ?)"
)
_TITLE = (
    "SELECT RESULTADO FROM WA_INCLUIR_TITULO(?, ?, ?, '1', NULL, CAST(? AS TIMESTAMP), ?, ?, NULL, ?, NULL, NULL, 'S')"
)
_COMPANY = (
    "INSERT INTO WA_EMPRESA (CODIGO, RAZAO_SOCIAL, NOME_FANTASIA, CNPJ, ENDERECO, BAIRRO, CIDADE, UF, CEP, FONE) "
    "VALUES ('1', 'Loja Modelo Ltda', 'Loja Modelo', '11.222.333/0001-81', 'Rua Um, 10', 'Centro', 'Concórdia', 'SC', "
    "'89700-000', '(49) 3442-1100')"
)


def boleto_digits(due: date, amount: Decimal, number: int) -> str:
    """A linha digitável with right digits for this due date and amount; ``number`` tells boletos apart."""
    body = f"{due_factor(due):04d}{int(amount.scaleb(2)):010d}{number:025d}"
    checked = parse_digits(f"{_BANK}9{mod11_cobranca(f'{_BANK}9{body}')}{body}")
    return checked.linha


def phone_of(number: int) -> str:
    """The mobile of customer ``number``: WhatsApp of the simulation knows it as it is."""
    return f"119{60_000_001 + number * 10:08d}"


def key_of(number: int) -> str:
    """The ``CHAVE`` of the row of customer ``number``."""
    return f"COB-{number:05d}"


@dataclass(frozen=True, slots=True)
class PartRow:
    """One row of ``WA_PARTE``."""

    order: int
    kind: str
    sha256: str
    state: str


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One row of ``WA_FILA`` with its parts, as the database has it."""

    key: str
    guid: str
    state: str
    reason: str
    code: str
    phone: str
    instance: str
    parts: tuple[PartRow, ...]


class NotTaken(Exception):
    """``WA_ENFILEIRAR``, which never raises, answered that the row is not written; with its answer."""


class Shop:
    """The ERP's side of one database. Every method is a transaction of its own; :meth:`close` detaches."""

    def __init__(self, target: Target) -> None:
        self.database = Database(target)

    def install(self) -> None:
        """The contract and the shop's own data."""
        installer.install(self.database)
        self.run(_COMPANY)
        self.close()

    def close(self) -> None:
        self.database.close()

    def run(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """One statement; how many rows it touched."""
        return self.database.run(lambda session: session.execute(sql, parameters))

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query, committed afterwards: procedures may be called too."""
        return self.database.run(lambda session: session.rows(sql, parameters))

    def enqueue(
        self,
        number: int,
        *,
        purpose: Purpose = Purpose.COLLECTION,
        phone: str | None = None,
        accepts: str = "S",
        text: str | None = None,
        module: str | None = None,
        key: str | None = None,
    ) -> int:
        """A new row, still ``rascunho``; its id. :class:`NotTaken` when the database could not write it."""
        is_debt = purpose is Purpose.COLLECTION
        chosen = module or (DEBT_MODULE if is_debt else SERVICE_MODULE)
        written = text if text is not None or is_debt else SERVICE_TEXT
        told = phone if phone is not None else phone_of(number)
        named = key or key_of(number)
        ((row_id, answer),) = self.rows(
            _ENQUEUE, (named, chosen, "AVISO", f"C{number}", f"Cliente {number}", told, accepts, purpose.value, written)
        )
        if row_id is None:
            raise NotTaken(str(answer).strip())
        return int(row_id)

    def add_title(
        self,
        row_id: int,
        number: int,
        due: date,
        amount: Decimal = Decimal("120.50"),
        linha: str | None = None,
        *,
        boleto: bool = True,
    ) -> str:
        """A debt of the row; its ``REF``. ``linha`` replaces the right digits."""
        ref = f"T{number}"
        digits = (linha or boleto_digits(due, amount, number)) if boleto else None
        when = datetime(due.year, due.month, due.day)
        self.rows(_TITLE, (row_id, ref, f"NF{number}", when, float(amount), float(amount), digits))
        return ref

    def release(self, key: str) -> str:
        """``rascunho → pendente``; what the procedure answered."""
        ((result, _),) = self.rows("SELECT RESULTADO, MOTIVO FROM WA_LIBERAR(?)", (key,))
        return str(result).strip()

    def debts(self, numbers: Iterable[int], today: date, *, every_boleto: bool = False) -> None:
        """A closing: one debt notice each; two of three with a boleto (three parts), the others without (one)."""
        for number in numbers:
            row_id = self.enqueue(number)
            self.add_title(row_id, number, today - timedelta(days=10), boleto=every_boleto or number % 3 != 0)
            self.release(key_of(number))

    def end_leases(self) -> None:
        """Let five minutes and more pass for the rows in somebody's hand."""
        self.run("UPDATE WA_FILA SET RESERVADA_ATE = DATEADD(-1 HOUR TO RESERVADA_ATE) WHERE TOKEN IS NOT NULL")

    def config(self, key: str, value: str) -> None:
        self.run("UPDATE OR INSERT INTO WA_CONFIG (CHAVE, VALOR) VALUES (?, ?) MATCHING (CHAVE)", (key, value))

    def queue(self) -> dict[str, QueueRow]:
        """The whole queue by key."""
        found = self.rows(
            "SELECT ID, CHAVE, GUID, SITUACAO, MOTIVO, MOTIVO_CODIGO, "
            "CAST(TELEFONE AS VARCHAR(200) CHARACTER SET OCTETS), INSTANCIA_ENVIO FROM WA_FILA ORDER BY ID"
        )
        parts = self.rows("SELECT FILA_ID, ORDEM, TIPO, HASH, SITUACAO FROM WA_PARTE ORDER BY FILA_ID, ORDEM")
        return {
            str(key): QueueRow(
                str(key),
                str(guid).strip(),
                str(state).strip(),
                str(reason or ""),
                str(code or "").strip(),
                (phone or b"").decode("cp1252", "replace"),
                str(instance or "").strip(),
                tuple(
                    PartRow(int(order), str(kind).strip(), str(digest).strip(), str(part_state).strip())
                    for owner, order, kind, digest, part_state in parts
                    if owner == row_id
                ),
            )
            for row_id, key, guid, state, reason, code, phone, instance in found
        }

    def counts(self) -> Counter[str]:
        """Rows per state."""
        return Counter(row.state for row in self.queue().values())


@dataclass(frozen=True, slots=True)
class Verdict:
    """The queue compared with the simulator's ledger.

    ``sent`` are rows all of whose parts the customer got, once; ``uncertain`` wait for a person; ``duplicates`` are
    bubbles that somebody got once too often; ``lost`` are rows that say they are sent and are not, that nobody will
    touch any more, or bubbles that no row accounts for.
    """

    sent: tuple[str, ...]
    uncertain: tuple[str, ...]
    other: tuple[str, ...]
    duplicates: tuple[str, ...]
    lost: tuple[str, ...]


_SENT = frozenset({"enviada", "entregue", "lida", "falhou"})
_STUCK = frozenset({"reservada", "enviando"})


def judge(queue: dict[str, QueueRow], ledger: Ledger) -> Verdict:
    """Compare a queue whose rows each have a phone of their own (:func:`phone_of`) with what was accepted.

    A row ``falhou`` counts as sent when everything was accepted: the simulation reports a few late refusals.
    """
    got = Counter((bubble.to, bubble.kind.value, bubble.file_name) for bubble in ledger.messages)
    shown = {(bubble.to, bubble.sha256) for bubble in ledger.messages}
    sent, uncertain, other, lost = [], [], [], []
    for row in queue.values():
        whole = bool(row.parts) and all((f"55{row.phone}", part.sha256) in shown for part in row.parts)
        if row.state in _SENT and whole:
            sent.append(row.key)
        elif row.state == "incerta":
            uncertain.append(row.key)
        elif row.state in _SENT | _STUCK:
            lost.append(f"{row.key} {row.state}")
        else:
            other.append(row.key)
    posted = {f"55{row.phone}" for row in queue.values() if row.state in _SENT or row.state == "incerta"}
    lost += [f"{bubble.to} {bubble.kind.value}" for bubble in ledger.messages if bubble.to not in posted]
    twice = {f"{to} {kind} {name}".strip() for (to, kind, name), times in got.items() if times > 1}
    twice |= {f"{bubble.to} {bubble.kind.value} {bubble.file_name}".strip() for bubble in ledger.duplicates()}
    return Verdict(tuple(sent), tuple(uncertain), tuple(other), tuple(sorted(twice)), tuple(lost))
