"""What :mod:`tools.engine_endurance` knows of its rows, and its hold on the process that sends them."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict
from types import TracebackType
from typing import Self

from tests.fake_whatsapp.contacts import Bubble
from tests.fake_whatsapp.server import FakeWhatsApp
from tools.engine_sender import Job, News, caption, content

CUSTOMER = "554988590187"
_PATIENCE_S = 60.0
_LOOK_S = 0.001


class Ledger:
    """What the daemon's side told before it went on: by row, what was recorded."""

    def __init__(self) -> None:
        self.sent: dict[int, str] = {}
        self.uncertain: dict[int, str] = {}
        self.assigned = 0
        self._open: tuple[int, str] | None = None
        self._arrived: Counter[str] = Counter()
        self._spoilt: list[str] = []

    @property
    def settled_rows(self) -> int:
        """How many rows are done with."""
        return len(self.sent) + len(self.uncertain)

    def hear(self, news: News) -> None:
        """One step of a row."""
        match news.step:
            case "begun":
                self._open = (news.row, "")
            case "assigned":
                self._open = (news.row, news.text)
                self.assigned += 1
            case "sent":
                self._open, self.sent[news.row] = None, news.text
            case "uncertain":
                self._open, self.uncertain[news.row] = None, news.text
            case "not_sent":
                self._open = None

    def cut_off(self) -> int:
        """The daemon was killed: a row whose id was written is in doubt, others never left. The row to go on with."""
        if self._open is not None and self._open[1]:
            self.uncertain[self._open[0]] = self._open[1]
        self._open = None
        return max((*self.sent, *self.uncertain), default=-1) + 1

    def saw(self, bubbles: Iterable[Bubble], size: int) -> None:
        """What is on the customer's phone; each file is compared with what was sent."""
        for bubble in bubbles:
            self._arrived[bubble.caption] += 1
            row = int(bubble.caption.rsplit(" ", 1)[-1])
            if bubble.file != content(row, size):
                self._spoilt.append(f"{bubble.caption}: o arquivo chegou diferente")

    def broken(self, rows: range) -> list[str]:
        """What must never happen, in words."""
        twice = [f"{name}: {times} vezes" for name, times in self._arrived.items() if times > 1]
        lost = [f"{caption(row)}: enviada e não chegou" for row in self.sent if not self._arrived[caption(row)]]
        forgotten = [f"{caption(row)}: sem registro" for row in rows if row not in self.sent | self.uncertain]
        return [*twice, *lost, *forgotten, *self._spoilt]

    def unrecorded(self, server: FakeWhatsApp) -> list[str]:
        """Accepted messages whose row is neither sent nor in doubt under that very id."""
        known = {*self.sent.values(), *self.uncertain.values()}
        return [f"{message.id}: aceita e não registrada" for message in server.messages if message.id not in known]


class Sender:
    """A process of :mod:`tools.engine_sender`. Its first one is paired by scanning the code that it tells."""

    def __init__(self, job: Job, server: FakeWhatsApp, ledger: Ledger) -> None:
        self._server = server
        self._ledger = ledger
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tools.engine_sender", json.dumps(asdict(job))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.ready = self.over = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        self.wait_for(lambda: self.ready)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        """End it at once; all that it told has been heard when this returns. The worker ends with its input."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def wait_for(self, true: Callable[[], bool]) -> None:
        """Until that holds. RuntimeError when it does not in time or the process ended by itself."""
        end = time.monotonic() + _PATIENCE_S
        while not true():
            if time.monotonic() > end or self._process.poll() is not None:
                raise RuntimeError(f"o processo que envia parou (código {self._process.poll()})")
            time.sleep(_LOOK_S)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            news = News(**json.loads(line))
            match news.step:
                case "code":
                    self._server.scan(news.text)
                case "ready":
                    self.ready = True
                case "over":
                    self.over = True
                case _:
                    self._ledger.hear(news)
