"""Who works on this queue: this integrator, others on the same database, and the WhatsApp number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from integrator.app import JOURNAL_FILE
from integrator.domain.phone import mask_phone
from integrator.gateways.configured import simulator_folder
from integrator.gateways.simulator.wire import is_running
from integrator.installation.authorisation import standing_without_claim
from integrator.installation.identity import Installation, this_installation
from integrator.installation.standing import Asks, Standing, Unclaimed
from integrator.messages.formatting import format_datetime
from integrator.sending.gateway import GatewayState
from integrator.settings.sections import Engine, NumberSettings
from integrator.support.checks.numbers import together
from integrator.support.context import Context
from integrator.support.doctor import Check
from integrator.support.erp_facts import Beat, Instance, beats, instances
from integrator.support.finding import Answer, Level, fine, warning
from integrator.support.number_states import explained
from integrator.support.words import duration

_GROUP = "Integradores e WhatsApp"
#: Integrators beat every half minute; the engine takes one for gone after as long (``erp/queue.py``).
_SILENT_S: Final = 600


def own(context: Context) -> Answer:
    mine, _ = _sorted(context)
    return judge_own(mine)


def judge_own(mine: Sequence[Beat]) -> Answer:
    if not mine:
        return warning(
            "O integrador deste computador ainda não trabalhou neste banco.",
            "Se ele é o que deve enviar, ligue-o: integrator run --headless",
        )
    newest = min(mine, key=lambda beat: beat.silent_s)
    if newest.silent_s > _SILENT_S:
        return warning(
            f"O integrador deste computador está parado desde {format_datetime(newest.at)}.",
            "Ligue-o: integrator run --headless",
        )
    return fine(f"O integrador deste computador deu sinal há {duration(newest.silent_s)}.")


def others(context: Context) -> Answer:
    _, theirs = _sorted(context)
    return judge_others(theirs, context.settings.whatsapp.instance)


def judge_others(theirs: Sequence[Beat], instance: str) -> Answer:
    alive = [beat for beat in theirs if beat.silent_s <= _SILENT_S]
    same = [beat for beat in alive if beat.instance == instance]
    if same:
        return warning(
            f"Outro integrador, no computador {same[0].machine}, trabalha agora neste banco com o mesmo número "
            f"(“{instance}”).",
            "Deixe um só: desligue um dos dois, ou dê a cada um o seu número em [whatsapp] instancia.",
        )
    if alive:
        names = ", ".join(f"{beat.machine} (número “{beat.instance}”)" for beat in alive)
        return fine(f"Outros integradores trabalham neste banco, cada um com o seu número: {names}.")
    if theirs:
        newest = min(theirs, key=lambda beat: beat.silent_s)
        return fine(f"Nenhum outro integrador ativo; o de {newest.machine} parou há {duration(newest.silent_s)}.")
    return fine("Nenhum outro integrador trabalhou neste banco.")


def whatsapp(context: Context) -> Answer:
    """The numbers of this database, as the daemon last reported them."""
    known = {each.name: each for each in context.database.read(instances)}
    return together((_number(context, known.get(n.instance), n) for n in context.settings.numbers), "")


def _number(context: Context, known: Instance | None, number: NumberSettings) -> Answer:
    if number.engine is Engine.SIMULATOR:
        return judge_simulator(known, running=is_running(simulator_folder(context.data, number)))
    return judge_number(known, number.instance)


def judge_simulator(known: Instance | None, *, running: bool) -> Answer:
    state = "em execução" if running else "parado"
    last = f" {judge_number(known, known.name).text}" if known is not None else ""
    return warning(
        f"O motor é o simulador ({state}): nada chega ao WhatsApp de ninguém.{last}",
        "Para enviar de verdade, escolha outro motor na página WhatsApp do painel; o simulador serve para conferir o "
        "que cada cliente receberia.",
    )


def judge_number(known: Instance | None, name: str) -> Answer:
    if known is None:
        return warning(f"O número “{name}” ainda não foi conectado.", "Ligue o integrador e conecte o celular.")
    number = f" ({mask_phone(known.number)})" if known.number else ""
    told = explained(GatewayState(known.state)) if known.state in set(GatewayState) else None
    seen = f", visto há {duration(known.silent_s)}" if known.at is not None else ""
    text = f"O número “{name}”{number} está {told.words if told else 'em situação desconhecida'}{seen}."
    if told is None:
        return warning(text, "Ligue o integrador para saber a situação de agora.")
    if told.level is not Level.OK:
        return Answer(told.level, text, told.fix)
    if known.silent_s > _SILENT_S:
        return warning(text, "Ligue o integrador para saber a situação de agora.")
    return fine(text)


def standing(context: Context) -> Answer:
    """Judged as the daemon does at its start, without claiming anything."""
    us = _installation(context)
    if us is None:
        return fine("O integrador ainda não trabalhou neste computador; ele confere a autorização quando começar.")
    return judge_standing(standing_without_claim(context.database, us))


def judge_standing(verdict: Standing | Unclaimed) -> Answer:
    match verdict:
        case Asks(reason=reason):
            return warning(
                f"Este integrador só simula, e nada sai para clientes, até alguém autorizar. {reason}",
                "Se é este computador que deve enviar, autorize-o: integrator authorize",
            )
        case _:
            return fine("Esta instalação está autorizada a enviar por este banco.")


def _sorted(context: Context) -> tuple[list[Beat], list[Beat]]:
    """The beats of this installation, and those of others."""
    us = _installation(context)
    owner = us.owner if us is not None else ""
    found = context.database.read(beats)
    return [beat for beat in found if beat.owner == owner], [beat for beat in found if beat.owner != owner]


def _installation(context: Context) -> Installation | None:
    """None before the first start: looking must not make a journal."""
    journal = context.data / JOURNAL_FILE
    return this_installation(journal, context.machine.now()) if journal.exists() else None


_READY = ("configuracao", "conexao", "contrato")
CHECKS = (
    Check("integrador", _GROUP, "Este integrador", own, (*_READY, "diario")),
    Check("autorizacao", _GROUP, "Autorização", standing, (*_READY, "diario")),
    Check("outros", _GROUP, "Outros integradores", others, (*_READY, "diario")),
    Check("whatsapp", _GROUP, "WhatsApp", whatsapp, _READY),
)
