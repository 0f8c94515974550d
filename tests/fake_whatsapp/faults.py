"""What goes wrong on the fake server, until it is healed or used up."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Times:
    """A fault that happens a number of times, or always when ``left`` is None."""

    code: int
    left: int | None

    def take(self) -> int:
        """The code when the fault happens now, else 0."""
        if self.left == 0:
            return 0
        if self.left is not None:
            self.left -= 1
        return self.code


@dataclass(slots=True)
class Faults:
    """The faults in force.

    ``refuse``: connections are closed before anything is said. ``silent_acks``, ``drop_after``: a message is accepted,
    and then nothing is answered or the connection is gone; ``ack_delay_s``: the answer takes that long. ``login``:
    attributes of the failure at login.
    """

    refuse: bool = False
    silent_acks: bool = False
    ack_delay_s: float = 0.0
    drop_after: Times = field(default_factory=lambda: Times(0, 0))
    ack: Times = field(default_factory=lambda: Times(0, 0))
    upload: Times = field(default_factory=lambda: Times(0, 0))
    login: dict[str, str] = field(default_factory=dict)
    silent_queries: set[str] = field(default_factory=set)
