"""Messages: put in the queue, looked at, decided."""

from __future__ import annotations

import re
from typing import Final

from pydantic import Field, ValidationError

from integrator.erp.api_queue import ApiQueue, Filter
from integrator.erp.api_rows import ApiRow, Outcome
from integrator.erp.drafts import stored_key
from integrator.panel.api.advice import advice
from integrator.panel.api.answers import Enfileirada, Lista, Partes, StateName, decision_of, message_of, part_of
from integrator.panel.api.fields import Instant
from integrator.panel.api.models import MensagemNova, Motivo
from integrator.panel.api.operation import Answer, Call, Query, Whole
from integrator.panel.api.packing import pack
from integrator.panel.api.problems import ApiProblem, Problem, invalid, not_found

_BUSY: Final = "O banco não aceitou o pedido agora. Tente de novo."
_GUID: Final = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_STATUS: Final = {Outcome.NEW: 201, Outcome.UPDATED: 200, Outcome.REPEATED: 200}
_WHY: Final = {
    Outcome.SENT: "A mensagem desta chave já saiu, ou pode ter saído, com outro conteúdo; nada mudou. Uma mensagem "
    "nova precisa de outra chave.",
    Outcome.RESERVED: "A mensagem desta chave está saindo agora com outro conteúdo; nada mudou.",
    Outcome.CANCELLED: "A mensagem desta chave foi cancelada ou expirou; nada mudou. Para enviar, use outra chave.",
    Outcome.HELD: "A mensagem está retida e assim continua; veja o motivo.",
    Outcome.NOT_RELEASED: "A mensagem ainda é rascunho, ou está retida; não há o que confirmar.",
}


class ListQuery(Query):
    """How messages are listed."""

    chave: str = Field(default="", max_length=120, description="Só a mensagem desta chave")
    situacao: StateName | None = Field(default=None, description="Só as desta situação")
    desde: Instant | None = Field(default=None, description="Só as criadas a partir deste instante")
    cursor: Whole = Field(default=0, ge=0, description="O `proximo` da página anterior")
    limite: Whole = Field(default=50, ge=1, le=100, description="Quantas por página")


def enqueue(call: Call[Query, MensagemNova]) -> Answer:
    """POST /messages."""
    message = _keyed(call)
    asked = pack(message, call.key)
    outcome, row = ApiQueue(call.shop.database).put(asked)
    status = _STATUS.get(outcome)
    if status is None or row is None:
        raise _not_queued(outcome, row)
    told = advice(message, asked.variables, call.shop, call.now)
    body = Enfileirada(resultado=outcome, mensagem=message_of(row), avisos=told)
    changed = ("fila",) if outcome is not Outcome.REPEATED else ()
    return Answer(status, body, changed, {"location": f"/api/v1/messages/{row.guid}"})


def one(call: Call[Query, None]) -> Answer:
    """GET /messages/{id}."""
    return Answer(200, message_of(_found(ApiQueue(call.shop.database).find(_guid(call)))))


def several(call: Call[ListQuery, None]) -> Answer:
    """GET /messages."""
    query = call.query
    wanted = Filter(
        key=stored_key(query.chave.strip(" ")) if query.chave else "",
        state=query.situacao,
        since=query.desde,
        after=query.cursor,
        limit=query.limite,
    )
    found = ApiQueue(call.shop.database).list_rows(wanted)
    more = str(found[-1].id) if len(found) == wanted.limit else None
    return Answer(200, Lista(mensagens=tuple(map(message_of, found)), proximo=more))


def parts(call: Call[Query, None]) -> Answer:
    """GET /messages/{id}/parts."""
    queue, guid = ApiQueue(call.shop.database), _guid(call)
    _found(queue.find(guid))
    return Answer(200, Partes(partes=tuple(map(part_of, queue.parts(guid)))))


def cancel(call: Call[Query, Motivo | None]) -> Answer:
    """POST /messages/{id}/cancel."""
    reason = call.body.motivo if call.body else ""
    return _decided(*ApiQueue(call.shop.database).cancel(_guid(call), reason), asked=(Outcome.RESERVED,))


def confirm(call: Call[Query, None]) -> Answer:
    """POST /messages/{id}/confirm."""
    return _decided(*ApiQueue(call.shop.database).confirm(_guid(call)))


def release(call: Call[Query, None]) -> Answer:
    """POST /messages/{id}/release."""
    return _decided(*ApiQueue(call.shop.database).release(_guid(call)))


def _keyed(call: Call[Query, MensagemNova]) -> MensagemNova:
    """The message with its key, which stands in the body, in the header, or the same in both."""
    message, header = call.body, call.header_key
    if message.chave and header and message.chave != header.strip(" "):
        raise invalid([Problem("/chave", "não é a mesma do cabeçalho Idempotency-Key")])
    if message.chave:
        return message
    if not header.strip(" "):
        raise invalid([Problem("/chave", "é obrigatório, aqui ou no cabeçalho Idempotency-Key")])
    try:
        return MensagemNova.model_validate(message.model_copy(update={"chave": header.strip(" ")}).model_dump())
    except ValidationError:
        raise invalid([Problem("Idempotency-Key", "não está no formato esperado")]) from None


def _not_queued(outcome: Outcome, row: ApiRow | None) -> ApiProblem:
    if outcome is Outcome.ERROR:
        told = row.reason if row else "O banco recusou os dados da mensagem."
        return ApiProblem(422, "recusada", told, (Problem("", told),), outcome=outcome, row=row)
    return ApiProblem(409, outcome.value.lower(), _WHY.get(outcome, "Nada mudou."), outcome=outcome, row=row)


def _decided(outcome: Outcome, row: ApiRow | None, *, asked: tuple[Outcome, ...] = ()) -> Answer:
    """OK, or what already was so: 200; a request that was written down: 202."""
    row = _found(row)
    if outcome is Outcome.ERROR:
        raise ApiProblem(503, "ocupado", _BUSY, headers={"retry-after": "2"})
    if outcome is Outcome.OK or (asked and outcome is Outcome.CANCELLED):
        return Answer(200, decision_of(outcome, row), ("fila",))
    if outcome in asked:
        return Answer(202, decision_of(outcome, row), ("fila",))
    told = _WHY.get(outcome, "Não é mais possível; nada mudou.")
    if outcome in (Outcome.SENT, Outcome.RESERVED, Outcome.CANCELLED):
        told = f"A mensagem está {row.state.label}; nada mudou."
    raise ApiProblem(409, outcome.value.lower(), told, outcome=outcome, row=row)


def _guid(call: Call[Query, object]) -> str:
    guid = call.path["id"]
    if not _GUID.fullmatch(guid):
        raise not_found("Não há mensagem com este id.")
    return guid.upper()


def _found(row: ApiRow | None) -> ApiRow:
    if row is None:
        raise not_found("Não há mensagem com este id.")
    return row
