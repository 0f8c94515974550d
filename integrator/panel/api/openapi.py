"""The document of the API, OpenAPI 3.1, made of the operations and of the models that read and write their bodies."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from integrator import __version__
from integrator.panel.api import ROOT
from integrator.panel.api.operation import BODY_REFUSALS, REFUSALS, Operation, Said
from integrator.panel.api.operations import OPERATIONS

_REFERENCE: Final = "#/components/schemas/{model}"
_ABOUT: Final = (
    "Para o ERP que prefere HTTP a SQL. As regras são as do contrato da fila. Toda chamada leva "
    "`Authorization: Bearer itg_…`, a chave que o dono cria no painel, em Chaves. Datas e horas são as da loja; "
    "quantias são números com ponto decimal, com ou sem aspas."
)
_ID: Final = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "O `id` da mensagem",
    "schema": {"type": "string", "minLength": 1, "pattern": "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"},
    "example": "5D3C0F3E-6A0B-4C43-9F0A-2B1D3E4F5A6B",
}
_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A chave da mensagem, se não vier em `chave`; com as duas, precisam ser iguais",
    "schema": {"type": "string", "pattern": "^[!-~]([ -~]*[!-~])?$", "maxLength": 120},
    "example": "2026-11-20|1|4711",
}


@cache
def document() -> dict[str, Any]:
    """The whole document. Not to be changed by who reads it."""
    schemas = _schemas()
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "API do Integrador", "version": __version__, "description": _ABOUT},
        "servers": [{"url": ROOT}],
        "security": [{"chave": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"chave": {"type": "http", "scheme": "bearer", "description": "Chave do painel"}},
            "schemas": schemas,
        },
    }


def said(operation: Operation) -> tuple[Said, ...]:
    """Every status of an operation."""
    return (*operation.says, *REFUSALS, *(BODY_REFUSALS if operation.body else ()))


def _operation(operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": f"{operation.about}\n\nPermissão: `{operation.action.value}`.",
        "parameters": list(_parameters(operation)),
        "responses": {str(each.status): _response(each) for each in sorted(said(operation), key=lambda e: e.status)},
    }
    if operation.body is not None:
        told["requestBody"] = {
            "required": operation.body_required,
            "content": {
                "application/json": {
                    "schema": _reference(operation.body),
                    "examples": {name: {"value": dict(value)} for name, value in operation.examples.items()},
                }
            },
        }
    return told


def _parameters(operation: Operation) -> Iterable[dict[str, Any]]:
    if "{id}" in operation.path:
        yield _ID
    if operation.key_header:
        yield _KEY
    schema = operation.query.model_json_schema()
    for name, told in schema["properties"].items():
        shown = {key: value for key, value in told.items() if key not in {"title", "description", "default"}}
        if "anyOf" in shown:  # a parameter that is not given is absent, never null
            shown = next(each for each in shown["anyOf"] if each.get("type") != "null")
        yield {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "description": told.get("description", ""),
            "schema": shown,
        }


def _response(said: Said) -> dict[str, Any]:
    told: dict[str, Any] = {
        "description": said.about,
        "content": {"application/json": {"schema": _reference(said.model)}},
    }
    if said.status in {429, 503}:
        told["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Segundos a esperar"}}
    if said.status == 401:
        told["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}, "description": "Bearer"}}
    return told


def _reference(model: type[BaseModel]) -> dict[str, Any]:
    return {"$ref": _REFERENCE.format(model=model.__name__)}


def _schemas() -> dict[str, Any]:
    bodies = {operation.body for operation in OPERATIONS if operation.body is not None}
    answers = {each.model for operation in OPERATIONS for each in said(operation)}
    asked = models_json_schema([(each, "validation") for each in bodies], ref_template=_REFERENCE)[1]["$defs"]
    told = models_json_schema([(each, "serialization") for each in answers], ref_template=_REFERENCE)[1]["$defs"]
    for schema in asked.values():
        _null_is_absent(schema)
    found = {name: schema for name, schema in {**asked, **told}.items() if "properties" in schema}
    return {name: _bare(found[name]) for name in sorted(found)}


def _null_is_absent(schema: dict[str, Any]) -> None:
    """As :class:`Asked` reads a body: ``null`` for every field that may be left out."""
    for name, each in schema.get("properties", {}).items():
        if name in schema.get("required", ()) or any(kind.get("type") == "null" for kind in each.get("anyOf", ())):
            continue
        if "type" in each and "enum" not in each:
            each["type"] = [each["type"], "null"]
        else:
            rest = {key: each.pop(key) for key in ("description", "default", "title") if key in each}
            kinds = each.pop("anyOf", None) or [dict(each)]
            each.clear()
            each.update(rest, anyOf=[*kinds, {"type": "null"}])


def _bare(schema: Any) -> Any:
    """Without the titles, which only repeat the names."""
    if isinstance(schema, dict):
        return {
            key: ({name: _bare(each) for name, each in value.items()} if key == "properties" else _bare(value))
            for key, value in schema.items()
            if key != "title"
        }
    return [_bare(each) for each in schema] if isinstance(schema, list) else schema
