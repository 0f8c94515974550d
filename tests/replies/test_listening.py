"""What people write: words are obeyed, everything else is treated as the number's settings say, nobody is pestered."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from integrator.app import JOURNAL_FILE
from integrator.documents.poster import GREETING
from integrator.domain.outcome import Restricted
from integrator.domain.sender import COLD_PAUSE
from integrator.erp.connection import Database, Target
from integrator.erp.contacts import Contacts
from integrator.journal.senders import SenderBook
from integrator.sending.gateway import GatewayState
from integrator.settings.sections import Replies
from tests.engine.conftest import MORNING
from tests.replies.conftest import JOAO, MARIA, Ears, answers, customer, hear
from tools.faults_shop import Shop

EVERYTHING = {"cobranca": "N", "servico": "N", "promocional": "N"}
FIXED: dict[str, Any] = {
    "replies": Replies.ANSWER,
    "reply_text": "Este número só envia avisos. Fale com a loja: (49) 3442-1100.",
}
FORWARD: dict[str, Any] = {"replies": Replies.FORWARD, "forward_to": "5511977771234"}


@pytest.mark.feature("B08")
def test_sair_ends_everything_is_written_down_with_its_message_and_answered_once(
    ears: Ears, shop: Shop, target: Target
) -> None:
    customer(shop)
    listening = ears.listen(target)
    first = ears.wrote("Sair!")
    hear(listening, first)
    hear(listening, first, ears.wrote("SAIR"))
    assert answers(shop) == EVERYTHING
    rows = shop.rows("SELECT DISTINCT MENSAGEM_ID, ORIGEM FROM WA_CONSENTIMENTO")
    assert rows == [(first.id, "WhatsApp: “Sair!”")]
    (bubble,) = ears.posted()
    assert "VOLTAR" in bubble.text
    assert "Loja Modelo" in bubble.text


@pytest.mark.feature("B08")
def test_voltar_undoes_it_but_brings_no_offers_to_who_never_wanted_them(ears: Ears, shop: Shop, target: Target) -> None:
    customer(shop)
    listening = ears.listen(target)
    hear(listening, ears.wrote("voltar"))
    assert answers(shop) == {}
    hear(listening, ears.wrote("sair"))
    hear(listening, ears.wrote("Voltar"))
    assert answers(shop) == {"cobranca": "S", "servico": "S", "promocional": "N"}
    assert ["SAIR" in bubble.text for bubble in ears.posted()] == [False, True]


@pytest.mark.feature("B08")
def test_what_is_heard_again_does_not_undo_what_came_after_it(ears: Ears, shop: Shop, target: Target) -> None:
    customer(shop)
    listening = ears.listen(target)
    said = [ears.wrote("sair"), ears.wrote("voltar"), ears.wrote("sair"), ears.wrote("voltar")]
    hear(listening, *said)
    hear(listening, *said)
    hear(listening, said[2], said[0])
    assert answers(shop) == {"cobranca": "S", "servico": "S", "promocional": "N"}
    hear(listening, ears.wrote("sair"))
    hear(listening, *said)
    assert answers(shop) == EVERYTHING


@pytest.mark.feature("B08")
@pytest.mark.parametrize("message_id", ["ação", "3A\ud83d", "A" * 500, "3A\n"])
def test_an_id_that_no_column_holds_stops_nobody(ears: Ears, shop: Shop, target: Target, message_id: str) -> None:
    """Whoever writes chooses it: it may be anything."""
    customer(shop)
    listening = ears.listen(target)
    said = replace(ears.wrote("sair"), id=message_id)
    hear(listening, said, said, replace(said, sender="9" * 30), replace(said, sender="55á"))
    assert answers(shop) == EVERYTHING
    assert len(ears.posted()) == 1


@pytest.mark.feature("B08")
def test_a_message_dated_in_the_future_holds_nothing_longer_than_others(ears: Ears, shop: Shop, target: Target) -> None:
    customer(shop)
    listening = ears.listen(target)
    said = ears.wrote("Bom dia, já paguei")
    hear(listening, replace(said, at=said.at + timedelta(days=400)))
    assert listening.quiet_until(MARIA, ears.clock.now()) == said.at + timedelta(hours=24)


@pytest.mark.feature("B08")
def test_a_wrong_number_is_flagged_and_left_alone_until_it_was_a_mistake(
    ears: Ears, shop: Shop, target: Target
) -> None:
    customer(shop)
    listening = ears.listen(target)
    wrong = ears.wrote("Número errado", MARIA.replace("9885", "885"))  # as WhatsApp spells it
    hear(listening, wrong)
    with closing(Database(target)) as database:
        contacts = Contacts(database)
        assert contacts.wrong_numbers() == {MARIA: wrong.at}
        assert answers(shop) == EVERYTHING
        hear(listening, ears.wrote("VOLTAR"))
        assert contacts.wrong_numbers() == {}


def test_a_stranger_is_not_written_down_unless_he_asks_to_receive_or_to_be_left_alone(
    ears: Ears, shop: Shop, target: Target
) -> None:
    listening = ears.listen(target, **FIXED)
    hear(listening, ears.wrote("oi, vocês consertam celular?"), ears.wrote("engano"), ears.wrote("sim"))
    assert shop.rows("SELECT COUNT(*) FROM WA_CONTATO") == [(0,)]
    assert ears.posted() == ()
    hear(listening, ears.wrote(GREETING), ears.wrote("sair", JOAO))
    assert answers(shop) == {"cobranca": "S", "servico": "S"}
    assert answers(shop, JOAO) == EVERYTHING
    assert len(ears.posted()) == 2


@pytest.mark.feature("B08", "S31")
def test_two_databases_on_one_number_write_it_down_both_and_answer_once(
    ears: Ears, shop: Shop, target: Target, other_target: Target
) -> None:
    other = Shop(other_target)
    customer(shop)
    customer(other)
    first, second = ears.listen(target), ears.listen(other_target)
    said = ears.wrote("PARAR")
    hear(first, said)
    hear(second, said)
    assert answers(shop) == answers(other) == EVERYTHING
    assert len(ears.posted()) == 1
    assert ears.simulator.ledger().reposts == ()
    other.close()


class Died(BaseException):
    """The process ends here."""


@pytest.mark.feature("S31")
def test_an_answer_that_a_crash_interrupted_is_never_repeated(ears: Ears, shop: Shop, target: Target) -> None:
    customer(shop)
    gateway = ears.simulator.gateway(clock=ears.clock.now)

    def dies(*_: object) -> None:
        raise Died

    gateway.send = dies  # type: ignore[method-assign, assignment]
    said = ears.wrote("sair")
    with pytest.raises(Died):
        hear(ears.listen(target, gateway=gateway), said)
    hear(ears.listen(target), said)
    assert answers(shop) == EVERYTHING
    assert ears.posted() == ()


@pytest.mark.feature("B07")
def test_an_answer_that_whatsapp_refuses_as_a_restriction_warns_the_guard(
    ears: Ears, shop: Shop, target: Target
) -> None:
    customer(shop)
    gateway = ears.simulator.gateway(clock=ears.clock.now)
    gateway.send = lambda *_: Restricted("Recusada.")  # type: ignore[method-assign]
    listening = ears.listen(target, gateway=gateway, **FIXED)
    hear(listening, ears.wrote("Bom dia"), ears.wrote("Meu nome é Maria", JOAO))
    with closing(SenderBook(ears.folder / JOURNAL_FILE)) as book:
        record = book.record(gateway.sender())
    assert record is not None
    assert record.cold_until == ears.clock.now() + COLD_PAUSE
    gateway.close()


@pytest.mark.feature("S31")
def test_a_fixed_answer_leaves_once_in_so_many_hours_and_never_late(ears: Ears, shop: Shop, target: Target) -> None:
    customer(shop)
    listening = ears.listen(target, **FIXED)
    hear(listening, ears.wrote("Já paguei esse boleto"), ears.wrote("Ontem"))
    ears.later(hours=5)
    hear(listening, ears.wrote("Alguém aí?"))
    assert [bubble.text for bubble in ears.posted()] == [FIXED["reply_text"]]
    ears.later(hours=25)
    old = ears.wrote("Bom dia")
    ears.later(hours=3)
    hear(listening, old)
    assert len(ears.posted()) == 1
    hear(listening, ears.wrote("Boa tarde"))
    assert len(ears.posted()) == 2


@pytest.mark.feature("S31")
def test_who_writes_now_does_not_stand_behind_what_is_heard_again_after_weeks(
    ears: Ears, shop: Shop, target: Target
) -> None:
    customer(shop)
    listening = ears.listen(target)
    old = [ears.wrote("sair") for _ in range(8)]
    ears.later(days=20)
    hear(listening, *old, ears.wrote("voltar"))
    assert ["volta a mandar" in bubble.text for bubble in ears.posted()] == [True]


@pytest.mark.feature("S31")
def test_a_message_is_passed_on_with_who_wrote_it_and_words_and_the_shops_own_people_are_not(
    ears: Ears, shop: Shop, target: Target
) -> None:
    customer(shop)
    customer(shop, 2, FORWARD["forward_to"])
    listening = ears.listen(target, **FORWARD)
    hear(listening, ears.wrote("O boleto veio com valor errado", name="Maria"))
    hear(listening, ears.wrote(""))
    hear(listening, ears.wrote("Respondi para ela", FORWARD["forward_to"]))
    hear(listening, ears.wrote("sair"))
    passed_on = [bubble for bubble in ears.posted() if bubble.to == "5511977771234"]
    assert len(passed_on) == 2
    assert "(49) 98859-0187 (Maria)" in passed_on[0].text
    assert "O boleto veio com valor errado" in passed_on[0].text
    assert "áudio" in passed_on[1].text
    assert len(ears.posted()) == 3


@pytest.mark.feature("S31")
def test_a_robot_is_answered_once_and_holds_nothing(ears: Ears, shop: Shop, target: Target) -> None:
    customer(shop)
    listening = ears.listen(target, replies=Replies.ANSWER, reply_text="Olá", reply_every_h=1)
    greeting = "Olá! Seja bem-vindo à Padaria. Digite 1 para pedidos, 2 para entregas."
    for _ in range(6):
        hear(listening, ears.wrote(greeting))
        ears.later(hours=1.5)
    with closing(Database(target)) as database:
        contact = Contacts(database).find(MARIA)
    assert contact.robot_at is not None
    assert contact.talked_at is None
    assert len(ears.posted()) == 2
    assert listening.quiet_until(MARIA, ears.clock.now()) is None


@pytest.mark.feature("S31")
def test_two_installations_that_answer_each_other_fall_silent(ears: Ears, shop: Shop, target: Target) -> None:
    """Each answer of one is heard by the other within seconds."""
    customer(shop)
    customer(shop, 2, JOAO)
    listening = ears.listen(target, replies=Replies.ANSWER, reply_text="Responda SAIR", reply_every_h=1)
    other = replace(ears, folder=ears.folder / "outra")
    echo = other.listen(target, replies=Replies.ANSWER, reply_text="Sou um robô também", reply_every_h=1)
    said, speaker = ears.wrote("Boa tarde, vocês abrem amanhã?", MARIA), (listening, echo)
    for turn in range(40):
        before = len(ears.posted())
        hear(speaker[turn % 2], said)
        if len(ears.posted()) == before:
            ears.later(hours=2)
            hear(speaker[turn % 2], replace(said, id=f"again {turn}", at=ears.clock.now()))
        said = replace(ears.wrote(ears.posted()[-1].text, (JOAO, MARIA)[turn % 2]), at=ears.clock.now())
    assert len(ears.posted()) <= 8


@pytest.mark.feature("S31")
def test_nothing_is_answered_while_the_number_is_paused_stopped_or_being_tried_out(
    ears: Ears, shop: Shop, target: Target
) -> None:
    customer(shop)
    shop.config("PAUSADO_ATE", "SEMPRE")
    hear(ears.listen(target, **FIXED), ears.wrote("oi"))
    shop.run("DELETE FROM WA_CONFIG")
    hear(ears.listen(target, **FIXED, redirect_all=True, test_number=JOAO), ears.wrote("oi"))
    ears.simulator.set_state(GatewayState.RESTRICTED)
    hear(ears.listen(target, **FIXED), ears.wrote("sair"))
    assert answers(shop) == EVERYTHING
    assert ears.posted() == ()


@pytest.mark.feature("S31")
def test_who_talks_is_left_in_peace_for_a_day_and_a_word_is_no_talk(ears: Ears, shop: Shop, target: Target) -> None:
    customer(shop)
    listening = ears.listen(target)
    hear(listening, ears.wrote("voltar"), ears.wrote("sair"))
    assert listening.quiet_until(MARIA, ears.clock.now()) == MORNING + timedelta(days=1, minutes=1)
    ears.later(days=2)
    hear(listening, ears.wrote("Já paguei, viu?", "554988590187"))
    at = ears.clock.now()
    until = listening.quiet_until("554988590187", at)
    assert until is not None
    assert until == listening.quiet_until(MARIA, at)
    assert abs(until - at - timedelta(days=1)) < timedelta(seconds=1)
    ears.later(days=1, seconds=1)
    hear(listening, ears.wrote("Sair"))
    assert listening.quiet_until(MARIA, ears.clock.now()) is None
