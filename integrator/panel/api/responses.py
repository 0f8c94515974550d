"""Answers and refusals as JSON over HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel
from starlette.responses import Response

from integrator.panel.api.answers import Erro, ProblemaDoPedido, message_of
from integrator.panel.api.problems import ApiProblem

_JSON: Final = "application/json"


def problem_response(problem: ApiProblem) -> Response:
    """A refusal as JSON."""
    body = Erro(
        erro=problem.code,
        mensagem=problem.message,
        problemas=tuple(ProblemaDoPedido(ponteiro=each.pointer, mensagem=each.message) for each in problem.problems),
        resultado=problem.outcome,
        estado=message_of(problem.row) if problem.row else None,
    )
    return written(problem.status, body, problem.headers)


def written(status: int, body: BaseModel, headers: Mapping[str, str]) -> Response:
    """An answer as JSON."""
    return json_response(status, body.model_dump(mode="json"), headers)


def json_response(status: int, told: Any, headers: Mapping[str, str]) -> Response:
    """A document as JSON."""
    # Half a character, which a refusal may have to name, stays an escape of JSON.
    raw = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
    return Response(raw, status, {"cache-control": "no-store", **headers}, _JSON)
