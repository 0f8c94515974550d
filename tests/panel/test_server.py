"""The panel's server: told when it cannot serve, stopped from anywhere, and no address taken from a header."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest
import requests
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from integrator.panel.server import PanelServer, PanelServerError
from tools.firebird_server import free_port


async def _who(scope: Scope, receive: Receive, send: Send) -> None:
    client = Request(scope).client
    await PlainTextResponse(client.host if client else "")(scope, receive, send)


def test_a_taken_port_is_told_and_let_be() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PanelServerError, match=f"porta {port}: outro programa"):
            PanelServer(_who, port=port)


def test_it_stops_twice_and_from_another_thread_and_its_port_is_free_again() -> None:
    port = free_port()
    server = PanelServer(_who, port=port)
    with requests.Session() as session:
        session.trust_env = False
        told = session.get(f"http://127.0.0.1:{port}/", headers={"X-Forwarded-For": "10.1.2.3"}, timeout=120)
        assert told.text == "127.0.0.1"
        stopper = threading.Thread(target=server.stop)
        stopper.start()
        stopper.join(120)
        assert not stopper.is_alive()
    server.stop()
    PanelServer(_who, port=port).stop()


def test_a_certificate_that_cannot_be_used_is_told_at_once(tmp_path: Path) -> None:
    broken = tmp_path / "cadeia.pem"
    broken.write_text("não é um certificado", encoding="utf-8")

    with pytest.raises(PanelServerError, match="certificado"):
        PanelServer(_who, port=0, certificate=(str(broken), str(broken)))
    with pytest.raises(PanelServerError, match="certificado"):
        PanelServer(_who, port=0, certificate=(str(tmp_path / "nada.pem"), str(broken)))


def test_a_server_that_dies_at_its_start_is_told_and_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_args: object, **_more: object) -> None:
        raise RuntimeError("no loop")

    monkeypatch.setattr("uvicorn.Server.run", die)
    with pytest.raises(PanelServerError, match="não iniciou"):
        PanelServer(_who, port=0)
