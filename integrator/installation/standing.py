"""May this installation write to customers? A pure judgement of what the database and the data folder show.

A first installation, or one older than this rule, needs nobody's word. Whatever looks like a copy (another computer,
another place of the database, a queue that others serve) asks, and until a person answers it only simulates.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from integrator.installation.identity import Installation
from integrator.installation.moving import Former, Moving, Stage
from integrator.installation.records import Authorisation, Beat, Noticed


class Cause(StrEnum):
    """Why an installation asks."""

    LEFT = "levada"
    INCOMPLETE = "incompleta"
    OTHER_COMPUTER = "outro_computador"
    OTHER_PLACE = "outro_banco"
    UNREADABLE = "ilegivel"
    OTHERS = "outros"


@dataclass(frozen=True, slots=True)
class Authorised:
    """It may send."""


@dataclass(frozen=True, slots=True)
class Asks:
    """It only simulates; ``reason`` is one or two Portuguese sentences that say what was noticed."""

    cause: Cause
    reason: str


Standing = Authorised | Asks


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """Nobody has to be asked: the authorisation may be written. ``succeeds``: the owner whose work it continues."""

    succeeds: str = ""


def judge(us: Installation, noticed: Noticed, moving: Moving | None) -> Standing | Unclaimed:
    """What follows from what was noticed. A move that is under way comes first."""
    if moving is not None and moving.stage is not Stage.ARRIVED:
        return _under_way(moving)
    ours = noticed.of(us.journal)
    if ours is not None and (ours.machine, ours.place) == (us.machine.id, noticed.place):
        return Authorised()
    if moving is not None and moving.former is not None and (ours is None or continues(us, noticed, moving)):
        return _arrived(us, noticed, moving, moving.former)
    if ours is not None:
        return _differs(us, ours)
    return _newcomer(us, noticed)


def _newcomer(us: Installation, noticed: Noticed) -> Asks | Unclaimed:
    others = noticed.others(us.owner)
    if noticed.granted or others:
        return Asks(Cause.OTHERS, _others(noticed.granted, others))
    return Unclaimed()


def continues(us: Installation, noticed: Noticed, moving: Moving | None) -> bool:
    """Whether this folder holds the whole memory of the installation that left: it has not worked again since."""
    former = moving.former if moving is not None and moving.stage is Stage.ARRIVED else None
    if former is None or former.journal != us.journal:
        return False
    ours = noticed.of(us.journal)
    if ours is None:
        return any(beat.owner == former.owner for beat in noticed.beats)
    return ours.machine == former.machine and ours.at <= former.left_at


def _arrived(us: Installation, noticed: Noticed, moving: Moving, former: Former) -> Asks | Unclaimed:
    """An installation that came here continues at its own database only: beside a copy of that it asks."""
    if noticed.place not in former.places:
        return Asks(Cause.OTHER_PLACE, _NOT_ITS_DATABASE)
    return Unclaimed(former.owner) if continues(us, noticed, moving) else _newcomer(us, noticed)


def _differs(us: Installation, ours: Authorisation) -> Asks:
    if not ours.machine:
        return Asks(Cause.UNREADABLE, _UNREADABLE)
    when = f"{ours.at:%d/%m/%Y}"
    if ours.machine != us.machine.id:
        return Asks(
            Cause.OTHER_COMPUTER,
            f"A pasta de dados do integrador veio de outro computador: {ours.computer}, autorizado em {when}. "
            "Se ele ainda funciona, os dois mandariam mensagens aos mesmos clientes.",
        )
    return Asks(
        Cause.OTHER_PLACE,
        f"O banco do ERP não está onde estava quando este computador foi autorizado, em {when}: ele foi copiado, ou "
        "mudou de servidor ou de pasta.",
    )


def _under_way(moving: Moving) -> Asks:
    if moving.stage is Stage.UNPACKING:
        return Asks(Cause.INCOMPLETE, _INCOMPLETE)
    when = f" em {moving.former.left_at:%d/%m/%Y %H:%M}" if moving.former else ""
    return Asks(Cause.LEFT, f"Esta instalação foi exportada para outro computador{when}, e aqui não envia mais.")


def _others(granted: tuple[Authorisation, ...], beats: tuple[Beat, ...]) -> str:
    names = {each.computer for each in granted} | {beat.computer for beat in beats}
    told = ", ".join(sorted(names - {""})) or "outro computador"
    return (
        f"Outro integrador já atende esta fila ({told}). Este computador pode ser novo, ou o banco pode ser a cópia "
        "do banco de uma loja."
    )


_NOT_ITS_DATABASE = (
    "Esta instalação veio de outro computador, e não dá para saber se este é o banco que ela atendia: ele pode ser uma "
    "cópia, ou ter mudado de servidor ou de pasta."
)
_INCOMPLETE = (
    "A importação da instalação não terminou neste computador. Repita-a: integrator move import ARQUIVO --substituir"
)
_UNREADABLE = "A autorização deste computador, gravada no banco do ERP, não pode mais ser lida."
