"""The tries that one window makes, shown at its right side while they run; and what is known of what is typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from integrator.desktop.connection import words
from integrator.desktop.connection.bench import Bench
from integrator.desktop.connection.fields import Fields
from integrator.desktop.connection.trial import Outcome
from integrator.desktop.connection.wire import Action, Found, News, Request, Step

if TYPE_CHECKING:
    from integrator.desktop.connection.window import ConnectionWindow


@dataclass(frozen=True, slots=True)
class Progress:
    """About how many steps there are; ``text`` says the step of that name and number."""

    steps: int
    text: Callable[[str, int], str]


#: The doctor's questions, each of which is told when it begins.
_TEST: Final = Progress(9, lambda name, _: f"Conferindo: {name}")


@dataclass(frozen=True, slots=True)
class _Tried:
    fields: Fields
    password: str
    good: bool


class Tries:
    """Used on Tk's thread."""

    def __init__(self, window: ConnectionWindow) -> None:
        self._window = window
        self._bench = Bench(window.loop, window.place.trial)
        self._last: _Tried | None = None

    @property
    def busy(self) -> bool:
        """Whether one runs."""
        return self._bench.busy

    def cancel(self) -> None:
        """End the one that runs."""
        self._bench.cancel()

    def forget(self) -> None:
        """End the one that runs, and know nothing any more."""
        self._bench.forget()
        self._last = None
        self._window.results.list.clear()

    def verdict(self, fields: Fields, password: str) -> bool | None:
        """Whether the last test got into the database with exactly this; None: this was not tried."""
        last = self._last
        return last.good if last is not None and (last.fields, last.password) == (fields, password) else None

    def adopt(self, fields: Fields, good: bool | None) -> None:
        """What is known now holds for these fields and the password that is kept: they were just saved."""
        self._last = None if good is None else _Tried(fields, "", good)

    def test(self, then: Callable[[bool], object] | None = None) -> None:
        """Try what is typed; ``then`` gets whether it got into the database."""
        window = self._window
        typed = window.checked()
        if typed is None or self.busy:
            return
        password = window.form.password.value
        findings = window.results.list
        findings.clear()

        def done(outcome: Outcome) -> None:
            good = words.connected(findings.findings)
            self._last = _Tried(typed, password, good)
            told = words.after_test(outcome, findings.findings, typed.server)
            window.notice.show(told.kind, told.title, told.text)
            findings.settle()
            window.focus_after_test(good=good)
            if then is not None:
                then(good)

        self.begin(window.request(Action.TEST, typed, password=password), _TEST, done)

    def begin(self, request: Request, progress: Progress, done: Callable[[Outcome], object]) -> None:
        """Begin it; nothing else can be begun until ``done`` was called."""
        window, results = self._window, self._window.results
        steps = 0

        def heard(news: News) -> None:
            nonlocal steps
            match news:
                case Step():
                    steps += 1
                    results.step(progress.text(news.text, steps), steps - 1)
                case Found():
                    results.list.add(news.finding)

        def ended(outcome: Outcome) -> None:
            results.end()
            window.lock(locked=False)
            done(outcome)

        window.notice.hide()
        window.lock(locked=True)
        results.begin("Iniciando", progress.steps)
        self._bench.begin(request, heard, ended)
