"""A login that may not read the vendor's tables: each missing GRANT is printed. On a server that checks passwords."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from integrator.erp.connection import Database
from integrator.erp.profiles.check import check_profile
from integrator.erp.profiles.source import ProfileSource
from integrator.settings.problems import Place, ProfileError
from tests.profiles.shop import DEBTS, ErpShop, profile_of
from tools import firebird_packages
from tools.firebird_server import PrivateServer, StrictServer


@pytest.fixture
def strict_shop(firebird_server: PrivateServer, tmp_path: Path) -> Iterator[ErpShop]:
    firebird = firebird_packages.ensure()
    if firebird.prefix != Path("/"):
        pytest.skip("only an installed Firebird finds its plugins without the build switch")
    with StrictServer(tmp_path / "strict", firebird) as server:
        erp = ErpShop(server, server.create_database("erp.fdb"))
        erp.create()
        erp.run("CREATE USER LEITOR PASSWORD 'segredo'")
        yield erp


def test_each_grant_that_is_missing_is_printed_until_none_is(strict_shop: ErpShop) -> None:
    limited = Database(replace(strict_shop.target, user="LEITOR", password="segredo"))
    profile = profile_of(DEBTS.replace("WHERE", "JOIN LISTA L ON L.ID = C.ID WHERE"))
    report = check_profile(limited, profile)
    assert not report.ok
    found = {problem.place: problem.message for problem in report.problems if not problem.warning}
    assert "GRANT SELECT ON RECEBER TO LEITOR;" in found[Place(8, 6)]
    assert "GRANT SELECT ON CLIENTE TO LEITOR;" in found[Place(8, 21)]
    strict_shop.run("GRANT SELECT ON CLIENTE TO LEITOR")
    strict_shop.run("GRANT SELECT ON RECEBER TO LEITOR")
    (problem,) = [problem for problem in check_profile(limited, profile).problems if not problem.warning]
    assert "GRANT EXECUTE ON PROCEDURE LISTA TO LEITOR;" in problem.message
    source = ProfileSource(limited, profile)
    with pytest.raises(ProfileError, match="GRANT EXECUTE"):
        list(source.debts(date(2026, 1, 1), date(2026, 12, 31), date(2026, 11, 21)))
    source.close()
    strict_shop.run("GRANT EXECUTE ON PROCEDURE LISTA TO LEITOR")
    assert check_profile(limited, profile).ok
