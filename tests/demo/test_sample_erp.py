"""The sample ERP's closing queues exactly what it must, however often it runs."""

from collections import Counter
from datetime import datetime
from pathlib import Path

from integrator.demo.sample_erp import build
from integrator.demo.sample_erp.build import SampleErp
from integrator.demo.sample_erp.expectations import Absence, in_scope
from integrator.demo.sample_erp.model import CancelCause, Problem
from integrator.domain.money import to_money
from integrator.erp.connection import Database
from integrator.erp.sql import QUERIES
from tests.conftest import FreshDatabase
from tests.demo.conftest import target_of
from tests.demo.sample_erp_probe import TODAY, closing_keys, column, content, held, hook, keys, read, titles
from tools.firebird_server import PrivateServer


def test_it_is_as_large_as_a_shop(closed: SampleErp) -> None:
    debts = [debt for customer in closed.customers for debt in customer.debts]
    assert len(debts) >= 400
    assert read(closed, "SELECT COUNT(*) FROM CONTAS_RECEBER") == [(len(debts),)]
    assert 215 <= closed.expectations.rows <= 230
    assert len(closed.expectations.sendable) >= 185


def test_the_queue_holds_exactly_the_keys_that_are_expected(closed: SampleErp) -> None:
    expected = closed.expectations
    named = {*closing_keys(closed), *expected.awaiting, *expected.sendable, *(item.key for item in expected.held)}
    named |= {item.key for item in expected.cancelled}
    found = keys(closed)
    assert named <= found
    (second,) = found - named
    assert second.startswith(f"{expected.repeated}#")
    assert len(found) == expected.rows


def test_no_contact_without_the_flag_nor_without_debts_is_in_the_queue(closed: SampleErp) -> None:
    absent = closed.expectations.absent
    assert keys(closed).isdisjoint(item.key for item in absent)
    assert {item.why for item in absent} == set(Absence)
    flags = read(
        closed,
        "SELECT C.RECEBE_AVISO_DEBITOS, COUNT(*) FROM CONTATOS C JOIN WA_FILA F "
        "ON F.CHAVE = 'COB|2026-11-20|' || C.CODPESSOA || '|' || C.CODIGO GROUP BY 1",
    )
    assert flags == [("S", len(closing_keys(closed)))]


def test_each_row_has_the_titles_of_its_customer_that_are_due_and_no_other(closed: SampleErp) -> None:
    found = titles(closed)
    for customer in closed.customers:
        wanted = sorted(str(debt.code) for debt in customer.debts if in_scope(debt, TODAY))
        for contact in customer.contacts:
            key = f"COB|2026-11-20|{customer.code}|{contact.code}"
            if contact.receives and wanted:
                assert sorted(title.ref for title in found[key]) == wanted


def test_the_type_tells_overdue_from_upcoming(closed: SampleErp) -> None:
    names = {(True,): "DÉBITO VENCIDO", (False,): "DÉBITO A VENCER", (False, True): "DÉBITOS"}
    types, found = column(closed, "TIPO"), titles(closed)
    wanted = {key: names[tuple(sorted({title.due < TODAY for title in found[key]}))] for key in found}
    assert {key: types[key].decode("cp1252") for key in found} == wanted
    assert min(Counter(wanted.values()).values()) > 20


def test_rows_wait_for_the_integrator_but_for_those_that_the_contract_itself_stops(closed: SampleErp) -> None:
    states = dict(read(closed, "SELECT TRIM(CHAVE), SITUACAO FROM WA_FILA"))
    stopped = {key: state for key, state in states.items() if state != "pendente"}
    (too_long,) = held(closed, Problem.NAME_TOO_LONG)
    (awaiting,) = closed.expectations.awaiting
    assert stopped.pop(too_long) == "retida"
    assert stopped.pop(awaiting) == "aguardando_confirmacao"
    ((second, state),) = stopped.items()
    assert second.startswith(closed.expectations.repeated)
    assert state == "cancelada"


def test_service_orders_bring_their_own_text_and_variables(closed: SampleErp) -> None:
    found = read(
        closed,
        "SELECT F.MODULO, COUNT(DISTINCT F.ID), COUNT(V.ID) FROM WA_FILA F JOIN WA_VARIAVEL V ON V.FILA_ID = F.ID "
        "WHERE F.FINALIDADE = 'servico' AND F.TEXTO LIKE '%{numero_os}%' GROUP BY F.MODULO",
    )
    assert found == [("ORDEM DE SERVIÇO", 4, 16)]


def test_two_builds_are_equal(
    closed: SampleErp, firebird_server: PrivateServer, fresh_database: FreshDatabase, erp_files: Path
) -> None:
    again = build.build_sample_erp(target_of(firebird_server, fresh_database()), erp_files, TODAY)
    assert build.run_closing(again, TODAY) == len(closing_keys(closed))
    assert again.customers == closed.customers
    assert again.expectations == closed.expectations
    assert content(again) == content(closed)


def test_another_seed_gives_other_people_but_as_many_messages(
    closed: SampleErp, firebird_server: PrivateServer, fresh_database: FreshDatabase, erp_files: Path
) -> None:
    other = build.build_sample_erp(target_of(firebird_server, fresh_database()), erp_files, TODAY, seed=2)
    assert build.run_closing(other, TODAY) == len(closing_keys(closed))
    assert other.expectations.rows == closed.expectations.rows
    assert {c.identity.tax_id for c in other.customers}.isdisjoint(c.identity.tax_id for c in closed.customers)


def test_a_dialect_1_database_serves_as_well(
    closed: SampleErp, firebird_server: PrivateServer, fresh_database: FreshDatabase, erp_files: Path
) -> None:
    erp = build.build_sample_erp(target_of(firebird_server, fresh_database(dialect=1)), erp_files, TODAY)
    assert build.run_closing(erp, TODAY) == len(closing_keys(closed))
    assert titles(erp) == titles(closed)


def test_the_closing_run_twice_changes_nothing(closed_copy: SampleErp) -> None:
    before = content(closed_copy)
    assert build.run_closing(closed_copy, TODAY) == 0
    assert content(closed_copy) == before


def test_the_closing_run_while_a_message_is_reserved_leaves_it_alone(closed_copy: SampleErp) -> None:
    database = Database(closed_copy.target)
    parameters = ("dono", "principal", 300, datetime(2026, 11, 21, 9), "cobranca", None, "S")
    reserved = database.run(lambda session: session.row(QUERIES["reserve"], parameters))
    database.close()
    assert reserved is not None
    assert build.run_closing(closed_copy, TODAY) == 0
    assert read(closed_copy, "SELECT ID, TOKEN FROM WA_FILA WHERE SITUACAO = 'reservada'") == [
        (reserved[0], reserved[2])
    ]


def test_only_the_erp_s_hook_knows_of_a_payment_after_the_closing(closed_copy: SampleErp) -> None:
    (paid,) = (item.key for item in closed_copy.expectations.cancelled if item.cause is CancelCause.PAID)
    before = titles(closed_copy)
    for title, (still_open, amount, due) in zip(before[paid], hook(closed_copy, before[paid]), strict=True):
        assert (still_open, to_money(amount), due) == ("S", title.open_amount, title.due)
    assert build.pay_after_closing(closed_copy) == 3
    assert titles(closed_copy) == before
    assert [answer[0] for answer in hook(closed_copy, before[paid])] == ["N", "N"]
    queued = [title for key in closed_copy.expectations.sendable for title in before.get(key, [])]
    assert Counter(answer[0] for answer in hook(closed_copy, queued))["N"] == 1
