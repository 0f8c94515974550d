"""The API's routes: who asks, how often, what for, and the answer as JSON. No cookie counts here."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import AsyncExitStack
from math import ceil
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from integrator.domain.errors import IntegratorError
from integrator.logs import log_event
from integrator.panel.api.callbacks.bell import bell
from integrator.panel.api.keys import ApiKey, ApiKeys
from integrator.panel.api.limits import Rates
from integrator.panel.api.openapi import document
from integrator.panel.api.operation import Answer, Call, Operation
from integrator.panel.api.operations import OPERATIONS
from integrator.panel.api.problems import ApiProblem, Problem, invalid, of_error, of_validation
from integrator.panel.api.reading import Bodies, read_json
from integrator.panel.api.responses import json_response, problem_response, written
from integrator.panel.premises import Panel, Shop

log = logging.getLogger(__name__)

_DEFECT: Final = "O Integrador encontrou um erro que não conhecia. Nada foi feito com este pedido. Chame o suporte."
_ADDRESS: Final = "Este endereço não existe na API. Veja /api."
_METHOD: Final = "Este endereço não aceita este método."


def api_app(panel: Panel) -> ASGIApp:
    """The API, to be mounted at :data:`~integrator.panel.api.ROOT`."""
    api = Api(panel)
    by_path: dict[str, dict[str, Operation]] = {}
    for operation in OPERATIONS:
        by_path.setdefault(operation.path, {})[operation.method] = operation
    routes: list[BaseRoute] = [Route("/openapi.json", _document, methods=["GET"])]
    routes += [api.route(path, operations) for path, operations in by_path.items()]
    return Starlette(routes=routes, exception_handlers={HTTPException: _refused})


class Api:
    """Answers operations on those premises."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._keys = ApiKeys(panel.store)
        self._rates = Rates()
        self._bodies = Bodies()

    def route(self, path: str, operations: Mapping[str, Operation]) -> Route:
        """One address with its methods."""

        async def endpoint(request: Request) -> Response:
            operation = operations["GET" if request.method == "HEAD" else request.method]
            try:
                answer = await self._answer(operation, request)
                return written(answer.status, answer.body, answer.headers)
            except ApiProblem as problem:
                return problem_response(problem)

        return Route(path, endpoint, methods=list(operations))

    async def _answer(self, operation: Operation, request: Request) -> Answer:
        async with AsyncExitStack() as stack:
            key = await run_in_threadpool(self._guarded, self._admitted, operation, request)
            raw = b""
            if operation.body is not None and (operation.body_required or _has_body(request)):
                raw = await stack.enter_async_context(self._bodies.body(request))
            return await run_in_threadpool(self._guarded, self._done, operation, request, key, raw)

    def _guarded(self, work: Any, *arguments: Any) -> Any:
        """The top of a request: what goes wrong is answered as the API answers."""
        try:
            return work(*arguments)
        except ApiProblem:
            raise
        except IntegratorError as error:
            log_event(log, "api_refused", title=error.title, detail=error.detail)
            raise of_error(error) from error
        except Exception as error:
            log.exception("action=defect")
            raise ApiProblem(500, "defeito", _DEFECT) from error

    def _admitted(self, operation: Operation, request: Request) -> ApiKey:
        """Whose token it is. Raises :class:`ApiProblem` for one that may not do this, or asks too often."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        key = self._keys.find(token.strip(), self._panel.clock.now()) if scheme.lower() == "bearer" else None
        if key is None:
            # Nobody guesses 256 bits, however often they try: no limit that could lock out who shares an address.
            told = "Mande o cabeçalho Authorization: Bearer com uma chave válida, criada no painel, em Chaves."
            raise ApiProblem(401, "chave", told, headers={"www-authenticate": "Bearer"})
        wait = self._rates.wait(key.id, key.plan.per_second)
        if wait:
            told = "Pedidos demais por segundo. Espere e repita."
            raise ApiProblem(429, "pedidos_demais", told, headers={"retry-after": str(ceil(wait))})
        if operation.action not in key.plan.actions:
            raise ApiProblem(403, "permissao", f"Esta chave não tem a permissão “{operation.action.value}”.")
        return key

    def _done(self, operation: Operation, request: Request, key: ApiKey, raw: bytes) -> Answer:
        try:
            query = operation.query.model_validate(_query(request.query_params))
        except ValidationError as error:
            raise of_validation(error, pointers=False) from None
        body = _body(operation, raw)
        shop = self._shop(key, query.banco)
        call = Call(self._panel, key, shop, request.path_params, query, body, _header_key(operation, request))
        try:
            answer = operation.handler(call)
        finally:
            shop.database.rest()
        for topic in answer.changed:
            self._panel.live.tell(topic)
        if "fila" in answer.changed:
            self._panel.running.wake()
            bell(self._panel).set()
        if operation.method == "POST":
            log_event(log, "api_done", operation=operation.name, key=key.id, status=answer.status)
        return answer

    def _shop(self, key: ApiKey, asked: str) -> Shop:
        name = asked or key.plan.database
        if key.plan.database and name != key.plan.database:
            raise ApiProblem(403, "banco", f"Esta chave só vale para o banco “{key.plan.database}”.")
        shops = self._panel.shops()
        shop = next((each for each in shops if not name or each.name == name), None)
        if shop is None and shops:
            raise invalid([Problem("banco", "não é um banco configurado")])
        if shop is None:
            raise ApiProblem(
                503, "indisponivel", "Nenhum banco de dados está configurado.", headers={"retry-after": "30"}
            )
        return shop


def _document(_request: Request) -> Response:
    return json_response(200, document(), {})


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    wrong_method = error.status_code == 405
    told = _METHOD if wrong_method else _ADDRESS
    code = "metodo" if wrong_method else "nao_encontrado"
    return problem_response(ApiProblem(error.status_code, code, told, headers=dict(error.headers or {})))


def _body(operation: Operation, raw: bytes) -> BaseModel | None:
    if operation.body is None or not (raw or operation.body_required):
        return None
    try:
        return operation.body.model_validate(read_json(raw))
    except ValidationError as error:
        raise of_validation(error) from None


def _query(given: QueryParams) -> dict[str, str]:
    twice = [name for name in given if len(given.getlist(name)) > 1]
    if twice:
        raise invalid([Problem(name, "aparece mais de uma vez") for name in sorted(set(twice))])
    bad = [name for name, value in given.items() if "\0" in value or not _text(value)]
    if bad:
        raise invalid([Problem(name, "tem um caractere que não serve") for name in bad])
    return dict(given)


def _text(value: str) -> bool:
    return "\ufffd" not in value and not any("\ud800" <= char <= "\udfff" for char in value)


def _has_body(request: Request) -> bool:
    return "transfer-encoding" in request.headers or request.headers.get("content-length", "0").strip() not in {"", "0"}


def _header_key(operation: Operation, request: Request) -> str:
    given = request.headers.getlist("idempotency-key") if operation.key_header else []
    if not given:
        return ""
    if len(given) > 1 or not all(" " <= char <= "~" for char in given[0]) or not 0 < len(given[0]) <= 120:
        raise invalid([Problem("Idempotency-Key", "não está no formato esperado")])
    return given[0]
