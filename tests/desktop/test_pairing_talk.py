"""What is asked of the engine and when, without a display: the clock and the threads are the test's own."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from integrator.desktop.engine import EngineView, NumberView, PairingView, Reach
from integrator.desktop.loop import UiLoop
from integrator.desktop.pairing.shown import Shown
from integrator.desktop.pairing.stage import Asking, AskPhone, Scan, Stage, Told, Typed
from integrator.desktop.pairing.talk import PairingTalk
from integrator.domain.errors import IntegratorError, SettingsError
from integrator.local_address import PanelAway
from integrator.sending.gateway import Code, GatewayState
from tests.desktop.fake_engine import FakeEngine

_NOON = datetime(2026, 11, 20, 12, 0)
_NOBODY = PairingView(GatewayState.NEEDS_PAIRING)


class _Loop:
    """Does the work when the test says so; answers come in the order that it wants."""

    def __init__(self) -> None:
        self.works: list[Callable[[], None]] = []

    def background(self, work: Callable[[], Any], done: Callable[[Any], object], failed: Callable[..., object]) -> None:
        def run() -> None:
            try:
                found = work()
            except IntegratorError as error:
                failed(error)
            else:
                done(found)

        self.works.append(run)

    def run(self) -> None:
        while self.works:
            self.works.pop(0)()


class _Talk:
    def __init__(self, engine: FakeEngine) -> None:
        self.at = _NOON
        self.loop = _Loop()
        self.shown: list[Shown] = []
        self.talk = PairingTalk(engine, cast("UiLoop", self.loop), self.shown.append, lambda: self.at, bool)

    def stage(self) -> Stage:
        """What is shown now."""
        return self.shown[-1].stage

    def beats(self, seconds: float) -> None:
        """The window is looked at for so long."""
        for _ in range(round(seconds * 4)):
            self.talk.tick()
            self.loop.run()
            self.at += timedelta(seconds=0.25)


def _code(at: datetime, seconds: int = 20) -> PairingView:
    return PairingView(GatewayState.NEEDS_PAIRING, code=Code("2@x", at + timedelta(seconds=seconds)))


def test_a_code_that_ran_out_is_asked_for_again_but_not_for_ever() -> None:
    engine = FakeEngine(pairing=_NOBODY)
    case = _Talk(engine)
    case.beats(9)
    assert engine.times("pair") == 1
    assert isinstance(case.stage(), Scan)
    case.beats(600)
    assert 50 <= engine.times("pair") <= 61
    case.beats(30)
    asked = engine.times("pair")
    stage = case.stage()
    assert isinstance(stage, Told)
    assert (stage.words.title, stage.begins) == ("O código venceu", True)
    case.beats(60)
    assert engine.times("pair") == asked


def test_another_code_ends_the_wait_for_the_one_that_is_shown() -> None:
    engine = FakeEngine(pairing=_code(_NOON), paired=_code(_NOON, 60))
    case = _Talk(engine)
    case.beats(1)
    engine.asked.clear()
    case.talk.fresh_code()
    case.loop.run()
    assert [asked[0] for asked in engine.asked] == ["look", "look", "unpair", "pair"]


def test_neither_another_code_nor_cancelling_disconnects_a_phone_that_came_meanwhile() -> None:
    engine = FakeEngine(pairing=_code(_NOON))
    case = _Talk(engine)
    case.beats(1)
    engine.pairing = PairingView(GatewayState.CONNECTED, "5549988590187")
    case.talk.fresh_code()
    case.loop.run()
    case.talk.cancel()
    case.loop.run()
    assert engine.times("unpair") == 0


def test_cancelling_while_the_code_is_being_made_drops_it() -> None:
    engine = FakeEngine(pairing=_NOBODY, paired=_code(_NOON))
    case = _Talk(engine)
    case.talk.tick()
    case.loop.works.pop(0)()  # the first look; the code is asked for now
    case.talk.cancel()
    making, cancelling = case.loop.works
    making()
    assert not any(isinstance(each.stage, Scan) and each.stage.code for each in case.shown)
    cancelling()
    stage = case.stage()
    assert isinstance(stage, Told)
    assert stage.begins
    assert engine.times("unpair") == 1
    case.loop.works.clear()
    case.beats(30)
    assert engine.times("pair") == 1


def test_a_refused_phone_keeps_the_field_and_says_why() -> None:
    engine = FakeEngine(pairing=_code(_NOON, 600))
    case = _Talk(engine)
    case.beats(1)
    case.talk.ask_phone()
    assert "DDD" in case.talk.request_digits("98877")
    engine.paired = PairingView(GatewayState.NEEDS_PAIRING, problem="O WhatsApp não deu um código para este celular.")
    assert case.talk.request_digits("(49) 98877-0000") == ""
    case.loop.run()
    assert isinstance(case.stage(), AskPhone)
    note = case.shown[-1].note
    assert note is not None
    assert note.text == "O WhatsApp não deu um código para este celular."
    engine.paired = PairingView(GatewayState.NEEDS_PAIRING, digits="GH5E-C9DZ")
    case.talk.request_digits("(49) 98877-0000")
    case.loop.run()
    assert case.stage() == Typed("GH5EC9DZ")


@pytest.mark.parametrize(
    ("error", "again"),
    [(PanelAway("O painel não respondeu."), True), (SettingsError("Falta o token deste número."), False)],
)
def test_a_code_is_asked_for_again_only_after_an_engine_that_was_away(error: IntegratorError, again: bool) -> None:
    engine = FakeEngine(pairing=_NOBODY, fails={"pair": error})
    case = _Talk(engine)
    case.beats(1)
    note = case.shown[-1].note
    assert note is not None
    assert note.text == error.message
    engine.fails.clear()
    case.beats(15)
    assert (engine.times("pair") > 1) is again


def test_an_engine_that_is_away_is_asked_less_and_less_often() -> None:
    engine = FakeEngine(answer=EngineView(Reach.STOPPED))
    case = _Talk(engine)
    case.beats(60)
    assert 7 <= engine.times("view") <= 11
    assert engine.times("look") == 0


def test_an_answer_about_a_number_that_is_no_longer_chosen_is_dropped() -> None:
    two = tuple(NumberView(name, "embutido", GatewayState.LOGGED_OUT) for name in ("a", "b"))
    engine = FakeEngine(answer=EngineView(Reach.RUNNING, numbers=two), pairing=PairingView(GatewayState.LOGGED_OUT))
    case = _Talk(engine)
    case.beats(1)
    case.at += timedelta(seconds=5)
    case.talk.tick()
    late = case.loop.works.pop()
    case.talk.choose("b")
    engine.pairing = PairingView(GatewayState.CONNECTED, "5549988590187")
    late()
    assert (case.shown[-1].instance, case.stage()) == ("b", Asking())


def test_a_number_that_the_phone_disconnected_waits_for_the_person() -> None:
    engine = FakeEngine(pairing=PairingView(GatewayState.LOGGED_OUT))
    case = _Talk(engine)
    case.beats(30)
    stage = case.stage()
    assert isinstance(stage, Told)
    assert (stage.words.title, stage.begins, engine.times("pair")) == ("Desconectado", True, 0)


def test_a_page_opens_while_the_code_is_being_made_and_a_failure_is_told() -> None:
    engine = FakeEngine(pairing=_NOBODY, paired=_code(_NOON))
    case = _Talk(engine)
    case.talk.tick()
    case.loop.works.pop(0)()  # the first look; the code is asked for now
    engine.fails["page"] = PanelAway("O painel não respondeu. Espere alguns segundos e repita.")
    case.talk.open_page("/whatsapp/como-conectar")
    case.loop.works.pop()()
    note = case.shown[-1].note
    assert note is not None
    assert (note.title, case.shown[-1].busy is not None) == ("Painel fechado", True)
    case.loop.run()
    stage = case.stage()
    assert isinstance(stage, Scan)
    assert stage.code is not None
