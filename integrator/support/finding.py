"""What the doctor says: one line of a level, what was found, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from integrator.domain.errors import IntegratorError
from integrator.domain.fault import Fault


class Level(StrEnum):
    """How a check ended, as written in the JSON form. ``SKIPPED``: what it builds on failed, so nobody looked."""

    OK = "ok"
    WARNING = "atencao"
    ERROR = "erro"
    SKIPPED = "nao_verificado"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one check found. ``fix`` says in Portuguese what to do, and is empty for :attr:`Level.OK` only.

    ``shared`` stands for ``text`` in the support bundle, where the text holds what outsiders must not read (a value
    from the configuration, a file named after a customer); empty: the text itself may go. ``fault``: what a surface
    goes by on which the command line and ``config.toml``, of which the words speak, are not at hand. ``detail`` is
    technical and goes to the log only.
    """

    level: Level
    text: str
    fix: str = ""
    shared: str = ""
    fault: Fault | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer with its place in the report. ``database`` names one of several databases, else it is empty."""

    id: str
    group: str
    title: str
    level: Level
    text: str
    fix: str = ""
    database: str = ""
    shared: str = ""
    fault: Fault | None = None
    detail: str = ""


def fine(text: str) -> Answer:
    """All is well; the text still says what is there."""
    return Answer(Level.OK, text)


def warning(text: str, fix: str, *, shared: str = "", fault: Fault | None = None) -> Answer:
    """It works, or will for a while, and somebody should look."""
    return Answer(Level.WARNING, text, fix, shared, fault)


def broken(text: str, fix: str, *, shared: str = "", fault: Fault | None = None, detail: str = "") -> Answer:
    """Messages do not leave, or leave wrongly, until somebody acts."""
    return Answer(Level.ERROR, text, fix, shared, fault, detail)


def from_error(error: IntegratorError) -> Answer:
    """An error of ours: its first sentence is what happened, the others say what to do."""
    text, stop, fix = error.message.partition(". ")
    if not fix:
        help_ = "Gere o pacote de suporte (integrator doctor --bundle) e envie-o."
        return broken(text, help_, fault=error.fault or Fault.UNEXPECTED, detail=error.detail)
    return broken(text + stop.strip(), fix, fault=error.fault, detail=error.detail)
