"""How bytes reach the fake server: HTTP proxy, TLS, WebSocket, and the uploads of the media server."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from tests.fake_whatsapp.tls import MEDIA_HOST

_WEBSOCKET_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_BINARY, _PONG = 2, 10

GONE = (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError, OSError, asyncio.LimitOverrunError)
"""How it shows that the other side is no longer there."""


@dataclass(frozen=True, slots=True)
class Request:
    """The head of an HTTP request; header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]


async def read_request(reader: asyncio.StreamReader) -> Request:
    """The next request's head."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    method, target, _ = first.split(" ", 2)
    pairs = (line.split(":", 1) for line in lines if ":" in line)
    return Request(method, target, {name.lower(): value.strip() for name, value in pairs})


async def through_proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, context: ssl.SSLContext) -> Request:
    """Answer the CONNECT, become the server it asked for, and read the request inside."""
    request = await read_request(reader)
    if request.method != "CONNECT":
        return request
    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
    await writer.drain()
    await writer.start_tls(context)
    return await read_request(reader)


def answer(writer: asyncio.StreamWriter, status: int, body: bytes = b"") -> None:
    """An HTTP answer after which the connection closes."""
    head = f"HTTP/1.1 {status} -\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    writer.write(head.encode() + b"Connection: close\r\n\r\n" + body)


async def take_upload(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: Request, keep: Callable[[bytes], str]
) -> None:
    """A file posted to the media server."""
    body = await reader.readexactly(int(request.headers.get("content-length", "0")))
    path = keep(body)
    answer(writer, 200, json.dumps({"url": f"https://{MEDIA_HOST}{path}", "direct_path": path}).encode())


class WebSocket:
    """The server's end of a WebSocket that carries binary messages."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def accept(self, request: Request) -> None:
        """Answer the upgrade."""
        key = request.headers["sec-websocket-key"].encode()
        proof = base64.b64encode(hashlib.sha1(key + _WEBSOCKET_GUID).digest())
        head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        self._writer.write(head + b"Sec-WebSocket-Accept: " + proof + b"\r\n\r\n")

    async def receive(self) -> bytes:
        """The next piece of a message. ConnectionError when the client says goodbye."""
        while True:
            first, second = await self._reader.readexactly(2)
            size = second & 127
            if size > 125:
                size = int.from_bytes(await self._reader.readexactly(2 if size == 126 else 8), "big")
            mask = await self._reader.readexactly(4) if second & 128 else bytes(4)
            data = _unmask(await self._reader.readexactly(size), mask)
            match first & 15:
                case 8:
                    raise ConnectionError("the client closed the WebSocket")
                case 9:
                    self._send(_PONG, data)
                case 0 | 2:
                    return data

    def send(self, data: bytes) -> None:
        """One binary message."""
        self._send(_BINARY, data)

    def close(self) -> None:
        """Cut the connection, as a broken line does: what the client just sent is not read any more."""
        self._writer.transport.abort()

    def _send(self, kind: int, data: bytes) -> None:
        size = len(data)
        if size < 126:
            head = bytes([128 | kind, size])
        elif size < 1 << 16:
            head = bytes([128 | kind, 126]) + size.to_bytes(2, "big")
        else:
            head = bytes([128 | kind, 127]) + size.to_bytes(8, "big")
        self._writer.write(head + data)


def _unmask(data: bytes, mask: bytes) -> bytes:
    if not data:
        return data
    stretched = (mask * (len(data) // 4 + 1))[: len(data)]
    return (int.from_bytes(data, "big") ^ int.from_bytes(stretched, "big")).to_bytes(len(data), "big")
