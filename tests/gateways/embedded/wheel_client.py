"""A process around the unmodified neonize wheel: commands come as JSON lines, what the library tells goes out so.

``python -m tests.gateways.embedded.wheel_client DATABASE PROXY ANCHOR``. The library may abort or leak, so it never
runs in the process of the tests; :class:`tests.gateways.embedded.wheel.Wheel` is the other end of the pipes.
"""

from __future__ import annotations

import base64
import ctypes
import importlib
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

from tests.fake_whatsapp.trust import trust

# Imported by name: the wheel has no types.
wheel = importlib.import_module("neonize.client")
events = importlib.import_module("neonize.events")
own = importlib.import_module("neonize.proto.Neonize_pb2")
e2e = importlib.import_module("neonize.proto.waE2E.WAWebProtobufsE2E_pb2")

_EVENTS = (
    "PairStatusEv", "ConnectedEv", "DisconnectedEv", "LoggedOutEv", "StreamReplacedEv", "TemporaryBanEv",
    "ConnectFailureEv", "ClientOutdatedEv", "StreamErrorEv", "ReceiptEv", "MessageEv",
    "HistorySyncEv",
)  # fmt: skip
_output = threading.Lock()


def tell(kind: str, **what: object) -> None:
    """One line to the tests."""
    with _output:
        print(json.dumps({"kind": kind, **what}), flush=True)


class Driver:
    """One client object of the wheel and the commands for it."""

    def __init__(self, database: str, proxy: str) -> None:
        self._client = wheel.NewClient(database, uuid="test")
        self._proxy = wheel.ProxySettings(proxy)
        self._client.qr(lambda _client, code: tell("qr", text=code.decode()))
        self._client._NewClient__onLoginStatus = lambda _id, text: tell("login", text=ctypes.string_at(text).decode())
        for name in _EVENTS:
            self._client.event(getattr(events, name))(self._hear(name))

    def connect(self) -> None:
        """Begin to connect; ``ended`` is told when the library gives up."""
        threading.Thread(target=self._connect, daemon=True).start()

    def look(self) -> dict[str, object]:
        return {"connected": self._client.is_connected, "logged_in": self._client.is_logged_in}

    def text(self, to: str, text: str) -> str:
        """The id of a text as the product sends it."""
        return str(self._client.send_message(_jid(to), e2e.Message(conversation=text)).ID)

    def document(self, to: str, content: str, name: str, caption: str) -> str:
        """The id of a document, whose bytes come in base64."""
        sent = self._client.send_document(
            _jid(to), base64.b64decode(content), caption=caption, filename=name, mimetype="application/pdf"
        )
        return str(sent.ID)

    def check(self, number: str) -> dict[str, object]:
        """Whether it has WhatsApp, and under which number."""
        (found,) = self._client.is_on_whatsapp(f"+{number}")
        return {"exists": found.IsIn, "canonical": self._client.get_pn_from_lid(found.JID).User if found.IsIn else ""}

    def digits(self, phone: str) -> str:
        return str(self._client.PairPhone(phone, True))

    def me(self) -> str:
        return str(self._client.get_me().JID.User)

    def logout(self) -> None:
        self._client.logout()

    def _connect(self) -> None:
        try:
            self._client.connect(self._proxy)
            tell("ended", error="")
        except Exception as error:
            tell("ended", error=str(error))

    def _hear(self, name: str) -> Any:
        def hear(_client: object, event: Any) -> None:
            tell(name, **_told(name, event))

        return hear


def _jid(number: str) -> Any:
    return own.JID(User=number, Device=0, Integrator=0, IsEmpty=False, RawAgent=0, Server="s.whatsapp.net")


def _told(name: str, event: Any) -> dict[str, object]:
    people: dict[str, object]
    match name:
        case "ReceiptEv":
            return {"ids": list(event.MessageIDs), "type": event.ReceiptType.Name(event.Type)}
        case "MessageEv":
            source = event.Info.MessageSource
            people = {"sender": source.Sender.User, "number": source.SenderAlt.User}
            people["own"] = source.IsFromMe
            return {"id": event.Info.ID, "text": event.Message.conversation, "name": event.Info.Pushname, **people}
        case "TemporaryBanEv":
            return {"code": event.Code, "expire": event.Expire}
        case "HistorySyncEv":
            chats = event.Data.conversations
            return {"texts": [each.message.message.conversation for chat in chats for each in chat.messages]}
        case "LoggedOutEv" | "ConnectFailureEv":
            return {"reason": own.ConnectFailureReason.Name(event.Reason)}
    return {}


def main() -> None:
    """Obey until the input ends. ``os._exit``: threads of the library would keep the process alive."""
    database, proxy, anchor = sys.argv[1:]
    folder = Path(str(wheel.__file__)).parent
    trust(ctypes.CDLL(str(next(folder.glob("neonize-linux-*.so")))), bytes.fromhex(anchor))
    driver = Driver(database, proxy)
    for line in sys.stdin:
        command, *arguments = json.loads(line)
        try:
            tell("done", value=getattr(driver, command)(*arguments))
        except Exception as error:
            tell("failed", error=f"{type(error).__name__}: {error}")
    os._exit(0)


if __name__ == "__main__":
    main()
