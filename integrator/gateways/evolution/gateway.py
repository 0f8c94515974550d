"""A number of an Evolution API v2 server as a :class:`~integrator.sending.gateway.Gateway`.

The server chooses the ids of messages and tells them only when a message has left, and it keeps no request that was
cut off: a lost answer can never be settled by asking, so it stays in doubt until a person decides.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Final

import requests

from integrator.domain.errors import GatewayError
from integrator.domain.message import Part, PartKind
from integrator.domain.outcome import CannotTell, Confirmation, Outcome, Rejected, Sent, TryLater, Unknown
from integrator.gateways.events.log import EventLog
from integrator.gateways.evolution.hook import hook_of
from integrator.gateways.evolution.instances import Instances, away, refused
from integrator.gateways.evolution.line import Line, digits_of
from integrator.gateways.evolution.outcomes import outcome_of, outcome_of_failure
from integrator.gateways.evolution.pairing import QrPairing
from integrator.gateways.evolution.server import Answer, File, Server, path_of
from integrator.gateways.evolution.statuses import AWAITED_FILE, Awaited, Recovery
from integrator.gateways.evolution.webhook import EvolutionWebhook
from integrator.sending.gateway import (
    Assigned,
    Capabilities,
    Condition,
    EventBatch,
    GatewayState,
    NumberCheck,
    Pairable,
    StatusNews,
    Webhook,
    nobody,
)

#: A line that fell silent is answered about after 60 s; whoever gives up before leaves doubt where there is an answer.
_ANSWER_S: Final = 80.0
_CHECK_S: Final = 20.0
_LONGEST_CAPTION: Final = 1024


class EvolutionGateway:
    """The instance called ``instance`` on the server at ``server``, reached with ``token`` (global or its own key).

    ``webhook_url`` is where the server reaches our webhook; empty: statuses are asked for, and what people write does
    not come. ``folder`` is the data folder, where the ids wait whose end is not known; None: in memory.
    Raises :class:`SettingsError` for a token that cannot be one, :class:`GatewayError` where the folder is unusable.
    """

    #: How long an answer to a send is waited for, in seconds.
    answer_s: float = _ANSWER_S

    def __init__(
        self,
        instance: str,
        server: str,
        token: str,
        *,
        events: EventLog,
        clock: Callable[[], datetime],
        webhook_url: str = "",
        folder: Path | None = None,
    ) -> None:
        hook = hook_of(webhook_url, token, instance) if webhook_url else None
        self._instance = instance
        self._clock = clock
        self._events = events
        self._pushed = hook is not None
        self._server = Server(server, token)
        self._line = Line(instance, self._server, clock)
        self._instances = Instances(instance, self._server, hook, clock)
        self._pairing = QrPairing(instance, self._server, self._line, self._instances)
        self._awaited = Awaited(instance, None if folder is None else folder / AWAITED_FILE)
        self._recovery = Recovery(instance, self._server, events, self._awaited, pushed=self._pushed)
        self._webhook: Webhook | None = None
        if hook is not None:
            self._webhook = EvolutionWebhook(
                instance,
                hook.token,
                clock=clock,
                events=events,
                awaited=self._awaited,
                line=self._line,
                pairing=self._pairing,
            )

    @property
    def name(self) -> str:
        """The engine's name, as in ``WA_INSTANCIA.MOTOR``."""
        return "evolution"

    @property
    def capabilities(self) -> Capabilities:
        """Receipts are pushed, and asked for where a push was lost; inbound comes by webhook only."""
        return Capabilities(
            own_message_id=False,
            confirms_by_id=False,
            number_check=True,
            pairs_by_qr=True,
            pairs_by_code=True,
            status=StatusNews.PUSH if self._pushed else StatusNews.POLL,
            inbound=self._pushed,
        )

    def condition(self) -> Condition:
        """Condition of the number; an answer serves for four seconds. The webhook is set here when it is missing."""
        condition = self._line.condition()
        if condition.state is GatewayState.CONNECTED:
            self._instances.listen()
        return condition

    def sender(self) -> str:
        """The paired number; empty when none."""
        return self._line.sender()

    def check_numbers(self, numbers: Sequence[str]) -> tuple[NumberCheck, ...]:
        """Asked of WhatsApp by the server. Raises :class:`GatewayError` when out of reach or not connected."""
        if not numbers:
            return ()
        try:
            path = path_of("chat/whatsappNumbers", self._instance)
            answer = self._server.ask("POST", path, _CHECK_S, {"numbers": list(numbers)})
        except requests.RequestException as error:
            raise away(error) from error
        if not answer.fine:
            self._line.changed()
            raise refused(answer)
        known = _known(answer.body)
        try:
            return tuple(NumberCheck(query, bool(known[query]), known[query]) for query in numbers)
        except KeyError as error:
            raise refused(answer) from error

    def new_message_id(self, row_guid: str, part: Part) -> str:
        """Empty: the server chooses."""
        del row_guid, part
        return ""

    def send(self, to: str, part: Part, message_id: str, assigned: Assigned = nobody) -> Outcome:
        """Post one part; never raises."""
        del message_id, assigned  # the id comes with the answer only
        if len(part.caption.encode("utf-16-le")) // 2 > _LONGEST_CAPTION:
            return Rejected(f"A legenda do arquivo tem mais de {_LONGEST_CAPTION} caracteres, o máximo do WhatsApp.")
        try:
            outcome = outcome_of(self._post(to, part), to)
        except requests.RequestException as error:
            outcome = outcome_of_failure(error, self.answer_s)
        self._learn(outcome)
        return outcome

    def confirm(self, message_id: str) -> Confirmation:
        """What receipts told. The server's own list proves nothing: one that was killed forgets what it handed over."""
        try:
            return self._events.confirm(self._instance, message_id)
        except GatewayError:
            return CannotTell()

    def events(self, after: int) -> EventBatch:
        """What was pushed, and what the server tells of parts that are overdue for news."""
        self._recovery.run(self._clock())
        return self._events.since(self._instance, after)

    def pairing(self) -> Pairable | None:
        """By QR code or pair code."""
        return self._pairing

    def webhook(self) -> Webhook | None:
        """None without an address that the server could reach."""
        return self._webhook

    def close(self) -> None:
        """Close the connections and the file."""
        self._server.close()
        self._awaited.close()

    def _post(self, to: str, part: Part) -> Answer:
        """Raises :class:`requests.RequestException` when no answer came."""
        if part.kind is not PartKind.DOCUMENT:
            fields = {"number": to, "text": part.text, "linkPreview": False}
            return self._server.post(path_of("message/sendText", self._instance), self.answer_s, fields)
        media = {
            "number": to,
            "mediatype": "document",
            "mimetype": part.mime,
            "fileName": _with_suffix(part.file_name, part.mime),
            "caption": part.caption,
        }
        file = File(part.content, part.mime)
        return self._server.post(path_of("message/sendMedia", self._instance), self.answer_s, media, file)

    def _learn(self, outcome: Outcome) -> None:
        match outcome:
            case Sent(provider_id):
                self._line.recovered()
                self._recovery.sent(provider_id, self._clock())
            case Unknown():  # whatever it was: the next ones wait a minute rather than fall into the same doubt
                self._line.fell_silent()
            case TryLater():
                self._line.changed()
            case _:
                pass


def _known(body: object) -> Mapping[str, str]:
    """By the number asked about: the one that WhatsApp uses, empty where it has none."""
    known: dict[str, str] = {}
    for row in body if isinstance(body, list) else []:
        match row:
            case {"number": str(number), "exists": bool(exists), "jid": jid}:
                known[number] = digits_of(jid) if exists else ""
    return known


def _with_suffix(file_name: str, mime: str) -> str:
    """The name with its ending: the server tells the kind of file by nothing else."""
    if PurePosixPath(file_name).suffix:
        return file_name
    return f"{file_name or 'documento'}{mimetypes.guess_extension(mime) or ''}"
