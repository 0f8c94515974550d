"""Runs the checks in their order, each under a time limit of its own, and never raises.

A check runs in a daemon thread: a frozen server or a dead network costs its limit and no more, and what builds on a
check that failed is not tried. Nothing is written to the ERP's database and the daemon's lock is not taken, so that
the doctor may run beside a working integrator.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from integrator import __version__
from integrator.domain.errors import IntegratorError
from integrator.domain.fault import Fault
from integrator.support.context import Context
from integrator.support.finding import Answer, Finding, Level, broken, from_error

_CLOSE_S = 2.0


@dataclass(frozen=True, slots=True)
class Check:
    """One question. ``needs`` are ids of checks that must not have failed.

    After ``limit_s`` nobody waits longer; ``silence`` says what that means, where it is known.
    """

    id: str
    group: str
    title: str
    ask: Callable[[Context], Answer]
    needs: tuple[str, ...] = ()
    limit_s: float = 5.0
    silence: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, in order. ``healthy`` is the exit code's answer: no error."""

    at: datetime
    program: str
    findings: tuple[Finding, ...]

    @property
    def healthy(self) -> bool:
        return self.level is not Level.ERROR

    @property
    def level(self) -> Level:
        """The gravest level. What was not looked at is no worse than its cause, which is among the findings."""
        found = {finding.level for finding in self.findings}
        return next((level for level in (Level.ERROR, Level.WARNING) if level in found), Level.OK)

    def count(self, level: Level) -> int:
        return sum(finding.level is level for finding in self.findings)


@dataclass(slots=True)
class _Outcome:
    """What is known so far: the findings, and which checks nobody may build on, with their titles."""

    findings: list[Finding] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def examine(context: Context, general: Iterable[Check], per_database: Iterable[Check]) -> Report:
    """Ask ``general`` once and ``per_database`` of every configured database (once, unanswered, when none is known)."""
    begun = context.machine.now()
    outcome = _Outcome()
    _ask_all(general, context, "", outcome)
    checks = tuple(per_database)
    for name in _databases(context, outcome):
        seen = context.of_database(name) if name else context
        here = _Outcome(outcome.findings, dict(outcome.failed))
        _ask_all(checks, seen, name, here)
        within(seen.close, _CLOSE_S)
    return Report(begun, __version__, tuple(outcome.findings))


def within(work: Callable[[], object], limit_s: float) -> bool:
    """Whether ``work`` ended in time; its thread is left alone when not, and dies with the process."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(limit_s)
    return not thread.is_alive()


def _databases(context: Context, outcome: _Outcome) -> Sequence[str]:
    if "configuracao" in outcome.failed:
        return ("",)
    known = context.settings.databases
    return [database.name for database in known] if len(known) > 1 else ("",)


def _ask_all(checks: Iterable[Check], context: Context, database: str, outcome: _Outcome) -> None:
    for check in checks:
        blocked = next((outcome.failed[need] for need in check.needs if need in outcome.failed), None)
        answer = _blocked(blocked) if blocked is not None else _ask(check, context, outcome)
        if answer.level in (Level.ERROR, Level.SKIPPED):
            outcome.failed.setdefault(check.id, blocked or check.title)
        outcome.findings.append(
            Finding(
                check.id,
                check.group,
                check.title,
                answer.level,
                answer.text,
                answer.fix,
                database,
                answer.shared,
                answer.fault,
                answer.detail,
            )
        )


def _blocked(cause: str) -> Answer:
    return Answer(
        Level.SKIPPED, f"Depende de “{cause}”, que precisa de correção antes.", f"Corrija antes o item “{cause}”."
    )


def _ask(check: Check, context: Context, outcome: _Outcome) -> Answer:
    answers: list[Answer] = []
    if not within(lambda: answers.append(_guarded(check, context)), check.limit_s) or not answers:
        # Whatever it stands on may be what hangs: nobody else tries it.
        outcome.failed.update((need, check.title) for need in check.needs)
        return broken(
            check.silence or f"Sem resposta em {check.limit_s:.0f} segundos.",
            "Confira se o servidor e a rede respondem, reinicie o que estiver parado e rode o diagnóstico de novo.",
            fault=Fault.LATE,
        )
    return answers[0]


def _guarded(check: Check, context: Context) -> Answer:
    try:
        return check.ask(context)
    except IntegratorError as error:
        return from_error(error)
    except OSError as error:
        return broken(
            f"O sistema não deixou fazer a conferência ({type(error).__name__}).",
            "Confira a permissão dos arquivos e das pastas do Integrador, o espaço em disco e a rede.",
            detail=repr(error),
        )
    except Exception as error:  # the top of a thread: one check's bug must not hide the others' answers
        told = f"A conferência parou por um erro inesperado ({type(error).__name__})."
        help_ = "Gere o pacote de suporte (integrator doctor --bundle) e envie-o ao suporte."
        return broken(told, help_, fault=Fault.UNEXPECTED, detail=repr(error))
