"""What became of a post, in the words of the port.

Before the worker was allowed to let a message go, whatever happens proves that nothing left. After that only an answer
of WhatsApp itself proves anything; all else is doubt.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from integrator.domain.outcome import Outcome, Rejected, Restricted, Sent, TryLater, Unknown
from integrator.gateways.base import IN_DOUBT, no_answer_reason, no_whatsapp_reason
from integrator.gateways.embedded.protocol import Answer, Failure
from integrator.gateways.embedded.standing import View
from integrator.sending.gateway import GatewayState

_SOON_S: Final = 60.0
_LATER_S: Final = 300.0
_PERSON_S: Final = 900.0
_TOO_FAST = timedelta(hours=1)
_LIBRARY_ACK_S: Final = 75.0
_FAILED: Final = "Não consegui preparar a mensagem para o WhatsApp. Ela volta para a fila."
_REFUSED: Final = "O WhatsApp recusou esta mensagem. Confira o conteúdo e o número."
_RESTRICTED: Final = (
    "O WhatsApp não deixa este número começar conversas novas por enquanto. A mensagem volta para a fila."
)
_SLOWER: Final = "O WhatsApp pediu para este número enviar mais devagar. A mensagem volta para a fila."
_BUSY: Final = "O WhatsApp não aceitou a mensagem agora. Ela volta para a fila."
_NOT_STORED: Final = "O arquivo não subiu para o WhatsApp. A mensagem volta para a fila."
_AWAY: Final = {
    GatewayState.CONNECTING: ("O WhatsApp ainda está conectando. A mensagem volta para a fila.", _SOON_S),
    GatewayState.OFFLINE: ("Este computador está sem conexão com o WhatsApp. A mensagem volta para a fila.", _SOON_S),
}


def away(view: View) -> Outcome:
    """Nothing was tried: the number is not connected."""
    if view.state is GatewayState.BANNED:
        return Restricted(view.problem, view.detail, view.until, stops=view.until is None)
    reason, after_s = _AWAY.get(
        view.state, (view.problem or "O número não está conectado. Conecte o celular na página WhatsApp.", _PERSON_S)
    )
    return TryLater(reason, after_s, f"{view.state.value} {view.detail}".strip())


def never_left(detail: str) -> Outcome:
    """The worker ended or fell silent before the message could leave."""
    return TryLater(_FAILED, _SOON_S, detail)


def in_doubt(detail: str) -> Outcome:
    """The worker ended after the message was let go."""
    return Unknown(f"A conexão com o WhatsApp caiu durante o envio. {IN_DOUBT}", detail)


def unanswered(seconds: float, detail: str) -> Outcome:
    """WhatsApp did not say whether it took the message."""
    return Unknown(no_answer_reason(seconds), detail)


def of_answer(answer: Answer, to: str, *, released: bool, now: datetime) -> Outcome:
    """What the worker's answer means. ``released``: the message had been allowed to leave."""
    if not answer.failure:
        return Sent(answer.message_id)
    refusal = _refusal(answer, to, now)
    if refusal is not None:
        return refusal
    if answer.failure == Failure.NO_ANSWER:  # waited for after the message left, whoever allowed it
        return unanswered(_LIBRARY_ACK_S, answer.detail)
    if not released:
        return TryLater(_FAILED, _SOON_S, answer.detail)
    return in_doubt(answer.detail)


def _refusal(answer: Answer, to: str, now: datetime) -> Outcome | None:
    """What proves that the message was not taken, whenever it is told."""
    outcome: Outcome | None = None
    match answer.failure:
        case Failure.NO_WHATSAPP:
            outcome = Rejected(no_whatsapp_reason(to), answer.detail, about_recipient=True)
        case Failure.REFUSED:
            outcome = Rejected(_REFUSED, answer.detail)
        case Failure.RESTRICTED:
            outcome = Restricted(_RESTRICTED, answer.detail)
        case Failure.TOO_FAST:
            # Not only this row's matter: whoever goes on sending now is blocked next, and only the guard slows all.
            outcome = Restricted(_SLOWER, answer.detail, now + _TOO_FAST)
        case Failure.SERVER_BUSY:
            outcome = TryLater(_BUSY, _LATER_S, answer.detail)
        case Failure.UPLOAD:
            outcome = TryLater(_NOT_STORED, _LATER_S, answer.detail)
    return outcome
