"""What waited for a yes leaves after it; what a no had stopped leaves only after VOLTAR."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrator.domain.message import Purpose
from integrator.erp.connection import Database, Target
from integrator.erp.term import ask_consent
from integrator.gateways.simulator.process import RunningSimulator
from tests.engine.conftest import MORNING
from tests.replies.conftest import JOAO, MARIA, Ears, hear
from tests.replies.test_term import BOTH, OWNER, person
from tools.faults_engine import EngineRun, engine_of
from tools.faults_shop import Shop, key_of

LEFT = {"enviada", "entregue", "lida"}
TYPED = "(49) 8859-0187"  # as an old register has it: without the ninth digit


def held(shop: Shop, number: int, phone: str = TYPED, *, purpose: Purpose = Purpose.SERVICE) -> str:
    """A row that the engine held because nobody had said yes."""
    shop.enqueue(number, purpose=purpose, phone=phone, accepts="N", text="Oi")
    shop.release(key_of(number))
    shop.run(
        "UPDATE WA_FILA SET SITUACAO = 'retida', MOTIVO_CODIGO = 'consentimento', MOTIVO = 'Sem autorização', "
        "CRIADO_EM = ? WHERE CHAVE = ?",
        (MORNING, key_of(number)),
    )
    return key_of(number)


def states(shop: Shop) -> dict[str, str]:
    return {key: row.state for key, row in shop.queue().items() if key.startswith("COB")}


@pytest.mark.feature("A23", "B08")
def test_the_message_that_waited_for_the_yes_leaves_after_sim(
    engine_run: EngineRun, simulator: RunningSimulator, shop: Shop, target: Target
) -> None:
    shop.enqueue(1, purpose=Purpose.SERVICE, phone=TYPED, accepts="N")
    shop.release(key_of(1))
    database = Database(target)
    ask_consent(database, [person(MARIA)], BOTH, OWNER, MORNING)
    database.close()
    with engine_of(engine_run) as (parts, clock):
        for _ in range(20):
            parts.engine.tick()
            clock.sleep(60)
        assert states(shop) == {key_of(1): "retida"}
        simulator.write(MARIA, "sim", clock.now())
        for _ in range(20):
            parts.engine.tick()
            clock.sleep(60)
    assert states(shop)[key_of(1)] in LEFT
    told = shop.rows("SELECT DETALHE FROM WA_EVENTO WHERE ACAO = 'consentimento'")
    assert told == [("WhatsApp: “sim”",)]


@pytest.mark.feature("B08")
def test_only_what_was_asked_for_is_let_go_and_only_of_that_phone_and_while_it_is_fresh(
    shop: Shop, target: Target, ears: Ears
) -> None:
    asked, offer, other = held(shop, 1), held(shop, 2, purpose=Purpose.PROMOTION), held(shop, 3, JOAO)
    old, wrong = held(shop, 4), held(shop, 5)
    shop.run("UPDATE WA_FILA SET CRIADO_EM = ? WHERE CHAVE = ?", (MORNING - timedelta(days=8), old))
    shop.run("UPDATE WA_FILA SET MOTIVO_CODIGO = 'telefone' WHERE CHAVE = ?", (wrong,))
    hear(ears.listen(target), ears.wrote("Quero receber meus boletos"))
    found = states(shop)
    assert found.pop(asked) == "pendente"
    assert found == dict.fromkeys((offer, other, old, wrong), "retida")


@pytest.mark.feature("B08")
def test_what_a_no_had_stopped_goes_on_after_voltar_alone(shop: Shop, target: Target, ears: Ears) -> None:
    listening = ears.listen(target)
    hear(listening, ears.wrote("sair"))
    key = held(shop, 1)
    hear(listening, ears.wrote("quero receber meus boletos"))
    assert states(shop) == {key: "retida"}
    hear(listening, ears.wrote("sair"))
    hear(listening, ears.wrote("voltar"))
    assert states(shop) == {key: "pendente"}


def test_heard_again_it_lets_go_what_a_crash_had_left(shop: Shop, target: Target, ears: Ears) -> None:
    listening, said = ears.listen(target), ears.wrote("quero receber meus boletos")
    hear(listening, said)
    key = held(shop, 1)
    hear(listening, said)
    assert states(shop) == {key: "pendente"}
