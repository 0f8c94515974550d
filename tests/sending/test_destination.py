"""To which of a contact's numbers a message goes, and to none without consent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from integrator.domain.consent import Consent
from integrator.domain.errors import PhoneError
from integrator.domain.message import Purpose
from integrator.journal.store import SqliteJournal
from integrator.sending.destination import Destinations, NoConsent
from integrator.sending.gateway import Capabilities, Gateway, NumberCheck
from integrator.sending.ports import Queue, World
from tests.sending.samples import NOW, message

MOBILE, WITHOUT_NINE, OTHER = "5549988590187", "554988590187", "5549991112222"


@dataclass
class Register:
    """The queue as far as consent goes."""

    spoken: dict[tuple[str, Purpose], Consent] = field(default_factory=dict)

    def consent(self, phone: str, purpose: Purpose) -> Consent | None:
        return self.spoken.get((phone, purpose))


@dataclass
class WhatsApp:
    """The gateway as far as numbers go: which exist, and how it was asked."""

    known: set[str]
    asked: list[str] = field(default_factory=list)

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(own_message_id=True, confirms_by_id=True, number_check=True)

    def check_numbers(self, numbers: Sequence[str]) -> tuple[NumberCheck, ...]:
        self.asked += numbers
        return tuple(NumberCheck(number, number in self.known, number) for number in numbers)


@dataclass
class Later:
    """A clock that stands still until it is moved."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> bool:
        del seconds
        return True


def destinations(
    tmp_path: Path, whatsapp: WhatsApp, register: Register | None = None, area: str = "", clock: Later | None = None
) -> Destinations:
    queue, gateway = cast("Queue", register or Register()), cast("Gateway", whatsapp)
    journal = SqliteJournal(tmp_path / "integrator.db", NOW)
    return Destinations(World(queue, journal, gateway, clock or Later()), area)


@pytest.mark.feature("B06")
def test_a_number_is_asked_with_and_without_the_ninth_digit_and_the_answer_is_kept(tmp_path: Path) -> None:
    whatsapp = WhatsApp({WITHOUT_NINE})
    clock = Later()
    found = destinations(tmp_path, whatsapp, clock=clock)

    assert found.find(message()) == WITHOUT_NINE
    clock.at = NOW + timedelta(days=20)
    assert found.find(message()) == WITHOUT_NINE
    assert whatsapp.asked == [MOBILE, WITHOUT_NINE, MOBILE]


@pytest.mark.feature("B06")
def test_a_no_is_asked_again_the_next_day_because_people_install_whatsapp(tmp_path: Path) -> None:
    whatsapp = WhatsApp(set())
    clock = Later()
    found = destinations(tmp_path, whatsapp, clock=clock)
    for hours in (0, 5):
        clock.at = NOW + timedelta(hours=hours)
        with pytest.raises(PhoneError, match="Este número não tem WhatsApp"):
            found.find(message())
    whatsapp.known.add(MOBILE)

    clock.at = NOW + timedelta(days=2)
    assert found.find(message()) == MOBILE


@pytest.mark.feature("G39")
def test_the_first_phone_with_whatsapp_is_taken_in_the_order_of_the_register(tmp_path: Path) -> None:
    both = message(phones="(49) 98859-0187 / (49) 99111-2222")

    assert destinations(tmp_path, WhatsApp({MOBILE, OTHER})).find(both) == MOBILE


@pytest.mark.feature("G39")
def test_the_next_phone_is_taken_where_the_first_has_no_whatsapp(tmp_path: Path) -> None:
    both = message(phones="(49) 98859-0187 / (49) 99111-2222")

    assert destinations(tmp_path, WhatsApp({OTHER})).find(both) == OTHER


@pytest.mark.feature("G39")
def test_no_usable_phone_is_told_with_all_the_numbers(tmp_path: Path) -> None:
    both = message(phones="(49) 98859-0187 / (49) 99111-2222")

    with pytest.raises(PhoneError, match=r"Estes números não têm WhatsApp: \(49\) 98859-0187 e \(49\) 99111-2222"):
        destinations(tmp_path, WhatsApp(set())).find(both)


def test_a_phone_without_area_code_is_not_guessed_unless_the_shop_says_which(tmp_path: Path) -> None:
    local = message(phones="98859-0187")
    with pytest.raises(PhoneError, match="DDD"):
        destinations(tmp_path, WhatsApp({MOBILE})).find(local)

    assert destinations(tmp_path, WhatsApp({MOBILE}), area="49").find(local) == MOBILE


@pytest.mark.feature("S10", "A19")
@pytest.mark.parametrize("accepts", [None, False])
def test_nobody_receives_without_the_flag(tmp_path: Path, accepts: bool | None) -> None:
    whatsapp = WhatsApp({MOBILE})

    with pytest.raises(NoConsent):
        destinations(tmp_path, whatsapp).find(message(accepts=accepts))

    assert whatsapp.asked == []


def test_a_no_under_another_spelling_of_the_number_is_a_no(tmp_path: Path) -> None:
    said_no = Consent(WITHOUT_NINE, Purpose.COLLECTION, False, datetime(2026, 11, 1), "respondeu SAIR")
    register = Register({(WITHOUT_NINE, Purpose.COLLECTION): said_no})

    with pytest.raises(NoConsent, match="pediu em 01/11/2026 para não receber"):
        destinations(tmp_path, WhatsApp({MOBILE}), register).find(message())
