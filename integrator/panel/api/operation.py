"""One thing that the API does: how it is asked, who may, and what it answers. Routes and document are made of these."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Final, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from integrator.panel.api.answers import Erro
from integrator.panel.api.fields import Asked, Told
from integrator.panel.api.keys import Action, ApiKey
from integrator.panel.premises import Panel, Shop

Q_co = TypeVar("Q_co", covariant=True)
B_co = TypeVar("B_co", covariant=True)


class Query(Asked):
    """Parameters of an address. ``banco`` is common to all."""

    model_config = ConfigDict(extra="forbid", strict=False, frozen=True)

    banco: str = Field(default="", max_length=60, description="Nome do banco no config.toml; sem ele, o primeiro")


def _digits(value: object) -> object:
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10:
        return int(value)
    raise ValueError("precisa ser um número inteiro")


Whole = Annotated[int, BeforeValidator(_digits)]


@dataclass(frozen=True, slots=True)
class Call(Generic[Q_co, B_co]):
    """A request that was admitted and understood. ``header_key`` is ``Idempotency-Key``, empty when it did not come."""

    panel: Panel
    key: ApiKey
    shop: Shop
    path: Mapping[str, str]
    query: Q_co
    body: B_co
    header_key: str = ""

    @property
    def now(self) -> datetime:
        return self.panel.clock.now()


@dataclass(frozen=True, slots=True)
class Answer:
    """What was done. ``changed`` are topics of the panel's live pages."""

    status: int
    body: Told
    changed: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """One status that an operation answers with."""

    status: int
    model: type[BaseModel]
    about: str


@dataclass(frozen=True, slots=True)
class Operation:
    """``path`` is below ``/api/v1``. ``examples``: names and bodies that a reader may post as they stand."""

    method: str
    path: str
    name: str
    action: Action
    summary: str
    about: str
    handler: Callable[[Call[Any, Any]], Answer]
    says: tuple[Said, ...]
    query: type[Query] = Query
    body: type[BaseModel] | None = None
    body_required: bool = True
    key_header: bool = False
    examples: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


#: What any operation may answer instead.
REFUSALS: Final = (
    Said(400, Erro, "O pedido não pôde ser lido"),
    Said(401, Erro, "Falta a chave, ou ela não vale"),
    Said(403, Erro, "A chave não permite isto"),
    Said(422, Erro, "O pedido não está como documentado; `problemas` diz onde"),
    Said(429, Erro, "Pedidos demais por segundo; espere o que diz `Retry-After`"),
    Said(503, Erro, "O banco do ERP não responde agora, ou a mensagem está em uso; tente de novo"),
)
#: And those with a body.
BODY_REFUSALS: Final = (
    Said(408, Erro, "O corpo demorou demais para chegar"),
    Said(413, Erro, "O corpo passa de 16 MB"),
    Said(415, Erro, "O corpo não veio como application/json"),
)
