"""`docs/perfis.md`: its example runs on a real database, and its tables say what the program knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from integrator.erp.profiles.canonical import SOURCES, SourceName
from integrator.erp.profiles.charsets import CHARSETS
from integrator.erp.profiles.check import check_profile
from integrator.erp.profiles.loader import read_profile
from tests.erp.helpers import ContractDatabase, isql
from tests.profiles.shop import ErpShop
from tools.firebird_server import PrivateServer

TEXT = (Path(__file__).parents[2] / "docs" / "perfis.md").read_text(encoding="utf-8")


def block(kind: str) -> str:
    (found,) = re.findall(rf"^```{kind}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.fixture(params=[1, 3])
def followed(firebird_server: PrivateServer, request: pytest.FixtureRequest) -> Iterator[ErpShop]:
    """The database of the example, in both dialects."""
    path = firebird_server.create_database(f"manual-perfis-{request.param}.fdb", "NONE", request.param)
    printed = isql(
        ContractDatabase(firebird_server, path, request.param), block("sql tabelas"), "-b", "-ch", "NONE", "-s",
        str(request.param), encoding="cp1252",
    )  # fmt: skip
    assert "SQLSTATE" not in printed, printed[-2000:]
    yield ErpShop(firebird_server, path, request.param)
    path.unlink()


@pytest.mark.feature("B13")
def test_the_example_passes_the_check_and_reads_what_the_manual_says(followed: ErpShop) -> None:
    profile = read_profile(block("toml exemplo"), "perfis.md")
    report = check_profile(followed.database, profile)
    assert report.problems == ()
    with followed.source(profile) as source:
        debts = list(source.debts(date(2025, 1, 1), date(2026, 12, 31), date(2026, 11, 21)))
        assert [(debt.title.ref, str(debt.title.open_amount), debt.state.value) for debt in debts] == [
            ("101", "150.00", "aberto"),
            ("102", "100.00", "aberto"),
            ("103", "0.00", "pago"),
        ]
        assert debts[0].customer.name == "João da Conceição"
        assert not any(debt.problem for debt in debts)
        assert [contact.accepts for contact in source.contacts()] == [True, False]
        assert source.companies()[0].address.city == "Concórdia"
        answer = source.ask("103")
        assert answer is not None
        assert answer.state.value == "pago"
        assert len(list(source.history(date(2026, 10, 1), date(2026, 10, 31)))) == 1


@pytest.mark.parametrize("source", list(SourceName))
def test_every_source_column_parameter_and_key_is_in_the_manual(source: SourceName) -> None:
    spec = SOURCES[source]
    (section,) = re.findall(rf"^### {source.value}\n(.*?)(?=^##)", TEXT, re.MULTILINE | re.DOTALL)
    for column in spec.columns:
        needed = "sim" if column.required else "não"
        assert re.search(
            rf"^\| `{column.name}` \| {re.escape(column.kind.value)}.* \| {needed} \|", section, re.MULTILINE
        )
    for name in (*spec.parameters, *spec.options):
        assert f"`:{name}`" in section or f"`{name}`" in section
    for parameter in spec.parameters:
        assert f"`:{parameter}`" in TEXT.partition("## 4. Parâmetros")[2].partition("## 5.")[0]


def test_every_charset_is_in_the_manual() -> None:
    for charset in CHARSETS:
        assert f"`{charset}`" in TEXT


def test_the_links_of_the_table_of_contents_lead_somewhere() -> None:
    headings = {
        re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^## (.+)$", TEXT, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) == headings
