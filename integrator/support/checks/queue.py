"""What waits in the queue, and for how long."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from integrator.domain.lifecycle import State
from integrator.messages.formatting import format_count, format_datetime
from integrator.sending.guard import pause_until
from integrator.support.context import Context
from integrator.support.doctor import Check
from integrator.support.erp_facts import Stage, pause, server_facts, stages
from integrator.support.finding import Answer, fine, warning
from integrator.support.words import duration

_GROUP = "Fila"
_OLD_S: Final = 3 * 86400


def waiting(context: Context) -> Answer:
    facts, found = context.database.read(lambda session: (server_facts(session), stages(session)))
    return judge_waiting(found, facts.now)


def judge_waiting(found: dict[str, Stage], now: datetime) -> Answer:
    pending = found.get(State.PENDING)
    if pending is None:
        return fine("Nenhuma mensagem pendente.")
    age = max(0, int((now - pending.oldest).total_seconds()))
    rows = format_count(pending.rows, "mensagem pendente", "mensagens pendentes")
    text = f"{rows}; a mais antiga espera há {duration(age)}."
    if age > _OLD_S:
        return warning(
            text,
            "Veja o que as segura com integrator queue: pausa, horário, máximo por dia ou integrador desligado.",
        )
    return fine(text)


def undecided(context: Context) -> Answer:
    """Held and uncertain rows, and rows that nobody took out of somebody's dead hand."""
    facts, found = context.database.read(lambda session: (server_facts(session), stages(session)))
    return judge_undecided(found, facts.now)


def judge_undecided(found: dict[str, Stage], now: datetime) -> Answer:
    texts: list[str] = []
    fixes: list[str] = []
    if uncertain := found.get(State.UNCERTAIN):
        texts.append(format_count(uncertain.rows, "mensagem incerta", "mensagens incertas"))
        fixes.append("Confira as incertas no celular e decida: integrator queue --situacao incerta.")
    if held := found.get(State.HELD):
        texts.append(format_count(held.rows, "mensagem retida", "mensagens retidas"))
        fixes.append("Veja o motivo das retidas e corrija: integrator queue --situacao retida.")
    if awaiting := found.get(State.AWAITING):
        texts.append(f"{format_count(awaiting.rows, 'mensagem', 'mensagens')} à espera de confirmação")
        fixes.append("Confirme no ERP ou com integrator queue confirm.")
    stuck = [found[state] for state in (State.RESERVED, State.SENDING) if state in found]
    if any(stage.lease_ends is not None and stage.lease_ends < now for stage in stuck):
        texts.append("mensagens em andamento cuja reserva já venceu")
        fixes.append("Ligue o integrador: ele resolve as que ficaram no meio.")
    if not texts:
        return fine("Nenhuma mensagem retida, incerta ou parada no meio.")
    shown = "; ".join(texts)
    return warning(f"{shown[0].upper()}{shown[1:]}.", " ".join(fixes))


def paused(context: Context) -> Answer:
    return judge_pause(context.database.read(pause), context.machine.now())


def judge_pause(value: str, now: datetime) -> Answer:
    until = pause_until(value, now)
    if until is None:
        return fine("O envio não está em pausa.")
    when = "até alguém retomar" if until == datetime.max else f"até {format_datetime(until)}"
    return warning(f"O envio está em pausa {when}.", "Para retomar: integrator resume")


_READY = ("configuracao", "conexao", "contrato")
CHECKS = (
    Check("pendentes", _GROUP, "Pendentes", waiting, _READY, 10.0),
    Check("decidir", _GROUP, "À espera de alguém", undecided, _READY, 10.0),
    Check("pausa", _GROUP, "Pausa", paused, _READY),
)
