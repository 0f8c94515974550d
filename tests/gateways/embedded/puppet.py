"""A worker without a library: speaks the protocol and misbehaves as its first argument says."""

from __future__ import annotations

import os
import sys

from integrator.gateways.embedded.gate import UNSENT
from integrator.gateways.embedded.protocol import (
    Allow,
    Answer,
    Assigned,
    Hello,
    News,
    Ping,
    Pong,
    Request,
    SendText,
    Situation,
    Start,
    Stop,
)
from integrator.gateways.embedded.wire import encode, read_request

NUMBER = "5549988887777"


def tell(news: News) -> None:
    """One line to the daemon."""
    os.write(1, encode(news))


def play(manner: str) -> None:
    """Until the input ends."""
    tell(Hello(1, "puppet"))
    if manner == "noisy":
        os.write(1, b'Login event: success\n\xff\xfe\x00{{{\n\n{"op":"Answer","id":"x"}\n')
    for line in iter(sys.stdin.buffer.readline, b""):
        request = read_request(line, sys.stdin.buffer.read)
        if isinstance(request, Stop):
            return
        misbehave(manner, request)
        answer(manner, request)


def misbehave(manner: str, request: Request | None) -> None:
    """End in the manner that was asked for, when its time has come."""
    if manner == "crash" and isinstance(request, Start):
        os.write(2, b"SIGABRT: abort\n")
        os.abort()
    if (manner == "dies" and isinstance(request, SendText)) or (manner == "dies_after" and isinstance(request, Allow)):
        os._exit(1)


def answer(manner: str, request: Request | None) -> None:
    """As a worker does that is connected."""
    match request:
        case Start():
            tell(Situation("conectado", NUMBER))
        case Ping(number) if manner != "stuck":
            tell(Pong(number))
        case SendText(number):
            tell(Assigned(number, "3EB0PUPPET"))
            if manner == "impatient":
                os._exit(UNSENT)
        case Allow(number) if manner != "mute":
            tell(Answer(number, "3EB0PUPPET"))


if __name__ == "__main__":
    play(sys.argv[1])
