"""The tests' end of the process around the unmodified wheel (:mod:`tests.gateways.embedded.wheel_client`)."""

from __future__ import annotations

import base64
import json
import queue
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.fake_whatsapp.server import FakeWhatsApp
from tests.waiting import PATIENCE_S, eventually

ROOT = Path(__file__).resolve().parents[3]


class WheelError(Exception):
    """What the library raised, as its own text."""


class Wheel:
    """A process with the wheel in it. ``told`` is everything that it said besides answers, in order."""

    def __init__(self, server: FakeWhatsApp, database: Path) -> None:
        command = [sys.executable, "-m", "tests.gateways.embedded.wheel_client"]
        self.told: list[dict[str, Any]] = []
        self._answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self._process = subprocess.Popen(
            [*command, str(database), server.proxy, server.anchor],
            cwd=ROOT,
            env=server.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def kill(self) -> None:
        """End the process at once, as a crash does."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def ask(self, command: str, *arguments: object, within_s: float = PATIENCE_S) -> Any:
        """The library's answer. :class:`WheelError` when it raised."""
        self.begin(command, *arguments)
        return self.answer(within_s)

    def begin(self, command: str, *arguments: object) -> None:
        """Let the library work; :meth:`answer` waits for it."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([command, *arguments]) + "\n")
        self._process.stdin.flush()

    def answer(self, within_s: float = PATIENCE_S) -> Any:
        """The answer to the oldest command that has none yet."""
        answer = self._answers.get(timeout=within_s)
        if answer["kind"] == "failed":
            raise WheelError(answer["error"])
        return answer["value"]

    def heard(self, kind: str) -> list[dict[str, Any]]:
        """What it told of that kind so far."""
        return [told for told in self.told if told["kind"] == kind]

    def wait_for(self, kind: str, count: int = 1) -> dict[str, Any]:
        """The news of that kind with that number, waited for."""
        eventually(lambda: len(self.heard(kind)) >= count)
        return self.heard(kind)[count - 1]

    def connect(self) -> None:
        """Resume the saved session."""
        before = len(self.heard("ConnectedEv"))
        self.ask("connect")
        self.wait_for("ConnectedEv", before + 1)

    def pair(self, server: FakeWhatsApp) -> None:
        """Connect, have the first code scanned, and wait until it is logged in."""
        self.ask("connect")
        server.scan(self.wait_for("qr")["text"])
        self.wait_for("ConnectedEv")

    @property
    def waits(self) -> bool:
        """Whether there is no answer yet."""
        return self._answers.empty()

    def text(self, to: str, text: str) -> str:
        return str(self.ask("text", to, text))

    def document(self, to: str, content: bytes, name: str = "Boleto 123-1.pdf", caption: str = "") -> str:
        return str(self.ask("document", to, base64.b64encode(content).decode(), name, caption))

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if not line.startswith("{"):
                continue
            message = json.loads(line)
            (self._answers.put if message["kind"] in ("done", "failed") else self.told.append)(message)
