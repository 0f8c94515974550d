"""The two sample ERPs for profiles: built in the manner of real ones, the same each time, with every case in them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib import resources
from typing import Any

import pytest

from integrator.demo.profile_erps import build
from integrator.demo.profile_erps.build import MANNERS, ProfileErp
from integrator.demo.profile_erps.crowd import Crowd
from integrator.demo.profile_erps.model import Case, ErpName
from integrator.demo.sample_erp.store import attachment
from integrator.erp.connection import Database
from integrator.erp.profiles.check import check_profile
from integrator.erp.profiles.loader import load_profile
from tests.demo.conftest import target_of
from tools.firebird_server import PrivateServer

TODAY = date(2026, 11, 26)
SEND_DAY = date(2026, 11, 27)
_PARAMETERS = {
    "hoje": TODAY,
    "de": TODAY - timedelta(days=1825),
    "ate": SEND_DAY + timedelta(days=5),
    "desde": datetime(2026, 11, 26, 0, 0),
    "dia": SEND_DAY.day,
    "mes": SEND_DAY.month,
}
_SOURCES = {
    "titulos", "contatos", "empresas", "conferir", "retorno_bancario", "documentos", "aniversariantes", "cashback",
    "historico",
}  # fmt: skip


def profile(name: ErpName) -> dict[str, Any]:
    """The shipped profile as plain TOML."""
    text = resources.files("integrator.erp.profiles").joinpath(f"exemplos/{name.value}.toml").read_text("utf-8")
    return tomllib.loads(text)


@pytest.fixture(scope="module", params=list(ErpName), ids=[name.value for name in ErpName])
def erp(
    request: pytest.FixtureRequest, firebird_server: PrivateServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ProfileErp]:
    name: ErpName = request.param
    manner = MANNERS[name]
    path = firebird_server.create_database(f"profile-{name.value}.fdb", manner.charset, manner.dialect)
    target = target_of(firebird_server, path)
    yield build.fill(name, target, tmp_path_factory.mktemp(name.value), today=TODAY, send_day=SEND_DAY)
    path.unlink()


def ask(erp: ProfileErp, sql: str, **parameters: object) -> list[dict[str, Any]]:
    """Rows of a profile's SELECT by column alias; named parameters become positional ones. Text stays bytes."""
    given = _PARAMETERS | parameters
    names: list[str] = []

    def mark(found: re.Match[str]) -> str:
        names.append(found[1])
        return "?"

    code = "\n".join(line.partition("--")[0] for line in sql.splitlines())
    statement = re.sub(r"(?<!:):(\w+)", mark, code)
    with attachment(erp.target, "NONE") as connection:
        cursor = connection.cursor()
        cursor.execute(statement, tuple(given[name] for name in names))
        aliases = [column[0] for column in cursor.description or ()]
        return [dict(zip(aliases, row, strict=True)) for row in cursor.fetchall()]


def test_both_profiles_together_show_every_source() -> None:
    assert {source for name in ErpName for source in profile(name)} == _SOURCES | {"perfil"}


def test_each_select_of_the_profile_runs_on_its_own_database(erp: ProfileErp) -> None:
    tables = {name: table for name, table in profile(erp.name).items() if name in _SOURCES}
    documents = tables.pop("documentos")
    ref = erp.customers[0].titles[0].debt.code
    answers = {name: ask(erp, table["sql"], ref=ref) for name, table in tables.items()}
    for table in documents:
        rows = answers[table["modulo"]] = ask(erp, table["sql"])
        if "itens_sql" in table:
            answers[f"{table['modulo']}: itens"] = ask(erp, table["itens_sql"], ref=rows[0]["REF"])
    assert [name for name, rows in answers.items() if not rows] == []
    assert len(answers["conferir"]) == 1


@pytest.mark.feature("B13")
def test_the_checker_has_nothing_to_complain_of_in_a_shipped_profile_on_its_own_database(erp: ProfileErp) -> None:
    database = Database(erp.target)
    try:
        report = check_profile(database, load_profile(erp.name.value))
    finally:
        database.close()
    assert report.problems == ()


def test_the_books_have_about_120_customers_and_400_titles_with_every_case(erp: ProfileErp) -> None:
    titles = sum(len(customer.titles) for customer in erp.customers)
    assert len(erp.customers) == 124
    assert 360 <= titles <= 440
    assert [case for case in Case if not erp.count(case)] == []


def test_the_same_seed_and_day_make_the_same_books_and_another_seed_makes_others() -> None:
    first = Crowd(TODAY, SEND_DAY, 1).customers()
    assert first == Crowd(TODAY, SEND_DAY, 1).customers()
    other = Crowd(TODAY, SEND_DAY, 2).customers()
    assert [customer.case for customer in other] == [customer.case for customer in first]
    assert [customer.identity for customer in other] != [customer.identity for customer in first]


def test_a_title_paid_after_the_closing_is_open_for_the_closing_and_paid_for_the_re_check(
    erp: ProfileErp, firebird_server: PrivateServer
) -> None:
    path = firebird_server.copy_database(erp.target.path, f"paying-{erp.name.value}.fdb")
    copy = replace(erp, target=target_of(firebird_server, path))
    paying = [code for customer in erp.customers for code in customer.pays_later]
    sql = profile(erp.name)["conferir"]["sql"]
    before = [text(ask(copy, sql, ref=code)[0]["SITUACAO"]) for code in paying]
    assert build.pay_after_closing(copy) == len(paying) == 3
    after = [text(ask(copy, sql, ref=code)[0]["SITUACAO"]) for code in paying]
    assert (before, after) == (["aberto"] * 3, ["pago"] * 3)
    path.unlink()


def text(cell: object) -> str:
    return (cell.decode("cp1252") if isinstance(cell, bytes) else str(cell)).strip()
