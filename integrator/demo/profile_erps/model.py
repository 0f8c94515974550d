"""What a sample ERP holds before it is written to tables; each ERP writes it in its own manner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum

from integrator.closing.ports import TitleState
from integrator.demo.sample_erp.model import Debt, Identity


class ErpName(StrEnum):
    """The sample ERPs; the same names as their profiles."""

    VAREJO = "varejo"
    OFICINA = "oficina"


class Case(Enum):
    """What a customer is there to show."""

    ORDINARY = "buys, owes, pays"
    TWO_CONTACTS = "two contacts receive, a third does not"
    PARTLY_PAID = "owes the rest of a title"
    DIGEST = "an accountant receives for several customers"
    SHARED_PHONE = "a couple with one telephone"
    PAID_UP = "owes nothing"
    RENEGOTIATED = "its titles were renegotiated"
    CANCELLED = "its title was cancelled"
    TOO_OLD = "owes for more than five years"
    TOLERANCE = "was due yesterday and may have paid: the bank has not told yet"
    SMALL_BALANCE = "owes less than a reminder is worth"
    NOT_FLAGGED = "nobody of it is flagged to receive"
    SWITCHED_OFF = "is never to be reminded"
    NO_PHONE = "has no telephone that can be used"
    UNDECODABLE = "a name with a byte that is no text"
    PAYS_ALL_LATER = "pays everything between closing and sending"
    PAYS_ONE_LATER = "pays one title of two between closing and sending"
    MISSING_FILE = "its boleto's file was deleted"


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who may receive; ``phone`` as typed, ``digest`` for one message about several customers."""

    name: str
    role: str
    phone: str
    receives: bool
    digest: bool = False


@dataclass(frozen=True, slots=True)
class Owed:
    """A title and what became of it; ``company`` is the branch that sold, 1 or 2."""

    debt: Debt
    state: TitleState
    company: int = 1


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer with everything that hangs on it; ``born`` is the birthday, ``pays_later`` are codes of titles."""

    code: int
    case: Case
    identity: Identity
    contacts: tuple[Contact, ...]
    titles: tuple[Owed, ...]
    born: date
    reminds: bool = True
    pays_later: tuple[int, ...] = ()
