"""Who may do what: three roles, each with all that the ones before it may."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Role(IntEnum):
    """``VIEWER`` looks, ``OPERATOR`` decides about messages and customers, ``OWNER`` changes how the shop works."""

    VIEWER = 1
    OPERATOR = 2
    OWNER = 3

    @property
    def label(self) -> str:
        """As people read it."""
        return _LABELS[self]

    @property
    def may(self) -> str:
        """What it may do, in a sentence for whoever chooses it."""
        return _MAY[self]


_LABELS = {Role.VIEWER: "consulta", Role.OPERATOR: "operação", Role.OWNER: "dono"}
_MAY = {
    Role.VIEWER: "vê tudo do dia a dia, sem mudar nada",
    Role.OPERATOR: "vê tudo, confirma, cancela e reenvia mensagens e cuida dos clientes",
    Role.OWNER: "faz tudo, e muda como a loja envia e quem entra no painel",
}

#: Whoever opened the panel from this computer itself, by the one-time link of its tray icon or of the command line.
LOCAL_ID = 0


@dataclass(frozen=True, slots=True)
class Member:
    """A person who is signed in; ``id`` is :data:`LOCAL_ID` for who sits at this computer.

    ``provisional``: the password was made by somebody else, and has to be changed before anything is done.
    """

    id: int
    login: str
    name: str
    role: Role
    provisional: bool = False

    @property
    def local(self) -> bool:
        """Whether it is whoever sits at this computer, without an account."""
        return self.id == LOCAL_ID

    def may(self, least: Role) -> bool:
        """Whether this person may do what asks for that role."""
        return self.role >= least


THIS_COMPUTER = Member(LOCAL_ID, "", "Este computador", Role.OWNER)
