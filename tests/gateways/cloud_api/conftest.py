"""A number at a pretended Meta, with the news of the installation in a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from integrator.gateways.cloud_api.gateway import CloudApiGateway
from integrator.gateways.events.log import EventLog, everybody
from integrator.sending.gateway import Inbound
from tests.gateways.cloud_api.fake_meta import ACCOUNT, Meta, running_meta
from tests.gateways.conftest import TestClock

PERSON = "5549988590187"
INSTANCE = "principal"


@pytest.fixture
def meta() -> Iterator[Meta]:
    with running_meta() as meta:
        yield meta


@pytest.fixture
def news(tmp_path: Path, clock: TestClock) -> Iterator[EventLog]:
    log = EventLog(tmp_path / "eventos.db", clock.now, everybody)
    yield log
    log.close()


@pytest.fixture
def number(meta: Meta, news: EventLog, clock: TestClock) -> Iterator[CloudApiGateway]:
    gateway = CloudApiGateway(ACCOUNT, instance=INSTANCE, events=news, clock=clock.now, base_url=meta.url)
    yield gateway
    gateway.close()


@pytest.fixture
def person_wrote(news: EventLog, clock: TestClock) -> Callable[[str], None]:
    """Lets a person write to the shop now."""

    def wrote(phone: str = PERSON) -> None:
        news.append(INSTANCE, Inbound(f"wamid.{phone}", phone, "Oi", clock.now()))

    return wrote
