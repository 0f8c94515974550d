"""A real X display for tests and measures, with a window manager; nobody sees it."""

import os
import select
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from Xlib import X, display
from Xlib.protocol.event import ClientMessage

#: Of a computer that does much else; when they work, both are there within a second.
_START_S = 60.0
_END_S = 60.0
_ASK_AGAIN_S = 0.5
_LOOK_S = 0.001


@contextmanager
def x_server(size: str = "2000x1500x24") -> Iterator[str]:
    """A display of its own, ``:N``, with a window manager; ended with the block."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL)
    os.close(writing)
    manager = None
    try:
        ready, _, _ = select.select([reading], [], [], _START_S)
        name = f":{os.read(reading, 20).decode().strip()}" if ready else ""
        assert name, "Xvfb did not start"
        manager = subprocess.Popen(
            ["openbox", "--sm-disable"], env={**os.environ, "DISPLAY": name}, stderr=subprocess.DEVNULL
        )
        with closing(display.Display(name)) as connection:
            assert manager_answers(connection, _START_S), "the window manager did not start"
        yield name
    finally:
        os.close(reading)
        for process in filter(None, (manager, server)):
            process.terminate()
            process.wait(_END_S)


def manager_answers(connection: display.Display, within_s: float) -> bool:
    """Whether the window manager does in time what was asked of it so far: it answers one after the other.

    While it starts it loses what it is told, so it is asked again and again. A window that is mapped before it answers
    for the first time would have no frame and no focus.
    """
    asks, answers = map(connection.intern_atom, ("_NET_REQUEST_FRAME_EXTENTS", "_NET_FRAME_EXTENTS"))
    root = connection.screen().root
    asking = root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
    question = ClientMessage(window=asking, client_type=asks, data=(32, [0] * 5))
    now = time.monotonic()
    deadline, asked = now + within_s, -_ASK_AGAIN_S
    while (answer := asking.get_full_property(answers, X.AnyPropertyType)) is None and now < deadline:
        if now - asked > _ASK_AGAIN_S:
            root.send_event(question, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
            asked = now
        time.sleep(_LOOK_S)
        now = time.monotonic()
    asking.destroy()
    return answer is not None
