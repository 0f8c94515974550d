"""Templates at Meta: listed over pages, handed in with a sample, changed, deleted; and what is missing for it."""

from __future__ import annotations

import pytest

from integrator.domain.errors import GatewayError, SettingsError
from integrator.gateways.cloud_api.account import Account
from integrator.gateways.cloud_api.gateway import CloudApiGateway
from integrator.gateways.cloud_api.templates import Draft, MetaTemplate, TemplateStatus
from integrator.gateways.events.log import EventLog
from tests.gateways.cloud_api.fake_meta import ACCOUNT, Meta
from tests.gateways.conftest import TestClock

PDF = b"%PDF-1.4 exemplo"


def told(name: str, status: str = "APPROVED", reason: str = "NONE") -> dict[str, object]:
    header = {"type": "HEADER", "format": "DOCUMENT"}
    components = [header, {"type": "BODY", "text": "Olá, {{1}}."}]
    fields = {"id": f"id-{name}", "name": name, "status": status, "language": "pt_BR", "category": "UTILITY"}
    return {**fields, "components": components, "rejected_reason": reason, "quality_score": {"score": "GREEN"}}


def test_every_page_is_read(number: CloudApiGateway, meta: Meta) -> None:
    more = {"cursors": {"after": "MTAx"}, "next": "https://graph.facebook.com/x"}
    meta.pages = [{"data": [told("um")], "paging": more}, {"data": [told("dois", "REJECTED", "INVALID_FORMAT")]}]
    first, second = number.templates.all()
    assert first == MetaTemplate(
        "id-um", "um", "pt_BR", TemplateStatus.APPROVED, "UTILITY", "Olá, {{1}}.", True, "APPROVED", "GREEN"
    )
    assert (second.status, second.told) == (TemplateStatus.REJECTED, "INVALID_FORMAT")
    assert "after=MTAx" in meta.requests[1].path


def test_one_is_found_by_name_and_language(number: CloudApiGateway, meta: Meta) -> None:
    meta.pages = [{"data": [told("aviso_2"), told("aviso")]}, {"data": [told("aviso")]}]
    found = number.templates.status("aviso", "pt_BR")
    assert found is not None
    assert found.id == "id-aviso"
    assert number.templates.status("aviso", "en_US") is None


def test_a_sample_of_the_document_is_uploaded_first(number: CloudApiGateway, meta: Meta) -> None:
    handed_in = number.templates.create(Draft("aviso", "pt_BR", "Olá, {{1}}. Até logo.", ("José",), sample=PDF))
    assert handed_in.status is TemplateStatus.PENDING
    begun, uploaded, created = meta.requests
    assert begun.path.startswith(f"/{ACCOUNT.app_id}/uploads?")
    assert f"file_length={len(PDF)}" in begun.path
    assert uploaded.path == "/upload:MTphdHRhY2htZW50?sig=ARZ"
    assert uploaded.body == PDF
    assert uploaded.headers["Authorization"] == f"OAuth {ACCOUNT.token}"
    assert uploaded.headers["file_offset"] == "0"
    assert created.fields == {
        "name": "aviso",
        "language": "pt_BR",
        "category": "UTILITY",
        "parameter_format": "POSITIONAL",
        "components": [
            {"type": "HEADER", "format": "DOCUMENT", "example": {"header_handle": ["4::aGFuZGxl"]}},
            {"type": "BODY", "text": "Olá, {{1}}. Até logo.", "example": {"body_text": [["José"]]}},
        ],
    }


def test_named_placeholders_have_named_examples(number: CloudApiGateway, meta: Meta) -> None:
    number.templates.create(Draft("aviso", "pt_BR", "Olá, {{nome}}. São {{total}}.", ("José", "R$ 10,00")))
    (created,) = meta.requests
    assert created.fields["parameter_format"] == "NAMED"
    assert created.fields["components"][0]["example"]["body_text_named_params"] == [
        {"param_name": "nome", "example": "José"},
        {"param_name": "total", "example": "R$ 10,00"},
    ]


def test_a_changed_one_is_handed_in_again_under_its_id(number: CloudApiGateway, meta: Meta) -> None:
    number.templates.edit("777", Draft("aviso", "pt_BR", "Bom dia. Tudo certo."))
    (request,) = meta.requests
    assert (request.method, request.path) == ("POST", "/777")
    assert request.fields == {"components": [{"type": "BODY", "text": "Bom dia. Tudo certo."}]}


def test_one_language_is_deleted_by_its_id(number: CloudApiGateway, meta: Meta) -> None:
    number.templates.delete("aviso", "777")
    (request,) = meta.requests
    assert (request.method, request.path) == (
        "DELETE",
        f"/{ACCOUNT.account_id}/message_templates?name=aviso&hsm_id=777",
    )


def test_what_is_missing_for_it_is_named(meta: Meta, news: EventLog, clock: TestClock) -> None:
    account = Account(ACCOUNT.phone_id, ACCOUNT.token)
    number = CloudApiGateway(account, instance="principal", events=news, clock=clock.now, base_url=meta.url)
    with pytest.raises(SettingsError, match="meta_conta_id"):
        number.templates.all()
    with pytest.raises(SettingsError, match="meta_app_id"):
        number.templates.create(Draft("aviso", "pt_BR", "Olá.", sample=PDF))
    number.close()


def test_a_refused_token_is_told_in_words(number: CloudApiGateway, meta: Meta) -> None:
    meta.token_works = False
    with pytest.raises(GatewayError, match="token"):
        number.templates.all()
