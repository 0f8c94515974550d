"""Where Meta tells what became of messages and what people wrote.

Everybody on the internet can call this: nothing is read before the signature over the raw body was found right, and
without the app secret nothing ever is.
"""

from __future__ import annotations

import hmac
import json
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Final

from integrator.domain.errors import GatewayError
from integrator.gateways.cloud_api.account import Account
from integrator.gateways.cloud_api.health import Health
from integrator.gateways.cloud_api.hook_events import Nameless, News, NumberNews, Status, TemplateNews, news_of
from integrator.gateways.events.log import EventLog
from integrator.logs import log_event
from integrator.sending.gateway import HookAnswer, Inbound

log = logging.getLogger(__name__)

_SIGNATURE: Final = "x-hub-signature-256"
_REMEMBERED: Final = 2000
_REFUSED: Final = HookAnswer(HTTPStatus.UNAUTHORIZED)
_TAKEN: Final = HookAnswer(HTTPStatus.OK)
_WELL: Final = frozenset({"APPROVED", "UNARCHIVED", "REINSTATED"})


class CloudWebhook:
    """The webhook of one number; see :class:`~integrator.sending.gateway.Webhook`."""

    def __init__(
        self, account: Account, instance: str, events: EventLog, health: Health, now: Callable[[], datetime]
    ) -> None:
        self._account = account
        self._instance = instance
        self._events = events
        self._health = health
        self._now = now
        self._lock = threading.Lock()
        self._references: OrderedDict[str, str] = OrderedDict()
        self._nameless = 0

    def remember(self, wamid: str, reference: str) -> None:
        """Meta's own id of a part that it accepted: for a status that comes without our reference."""
        with self._lock:
            self._references[wamid] = reference
            if len(self._references) > _REMEMBERED:
                self._references.popitem(last=False)

    def check(self, query: Mapping[str, str]) -> HookAnswer:
        """Meta proves the address when somebody types it there: the challenge goes back if the token is right."""
        token = self._account.verify_token
        given = query.get("hub.verify_token", "")
        right = bool(token) and hmac.compare_digest(token.encode(), given.encode("utf-8", "replace"))
        if query.get("hub.mode") != "subscribe" or not right:
            log_event(log, "webhook_refused", level=logging.WARNING, instance=self._instance, step="verify")
            return HookAnswer(HTTPStatus.FORBIDDEN)
        log_event(log, "webhook_verified", instance=self._instance)
        return HookAnswer(HTTPStatus.OK, query.get("hub.challenge", ""))

    def receive(self, headers: Mapping[str, str], body: bytes) -> HookAnswer:
        """Take one batch. What cannot be written makes Meta tell it again (503); what cannot be read, nobody mends."""
        if not self._account.signed(body, headers.get(_SIGNATURE, "")):
            log_event(log, "webhook_refused", level=logging.WARNING, instance=self._instance, step="signature")
            return _REFUSED
        try:
            payload: object = json.loads(body)
        except (ValueError, RecursionError):
            log_event(log, "webhook_unreadable", level=logging.WARNING, instance=self._instance, size=len(body))
            return _TAKEN
        try:
            for news in news_of(payload, self._account.phone_id, self._account.account_id, self._now()):
                self._take(news)
        except GatewayError as error:
            log_event(log, "webhook_not_kept", level=logging.ERROR, instance=self._instance, detail=error.detail)
            return HookAnswer(HTTPStatus.SERVICE_UNAVAILABLE)
        return _TAKEN

    def _take(self, news: News) -> None:
        match news:
            case Status():
                self._take_status(news)
            case Inbound():
                self._events.append(self._instance, news)
            case Nameless():
                self._nameless += 1
                log_event(log, "inbound_without_phone", instance=self._instance, count=self._nameless)
            case TemplateNews(name, language, event, reason):
                level = logging.INFO if event in _WELL else logging.WARNING
                log_event(log, "template", level=level, name=name, language=language, event=event, reason=reason)
            case NumberNews(field, event):
                log_event(log, "meta_number", level=logging.WARNING, instance=self._instance, field=field, event=event)
                self._health.look_again()

    def _take_status(self, status: Status) -> None:
        """Messages that another program sends by the same number have no reference of ours and are none of ours."""
        with self._lock:
            message_id = status.reference or self._references.get(status.wamid, "")
        if not message_id:
            return
        if status.detail:
            log_event(log, "meta_failed", level=logging.WARNING, id=message_id, detail=status.detail)
        if status.stops:
            self._health.restricted()
        self._events.append(self._instance, status.receipt(message_id))
