"""What the shop chose for each message, as the page shows it and as a form of it asks for it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from integrator.messages.catalogue import DEBT_NOTICE, DebtKind, Module, Situation, bare, debt_notice
from integrator.messages.choices import Choice, Choices
from integrator.panel.texts.addresses import address, slug
from integrator.panel.texts.versions import Version
from integrator.panel.texts.writing import SITUATIONS, module_switch
from integrator.panel.visit import Visit, Wrong
from integrator.settings.contents import HowSent
from integrator.settings.editing import fixed_by_environment

#: What people call the PDFs of the catalogue.
DOCUMENTS: Final[Mapping[str, str]] = {
    "boleto": "boleto",
    "demonstrativo": "demonstrativo",
    "recibo_quitacao": "recibo de quitação",
    "termo_acordo": "termo de acordo",
    "orcamento": "orçamento",
    "pedido": "pedido",
    "ordem_servico": "ordem de serviço",
    "condicional": "condicional",
    "comanda": "comanda",
    "nota": "nota fiscal",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One message of a module. ``own``: the shop wrote its text; ``last``: its newest version, if it ever changed."""

    situation: Situation
    slug: str
    address: str
    on: bool
    asks: bool
    documents: tuple[str, ...]
    own: bool
    last: Version | None


@dataclass(frozen=True, slots=True)
class Section:
    """A module. ``state`` names what its form was filled with; ``fixed`` is the variable of the environment that holds
    its switch, or empty."""

    module: Module
    slug: str
    on: bool
    rows: tuple[Row, ...]
    state: str
    fixed: str
    fixed_rows: str

    @property
    def summary(self) -> str:
        """What is in it, for who only passes by."""
        if not self.on:
            return "desligado"
        off = sum(not row.on for row in self.rows)
        asks = sum(row.asks and row.on for row in self.rows)
        own = sum(row.own for row in self.rows)
        told = [f"{len(self.rows) - off} de {len(self.rows)} ligadas" if off else "tudo ligado"]
        told += [f"{asks} com pergunta"] if asks else []
        told += [f"{own} com texto da loja"] if own else []
        return " · ".join(told)


def place_of(situation: Situation, *, same: bool) -> Situation:
    """Whose text is in force: with one text for all debt notices (S28), that of the overdue ones."""
    return debt_notice(DebtKind.OVERDUE) if same and situation.module == DEBT_NOTICE else situation


def own_text(choices: Choices, situation: Situation) -> str:
    """The shop's own text as it is in force; empty for the default."""
    return choices.of(place_of(situation, same=choices.same_for_debts is not None)).text


def section(module: Module, choices: Choices, latest: Mapping[tuple[str, str], Version]) -> Section:
    """The module as the choices have it."""
    same = choices.same_for_debts is not None
    rows = []
    for each in module.situations:
        chosen, place = choices.of(each), place_of(each, same=same)
        rows.append(
            Row(
                each,
                slug(each.kind),
                address(each),
                chosen.on,
                choices.asks(each),
                each.documents if chosen.documents is None else chosen.documents,
                bool(own_text(choices, each)),
                latest.get((place.module, place.kind)),
            )
        )
    return Section(
        module,
        slug(module.name),
        bare(module_switch(module.name)[1]) not in choices.off,
        tuple(rows),
        state_of(module, choices),
        fixed_by_environment(module_switch(module.name)),
        fixed_by_environment(SITUATIONS),
    )


def state_of(module: Module, choices: Choices) -> str:
    """A digest of everything that the module's form shows: two people at once are noticed by it."""
    told = [(each.kind, replace(choices.of(each), text="")) for each in module.situations]
    switch = bare(module_switch(module.name)[1]) in choices.off
    return hashlib.sha256(repr((told, switch, choices.cashback_days)).encode()).hexdigest()[:16]


def asked_for(visit: Visit, module: Module, choices: Choices) -> Choices:
    """The choices with what was typed in the module's form; texts stay. Raises :class:`Wrong`."""
    name = bare(module_switch(module.name)[1])
    off = choices.off if fixed_by_environment(module_switch(module.name)) else choices.off - {name}
    if off is not choices.off and not visit.typed("ligado"):
        off |= {name}
    if fixed_by_environment(SITUATIONS):
        return replace(choices, off=off)
    chosen = {(bare(each.module), bare(each.kind)): _asked(visit, each, choices) for each in module.situations}
    return replace(choices, off=off, by_name={**choices.by_name, **chosen})


def _asked(visit: Visit, situation: Situation, choices: Choices) -> Choice:
    name, before = slug(situation.kind), choices.of(situation)
    how = visit.typed(f"envio-{name}")
    if how not in set(HowSent):
        raise Wrong("O envio de uma mensagem é “automático” ou “perguntar antes”. Recarregue a página e repita.")
    asks = how == HowSent.ASK
    typed = set(visit.all_typed(f"pdf-{name}"))
    documents = tuple(each for each in situation.documents if each in typed)
    shown = situation.documents if before.documents is None else before.documents
    return replace(
        before,
        on=bool(visit.typed(f"ligada-{name}")),
        # What says the same as before stays as it is written; what says the same as the catalogue is not written.
        confirm=before.confirm if asks == choices.asks(situation) else (None if asks == situation.confirm else asks),
        documents=_documents(situation, before, documents) if set(documents) != set(shown) else before.documents,
    )


def _documents(situation: Situation, before: Choice, wanted: tuple[str, ...]) -> tuple[str, ...] | None:
    return None if wanted == situation.documents and before.documents is not None else wanted
