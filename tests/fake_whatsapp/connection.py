"""One client's encrypted connection: frames over the WebSocket, the handshake, stanzas in both directions."""

from __future__ import annotations

from tests.fake_whatsapp.binary_xml import decode, encode
from tests.fake_whatsapp.nodes import Node
from tests.fake_whatsapp.noise import Cipher, Handshake, ServerIdentity
from tests.fake_whatsapp.transport import WebSocket

_HEADER_SIZE = 4
_LENGTH_SIZE = 3


class Connection:
    """A client that is connected. ``user`` is the number as which it logs in, empty when it wants to be paired."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._buffer = b""
        self._incoming: Cipher | None = None
        self._outgoing: Cipher | None = None
        self.user = ""

    async def greet(self, identity: ServerIdentity) -> None:
        """The handshake, after which stanzas flow."""
        await self._fill(_HEADER_SIZE)
        header, self._buffer = self._buffer[:_HEADER_SIZE], self._buffer[_HEADER_SIZE:]
        if not header.startswith(b"WA"):
            raise ConnectionError(f"not WhatsApp's header: {header!r}")
        handshake = Handshake(identity, header)
        self._send_frame(handshake.answer(await self._frame()))
        payload = handshake.payload(await self._frame())
        self.user = str(payload.number(1) or "")
        self._incoming, self._outgoing = handshake.split()

    async def receive(self) -> Node:
        """The next stanza from the client."""
        frame = await self._frame()
        if self._incoming is None:
            raise ConnectionError("a stanza before the handshake")
        return decode(self._incoming.open(frame))

    def send(self, node: Node) -> None:
        """One stanza to the client; nothing when it is no longer there."""
        if self._outgoing is not None:
            self._send_frame(self._outgoing.seal(encode(node)))

    def close(self) -> None:
        """Cut the connection."""
        self._socket.close()

    async def _frame(self) -> bytes:
        await self._fill(_LENGTH_SIZE)
        end = _LENGTH_SIZE + int.from_bytes(self._buffer[:_LENGTH_SIZE], "big")
        await self._fill(end)
        frame, self._buffer = self._buffer[_LENGTH_SIZE:end], self._buffer[end:]
        return frame

    async def _fill(self, size: int) -> None:
        while len(self._buffer) < size:
            self._buffer += await self._socket.receive()

    def _send_frame(self, data: bytes) -> None:
        self._socket.send(len(data).to_bytes(_LENGTH_SIZE, "big") + data)
