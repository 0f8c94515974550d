"""``profile report`` on the sample ERPs, which have no ``WA_*`` at all: read only, and honest."""

from __future__ import annotations

import csv
import importlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import typer

from integrator.cli import profile_report
from integrator.cli.context import Choice
from integrator.cli.hindsight_words import report_of, summary_of
from integrator.cli.portuguese import App, WrongUsage
from integrator.cli.profile_report import look
from integrator.closing.hindsight import look_back
from integrator.closing.hindsight_figures import Hindsight, Month, PastTitle
from integrator.closing.policy import closing_policy
from integrator.closing.ports import Contact
from integrator.demo.profile_erps import build
from integrator.demo.profile_erps.build import MANNERS, ProfileErp
from integrator.demo.profile_erps.model import Case, ErpName
from integrator.demo.sample_erp.store import attachment
from integrator.documents.hindsight_report import draw_hindsight, hindsight_csv
from integrator.domain.calendar import Calendar, Hours, Week
from integrator.domain.errors import IntegratorError, SettingsError
from integrator.domain.message import Company
from integrator.erp.connection import Database, Target
from integrator.erp.profiles.loader import load_profile
from integrator.logs import close_logging
from integrator.settings import Settings
from tests.demo.conftest import target_of
from tests.documents.readers import page_texts
from tools.firebird_server import PrivateServer

TODAY = date(2026, 11, 26)
SEND_DAY = date(2026, 11, 27)
OCTOBER = Month.of(2026, 10, TODAY)
READER = ("LEITOR", "leitura")
#: Messages and customers with seed 1.
EXPECTED = {ErpName.VAREJO: (240, 67), ErpName.OFICINA: (260, 67)}


@dataclass(frozen=True, slots=True)
class Prospect:
    """A shop that has nothing of ours in its database, whose file cannot be written and whose user may only read."""

    erp: ProfileErp
    path: Path

    @property
    def target(self) -> Target:
        return replace(self.erp.target, user=READER[0], password=READER[1])


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTEGRATOR_SENHA", READER[1])


@pytest.fixture(scope="module", params=list(ErpName), ids=[name.value for name in ErpName])
def prospect(
    request: pytest.FixtureRequest, firebird_server: PrivateServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Prospect]:
    name: ErpName = request.param
    manner = MANNERS[name]
    path = firebird_server.create_database(f"prospect-{name.value}.fdb", manner.charset, manner.dialect)
    target = target_of(firebird_server, path)
    erp = build.fill(name, target, tmp_path_factory.mktemp(name.value), today=TODAY, send_day=SEND_DAY)
    _allow_reading_only(target, name)
    _make_read_only(firebird_server, path)
    yield Prospect(erp, path)
    path.unlink()


def _allow_reading_only(target: Target, name: ErpName) -> None:
    """A user with SELECT on the vendor's tables and nothing else."""
    user, password = READER
    with attachment(target, "NONE") as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT TRIM(RDB$RELATION_NAME) FROM RDB$RELATIONS WHERE RDB$SYSTEM_FLAG = 0")
        tables = [str(table) for (table,) in cursor.fetchall()]
        connection.commit()
        for statement in (
            f"CREATE OR ALTER USER {user} PASSWORD '{password}'",
            *(f"GRANT SELECT ON {table} TO {user}" for table in tables),
        ):
            connection.execute_immediate(statement)
            connection.commit()


def _make_read_only(server: PrivateServer, path: Path) -> None:
    """As ``gfix -mode read_only`` does: from now on the server itself writes nothing to this file."""
    services: Any = importlib.import_module("fdb.services")  # the stubs of fdb leave this module out
    service = services.connect(host=f"{server.host}/{server.port}", user=server.user, password=server.password)
    service.set_access_mode(str(path), services.ACCESS_READ_ONLY)
    service.close()


def looked(prospect: Prospect) -> Hindsight:
    database = Database(prospect.target)
    try:
        return look(database, load_profile(prospect.erp.name.value), Settings(), OCTOBER)[0]
    finally:
        database.close()


def run(prospect: Prospect, folder: Path, *arguments: str) -> int:
    """The command as it is registered, on a configuration of the test's own."""
    target = prospect.target
    config = folder / "config.toml"
    config.write_text(
        f"[banco]\nservidor = '{target.host}'\nporta = {target.port}\ncaminho = '{target.path}'\n"
        f"usuario = '{target.user}'\n"
        f"cliente = '{target.client}'\n[fechamento]\nperfil = '{prospect.erp.name.value}'\n",
        encoding="utf-8",
    )
    app = App(help="Teste.")
    app.command("report")(profile_report.report)
    app.callback()(lambda: None)
    command = typer.main.get_command(app)
    command.main(["report", *arguments], obj=Choice(config, folder / "dados"), standalone_mode=False)
    close_logging()
    return 0


@pytest.mark.feature("B28")
def test_the_command_tells_the_month_on_the_screen_as_pdf_and_as_csv_and_changes_no_byte_of_the_database(
    prospect: Prospect, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = prospect.path.read_bytes()
    pdf, sheet = tmp_path / "outubro.pdf", tmp_path / "outubro.csv"
    run(prospect, tmp_path, "--mes", "10/2026", "--pdf", str(pdf), "--csv", str(sheet))
    said = " ".join(capsys.readouterr().out.split())
    found = looked(prospect)

    reminders, customers = EXPECTED[prospect.erp.name]
    assert said.startswith(
        f"Em outubro de 2026 o integrador teria enviado {reminders} lembretes a {customers} clientes, sobre "
    )
    assert "mostra o que teria sido enviado, e não quanto teria sido pago por causa disso" in said
    pages = page_texts(pdf.read_bytes())
    assert len(pages) == 2
    assert "E se estivesse ligado em outubro de 2026?" in pages[0]
    assert f"{reminders}" in pages[0]
    assert found.unreachable[0].name in pages[1]
    rows = list(csv.reader(io.StringIO(sheet.read_bytes().decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len(rows) == 1 + reminders
    assert prospect.path.read_bytes() == before


def test_the_months_figures_agree_with_each_other_and_with_the_books(prospect: Prospect) -> None:
    found = looked(prospect)
    assert (len(found.reminders), found.customers) == EXPECTED[prospect.erp.name]
    assert sum(day.reminders for day in found.days) == len(found.reminders)
    assert all(day.open or not day.reminders for day in found.days)
    cases = {f"{customer.code}": customer.case for customer in prospect.erp.customers}
    reminded = {cases[code.removeprefix("C00")] for sent in found.reminders for code in sent.customers}
    assert reminded & {Case.NOT_FLAGGED, Case.NO_PHONE, Case.RENEGOTIATED, Case.TOO_OLD} == set()
    unreachable = [cases[each.code.removeprefix("C00")] for each in found.unreachable]
    assert set(unreachable) == {Case.NOT_FLAGGED, Case.NO_PHONE}
    assert len(unreachable) >= 8 + 4 if prospect.erp.name is ErpName.OFICINA else len(unreachable) == 8 + 4
    amounts = [each.amount for each in found.unreachable]
    assert amounts == sorted(amounts, reverse=True)
    assert found.left_out == 1  # the name with a byte that is no text


def test_the_user_really_may_not_write_and_the_file_really_cannot_be_written(prospect: Prospect) -> None:
    table = "CREDIARIO" if prospect.erp.name is ErpName.VAREJO else "BONUS"
    database = Database(prospect.target)
    try:
        with pytest.raises(IntegratorError):
            database.run(lambda session: session.execute(f"DELETE FROM {table}"))
    finally:
        database.close()


def test_a_month_to_come_and_a_month_that_does_not_exist_are_refused(prospect: Prospect, tmp_path: Path) -> None:
    for wrong, sentence in (
        ("2099-01", "nenhum dia completo"),
        ("2026-13", "não é um mês"),
        ("outubro", "não é um mês"),
    ):
        with pytest.raises(WrongUsage, match=sentence):
            run(prospect, tmp_path, "--mes", wrong)


def test_without_a_profile_or_without_history_in_it_the_command_says_what_is_missing(
    prospect: Prospect, tmp_path: Path
) -> None:
    profile = tmp_path / "sem-historico.toml"
    shipped = resources.files("integrator.erp.profiles").joinpath(f"exemplos/{prospect.erp.name.value}.toml")
    profile.write_text(shipped.read_text("utf-8").split("[historico]")[0].rstrip("# \n") + "\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"não tem \[historico\]"):
        run(prospect, tmp_path, "--perfil", str(profile))


def test_a_month_without_any_title_is_one_page_that_says_so() -> None:
    policy = closing_policy(Settings())
    week = Calendar(Week.of(Hours(time(8), time(18))))
    found = look_back([], [], OCTOBER, policy, week, lambda day: day)
    pages = page_texts(draw_hindsight(report_of(found, policy, Company("", ""), datetime(2026, 11, 26, 9))))
    assert len(pages) == 1
    assert "não teria enviado nenhum lembrete" in " ".join(pages[0].split())


def test_a_month_still_running_says_until_when() -> None:
    november = Month.of(2026, 11, TODAY)
    week = Calendar(Week.of(Hours(time(8), time(18))))
    title = PastTitle("", "1", "A", "Ana", date(2026, 11, 10), Decimal("10.00"))
    contact = Contact("", "A", "Ana", "49 98859-0187", True)
    found = look_back([title], [contact], november, closing_policy(Settings()), week, lambda day: day)
    assert summary_of(found) == (
        "Em novembro de 2026, até o dia 25/11/2026, o integrador teria enviado 4 lembretes a 1 cliente, sobre 1 título "
        "que somava R$ 10,00. Sem esses lembretes, 0 títulos foram pagos desde então e 1 continua sem pagamento "
        "completo, no valor de R$ 10,00."
    )


def test_a_customers_name_is_no_formula_of_the_spreadsheet() -> None:
    sheet = hindsight_csv(("Cliente",), [("=HYPERLINK(1)",), (" +49",), ("Ana",)]).decode("utf-8-sig")
    assert sheet.splitlines() == ["Cliente", "'=HYPERLINK(1)", "' +49", "Ana"]
