"""What the shop chose of the catalogue: switches, own texts, what is asked before it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from integrator.domain.errors import TemplateError
from integrator.domain.message import Message
from integrator.messages.catalogue import DEBT_NOTICE, Situation, bare, find_situation, module_named


@dataclass(frozen=True, slots=True)
class Choice:
    """The shop's choice for one situation; an empty ``text`` is the catalogue's, None leaves the rest to it.

    ``documents`` chooses among the situation's PDFs.
    """

    on: bool = True
    confirm: bool | None = None
    text: str = ""
    documents: tuple[str, ...] | None = None


_UNTOUCHED = Choice()


@dataclass(frozen=True, slots=True)
class Choices:
    """All of them. ``off`` are modules switched off; ``by_name`` has the keys ``(bare(module), bare(kind))``.

    ``same_for_debts`` is one text for all debt notices (S28). ``cashback_days`` is for how many days a cashback is
    valid where the ERP's rows do not tell; 0: not configured, and then no notice of it leaves (G38).
    """

    off: frozenset[str] = frozenset()
    by_name: Mapping[tuple[str, str], Choice] = field(default_factory=dict)
    same_for_debts: str | None = None
    cashback_days: int = 0

    def of(self, situation: Situation) -> Choice:
        """The choice for that situation."""
        return self.by_name.get((bare(situation.module), bare(situation.kind)), _UNTOUCHED)

    def sends(self, situation: Situation) -> bool:
        """Whether both switches are on, the module's and the message's (G22)."""
        return bare(situation.module) not in self.off and self.of(situation).on

    def asks(self, situation: Situation) -> bool:
        """Whether a person says yes before it leaves (G21)."""
        chosen = self.of(situation).confirm
        return situation.confirm if chosen is None else chosen

    def asks_about(self, module: str, kind: str) -> bool:
        """The same for a row by its names. A debt notice may turn into another one until it leaves: one that asks is
        enough."""
        named = module_named(module)
        if named is not None and named.name == DEBT_NOTICE:
            return any(map(self.asks, named.situations))
        situation = find_situation(module, kind)
        return situation is not None and self.asks(situation)

    def text(self, situation: Situation) -> str:
        """The source of the situation's text: the shop's, else the catalogue's."""
        if situation.module == DEBT_NOTICE and self.same_for_debts is not None:
            return self.same_for_debts
        return self.of(situation).text or situation.text

    def text_for(self, message: Message, situation: Situation | None) -> str:
        """The source of a message's text: the row's own, else its situation's.

        Raises :class:`TemplateError` for a row without text whose kind the catalogue does not have.
        """
        if message.template and message.template.strip():
            return message.template
        if situation is None:
            raise TemplateError(
                f"A mensagem do módulo {message.module} veio sem texto, e o tipo “{message.kind}” não existe nele. "
                "Corrija o tipo ou preencha o texto no ERP e libere a mensagem."
            )
        return self.text(situation)
