"""Who is taken for a robot, and who is only quick."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from integrator.journal.replies import Exchange, Heard
from integrator.replies.robots import looks_like_robot

TEN = datetime(2026, 11, 23, 10)


def exchange(posted: list[int], heard: list[int]) -> Exchange:
    """Seconds after ten at which something was posted, and heard."""
    moments = [TEN + timedelta(seconds=each) for each in posted]
    return Exchange(tuple(Heard("", TEN + timedelta(seconds=each)) for each in heard), tuple(moments), 0)


@pytest.mark.feature("S31")
def test_who_thanks_between_the_parts_of_one_message_is_no_robot() -> None:
    assert not looks_like_robot(exchange([0, 4, 9], [3, 6, 11]))


@pytest.mark.feature("S31")
def test_who_is_that_quick_at_another_message_again_is_one() -> None:
    assert looks_like_robot(exchange([0, 4, 7200], [3, 7202]))
    assert not looks_like_robot(exchange([0, 4, 7200], [3, 7230]))
