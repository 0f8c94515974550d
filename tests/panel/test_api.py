"""The HTTP API over real HTTP and a real database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from integrator.domain.lifecycle import State
from integrator.panel.api.examples import MESSAGES
from tests.panel.api_client import Client, client, message, serving
from tests.panel.site import Site


@pytest.fixture
def url(site: Site) -> Iterator[str]:
    with serving(site) as address:
        yield address


@pytest.fixture
def erp(site: Site, url: str) -> Client:
    return client(site, url)


@pytest.mark.parametrize("name", MESSAGES)
def test_every_example_of_the_document_is_a_message_that_leaves(erp: Client, site: Site, name: str) -> None:
    answer = erp.post("/messages", MESSAGES[name])

    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["resultado"], told["mensagem"]["situacao"], told["avisos"]) == ("NOVA", State.PENDING, [])


def test_asked_twice_it_is_one_message(erp: Client, site: Site) -> None:
    first = erp.post("/messages", message("k1"))
    second = erp.post("/messages", message("k1"))
    third = erp.post("/messages", message("k1", telefone="49988887777"))
    assert (first.status_code, second.status_code, third.status_code) == (201, 200, 200)
    assert second.json()["resultado"] == "REPETIDA"
    assert third.json()["resultado"] == "ATUALIZADA"
