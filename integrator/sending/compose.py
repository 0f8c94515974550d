"""From a message row to the parts that will be posted: text, debt report, boletos, attachments, PIX copy.

Anything doubtful raises a ``MessageError`` (the row is held with its reason); a message that lost its sense is answered
with :class:`Pointless` (the row is cancelled). No I/O but the attachments' own files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path

from integrator.documents.boleto import boleto_file_name, draw_boleto
from integrator.documents.files import CheckedFile, check_attachment, redacted_notice
from integrator.documents.statement import draw_statement, statement_file_name
from integrator.domain.errors import MessageError
from integrator.domain.message import Composed, Message, Part, PartKind, Purpose, Title
from integrator.messages.catalogue import MODULES, Situation, purpose_of, situation_of, text_version
from integrator.messages.choices import Choices
from integrator.messages.formatting import hide_amounts
from integrator.messages.language import Template, parse
from integrator.messages.values import Enclosed, message_schema, message_values
from integrator.sending.titles import Debts, Pointless, TitlePolicy, choose_titles, payable
from integrator.settings.contents import CodeToCopy

PDF = "application/pdf"
#: More bubbles than this in one go look like spam; the debt report lists every title all the same.
MAX_BOLETOS = 10
#: An ERP that writes a text of its own in every row must not fill the memory.
_PARSED_KEPT = 256


@dataclass(frozen=True, slots=True)
class ComposePolicy:
    """The shop's choices that shape a message. ``masked`` is for the test number: no amounts, no documents.

    ``bank_day`` is the first day not before a due date on which a bill can be paid: overdue begins after it.
    """

    choices: Choices = field(default_factory=Choices)
    titles: TitlePolicy = field(default_factory=TitlePolicy)
    draw_boleto: bool = True
    draw_statement: bool = True
    code_to_copy: CodeToCopy = CodeToCopy.AUTOMATIC
    text_as_caption: bool = True
    allowed_folders: tuple[Path, ...] = ()
    max_file_bytes: int = 16 * 1024 * 1024
    masked: bool = False
    bank_day: Callable[[date], date] = lambda day: day


@dataclass(frozen=True, slots=True)
class _File:
    """A document ready to be posted."""

    name: str
    mime: str
    content: bytes


class Composer:
    """Composes messages by a policy. Parsed texts are kept, because a night repeats the same few."""

    def __init__(self, policy: ComposePolicy) -> None:
        self._policy = policy
        self._parsed: dict[tuple[str, Situation | None, frozenset[str]], Template] = {}

    def compose(self, message: Message, now: datetime, debts: Debts | None = None) -> Composed | Pointless:
        """Raises :class:`MessageError` when the row must be held. ``debts`` overrides the policy (``WA_CONFIG``)."""
        _check_module(message)
        _check_company(message)
        policy = self._policy.titles if debts is None else replace(self._policy.titles, debts=debts)
        message = replace(message, titles=tuple(map(self._dated, message.titles)))
        chosen = choose_titles(message, now.date(), policy)
        if isinstance(chosen, Pointless):
            return chosen
        ready = replace(message, titles=tuple(payable(title, now.date(), policy) for title in chosen))
        documents, enclosed = self._documents(ready, self._attachments(message, ready, now.date()), now.date())
        situation = situation_of(ready, now.date())
        source = self._policy.choices.text_for(ready, situation)
        written = hide_amounts(source) if self._policy.masked and message.template else source
        text = self._render(written, ready, now, enclosed, situation)
        return Composed(text, text_version(source), tuple(self._parts(text, documents, ready)))

    def _dated(self, title: Title) -> Title:
        return replace(title, payable_on=self._policy.bank_day(title.due)) if title.open else title

    def _render(
        self, source: str, message: Message, now: datetime, enclosed: Enclosed, situation: Situation | None
    ) -> str:
        schema = message_schema(message, situation)
        key = (source, situation, frozenset(message.variables))
        template = self._parsed.get(key)
        if template is None:
            if len(self._parsed) >= _PARSED_KEPT:
                self._parsed.clear()
            template = self._parsed[key] = parse(source, schema)
        values = message_values(message, now, enclosed, situation=situation, masked=self._policy.masked)
        return template.render(values, message.seed)

    def _attachments(self, message: Message, ready: Message, today: date) -> tuple[tuple[str, CheckedFile], ...]:
        """The ERP's files, checked; those that nobody may pay by stay behind."""
        left_out = _not_payable(message, ready, today)
        return tuple(
            (
                f"{item.kind}|{item.title_ref}",
                check_attachment(item, self._policy.allowed_folders, self._policy.max_file_bytes),
            )
            for item in message.attachments
            if item.title_ref not in left_out
        )

    def _documents(
        self, message: Message, files: Sequence[tuple[str, CheckedFile]], today: date
    ) -> tuple[list[_File], Enclosed]:
        """Every file in the order it is posted, and what the text may say about them."""
        kinds = [label for label, _ in files]
        found: list[_File] = []
        statement = any(label.startswith("demonstrativo|") for label in kinds)
        if message.purpose is Purpose.COLLECTION and self._policy.draw_statement and not statement:
            content = draw_statement(message.company, message.customer, message.titles, today)
            found.append(_File(statement_file_name(message.customer, today), PDF, content))
            statement = True
        drawn: list[Title] = []
        if self._policy.draw_boleto and "boleto|" not in kinds:
            drawn = [title for title in message.titles if title.has_boleto and f"boleto|{title.ref}" not in kinds]
        for title in drawn[:MAX_BOLETOS]:
            content = draw_boleto(message.company, message.customer, title)
            found.append(_File(boleto_file_name(title), PDF, content))
        found += [_File(file.file_name, file.mime, file.content) for _, file in files]
        boletos = len(drawn[:MAX_BOLETOS]) + sum(label.startswith("boleto|") for label in kinds)
        pix = any(title.pix for title in drawn[:MAX_BOLETOS]) or self._pix_copy(message) is not None
        return found, Enclosed(boletos, statement, pix)

    def _pix_copy(self, message: Message) -> str | None:
        """The code to send by itself, easy to copy; with several titles the customer could pay the wrong one."""
        codes = [title.pix for title in message.titles if title.pix]
        return codes[0] if self._policy.code_to_copy is not CodeToCopy.NONE and len(codes) == 1 else None

    def _parts(self, text: str, documents: list[_File], message: Message) -> list[Part]:
        parts = [_part(1, PartKind.TEXT, text.encode("utf-8"))]
        if self._policy.masked:
            if documents:
                notice = redacted_notice([file.name for file in documents])
                parts.append(_part(2, PartKind.DOCUMENT, notice, "anexos-omitidos.pdf", PDF))
            return parts
        for file in documents:
            parts.append(_part(len(parts) + 1, PartKind.DOCUMENT, file.content, file.name, file.mime))
        pix = self._pix_copy(message)
        if pix is not None:
            parts.append(_part(len(parts) + 1, PartKind.PIX, pix.encode("utf-8")))
        return parts


def _not_payable(message: Message, ready: Message, today: date) -> set[str]:
    """References of titles whose own files must not go: paid since, or their boleto is not to be paid as it is."""
    kept = {title.ref: title for title in ready.titles}
    return {
        title.ref
        for title in message.titles
        if title.ref
        and (
            title.ref not in kept
            or (title.has_boleto and not kept[title.ref].has_boleto)
            or (title.payable_until is not None and title.payable_until < today)
        )
    }


def _part(order: int, kind: PartKind, content: bytes, file_name: str = "", mime: str = "") -> Part:
    return Part(order, kind, content, hashlib.sha256(content).hexdigest(), file_name, mime)


def _check_module(message: Message) -> None:
    if purpose_of(message.module) is None:
        close = get_close_matches(message.module.upper(), MODULES, n=1)
        hint = f" Você quis dizer {close[0]}?" if close else ""
        raise MessageError(f"Módulo desconhecido: “{message.module}”.{hint}")


def _check_company(message: Message) -> None:
    """A collection says who collects: name, address and CPF/CNPJ (CDC art. 42-A)."""
    company = message.company
    if message.purpose is Purpose.COLLECTION and not (company.name and company.tax_id and company.address.one_line):
        raise MessageError(
            "Faltam o nome, o CNPJ ou o endereço da empresa, que a lei exige em toda cobrança. Preencha a tabela "
            "WA_EMPRESA ou a seção [empresa] da configuração e libere a mensagem."
        )
