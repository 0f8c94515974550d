"""What a notification beside the clock tells: few and summaries only. Pure; what was told is remembered here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from integrator.desktop.engine import EngineView, Reach
from integrator.desktop.sign import Sign
from integrator.desktop.troubles import STARTING, Trouble, troubles
from integrator.messages.formatting import format_count

#: A trouble that comes back sooner is the same one.
_SAME_TROUBLE: Final = timedelta(minutes=15)
#: Nobody looked for so long: the computer slept, or its clock was set.
_ABSENCE: Final = timedelta(minutes=3)
#: A closing writes its messages one after the other: they are told together, once no more come. The engine counts
#: them once a minute, so that it takes longer to know.
_SETTLED: Final = timedelta(seconds=75)
#: What the first look tells: a pause or a simulation was there before, and somebody knows of it.
_GRAVE: Final = frozenset({Sign.ERROR, Sign.DISCONNECTED})


@dataclass(frozen=True, slots=True)
class Notice:
    """One notification."""

    title: str
    text: str


@dataclass(slots=True)
class _Known:
    """A trouble that is there, or was a moment ago."""

    since: datetime
    seen: datetime
    told: bool = False


@dataclass(slots=True)
class _Count:
    """A number of messages that need somebody: as told, as last seen, and since when that."""

    told: int
    seen: int
    since: datetime

    def grown(self, now_there: int, now: datetime) -> bool:
        """Take in how many there are now; whether there are more than were told, and no more come."""
        if now_there != self.seen:
            self.seen, self.since = now_there, now
        self.told = min(self.told, now_there)
        if now_there <= self.told or now - self.since < _SETTLED:
            return False
        self.told = now_there
        return True


@dataclass(slots=True)
class Notices:
    """Turns one view after the other into notifications; used by one thread."""

    _known: dict[tuple[str, ...], _Known] = field(default_factory=dict)
    _counts: dict[str, _Count] = field(default_factory=dict)
    _first: bool = True
    _looked: datetime | None = None

    def news(self, view: EngineView, now: datetime) -> tuple[Notice, ...]:
        """What is new in ``view``. Quiet but for errors until the engine told how it stands for the first time.

        Nothing is told twice while it stays.
        """
        self._keep_time(now)
        found = [each for each in troubles(view) if view.reach is not Reach.UNCONFIGURED]
        told = [Notice(each.title, each.text) for each in found if self._is_news(each, now)]
        present = {each.key for each in found}
        self._known = {
            key: known
            for key, known in self._known.items()
            if key in present or (known.told and now - known.seen < _SAME_TROUBLE)
        }
        self._first = self._first and not _settled(view)
        return (*told, *self._messages(view, now))

    def _keep_time(self, now: datetime) -> None:
        """After a sleep, or with the clock set anew, what may mend itself gets its whole time again to do so."""
        if self._looked is not None and not timedelta(0) <= now - self._looked <= _ABSENCE:
            for known in self._known.values():
                known.since, known.seen = now, min(known.seen, now)
            for count in self._counts.values():
                count.since = now
        self._looked = now

    def _is_news(self, trouble: Trouble, now: datetime) -> bool:
        silent = self._first and trouble.sign not in _GRAVE
        known = self._known.setdefault(trouble.key, _Known(now, now, silent))
        known.seen = now
        if known.told or now - known.since < trouble.patience:
            return False
        known.told = True
        return True

    def _messages(self, view: EngineView, now: datetime) -> list[Notice]:
        notices = []
        uncertain = _total([each.uncertain for each in view.shops])
        awaiting = _total([each.awaiting for each in view.shops])
        if uncertain is not None and self._grown("uncertain", uncertain, now):
            title = format_count(uncertain, "mensagem incerta", "mensagens incertas")
            text = "Pode ter sido entregue." if uncertain == 1 else "Podem ter sido entregues."
            notices.append(Notice(title, f"{text} Confira no celular e decida no painel."))
        if awaiting is not None and self._grown("awaiting", awaiting, now):
            title = format_count(awaiting, "mensagem aguarda sua confirmação", "mensagens aguardam sua confirmação")
            text = "Só sai depois do seu sim." if awaiting == 1 else "Só saem depois do seu sim."
            notices.append(Notice(title, f"{text} Abra o painel para conferir."))
        return notices

    def _grown(self, name: str, there: int, now: datetime) -> bool:
        return self._counts.setdefault(name, _Count(there, there, now)).grown(there, now)


def _settled(view: EngineView) -> bool:
    """Whether every database's engine has looked."""
    return view.reach is Reach.RUNNING and all(shop.text != STARTING for shop in view.shops)


def _total(counts: list[int | None]) -> int | None:
    """Of all databases; None while one of them is unknown, so that its return is not taken for new messages."""
    known = [each for each in counts if each is not None]
    return sum(known) if known and len(known) == len(counts) else None
