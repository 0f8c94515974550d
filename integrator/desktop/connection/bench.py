"""Where tries of the window run: one at a time, what they say brought to Tk's thread, a closed window told nothing."""

from __future__ import annotations

from collections.abc import Callable

from integrator.desktop.connection.trial import Outcome, Trial
from integrator.desktop.connection.wire import News, Refused, Request
from integrator.desktop.loop import UiLoop


class Bench:
    """Used on Tk's thread alone."""

    def __init__(self, loop: UiLoop, make: Callable[[], Trial]) -> None:
        self._loop, self._make = loop, make
        self._running: Trial | None = None

    @property
    def busy(self) -> bool:
        return self._running is not None

    def begin(self, request: Request, heard: Callable[[News], object], done: Callable[[Outcome], object]) -> None:
        """Do it; ``done`` is called once, unless :meth:`forget` comes first."""
        assert self._running is None, "one at a time"
        trial = self._running = self._make()

        def hear(news: News) -> None:
            self._loop.call(lambda: heard(news) if self._running is trial else None)

        def finish(outcome: Outcome) -> None:
            if self._running is trial:
                self._running = None
                done(outcome)

        self._loop.background(
            lambda: trial.run(request, hear), finish, lambda error: finish(Refused(error.message, error.detail))
        )

    def cancel(self) -> None:
        """End what runs; it is told as cancelled."""
        if self._running is not None:
            self._running.cancel()

    def forget(self) -> None:
        """End what runs; nobody is told."""
        trial, self._running = self._running, None
        if trial is not None:
            trial.cancel()
