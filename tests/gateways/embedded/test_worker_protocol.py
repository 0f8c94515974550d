"""What daemon and worker say to each other survives the pipe, and nothing that comes out of it does harm."""

from __future__ import annotations

import io

import pytest

from integrator.gateways.embedded import wire
from integrator.gateways.embedded.protocol import (
    Allow,
    Answer,
    AskDigits,
    Assigned,
    Check,
    Checked,
    Digits,
    Done,
    Ended,
    Hello,
    LogOut,
    Named,
    News,
    Ping,
    Pong,
    Request,
    Scan,
    SendFile,
    SendText,
    Situation,
    Start,
    Stop,
    Told,
    Written,
)

SECRET = "Olá, João, deve R$ 10 — 554988590187"
REQUESTS: tuple[Request, ...] = (
    Start("C:\\Dados de João\\#1", "http://usuario:senha@proxy:3128"),
    AskDigits(1, "554988590187"),
    Check(2, ("554988590187", "554933221100")),
    SendText(3, "554988590187", SECRET + "\n\u2028🙂"),
    SendFile(4, "554988590187", "Boleto João.pdf", "application/pdf", SECRET, b"%PDF\n\n{}\x00\xff"),
    Allow(4),
    LogOut(5),
    Ping(6),
    Stop(),
)
NEWS: tuple[News, ...] = (
    Hello(1, "0.5.2"),
    Situation("conectado", "554988590187", 3600.0, "detail"),
    Named("Farmácia João 🙂\n\u202e"),
    Scan("https://wa.me/x#y", 20.0),
    Digits(1, "GH5EC9DZ"),
    Checked(2, ("554988590187", "")),
    Assigned(3, "3EB0AA"),
    Answer(3, "3EB0AA", "recusada", "server returned error 479"),
    Done(5, ""),
    Told(("3EB0AA", "3EB0BB"), "entregue", 1_800_000_000.0),
    Written("3A01", "554988590187", SECRET, 1_800_000_000.0, "Fulano"),
    Pong(6, 2),
    Ended("sem_rede", "no such host"),
)


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda each: type(each).__name__)
def test_a_request_arrives_as_it_was_sent(request_: Request) -> None:
    pipe = io.BytesIO(wire.encode(request_) + wire.encode(Ping(99)))
    assert wire.read_request(pipe.readline(), pipe.read) == request_
    assert wire.read_request(pipe.readline(), pipe.read) == Ping(99)


@pytest.mark.parametrize("news", NEWS, ids=lambda each: type(each).__name__)
def test_news_arrive_as_they_were_told(news: News) -> None:
    line = wire.encode(news)
    assert line.count(b"\n") == 1
    assert wire.read_news(line) == news


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"Press Ctrl+C to exit",
        b"{",
        b"[1,2]",
        b"null",
        b"\xff\xfe\x00",
        b'{"op":"Explode"}',
        b'{"op":"Assigned"}',
        b'{"op":"Assigned","id":"one","message_id":"x"}',
        b'{"op":"Checked","id":1,"canonical":7}',
    ],
)
def test_a_line_that_nobody_understands_is_nothing(line: bytes) -> None:
    assert wire.read_news(line) is None
    assert wire.read_request(line, lambda _: b"") is None


def test_fields_of_a_newer_version_are_ignored() -> None:
    assert wire.read_news(b'{"op":"Pong","id":6,"mood":"good"}') == Pong(6)


def test_nothing_that_belongs_to_customers_is_in_a_repr() -> None:
    shown = " ".join(repr(each) for each in (*REQUESTS, *NEWS))
    for secret in ("João, deve", "554988590187", "554933221100", "senha", "wa.me", "GH5E", "Boleto", "Farmácia"):
        assert secret not in shown
