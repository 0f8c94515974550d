"""Which numbers have WhatsApp in the simulation, and under which form: a rule by number, so nothing has to be set up.

========================================  ============================================================================
number                                    answer
========================================  ============================================================================
subscriber ends in ``0000``               has no WhatsApp
landline (eight digits from 2 to 5)       has none, unless it ends in 7 (a shop with WhatsApp Business on its landline)
mobile, area code below 31                exists with the ninth digit
mobile, area code from 31 on              "old account", kept without the ninth digit, when the eight last digits begin
                                          with 7, 8 or 9 and the last but one is even; otherwise with the ninth digit
the other form of an existing mobile      resolves to the existing one; to no account at all when it ends in 3
foreign, 8 to 15 digits                   exists as it is
anything else                             has none
========================================  ============================================================================

That real WhatsApp keeps old accounts of area codes from 31 on without the ninth digit is what the open gateways assume
(Evolution API, ``createJid``). A table given by the test or the demo goes before the rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from integrator.domain.phone import AREA_CODES

_COUNTRY: Final = "55"
_FIRST_AREA_WITHOUT_NINE: Final = 31
_EIGHT: Final = 8
_FOREIGN_LENGTHS: Final = range(8, 16)


def canonical_number(query: str, table: Mapping[str, str]) -> str:
    """The number under which WhatsApp knows ``query`` (E.164 digits, no plus), or empty when it has no account.

    ``table`` maps a query to its answer, empty for "no WhatsApp", and goes before the rule.
    """
    if query in table:
        return table[query]
    if not (query.isascii() and query.isdigit()) or query.endswith("0000"):
        return ""
    if not query.startswith(_COUNTRY):
        return query if len(query) in _FOREIGN_LENGTHS and not query.startswith("0") else ""
    area, subscriber = query[2:4], query[4:]
    if area not in AREA_CODES:
        return ""
    if len(subscriber) == _EIGHT and subscriber[0] in "2345":
        return query if subscriber.endswith("7") else ""
    return _canonical_mobile(query, area, subscriber)


def _canonical_mobile(query: str, area: str, subscriber: str) -> str:
    eight = subscriber[-_EIGHT:]
    is_long = len(subscriber) == _EIGHT + 1 and subscriber[0] == "9"
    is_short = len(subscriber) == _EIGHT and subscriber[0] in "6789"
    if not (is_long or is_short):
        return ""
    canonical = _COUNTRY + area + (eight if _is_old_account(area, eight) else "9" + eight)
    return "" if query != canonical and query.endswith("3") else canonical


def _is_old_account(area: str, eight: str) -> bool:
    return int(area) >= _FIRST_AREA_WITHOUT_NINE and eight[0] in "789" and eight[-2] in "02468"
