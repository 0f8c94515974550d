"""What the server's answer to a send means. Only what is known to come before the hand-over proves a refusal.

The server works in this order: form of the request, number check, upload of the file, hand-over to WhatsApp's
socket, copy into its own database, answer. It answers as soon as the socket has the message and waits for nothing of
WhatsApp after that. So these prove that nothing left: the form was refused, the number has no WhatsApp, the upload
failed, the line was closed. An error that is not in the table may come from the copy into the database, when the
message has left already: that is doubt, whatever the status.

A closed line is told at once (20 to 110 ms measured). After a long wait (60 s measured) the same words mean that the
line fell silent under the request: what had been written to it by then is not told, so that is doubt too.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from http import HTTPStatus
from typing import Final

import requests

from integrator.domain.outcome import Outcome, Rejected, Sent, TryLater, Unknown
from integrator.gateways.base import IN_DOUBT, no_answer_reason, no_whatsapp_reason
from integrator.gateways.evolution.server import Answer, complaints, is_refused_form, is_without_whatsapp
from integrator.gateways.http import never_left

_RETRY_S: Final = 60.0
_AT_ONCE_S: Final = 5.0


class Meaning(Enum):
    """What a complaint of the server says about the message."""

    LINE_CLOSED = auto()
    NEVER_CONNECTED = auto()
    UPLOAD_FAILED = auto()
    BAD_CONTENT = auto()


#: Complaints word by word: whatever else is said leaves doubt.
MEANINGS: Final[Mapping[str, Meaning]] = {
    "Connection Closed": Meaning.LINE_CLOSED,
    "Cannot read properties of undefined (reading 'find')": Meaning.LINE_CLOSED,
    "Cannot read properties of undefined (reading 'onWhatsApp')": Meaning.NEVER_CONNECTED,
    "Cannot read properties of undefined (reading 'waUploadToServer')": Meaning.NEVER_CONNECTED,
    "Media upload failed on all hosts": Meaning.UPLOAD_FAILED,
    "Text is required": Meaning.BAD_CONTENT,
    "Owned media must be a url or base64": Meaning.BAD_CONTENT,
    "For base64 the file name must be informed.": Meaning.BAD_CONTENT,
}

_REFUSED: Final = "A Evolution API recusou o conteúdo desta mensagem. Confira o texto e os arquivos dela."
_TOO_LARGE: Final = "O arquivo é grande demais para o servidor da Evolution API."
_LINE: Final = "A Evolution API está sem conexão com o WhatsApp. A mensagem volta para a fila."
_UNPAIRED: Final = "O número ainda não foi conectado na Evolution API. A mensagem volta para a fila."
_UPLOAD: Final = "O WhatsApp não recebeu o arquivo. A mensagem volta para a fila."
_AWAY: Final = "A Evolution API não está em execução ou não foi encontrada na rede. A mensagem volta para a fila."
_KEY: Final = "A Evolution API não aceitou a chave deste número. A mensagem volta para a fila."
_ABSENT: Final = "A Evolution API não conhece este número. Conecte-o na página WhatsApp; a mensagem volta para a fila."
_BUSY: Final = "O servidor da Evolution API pediu para tentar mais tarde. A mensagem volta para a fila."
_ELSEWHERE: Final = (
    "O endereço da Evolution API responde com um desvio. Confira o endereço em servidor; a mensagem volta para a fila."
)
_OFFICIAL: Final = "A Evolution API respondeu sem aceitar a mensagem."
_STRANGE: Final = f"A Evolution API deu uma resposta que não se entende. {IN_DOUBT}"
_SILENT: Final = f"O WhatsApp deixou de responder durante o envio. {IN_DOUBT}"
_BROKEN: Final = f"A conexão com a Evolution API caiu durante o envio. {IN_DOUBT}"

_BY_STATUS: Final[Mapping[int, Outcome]] = {
    HTTPStatus.MOVED_PERMANENTLY: TryLater(_ELSEWHERE, _RETRY_S),
    HTTPStatus.FOUND: TryLater(_ELSEWHERE, _RETRY_S),
    HTTPStatus.TEMPORARY_REDIRECT: TryLater(_ELSEWHERE, _RETRY_S),
    HTTPStatus.PERMANENT_REDIRECT: TryLater(_ELSEWHERE, _RETRY_S),
    HTTPStatus.UNAUTHORIZED: TryLater(_KEY, _RETRY_S),
    HTTPStatus.FORBIDDEN: TryLater(_KEY, _RETRY_S),
    HTTPStatus.NOT_FOUND: TryLater(_ABSENT, _RETRY_S),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Rejected(_TOO_LARGE),
    HTTPStatus.TOO_MANY_REQUESTS: TryLater(_BUSY, _RETRY_S),
}


def outcome_of(answer: Answer, to: str) -> Outcome:
    """What an answer to a send to that number means."""
    told = complaints(answer.body)
    detail = f"HTTP {answer.status} {' | '.join(told)}".strip()
    if answer.fine:
        return _outcome_of_success(answer, detail)
    if is_without_whatsapp(answer.body):
        return Rejected(no_whatsapp_reason(to), detail, about_recipient=True)
    if is_refused_form(answer.body):
        return Rejected(_REFUSED, detail)
    match _BY_STATUS.get(answer.status):
        case TryLater(reason, after_s):
            return TryLater(reason, after_s, detail)
        case Rejected(reason):
            return Rejected(reason, detail)
        case _:
            return _outcome_of_complaint(told, answer.took_s, detail)


def outcome_of_failure(error: requests.RequestException, timeout_s: float) -> Outcome:
    """What it means that no answer came: the server may be killed before or after the hand-over, and looks the same."""
    if never_left(error):
        return TryLater(_AWAY, _RETRY_S, repr(error))
    if isinstance(error, requests.Timeout):
        return Unknown(no_answer_reason(timeout_s), repr(error))
    return Unknown(_BROKEN, repr(error))


def _outcome_of_success(answer: Answer, detail: str) -> Outcome:
    """An id is what proves acceptance; an object without one is a refusal that was passed on as a success.

    No object at all: the answer was lost on the way, and with some storage settings the server answers nothing.
    """
    match answer.body:
        case {"key": {"id": str(provider_id)}} if provider_id:
            return Sent(provider_id)
        case dict():
            return Rejected(_OFFICIAL, detail)
        case _:
            return Unknown(_STRANGE, detail)


def _outcome_of_complaint(told: tuple[str, ...], took_s: float, detail: str) -> Outcome:
    match MEANINGS.get(told[0]) if len(told) == 1 else None:
        case Meaning.LINE_CLOSED if took_s < _AT_ONCE_S:
            return TryLater(_LINE, _RETRY_S, detail)
        case Meaning.LINE_CLOSED:
            return Unknown(_SILENT, detail)
        case Meaning.NEVER_CONNECTED:
            return TryLater(_UNPAIRED, _RETRY_S, detail)
        case Meaning.UPLOAD_FAILED:
            return TryLater(_UPLOAD, _RETRY_S, detail)
        case Meaning.BAD_CONTENT:
            return Rejected(_REFUSED, detail)
        case None:
            return Unknown(_STRANGE, detail)
