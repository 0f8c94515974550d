"""The embedded engine's own process: holds one session and does what the daemon asks by the :mod:`.protocol`.

It never repeats, reconnects anew or decides anything: it tells and, when it can go on no longer, ends; the daemon's
:mod:`.supervisor` starts another. It ends with the daemon, whose death closes its input. Only here the library is
loaded: a crash of it costs a process, not the shop's queue.
"""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Final, NoReturn

from integrator.domain.errors import AlreadyRunning
from integrator.gateways.embedded.channel import Channel, complain, take_folder
from integrator.gateways.embedded.gate import Gate
from integrator.gateways.embedded.listening import Listening
from integrator.gateways.embedded.native import VERSION as LIBRARY_VERSION
from integrator.gateways.embedded.native import LibraryMissing, Native
from integrator.gateways.embedded.posting import Posting
from integrator.gateways.embedded.protocol import (
    VERSION,
    Allow,
    AskDigits,
    Assigned,
    Check,
    End,
    Ended,
    Hello,
    LogOut,
    Ping,
    Pong,
    Request,
    SendFile,
    SendText,
    Start,
    Stop,
)
from integrator.gateways.embedded.session import DATABASE
from integrator.gateways.embedded.wire import read_request
from integrator.single_instance import InstanceLock

_INPUT: Final = 0
_LOCK_PATIENCE_S: Final = 3.0
_LOCK_TRY_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class _Session:
    listening: Listening
    posting: Posting
    lock: InstanceLock


class Worker:
    """Requests come in on the main thread and are carried out, one at a time, on another."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._gate = Gate(lambda request, message_id: channel.tell(Assigned(request, message_id)))
        self._tasks: SimpleQueue[Request] = SimpleQueue()
        self._session: _Session | None = None

    def run(self) -> None:
        """Serve until the input ends."""
        self._channel.tell(Hello(VERSION, LIBRARY_VERSION.decode()))
        threading.Thread(target=self._work, name="requests", daemon=True).start()
        source = os.fdopen(_INPUT, "rb")  # a program without a console has no sys.stdin
        for line in iter(source.readline, b""):
            match read_request(line, source.read):
                case Ping(number) as request:
                    self._channel.tell(Pong(number, self._session.listening.nameless if self._session else 0))
                    if self._session is not None:
                        self._tasks.put(request)
                case Allow(number):
                    self._gate.allow(number)
                case Stop():
                    return
                case None:
                    complain("a request could not be read")
                case request:
                    self._tasks.put(request)

    def _work(self) -> None:
        while True:
            request = self._tasks.get()
            try:
                self._do(request)
            except Exception as error:  # the top of this thread
                if isinstance(request, Ping):  # nobody stops sending for want of a name
                    complain(f"the account's name could not be asked for: {type(error).__name__}")
                    continue
                self._end(End.FAULT, f"{type(request).__name__}: {type(error).__name__}")

    def _do(self, request: Request) -> None:
        if isinstance(request, Start):
            self._start(request)
            return
        if self._session is None:
            raise RuntimeError("asked before the start")
        posting, tell = self._session.posting, self._channel.tell
        match request:
            case Ping():
                self._session.listening.look_up_name()
            case AskDigits(number, phone):
                tell(posting.digits(number, phone))
            case Check(number, numbers):
                tell(posting.check(number, numbers))
            case SendText() | SendFile():
                tell(posting.send(request))
            case LogOut(number):
                tell(posting.log_out(number))

    def _start(self, request: Start) -> None:
        take_folder(request.folder)
        lock = self._locked()
        try:
            native = Native()
        except LibraryMissing as error:
            self._end(End.NO_LIBRARY, str(error))
        listening = Listening(native, self._gate, self._channel.tell, self._end)
        self._session = _Session(listening, Posting(native, self._gate, listening), lock)
        threading.Thread(target=listening.listen, args=(DATABASE, request.proxy), name="library", daemon=True).start()

    def _locked(self) -> InstanceLock:
        """The session is ours, as soon as a worker that is just ending has let go of it."""
        deadline = time.monotonic() + _LOCK_PATIENCE_S
        while True:
            try:
                return InstanceLock(Path())
            except AlreadyRunning:
                if time.monotonic() > deadline:
                    self._end(End.IN_USE, "another process holds the session")
            time.sleep(_LOCK_TRY_S)

    def _end(self, why: End, detail: str = "") -> NoReturn:
        self._channel.tell_and_wait(Ended(why.value, detail))
        os._exit(0)


def main() -> NoReturn:
    """The worker's process, from its first line to its end."""
    Worker(Channel()).run()
    os._exit(0)  # the library's threads would keep the process alive
