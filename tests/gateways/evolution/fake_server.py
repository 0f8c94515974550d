"""A loopback Evolution API server: answers by its own small world, or what a test scripted for a request.

Only what is asked of the adapter is pretended; whatever is scripted comes from a recording of a real server.
"""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email import policy
from email.parser import BytesParser
from enum import Enum, auto
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.gateways.evolution.recordings import Recording, recording

KEY = "chave-global-do-teste"
OWNER = "5511988886666"


class Fault(Enum):
    """How a request ends without an answer."""

    DROP_BEFORE = auto()
    """The server dies before it hands the message over: the connection ends."""
    DROP_AFTER = auto()
    """The server dies after the hand-over: the connection breaks."""
    CUT = auto()
    """The server dies while it writes its answer."""
    SILENT = auto()
    """The message is handed over, and the answer never comes."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the server really got."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def form(self) -> dict[str, tuple[bytes, str]]:
        """The fields of a multipart body: bytes and file name of each."""
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        message = BytesParser(policy=policy.HTTP).parsebytes(head + self.body)
        fields = {}
        for part in message.iter_parts():
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            name = str(part.get_param("name", header="content-disposition"))
            fields[name] = (content, part.get_filename() or "")
        return fields


@dataclass(slots=True)
class Bubble:
    """One message that reached the customer."""

    id: str
    number: str
    content: bytes
    caption: str = ""
    file_name: str = ""


Scripted = Recording | Fault


@dataclass(slots=True)
class World:
    """The server's state. ``script`` holds what the next requests to an action get instead."""

    state: str = "open"
    registered: str = "open"
    reason: int | None = None
    exists: bool = True
    without_whatsapp: frozenset[str] = frozenset()
    hook: Any = None
    code: Any = field(default_factory=lambda: {"count": 0})
    bubbles: list[Bubble] = field(default_factory=list)
    statuses: dict[str, list[str]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    script: dict[str, deque[Scripted]] = field(default_factory=dict)


class FakeEvolution:
    """The server on a port of its own. Use as a context manager; :meth:`stop` takes it away earlier."""

    def __init__(self) -> None:
        self.world = World()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.silence = threading.Event()
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def __enter__(self) -> FakeEvolution:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self.silence.set()
        self._server.shutdown()
        self._server.server_close()

    def answer_next(self, action: str, *what: Scripted) -> None:
        """Script the next requests to ``action``, such as ``message/sendText``."""
        self.world.script.setdefault(action, deque()).extend(what)

    def asked(self, action: str) -> list[Request]:
        """The requests to that action so far."""
        return [request for request in self.world.requests if request.path.startswith(f"/{action}")]

    def respond(self, request: Request) -> tuple[Recording | None, Fault | None]:
        """The answer, and how it fails to arrive."""
        self.world.requests.append(request)
        action = "/".join(request.path.split("/")[1:3])
        scripted = self.world.script.get(action)
        what = scripted.popleft() if scripted else None
        if isinstance(what, Recording):
            return what, None
        if what is Fault.DROP_BEFORE:
            return None, what
        answer = self._own(action, request)
        if what is Fault.SILENT:
            self.silence.wait()
        return answer, what

    def _own(self, action: str, request: Request) -> Recording:
        if request.headers.get("apikey") != KEY:
            return recording("22-state-wrongkey")
        if not self.world.exists and action not in {"instance/create", "instance/fetchInstances"}:
            return recording("21-state-unknown-instance")
        own: Mapping[str, Callable[[Request], Recording]] = {
            "instance/connectionState": self._state,
            "instance/fetchInstances": self._fetch,
            "instance/create": self._create,
            "instance/connect": self._connect,
            "instance/logout": self._logout,
            "chat/whatsappNumbers": self._numbers,
            "chat/findStatusMessage": self._find_statuses,
            "message/sendText": self._send_text,
            "message/sendMedia": self._send_media,
            "webhook/find": lambda _: Recording(200, self.world.hook, 1),
            "webhook/set": self._set_hook,
        }
        return own[action](request)

    def _state(self, request: Request) -> Recording:
        return Recording(200, {"instance": {"instanceName": _instance(request), "state": self.world.state}}, 1)

    def _fetch(self, request: Request) -> Recording:
        if not self.world.exists:
            return recording("29b-fetch-unknown")
        row = dict(recording("105-fetch-open").body[0])
        row["name"] = request.query["instanceName"]
        row["connectionStatus"] = self.world.registered
        row["disconnectionReasonCode"] = self.world.reason
        row["ownerJid"] = f"{OWNER}@s.whatsapp.net" if self.world.registered else None
        return Recording(200, [row], 1)

    def _create(self, _: Request) -> Recording:
        self.world.exists = True
        self.world.state, self.world.registered = "close", ""
        return recording("14-create-no-qr")

    def _connect(self, _: Request) -> Recording:
        if self.world.state == "open":
            return recording("104-connect-when-open")
        self.world.state = "connecting"
        return Recording(200, self.world.code, 1)

    def _logout(self, _: Request) -> Recording:
        if self.world.state == "close":
            return recording("73-logout-not-connected")
        self.world.state = "close"
        return recording("171-logout-open")

    def _numbers(self, request: Request) -> Recording:
        if self.world.state != "open":
            return recording("82-whatsappNumbers-reconnecting")
        return Recording(200, [self._check(number) for number in request.json["numbers"]], 1)

    def _check(self, number: str) -> dict[str, object]:
        """By the rule of the real server: it drops the ninth digit where WhatsApp does."""
        account = f"{number[:4]}{number[5:]}" if len(number) == 13 and number[2] != "1" else number
        exists = account not in self.world.without_whatsapp
        return {"jid": f"{account}@s.whatsapp.net", "exists": exists, "number": number}

    def _find_statuses(self, request: Request) -> Recording:
        wanted = request.json["where"]["id"]
        model = recording("134-findStatusMessage").body[0]
        rows = [model | {"keyId": wanted, "status": status} for status in self.world.statuses.get(wanted, [])]
        return Recording(200, rows, 1)

    def _send_text(self, request: Request) -> Recording:
        fields = request.json
        return self._accept(Bubble("", fields["number"], fields["text"].encode()), "112-text-ok")

    def _send_media(self, request: Request) -> Recording:
        form = request.form()
        caption, name = (form[each][0].decode() for each in ("caption", "fileName"))
        bubble = Bubble("", form["number"][0].decode(), form["file"][0], caption, name)
        return self._accept(bubble, "143-media-multipart")

    def _accept(self, bubble: Bubble, name: str) -> Recording:
        checked = self._check(bubble.number)
        if not checked["exists"]:
            return recording("113-text-not-on-whatsapp")
        if self.world.state != "open":
            return recording("161-text-just-after-drop")
        bubble.id = f"3EB0{len(self.world.bubbles) + 1:018X}"
        self.world.bubbles.append(bubble)
        answer = recording(name)
        answer.body["key"] |= {"id": bubble.id, "remoteJid": checked["jid"]}
        return answer

    def _set_hook(self, request: Request) -> Recording:
        self.world.hook = request.json["webhook"] | {"webhookByEvents": False}
        return Recording(201, self.world.hook, 1)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def do_GET(self) -> None:
                self._serve()

            def do_POST(self) -> None:
                self._serve()

            def do_DELETE(self) -> None:
                self._serve()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

            def _serve(self) -> None:
                target = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if fake.silence.is_set():  # a connection that was kept from before the end
                    self._break_off()
                    return
                query = {name: values[0] for name, values in parse_qs(target.query).items()}
                headers = {name.lower(): value for name, value in self.headers.items()}
                answer, fault = fake.respond(Request(self.command, target.path, query, headers, body))
                if answer is None:
                    self.close_connection = True
                    return
                if fault in {Fault.DROP_AFTER, Fault.SILENT}:
                    self._break_off()
                    return
                content = json.dumps(answer.body).encode()
                self.send_response(answer.status)
                self.send_header("Content-Type", "application/json; charset=utf-8")
                self.send_header("Content-Length", str(len(content)))
                if answer.status == HTTPStatus.MOVED_PERMANENTLY:
                    self.send_header("Location", f"{fake.url}/em/outro/lugar")
                self.end_headers()
                if fault is Fault.CUT:
                    content = content[: len(content) // 2]
                    self.close_connection = True
                with contextlib.suppress(OSError):
                    self.wfile.write(content)

            def _break_off(self) -> None:
                self.close_connection = True
                with contextlib.suppress(OSError):
                    linger = struct.pack("ii", 1, 0)
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    self.connection.close()

        return Handler


def _instance(request: Request) -> str:
    return unquote(request.path.rsplit("/", 1)[1])
