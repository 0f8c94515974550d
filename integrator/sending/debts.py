"""Which debts the shop sends, and what becomes of a message about others: the words of it, without the digits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Debts(StrEnum):
    """Which debts the shop sends (S26)."""

    BOTH = "ambos"
    OVERDUE = "vencidos"
    UPCOMING = "a_vencer"


def debts_of(config: Mapping[str, str]) -> Debts | None:
    """Which debts the ERP says to send (``ENVIAR`` of ``WA_CONFIG``); None leaves it to the settings."""
    try:
        return Debts(config.get("ENVIAR", "").strip().lower())
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class TitlePolicy:
    """``debt_max_days`` is the age at which a debt may no longer be collected (STJ: a prescribed debt may not).

    ``fine_percent`` once and ``interest_percent`` a month make the estimate for titles whose ERP gives none.
    """

    debts: Debts = Debts.BOTH
    debt_max_days: int = 1825
    hold_unregistered: bool = True
    hold_late: bool = False
    fine_percent: Decimal = Decimal(0)
    interest_percent: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Pointless:
    """The message lost its sense (paid, switched off, too old): it is cancelled with this reason."""

    reason: str
    code: str
