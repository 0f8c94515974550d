"""What the closing writes to the queue, and what it finds there the next night."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from integrator.closing.drafts import content_of
from integrator.closing.ports import RULE, Draft, HeldRow, Payer, Queued, StepDone
from integrator.domain.message import Address, Attachment, Company, Customer, LineItem, Purpose, Title
from integrator.erp.connection import Database
from integrator.erp.outbox import FirebirdOutbox
from integrator.erp.queue import FirebirdQueue
from integrator.erp.sql import QUERIES
from tests.erp.helpers import Attached, ContractDatabase, contract_database
from tools.firebird_server import PrivateServer

MONDAY = date(2026, 11, 23)
NIGHT = datetime(2026, 11, 20, 22, 30)
MARIA = Customer("4711", "Maria da Conceição", "123.456.789-09", Address("Rua Um, 1", "Centro", "Concórdia", "SC"))
DEBT = Title("T1", "NF 8123", "1", date(2026, 10, 20), date(2026, 11, 20), Decimal("150.00"), Decimal("150.00"))
NOTICE = Draft(
    "fech|2026-11-23|1|4711|5549988590187",
    Purpose.COLLECTION,
    "AVISO DE DÉBITOS",
    "DÉBITO VENCIDO",
    "1",
    MARIA,
    "(49) 98859-0187",
    accepts=True,
    titles=(DEBT,),
    step="vencido 3",
    steps=(StepDone("T1", "vencido 3", MONDAY),),
)
KEY = NOTICE.key
LINES = (
    LineItem("Troca de óleo", "12", Decimal("1.5"), "l", Decimal("39.9"), Decimal("0.05"), Decimal("59.8")),
    LineItem("Mão de obra"),
)


@pytest.fixture(params=[3, 1], ids=["dialect 3", "dialect 1"])
def contract(firebird_server: PrivateServer, request: pytest.FixtureRequest) -> Iterator[ContractDatabase]:
    database = contract_database(firebird_server, dialect=request.param)
    yield database
    database.path.unlink()


@pytest.fixture
def plain(firebird_server: PrivateServer) -> Iterator[ContractDatabase]:
    """Where the dialect makes no difference."""
    database = contract_database(firebird_server)
    yield database
    database.path.unlink()


@pytest.fixture
def database(plain: ContractDatabase) -> Iterator[Database]:
    opened = Database(plain.target())
    yield opened
    opened.close()


@pytest.fixture
def outbox(database: Database) -> FirebirdOutbox:
    return FirebirdOutbox(database)


@pytest.fixture
def queue(database: Database) -> FirebirdQueue:
    return FirebirdQueue(database, owner="pc1", instance="principal")


@pytest.fixture
def erp(plain: ContractDatabase) -> Iterator[Attached]:
    with plain.attach() as attached:
        yield attached


def message_of(queue: FirebirdQueue, at: datetime = datetime(2026, 11, 23, 9)) -> Any:
    reservation = queue.reserve(Purpose.COLLECTION, at)
    assert reservation is not None
    return queue.load(reservation).message


def paid(draft: Draft, ref: str = "T2") -> Draft:
    """The same message with another title."""
    return replace(draft, titles=(replace(DEBT, ref=ref),), steps=(StepDone(ref, "vencido 3", MONDAY),))


# -- one message ---------------------------------------------------------------------------------------------------


@pytest.mark.feature("B03")
def test_a_draft_comes_out_of_the_queue_as_it_was_put_in(contract: ContractDatabase) -> None:
    opened = Database(contract.target())
    payer = Customer("12", "João Peça", "987.654.321-00", Address("Rua Dois, 2", "Centro", "Seara", "SC", "89770-000"))
    full = replace(
        DEBT,
        updated_amount=Decimal("153.27"),
        linha_digitavel="00190.00009 01234.567890 12345.678901 1 99990000015000",
        pix="00020126...",
        registered=True,
        payable_until=date(2026, 12, 20),
        instructions="Após o vencimento, multa de 2%",
        beneficiary_name="Loja Modelo",
    )
    attached = Attachment("boleto.pdf", "application/pdf", b"%PDF-1", None, "boleto", "T1")
    draft = replace(
        NOTICE,
        titles=(full,),
        payers=(Payer("T1", payer),),
        attachments=(attached,),
        variables={"os": "5521 - revisão"},
        template="Olá, {primeiro_nome}: {os} 🙂",
        expires_at=datetime(2026, 11, 27),
        items=LINES,
    )

    assert FirebirdOutbox(opened).put([draft]) == (Queued.NEW,)
    message = message_of(FirebirdQueue(opened, owner="pc1", instance="principal"))
    opened.close()

    assert (message.key, message.customer, message.phones, message.accepts) == (KEY, MARIA, "(49) 98859-0187", True)
    assert message.titles == (replace(full, payer=payer),)
    assert message.attachments == (attached,)
    assert message.items == LINES
    assert (dict(message.variables), message.template) == ({"os": "5521 - revisão"}, "Olá, {primeiro_nome}: {os} 🙂")
    assert (message.origin.rule, message.origin.step) == (RULE, "vencido 3")
    assert (message.not_before, message.expires_at) == (datetime(2026, 11, 23), datetime(2026, 11, 27))


def test_it_is_not_sent_before_its_send_day_even_if_the_closing_was_run_early(
    outbox: FirebirdOutbox, queue: FirebirdQueue
) -> None:
    outbox.put([NOTICE])

    assert queue.reserve(Purpose.COLLECTION, datetime(2026, 11, 22, 23, 59)) is None
    assert queue.reserve(Purpose.COLLECTION, datetime(2026, 11, 23)) is not None


@pytest.mark.feature("B03")
def test_the_same_draft_twice_is_one_row_with_one_set_of_titles_and_steps(
    outbox: FirebirdOutbox, erp: Attached
) -> None:
    assert outbox.put([NOTICE]) == (Queued.NEW,)
    assert outbox.put([NOTICE]) == (Queued.UPDATED,)

    for table in ("WA_FILA", "WA_TITULO", "WA_ETAPA"):
        assert erp.value(f"SELECT COUNT(*) FROM {table}") == 1
    assert erp.state(KEY) == "pendente"


def test_an_updated_row_carries_the_steps_and_the_text_of_the_new_draft(
    outbox: FirebirdOutbox, erp: Attached, queue: FirebirdQueue
) -> None:
    outbox.put([replace(NOTICE, template="Texto velho 🙂")])
    outbox.put([replace(paid(NOTICE), template="Texto novo")])

    assert erp.ask("SELECT REF FROM WA_ETAPA") == [("T2",)]
    assert message_of(queue).template == "Texto novo"


@pytest.mark.feature("B11")
@pytest.mark.parametrize("state", ["reservada", "enviando", "enviada", "incerta", "cancelada"])
def test_what_is_being_sent_or_was_decided_stays_as_it_is(outbox: FirebirdOutbox, erp: Attached, state: str) -> None:
    outbox.put([NOTICE])
    for step in {"reservada": ["reservada"], "cancelada": ["cancelada"]}.get(state, ["reservada", state]):
        erp.done("UPDATE WA_FILA SET SITUACAO = ?", (step,))

    assert outbox.put([paid(NOTICE)]) == (Queued.REPEATED,)

    assert erp.state(KEY) == state
    assert erp.ask("SELECT REF FROM WA_TITULO") == [("T1",)]
    assert erp.ask("SELECT REF FROM WA_ETAPA") == [("T1",)]


@pytest.mark.feature("B11")
def test_a_row_that_the_engine_holds_locked_is_left_to_it(
    outbox: FirebirdOutbox, plain: ContractDatabase, erp: Attached
) -> None:
    outbox.put([NOTICE])
    with plain.attach() as engine:
        engine.run("UPDATE WA_FILA SET SITUACAO = 'reservada', TOKEN = 't'")
        assert outbox.put([paid(NOTICE), replace(NOTICE, key="fech|outra")]) == (Queued.REPEATED, Queued.NEW)
        engine.commit()

    assert erp.ask("SELECT REF FROM WA_ETAPA ORDER BY FILA_ID") == [("T1",), ("T1",)]


def test_with_confirmation_it_waits_for_a_persons_yes(database: Database, erp: Attached) -> None:
    FirebirdOutbox(database, confirm=True).put([NOTICE])

    assert erp.state(KEY) == "aguardando_confirmacao"


# -- what does not fit -----------------------------------------------------------------------------------------------


@pytest.mark.feature("B30")
@pytest.mark.parametrize(
    ("draft", "told"),
    [
        (replace(NOTICE, problem="A coluna VENCIMENTO do título 1 está vazia."), "A coluna VENCIMENTO"),
        (replace(NOTICE, customer=replace(MARIA, name="Maria 🙂")), "O nome do cliente tem caracteres"),
        (replace(NOTICE, customer=replace(MARIA, name="M" * 121)), "O nome do cliente tem 121 caracteres, e cabem 120"),
        (replace(NOTICE, titles=(replace(DEBT, ref="R" * 61),)), "A referência do título NF 8123 tem 61"),
        (replace(NOTICE, titles=(replace(DEBT, amount=Decimal("1e15")),)), "valor fora do limite"),
        (replace(NOTICE, phones="9" * 201), "O telefone tem 201"),
        (replace(NOTICE, variables={"os": "v" * 4001}), "A variável os tem 4001"),
        (replace(NOTICE, template="🙂" * 6000), "O texto da mensagem passa de 20000 bytes"),
        (replace(NOTICE, attachments=(Attachment("a" * 130 + ".pdf", content=b"x"),)), "O nome do anexo tem 134"),
        (replace(NOTICE, customer=replace(MARIA, name="Ma\x00ria")), "O nome do cliente tem caracteres"),
    ],
)
def test_what_the_queue_cannot_hold_is_held_and_said_and_the_others_go(
    outbox: FirebirdOutbox, erp: Attached, draft: Draft, told: str
) -> None:
    assert outbox.put([draft, replace(NOTICE, key="fech|outra")]) == (Queued.HELD, Queued.NEW)

    assert erp.state(KEY) == "retida"
    assert told in erp.value("SELECT MOTIVO FROM WA_FILA WHERE CHAVE = ?", (KEY,))


def test_a_held_row_is_released_by_the_next_closing_that_finds_it_mended(outbox: FirebirdOutbox, erp: Attached) -> None:
    outbox.put([replace(NOTICE, problem="Falta o telefone.")])
    assert outbox.put([NOTICE]) == (Queued.UPDATED,)
    assert erp.state(KEY) == "pendente"


def test_a_key_that_the_column_cannot_hold_still_tells_one_message_from_another(
    outbox: FirebirdOutbox, erp: Attached
) -> None:
    odd = [replace(NOTICE, key=f"fech|{'C' * 130}|{number}") for number in range(2)]
    odd += [replace(NOTICE, key=f"fech|{sign}") for sign in "🙂🙃"]

    assert set(outbox.put(odd)) == {Queued.NEW}
    assert set(outbox.put(odd)) == {Queued.UPDATED}
    assert erp.value("SELECT COUNT(DISTINCT CHAVE) FROM WA_FILA") == 4


def test_one_draft_that_the_database_refuses_does_not_take_the_others_with_it(
    outbox: FirebirdOutbox, erp: Attached
) -> None:
    impossible = replace(NOTICE, key="fech|impossível", steps=(StepDone("T1", "vencido 3", date(1, 1, 1)),))
    erp.done("ALTER TABLE WA_ETAPA ADD CONSTRAINT WA_CK CHECK (DIA > '2000-01-01')")

    assert outbox.put([NOTICE, impossible]) == (Queued.NEW, Queued.ERROR)

    assert erp.ask("SELECT CHAVE FROM WA_FILA") == [(KEY,)]


# -- the next night --------------------------------------------------------------------------------------------------


def test_an_empty_queue_is_remembered_as_nothing(outbox: FirebirdOutbox) -> None:
    memory = outbox.remember(MONDAY, 7)

    assert (dict(memory.reminders), dict(memory.steps), dict(memory.waiting)) == ({}, {}, {})
    assert (memory.since, memory.last_closing) == (None, None)


@pytest.mark.feature("B03")
def test_what_waits_is_remembered_with_its_titles_its_steps_and_as_a_reminder(outbox: FirebirdOutbox) -> None:
    outbox.put([NOTICE])

    memory = outbox.remember(MONDAY, 7)

    assert memory.waiting == {KEY: frozenset({("T1", Decimal("150.00"), date(2026, 11, 20))})}
    assert memory.steps == {("1", "T1"): [StepDone("T1", "vencido 3", MONDAY, KEY)]}
    assert memory.reminders == {("1", "4711"): datetime(2026, 11, 23)}


def test_a_message_that_is_late_reminds_on_the_day_on_which_it_would_leave(outbox: FirebirdOutbox) -> None:
    outbox.put([NOTICE])

    tuesday = MONDAY + timedelta(days=1)

    assert outbox.remember(tuesday, 7).reminders == {("1", "4711"): datetime(2026, 11, 24)}


def test_a_title_paid_meanwhile_is_no_content_of_a_waiting_row(outbox: FirebirdOutbox, erp: Attached) -> None:
    outbox.put([NOTICE])
    erp.done("UPDATE WA_TITULO SET SITUACAO = 'pago'")

    assert outbox.remember(MONDAY, 7).waiting == {KEY: frozenset()}


def test_a_digest_reminds_every_customer_whose_titles_it_shows(outbox: FirebirdOutbox) -> None:
    titles = (DEBT, replace(DEBT, ref="T2"))
    payers = (Payer("T1", replace(MARIA, code="1")), Payer("T2", replace(MARIA, code="2")))
    outbox.put([replace(NOTICE, titles=titles, payers=payers)])

    assert set(outbox.remember(MONDAY, 7).reminders) == {("1", "1"), ("1", "2")}


def test_reminders_that_the_erp_queued_itself_count_too(outbox: FirebirdOutbox, erp: Attached) -> None:
    sent = datetime(2026, 11, 22, 9, 30)
    erp.put("do ERP", "enviada")
    erp.done("UPDATE WA_FILA SET EMPRESA = '1', CLIENTE_CODIGO = '12', ENVIADA_EM = ?", (sent,))
    erp.done("INSERT INTO WA_FILA (CHAVE, FINALIDADE, CLIENTE_CODIGO) VALUES ('os', 'servico', '13')")

    assert outbox.remember(MONDAY, 7).reminders == {("1", "12"): sent}


@pytest.mark.parametrize(
    ("state", "code", "done", "reminds"),
    [
        ("retida", "erp", True, False),
        ("cancelada", "pessoa", True, False),
        ("cancelada", None, True, False),
        ("cancelada", "erp", True, False),
        ("cancelada", "desligado", False, False),
        ("expirada", "expirada", False, False),
        ("falhou", "recusada", False, False),
        ("reservada", None, True, True),
        ("enviada", None, True, True),
        ("incerta", "duvida", True, True),
    ],
)
def test_which_outcome_counts_as_done_and_which_as_a_reminder(
    outbox: FirebirdOutbox, erp: Attached, state: str, code: str | None, done: bool, reminds: bool
) -> None:
    outbox.put([NOTICE])
    path = {
        "falhou": ["reservada", "enviando", state],
        "enviada": ["reservada", state],
        "incerta": ["reservada", state],
    }
    for step in path.get(state, [state]):
        erp.done("UPDATE WA_FILA SET SITUACAO = ?", (step,))
    left = datetime(2026, 11, 23, 9) if state in ("enviada", "incerta", "falhou") else None
    erp.done("UPDATE WA_FILA SET MOTIVO_CODIGO = ?, ENVIADA_EM = ?", (code, left))
    assert erp.state(KEY) == state

    memory = outbox.remember(MONDAY, 7)

    assert (bool(memory.steps), bool(memory.reminders)) == (done, reminds)
    assert memory.waiting == {}


def test_only_recent_steps_are_remembered(outbox: FirebirdOutbox) -> None:
    outbox.put([NOTICE])

    assert outbox.remember(MONDAY + timedelta(days=7), 7).steps
    assert outbox.remember(MONDAY + timedelta(days=8), 7).steps == {}


@pytest.mark.parametrize("name", ["reminders_sent", "reminders_waiting", "waiting_content", "steps_done"])
def test_remembering_never_walks_through_the_whole_history(erp: Attached, name: str) -> None:
    cursor = erp.connection.cursor()
    plan = cursor.prep(QUERIES[name]).plan
    cursor.close()

    assert plan is not None
    assert "NATURAL" not in plan
    if name == "reminders_sent":
        assert "WA_I_FILA_VEZ" not in plan  # by SITUACAO it would walk through everything that was ever sent


def test_the_first_send_day_is_written_once(outbox: FirebirdOutbox) -> None:
    outbox.activate(MONDAY)
    outbox.activate(MONDAY + timedelta(days=1))

    assert outbox.remember(MONDAY, 7).since == MONDAY


def test_a_closing_is_remembered_with_what_it_did(outbox: FirebirdOutbox, erp: Attached) -> None:
    outbox.put([NOTICE, replace(NOTICE, key="fech|2", problem="Falta o telefone.")])
    outbox.put([NOTICE])
    outbox.closed(NIGHT, MONDAY)
    outbox.closed(NIGHT + timedelta(minutes=1), MONDAY)

    row = "SELECT RODADO_EM, NOVAS, ATUALIZADAS, REPETIDAS, RETIDAS, COM_ERRO FROM WA_FECHAMENTO ORDER BY ID"
    assert erp.ask(row) == [(NIGHT, 1, 1, 0, 1, 0), (NIGHT + timedelta(minutes=1), 0, 0, 0, 0, 0)]
    assert outbox.remember(MONDAY, 7).last_closing == NIGHT + timedelta(minutes=1)


def test_watching_begins_once_and_never_after_a_closing(outbox: FirebirdOutbox) -> None:
    outbox.begin(NIGHT)
    outbox.begin(NIGHT + timedelta(days=1))

    assert outbox.last_closing(NIGHT + timedelta(days=1)) == NIGHT
    assert outbox.last_closing(NIGHT - timedelta(days=1)) is None  # written while the clock was wrong


# -- companies -------------------------------------------------------------------------------------------------------


def test_companies_are_registered_and_completed_but_what_stands_there_is_kept(
    outbox: FirebirdOutbox, queue: FirebirdQueue, erp: Attached
) -> None:
    erp.done("INSERT INTO WA_EMPRESA (CODIGO, RAZAO_SOCIAL, UF) VALUES ('1', 'Nome Certo Ltda', '')")
    shop = Company("1", "Nome Velho", "Loja São José", "11.222.333/0001-81", Address("Rua Um", state="SC"))

    outbox.register_companies([shop, Company("2", "Filial"), Company("2", "Outra", "Filial Centro")])
    outbox.register_companies([shop, Company("2", "Filial")])

    first, second = queue.companies()
    assert (first.legal_name, first.trade_name, first.address.state) == ("Nome Certo Ltda", "Loja São José", "SC")
    assert (second.code, second.legal_name, second.trade_name) == ("2", "Filial", "Filial Centro")


def test_a_held_row_is_remembered_with_its_reason_and_content(database: Database) -> None:
    """So that the next closing writes it anew when it was mended, and leaves it alone when it was not."""
    outbox = FirebirdOutbox(database)
    broken = replace(NOTICE, problem="A coluna CLIENTE_NOME não pode ser lida.")
    assert outbox.put([broken]) == (Queued.HELD,)

    memory = outbox.remember(MONDAY, 8)

    assert memory.held == {KEY: HeldRow(broken.problem, content_of(broken.titles))}
    assert (memory.waiting, memory.reminders) == ({}, {})
    assert outbox.put([NOTICE]) == (Queued.UPDATED,)
    assert outbox.remember(MONDAY, 8).held == {}


def test_what_a_restored_backup_holds_is_not_the_closings_to_write_anew(database: Database) -> None:
    outbox = FirebirdOutbox(database)
    outbox.put([NOTICE])
    database.run(lambda s: s.execute("UPDATE WA_FILA SET SITUACAO = 'retida', MOTIVO_CODIGO = 'restaurado'"))

    assert outbox.remember(MONDAY, 8).held == {}
