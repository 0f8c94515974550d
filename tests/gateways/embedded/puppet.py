"""A worker without a library: speaks the protocol and misbehaves as its first argument says."""

from __future__ import annotations

import os
import sys
import time

from integrator.gateways.embedded.protocol import (
    Allow,
    Answer,
    Assigned,
    Hello,
    News,
    Ping,
    Pong,
    SendText,
    Situation,
    Start,
    Stop,
    encode,
    read_request,
)

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
        match read_request(line, sys.stdin.buffer.read):
            case Start() if manner == "crash":
                os.write(2, b"SIGABRT: abort\n")
                os.abort()
            case Start():
                tell(Situation("conectado", NUMBER))
            case Ping(number) if manner != "stuck":
                tell(Pong(number))
            case Stop():
                return
            case SendText(number) if manner == "dies":
                os._exit(1)
            case SendText(number) if manner == "mute":
                time.sleep(60)
            case SendText(number):
                tell(Assigned(number, "3EB0PUPPET"))
            case Allow(number) if manner == "dies_after":
                os._exit(1)
            case Allow(number):
                tell(Answer(number, "3EB0PUPPET"))


if __name__ == "__main__":
    play(sys.argv[1])
