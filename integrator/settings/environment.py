"""``INTEGRATOR_SECTION__KEY`` variables of the environment, as a layer over the content of ``config.toml``.

Merged here and not by a source of pydantic-settings, which reads Portuguese keys under two names and replaces a whole
table of the file where the environment names one of its keys.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any, get_origin

from pydantic import BaseModel

from integrator.domain.errors import SettingsError
from integrator.settings.errors import keys_of, section_model

PREFIX = "INTEGRATOR_"
_LEVEL = "__"


def overlay(data: dict[str, Any], environ: Mapping[str, str], model: type[BaseModel]) -> dict[str, Any]:
    """A copy of ``data`` with every ``INTEGRATOR_…__…`` variable in its place, unknown keys included.

    Variables of one level (``INTEGRATOR_SENHA``) are not settings. A list is written as JSON or separated by
    semicolons. Raises :class:`SettingsError` for JSON that does not parse.
    """
    merged = copy.deepcopy(data)
    for name, text in sorted(environ.items()):
        if name.upper().startswith(PREFIX) and _LEVEL in name:
            *sections, last = name[len(PREFIX) :].lower().split(_LEVEL)
            table = merged
            for section in sections:
                if not isinstance(table.get(section), dict):
                    table[section] = {}
                table = table[section]
            table[last] = _value(name, text) if _is_list(model, (*sections, last)) else text
    return merged


def _is_list(model: type[BaseModel], path: tuple[str, ...]) -> bool:
    *sections, last = path
    current: type[BaseModel] | None = model
    for section in sections:
        info = keys_of(current).get(section) if current is not None else None
        current = section_model(info) if info is not None else None
    info = keys_of(current).get(last) if current is not None else None
    return info is not None and get_origin(info.annotation) is tuple


def _value(name: str, text: str) -> list[Any]:
    if not text.lstrip().startswith("["):
        return [part.strip() for part in text.split(";") if part.strip()]
    try:
        parsed = json.loads(text)
    except json.JSONDecodeError as error:
        raise SettingsError(
            f"A variável de ambiente {name} tem uma lista mal escrita. "
            'Use ["um", "dois"] ou separe com ponto e vírgula.',
            detail=str(error),
        ) from error
    return list(parsed)
