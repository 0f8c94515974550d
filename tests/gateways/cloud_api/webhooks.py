"""Webhooks as Meta sends them: signed, of any number of changes."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from integrator.gateways.cloud_api.gateway import CloudApiGateway
from integrator.sending.gateway import HookAnswer
from tests.gateways.cloud_api.fake_meta import ACCOUNT, PHONE_ID


def signature(body: bytes, secret: str = ACCOUNT.app_secret) -> dict[str, str]:
    """The header that Meta puts on ``body``."""
    return {"x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def told(gateway: CloudApiGateway, *changes: dict[str, Any]) -> HookAnswer:
    """One webhook with those changes, as the gateway answers it."""
    webhook = gateway.webhook()
    assert webhook is not None
    entry = {"id": ACCOUNT.account_id, "time": 1, "changes": list(changes)}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    return webhook.receive(signature(body), body)


def messages(phone_id: str = PHONE_ID, **lists: list[dict[str, Any]]) -> dict[str, Any]:
    """The change that carries statuses and what people wrote."""
    metadata = {"display_phone_number": "554933221100", "phone_number_id": phone_id}
    return {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": metadata, **lists}}


def status(reference: str, kind: str, at: datetime, **more: object) -> dict[str, Any]:
    """A status of the message with our reference; an empty one is left out."""
    own = {"biz_opaque_callback_data": reference} if reference else {}
    seconds = str(int(at.timestamp()))
    return {"id": "wamid.X", "status": kind, "timestamp": seconds, "recipient_id": "5549988590187", **own, **more}


def written(sender: str, at: datetime, text: str = "Oi", **more: object) -> dict[str, Any]:
    """A text that a person wrote."""
    seconds = str(int(at.timestamp()))
    fields = {"from": sender, "id": f"wamid.{sender}", "timestamp": seconds, "type": "text", "text": {"body": text}}
    return {**fields, **more}
