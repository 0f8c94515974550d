"""The sending as a whole: how it stands, pause, and the register of consent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from pydantic import Field

from integrator.domain.errors import PhoneError
from integrator.domain.phone import PhoneCandidate, parse_phones
from integrator.erp.api_shop import Said, add_consent, consents, instances
from integrator.erp.history import open_counts
from integrator.panel.api.answers import (
    Consentimento,
    Consentimentos,
    Motor,
    Numero,
    PausaAtual,
    ResponseName,
    Situacao,
)
from integrator.panel.api.models import ConsentimentoNovo, Pausa
from integrator.panel.api.operation import Answer, Call, Query
from integrator.panel.api.problems import Problem, invalid
from integrator.panel.premises import Shop
from integrator.sending.guard import PAUSE_KEY, pause_until, pause_value

_RESPONSES: Final[Mapping[str, ResponseName]] = {"S": "sim", "N": "nao", "R": "retirada"}


class PhoneQuery(Query):
    """Whose register."""

    telefone: str = Field(max_length=60, min_length=1, description="O celular, com DDD")


def status(call: Call[Query, None]) -> Answer:
    """GET /status."""
    shop = call.shop
    station = next((each for each in call.panel.running.stations() if each.database == shop.name), None)
    engine = Motor(
        texto=station.text if station else "parado",
        proximo_envio=station.next_send if station else None,
        problema=station.problem if station else "",
        simulacao=bool(station and station.asks),
    )
    counts = {state.value: number for state, number in open_counts(shop.database).items()}
    numbers = tuple(
        Numero(nome=each.name, numero=each.number, situacao=each.state) for each in instances(shop.database)
    )
    body = Situacao(banco=shop.name, motor=engine, pausa=_pause(shop, call.now), mensagens=counts, numeros=numbers)
    return Answer(200, body)


def pause(call: Call[Query, Pausa | None]) -> Answer:
    """POST /pause."""
    until = call.body.ate if call.body else None
    if until is not None and until <= call.now:
        raise invalid([Problem("/ate", "já passou")])
    return _paused(call, pause_value(until))


def resume(call: Call[Query, None]) -> Answer:
    """POST /resume."""
    return _paused(call, "")


def answers(call: Call[PhoneQuery, None]) -> Answer:
    """GET /consents."""
    return Answer(200, _register(call.shop, _phone(call.shop, call.query.telefone, "telefone")))


def answer(call: Call[Query, ConsentimentoNovo]) -> Answer:
    """POST /consents."""
    asked = call.body
    phone = _phone(call.shop, asked.telefone, "/telefone")
    if asked.quando is not None and asked.quando > call.now + timedelta(minutes=5):
        raise invalid([Problem("/quando", "ainda não chegou")])
    source = f"{asked.origem.strip()} (API: {call.key.plan.name})"
    word = "S" if asked.aceita else "N"
    add_consent(call.shop.database, Said(phone.e164, asked.finalidade, word, asked.quando, source))
    return Answer(201, _register(call.shop, phone), ("clientes", "fila"))


def _paused(call: Call[Query, object], value: str) -> Answer:
    call.shop.desk.set_config(PAUSE_KEY, value)
    call.panel.running.wake()
    return Answer(200, _pause(call.shop, call.now), ("estado", "config"))


def _pause(shop: Shop, now: datetime) -> PausaAtual:
    until = pause_until(shop.desk.config(PAUSE_KEY), now)
    return PausaAtual(pausado=until is not None, ate=None if until == datetime.max else until)


def _register(shop: Shop, phone: PhoneCandidate) -> Consentimentos:
    found = [said for number in phone.alternatives for said in consents(shop.database, number)]
    found.sort(key=lambda said: said.at or datetime.min, reverse=True)
    return Consentimentos(
        telefone=phone.e164,
        respostas=tuple(
            Consentimento(
                telefone=said.phone,
                finalidade=said.purpose,
                resposta=_RESPONSES.get(said.word, "nao"),
                quando=said.at,
                origem=said.source,
            )
            for said in found
        ),
    )


def _phone(shop: Shop, typed: str, pointer: str) -> PhoneCandidate:
    try:
        found = parse_phones(typed, shop.settings.whatsapp.default_area)
    except PhoneError:
        raise invalid([Problem(pointer, "não é um celular com DDD")]) from None
    if len(found) != 1:
        raise invalid([Problem(pointer, "tem mais de um número; registre um de cada vez")])
    return found[0]
