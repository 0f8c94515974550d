"""A whole closing in one procedure and one transaction, each message with a title and a PDF of 30 to 200 KB."""

from collections.abc import Iterator

import pytest

from tests.erp.helpers import ContractDatabase, contract_database
from tools import bulk_closing
from tools.firebird_server import PrivateServer

ROWS = 300
BAD = frozenset({150})


@pytest.fixture
def contract(firebird_server: PrivateServer) -> Iterator[ContractDatabase]:
    database = contract_database(firebird_server)
    bulk_closing.prepare(database.target(), ROWS, BAD)
    yield database
    database.path.unlink()


@pytest.mark.feature("B24", "S36")
def test_a_closing_is_seen_whole_after_the_commit_and_not_at_all_before(contract: ContractDatabase) -> None:
    figures = bulk_closing.close_the_day(contract.target(), contract.path)
    assert (figures.rows, figures.held, figures.seen_before) == (ROWS, len(BAD), 0)
    assert figures.blob_bytes >= ROWS * bulk_closing.SMALLEST
    assert figures.growth_bytes < figures.blob_bytes * 1.1 + 2_000_000
    with contract.attach() as engine:
        states: dict[str, int] = dict(engine.ask("SELECT SITUACAO, COUNT(*) FROM WA_FILA GROUP BY SITUACAO"))
        assert states == {"pendente": ROWS - len(BAD), "retida": len(BAD)}
        reason = engine.value("SELECT MOTIVO FROM WA_FILA WHERE SITUACAO = 'retida'")
        assert "NF 150" in reason
        assert engine.value("SELECT COUNT(*) FROM WA_ANEXO WHERE CONTEUDO IS NOT NULL") == ROWS


def test_a_closing_rolled_back_leaves_nothing(contract: ContractDatabase) -> None:
    figures = bulk_closing.close_the_day(contract.target(), contract.path, commit=False)
    assert figures.rows == ROWS
    with contract.attach() as engine:
        for table in ("WA_FILA", "WA_TITULO", "WA_ANEXO", "WA_EVENTO"):
            assert engine.value(f"SELECT COUNT(*) FROM {table}") == 0
