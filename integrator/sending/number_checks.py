"""Asking WhatsApp whether a number exists: rarely, slowly, and never twice what is known.

Lists of questions are what number harvesters send, so the pace is kept also for checks that people ask for in bulk.
What was asked is in the journal: neither a restart nor another command begins the hour anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from integrator.domain.errors import GatewayError
from integrator.sending.gateway import Gateway, NumberCheck
from integrator.sending.ports import Clock, Journal

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class CheckPolicy:
    """At least ``gap_s`` between two questions and at most ``per_hour``; answers are kept so many days."""

    gap_s: float = 2.0
    per_hour: int = 120
    keep_days: int = 30
    keep_no_days: int = 1


#: Before a message leaves, whose own pace keeps the questions apart: at the shortest gap, both forms of each number.
BEFORE_SENDING = CheckPolicy(per_hour=400)
#: Of a pretended WhatsApp, which minds nothing.
AT_ONCE = CheckPolicy(gap_s=0.0, per_hour=1_000_000)


class NumberChecks:
    """The questions of one engine. Used by one thread."""

    def __init__(self, journal: Journal, gateway: Gateway, clock: Clock, policy: CheckPolicy | None = None) -> None:
        self._journal = journal
        self._gateway = gateway
        self._clock = clock
        self._policy = policy or CheckPolicy()

    def check(self, query: str) -> NumberCheck:
        """What WhatsApp says, or said lately, of a number (E.164 digits). People install it: a "no" is kept a day only.

        Raises :class:`GatewayError` out of reach, and when the hour's questions are used up.
        """
        known = self.remembered(query)
        if known is not None:
            return known
        self._wait()
        (answer,) = self._gateway.check_numbers([query])
        self._journal.remember_number(answer, self._clock.now())
        return answer

    def remembered(self, query: str) -> NumberCheck | None:
        """The answer that is still good; None when WhatsApp would have to be asked."""
        now = self._clock.now()
        known = self._journal.number(query, now - timedelta(days=self._policy.keep_days))
        if known is not None and known.exists:
            return known
        return self._journal.number(query, now - timedelta(days=self._policy.keep_no_days))

    def check_many(self, queries: Sequence[str]) -> Iterator[NumberCheck]:
        """Each number's answer, in order; raises :class:`GatewayError` as :meth:`check` does, with some answered."""
        for query in queries:
            yield self.check(query)

    def _wait(self) -> None:
        now = self._clock.now()
        asked = self._journal.asked_since(now - _HOUR)
        if asked.rows >= self._policy.per_hour:
            raise GatewayError(
                f"O programa já perguntou ao WhatsApp por {asked.rows} números nesta hora e espera para não "
                "arriscar o bloqueio do seu número."
            )
        if asked.latest is None or asked.latest > now:
            return
        left_s = self._policy.gap_s - (now - asked.latest).total_seconds()
        if left_s > 0 and not self._clock.sleep(left_s):
            raise GatewayError("O programa está parando; a pergunta ao WhatsApp fica para depois.")
