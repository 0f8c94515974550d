"""Just before a message leaves the ERP is asked about its titles once more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from integrator.closing.ports import TitleState
from integrator.domain.errors import DatabaseUnavailable, RowLocked, SettingsError
from integrator.domain.message import Message
from integrator.erp.connection import Database
from integrator.erp.outbox import FirebirdOutbox
from integrator.erp.profiles.loader import read_profile
from integrator.erp.profiles.source import ProfileSource
from integrator.erp.queue import FirebirdQueue
from integrator.erp.recheck import TitleAnswer, TitleChecker
from integrator.erp.rows import RowError
from integrator.sending.ports import Begun, Changed, Reservation
from tests.erp.helpers import Attached, ContractDatabase, contract_database
from tests.erp.test_outbox import DEBT, NOTICE
from tests.erp.test_queue import NOTHING
from tools.firebird_server import PrivateServer

MORNING = datetime(2026, 11, 23, 9)
DUE, OWED = DEBT.due, DEBT.open_amount
AS_QUEUED = TitleAnswer(TitleState.OPEN, OWED, DUE)

PROFILE = """
[perfil]
nome = "ERP de teste"
[titulos]
sql = '''SELECT CODIGO AS REF, CLIENTE AS CLIENTE_CODIGO, NOME AS CLIENTE_NOME, VENCE AS VENCIMENTO, VALOR AS VALOR,
    SALDO AS VALOR_ABERTO FROM RECEBER WHERE VENCE BETWEEN :de AND :ate'''
[contatos]
sql = '''SELECT CLIENTE AS CLIENTE_CODIGO, FONE AS TELEFONE, 'S' AS RECEBE_AVISO FROM RECEBER'''
[conferir]
sql = '''SELECT CASE WHEN SALDO > 0 THEN 'aberto' ELSE 'pago' END AS SITUACAO, SALDO AS VALOR_ABERTO,
    VENCE AS VENCIMENTO FROM RECEBER WHERE CODIGO = :ref'''
"""


@dataclass
class Erp:
    """A stand-in for the profile: answers by reference, and who was asked about."""

    answers: dict[str, TitleAnswer | Exception | None] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    can_ask: bool = True
    rested: int = 0

    def ask(self, ref: str) -> TitleAnswer | None:
        self.asked.append(ref)
        answer = self.answers.get(ref, AS_QUEUED)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def rest(self) -> None:
        self.rested += 1


@pytest.fixture
def contract(firebird_server: PrivateServer) -> Iterator[ContractDatabase]:
    database = contract_database(firebird_server)
    yield database
    database.path.unlink()


@pytest.fixture
def database(contract: ContractDatabase) -> Iterator[Database]:
    opened = Database(contract.target())
    FirebirdOutbox(opened).put([NOTICE])
    yield opened
    opened.close()


@pytest.fixture
def shop(contract: ContractDatabase) -> Iterator[Attached]:
    with contract.attach() as attached:
        yield attached


def queue_of(database: Database, checker: TitleChecker | None) -> FirebirdQueue:
    return FirebirdQueue(database, owner="pc1", instance="principal", checker=checker)


def taken(queue: FirebirdQueue) -> tuple[Reservation, Message]:
    reservation = queue.reserve(NOTICE.purpose, MORNING)
    assert reservation is not None
    return reservation, queue.load(reservation).message


def events(shop: Attached) -> list[str]:
    shop.rollback()
    return [str(told) for (told,) in shop.ask("SELECT DETALHE FROM WA_EVENTO WHERE ACAO = 'titulo_mudou' ORDER BY ID")]


@pytest.mark.feature("B05")
def test_a_title_that_is_as_it_was_is_sent(database: Database, shop: Attached) -> None:
    erp = Erp()
    queue = queue_of(database, erp)

    assert queue.begin(*taken(queue), NOTHING) == Begun()

    assert (erp.asked, events(shop)) == (["T1"], [])


@pytest.mark.feature("B05")
@pytest.mark.parametrize(
    ("answer", "stored", "told"),
    [
        (TitleAnswer(TitleState.PAID, Decimal("0.00"), DUE), "pago", "situação de aberto para pago; valor em aberto"),
        (TitleAnswer(TitleState.RENEGOTIATED, OWED, DUE), "cancelado", "situação de aberto para renegociado."),
        (TitleAnswer(TitleState.CANCELLED, OWED, DUE), "cancelado", "situação de aberto para cancelado."),
        (None, "cancelado", "Título NF 8123/1 não está mais no ERP"),
        (TitleAnswer(TitleState.OPEN, Decimal("50.00"), DUE), "aberto", "valor em aberto de R$ 150,00 para R$ 50,00."),
        (TitleAnswer(TitleState.OPEN, OWED, date(2026, 12, 1)), "aberto", "vencimento de 20/11/2026 para 01/12/2026."),
    ],
)
def test_a_title_that_changed_is_written_down_and_the_message_composed_anew(
    database: Database, shop: Attached, answer: TitleAnswer | None, stored: str, told: str
) -> None:
    queue = queue_of(database, Erp({"T1": answer}))
    reservation, message = taken(queue)

    assert queue.begin(reservation, message, NOTHING) == Changed()

    (written,) = queue.load(reservation).message.titles
    assert shop.value("SELECT SITUACAO FROM WA_TITULO") == stored
    assert written.open is (stored == "aberto")
    if answer is not None:
        assert (written.open_amount, written.due) == (answer.open_amount, answer.due)
    (event,) = events(shop)
    assert told in event
    assert shop.state(NOTICE.key) == "reservada"


@pytest.mark.feature("B05")
def test_the_second_look_finds_what_the_first_wrote_and_lets_it_go(database: Database, shop: Attached) -> None:
    queue = queue_of(database, Erp({"T1": TitleAnswer(TitleState.OPEN, Decimal("50.00"), DUE)}))
    reservation, message = taken(queue)
    queue.begin(reservation, message, NOTHING)

    again = queue.load(reservation).message

    assert queue.begin(reservation, again, NOTHING) == Begun()
    assert len(events(shop)) == 1


def test_rows_that_the_erp_queued_itself_are_not_asked_about(database: Database, shop: Attached) -> None:
    shop.done("UPDATE WA_FILA SET REGRA = 'do ERP'")
    erp = Erp({"T1": None})
    queue = queue_of(database, erp)

    assert queue.begin(*taken(queue), NOTHING) == Begun()
    assert erp.asked == []


def test_a_profile_without_conferir_is_not_asked(database: Database) -> None:
    erp = Erp({"T1": None}, can_ask=False)
    queue = queue_of(database, erp)

    assert queue.begin(*taken(queue), NOTHING) == Begun()


@pytest.mark.parametrize(
    ("raised", "seen"),
    [
        (DatabaseUnavailable("fora do ar"), DatabaseUnavailable),
        (RowError("O valor não pode ser lido."), RowError),
        (SettingsError("O perfil não serve mais."), RowLocked),
    ],
)
def test_an_erp_that_cannot_be_asked_stops_the_message_before_anything_leaves(
    database: Database, shop: Attached, raised: Exception, seen: type[Exception]
) -> None:
    queue = queue_of(database, Erp({"T1": raised}))
    reservation, message = taken(queue)

    with pytest.raises(seen):
        queue.begin(reservation, message, NOTHING)

    assert shop.state(NOTICE.key) == "reservada"
    assert events(shop) == []


@pytest.mark.feature("B05")
def test_the_vendors_procedure_leaves_the_same_trace(database: Database, shop: Attached) -> None:
    shop.done(
        "CREATE PROCEDURE WA_CONFERIR_TITULO (P_REF VARCHAR(60)) RETURNS (ABERTO CHAR(1), VALOR NUMERIC(15, 2), "
        "VENCIMENTO DATE) AS BEGIN ABERTO = 'S'; VALOR = 99.9; VENCIMENTO = NULL; END"
    )
    queue = queue_of(database, None)

    assert queue.begin(*taken(queue), NOTHING) == Changed()
    assert events(shop) == ["Título NF 8123/1 mudou no ERP: valor em aberto de R$ 150,00 para R$ 99,90."]


@pytest.mark.feature("B05", "B13")
def test_through_a_profile_what_was_paid_after_the_closing_is_not_collected(
    contract: ContractDatabase, database: Database, shop: Attached
) -> None:
    shop.done("CREATE TABLE RECEBER (CODIGO VARCHAR(10), CLIENTE INTEGER, NOME VARCHAR(40), FONE VARCHAR(20), "
              "VENCE DATE, VALOR NUMERIC(9, 2), SALDO NUMERIC(9, 2))")  # fmt: skip
    shop.done("INSERT INTO RECEBER VALUES ('T1', 1, 'Maria', '', '2026-11-20', 150, 150)")
    source = ProfileSource(Database(contract.target()), read_profile(PROFILE, "teste.toml"))
    queue = queue_of(database, source)
    reservation, message = taken(queue)
    shop.done("UPDATE RECEBER SET SALDO = 0")

    assert queue.begin(reservation, message, NOTHING) == Changed()
    assert queue.load(reservation).message.titles[0].open is False
    source.close()


def test_resting_rests_the_checker_too(database: Database) -> None:
    erp = Erp()
    queue_of(database, erp).rest()

    assert erp.rested == 1


def test_a_title_without_a_reference_is_not_asked_about(database: Database) -> None:
    erp = Erp()
    queue = queue_of(database, erp)
    reservation, message = taken(queue)
    message = replace(message, titles=(replace(message.titles[0], ref=""),))

    assert queue.begin(reservation, message, NOTHING) == Changed()  # it is not what stands in the database
    assert erp.asked == []
