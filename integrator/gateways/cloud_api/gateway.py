"""Meta's official API as a :class:`~integrator.sending.gateway.Gateway`.

Meta chooses its own ids (``wamid…``) and has nothing to ask about a message whose answer was lost. So each part has a
reference of ours, told to the journal before the request leaves (``assigned``), which Meta gives back with every
status of it: that is the part's id everywhere in the program. A lost answer is settled by the first status. Meta's id
holds the customer's phone and is kept nowhere.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import requests

from integrator.domain.errors import GatewayError
from integrator.domain.message import Part, PartKind
from integrator.domain.outcome import CannotTell, Confirmation, Outcome, Rejected, Sent, TryLater, Unknown
from integrator.gateways.base import IN_DOUBT, no_answer_reason
from integrator.gateways.cloud_api.account import Account
from integrator.gateways.cloud_api.errors import STOPPING, ErrorClass, outcome_of, sentence
from integrator.gateways.cloud_api.graph import ANSWER_S, META, Answer, Graph, unreachable
from integrator.gateways.cloud_api.health import Health, PhoneFacts, read_facts
from integrator.gateways.cloud_api.payloads import message
from integrator.gateways.cloud_api.reading import text_at
from integrator.gateways.cloud_api.templates import Templates
from integrator.gateways.cloud_api.webhook import CloudWebhook
from integrator.gateways.events.log import EventLog
from integrator.gateways.http import never_left
from integrator.logs import log_event
from integrator.sending.gateway import (
    Assigned,
    Capabilities,
    Condition,
    EventBatch,
    NumberCheck,
    Pairable,
    StatusNews,
    Webhook,
    nobody,
)

log = logging.getLogger(__name__)

_RETRY_S: Final = 60.0
_WINDOW: Final = timedelta(hours=24)
#: A row that is begun in the window is finished in it.
_MARGIN: Final = timedelta(minutes=15)
_MAX_TEXT: Final = 4096
_MAX_CAPTION: Final = 1024
_NO_WINDOW_LEFT: Final = timedelta(0)


def new_reference() -> str:
    """A reference that no other part has."""
    return f"int-{uuid.uuid4().hex}"


class CloudApiGateway:
    """One number at Meta. ``clock`` is naive local time; ``reference`` makes the ids of the parts."""

    def __init__(
        self,
        account: Account,
        *,
        instance: str,
        events: EventLog,
        clock: Callable[[], datetime],
        base_url: str = META,
        reference: Callable[[], str] = new_reference,
    ) -> None:
        self._account = account
        self._instance = instance
        self._events = events
        self._clock = clock
        self._reference = reference
        self._graph = Graph(account.token, base_url)
        self._health = Health(self._graph, account.phone_id, clock)
        self._webhook = CloudWebhook(account, instance, events, self._health, clock)
        self.templates = Templates(self._graph, account)

    @property
    def name(self) -> str:
        """The engine's name, as in ``WA_INSTANCIA.MOTOR``."""
        return "oficial"

    @property
    def capabilities(self) -> Capabilities:
        """Without the app secret nothing that Meta tells can be believed: then accepted is all that is ever known."""
        listens = bool(self._account.app_secret)
        return Capabilities(
            own_message_id=False,
            confirms_by_id=False,
            number_check=False,
            id_before_sending=True,
            templates=True,
            status=StatusNews.PUSH if listens else StatusNews.NONE,
            inbound=listens,
        )

    def condition(self) -> Condition:
        """As Meta says, asked at most once a minute."""
        return self._health.condition()

    def sender(self) -> str:
        """The number that customers see."""
        return self._health.number()

    def facts(self) -> PhoneFacts:
        """Name, quality and limits of the number. Raises :class:`GatewayError`."""
        return read_facts(self._graph, self._account.phone_id)

    @property
    def verify_token(self) -> str:
        """What is typed at Meta as the webhook's verify token; empty without the app secret."""
        return self._account.verify_token

    def check_numbers(self, numbers: Sequence[str]) -> tuple[NumberCheck, ...]:
        """Always raises: Meta tells only after a message whether a number has WhatsApp."""
        raise GatewayError(
            "A API oficial da Meta não confere números antes do envio.", detail=f"{len(numbers)} numbers asked"
        )

    def new_message_id(self, row_guid: str, part: Part) -> str:
        """Empty: the reference is made when the part leaves."""
        del row_guid, part
        return ""

    def may_write_freely(self, to: str) -> bool:
        """Whether the person wrote within the last day, with minutes to spare. Raises :class:`GatewayError`."""
        return self._window_left(to) > _MARGIN

    def send(self, to: str, part: Part, message_id: str, assigned: Assigned = nobody) -> Outcome:
        """Upload what is to be uploaded, then post the part once; see the port."""
        del message_id
        try:
            unfit = self._unfit(to, part)
            media_id = self._upload(part, to) if unfit is None and part.kind is PartKind.DOCUMENT else ""
        except GatewayError as error:
            return TryLater(error.message, _RETRY_S, error.detail)
        if unfit is not None:
            return unfit
        if not isinstance(media_id, str):
            return media_id
        reference = self._reference()
        assigned(reference)
        return self._post(to, part, media_id, reference)

    def confirm(self, message_id: str) -> Confirmation:
        """Whether a status came for it; that none did proves nothing."""
        try:
            return self._events.confirm(self._instance, message_id)
        except GatewayError:
            return CannotTell()

    def events(self, after: int) -> EventBatch:
        """What the webhook took in."""
        return self._events.since(self._instance, after)

    def pairing(self) -> Pairable | None:
        """None: the number is registered at Meta."""
        return None

    def webhook(self) -> Webhook | None:
        """What Meta calls; it refuses everything without the app secret."""
        return self._webhook

    def close(self) -> None:
        """Close the connections."""
        self._graph.close()

    def _window_left(self, to: str) -> timedelta:
        heard = self._events.heard(self._instance, to)
        return _NO_WINDOW_LEFT if heard is None else heard + _WINDOW - self._clock()

    def _unfit(self, to: str, part: Part) -> Rejected | None:
        """Why Meta need not be asked: what it would refuse, at a price for the number's quality."""
        if _units(part.caption) > _MAX_CAPTION:
            return Rejected(f"O texto sob o arquivo passa de {_MAX_CAPTION} caracteres. Encurte o texto da mensagem.")
        if part.kind is not PartKind.DOCUMENT and _units(part.text) > _MAX_TEXT:
            return Rejected(f"O texto passa de {_MAX_TEXT} caracteres. Encurte o texto da mensagem.")
        if part.template is None and self._window_left(to) <= _NO_WINDOW_LEFT:
            return Rejected(sentence(ErrorClass.TEMPLATE_NEEDED), "24-hour window closed, nothing asked")
        return None

    def _upload(self, part: Part, to: str) -> str | Outcome:
        """Meta's id of the part's file, used once. A file that was uploaded in vain is no message."""
        try:
            answer = self._graph.upload(
                f"{self._account.phone_id}/media", part.file_name, part.mime or "application/pdf", part.content
            )
        except requests.RequestException as error:
            raise unreachable(error) from error
        if answer.refused is not None:
            outcome = self._refused(answer, to)
            if isinstance(outcome, Unknown):
                return TryLater(sentence(ErrorClass.TRANSIENT), _RETRY_S, outcome.detail)
            return outcome
        return text_at(answer.body, "id") or TryLater(
            sentence(ErrorClass.TRANSIENT), _RETRY_S, "upload answered without an id"
        )

    def _post(self, to: str, part: Part, media_id: str, reference: str) -> Outcome:
        fields = message(to, part, media_id, reference)
        try:
            answer = self._graph.post(f"{self._account.phone_id}/messages", fields)
        except requests.RequestException as error:
            return _outcome_of_failure(error)
        if answer.refused is not None:
            return self._refused(answer, to)
        wamid = text_at(answer.body, "messages", 0, "id")
        if not wamid:
            # The status is a success, so it may be on its way: only a status of it, or a person, can tell.
            return Unknown(f"A Meta deu uma resposta que não se entende. {IN_DOUBT}", "2xx without messages[0].id")
        self._webhook.remember(wamid, reference)
        return Sent(reference)

    def _refused(self, answer: Answer, to: str) -> Outcome:
        assert answer.refused is not None
        found = answer.refused
        self._health.refused(found)
        if found.kind in STOPPING:
            log_event(log, "meta_stops_number", level=logging.WARNING, kind=found.kind.value, detail=found.detail)
        return outcome_of(found, to)


def _outcome_of_failure(error: requests.RequestException) -> Outcome:
    detail = type(error).__name__
    if never_left(error):
        return TryLater(unreachable(error).message, _RETRY_S, detail)
    if isinstance(error, requests.Timeout):
        return Unknown(no_answer_reason(ANSWER_S), detail)
    return Unknown(f"A conexão com a Meta caiu durante o envio. {IN_DOUBT}", detail)


def _units(text: str) -> int:
    """Length as WhatsApp counts it: an emoji is two or more."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
