"""The document of the API as people read it: tables of fields instead of schemas."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from integrator.panel.api import ROOT
from integrator.panel.api.openapi import document

_KINDS = {
    "string": "texto",
    "boolean": "true ou false",
    "integer": "número inteiro",
    "number": "número",
    "array": "lista",
    "object": "objeto",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a body, or a parameter of an address. ``part`` is the schema of an object, for a link."""

    name: str
    kind: str
    required: bool
    about: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A schema: what is posted or answered."""

    name: str
    about: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """One status of an answer."""

    code: str
    about: str
    part: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """One operation. ``examples`` are titles and JSON."""

    id: str
    method: str
    path: str
    summary: str
    about: str
    parameters: tuple[Field, ...]
    body: str
    examples: tuple[tuple[str, str], ...]
    answers: tuple[Status, ...]


@dataclass(frozen=True, slots=True)
class Manual:
    """All of it."""

    about: str
    chapters: tuple[Chapter, ...]
    parts: tuple[Part, ...]


@cache
def read_manual() -> Manual:
    """The document, read once."""
    told = document()
    chapters = tuple(
        _chapter(path, method, operation)
        for path, methods in told["paths"].items()
        for method, operation in methods.items()
    )
    parts = tuple(_part(name, schema) for name, schema in told["components"]["schemas"].items())
    return Manual(told["info"]["description"], chapters, parts)


def _chapter(path: str, method: str, operation: dict[str, Any]) -> Chapter:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return Chapter(
        id=operation["operationId"],
        method=method.upper(),
        path=ROOT + path,
        summary=operation["summary"],
        about=operation["description"],
        parameters=tuple(_parameter(each) for each in operation["parameters"]),
        body=_named(content.get("schema", {})),
        examples=tuple(
            (title, json.dumps(each["value"], ensure_ascii=False, indent=2))
            for title, each in content.get("examples", {}).items()
        ),
        answers=tuple(
            Status(code, said["description"], _named(said["content"]["application/json"]["schema"]))
            for code, said in operation["responses"].items()
        ),
    )


def _parameter(told: dict[str, Any]) -> Field:
    place = {"header": " (cabeçalho)", "path": " (no endereço)"}.get(told["in"], "")
    kind, _ = _kind(told["schema"])
    return Field(told["name"] + place, kind, told["required"], told["description"])


def _part(name: str, schema: dict[str, Any]) -> Part:
    required = schema.get("required", ())
    return Part(
        name,
        schema.get("description", ""),
        tuple(_field(field, told, field in required) for field, told in schema["properties"].items()),
    )


def _field(name: str, told: dict[str, Any], required: bool) -> Field:
    kind, part = _kind(told)
    return Field(name, kind, required, told.get("description", ""), part)


def _kind(told: dict[str, Any]) -> tuple[str, str]:
    """As people say it, and the schema that it names."""
    if part := _named(told):
        return part, part
    if "items" in told:
        kind, part = _kind(told["items"])
        return f"lista de {kind}", part
    if "enum" in told:
        return " · ".join(map(str, told["enum"])), ""
    if "anyOf" in told:
        kinds = [_kind(each) for each in told["anyOf"] if each.get("type") != "null"]
        return " ou ".join(dict.fromkeys(kind for kind, _ in kinds)), next((part for _, part in kinds if part), "")
    names = told.get("type", "object")
    name = next(each for each in names if each != "null") if isinstance(names, list) else names
    limit = f", até {told['maxLength']}" if "maxLength" in told else ""
    return _dated(told) or f"{_KINDS[name]}{limit}", ""


def _dated(told: dict[str, Any]) -> str:
    pattern = str(told.get("pattern", ""))
    if "[12][0-9]" in pattern:
        return "data e hora" if "T(" in pattern else "data"
    return "data e hora" if pattern.startswith("^[0-9]{4}-") else ""


def _named(told: dict[str, Any]) -> str:
    return str(told.get("$ref", "")).rpartition("/")[2]
