"""What needs a person, the gravest first, each with the one page where it is mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from integrator.domain.errors import IntegratorError
from integrator.domain.lifecycle import State
from integrator.erp.overview import Waiting
from integrator.messages.formatting import format_count, format_datetime
from integrator.panel.home.glance import Glance, Now
from integrator.panel.home.reasons import reason_words
from integrator.sending.gateway import GatewayState
from integrator.sending.number_words import number_words

BAD, WARN, INFO = "bad", "warn", "info"
_CALM: Final = frozenset({None, GatewayState.CONNECTED, GatewayState.CONNECTING})
_UNPAIRED: Final = frozenset({GatewayState.NEEDS_PAIRING, GatewayState.LOGGED_OUT})
_SEE: Final = ("/whatsapp", "Ver o número")
#: One that fell silent longer ago was switched off on purpose.
_MISSED_S: Final = 2 * 86_400


@dataclass(frozen=True, slots=True)
class Concern:
    """``level`` is its colour and sign; ``details`` are counted reasons; ``link`` is where to go, if anywhere."""

    level: str
    title: str
    text: str
    link: str = ""
    verb: str = ""
    details: tuple[tuple[str, int], ...] = ()


def concerns(glance: Glance, config_problem: IntegratorError | None) -> tuple[Concern, ...]:
    """All of them for one shop."""
    found = [*_program(glance, config_problem)]
    if glance.now is not None:
        found += [
            *_sending(glance.now),
            *_numbers(glance, glance.now),
            *_messages(glance.now),
            *_companions(glance.now),
        ]
    return tuple(sorted(found, key=lambda each: (BAD, WARN, INFO).index(each.level)))


def _program(glance: Glance, config_problem: IntegratorError | None) -> Iterator[Concern]:
    if config_problem is not None:
        yield Concern(BAD, config_problem.title, f"{config_problem.message} Vale a última configuração sem erro.")
    if glance.problem is not None:
        yield Concern(BAD, glance.problem.title, glance.problem.message)
    station = glance.station
    if station is None:
        return
    if station.problem and (glance.problem is None or station.problem != glance.problem.message):
        yield Concern(BAD, "O envio encontrou um problema", station.problem)
    if station.asks:
        yield Concern(BAD, "Este computador só simula", station.asks, "/simulador", "Ver o que seria enviado")


def _sending(now: Now) -> Iterator[Concern]:
    if now.paused_until is not None:
        forever = now.paused_until == datetime.max
        until = "até alguém retomar" if forever else f"até {format_datetime(now.paused_until)}"
        yield Concern(WARN, "Envio pausado", f"Nada sai {until}.", "/fila", "Abrir a fila")


def _numbers(glance: Glance, now: Now) -> Iterator[Concern]:
    """Each number by which this installation sends, where it needs somebody."""
    several = len(glance.shop.settings.numbers) > 1
    for number in glance.shop.settings.numbers:
        row = next((each for each in now.instances if each.name == number.instance), None)
        status = next((each for each in glance.statuses if each.instance == number.instance), None)
        condition = status.condition if status is not None else None
        state = condition.state if condition is not None else row.state if row is not None else None
        named = f" ({number.instance})" if several else ""
        if state in _CALM:
            pass
        elif state in _UNPAIRED:
            text = "Nenhuma mensagem sai até um celular ser conectado."
            yield Concern(BAD, f"Nenhum número conectado{named}", text, "/whatsapp", "Conectar")
        elif state is GatewayState.OFFLINE:
            text = "O WhatsApp não responde. O envio continua sozinho quando a conexão voltar."
            yield Concern(WARN, f"WhatsApp sem conexão{named}", text, "/whatsapp", "Ver o número")
        else:
            words = number_words(state, condition)
            yield Concern(BAD, f"WhatsApp: {words.title[:1].lower()}{words.title[1:]}{named}", words.text, *_SEE)
        stop = glance.stops.get(number.instance)
        if stop is not None:
            text = f"{stop.why} Nada sai por ele até alguém retomar."
            yield Concern(BAD, f"A proteção parou o número{named}", text, *_SEE)


def _messages(now: Now) -> Iterator[Concern]:
    uncertain, awaiting, held = (_of(now, state) for state in (State.UNCERTAIN, State.AWAITING, State.HELD))
    if uncertain:
        count = _rows(uncertain)
        yield Concern(
            BAD,
            format_count(count, "mensagem incerta", "mensagens incertas"),
            "Podem ter sido entregues. Confira no celular e decida; nada é reenviado sozinho."
            if count > 1
            else "Pode ter sido entregue. Confira no celular e decida; nada é reenviado sozinho.",
            "/fila?situacao=incerta",
            "Conferir",
        )
    if awaiting:
        count = _rows(awaiting)
        title = format_count(count, "mensagem aguardando confirmação", "mensagens aguardando confirmação")
        text = "Só saem depois do seu sim." if count > 1 else "Só sai depois do seu sim."
        yield Concern(WARN, title, text, "/confirmar", "Confirmar")
    if held:
        details = tuple((reason_words(each.code), each.rows) for each in held)
        count = _rows(held)
        title = format_count(count, "mensagem retida", "mensagens retidas")
        text = f"{'Cada uma' if count > 1 else 'Ela'} diz o que corrigir; depois de corrigir, libere."
        yield Concern(WARN, title, text, "/fila?situacao=retida", "Ver e corrigir", details)


def _companions(now: Now) -> Iterator[Concern]:
    for each in now.integrators:
        if not each.alive and each.silent_s < _MISSED_S:
            text = (
                f"O integrador do computador {each.computer or each.owner} não dá sinal desde "
                f"{format_datetime(each.beat_at)}. Confira se o computador está ligado e o programa aberto."
            )
            yield Concern(WARN, "Um integrador parou de responder", text)


def _of(now: Now, state: State) -> tuple[Waiting, ...]:
    return tuple(each for each in now.waiting if each.state is state)


def _rows(waiting: tuple[Waiting, ...]) -> int:
    return sum(each.rows for each in waiting)
