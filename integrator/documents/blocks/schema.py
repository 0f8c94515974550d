"""What a document's texts may name: the built-in variables and those of the situations that carry the document."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Final

from integrator.messages.catalogue import Situation, modules
from integrator.messages.schema import Kind, Schema
from integrator.messages.vocabulary import base_schema

TITLE_LISTS: Final = ("titulos", "vencidos", "a_vencer", "quitados")
OPEN_LISTS: Final = ("titulos", "vencidos", "a_vencer")


@cache
def document_schema(name: str) -> Schema:
    """The schema of the document of that name; for a name that no situation carries, the built-in variables.

    A variable that two situations hold as different kinds counts as a text of the ERP's own, which takes every filter.
    """
    kinds: dict[str, Kind] = {}
    for situation in situations_with(name):
        for each in situation.variables:
            kinds[each.name] = each.kind if kinds.get(each.name, each.kind) is each.kind else Kind.OWN
    base = base_schema()
    return replace(base, fields={**base.fields, **kinds})


def situations_with(name: str) -> tuple[Situation, ...]:
    """The situations of the catalogue that may carry the document of that name."""
    return tuple(each for module in modules() for each in module.situations if name in each.documents)
