"""The consent term: asked once, never over a no, and a "SIM" counts only as its answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrator.domain.message import Purpose
from integrator.erp.connection import Database, Target
from integrator.erp.customers import phone_of
from integrator.erp.term import Asked, Asking, Person, ask_consent
from integrator.gateways.simulator.process import RunningSimulator
from tests.engine.conftest import MORNING
from tests.replies.conftest import JOAO, MARIA, Ears, answers, hear
from tools.faults_engine import EngineRun, engine_of, send_all
from tools.faults_shop import Shop

BOTH = (Purpose.COLLECTION, Purpose.SERVICE)
OWNER = Asking("Ana, no painel")


def person(digits: str, name: str = "Maria Silva") -> Person:
    phone = phone_of(digits)
    assert phone is not None
    return Person(phone, name)


@pytest.mark.feature("A19", "A23", "B08")
def test_the_term_leaves_once_without_a_yes_and_sim_is_the_yes_to_what_it_asked(
    engine_run: EngineRun, simulator: RunningSimulator, shop: Shop, target: Target, ears: Ears
) -> None:
    database = Database(target)
    assert ask_consent(database, [person(MARIA)], BOTH, OWNER, MORNING) == {MARIA: Asked.QUEUED}
    assert ask_consent(database, [person(MARIA)], BOTH, OWNER, MORNING) == {MARIA: Asked.ALREADY_ASKED}
    with engine_of(engine_run) as (parts, clock):
        parts.engine.tick()
        (bubble,) = simulator.ledger().messages
        assert "Maria" in bubble.text
        assert "boletos e avisos de vencimento" in bubble.text
        assert "SIM" in bubble.text
        assert "Loja Modelo" in bubble.text
        simulator.write(bubble.to, "Sim 👍", clock.now() + timedelta(minutes=2))
        clock.sleep(120)
        parts.engine.tick()
    assert answers(shop) == {"cobranca": "S", "servico": "S"}
    assert "SAIR" in simulator.ledger().messages[-1].text
    assert ask_consent(database, [person(MARIA)], BOTH, OWNER, MORNING) == {MARIA: Asked.ALREADY_YES}
    shop.run("DELETE FROM WA_CONSENTIMENTO")
    shop.run("DELETE FROM WA_FILA")
    assert ask_consent(database, [person(MARIA)], BOTH, OWNER, MORNING) == {MARIA: Asked.ALREADY_ASKED}
    database.close()
    del ears


@pytest.mark.feature("B08")
def test_nobody_who_said_no_is_asked_and_a_no_on_the_way_stops_the_term(
    engine_run: EngineRun, simulator: RunningSimulator, shop: Shop, target: Target, ears: Ears
) -> None:
    database = Database(target)
    hear(ears.listen(target), ears.wrote("sair", JOAO))
    told = len(simulator.ledger().messages)
    people = [person(JOAO), person(MARIA)]
    assert list(ask_consent(database, people, BOTH, OWNER, MORNING).values()) == [Asked.SAID_NO, Asked.QUEUED]
    shop.run(
        "INSERT INTO WA_CONSENTIMENTO (TELEFONE, FINALIDADE, ACEITA, ORIGEM) VALUES (?, 'servico', 'N', 'balcão')",
        (MARIA,),
    )
    send_all(engine_run)
    assert [row.code for row in shop.queue().values()] == ["consentimento"]
    assert len(simulator.ledger().messages) == told
    database.close()


@pytest.mark.feature("B08")
def test_sim_counts_for_thirty_days_after_the_term_and_nao_is_written_down_too(
    shop: Shop, target: Target, ears: Ears
) -> None:
    database = Database(target)
    ask_consent(database, [person(MARIA), person(JOAO)], [Purpose.PROMOTION], OWNER, MORNING)
    shop.run("UPDATE WA_FILA SET DESTINO = TELEFONE, ENVIADA_EM = ?", (MORNING,))
    listening = ears.listen(target)
    hear(listening, ears.wrote("não, obrigado", JOAO))
    assert answers(shop, JOAO) == {"promocional": "N"}
    ears.later(days=31)
    hear(listening, ears.wrote("sim"))
    assert answers(shop) == {}
    database.close()
