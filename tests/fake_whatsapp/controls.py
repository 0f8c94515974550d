"""The faults of the fake server, as a test causes them."""

from __future__ import annotations

from tests.fake_whatsapp.exchange import Exchange
from tests.fake_whatsapp.faults import Faults, Times
from tests.fake_whatsapp.listener import Listener
from tests.fake_whatsapp.nodes import Node


class Controls:
    """What goes wrong with a server. Safe to use from any thread."""

    def __init__(self, exchange: Exchange, listener: Listener) -> None:
        self._exchange = exchange
        self._listener = listener

    def log_out_from_phone(self) -> None:
        """The shop's phone removes the linked device; a client that is away learns it at its next login."""
        self._listener.do(self._unlink)

    def replaced(self) -> None:
        """Another client took over the same session."""
        self._listener.do(lambda: self._conflict("replaced"))

    def drop(self) -> None:
        """Every connection breaks; new ones are welcome."""
        self._listener.do(self._break_line)

    def offline(self) -> None:
        """Nothing gets through until :meth:`heal`."""
        self._listener.do(self._go_away)

    def heal(self) -> None:
        """No fault is in force any more."""
        self._listener.do(self._no_faults)

    def silence_acks(self) -> None:
        """Messages are accepted, and the client is never told."""
        self._listener.do(lambda: setattr(self._exchange.faults, "silent_acks", True))

    def slow_acks(self, seconds: float) -> None:
        """Messages are accepted at once, and the client is told that much later."""
        self._listener.do(lambda: setattr(self._exchange.faults, "ack_delay_s", seconds))

    def ack_error(self, code: int, times: int | None = 1) -> None:
        """The next messages are refused with that code; all of them with ``times=None``."""
        self._listener.do(lambda: setattr(self._exchange.faults, "ack", Times(code, times)))

    def accept_then_drop(self, times: int | None = 1) -> None:
        """The next messages are accepted, and the connection is gone before the client knows."""
        self._listener.do(lambda: setattr(self._exchange.faults, "drop_after", Times(1, times)))

    def upload_status(self, status: int, times: int | None = 1) -> None:
        """The next uploads are refused with that HTTP status."""
        self._listener.do(lambda: setattr(self._exchange.faults, "upload", Times(status, times)))

    def login_failure(self, reason: int, **attributes: str) -> None:
        """Every login fails with that reason until :meth:`heal`."""
        self._listener.do(lambda: setattr(self._exchange.faults, "login", {"reason": str(reason), **attributes}))

    def silence_queries(self, *namespaces: str) -> None:
        """Queries of those kinds (``usync`` is the number check) are never answered."""
        self._listener.do(lambda: self._exchange.faults.silent_queries.update(namespaces))

    def unknown_receipt(self, message_id: str, kind: str) -> None:
        """A receipt of a kind that the client may not know, such as ``server-error``."""
        self._listener.do(lambda: self._exchange.receipt(self._exchange.accepted[message_id], kind))

    def _conflict(self, kind: str, **attributes: str) -> None:
        self._exchange.end(Node("stream:error", {**attributes}, (Node("conflict", {"type": kind}),)))

    def _unlink(self) -> None:
        self._exchange.account.linked = False
        self._conflict("device_removed", code="401")

    def _go_away(self) -> None:
        self._exchange.faults.refuse = True
        self._break_line()

    def _break_line(self) -> None:
        self._exchange.cut()
        self._listener.hang_up()

    def _no_faults(self) -> None:
        self._exchange.faults = Faults()
