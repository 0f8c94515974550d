"""What people decide about rows, done: one by one in transactions of their own, told in a sentence, and audited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from integrator.domain.errors import RowLocked
from integrator.erp.desk import Decision
from integrator.erp.desk_deeds import DeskError
from integrator.erp.desk_list import RowRef
from integrator.logs.masking import Masker
from integrator.messages.formatting import format_count
from integrator.panel.rows.shown import read_token
from integrator.panel.visit import Visit, Wrong

_MOST: Final = 500
_TOLD: Final = 3
_CANCELLED: Final = "Cancelada por uma pessoa no painel."
_BUSY: Final = "O ERP ou o envio está usando esta mensagem agora. Tente de novo em instantes."
_mask = Masker()


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that may be done to a row. ``done``: one, many; ``reason`` where the person gave none."""

    name: str
    audit: str
    one: str
    many: str
    decision: Decision | None
    reason: str = ""


CANCEL: Final = Deed("cancelar", "cancelou", "mensagem cancelada", "mensagens canceladas", Decision.CANCEL, _CANCELLED)
RELEASE: Final = Deed("liberar", "liberou", "mensagem liberada", "mensagens liberadas", Decision.RELEASE)
CONFIRM: Final = Deed("confirmar", "confirmou", "mensagem confirmada", "mensagens confirmadas", Decision.CONFIRM)
FIRST: Final = Deed("primeiro", "pôs na frente", "mensagem posta na frente", "mensagens postas na frente", None)
ARRIVED: Final = Deed(
    *("chegou", "decidiu que chegou", "mensagem marcada como enviada", "mensagens marcadas como enviadas"),
    Decision.ARRIVED,
    "Conferida no celular: chegou.",
)
NOT_ARRIVED: Final = Deed(
    *("nao-chegou", "decidiu que não chegou", "mensagem marcada como falha", "mensagens marcadas como falha"),
    Decision.NOT_ARRIVED,
    "Conferida no celular: não chegou.",
)
ALL: Final = {deed.name: deed for deed in (CANCEL, RELEASE, CONFIRM, FIRST, ARRIVED, NOT_ARRIVED)}


@dataclass(slots=True)
class Result:
    """What became of the rows that were asked for."""

    done: int = 0
    refused: list[str] = field(default_factory=list)


def refs_of(visit: Visit) -> list[RowRef]:
    """The rows that were ticked, each once, in the order of the page. Raises :class:`Wrong` for too many."""
    found = [ref for ref in map(read_token, visit.all_typed("linha")) if ref is not None]
    if len(found) > _MOST:
        raise Wrong(f"São mensagens demais de uma vez. Escolha até {_MOST}.")
    return list(dict.fromkeys(found))


def do_one(visit: Visit, deed: Deed, ref: RowRef, *, seen: datetime | None = None) -> None:
    """For one row. Raises :class:`DeskError` and the database's errors."""
    _apply(visit, deed, ref, visit.typed("motivo"), seen, spoilt_too=True)


def do_many(visit: Visit, deed: Deed, refs: Sequence[RowRef], seen: Callable[[RowRef], datetime | None]) -> Result:
    """For each of them; what cannot be done, or changed meanwhile, does not stop the others."""
    result = Result()
    # The last one put in front comes first: backwards, so that they keep their order.
    for ref in reversed(refs) if deed is FIRST else refs:
        try:
            _apply(visit, deed, ref, visit.typed("motivo"), seen(ref), spoilt_too=False)
            result.done += 1
        except (DeskError, RowLocked) as error:
            result.refused.append(_BUSY if isinstance(error, RowLocked) else error.message)
    return result


def sentence(deed: Deed, result: Result) -> str:
    """How many were done, and why the others were not."""
    told = [format_count(result.done, deed.one, deed.many).capitalize() + "."] if result.done else []
    if result.refused:
        number = format_count(len(result.refused), "ficou como estava", "ficaram como estavam")
        reasons = list(dict.fromkeys(result.refused))
        more = " (e outras)" if len(reasons) > _TOLD else ""
        told.append(f"{number}: {' '.join(reasons[:_TOLD])}{more}")
    return " ".join(told) or "Nada mudou."


def back(visit: Visit, otherwise: str) -> str:
    """The page that the form came from."""
    return visit.typed("volta") or otherwise


def changed(visit: Visit) -> None:
    """Open pages show it, and the engine looks at the queue."""
    visit.panel.live.tell("fila")
    visit.panel.running.wake()


def seen_at(visit: Visit) -> datetime:
    """When what the form is about was looked at, by the database's clock. Raises :class:`Wrong`."""
    try:
        return datetime.fromisoformat(visit.typed("visto"))
    except ValueError as error:
        raise Wrong("Esta página está velha demais. Recarregue-a e repita.") from error


def _apply(visit: Visit, deed: Deed, ref: RowRef, reason: str, seen: datetime | None, *, spoilt_too: bool) -> None:
    who, desk = visit.member.name, visit.shop.desk
    if deed.decision is None:
        key = desk.send_first(ref, who=who)
    else:
        told = reason if deed is CANCEL and reason else deed.reason
        key = desk.decide_row(ref, deed.decision, told, who=who, seen=seen, spoilt_too=spoilt_too)
    visit.record(f"{deed.audit} mensagem", audited(ref, key))


def audited(ref: RowRef, key: str) -> str:
    """A row in the audit: keys that the database made of a phone do not show it."""
    return f"nº {ref.id}, chave {_mask(key)}"
