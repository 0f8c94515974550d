"""No message passes the gate before its id was allowed."""

from __future__ import annotations

import threading

import pytest

from integrator.gateways.embedded.gate import LET_GO, UNSENT, Gate


def logged(frame: bytes, logger: bytes = b"Send") -> bytes:
    """An entry of the library's log, as its definitions write it."""
    size = bytes((len(frame) & 0x7F | 0x80, len(frame) >> 7))
    return b"\n" + size + frame + b"\x12\x05DEBUG\x1a\x0bClient/" + logger


MESSAGE = b'<message to="999000111222333@lid" type="text" id="3EB0AA" addressing_mode="lid"><participants/></message>'
FRAME, OTHER = logged(MESSAGE), logged(MESSAGE.replace(b"3EB0AA", b"3EB0BB"))
OF_DEVICES = logged(
    b'<message category="peer" id="3EB0PEER" to="5549988887777@s.whatsapp.net" type="protocol"></message>'
)
FROM_A_CUSTOMER = logged(
    b'<message from="999000111222333@lid" id="3A00" notify="Jos\xc3\xa9" t="1795309523" type="text"></message>', b"Recv"
)


class Ended(Exception):
    """Stands for the end of the process."""


def end(code: int) -> None:
    raise Ended(code)


class Daemon:
    """Allows what it is told, or not."""

    def __init__(self, *, allows: bool = True) -> None:
        self.told: list[tuple[int, str]] = []
        self._allows = allows
        self.gate = Gate(self._tell, patience_s=60.0 if allows else 0.01, end=end)

    def _tell(self, request: int, message_id: str) -> None:
        self.told.append((request, message_id))
        if self._allows:
            threading.Timer(0.01, self.gate.allow, (request,)).start()


def test_a_message_passes_when_its_id_was_allowed() -> None:
    daemon = Daemon()
    daemon.gate.begin(7)
    daemon.gate.look(FRAME)
    assert daemon.told == [(7, "3EB0AA")]


def test_a_message_that_is_not_allowed_in_time_ends_the_process_in_front_of_the_gate() -> None:
    daemon = Daemon(allows=False)
    daemon.gate.begin(7)
    with pytest.raises(Ended, match=f"{UNSENT}"):
        daemon.gate.look(FRAME)


def test_an_allowance_of_another_request_does_not_count() -> None:
    daemon = Daemon(allows=False)
    daemon.gate.begin(7)
    daemon.gate.allow(6)
    with pytest.raises(Ended):
        daemon.gate.look(FRAME)


def test_an_allowance_that_comes_before_the_message_belongs_to_an_earlier_one() -> None:
    daemon = Daemon(allows=False)
    daemon.gate.allow(7)
    daemon.gate.begin(7)
    with pytest.raises(Ended):
        daemon.gate.look(FRAME)


def test_a_message_that_the_library_repeats_after_a_reconnection_passes_under_its_id() -> None:
    daemon = Daemon()
    daemon.gate.begin(7)
    daemon.gate.look(FRAME)
    daemon.gate.look(FRAME)
    daemon.gate.finish()
    daemon.gate.begin(8)
    daemon.gate.look(FRAME)  # asked again by a customer's phone, while the next one is on its way
    daemon.gate.look(OTHER)
    assert daemon.told == [(7, "3EB0AA"), (8, "3EB0BB")]


def test_a_second_message_in_one_request_never_leaves() -> None:
    daemon = Daemon()
    daemon.gate.begin(7)
    daemon.gate.look(FRAME)
    with pytest.raises(Ended, match=f"{LET_GO}"):  # the first one may have left
        daemon.gate.look(OTHER)


def test_what_a_customer_writes_while_a_message_is_on_its_way_is_not_taken_for_it() -> None:
    daemon = Daemon()
    daemon.gate.begin(7)
    daemon.gate.look(FROM_A_CUSTOMER)
    daemon.gate.look(FRAME)
    daemon.gate.look(FROM_A_CUSTOMER.replace(b"3A00", b"3A01"))
    assert daemon.told == [(7, "3EB0AA")]


@pytest.mark.parametrize(
    "line",
    [
        OF_DEVICES,
        logged(b"<iq id='1'/>"),
        logged(b'<receipt id="3EB0AA" type="message"/>'),
        logged(b'<receipt to="<message id="3EB0AA" to="x">"/>'),
        logged(b'<message to="x">'),
        b'decrypted <message to="x" id="3EB0AA">',
        b"",
    ],
)
def test_what_is_no_message_of_ours_passes(line: bytes) -> None:
    daemon = Daemon(allows=False)
    daemon.gate.begin(7)
    daemon.gate.look(line)
    assert daemon.told == []


def test_without_a_request_everything_passes() -> None:
    daemon = Daemon(allows=False)
    daemon.gate.look(FRAME)
    assert daemon.told == []
