"""Release, confirm, cancel, cancel by title and purge: the answer and the effect in every state."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from integrator.domain.lifecycle import State
from tests.erp.helpers import Attached, ContractDatabase, contract_database
from tools.firebird_server import PrivateServer

SENT = dict.fromkeys(("incerta", "enviada", "entregue", "lida", "falhou"), "JA_ENVIADA")
OVER = dict.fromkeys(("cancelada", "expirada"), "JA_CANCELADA")
BUSY = dict.fromkeys(("reservada", "enviando"), "JA_RESERVADA")
RELEASE = dict.fromkeys(("rascunho", "retida", "pendente", "aguardando_confirmacao"), "OK") | BUSY | OVER | SENT
CONFIRM = (
    {"rascunho": "NAO_LIBERADA", "retida": "NAO_LIBERADA", "pendente": "OK", "aguardando_confirmacao": "OK"}
    | BUSY
    | OVER
    | SENT
)
CANCEL = RELEASE
AFTER_RELEASE = {"rascunho": "pendente", "retida": "pendente"}
AFTER_CONFIRM = {"aguardando_confirmacao": "pendente"}
AFTER_CANCEL = dict.fromkeys(("rascunho", "retida", "pendente", "aguardando_confirmacao"), "cancelada")


@pytest.fixture
def contract(firebird_server: PrivateServer) -> Iterator[ContractDatabase]:
    database = contract_database(firebird_server)
    yield database
    database.path.unlink()


@pytest.fixture
def erp(contract: ContractDatabase) -> Iterator[Attached]:
    with contract.attach() as attached:
        yield attached


def title(erp: Attached, row: int, ref: str, state: str = "aberto") -> None:
    erp.done("INSERT INTO WA_TITULO (FILA_ID, REF, SITUACAO) VALUES (?, ?, ?)", (row, ref, state))


def titles(erp: Attached) -> dict[str, str]:
    return dict(erp.ask("SELECT REF, SITUACAO FROM WA_TITULO"))


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize(
    ("procedure", "answers", "effects"),
    [
        ("WA_LIBERAR", RELEASE, AFTER_RELEASE),
        ("WA_CONFIRMAR", CONFIRM, AFTER_CONFIRM),
        ("WA_CANCELAR", CANCEL, AFTER_CANCEL),
    ],
)
def test_every_state_has_its_answer(
    erp: Attached, procedure: str, answers: dict[str, str], effects: dict[str, str], state: State
) -> None:
    erp.put("k", state)
    assert erp.value(f"SELECT RESULTADO FROM {procedure}('k')") == answers[state]
    assert erp.state("k") == effects.get(state, state)


@pytest.mark.parametrize("procedure", ["WA_LIBERAR", "WA_CONFIRMAR", "WA_CANCELAR", "WA_CANCELAR_TITULO"])
@pytest.mark.parametrize("key", ["nenhuma", "", None])
def test_what_does_not_exist_is_said_so(erp: Attached, procedure: str, key: str | None) -> None:
    number = erp.put("k", "pendente")
    erp.done("INSERT INTO WA_TITULO (FILA_ID, REF) VALUES (?, '')", (number,))
    assert erp.value(f"SELECT RESULTADO FROM {procedure}(?)", (key,)) == "NAO_ENCONTRADA"
    assert erp.state("k") == "pendente"


def test_a_message_to_be_confirmed_waits_for_a_person(erp: Attached) -> None:
    erp.enqueue("k", confirmar="S")
    assert erp.value("SELECT RESULTADO FROM WA_LIBERAR('k')") == "OK"
    assert erp.state("k") == "aguardando_confirmacao"
    assert erp.value("SELECT RESULTADO FROM WA_CONFIRMAR('k')") == "OK"
    assert erp.state("k") == "pendente"


def test_a_message_is_ranked_by_its_oldest_open_title(erp: Attached) -> None:
    number, *_ = erp.enqueue("k")
    for due, state in (("2026-10-01", "pago"), ("2026-11-10", "aberto"), ("2026-11-05", "aberto")):
        erp.run("INSERT INTO WA_TITULO (FILA_ID, VENCIMENTO, SITUACAO) VALUES (?, ?, ?)", (number, due, state))
    erp.one("SELECT RESULTADO FROM WA_LIBERAR('k')")
    assert erp.value("SELECT ORDEM FROM WA_FILA") == datetime(2026, 11, 5)


@pytest.mark.parametrize("state", ["reservada", "enviando"])
def test_cancelling_what_the_engine_holds_leaves_a_request_for_it(erp: Attached, state: str) -> None:
    erp.put("k", state)
    assert erp.value("SELECT RESULTADO FROM WA_CANCELAR('k', 'Pagou no balcão')") == "JA_RESERVADA"
    assert erp.one("SELECT SITUACAO, CANCELAR_PEDIDO FROM WA_FILA") == (state, "Pagou no balcão")


def test_a_cancellation_keeps_the_reason_given_or_a_plain_one(erp: Attached) -> None:
    erp.put("a", "pendente")
    erp.put("b", "retida")
    erp.one("SELECT RESULTADO FROM WA_CANCELAR('a', ?)", ("x" * 1000,))
    erp.one("SELECT RESULTADO FROM WA_CANCELAR('b')")
    assert erp.ask("SELECT MOTIVO, MOTIVO_CODIGO FROM WA_FILA ORDER BY CHAVE") == [
        ("x" * 200, "erp"),
        ("Cancelada pelo ERP.", "erp"),
    ]


@pytest.mark.feature("B05")
def test_a_cancellation_is_not_lost_when_another_transaction_holds_the_row(
    contract: ContractDatabase, erp: Attached
) -> None:
    number = erp.put("k", "pendente")
    with contract.attach() as engine:
        engine.run("UPDATE WA_FILA SET SITUACAO = 'reservada', TOKEN = 'T'")
        assert erp.value("SELECT RESULTADO FROM WA_CANCELAR('k', 'Pagou')") == "JA_RESERVADA"
        erp.commit()
        engine.commit()
    asked = "SELECT FILA_ID, CHAVE, DETALHE FROM WA_EVENTO WHERE ACAO = 'cancelar_pedido'"
    assert erp.ask(asked) == [(number, "k", "Pagou")]
    erp.done("UPDATE WA_FILA SET SITUACAO = 'pendente', TOKEN = NULL")
    assert erp.enqueue("k")[1] == "ATUALIZADA"
    assert erp.ask(asked) == []


@pytest.mark.parametrize("state", list(State))
def test_a_paid_title_takes_its_only_message_along(erp: Attached, state: State) -> None:
    number = erp.put("k", state)
    title(erp, number, "T1")
    answer, count = erp.one("SELECT RESULTADO, MENSAGENS FROM WA_CANCELAR_TITULO(' T1 ')")
    assert (answer, count) == (CANCEL[state], 1 if CANCEL[state] == "OK" else 0)
    assert erp.state("k") == AFTER_CANCEL.get(state, state)
    left_alone = state in SENT or state in OVER
    assert titles(erp) == {"T1": "aberto" if left_alone else "cancelado"}


def test_the_other_titles_of_the_message_still_go(erp: Attached) -> None:
    number = erp.put("k", "pendente")
    for ref in ("T1", "T2"):
        title(erp, number, ref)
    assert erp.one("SELECT RESULTADO, MENSAGENS FROM WA_CANCELAR_TITULO('T1')") == ("OK", 1)
    assert erp.state("k") == "pendente"
    assert titles(erp) == {"T1": "cancelado", "T2": "aberto"}
    assert erp.one("SELECT RESULTADO, MENSAGENS FROM WA_CANCELAR_TITULO('T2', 'Pago no balcão')") == ("OK", 1)
    assert erp.one("SELECT SITUACAO, MOTIVO FROM WA_FILA") == ("cancelada", "Pago no balcão")


def test_a_title_known_as_paid_stays_paid(erp: Attached) -> None:
    number = erp.put("k", "pendente")
    title(erp, number, "T1", "pago")
    title(erp, number, "T2")
    erp.one("SELECT RESULTADO, MENSAGENS FROM WA_CANCELAR_TITULO('T1')")
    assert titles(erp) == {"T1": "pago", "T2": "aberto"}


@pytest.mark.parametrize(
    ("states", "answer"),
    [
        (("lida", "pendente"), "OK"),
        (("cancelada", "lida"), "JA_ENVIADA"),
        (("pendente", "reservada", "lida"), "JA_RESERVADA"),
    ],
)
def test_a_title_in_several_messages_answers_what_matters_most(
    erp: Attached, states: tuple[str, ...], answer: str
) -> None:
    for state in states:
        title(erp, erp.put(state, state), "T1")
    assert erp.value("SELECT RESULTADO FROM WA_CANCELAR_TITULO('T1')") == answer


# -- purge ---------------------------------------------------------------------

OPEN = ["rascunho", "aguardando_confirmacao", "pendente", "retida", "reservada", "enviando", "incerta"]
PAST = datetime.now() - timedelta(days=1)
SOON = datetime.now() + timedelta(days=1)


def attach_file(erp: Attached, row: int, origin: int | None = None) -> int:
    content = None if origin else b"PDF"
    sql = "INSERT INTO WA_ANEXO (FILA_ID, NOME_ARQUIVO, CONTEUDO, ORIGEM_ID) VALUES (?, 'a.pdf', ?, ?) RETURNING ID"
    return int(erp.value(sql, (row, content, origin)))


def files_kept(erp: Attached) -> int:
    return int(erp.value("SELECT COUNT(*) FROM WA_ANEXO WHERE CONTEUDO IS NOT NULL"))


@pytest.mark.parametrize("state", list(State))
def test_only_files_of_ended_messages_are_purged(erp: Attached, state: State) -> None:
    attach_file(erp, erp.put("k", state))
    assert erp.value("SELECT ANEXOS FROM WA_EXPURGAR(?)", (PAST,)) == 0
    assert erp.value("SELECT ANEXOS FROM WA_EXPURGAR(?)", (SOON,)) == (0 if state in OPEN else 1)
    assert files_kept(erp) == (1 if state in OPEN else 0)
    assert erp.value("SELECT NOME_ARQUIVO FROM WA_ANEXO") == "a.pdf"
    assert (erp.value("SELECT EXPURGADO_EM FROM WA_ANEXO") is None) == (state in OPEN)


def test_a_shared_file_waits_for_the_last_message_that_uses_it(erp: Attached) -> None:
    origin = attach_file(erp, erp.put("a", "enviada"))
    attach_file(erp, erp.put("b", "pendente"), origin)
    erp.commit()
    assert erp.value("SELECT ANEXOS FROM WA_EXPURGAR(?)", (SOON,)) == 0
    erp.done("UPDATE WA_FILA SET SITUACAO = 'cancelada' WHERE CHAVE = 'b'")
    assert erp.value("SELECT ANEXOS FROM WA_EXPURGAR(?)", (SOON,)) == 1
    assert files_kept(erp) == 0
