"""What the API says when it does not do what was asked: a status, a word for programs, a sentence for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from integrator.domain.errors import IntegratorError

if TYPE_CHECKING:
    from pydantic import ValidationError

    from integrator.erp.api_rows import ApiRow, Outcome

_TOLD: Mapping[str, str] = {
    "missing": "é obrigatório",
    "extra_forbidden": "não existe; confira o nome do campo",
    "string_type": "precisa ser um texto, entre aspas",
    "bool_type": "precisa ser true ou false, sem aspas",
    "bool_parsing": "precisa ser true ou false",
    "int_type": "precisa ser um número inteiro, sem aspas",
    "int_parsing": "precisa ser um número inteiro",
    "list_type": "precisa ser uma lista, entre colchetes",
    "tuple_type": "precisa ser uma lista, entre colchetes",
    "dict_type": "precisa ser um objeto, entre chaves",
    "model_type": "precisa ser um objeto, entre chaves",
    "model_attributes_type": "precisa ser um objeto, entre chaves",
    "string_too_long": "tem mais de {max_length} caracteres",
    "string_too_short": "não pode ficar vazio",
    "string_pattern_mismatch": "não está no formato esperado",
    "too_long": "tem mais de {max_length} elementos",
    "too_short": "precisa de pelo menos um elemento",
    "greater_than_equal": "não pode ser menor que {ge}",
    "less_than_equal": "não pode ser maior que {le}",
    "literal_error": "precisa ser um destes: {expected}",
    "enum": "precisa ser um destes: {expected}",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. ``pointer`` is a JSON pointer into the body (RFC 6901), or the name of a parameter."""

    pointer: str
    message: str


@dataclass(slots=True, eq=False)
class ApiProblem(Exception):
    """Answered as ``Erro``. ``outcome`` and ``row`` tell how the message stands, where it is about one."""

    status: int
    code: str
    message: str
    problems: tuple[Problem, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    outcome: Outcome | None = None
    row: ApiRow | None = None


def invalid(problems: Iterable[Problem]) -> ApiProblem:
    """What was posted or asked is not as documented: 422."""
    found = tuple(problems)
    told = "; ".join(f"{each.pointer or 'o corpo'} {each.message}" for each in found[:3])
    more = f"; e mais {len(found) - 3}" if len(found) > 3 else ""
    return ApiProblem(422, "invalido", f"O pedido tem problemas: {told}{more}.", found)


def not_found(what: str) -> ApiProblem:
    """404."""
    return ApiProblem(404, "nao_encontrado", what)


def of_error(error: IntegratorError) -> ApiProblem:
    """An error of the program as the API tells it: nothing was done, and the same may be asked again later."""
    headers = {"retry-after": "30" if error.permanent else "2"}
    return ApiProblem(503, "indisponivel", error.message, headers=headers)


def of_validation(error: ValidationError, *, pointers: bool = True) -> ApiProblem:
    """What a model found wrong, each with its place; ``pointers``: in a body, else a parameter's name."""
    found = []
    for each in error.errors(include_url=False, include_input=False):
        place = each["loc"]
        pointer = "".join(f"/{_escaped(step)}" for step in place) if pointers else ".".join(map(str, place))
        context = each.get("ctx", {})
        if each["type"] == "value_error":
            told = str(context["error"])
        else:
            told = _TOLD.get(each["type"], "não serve").format_map(context)
        found.append(Problem(pointer[:200], told.replace(" or ", " ou ")))
    return invalid(found[:50])


def _escaped(step: str | int) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")
