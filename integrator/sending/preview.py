"""A text as customers would read it, before it is saved: rows to try it on, and what would become of each.

For who writes texts, on the command line and in the panel. Nothing is sent, nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from integrator.domain.message import Company, Composed, Message
from integrator.messages.catalogue import DEBT_NOTICE, Situation, bare
from integrator.messages.choices import Choices
from integrator.messages.formatting import format_count, format_date, format_list
from integrator.messages.language import loose_marks, utf16_length
from integrator.messages.samples import SAMPLE_COMPANY, SAMPLE_CUSTOMERS, at_work, sample_message
from integrator.messages.values import Enclosed
from integrator.sending.enclosures import Enclosures, Row
from integrator.sending.policy import ComposePolicy
from integrator.sending.shape import Bubble


@dataclass(frozen=True, slots=True)
class Case:
    """One row to show a text with, at an hour of the day on which it was written. ``note``: what is odd about it."""

    title: str
    message: Message
    now: datetime
    note: str = ""


def real_case(why: str, message: Message) -> Case:
    """A row of the queue, with the integrator's text in place of one that the ERP may have written; ``why`` chosen."""
    day = message.created_at.date()
    title = f"{why[:1].upper()}{why[1:]}: {message.customer.name or 'sem nome'}, mensagem de {format_date(day)}."
    own = bool(message.template and message.template.strip())
    note = "O ERP gravou um texto próprio nesta mensagem; aqui ela aparece com o do integrador." if own else ""
    return Case(title, replace(message, template=None, confirmed=True), at_work(day), note)


def sample_cases(situation: Situation, company: Company, today: datetime) -> tuple[Case, ...]:
    """The catalogue's samples, as ``company`` would write to them."""
    now = at_work(today.date())
    return tuple(
        Case(
            f"{title}: {customer.name}.",
            sample_message(situation, now, company=company, customer=customer, count=count),
            now,
        )
        for title, (customer, count) in SAMPLE_CUSTOMERS.items()
    )


def company_or_sample(company: Company) -> Company:
    """The shop, or a sample where it lacks what every collection must tell."""
    return company if company.name and company.tax_id and company.address.one_line else SAMPLE_COMPANY


def trying(policy: ComposePolicy, situation: Situation, source: str) -> ComposePolicy:
    """The shop's policy with that text, and the message switched on so that it can be seen; nothing is masked."""
    return replace(policy, masked=False, choices=_only(policy.choices, situation, source))


def _only(choices: Choices, situation: Situation, source: str) -> Choices:
    chosen = replace(choices.of(situation), on=True, confirm=False, text=source)
    return replace(
        choices,
        off=choices.off - {bare(situation.module)},
        by_name={**choices.by_name, (bare(situation.module), bare(situation.kind)): chosen},
        same_for_debts=source if situation.module == DEBT_NOTICE else None,
    )


def facts(composed: Composed) -> Iterator[str]:
    """How long the text is, where it goes, and marks of WhatsApp that this customer's data leave without a pair."""
    captioned = next((part for part in composed.parts if part.caption), None)
    length = format_count(utf16_length(composed.text), "caractere", "caracteres")
    place = f"vai na legenda de {captioned.file_name}" if captioned else "vai numa mensagem de texto"
    yield f"O texto tem {length} e {place}."
    if marks := loose_marks(composed.text):
        told = format_list(f"“{mark}”" for mark in marks)
        yield f"Há {told} sem par no texto: com os dados deste cliente, o negrito ou itálico pode sair no lugar errado."


@dataclass(frozen=True, slots=True)
class DrawnFile:
    """A file that would go along; ``size`` in bytes."""

    name: str
    size: int


class DrawnOnce(Enclosures):
    """The files of a few rows, drawn once and then only named, however often the text is tried.

    The parts of what is composed with it have no content; :meth:`files_of` tells what was drawn.
    """

    def __init__(self, policy: ComposePolicy) -> None:
        super().__init__(policy)
        self._drawn: dict[tuple[int, str, datetime], tuple[list[Bubble], Enclosed]] = {}
        self._files: dict[tuple[int, str, datetime], tuple[DrawnFile, ...]] = {}

    def make(self, row: Row) -> tuple[list[Bubble], Enclosed]:
        key = _row_key(row.message, row.now)
        if key not in self._drawn:
            files, enclosed = super().make(row)
            self._files[key] = tuple(DrawnFile(file.name, len(file.content)) for file in files)
            self._drawn[key] = ([replace(file, content=b"") for file in files], enclosed)
        return self._drawn[key]

    def files_of(self, case: Case) -> tuple[DrawnFile, ...]:
        """What was drawn for that row, in its order; nothing before it was composed."""
        return self._files.get(_row_key(case.message, case.now), ())


def _row_key(message: Message, now: datetime) -> tuple[int, str, datetime]:
    """Samples have no id of their own; their customers differ."""
    return message.id, message.customer.code, now
