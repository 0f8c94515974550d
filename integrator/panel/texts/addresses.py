"""Modules and situations in addresses: a closed list, so that nothing typed there is ever looked up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from integrator.messages.catalogue import Module, Situation, modules
from integrator.messages.schema import plain
from integrator.panel.visit import NotThere, Visit


def slug(name: str) -> str:
    """``ORDEM DE SERVIÇO`` as ``ordem-de-servico``."""
    return "-".join(re.findall(r"[a-z0-9]+", plain(name)))


def address(situation: Situation) -> str:
    """The path of the situation's page."""
    return f"/mensagens/{slug(situation.module)}/{slug(situation.kind)}"


def module_of(visit: Visit) -> Module:
    """The module in ``{modulo}`` of the address. Raises :class:`NotThere`."""
    found = _modules().get(visit.path("modulo"))
    if found is None:
        raise NotThere("Não há módulo com este endereço. Volte a Mensagens e escolha um da lista.")
    return found


def situation_of(visit: Visit) -> Situation:
    """The situation in ``{modulo}/{mensagem}``. Raises :class:`NotThere`."""
    wanted = visit.path("mensagem")
    for each in module_of(visit).situations:
        if slug(each.kind) == wanted:
            return each
    raise NotThere("Não há mensagem com este endereço. Volte a Mensagens e escolha uma da lista.")


@cache
def _modules() -> Mapping[str, Module]:
    return {slug(module.name): module for module in modules()}
