"""A small night on every version of Firebird that runs here, in the charsets and dialects that shops have."""

from __future__ import annotations

import sys
from itertools import product

import pytest

from tools import matrix
from tools.matrix import CHARSETS, DIALECTS, Cell

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the matrix needs a Linux distribution's packages")

#: A version takes a few seconds, on a busy computer a minute.
_PATIENCE_S = 300.0


@pytest.fixture(scope="module")
def cells() -> dict[tuple[int, str, int], Cell]:
    """All of them at once: each version has a process of its own, because a process loads one Firebird client."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matrix, "_PATIENCE_S", _PATIENCE_S)
        return {(cell.major, cell.charset, cell.dialect): cell for cell in matrix.run_all(matrix.majors())}


@pytest.mark.slow
@pytest.mark.feature("S14", "B01")
@pytest.mark.parametrize(("charset", "dialect"), list(product(CHARSETS, DIALECTS)))
@pytest.mark.parametrize("major", matrix.majors())
def test_what_an_erp_writes_is_what_its_customers_read(
    major: int, charset: str, dialect: int, cells: dict[tuple[int, str, int], Cell]
) -> None:
    """Accents, money, dates, the ERP's PDF, our emoji and the receipts."""
    cell = cells[major, charset, dialect]

    assert cell.engine.startswith(f"{major}.")
    assert cell.problems == ()
