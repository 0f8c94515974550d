"""What the library tells of its own accord, taken over from its threads at once. Lives in the worker."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Final

from integrator.gateways.embedded import translation
from integrator.gateways.embedded.channel import complain
from integrator.gateways.embedded.gate import Gate
from integrator.gateways.embedded.native import Ears, Native
from integrator.gateways.embedded.protocol import End, News, Scan, Situation
from integrator.sending.gateway import GatewayState

#: The library's numbers of the events that are told besides its own data (0); all others never cross over to here.
EVENTS: Final = bytes((2, 3, 6, 7, 8, 9, 10, 12, 17, 18))
_PLAIN: Final = {
    7: Situation(GatewayState.STOPPED.value, detail=translation.REPLACED),
    10: Situation(GatewayState.OUTDATED.value),
    12: Situation(GatewayState.OFFLINE.value),
}
_FIRST_CODE_S: Final = 60.0
_CODE_S: Final = 20.0


class Listening:
    """From the library's events to news. ``end`` ends the process."""

    def __init__(
        self, native: Native, gate: Gate, tell: Callable[[News], None], end: Callable[[End, str], None]
    ) -> None:
        self._native = native
        self._gate = gate
        self._tell = tell
        self._end = end
        self._heard: SimpleQueue[tuple[int, bytes]] = SimpleQueue()
        self._number = self._name = ""
        self.codes = 0
        self.ready = False  # what is called before the first connection would abort the process
        self.nameless = 0

    def listen(self, database: str, proxy: str) -> None:
        """Connect; does not return."""
        threading.Thread(target=self._translate, name="events", daemon=True).start()
        ears = Ears(self._show_code, self._login, lambda code, data: self._heard.put((code, data)), self._gate.look)
        failed = self._native.run(database, proxy, EVENTS, ears)
        # Once connected it returns only when it can no longer tell its news, though it goes on sending.
        self._end(End.DEAF if self.ready else End.OFFLINE, failed)

    def look_up_name(self) -> None:
        """Ask for the account's name while it is not known: WhatsApp tells it some time after the pairing."""
        if self.ready and not self._name:
            self._named(self._native.account())

    def _named(self, device: Any) -> None:
        told = translation.account(device)
        if told.name != self._name:
            self._name = told.name
            self._tell(told)

    def _show_code(self, text: str) -> None:
        self.codes += 1
        self._tell(Scan(text, _FIRST_CODE_S if self.codes == 1 else _CODE_S))

    def _login(self, told: str) -> None:
        match told:
            case "success":
                self._tell(Situation(GatewayState.CONNECTING.value))
            case "timeout":
                self._end(End.CODE_EXPIRED, told)
            case "err-client-outdated":
                self._tell(Situation(GatewayState.OUTDATED.value, detail=told))
            case _ if told.startswith("passkey"):
                self._tell(Situation(GatewayState.PASSKEY.value, detail=told))
            case _:
                self._end(End.FAULT, f"login: {told}")

    def _translate(self) -> None:
        while True:
            code, data = self._heard.get()
            try:
                news = self._news(code, data)
            except Exception as error:  # one event that is not understood must not silence the others
                complain(f"event {code} was not understood: {type(error).__name__}")
                continue
            if news is not None:
                self._tell(news)

    def _news(self, code: int, data: bytes) -> News | None:
        own = self._native.own
        match code:
            case 0:
                device = own.Device.FromString(data)
                self._number = device.JID.User or self._number
                self._named(device)
            case 2:
                self._number = own.PairStatus.FromString(data).ID.User or self._number
            case 17:
                return self._written(own.Message.FromString(data))
            case 18:
                return translation.receipt(own.Receipt.FromString(data))
            case _:
                return self._situation(code, data)
        return None

    def _situation(self, code: int, data: bytes) -> Situation | None:
        own = self._native.own
        match code:
            case 3:
                self.ready = True
                return Situation(GatewayState.CONNECTED.value, self._number)
            case 6:
                self.ready = False
                return translation.logged_out(own.LoggedOut.FromString(data))
            case 8:
                return translation.banned(own.TemporaryBan.FromString(data))
            case 9:
                refused = own.ConnectFailure.FromString(data).Reason
                return Situation(GatewayState.OFFLINE.value, detail=f"connection refused, reason {refused}")
        return _PLAIN.get(code)

    def _written(self, event: Any) -> News | None:
        written = translation.written(event, self._native.phone_of)
        if written is not None and not written.sender:
            self.nameless += 1
            return None
        return written
