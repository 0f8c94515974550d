"""``config.toml`` as outsiders may read it: known keys only, written anew, so that no comment comes along."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from integrator.settings import Settings
from integrator.settings.errors import item_model, keys_of, section_model

_OMITTED: Final = "[omitido]"
_SECRET = re.compile(r"senha|segredo|password|secret|token|credencia", re.IGNORECASE)
#: Texts that customers are sent, and what the shop wrote about itself: of no use to support.
_TEXTS: Final = frozenset({"vencidos", "a_vencer", "vencidos_e_a_vencer", "texto"})
_NUMBERS = (int, bool, Decimal)
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def scrubbed_config(path: Path) -> str:
    """Never raises: a file that cannot be read is a line that says so."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return "# Não há arquivo de configuração: valem os padrões.\n"
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return f"# O arquivo de configuração não pôde ser lido ({type(error).__name__}).\n"
    return "\n".join(_table(data, Settings, ())) + "\n"


def _table(data: Mapping[str, Any], model: type[BaseModel], place: tuple[str, ...]) -> Iterator[str]:
    """Plain keys first, as TOML wants it, then tables."""
    known = keys_of(model)
    tables: list[str] = []
    for name, value in data.items():
        info = known.get(name)
        nested = section_model(info) if info is not None else None
        item = item_model(info) if info is not None else None
        if nested is not None and isinstance(value, dict):
            tables += ["", f"[{'.'.join((*place, name))}]", *_table(value, nested, (*place, name))]
        elif item is not None and isinstance(value, list) and all(isinstance(each, dict) for each in value):
            for each in value:
                tables += ["", f"[[{'.'.join((*place, name))}]]", *_table(each, item, (*place, name))]
        elif info is None or (isinstance(value, str) and info.annotation in _NUMBERS):
            # Under a number's key it is wrong anyway, and may be what belongs elsewhere: a password.
            yield f"{_key(name)} = {json.dumps(_OMITTED)}"
        else:
            yield f"{_key(name)} = {_value(name, value)}"
    yield from tables


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _value(name: str, value: Any) -> str:
    if _SECRET.search(name):
        return json.dumps(_OMITTED)
    if isinstance(value, str):
        shown = f"[texto de {len(value)} caracteres]" if name in _TEXTS and value else value
        return json.dumps(shown, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(_value(name, each) for each in value)}]"
    if isinstance(value, dict):
        return json.dumps(_OMITTED)
    return str(value)
