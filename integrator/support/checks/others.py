"""Who works on this queue: this integrator, others on the same database, and the WhatsApp number."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from integrator.app import JOURNAL_FILE, SIMULATOR_FOLDER
from integrator.domain.phone import mask_phone
from integrator.gateways.simulator.wire import is_running
from integrator.messages.formatting import format_datetime
from integrator.sending.ports import GatewayState
from integrator.settings.sections import Engine
from integrator.support.context import Context
from integrator.support.doctor import Check
from integrator.support.erp_facts import Beat, Instance, beats, instances
from integrator.support.finding import Answer, fine, warning
from integrator.support.words import duration

_GROUP = "Integradores e WhatsApp"
#: Integrators beat every half minute; the engine takes one for gone after as long (``erp/queue.py``).
_SILENT_S: Final = 600
_STATES: Final = {
    GatewayState.CONNECTED: "conectado",
    GatewayState.CONNECTING: "conectando",
    GatewayState.NEEDS_PAIRING: "à espera de ser conectado pelo celular",
    GatewayState.OFFLINE: "sem conexão com o WhatsApp",
    GatewayState.LOGGED_OUT: "desconectado pelo celular",
}


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
    return fine("O integrador deste computador está em execução.")


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
    name = context.settings.whatsapp.instance
    known = {each.name: each for each in context.database.read(instances)}.get(name)
    if context.settings.whatsapp.engine is Engine.SIMULATOR:
        return judge_simulator(running=is_running(context.data / SIMULATOR_FOLDER))
    return judge_number(known, name)


def judge_simulator(*, running: bool) -> Answer:
    state = "em execução" if running else "parado"
    return warning(
        f"O motor é o simulador ({state}): nada chega ao WhatsApp de ninguém.",
        "Nesta versão é o único motor; serve para conferir o que cada cliente receberia.",
    )


def judge_number(known: Instance | None, name: str) -> Answer:
    if known is None:
        return warning(f"O número “{name}” ainda não foi conectado.", "Ligue o integrador e conecte o celular.")
    number = f" ({mask_phone(known.number)})" if known.number else ""
    state = _STATES.get(GatewayState(known.state)) if known.state in set(GatewayState) else None
    text = f"O número “{name}”{number} está {state or 'em situação desconhecida'}"
    seen = f", visto há {duration(known.silent_s)}." if known.at is not None else "."
    if known.state != GatewayState.CONNECTED:
        return warning(text + seen, "Confira a internet e o celular; se preciso, conecte o número de novo.")
    if known.silent_s > _SILENT_S:
        return warning(text + seen, "Ligue o integrador para saber a situação de agora.")
    return fine(text + seen)


def _sorted(context: Context) -> tuple[list[Beat], list[Beat]]:
    """The beats of this installation, and those of others. The owner begins with the journal's id."""
    prefix = _journal_id(context.data / JOURNAL_FILE)
    mine: list[Beat] = []
    theirs: list[Beat] = []
    for beat in context.database.read(beats):
        own_beat = bool(prefix) and beat.owner.startswith(f"{prefix}-") and beat.machine == context.machine.name
        (mine if own_beat else theirs).append(beat)
    return mine, theirs


def _journal_id(path: Path) -> str:
    """The first eight characters of the journal's id, which begin ``DONO``; empty without a journal."""
    if not path.exists():
        return ""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=2.0)) as db:
            row = db.execute("SELECT id FROM journal").fetchone()
    except sqlite3.Error:
        return ""
    return str(row[0])[:8] if row else ""


_READY = ("configuracao", "conexao", "contrato")
CHECKS = (
    Check("integrador", _GROUP, "Este integrador", own, _READY),
    Check("outros", _GROUP, "Outros integradores", others, _READY),
    Check("whatsapp", _GROUP, "WhatsApp", whatsapp, _READY),
)
