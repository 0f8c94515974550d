"""The panel's port: ours, free, or taken by another program."""

from __future__ import annotations

from typing import Final

from integrator.local_address import read_address
from integrator.support.context import Context
from integrator.support.doctor import Check
from integrator.support.finding import Answer, broken, fine, warning
from integrator.support.machine import Machine

_LOOPBACK: Final = "127.0.0.1"
_KNOCK_S: Final = 2.0


def port(context: Context) -> Answer:
    chosen = context.settings.panel
    if not chosen.on:
        return fine("O painel está desligado em [painel] ligado.")
    known = read_address(context.data)
    ours = known.port if known is not None else None
    return judge_port(chosen.port, ours, answers=_answers(context.machine, ours or chosen.port))


def judge_port(chosen: int, ours: int | None, *, answers: bool) -> Answer:
    """``ours``: where the running panel says it is; ``answers``: whether somebody does there, or at the chosen port."""
    if ours is not None and answers:
        return fine(f"O painel responde na porta {ours} deste computador.")
    if ours is not None:
        return warning(
            f"O painel deveria responder na porta {ours}, e ninguém responde.",
            "Reinicie o integrador; se ele está em execução, veja o motivo no registro.",
        )
    if answers:
        return broken(
            f"A porta {chosen} do painel está em uso por outro programa.",
            "Escolha outra em [painel] porta, por exemplo 8788, e reinicie o integrador.",
        )
    return fine(f"A porta {chosen} está livre para o painel, que abre quando o integrador está em execução.")


def _answers(machine: Machine, number: int) -> bool:
    try:
        machine.knock(_LOOPBACK, number, _KNOCK_S)
    except OSError:
        return False
    return True


CHECKS = (Check("painel", "Este computador", "Painel", port, ("configuracao",)),)
