"""Tk's thread and the others: what is queued is soon done, by whichever way Tk's thread learns of it."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import tkinter as tk
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from integrator.desktop import loop as loops
from integrator.desktop.loop import UiLoop
from integrator.desktop.waking import Looking, waking
from tests.desktop.screen import Screen


@pytest.fixture
def root(screen: Screen) -> Iterator[tk.Tk]:
    with screen.application() as root:
        yield root


@pytest.fixture(params=[waking, Looking], ids=["this system's", "by looking"])
def loop(request: pytest.FixtureRequest, root: tk.Tk, monkeypatch: pytest.MonkeyPatch) -> Iterator[UiLoop]:
    monkeypatch.setattr(loops, "waking", request.param)
    loop = UiLoop(root)
    yield loop
    loop.close()


def beside(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_what_another_thread_wants_is_done_before_anybody_feels_a_delay(root: tk.Tk, loop: UiLoop) -> None:
    took: list[float] = []

    def hear(asked: float, done: threading.Event) -> None:
        took.append(time.monotonic() - asked)
        done.set()

    def want() -> None:
        for _ in range(3):
            time.sleep(0.2)  # Tk's thread has nothing to do, and waits
            asked = time.monotonic()
            done = threading.Event()
            loop.call(partial(hear, asked, done))
            done.wait(30)
        loop.call(root.quit)

    asking = beside(want)
    root.mainloop()
    asking.join(120)
    assert len(took) == 3
    assert min(took) < 1, "somebody else had the processor three times in a row, or nothing woke Tk"


def test_a_thousand_calls_of_several_threads_are_all_done_in_the_order_of_each(root: tk.Tk, loop: UiLoop) -> None:
    done: dict[int, list[int]] = {each: [] for each in range(4)}

    def want(who: int) -> None:
        for number in range(250):
            loop.call(partial(done[who].append, number))

    threads = [beside(partial(want, who)) for who in done]
    for thread in threads:
        thread.join(120)
    loop.call(root.quit)
    root.mainloop()
    assert all(numbers == list(range(250)) for numbers in done.values())


def test_one_that_fails_stops_no_other_even_if_telling_of_it_fails(
    screen: Screen, loop: UiLoop, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_error: Exception) -> None:
        raise tk.TclError("no room for a window")

    loop.on_defect = fail
    heard: list[int] = []
    for number in range(3):
        loop.call(lambda: 1 // 0)
        loop.call(partial(heard.append, number))
        screen.pump(partial(heard.count, number))
    assert "ZeroDivisionError" in caplog.text


def test_what_is_queued_while_a_call_waits_inside_of_tk_is_done(screen: Screen, root: tk.Tk, loop: UiLoop) -> None:
    """As under a window of the system's own, which does not let go until it is answered."""
    heard: list[int] = []
    answered = tk.BooleanVar(root)
    loop.call(lambda: root.wait_variable(answered))
    loop.call(lambda: heard.append(1))
    loop.call(lambda: answered.set(True))
    screen.pump(lambda: heard)


def test_a_closed_loop_does_nothing_more_and_may_still_be_told(screen: Screen, root: tk.Tk, loop: UiLoop) -> None:
    heard: list[int] = []
    loop.every(10, lambda: heard.append(1))
    loop.close()
    heard.clear()
    loop.call(lambda: heard.append(2))
    beside(lambda: loop.call(lambda: heard.append(3))).join(120)
    until = time.monotonic() + 0.2
    screen.pump(lambda: time.monotonic() > until)
    assert heard == []


def test_again_and_again_until_it_is_closed(screen: Screen, loop: UiLoop) -> None:
    heard: list[int] = []
    loop.every(10, lambda: heard.append(1))
    screen.pump(lambda: len(heard) > 3)


@pytest.mark.skipif(sys.platform == "win32", reason="there nothing rings")
def test_a_signal_that_comes_while_tks_thread_rings_does_not_hang_it(root: tk.Tk) -> None:
    """Its handler runs in the midst of whatever that thread does."""
    loop, heard = UiLoop(root), list[int]()
    bell = loop._waking._bell  # type: ignore[attr-defined]

    class Interrupted:
        """The bell, and somebody who wants something at the very moment."""

        def send(self, data: bytes) -> int:
            if not heard:
                heard.append(1)
                loop.call(lambda: heard.append(2))
            return int(bell.send(data))

        def __getattr__(self, name: str) -> object:
            return getattr(bell, name)

    loop._waking._bell = Interrupted()  # type: ignore[attr-defined]
    ringing = beside(lambda: loop.call(lambda: heard.append(3)))
    ringing.join(120)
    assert not ringing.is_alive()
    loop.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_a_signal_is_answered_at_once_though_nothing_else_happens(root: tk.Tk) -> None:
    loop, took = UiLoop(root), list[float]()
    sent: list[float] = []

    def send() -> None:
        time.sleep(0.3)
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGUSR1)

    def hear(_number: int, _frame: object) -> None:
        took.append(time.monotonic() - sent[0])
        loop.call(root.quit)

    before = signal.signal(signal.SIGUSR1, hear)
    safe = root.after(60_000, root.quit)
    try:
        asking = beside(send)
        root.mainloop()
        asking.join(120)
    finally:
        signal.signal(signal.SIGUSR1, before)
        root.after_cancel(safe)
        loop.close()
    assert took[0] < 30, "it waited for something else to happen"
    assert signal.set_wakeup_fd(-1) == -1, "nothing of the closed loop is left"
