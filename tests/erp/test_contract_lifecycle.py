"""The trigger `WA_FILA_BU` allows exactly the life cycle that `domain/lifecycle.py` draws."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from integrator.domain.lifecycle import State, can_move
from tests.erp.helpers import Attached, contract_database
from tools.firebird_server import PrivateServer

MOVE = "UPDATE WA_FILA SET SITUACAO = ?, TOKEN = NULL WHERE CHAVE = ?"
LAST_EVENT = "SELECT FIRST 1 ACAO, DE, PARA, CHAVE FROM WA_EVENTO WHERE FILA_ID = ? ORDER BY ID DESC"


@pytest.fixture
def erp(firebird_server: PrivateServer) -> Iterator[Attached]:
    database = contract_database(firebird_server)
    with database.attach() as attached:
        yield attached
    database.path.unlink()


@pytest.mark.feature("B01")
@pytest.mark.parametrize("origin", list(State))
def test_the_trigger_allows_the_edges_of_the_life_cycle_and_no_other(erp: Attached, origin: State) -> None:
    for target in State:
        key = f"{origin}>{target}"
        number = erp.put(key, origin)
        erp.done(MOVE, (target, key))
        if target is origin:
            continue
        moved = can_move(origin, target)
        assert erp.state(key) == (target if moved else origin), key
        expected = ("situacao" if moved else "mudanca_recusada", origin, target, key)
        assert erp.one(LAST_EVENT, (number,)) == expected


def test_an_unknown_state_is_refused_like_any_other_move(erp: Attached) -> None:
    number = erp.put("k", "pendente")
    erp.done(MOVE, ("talvez", "k"))
    assert erp.state("k") == "pendente"
    assert erp.one(LAST_EVENT, (number,)) == ("mudanca_recusada", "pendente", "talvez", "k")


@pytest.mark.parametrize("origin", ["reservada", "enviando"])
def test_a_row_in_the_engines_hands_goes_back_only_when_its_token_is_cleared(erp: Attached, origin: str) -> None:
    erp.put("k", origin)
    erp.done("UPDATE WA_FILA SET TOKEN = 'T', DONO = 'd', RESERVADA_ATE = '2026-11-21 10:00' WHERE CHAVE = 'k'")
    erp.done("UPDATE WA_FILA SET SITUACAO = 'pendente', DONO = 'outro', RESERVADA_ATE = NULL WHERE CHAVE = 'k'")
    kept = erp.one("SELECT SITUACAO, TRIM(TOKEN), DONO, RESERVADA_ATE FROM WA_FILA WHERE CHAVE = 'k'")
    assert kept == (origin, "T", "d", datetime(2026, 11, 21, 10))
    erp.done(MOVE, ("pendente", "k"))
    assert erp.state("k") == "pendente"


def test_states_are_understood_in_any_case_and_padding(erp: Attached) -> None:
    erp.put("k", "pendente")
    erp.done(MOVE, (" Cancelada ", "k"))
    assert erp.state("k") == "cancelada"


def test_nobody_changes_a_rows_id_or_guid(erp: Attached) -> None:
    erp.put("k", "pendente")
    before = erp.one("SELECT ID, GUID FROM WA_FILA")
    erp.done("UPDATE WA_FILA SET ID = 99, GUID = 'x'")
    assert erp.one("SELECT ID, GUID FROM WA_FILA") == before


@pytest.mark.parametrize("state", [state for state in State if state not in ("rascunho", "pendente", "retida")])
def test_a_new_row_starts_only_where_a_life_begins(erp: Attached, state: State) -> None:
    erp.run("INSERT INTO WA_FILA (CHAVE, SITUACAO) VALUES ('k', ?)", (state,))
    now, code, reason = erp.one("SELECT SITUACAO, MOTIVO_CODIGO, MOTIVO FROM WA_FILA")
    if state is State.AWAITING:
        assert (now, code) == ("aguardando_confirmacao", None)
    else:
        assert (now, code) == ("retida", "situacao")
        assert state in reason


@pytest.mark.feature("B31")
def test_every_change_of_state_is_recorded_with_who_did_it(erp: Attached) -> None:
    number = erp.put("k", "pendente")
    erp.done("UPDATE WA_FILA SET SITUACAO = 'reservada', DONO = 'loja@pc1', TOKEN = 'T' WHERE CHAVE = 'k'")
    events = erp.ask("SELECT ACAO, DE, PARA, QUEM FROM WA_EVENTO WHERE FILA_ID = ? ORDER BY ID", (number,))
    assert events == [
        ("situacao", None, "pendente", "SYSDBA"),
        ("situacao", "pendente", "reservada", "loja@pc1"),
    ]
