"""Every request that can be checked fits Meta's published OpenAPI, as Prism reads it.

That description leaves out ``biz_opaque_callback_data``, which Meta documents elsewhere, and forbids what it leaves out
for texts and documents: that field, and only it, is taken out on the way. It has neither the Resumable Upload API nor
an unambiguous address for changing a template; see ``test_templates.py`` for these.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
import requests

from integrator.domain.message import Part, TemplateUse, TemplateValue
from integrator.domain.outcome import Sent
from integrator.gateways.cloud_api.gateway import CloudApiGateway
from integrator.gateways.cloud_api.templates import Draft, TemplateStatus
from integrator.gateways.events.log import EventLog
from integrator.sending.gateway import GatewayState
from tests.gateways.cloud_api.conftest import PERSON
from tests.gateways.cloud_api.fake_meta import ACCOUNT, Meta, Request, running_meta
from tests.gateways.conftest import TestClock
from tests.gateways.contract import pdf_part, text_part
from tools import prism

_VERSION = "/v23.0"


@dataclass(slots=True)
class Relay(Meta):
    """Hands everything on to Prism, and back what it says."""

    prism: str = ""

    def answer(self, request: Request) -> tuple[int, object]:
        fields = dict(request.fields)
        reference = fields.pop("biz_opaque_callback_data", None)
        if request.path.endswith("/messages"):
            assert re.fullmatch(r"int-[0-9a-f]{32}", str(reference))
        self.requests.append(request)
        headers = {name: value for name, value in request.headers.items() if name not in _OWN_HEADERS}
        body = {"json": fields} if request.fields else {"data": request.body}
        answer = requests.request(
            request.method, f"{self.prism}{_VERSION}{request.path}", headers=headers, timeout=60, **body
        )
        return answer.status_code, answer.json()


_OWN_HEADERS = frozenset({"Host", "Content-Length", "Connection"})


@pytest.fixture(scope="module")
def prism_url() -> Iterator[str]:
    program = prism.locate()
    if program is None:
        pytest.skip("o Prism não está instalado: falta o Node.js, ou rodar dev.py setup")
    with prism.start(program) as url:
        yield url


@pytest.fixture
def meta(prism_url: str) -> Iterator[Meta]:
    with running_meta(Relay(prism=prism_url)) as meta:
        yield meta


def as_template(part: Part, *values: TemplateValue) -> Part:
    return replace(part, template=TemplateUse("aviso_vencido", "pt_BR", values))


@pytest.mark.parametrize(
    "part",
    [
        text_part("Olá, *José*! 🙂"),
        pdf_part(),
        replace(pdf_part(), caption="Segue o boleto."),
        as_template(text_part("Olá, José."), TemplateValue("José")),
        as_template(text_part("Olá, José."), TemplateValue("José", "nome"), TemplateValue("R$ 10,00", "total")),
        as_template(replace(pdf_part(), caption="Olá, José."), TemplateValue("José")),
        as_template(text_part("Sem variáveis.")),
    ],
    ids=["text", "document", "caption", "numbered", "named", "document on top", "no values"],
)
def test_what_is_sent_is_as_meta_describes_it(
    number: CloudApiGateway, person_wrote: Callable[[str], None], part: Part
) -> None:
    person_wrote(PERSON)
    assert isinstance(number.send(PERSON, part, ""), Sent)


def test_the_check_has_teeth(prism_url: str) -> None:
    fields: dict[str, Any] = {"messaging_product": "whatsapp", "to": PERSON, "type": "text", "text": {"body": "Oi"}}
    headers = {"Authorization": "Bearer x", "User-Agent": "integrador/1.0.0"}
    address = f"{prism_url}{_VERSION}/{ACCOUNT.phone_id}/messages"
    refused = requests.post(address, json=fields, headers=headers, timeout=60)
    assert refused.status_code == 422
    assert requests.post(address, json={**fields, "recipient_type": "individual"}, headers=headers, timeout=60).ok


def test_templates_are_listed_handed_in_and_deleted_as_meta_describes_it(number: CloudApiGateway) -> None:
    assert {"hello_world"} <= {each.name for each in number.templates.all()}
    handed_in = number.templates.create(Draft("aviso", "pt_BR", "Olá, {{1}}. Até logo.", ("José",)))
    assert (handed_in.id, handed_in.status) == ("template-1", TemplateStatus.PENDING)
    assert handed_in.category == "MARKETING"
    number.templates.delete("aviso", handed_in.id)


def test_the_number_is_asked_about_as_meta_describes_it(
    number: CloudApiGateway, meta: Meta, news: EventLog, clock: TestClock
) -> None:
    """Prism's example of a number has no phone, so it is no number to send from."""
    assert number.condition().state is GatewayState.OFFLINE
    assert [request.method for request in meta.requests] == ["GET"]
