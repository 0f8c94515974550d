"""Whose debts a message collects: the shop's own, or those of a creditor with documents of its own (C09, C10)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from integrator.domain.message import Creditor, Message
from integrator.messages.schema import plain

#: The row's variable that names its creditor: name, CPF/CNPJ or the ERP's code.
VARIABLE = "credor"


@dataclass(frozen=True, slots=True)
class CreditorChoice:
    """What the shop settled for one creditor: ``called`` is how the rows name it; empty models are the account's."""

    called: str
    creditor: Creditor
    statement: str = ""
    agreement: str = ""


def choice_for(message: Message, choices: tuple[CreditorChoice, ...]) -> CreditorChoice | None:
    """The creditor of a message, with what was settled for it; None: the shop itself.

    It is the one that the row's variable names, else the one beneficiary of all its titles where the shop settled
    something for it: any other beneficiary only receives the money, as a bank or a factoring does.
    """
    named = next((value.strip() for name, value in message.variables.items() if plain(name) == VARIABLE), "")
    wanted = {_as_compared(name) for name in ((named,) if named else _beneficiary(message))}
    for choice in choices:
        known = {_as_compared(name) for name in (choice.called, choice.creditor.name, choice.creditor.tax_id)}
        if (wanted & known) - {""}:
            return choice
    return CreditorChoice(named, Creditor(named)) if named else None


def _beneficiary(message: Message) -> tuple[str, ...]:
    """Name and CPF/CNPJ of the one beneficiary of all titles; empty where there are several."""
    found = {(title.beneficiary_name.strip(), title.beneficiary_tax_id.strip()) for title in message.titles}
    return found.pop() if len(found) == 1 else ()


def _as_compared(name: str) -> str:
    return re.sub(r"[\W_]+", "", plain(name))
