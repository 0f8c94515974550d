"""What happens to a Firebird server in a shop, each as a function on a :class:`Trial`.

A fault begins while messages are leaving and ends with the server as it was before. What it answers is told in the
figures.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from random import Random

from integrator.domain.errors import ErpDatabaseError
from integrator.domain.message import Purpose
from integrator.erp.connection import Session
from integrator.erp.schema.user import USER
from tools.faults_shop import NotTaken, Shop
from tools.field_site import Site

_ANOTHER_PASSWORD = "Outra123"
_TRIES_S = 60.0
_CUTS = 3
_DRAFT = "RASCUNHO-"
_MANY = 20_000


@dataclass(frozen=True, slots=True)
class Trial:
    """Where a fault happens, and for how many seconds it lasts where that can be chosen."""

    site: Site
    hold_s: float
    random: Random


Fault = Callable[[Trial], str]


def server_killed(trial: Trial) -> str:
    """The power of the server fails; it is away for a while."""
    trial.site.proxy.close()
    trial.site.server.kill()
    time.sleep(trial.hold_s)
    trial.site.server.start()
    trial.site.proxy.open()
    return ""


def backup_beside(trial: Trial) -> str:
    """The nightly ``gbak -b`` runs while messages leave."""
    _must(trial.site, "gbak", "-b", trial.site.target.dsn, str(trial.site.folder / "copia.fbk"))
    return ""


def restored_over(trial: Trial) -> str:
    """A backup is restored over the database, which needs an instant without any attachment; the closing runs again."""
    site = trial.site
    copy = str(site.folder / "antes.fbk")
    _must(site, "gbak", "-b", site.target.dsn, copy)
    site.wait_for_customers(site.rows - 1, _TRIES_S)  # what left meanwhile is not in the backup
    told = _insist(site, "gbak", "-rep", copy, site.target.dsn)
    site.close_again()
    return f"restored {told}"


def shut_down(trial: Trial, *, mode: str, how: tuple[str, ...]) -> str:
    """``gfix -shut``, a while of maintenance, ``gfix -online``."""
    told = _insist(trial.site, "gfix", "-shut", mode, *how, trial.site.target.dsn)
    time.sleep(trial.hold_s)
    _must(trial.site, "gfix", "-online", trial.site.target.dsn)
    return f"shut {told}"


def connection_cut(trial: Trial) -> str:
    """The network drops in the middle of an answer, several times."""
    proxy = trial.site.proxy
    for number in range(proxy.cuts + 1, proxy.cuts + _CUTS + 1):
        proxy.cut_after(trial.random.randrange(20, 3000))
        trial.site.wait_for(partial(_was_cut, trial.site, number), _TRIES_S, "the cut")
        time.sleep(trial.random.uniform(0.1, 0.5))
    return f"{_CUTS} cuts"


def _was_cut(site: Site, number: int) -> bool:
    return site.proxy.cuts >= number


def server_frozen(trial: Trial) -> str:
    """The server stands still with its connections open, as with a dying disk."""
    trial.site.server.freeze()
    time.sleep(trial.hold_s)
    trial.site.server.thaw()
    return ""


def row_locked(trial: Trial) -> str:
    """The ERP's user opened the next row for editing and went for a coffee; others must go on."""
    site, erp = trial.site, Shop(trial.site.target)
    before = site.customers()

    def edit(session: Session) -> None:
        ((key,),) = session.rows("SELECT FIRST 1 CHAVE FROM WA_FILA WHERE SITUACAO = 'pendente' ORDER BY ORDEM, ID")
        session.execute("UPDATE WA_FILA SET ERRO_ERP = NULL WHERE CHAVE = ?", (key,))
        time.sleep(trial.hold_s)
        site.wait_for_customers(before + 2, _TRIES_S)  # one of them may have been in hand already

    erp.database.run(edit)
    erp.close()
    return f"{site.customers() - before} others left meanwhile"


def login_changed(trial: Trial) -> str:
    """Somebody changes the password of our user, and later puts it back."""
    shop = trial.site.shop
    shop.run(f"ALTER USER {USER} PASSWORD '{_ANOTHER_PASSWORD}'")
    shop.close()
    time.sleep(trial.hold_s)
    shop.run(f"ALTER USER {USER} PASSWORD '{trial.site.password}'")
    shop.close()
    return ""


def disk_full(trial: Trial) -> str:
    """The server's disk fills up to the last byte, and the ERP writes until its database has no room left either.

    It is the queue's own tables that are filled, with drafts that the ERP takes back later.
    """
    site, drafts = trial.site, count()
    assert site.disk is not None

    def draft(times: int) -> int:
        text = f"{trial.random.randrange(10**9):09d}" * times
        return site.shop.enqueue(0, purpose=Purpose.SERVICE, text=text, key=f"{_DRAFT}{next(drafts)}")

    with site.disk.full():
        written = sum(_until_refused(partial(draft, times)) for times in (300, 30, 1))  # the small gaps, too
        site.shop.close()
        told = len(site.log())
        time.sleep(trial.hold_s)
        # The gaps of its pages may take the daemon's next writes yet.
        until = time.monotonic() + _TRIES_S
        while _DISK_FULL not in site.log()[told:] and time.monotonic() < until:
            time.sleep(0.1)
    site.shop.run("DELETE FROM WA_FILA WHERE CHAVE STARTING WITH ?", (_DRAFT,))
    site.shop.close()
    return f"after {written} drafts"


def _until_refused(write: Callable[[], object]) -> int:
    """The ERP writes until the database can grow no more; how often that went well."""
    for times in range(_MANY):
        try:
            write()
        except (ErpDatabaseError, NotTaken):
            return times
    raise RuntimeError("the disk does not fill")


#: GDSCODE of a file that the server cannot write.
_DISK_FULL = "335544344"
FAULTS: dict[str, Fault] = {
    "server killed": server_killed,
    "gbak -b beside": backup_beside,
    "gbak -rep over it": restored_over,
    "gfix -shut multi -attach": partial(shut_down, mode="multi", how=("-attach", "5")),
    "gfix -shut full -force": partial(shut_down, mode="full", how=("-force", "0")),
    "connection cut": connection_cut,
    "server frozen": server_frozen,
    "row locked by the ERP": row_locked,
    "login changed": login_changed,
    "disk full": disk_full,
}


def _must(site: Site, name: str, *arguments: str) -> None:
    done = site.program(name, *arguments)
    if done.returncode:
        raise RuntimeError(f"{name} {arguments}: {done.stderr}{done.stdout}")


def _insist(site: Site, name: str, *arguments: str) -> str:
    """Run it again until it succeeds, as a technician does; how often and how long that took."""
    began = time.monotonic()
    tries = 1
    while (done := site.program(name, *arguments)).returncode:
        if time.monotonic() - began > _TRIES_S:
            raise RuntimeError(f"{name} was never let through: {done.stderr}{done.stdout}")
        tries += 1
    return f"at try {tries} after {time.monotonic() - began:.1f} s"
