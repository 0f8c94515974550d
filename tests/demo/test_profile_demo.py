"""The demonstration on each of the two ERPs that fill no queue is run once, whole; then what it left is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from integrator.closing.ports import Queued
from integrator.closing.reasons import Why
from integrator.demo.profile_erps.model import Case, Customer, ErpName
from integrator.demo.profile_run import ProfileNight, run_profile_demo
from integrator.demo.results import FILES, HISTORY_PDF, PAGE, SUMMARY
from integrator.demo.run import DemoPlace
from integrator.domain.phone import parse_phones
from integrator.erp.connection import Database, Row
from integrator.gateways.simulator.ledger import Bubble, read_ledger
from tools.firebird_server import PrivateServer

pytestmark = pytest.mark.slow  # the run is the setup of whichever test comes first

#: What seed 1 gives on any computer and any date. It changes only with the shops, the ruler, the texts or the pace.
COUNTS = {
    ErpName.VAREJO: {"cancelada": 1, "entregue": 37, "enviada": 8, "lida": 43, "retida": 2},
    ErpName.OFICINA: {"cancelada": 2, "entregue": 53, "enviada": 8, "falhou": 1, "lida": 47, "retida": 1},
}
CHOSEN = {ErpName.VAREJO: (91, 111), ErpName.OFICINA: (112, 116)}


@dataclass(frozen=True, slots=True)
class Demo:
    """What is left of the run, and what it said."""

    night: ProfileNight
    out: Path
    said: str

    @property
    def name(self) -> ErpName:
        return self.night.erp.name

    def the(self, case: Case) -> Customer:
        """The first customer of that case."""
        return next(customer for customer in self.night.erp.customers if customer.case is case)

    def rows(self, sql: str) -> list[Row]:
        database = Database(self.night.erp.target)
        try:
            return database.read(lambda session: session.rows(sql))
        finally:
            database.close()

    def got(self, customer: Customer) -> list[Bubble]:
        """What the phone of the customer's first contact received."""
        numbers = parse_phones(customer.contacts[0].phone, "49")[0].alternatives
        return [bubble for bubble in read_ledger(self.out / "dados" / "simulador").messages if bubble.to in numbers]


@pytest.fixture(scope="module", params=list(ErpName), ids=[name.value for name in ErpName])
def demo(
    request: pytest.FixtureRequest, firebird_server: PrivateServer, tmp_path_factory: pytest.TempPathFactory
) -> Demo:
    folder = tmp_path_factory.mktemp("demonstração")
    with pytest.MonkeyPatch.context() as environment, (folder / "dito.txt").open("w", encoding="utf-8") as said:
        environment.setenv("INTEGRATOR_SENHA", firebird_server.password)
        environment.setenv("INTEGRATOR_DADOS", "")
        console = Console(file=said, width=100, highlight=False)
        databases = firebird_server.path("any").parent
        client = firebird_server.client_library
        place = DemoPlace(firebird_server.host, firebird_server.port, client, databases, folder / "saída")
        night = run_profile_demo(place, request.param, console)
    return Demo(night, folder / "saída", (folder / "dito.txt").read_text(encoding="utf-8"))


@pytest.mark.feature("B13", "S05", "S36")
def test_the_closing_by_the_profile_queues_and_the_engine_sends_what_is_expected(demo: Demo) -> None:
    first, summary = demo.night.first, demo.night.summary
    assert (first.messages, first.titles) == CHOSEN[demo.name]
    assert summary.counts == COUNTS[demo.name]
    assert (summary.duplicates, summary.lost) == (0, 0)


def test_closing_a_second_time_the_same_night_queues_nothing_new(demo: Demo) -> None:
    again = demo.night.again
    assert again.queued.get(Queued.NEW, 0) == again.queued.get(Queued.UPDATED, 0) == 0
    assert "Repetido o fechamento, mais 0." in demo.said
    assert demo.rows("SELECT COUNT(*) FROM WA_FILA") == [(demo.night.first.messages,)]


def test_who_must_not_receive_is_left_out_for_the_right_reason(demo: Demo) -> None:
    skipped = {why: tally.customers for why, tally in demo.night.first.skipped.items()}
    erp = demo.night.erp
    assert skipped[Why.NO_PHONE] >= erp.count(Case.NO_PHONE)
    assert skipped[Why.NOT_FLAGGED] >= erp.count(Case.NOT_FLAGGED)
    assert skipped[Why.CUSTOMER_OFF] == erp.count(Case.SWITCHED_OFF)
    assert skipped[Why.TOO_LITTLE] == erp.count(Case.SMALL_BALANCE)
    assert skipped[Why.ON_ITS_WAY] >= erp.count(Case.TOLERANCE)
    if demo.name is ErpName.OFICINA:  # the other profile does not even ask for these
        assert {Why.RENEGOTIATED, Why.CANCELLED, Why.PAID} <= set(skipped)
    codes = {str(code).strip().removeprefix("C00") for (code,) in demo.rows("SELECT CLIENTE_CODIGO FROM WA_FILA")}
    never = {Case.NO_PHONE, Case.NOT_FLAGGED, Case.SWITCHED_OFF, Case.SMALL_BALANCE, Case.RENEGOTIATED, Case.TOO_OLD}
    silent = {str(customer.code) for customer in erp.customers if customer.case in never}
    assert codes & silent == set()


@pytest.mark.feature("B04")
def test_a_name_that_cannot_be_read_holds_its_message_and_a_missing_boleto_too(demo: Demo) -> None:
    held = [str(reason) for (reason,) in demo.rows("SELECT MOTIVO FROM WA_FILA WHERE SITUACAO = 'retida'")]
    assert any("CLIENTE_NOME" in reason for reason in held)
    assert any("não encontrei o arquivo" in reason for reason in held) == (demo.name is ErpName.VAREJO)


def test_who_paid_everything_after_the_closing_gets_nothing(demo: Demo) -> None:
    assert demo.night.paid == 3
    assert demo.got(demo.the(Case.PAYS_ALL_LATER)) == []


def test_who_paid_one_title_of_two_is_reminded_of_the_other_and_gets_no_paid_boleto(demo: Demo) -> None:
    customer = demo.the(Case.PAYS_ONE_LATER)
    paid = next(owed.debt for owed in customer.titles if owed.debt.code in customer.pays_later)
    (kept,) = (owed.debt for owed in customer.titles if owed.debt.code not in customer.pays_later)
    bubbles = demo.got(customer)
    said = " ".join(bubble.caption or bubble.text for bubble in bubbles)
    files = " ".join(bubble.file_name for bubble in bubbles)
    assert kept.document.removeprefix("NF") in said + files
    assert paid.document.removeprefix("NF") not in said + files


def test_the_accountant_gets_one_message_only_where_the_erp_has_a_mark_for_it(demo: Demo) -> None:
    customers = [customer for customer in demo.night.erp.customers if customer.case is Case.DIGEST]
    texts = [said for bubble in demo.got(customers[0]) if "Total" in (said := bubble.caption or bubble.text)]
    companies = {owed.company for customer in customers for owed in customer.titles}
    assert len(texts) == (len(companies) if demo.name is ErpName.OFICINA else len(customers))
    told = " ".join(texts).casefold()
    assert all(customer.identity.name.casefold() in told for customer in customers)


def test_orders_birthdays_and_cashback_go_by_their_own_modules(demo: Demo) -> None:
    modules = {str(module).strip() for (module,) in demo.rows("SELECT DISTINCT MODULO FROM WA_FILA")}
    wanted = {"AVISO DE DÉBITOS", "ANIVERSARIANTES", "RECEBER", "CASHBACK"}
    own = {"ORDEM DE SERVIÇO", "ORÇAMENTO"} if demo.name is ErpName.OFICINA else {"CONDICIONAL"}
    assert modules == wanted | own


@pytest.mark.feature("G11", "G17", "G18")
def test_documents_carry_the_lines_that_the_erp_lists(demo: Demo) -> None:
    sql = (
        "SELECT F.MODULO, COUNT(DISTINCT F.ID), COUNT(*) FROM WA_FILA F JOIN WA_ITEM I ON I.FILA_ID = F.ID "
        "GROUP BY F.MODULO ORDER BY F.MODULO"
    )
    lines = [(str(module).strip(), documents, count) for module, documents, count in demo.rows(sql)]
    if demo.name is ErpName.OFICINA:
        assert lines == [("ORDEM DE SERVIÇO", 5, 10), ("ORÇAMENTO", 3, 6)]
    else:
        assert lines == [("CONDICIONAL", 3, 6)]


@pytest.mark.feature("G31", "G36", "G37", "G38")
def test_who_paid_is_thanked_and_cashback_without_an_end_is_left_out(demo: Demo) -> None:
    kinds = {str(kind).strip(): count for kind, count in demo.rows("SELECT TIPO, COUNT(*) FROM WA_FILA GROUP BY TIPO")}
    assert kinds["PARCELA QUITADA"] > 0
    if demo.name is ErpName.VAREJO:
        assert (kinds["CASHBACK A VENCER"], kinds["SALDO DE CASHBACK"]) == (2, 2)
        assert demo.night.first.skipped[Why.NO_END].customers == 1


def test_texts_of_the_profile_arrive_as_they_are_meant(demo: Demo) -> None:
    sent = [bubble.caption or bubble.text for bubble in read_ledger(demo.out / "dados" / "simulador").messages]
    assert not [text for text in sent if "\\" in text or "{" in text]
    assert sum("feliz aniversário" in text.casefold() for text in sent) == 3
    assert sum("está pronto. O total ficou em R$ " in text for text in sent) == (
        5 if demo.name is ErpName.OFICINA else 0
    )


@pytest.mark.feature("B13")
def test_nothing_but_the_queues_own_tables_is_written(demo: Demo) -> None:
    """The payments are the shop's; all else in the vendor's tables is as it was made."""
    table, count = ("CREDIARIO", "SITUACAO = 'B'") if demo.name is ErpName.VAREJO else ("PAGAMENTO", "1 = 1")
    titles = [owed.debt for customer in demo.night.erp.customers for owed in customer.titles]
    before = sum(debt.paid == debt.amount for debt in titles)
    before = before if demo.name is ErpName.VAREJO else 2 * sum(debt.paid > 0 for debt in titles)
    assert demo.rows(f"SELECT COUNT(*) FROM {table} WHERE {count}") == [(before + demo.night.paid,)]
    own = "SELECT COUNT(*) FROM RDB$RELATIONS WHERE RDB$SYSTEM_FLAG = 0 AND RDB$RELATION_NAME NOT STARTING WITH 'WA_'"
    assert demo.rows(own) == [(7 if demo.name is ErpName.VAREJO else 11,)]


def test_everything_that_people_can_open_is_there(demo: Demo) -> None:
    for name in (PAGE, HISTORY_PDF, SUMMARY, FILES):
        assert (demo.out / name).exists()
    assert "O que não chegou ao cliente, e por quê" in demo.said
