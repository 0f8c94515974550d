"""The instance on the server: made when it is missing, and told where our webhook is."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

import requests

from integrator.domain.errors import GatewayError
from integrator.gateways.evolution.hook import TOKEN_HEADER, Hook
from integrator.gateways.evolution.server import Answer, Server, complaints, path_of
from integrator.logs import log_event

log = logging.getLogger(__name__)

_ASK_S: Final = 10.0
_HOOK_ASK_S: Final = 1.0
_LOOK_AGAIN: Final = timedelta(minutes=10)
_EVENTS: Final = ("QRCODE_UPDATED", "CONNECTION_UPDATE", "MESSAGES_UPDATE", "MESSAGES_UPSERT", "LOGOUT_INSTANCE")


class Instances:
    """One instance of the server, under the name that the number has here."""

    def __init__(self, instance: str, server: Server, hook: Hook | None, clock: Callable[[], datetime]) -> None:
        self._instance = instance
        self._server = server
        self._hook = hook
        self._clock = clock
        self._looked = datetime.min

    def create(self) -> None:
        """Make the instance. It reads nothing as read and takes no groups. Raises :class:`GatewayError`."""
        fields = {
            "instanceName": self._instance,
            "integration": "WHATSAPP-BAILEYS",
            "qrcode": False,
            "groupsIgnore": True,
            "readMessages": False,
            "readStatus": False,
            "syncFullHistory": False,
        }
        try:
            answer = self._server.ask("POST", "/instance/create", _ASK_S, fields)
        except requests.RequestException as error:
            raise away(error) from error
        if answer.fine or any("already in use" in told for told in complaints(answer.body)):
            log_event(log, "instance_created", instance=self._instance)
            return
        if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            raise GatewayError(
                f"O número “{self._instance}” ainda não existe na Evolution API, e a chave guardada não pode criá-lo: "
                "ela é de uma instância só. Guarde a chave global do servidor, ou crie lá uma instância com este nome.",
                detail=f"HTTP {answer.status}",
            )
        raise refused(answer)

    def listen(self) -> None:
        """Tell the server our webhook where it has another; looked at every ten minutes, never in the way."""
        now = self._clock()
        if self._hook is None or timedelta() <= now - self._looked < _LOOK_AGAIN:
            return
        self._looked = now
        try:
            known = self._server.ask("GET", path_of("webhook/find", self._instance), _HOOK_ASK_S)
            if known.fine and not self._told(known.body, self._hook):
                self._tell(self._hook)
        except requests.RequestException as error:
            log_event(
                log, "webhook_unknown", level=logging.WARNING, instance=self._instance, error=type(error).__name__
            )

    def _told(self, body: object, hook: Hook) -> bool:
        match body:
            case {"url": hook.url, "enabled": True, "events": list(events), "headers": dict(headers)}:
                return headers.get(TOKEN_HEADER) == hook.token and set(_EVENTS) <= set(events)
            case _:
                return False

    def _tell(self, hook: Hook) -> None:
        fields = {
            "enabled": True,
            "url": hook.url,
            "byEvents": False,
            "base64": False,
            "headers": {TOKEN_HEADER: hook.token},
            "events": list(_EVENTS),
        }
        answer = self._server.ask("POST", path_of("webhook/set", self._instance), _HOOK_ASK_S, {"webhook": fields})
        level = logging.INFO if answer.fine else logging.WARNING
        log_event(log, "webhook_set", level=level, instance=self._instance, status=answer.status)


def away(error: Exception) -> GatewayError:
    """The server gave no answer."""
    return GatewayError(
        "A Evolution API não respondeu. Confira se o servidor dela está ligado e se o endereço em servidor está certo.",
        detail=repr(error),
    )


def refused(answer: Answer) -> GatewayError:
    """The server answered with an error."""
    detail = f"HTTP {answer.status} {' | '.join(complaints(answer.body))}".strip()
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        message = (
            "A Evolution API não aceitou a chave deste número. Copie a chave do servidor e guarde-a de novo na página "
            "WhatsApp, ou com: integrator senha --numero"
        )
    else:
        message = "A Evolution API recusou o pedido. Tente de novo em um minuto; se continuar, chame o suporte."
    return GatewayError(message, detail=detail)
