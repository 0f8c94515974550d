"""Meta's error codes, what each means for the queue, and the sentence that people read.

Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes. A code that is
not here is refused by Meta all the same; it is tried again after a while, because the row loses nothing by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from integrator.domain.outcome import Outcome, Rejected, Restricted, TryLater, Unknown
from integrator.domain.phone import format_phone
from integrator.gateways.base import IN_DOUBT
from integrator.gateways.cloud_api.reading import number_at, text_at

_MINUTE: Final = 60.0
_HOUR: Final = 3600.0
_SERVER_ERROR: Final = 500
_PERMISSIONS: Final = range(200, 300)


class ErrorClass(StrEnum):
    """What a refusal of Meta asks for."""

    AUTH = "autorizacao"  # token or ids wrong: a person mends it
    SETUP = "cadastro"  # the number is not ready at Meta: a person mends it
    PAYMENT = "pagamento"
    RESTRICTED = "restricao"  # Meta restricts the account or the number
    BACK_OFF = "ritmo"
    SAME_RECIPIENT = "ritmo_destinatario"
    RECIPIENT = "destinatario"
    TEST_NUMBER = "numero_de_teste"
    TEMPLATE_NEEDED = "precisa_de_modelo"
    TEMPLATE = "modelo"
    ANOTHER_DAY = "outro_dia"  # not to be tried within 24 hours
    CONTENT = "conteudo"
    TRANSIENT = "passageiro"
    OTHER = "outro"


_CODES: Final[dict[ErrorClass, tuple[int, ...]]] = {
    ErrorClass.AUTH: (0, 3, 10, 190, 131005),
    ErrorClass.SETUP: (131037, 131045, 133000, 133006, 133010, 133015),
    ErrorClass.PAYMENT: (131042,),
    ErrorClass.RESTRICTED: (368, 130497, 131031, 131048, 131064),
    ErrorClass.BACK_OFF: (4, 80007, 130429, 133016),
    ErrorClass.SAME_RECIPIENT: (131056,),
    ErrorClass.RECIPIENT: (131021, 131026),
    ErrorClass.TEST_NUMBER: (131030,),
    ErrorClass.TEMPLATE_NEEDED: (131047,),
    ErrorClass.TEMPLATE: (132000, 132001, 132007, 132012, 132015, 132016),
    ErrorClass.ANOTHER_DAY: (130472, 131049, 131050),
    ErrorClass.CONTENT: (100, 131008, 131009, 131051, 131052, 131053, 132005, 132008, 132018),
    ErrorClass.TRANSIENT: (1, 2, 131000, 131016, 131057, 133004),
}
_CLASS_OF: Final = {code: kind for kind, codes in _CODES.items() for code in codes}
#: With these a failing server does not say whether it had taken the message before it failed.
_SAYS_NOTHING: Final = frozenset({1, 131000})

_SENTENCES: Final = {
    ErrorClass.AUTH: (
        "A Meta não aceitou o token ou os identificadores deste número. Gere um token permanente (usuário do sistema) "
        "no painel da Meta, confira meta_numero_id e guarde o token na página WhatsApp."
    ),
    ErrorClass.SETUP: (
        "O número ainda não está liberado na Meta. Abra o Gerenciador do WhatsApp e termine o cadastro dele (nome de "
        "exibição, verificação e registro)."
    ),
    ErrorClass.PAYMENT: (
        "A Meta parou de enviar por falta de pagamento. Confira a forma de pagamento da conta do WhatsApp no "
        "Gerenciador de Negócios; os envios deste número ficam parados até lá."
    ),
    ErrorClass.RESTRICTED: (
        "A Meta restringiu este número ou esta conta. Os envios por ele estão parados. Veja o motivo e até quando em "
        "Qualidade da conta, no Gerenciador de Negócios, antes de voltar a enviar."
    ),
    ErrorClass.BACK_OFF: "A Meta pediu um ritmo menor. A mensagem volta para a fila e sai mais tarde.",
    ErrorClass.SAME_RECIPIENT: (
        "Foram muitas mensagens seguidas para este cliente. A mensagem volta para a fila e sai mais tarde."
    ),
    ErrorClass.TEST_NUMBER: (
        "O número de teste da Meta só envia para os celulares cadastrados nele. Cadastre este celular no painel da "
        "Meta ou use um número próprio."
    ),
    ErrorClass.TEMPLATE_NEEDED: (
        "Este cliente não escreveu para a loja nas últimas 24 horas, e a Meta só aceita um modelo aprovado. Configure "
        "em [[modelos_meta]] o modelo deste tipo de mensagem."
    ),
    ErrorClass.TEMPLATE: (
        "A Meta recusou o modelo: ele não existe, não está aprovado, está pausado, ou as variáveis não são as dele. "
        "Confira em [[modelos_meta]] nome, idioma e variáveis, e a situação dele no Gerenciador do WhatsApp."
    ),
    ErrorClass.ANOTHER_DAY: (
        "A Meta não entregou esta mensagem a este cliente agora e pede para não repetir no mesmo dia. A mensagem volta "
        "para a fila e sai depois de 24 horas."
    ),
    ErrorClass.CONTENT: (
        "A Meta recusou o conteúdo da mensagem. Confira o texto e o documento; o detalhe está no registro."
    ),
    ErrorClass.TRANSIENT: "O serviço da Meta está instável. A mensagem volta para a fila e sai mais tarde.",
    ErrorClass.OTHER: (
        "A Meta recusou a mensagem por um motivo que o programa não conhece. Ela volta para a fila; se repetir, chame "
        "o suporte com o detalhe do registro."
    ),
}
_WAITS: Final = {
    ErrorClass.AUTH: _HOUR,
    ErrorClass.BACK_OFF: 5 * _MINUTE,
    ErrorClass.SAME_RECIPIENT: 2 * _MINUTE,
    ErrorClass.TEMPLATE: 6 * _HOUR,
    ErrorClass.ANOTHER_DAY: 25 * _HOUR,
    ErrorClass.TRANSIENT: 2 * _MINUTE,
    ErrorClass.OTHER: _HOUR,
}
#: Nothing that leaves by the number would be taken until a person has acted.
STOPPING: Final = frozenset({ErrorClass.RESTRICTED, ErrorClass.PAYMENT, ErrorClass.SETUP})


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer of Meta that is no success. ``code`` is None where the body is not Meta's; ``detail`` is technical."""

    status: int
    code: int | None
    detail: str

    @property
    def kind(self) -> ErrorClass:
        """Its class."""
        return ErrorClass.OTHER if self.code is None else class_of(self.code)


def class_of(code: int) -> ErrorClass:
    """The class of an error code; :attr:`ErrorClass.OTHER` for one that is not known."""
    return ErrorClass.AUTH if code in _PERMISSIONS else _CLASS_OF.get(code, ErrorClass.OTHER)


def sentence(kind: ErrorClass, to: str = "") -> str:
    """What people read about a refusal; ``to`` is the customer's number, where one is concerned."""
    if kind is ErrorClass.RECIPIENT:
        number = f": {format_phone(to)}" if to else ""
        return (
            f"A Meta não consegue entregar neste número{number}. Ele pode não ter WhatsApp ou usar uma versão antiga. "
            "Confira o celular no cadastro do cliente."
        )
    return _SENTENCES[kind]


def refusal(status: int, body: object) -> Refusal:
    """The refusal in an HTTP answer. Meta's details are kept, the rest of the body is not."""
    code = number_at(body, "error", "code")
    subcode = text_at(body, "error", "error_subcode")
    said = text_at(body, "error", "error_data", "details") or text_at(body, "error", "message")
    numbers = " ".join(part for part in (f"HTTP {status}", f"code={code}" if code is not None else "", subcode) if part)
    return Refusal(status, code, f"{numbers} {said[:300]}".strip())


def outcome_of(found: Refusal, to: str) -> Outcome:
    """What becomes of a message to ``to`` that was refused so.

    Below 500 it is proven that nothing left. From 500 on only a code that names a cause proves it: a failing server,
    or a proxy in its name, may have taken the message before it failed.
    """
    kind = found.kind
    if found.status >= _SERVER_ERROR and (kind is ErrorClass.OTHER or found.code in _SAYS_NOTHING):
        return Unknown(f"A Meta respondeu com erro. {IN_DOUBT}", found.detail)
    reason = sentence(kind, to)
    if kind in STOPPING:
        return Restricted(reason, found.detail, stops=True)
    if kind in _WAITS:
        return TryLater(reason, _WAITS[kind], found.detail)
    return Rejected(reason, found.detail, about_recipient=kind is ErrorClass.RECIPIENT)
