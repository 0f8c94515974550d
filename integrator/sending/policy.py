"""The shop's choices that shape a message, as the composer takes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from integrator.messages.choices import Choices
from integrator.sending.creditors import CreditorChoice
from integrator.sending.debts import TitlePolicy
from integrator.sending.templates import TemplateChoice
from integrator.settings.contents import CodeToCopy, SeveralBoletos

#: The kinds of documents of which an account and a creditor choose their own; also the names of the built-in ones.
STATEMENT = "demonstrativo"
AGREEMENT = "termo_acordo"


@dataclass(frozen=True, slots=True)
class ComposePolicy:
    """``masked`` is for the test number: no amounts, no documents. ``password_digits`` 0: PDFs open without one.

    ``bank_day`` is the first day not before a due date on which a bill can be paid: overdue begins after it.
    ``statement`` and ``agreement`` name the account's block documents; ``models_folder`` holds the shop's own ones.
    ``templates`` are Meta's, for a number of the official API; None for every other one.
    """

    choices: Choices = field(default_factory=Choices)
    titles: TitlePolicy = field(default_factory=TitlePolicy)
    draw_boleto: bool = True
    draw_statement: bool = True
    code_to_copy: CodeToCopy = CodeToCopy.AUTOMATIC
    text_as_caption: bool = True
    several_boletos: SeveralBoletos = SeveralBoletos.ONE_EACH
    password_digits: int = 0
    models_folder: Path | None = None
    statement: str = STATEMENT
    agreement: str = AGREEMENT
    creditors: tuple[CreditorChoice, ...] = ()
    signer: str = ""
    colour: str = "#0F766E"
    allowed_folders: tuple[Path, ...] = ()
    max_file_bytes: int = 16 * 1024 * 1024
    masked: bool = False
    bank_day: Callable[[date], date] = lambda day: day
    templates: tuple[TemplateChoice, ...] | None = None
