"""From a message row to the parts that will be posted: text, documents, boletos, attachments, a code to copy.

Anything doubtful raises a ``MessageError`` (the row is held with its reason); a message that lost its sense is answered
with :class:`Pointless` (the row is cancelled). No I/O but the attachments' own files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from integrator.documents.files import redacted_notice
from integrator.documents.supplier import check_supplier
from integrator.domain.errors import MessageError
from integrator.domain.message import Composed, Message, NoTemplate, PartKind, Purpose, Title
from integrator.messages.catalogue import MODULES, Situation, Subject, bare, module_named, situation_of, text_version
from integrator.messages.formatting import hide_amounts
from integrator.messages.language import Template, parse
from integrator.messages.schema import alike, plain
from integrator.messages.values import Enclosed, Parties, message_values
from integrator.messages.vocabulary import message_schema
from integrator.sending.creditors import choice_for
from integrator.sending.debts import Debts, Pointless
from integrator.sending.enclosures import BOLETO, PDF, Enclosures, Row
from integrator.sending.policy import AGREEMENT, STATEMENT, ComposePolicy
from integrator.sending.shape import Bubble, code_to_copy, parts_of
from integrator.sending.templates import choose, templated
from integrator.sending.titles import choose_titles, estimated, payable

#: An ERP that writes a text of its own in every row must not fill the memory.
_PARSED_KEPT = 256
_CASHBACK = "CASHBACK"
#: The variables of a cashback that tell its last day, or for how many days each credit is valid.
EXPIRY = "expira_em"
VALID_DAYS = "validade_dias"


class Composer:
    """Composes messages by a policy. Parsed texts are kept, because a night repeats the same few."""

    def __init__(self, policy: ComposePolicy, enclosures: Enclosures | None = None) -> None:
        """``enclosures`` makes the files; None: by the same policy."""
        self._policy = policy
        self._enclosures = enclosures or Enclosures(policy)
        self._parsed: dict[tuple[str, Situation | None, frozenset[str]], Template] = {}

    def compose(self, message: Message, now: datetime, debts: Debts | None = None) -> Composed | Pointless:
        """Raises :class:`MessageError` when the row must be held. ``debts`` overrides the policy (``WA_CONFIG``)."""
        _check_module(message)
        today = now.date()
        message = replace(message, titles=tuple(map(self._dated, message.titles)))
        situation = situation_of(message, today)
        _check_purpose(message, situation)
        policy = self._policy.titles if debts is None else replace(self._policy.titles, debts=debts)
        chosen = choose_titles(message, today, policy, situation)
        if isinstance(chosen, Pointless):
            return chosen
        ready = replace(message, titles=chosen)
        situation = situation_of(ready, today)
        made = self._pointless(ready, situation, today) or self._with_expiry(ready, situation)
        if isinstance(made, Pointless):
            return made
        titles = tuple(estimated(payable(title, today, policy), today, policy) for title in chosen)
        return self._composed(replace(made, titles=titles), message, situation, now)

    def _composed(self, ready: Message, whole: Message, situation: Situation | None, now: datetime) -> Composed:
        chosen = choice_for(ready, self._policy.creditors)
        parties = Parties(self._policy.signer, chosen.creditor if chosen else None)
        models = {
            STATEMENT: (chosen.statement if chosen else "") or self._policy.statement,
            AGREEMENT: (chosen.agreement if chosen else "") or self._policy.agreement,
        }
        row = Row(ready, whole, situation, parties, models, now)
        files, enclosed = self._enclosures.make(row)
        code = code_to_copy(ready.titles, self._policy.code_to_copy) if _about_payment(situation) else None
        if code is not None:
            pix = enclosed.pix or code.kind is PartKind.PIX
            enclosed = replace(enclosed, pix=pix, linha=code.kind is PartKind.LINHA)
        source = self._policy.choices.text_for(ready, situation)
        text = self._render(source, row, enclosed)
        if self._policy.masked:
            names = [file.name for file in files]
            files = [Bubble("anexos-omitidos.pdf", PDF, redacted_notice(names))] if names else []
            code = None
        parts = parts_of(text, files, code, as_caption=self._policy.text_as_caption)
        return Composed(text, text_version(source), parts, self._templated(row, enclosed, files))

    def _templated(self, row: Row, enclosed: Enclosed, files: Sequence[Bubble]) -> Composed | NoTemplate | None:
        if self._policy.templates is None:
            return None
        choice = choose(self._policy.templates, row.message, row.situation)
        if isinstance(choice, NoTemplate):
            return choice
        return templated(choice, lambda source: self._render(source, row, enclosed), files)

    def _dated(self, title: Title) -> Title:
        return replace(title, payable_on=self._policy.bank_day(title.due)) if title.open else title

    def _pointless(self, message: Message, situation: Situation | None, today: date) -> Pointless | None:
        """Switched off (both switches must be on: G22), or written too long ago to make sense."""
        choices = self._policy.choices
        if bare(message.module) in choices.off or (situation is not None and not choices.sends(situation)):
            return Pointless(f"As mensagens “{message.module}, {message.kind}” estão desligadas.", "desligado")
        if situation is not None and situation.fresh_days:
            last = message.created_at.date() + timedelta(days=situation.fresh_days)
            if today > last:
                return Pointless(f"A mensagem era para até {last:%d/%m/%Y} e perdeu o sentido.", "passou")
        return None

    def _with_expiry(self, message: Message, situation: Situation | None) -> Message | Pointless:
        """A balance of cashback tells how long it is valid; where nobody settled that, none leaves (G38).

        A notice of one that expires needs its day from the ERP, and is held without.
        """
        if situation is None or situation.module != _CASHBACK:
            return message
        if any(variable.name == EXPIRY and variable.required for variable in situation.variables):
            return message
        if {plain(name) for name, value in message.variables.items() if value.strip()} & {EXPIRY, VALID_DAYS}:
            return message
        days = self._policy.choices.cashback_days
        if not days:
            return Pointless(
                "O vencimento do cashback não está configurado: informe a variável EXPIRA_EM no ERP ou os dias em "
                "[modulos] cashback_validade_dias.",
                "cashback",
            )
        return replace(message, variables={**message.variables, VALID_DAYS: str(days)})

    def _render(self, source: str, row: Row, enclosed: Enclosed) -> str:
        message, situation, masked = row.message, row.situation, self._policy.masked
        written = hide_amounts(source) if masked and message.template else source
        key = (written, situation, frozenset(message.variables))
        template = self._parsed.get(key)
        if template is None:
            if len(self._parsed) >= _PARSED_KEPT:
                self._parsed.clear()
            template = self._parsed[key] = parse(written, message_schema(message, situation))
        values = message_values(message, row.now, enclosed, situation=situation, parties=row.parties, masked=masked)
        return template.render(values, message.seed)


def _about_payment(situation: Situation | None) -> bool:
    """Whether a code to pay by belongs to the message: not where the ERP only tells of an order that has titles."""
    return situation is None or situation.subject is Subject.OPEN_TITLES or BOLETO in situation.documents


def _check_module(message: Message) -> None:
    if module_named(message.module) is None:
        close = alike(message.module.upper(), MODULES)
        hint = f" Você quis dizer {close}?" if close else ""
        raise MessageError(f"Módulo desconhecido: “{message.module}”.{hint}")


def _check_purpose(message: Message, situation: Situation | None) -> None:
    """Who collects says who he is, and does not pass a collection off as something that may leave at any hour."""
    collects = situation.collects if situation is not None else message.purpose is Purpose.COLLECTION
    if collects and message.purpose is not Purpose.COLLECTION:
        raise MessageError(
            f"A mensagem “{message.module}, {message.kind}” é uma cobrança, mas veio com FINALIDADE = "
            f"{message.purpose.value}. Grave FINALIDADE = cobranca no ERP, para que saia nos horários de cobrança."
        )
    if collects:
        check_supplier(message.company)
