"""One worker process as the daemon sees it: requests go in, its news come out on a thread of its own.

What is not a line of the protocol is ignored; what the worker complains of is kept for the log in case it ends.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final

from integrator.gateways.embedded.protocol import (
    Answer,
    Assigned,
    Checked,
    Digits,
    Done,
    End,
    Ended,
    News,
    Ping,
    Request,
)
from integrator.gateways.embedded.wire import encode, read_news, without_numbers
from integrator.program import command, is_frozen

_NO_WINDOW: Final[int] = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # exists on Windows alone
_PROJECT: Final = Path(__file__).resolve().parents[3]
_COMPLAINTS: Final = 5
_LONGEST: Final = 300
_END_S: Final = 5.0

Reply = Assigned | Answer | Checked | Digits | Done


class WorkerGone(Exception):
    """The worker ended before it answered."""


class WorkerSilent(Exception):
    """The worker did not answer in time."""


def program() -> list[str]:
    """What starts a worker: this program, frozen or not."""
    return command("--wa-worker")


class Child:
    """A worker. ``hear`` gets what it tells of its own accord, :class:`Ended` last, on the reading thread: be quick.

    Raises :class:`OSError` when it cannot be started.
    """

    def __init__(self, command: Sequence[str], hear: Callable[[News], None]) -> None:
        self._hear = hear
        self._process = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
            creationflags=_NO_WINDOW,
            start_new_session=True,  # a Ctrl+C in the terminal is the daemon's, which finishes the row in hand
        )
        self._writing = threading.Lock()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, SimpleQueue[Reply | None]] = {}
        self._complaints: deque[str] = deque(maxlen=_COMPLAINTS)
        self.ended = threading.Event()
        self.last_words: Ended | None = None
        self.heard_at = time.monotonic()
        self._reader = threading.Thread(target=self._read, name="whatsapp-news", daemon=True)
        self._reader.start()
        self._complaints_reader = threading.Thread(
            target=self._read_complaints, name="whatsapp-complaints", daemon=True
        )
        self._complaints_reader.start()

    @property
    def pid(self) -> int:
        """The worker's process."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """How the worker ended; None while it lives."""
        return self._process.poll()

    @property
    def complaints(self) -> str:
        """The last lines of its error output."""
        return " | ".join(self._complaints)

    def post(self, request: Request, patience_s: float = -1.0) -> None:
        """Hand a request over, behind those of other threads. Raises :class:`WorkerGone`.

        A worker that hangs takes nothing any more: with ``patience_s`` others' requests are waited for only so long.
        """
        if not self._writing.acquire(timeout=patience_s):
            raise WorkerGone(f"another request was not taken in {patience_s:g} s")
        try:
            self._write(request)
        finally:
            self._writing.release()

    def ask(self, build: Callable[[int], Request]) -> Talk:
        """Hand a request over and listen for its answers. Raises :class:`WorkerGone`."""
        number = next(self._numbers)
        answers: SimpleQueue[Reply | None] = SimpleQueue()
        self._waiting[number] = answers
        if self.ended.is_set():
            answers.put(None)
        talk = Talk(number, answers, lambda: self._waiting.pop(number, None))
        try:
            self.post(build(number))
        except WorkerGone:
            talk.close()
            raise
        return talk

    def ping(self) -> None:
        """Make it say something, unless it is just being asked something else. Raises :class:`WorkerGone`."""
        if self._writing.acquire(blocking=False):
            try:
                self._write(Ping(next(self._numbers)))
            finally:
                self._writing.release()

    def kill(self) -> None:
        """End it at once; on return nothing of it runs any more, and what it told and complained of is known."""
        self._process.kill()
        self._process.wait()
        self._reader.join(_END_S)
        self._complaints_reader.join(_END_S)
        pipe = self._process.stdin
        if pipe is not None:
            with contextlib.suppress(OSError):  # what was not written yet went down with it
                pipe.close()

    def _write(self, request: Request) -> None:
        pipe = self._process.stdin
        assert pipe is not None, "the worker was started with a pipe"
        try:
            pipe.write(encode(request))
            pipe.flush()
        except (OSError, ValueError) as error:
            raise WorkerGone(repr(error)) from error

    def _read(self) -> None:
        assert self._process.stdout is not None, "the worker was started with a pipe"
        with self._process.stdout as lines:
            for line in iter(lines.readline, b""):
                news = read_news(line)
                if news is not None:
                    self.heard_at = time.monotonic()
                    self._take(news)
        code = self._process.wait()
        if self.last_words is None:
            self.last_words = Ended(End.FAULT.value, f"exit code {code}")
        self.ended.set()
        for answers in tuple(self._waiting.values()):
            answers.put(None)
        self._hear(self.last_words)

    def _take(self, news: News) -> None:
        match news:
            case Assigned() | Answer() | Checked() | Digits() | Done():
                answers = self._waiting.get(news.id)
                if answers is not None:
                    answers.put(news)
            case Ended():
                self.last_words = news
            case _:
                self._hear(news)

    def _read_complaints(self) -> None:
        assert self._process.stderr is not None, "the worker was started with a pipe"
        with self._process.stderr as lines:
            for line in iter(lines.readline, b""):
                self._complaints.append(without_numbers(line.decode("utf-8", "replace").strip())[:_LONGEST])


class Talk:
    """The answers to one request; used by one thread, closed at the end."""

    def __init__(self, number: int, answers: SimpleQueue[Reply | None], forget: Callable[[], object]) -> None:
        self.number = number
        self._answers = answers
        self._forget = forget

    def next(self, timeout_s: float) -> Reply:
        """The next answer. Raises :class:`WorkerGone` and :class:`WorkerSilent`."""
        try:
            reply = self._answers.get(timeout=timeout_s)
        except Empty as error:
            raise WorkerSilent(f"no answer in {timeout_s:g} s") from error
        if reply is None:
            raise WorkerGone("the worker ended")
        return reply

    def close(self) -> None:
        """No further answer is of interest."""
        self._forget()


def _environment() -> dict[str, str]:
    """Ours, and what the library reads: without ``off`` it marks every message as written by a robot."""
    environment = {**os.environ, "NEONIZE_BOT_TAG": "off"}
    if not is_frozen():
        known = os.environ.get("PYTHONPATH", "")
        environment["PYTHONPATH"] = os.pathsep.join(part for part in (str(_PROJECT), known) if part)
    return environment
