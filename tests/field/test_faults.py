"""What happens to the database's server in a shop, under a running daemon with a queue: all leaves, and nothing twice.

One daemon lives through all of it, in a process of its own, with its time compressed; the faults come from outside.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from random import Random
from types import SimpleNamespace

import pytest

from tools import field_faults
from tools.field import possible, suffer
from tools.field_faults import FAULTS
from tools.field_site import Site
from tools.firebird_server import PrivateServer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a server that can be frozen needs Linux")

_ROWS = 4
_PATIENCE_S = 1.0
_MET_S = 60.0
_LOST = frozenset({0, 335544421, 335544721, 335544726, 335544727})
_SHUT = frozenset({335544506, 335544528, 335544856})
#: What the daemon must have met, so that a fault which missed it does not count as survived.
_MET = {
    "server killed": _LOST,
    "gfix -shut multi -attach": _SHUT,
    "gfix -shut full -force": _SHUT,
    "server frozen": _LOST,
    "login changed": {335544472},
    "disk full": {335544344},
}
#: What its log must say, one or the other: a server that freezes is met at a statement or at a new attachment.
_LOGGED = {
    "gbak -rep over it": ("action=database_restored",),
    "server frozen": ("parou de responder", "não respondeu como um Firebird"),
}


@pytest.fixture(scope="module")
def site(firebird_server: PrivateServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server of its own; fdb is loaded already."""
    assert firebird_server.port
    with Site(tmp_path_factory.mktemp("field") / "loja", _PATIENCE_S) as site:
        yield site


@pytest.mark.slow
@pytest.mark.feature("B01")
@pytest.mark.parametrize("fault", FAULTS)
def test_the_queue_is_complete_and_nobody_got_anything_twice(
    fault: str, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fault not in possible(site):
        pytest.skip("this user may not mount a small disk")
    mark = len(site.log())
    if fault in _MET:
        _hold_until_met(monkeypatch, fault, site, mark)

    outcome = suffer(site, fault, rows=_ROWS, hold_s=1.0, random=Random(1))

    assert (outcome.sent_once, outcome.uncertain, outcome.duplicates, outcome.lost) == (site.rows, 0, 0, 0)
    assert fault not in _MET or set(outcome.codes) & _MET[fault], outcome.codes
    assert any(words in site.log()[mark:] for words in _LOGGED.get(fault, ("",)))
    assert site.daemon.poll() is None


def _hold_until_met(patch: pytest.MonkeyPatch, fault: str, site: Site, mark: int) -> None:
    """What lasts for a while lasts until the daemon has met it, too: on a busy computer it may be late."""

    def sleep(seconds: float) -> None:
        time.sleep(seconds)
        site.wait_for(lambda: bool(_MET[fault] & {*site.codes_after(mark)}), _MET_S, f"the daemon's word of {fault}")

    patch.setattr(field_faults, "time", SimpleNamespace(sleep=sleep, monotonic=time.monotonic))
