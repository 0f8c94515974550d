"""Between the closing and the sending the world moves on: what is asked again just before a message leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from integrator.erp.connection import Target
from integrator.gateways.simulator.process import RunningSimulator
from integrator.sending.compose import Composer
from tests.engine.conftest import MORNING
from tools.faults_engine import EngineRun, send_all
from tools.faults_shop import Shop, boleto_digits, judge, key_of, phone_of

DUE = MORNING.date() - timedelta(days=10)

_HOOK = """
CREATE PROCEDURE WA_CONFERIR_TITULO (P_REF VARCHAR(60))
RETURNS (ABERTO CHAR(1), VALOR_ABERTO NUMERIC(15, 2), VENCIMENTO DATE)
AS BEGIN {body} END
"""


def debt(shop: Shop, number: int, titles: int = 1) -> list[str]:
    """One notice with boletos; the refs of its titles."""
    row_id = shop.enqueue(number)
    refs = [shop.add_title(row_id, number * 10 + place, DUE) for place in range(titles)]
    shop.release(key_of(number))
    return refs


def received(simulator: RunningSimulator) -> tuple[str, list[str]]:
    """All that was written to customers, in bubbles of its own or under a file, and the names of the files."""
    bubbles = simulator.ledger().messages
    return "\n".join(b.text + b.caption for b in bubbles), [b.file_name for b in bubbles if b.file_name]


def hook(shop: Shop, body: str) -> None:
    """The vendor's own word on a title, as a procedure of the ERP."""
    connection = shop.database.connection()
    connection.execute_immediate(_HOOK.format(body=body))
    connection.commit()
    shop.close()


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Lets something happen right after the next message is composed, before it is sent."""

    def plan(happening: Callable[[], object]) -> None:
        compose = Composer.compose
        pending = [happening]

        def composed(*args: Any, **named: Any) -> Any:
            answer = compose(*args, **named)
            if pending:
                pending.pop()()
            return answer

        monkeypatch.setattr(Composer, "compose", composed)

    return plan


Meanwhile = Callable[[Callable[[], object]], None]


@pytest.mark.feature("B05")
def test_a_title_paid_after_the_message_was_composed_is_not_sent(
    meanwhile: Meanwhile, simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    (ref,) = debt(shop, 0)
    debt(shop, 1)
    meanwhile(lambda: shop.rows("SELECT RESULTADO FROM WA_CANCELAR_TITULO(?)", (ref,)))

    send_all(engine_run)

    queue = shop.queue()
    assert queue[key_of(0)].state == "cancelada"
    assert {bubble.to for bubble in simulator.ledger().messages} == {f"55{phone_of(1)}"}


@pytest.mark.feature("B05")
def test_of_two_titles_the_one_paid_meanwhile_is_left_out(
    meanwhile: Meanwhile, simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    paid, _ = debt(shop, 0, titles=2)
    meanwhile(lambda: shop.rows("SELECT RESULTADO FROM WA_CANCELAR_TITULO(?)", (paid,)))

    send_all(engine_run)

    said, files = received(simulator)
    assert "NF1 " in said.replace("/", " ")
    assert "NF0" not in said
    assert len(files) == 2  # the debt report and one boleto
    assert len(judge(shop.queue(), simulator.ledger()).sent) == 1


@pytest.mark.feature("B05")
def test_a_cancellation_asked_while_the_row_is_reserved_is_heard(
    meanwhile: Meanwhile, simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    debt(shop, 0)
    answers: list[str] = []

    def cancel() -> None:
        ((answer,),) = shop.rows("SELECT RESULTADO FROM WA_CANCELAR(?, 'Cliente pagou no balcão')", (key_of(0),))
        answers.append(str(answer).strip())

    meanwhile(cancel)
    send_all(engine_run)

    row = shop.queue()[key_of(0)]
    assert (answers, row.state, row.reason) == (["JA_RESERVADA"], "cancelada", "Cliente pagou no balcão")
    assert simulator.ledger().messages == ()


def cancel_while_locked(shop: Shop, target: Target) -> None:
    """WA_CANCELAR in the instant in which another transaction holds the row: it can but leave an event."""
    other = Shop(target)
    with shop.database.transaction() as holder:
        holder.execute("UPDATE WA_FILA SET ERRO_ERP = NULL WHERE CHAVE = ?", (key_of(0),))
        other.rows("SELECT RESULTADO FROM WA_CANCELAR(?, 'Pagou no balcão')", (key_of(0),))
    other.close()


@pytest.mark.feature("B05")
def test_a_cancellation_that_met_the_row_locked_is_heard_all_the_same(
    meanwhile: Meanwhile, simulator: RunningSimulator, engine_run: EngineRun, shop: Shop, target: Target
) -> None:
    debt(shop, 0)
    meanwhile(lambda: cancel_while_locked(shop, target))

    send_all(engine_run)

    row = shop.queue()[key_of(0)]
    assert (row.state, row.reason) == ("cancelada", "Pagou no balcão")
    assert simulator.ledger().messages == ()


def test_a_message_written_anew_after_such_a_cancellation_is_sent(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop, target: Target
) -> None:
    debt(shop, 0)
    cancel_while_locked(shop, target)
    debt(shop, 0)

    send_all(engine_run)

    assert len(judge(shop.queue(), simulator.ledger()).sent) == 1


@pytest.mark.feature("B05")
def test_the_vendors_procedure_says_that_it_was_paid(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    debt(shop, 0)
    hook(shop, "ABERTO = 'N'; VALOR_ABERTO = 0;")

    send_all(engine_run)

    assert shop.queue()[key_of(0)].state == "cancelada"
    assert "já foram pagos" in shop.queue()[key_of(0)].reason
    assert simulator.ledger().messages == ()


@pytest.mark.feature("B05")
def test_the_vendors_procedure_says_another_amount_and_the_old_boleto_stays_behind(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    debt(shop, 0)
    hook(shop, "ABERTO = 'S'; VALOR_ABERTO = 70.25;")

    send_all(engine_run)

    said, files = received(simulator)
    assert "70,25" in said
    assert [name for name in files if "boleto" in name.lower()] == []


@pytest.mark.feature("B05")
def test_a_vendors_procedure_that_fails_holds_its_row_with_the_reason(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    debt(shop, 0)
    shop.enqueue(1)
    row_id = shop.enqueue(2)
    shop.add_title(row_id, 2, DUE, boleto=False)
    shop.run("UPDATE WA_TITULO SET REF = NULL WHERE FILA_ID = ?", (row_id,))
    shop.release(key_of(2))
    hook(shop, "ABERTO = CAST('dois' AS INTEGER);")

    send_all(engine_run)

    queue = shop.queue()
    assert (queue[key_of(0)].state, queue[key_of(2)].state) == ("retida", "enviada")
    assert "WA_CONFERIR_TITULO" in queue[key_of(0)].reason


@pytest.mark.feature("S10", "B05")
def test_a_recorded_no_wins_over_the_flag_of_the_register(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    debt(shop, 0)
    shop.run(
        "INSERT INTO WA_CONSENTIMENTO (TELEFONE, FINALIDADE, ACEITA, ORIGEM) VALUES (?, 'cobranca', 'N', 'SAIR')",
        (f"55{phone_of(0)}",),
    )

    send_all(engine_run)

    row = shop.queue()[key_of(0)]
    assert (row.state, row.code) == ("retida", "consentimento")
    assert "pediu" in row.reason
    assert simulator.ledger().messages == ()


@pytest.mark.feature("S10")
def test_a_contact_without_the_flag_receives_nothing(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    row_id = shop.enqueue(0, accepts="N")
    shop.add_title(row_id, 0, DUE)
    shop.release(key_of(0))
    debt(shop, 1)

    send_all(engine_run)

    row = shop.queue()[key_of(0)]
    assert (row.state, row.code) == ("retida", "consentimento")
    assert {bubble.to for bubble in simulator.ledger().messages} == {f"55{phone_of(1)}"}


def test_a_message_past_its_own_date_expires_unsent(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    debt(shop, 0)
    shop.run("UPDATE WA_FILA SET EXPIRA_EM = ?", (MORNING - timedelta(minutes=1),))

    send_all(engine_run)

    assert shop.queue()[key_of(0)].state == "expirada"
    assert simulator.ledger().messages == ()


def test_debts_older_than_five_years_are_not_collected(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    row_id = shop.enqueue(0)
    shop.add_title(row_id, 0, date(MORNING.year - 6, 1, 15), boleto=False)
    shop.release(key_of(0))

    send_all(engine_run)

    row = shop.queue()[key_of(0)]
    assert (row.state, row.code) == ("cancelada", "antiga")
    assert simulator.ledger().messages == ()


@pytest.mark.feature("B04")
def test_a_boleto_replaced_while_the_message_is_composed_goes_out_as_it_is_now(
    meanwhile: Meanwhile, simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    debt(shop, 0)
    other = boleto_digits(DUE, Decimal("99.90"), 777)
    meanwhile(
        lambda: shop.run("UPDATE WA_TITULO SET VALOR = 99.90, VALOR_ABERTO = 99.90, LINHA_DIGITAVEL = ?", (other,))
    )

    send_all(engine_run)

    assert "99,90" in received(simulator)[0]
    assert len(judge(shop.queue(), simulator.ledger()).sent) == 1
