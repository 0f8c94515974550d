"""The desk's statements where shops differ: a dialect 1 database, odd bytes, and our own user on a strict server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from integrator.domain.lifecycle import State
from integrator.erp.connection import Database
from integrator.erp.desk import Decision, Desk
from integrator.erp.desk_list import RowFilter
from tests.erp.helpers import ContractDatabase, contract_database
from tools import firebird_packages
from tools.firebird_server import PrivateServer, StrictServer

_PASSWORD = "segredo1"
_ROW = (
    "INSERT INTO WA_FILA (CHAVE, SITUACAO, FINALIDADE, MODULO, TIPO, CLIENTE_NOME, TELEFONE) "
    "VALUES (?, ?, 'servico', 'CRM', 'OK', ?, '(49) 98859-0187')"
)


@pytest.fixture(scope="module")
def strict(firebird_server: PrivateServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ContractDatabase]:
    """A database of the old dialect, on a server that checks rights, with our own user."""
    firebird = firebird_packages.ensure()
    if firebird.prefix != Path("/"):
        pytest.skip("only an installed Firebird finds its plugins without the build switch")
    with StrictServer(tmp_path_factory.mktemp("strict"), firebird) as server:
        database = contract_database(server, dialect=1)
        with database.attach("NONE") as administrator:
            administrator.done(f"CREATE USER WAGATE PASSWORD '{_PASSWORD}'")
            for number, state in enumerate(("pendente", "pendente", "retida", "aguardando_confirmacao")):
                administrator.done(_ROW, (f"K{number}", state, f"José \x81 {number}".encode("latin-1")))
            administrator.done(
                "INSERT INTO WA_TITULO (FILA_ID, REF, DOCUMENTO, VENCIMENTO, VALOR, VALOR_ABERTO) "
                "SELECT ID, 'R', 'NF 9', '20.11.2026', 10.1, 10.1 FROM WA_FILA WHERE CHAVE = 'K3'"
            )
        yield database
        server.kill()  # its orderly end takes three seconds, and nobody needs its files


def test_every_page_and_decision_works_for_our_user_in_the_old_dialect(strict: ContractDatabase) -> None:
    database = Database(strict.target("WAGATE", _PASSWORD))
    try:
        desk = Desk(database)
        seen = desk.overview()
        assert dict(seen.counts) == {State.PENDING: 2, State.HELD: 1, State.AWAITING: 1}
        for typed in ("jose", "98859-0187", "K3", "NF 9", "não há", "😀"):
            found = desk.page(RowFilter(search=typed)).rows
            assert len(found) == {"K3": 1, "NF 9": 1, "não há": 0, "😀": 0}.get(typed, 4), typed
        rows = {row.key: row for row in desk.page(RowFilter()).rows}
        assert str(rows["K3"].amount) == "10.10"
        assert [row.key for row in desk.page(RowFilter(tuple(State))).rows] == ["K3", "K2", "K1", "K0"]

        desk.send_first(rows["K1"].ref, who="Zé")
        assert desk.page(RowFilter((State.PENDING,))).rows[0].key == "K1"
        desk.decide_row(rows["K2"].ref, Decision.RELEASE, who="Zé", seen=rows["K2"].changed_at)
        assert [(group.rows, str(group.amount)) for group in desk.waiting()] == [(1, "10.10")]
        assert desk.answer_waiting(Decision.CONFIRM, desk.now(), who="Zé").done == 1
        facts = desk.facts(rows["K3"].ref.id, rows["K3"].ref.guid)
        assert facts is not None
        assert facts.row.state is State.PENDING
        assert isinstance(facts.confirmed_at, datetime)
        assert "Zé" in [event.who for event in facts.events]
        assert desk.facts(rows["K3"].ref.id, rows["K2"].ref.guid) is None
    finally:
        database.close()
