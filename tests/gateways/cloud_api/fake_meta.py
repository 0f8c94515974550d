"""Meta on the loopback address: keeps what it took, answers as it was told to, and can lose an answer."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from integrator.gateways.cloud_api.account import Account

PHONE_ID = "100000000000000"
ACCOUNT = Account(PHONE_ID, "EAAtoken", "200000000000000", "300000000000000", "segredo-do-app")
NUMBER = "554933221100"
SAMPLES = Path(__file__).parent / "samples"


@dataclass(frozen=True, slots=True)
class Request:
    """What came in. ``fields`` is its JSON, empty for everything else."""

    method: str
    path: str
    headers: Message
    body: bytes
    fields: dict[str, Any]


@dataclass(slots=True)
class Meta:
    """The state of the pretended Meta. ``answers`` go before everything else, one for each request to ``/messages``."""

    url: str = ""
    without_whatsapp: frozenset[str] = frozenset()
    lose_answers: int = 0
    refuse_files: int = 0
    token_works: bool = True
    phone: dict[str, str] = field(
        default_factory=lambda: {
            "display_phone_number": "+55 49 3322-1100",
            "verified_name": "Loja de Teste",
            "quality_rating": "GREEN",
            "status": "CONNECTED",
        }
    )
    answers: deque[tuple[int, object]] = field(default_factory=deque)
    requests: list[Request] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    taken: list[dict[str, Any]] = field(default_factory=list)
    pages: list[dict[str, Any]] = field(default_factory=list)
    leave: Callable[[], None] = lambda: None
    """Nothing listens there any more."""

    def posts(self) -> list[dict[str, Any]]:
        """The JSON of every request to ``/messages``."""
        return [request.fields for request in self.requests if request.path.endswith("/messages")]

    def answer(self, request: Request) -> tuple[int, object] | None:
        """What goes back; None: the connection is cut instead."""
        self.requests.append(request)
        if not self.token_works or not request.headers["Authorization"]:
            return 401, error(190, "Invalid OAuth access token.")
        name = request.path.partition("?")[0].rsplit("/", 1)[-1]
        if (request.method, name) == ("POST", "messages"):
            return self._take(request.fields)
        if name == "media" and self.refuse_files:
            return self.refuse_files, {}
        return 200, self._told(request, name)

    def _told(self, request: Request, name: str) -> object:
        match request.method, name:
            case "GET", "message_templates":
                return self.pages.pop(0)
            case "GET", _:
                return {"id": PHONE_ID, **self.phone}
            case "POST", "media":
                return self._keep(request)
            case "POST", "uploads":
                return {"id": "upload:MTphdHRhY2htZW50?sig=ARZ"}
            case "POST", "upload:MTphdHRhY2htZW50":
                return {"h": "4::aGFuZGxl"}
            case _:
                return {"id": "1", "status": "PENDING", "success": True, "category": "UTILITY"}

    def _keep(self, request: Request) -> object:
        head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
        form = BytesParser().parsebytes(head + request.body)
        (content,) = (
            part.get_payload(decode=True)
            for part in form.get_payload()
            if isinstance(part, Message) and part.get_filename()
        )
        assert isinstance(content, bytes)
        media_id = str(len(self.files) + 1)
        self.files[media_id] = content
        return {"id": media_id}

    def _take(self, fields: dict[str, Any]) -> tuple[int, object] | None:
        if self.answers:
            return self.answers.popleft()
        if fields["to"] in self.without_whatsapp:
            return 400, error(131026, "Message undeliverable")
        self.taken.append(fields)
        if self.lose_answers:
            self.lose_answers -= 1
            return None
        return 200, {
            "messaging_product": "whatsapp",
            "contacts": [{"input": fields["to"], "wa_id": fields["to"]}],
            "messages": [{"id": f"wamid.FAKE{len(self.taken):08}"}],
        }


def error(code: int, message: str, details: str = "") -> dict[str, Any]:
    """A refusal as the Graph API writes it."""
    told = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A1B2C3D4E5F"}
    data = {"error_data": {"messaging_product": "whatsapp", "details": details}} if details else {}
    return {"error": {**told, **data}}


def sample(name: str) -> Mapping[str, Any]:
    """A recorded exchange."""
    found: dict[str, Any] = json.loads((SAMPLES / name).read_text(encoding="utf-8"))
    return found


@contextmanager
def running_meta(chosen: Meta | None = None) -> Iterator[Meta]:
    """A pretended Meta that listens until the block ends."""
    meta = chosen or Meta()

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            is_json = body and self.headers.get("Content-Type", "").startswith("application/json")
            answer = meta.answer(
                Request(self.command, self.path, self.headers, body, json.loads(body) if is_json else {})
            )
            if answer is None:
                self.close_connection = True
                return
            status, told = answer
            content = told if isinstance(told, bytes) else json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = _do

        def log_message(self, *_: object) -> None:
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        meta.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()

        def leave() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        meta.leave = leave
        try:
            yield meta
        finally:
            leave()
