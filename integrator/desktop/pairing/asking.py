"""What is asked of the engine on background threads: each function one piece of work, each answer a value."""

from __future__ import annotations

from dataclasses import dataclass

from integrator.desktop.engine import Engine, EngineView, PairingView, Reach
from integrator.desktop.pairing.stage import is_official, number_of
from integrator.domain.errors import IntegratorError
from integrator.sending.gateway import GatewayState
from integrator.sending.number_words import NumberWords


@dataclass(frozen=True, slots=True)
class Answer:
    """How one number stands. ``afresh``: the view was asked now. Neither ``pairing`` nor ``refused``: never asked."""

    view: EngineView
    instance: str
    afresh: bool
    pairing: PairingView | None = None
    refused: NumberWords | None = None


def how_it_stands(engine: Engine, last: EngineView | None, instance: str) -> Answer:
    """Ask for that number, or one that is there; the view only when ``last`` is None or the number does not answer."""
    view = last or engine.view()
    name = instance if number_of(view, instance) is not None else first_choice(view)
    number = number_of(view, name)
    if view.reach is not Reach.RUNNING or number is None or is_official(number):
        return Answer(view, name, last is None)
    try:
        return Answer(view, name, last is None, engine.look(name))
    except IntegratorError as error:
        told = NumberWords("bad", error.title, error.message)
        return Answer(engine.view() if last is not None else view, name, True, refused=told)


def first_choice(view: EngineView) -> str:
    """The number that most likely brought the person here: one that waits for a phone, else the first."""
    wanting = (each for each in view.numbers if each.state in _WANTING and not is_official(each))
    return next((each.instance for each in (*wanting, *view.numbers)), "")


def renew(engine: Engine, instance: str) -> PairingView:
    """Another code in place of the one that is shown, unless a phone has read that one just now."""
    if engine.look(instance).code is not None:
        stop_waiting(engine, instance)
    return engine.pair(instance)


def stop_waiting(engine: Engine, instance: str) -> PairingView:
    """Wait for no phone any more; one that has just been connected stays so."""
    found = engine.look(instance)
    return found if found.state is GatewayState.CONNECTED else engine.unpair(instance)


_WANTING = frozenset({GatewayState.NEEDS_PAIRING, GatewayState.LOGGED_OUT})
