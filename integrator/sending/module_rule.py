"""Which of several numbers sends which module's messages (A07).

A number that claims modules sends these alone; the numbers that claim none share the rest, and so do all of them, when
every number claims something, through the first. What the ERP says in ``WA_FILA.INSTANCIA`` is not asked here: it wins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from integrator.domain.errors import SettingsError
from integrator.messages.catalogue import MODULES, bare, module_named
from integrator.settings.sections import NumberSettings


@dataclass(frozen=True, slots=True)
class ModuleRule:
    """``claimed``: instance by module, as :func:`bare` spells it; ``rest``: the instances that take all others."""

    claimed: Mapping[str, str] = field(default_factory=dict)
    rest: frozenset[str] = frozenset()

    def number_for(self, module: str) -> str:
        """The instance that claimed that module, however an ERP writes its name; empty when none did."""
        return self.claimed.get(bare(module), "") if self.claimed else ""


def module_rule(numbers: Sequence[NumberSettings]) -> ModuleRule:
    """The rule that these numbers make together.

    Raises :class:`SettingsError` for a module that does not exist, and for one that two numbers claim.
    """
    claimed: dict[str, str] = {}
    for number in numbers:
        for name in number.modules:
            # As in the catalogue (ORDEM DE SERVIÇO) or as a key of [modulos] (ordem_de_servico): the same letters.
            if module_named(name) is None:
                known = ", ".join(MODULES.values())
                raise SettingsError(
                    f"modulos do número “{number.instance}”: não há módulo “{name}”. Os que existem: {known}."
                )
            other = claimed.setdefault(bare(name), number.instance)
            if other != number.instance:
                raise SettingsError(
                    f"O módulo “{name}” está em dois números, “{other}” e “{number.instance}”. Deixe-o em um só."
                )
    rest = frozenset(number.instance for number in numbers if not number.modules)
    return ModuleRule(claimed, rest or frozenset(number.instance for number in numbers[:1]))
