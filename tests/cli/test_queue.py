"""``queue``, its decisions, ``pause`` and ``resume`` on a real database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest

from integrator.domain.lifecycle import State
from integrator.erp.desk import Desk
from integrator.sending.guard import PAUSE_KEY, pause_until
from tests.cli.conftest import Office
from tools.faults_shop import Shop, key_of

#: The legal way from a new row to each state.
WAYS: dict[str, Sequence[str]] = {
    "pendente": ["pendente"],
    "retida": ["pendente", "retida"],
    "aguardando_confirmacao": ["aguardando_confirmacao"],
    "incerta": ["pendente", "reservada", "incerta"],
    "reservada": ["pendente", "reservada"],
    "enviada": ["pendente", "reservada", "enviada"],
}


def put(shop: Shop, number: int, state: str, reason: str | None = None) -> str:
    """A row in that state; its key."""
    shop.enqueue(number)
    for step in WAYS[state]:
        shop.run("UPDATE WA_FILA SET SITUACAO = ?, MOTIVO = ? WHERE CHAVE = ?", (step, reason, key_of(number)))
    return key_of(number)


def state_of(shop: Shop, key: str) -> tuple[str, str]:
    row = shop.queue()[key]
    return row.state, row.reason


def test_an_empty_queue_says_how_it_fills(office: Office, shop: Shop) -> None:
    answer = office.run("queue")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("A fila está vazia. As mensagens aparecem aqui depois do fechamento do ERP")


def test_the_queue_shows_what_waits_and_what_is_held_with_its_reason(office: Office, shop: Shop) -> None:
    waiting, held, gone = (
        put(shop, 1, "pendente"),
        put(shop, 2, "retida", "O contato [Zé] não tem telefone."),
        put(shop, 3, "enviada"),
    )
    answer = office.run("queue")
    assert answer.code == 0
    assert answer.out.splitlines()[0] == "pendente: 1 · enviada: 1 · retida: 1"
    assert waiting in answer.out
    assert held in answer.out
    assert "retida: O contato [Zé] não tem telefone." in " ".join(answer.out.split())
    assert gone not in answer.out
    assert "Cliente 2" in answer.out


def test_the_queue_can_be_asked_for_some_states_and_for_a_few_rows(office: Office, shop: Shop) -> None:
    for number in range(3):
        put(shop, number, "pendente")
    put(shop, 3, "aguardando_confirmacao")
    only = office.run("queue", "--situacao", "aguardando confirmação").out
    assert key_of(3) in only
    assert key_of(0) not in only
    few = office.run("queue", "--situacao", "pendente", "--limite", "2").out
    assert key_of(0) not in few
    assert "Mostrando as 2 mais novas de 3 mensagens; use --limite para ver mais." in few
    none = office.run("queue", "--situacao", "falhou", "--situacao", "expirada").out
    assert "Nenhuma mensagem nessas situações." in none


def test_the_queue_foresees_when_the_last_message_leaves(office: Office, shop: Shop) -> None:
    put(shop, 1, "pendente")
    answer = office.run("queue").out
    told = answer.strip().splitlines()[-1]
    assert told.startswith("O envio termina por volta de ")
    assert told.endswith((" de hoje.", " de amanhã.")) or told[-5:-1].isdigit()


@pytest.mark.parametrize(
    ("command", "before", "after"),
    [
        (["release"], "retida", "pendente"),
        (["confirm"], "aguardando_confirmacao", "pendente"),
        (["cancel"], "pendente", "cancelada"),
        (["cancel"], "retida", "cancelada"),
        (["cancel"], "incerta", "cancelada"),
        (["decide", "--chegou"], "incerta", "enviada"),
        (["decide", "--nao-chegou"], "incerta", "falhou"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_a_person_decides_about_a_message(
    command: list[str], before: str, after: str, office: Office, shop: Shop
) -> None:
    key = put(shop, 1, before, "Um motivo.")
    answer = office.run("queue", *command, key)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == f"Mensagem {key}: agora {after}.\n"
    assert state_of(shop, key)[0] == after


@pytest.mark.parametrize(
    ("command", "before"),
    [
        (["release"], "aguardando_confirmacao"),
        (["release"], "enviada"),
        (["release"], "incerta"),
        (["confirm"], "retida"),
        (["cancel"], "reservada"),
        (["cancel"], "enviada"),
        (["decide", "--chegou"], "pendente"),
        (["decide", "--nao-chegou"], "enviada"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_what_may_not_be_decided_is_refused_and_changes_nothing(
    command: list[str], before: str, office: Office, shop: Shop
) -> None:
    key = put(shop, 1, before)
    answer = office.run("queue", *command, key)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith(f"Não foi possível: A mensagem {key} está {State(before).label} e não pode ser ")
    assert state_of(shop, key)[0] == before


def test_the_reason_of_a_cancellation_stays_with_the_message(office: Office, shop: Shop) -> None:
    key = put(shop, 1, "pendente")
    office.run("queue", "cancel", key, "--motivo", "Cliente já acertou na loja")
    assert state_of(shop, key) == ("cancelada", "Cliente já acertou na loja")


@pytest.mark.parametrize("key", ["NAO-EXISTE", "não é ☎", "X" * 200])
def test_a_key_that_is_nobody_s_is_told(key: str, office: Office, shop: Shop) -> None:
    answer = office.run("queue", "cancel", key)
    assert answer.code == 1
    assert answer.err == f"Não foi possível: Não há mensagem com a chave {key}.\n"


def pause_seen(shop: Shop, at: datetime | None = None) -> datetime | None:
    """The pause as the engine's guard reads it at that time, by default now."""
    return pause_until(Desk(shop.database).config(PAUSE_KEY), at or datetime.now())


def test_a_pause_of_minutes_is_what_the_engine_sees(office: Office, shop: Shop) -> None:
    before = datetime.now()
    answer = office.run("pause", "--minutos", "30")
    seen = pause_seen(shop)
    assert seen is not None
    assert before + timedelta(minutes=29, seconds=58) <= seen <= datetime.now() + timedelta(minutes=30)
    assert answer.out == f"Envio pausado até {seen:%d/%m/%Y %H:%M}.\n"


def test_a_pause_of_today_ends_with_the_day(office: Office, shop: Shop) -> None:
    began = datetime.now()
    office.run("pause", "--hoje")
    days = {began.date(), date.today()}
    assert pause_seen(shop, began) in {datetime.combine(day + timedelta(days=1), datetime.min.time()) for day in days}


def test_a_pause_without_end_is_told_by_the_queue_and_ended_by_resume(office: Office, shop: Shop) -> None:
    put(shop, 1, "pendente")
    assert office.run("pause").out == "Envio pausado até alguém retomar.\n"
    assert pause_seen(shop) == datetime.max
    assert office.run("queue").out.strip().splitlines()[-1] == "Envio pausado até alguém retomar."
    assert office.run("resume").out == "Envio retomado.\n"
    assert pause_seen(shop) is None
    assert office.run("resume").code == 0
