"""What is wrong with a configuration, in Portuguese, naming the key and the fix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

_SECRET_KEYS = frozenset({"senha", "password", "token"})
_PASSWORD_ADVICE = (
    "a senha não fica no config.toml, onde qualquer pessoa lê. Apague esta linha e guarde a senha com o "
    "comando integrator senha, ou na variável de ambiente INTEGRATOR_SENHA"
)
_SHOWN = 60
#: By the beginning of pydantic's error type.
_SENTENCES = {
    "greater_than_equal": "o menor valor aceito é {ge}",
    "less_than_equal": "o maior valor aceito é {le}",
    "string_too_short": "não pode ficar vazio",
    "string_pattern_mismatch": "use até 20 letras minúsculas sem acento, algarismos e _, começando por letra",
    "missing": "falta esta chave, que é obrigatória aqui",
    "model": "isto é uma seção: escreva as chaves abaixo do seu título entre colchetes",
    "tuple": 'escreva uma lista entre colchetes, por exemplo ["um", "dois"]',
    "int": "escreva um número inteiro, sem aspas",
    "bool": "escreva true (sim) ou false (não), sem aspas",
    "string": "escreva um texto entre aspas",
    "path": "escreva um texto entre aspas",
}


def keys_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields of a model by their TOML key."""
    return {str(info.validation_alias or name): info for name, info in model.model_fields.items()}


def section_model(info: FieldInfo) -> type[BaseModel] | None:
    """The model behind a key that is a table, or ``None`` for a plain value."""
    kind = info.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def item_model(info: FieldInfo) -> type[BaseModel] | None:
    """The model behind a key that is a list of tables (``[[key]]``), or ``None``."""
    kinds = get_args(info.annotation) if get_origin(info.annotation) is tuple else ()
    first = kinds[0] if kinds else None
    return first if isinstance(first, type) and issubclass(first, BaseModel) else None


def unknown_keys(data: dict[str, Any], model: type[BaseModel], section: tuple[str, ...] = ()) -> list[str]:
    """One sentence per key of ``data`` that ``model`` does not have, looking into its tables too."""
    known = keys_of(model)
    problems: list[str] = []
    for name, value in data.items():
        if name not in known:
            problems.append(f"{_place((*section, name))}: {_unknown(name, known, model)}")
            continue
        for table, nested, where in _tables(known[name], name, value):
            problems += unknown_keys(table, nested, (*section, where))
    return problems


def _tables(info: FieldInfo, name: str, value: object) -> Iterator[tuple[dict[str, Any], type[BaseModel], str]]:
    """The tables that ``value`` holds, each with its model and how people are told where it is."""
    nested, item = section_model(info), item_model(info)
    if nested is not None and isinstance(value, dict):
        yield value, nested, name
    if item is not None and isinstance(value, list):
        for number, table in enumerate(value, start=1):
            if isinstance(table, dict):
                yield table, item, _nth(name, number)


def _nth(name: str, number: int) -> str:
    return f"{name}, {number}º"


def problems_of(error: ValidationError, root: type[BaseModel]) -> list[str]:
    """One sentence per problem that pydantic found."""
    problems: list[str] = []
    for item in error.errors(include_url=False):
        where = _where(item["loc"])
        if item["type"] == "extra_forbidden":
            model = _model_at(root, where[:-1])
            problems.append(f"{_place(where)}: {_unknown(where[-1], keys_of(model), root)}")
            continue
        shown = _shown(item["input"])
        problems.append(f"{_place(where)}{shown}: {_explain(item['type'], item.get('ctx', {}))}")
    return list(dict.fromkeys(problems))


def _where(loc: tuple[int | str, ...]) -> tuple[str, ...]:
    """Pydantic's location without its own names of types; the number of a table goes to the list's name."""
    found: list[str] = []
    for part in loc:
        if isinstance(part, int) and found:
            found[-1] = _nth(found[-1], part + 1)
        elif isinstance(part, str) and "[" not in part:
            found.append(part)
    return tuple(found)


def _unknown(name: str, known: Iterable[str], root: type[BaseModel]) -> str:
    if name.lower() in _SECRET_KEYS:
        return _PASSWORD_ADVICE
    import difflib  # only told to somebody who mistyped

    close = difflib.get_close_matches(name.lower(), list(known), n=1, cutoff=0.6)
    if close:
        return f"chave desconhecida; você quis dizer “{close[0]}”?"
    home = next((section for section, info in keys_of(root).items() if _has_key(info, name)), None)
    if home is not None:
        return f"esta chave fica na seção [{home}]"
    return f"chave desconhecida; as que existem aqui são {', '.join(known)}"


def _has_key(info: FieldInfo, name: str) -> bool:
    nested = section_model(info) or item_model(info)
    return nested is not None and name in keys_of(nested)


def _model_at(root: type[BaseModel], where: tuple[str, ...]) -> type[BaseModel]:
    model = root
    for name in where:
        info = keys_of(model).get(name.partition(",")[0])
        if info is not None:
            model = section_model(info) or item_model(info) or model
    return model


def _place(where: tuple[str, ...]) -> str:
    *section, name = where or ("configuração",)
    return f"[{'.'.join(section)}] {name}" if section else name


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return f" = {'true' if value else 'false'}"
    if isinstance(value, str | int | float):
        text = str(value)
        return f" = {text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}"
    return ""


def _explain(kind: str, context: dict[str, Any]) -> str:
    """Pydantic's error type in plain words; an unexpected one gets a general sentence."""
    if kind == "value_error":
        return str(context["error"])
    if kind in ("enum", "literal_error"):
        options = str(context["expected"]).replace("' or '", "', '").replace("'", "")
        return f"valores aceitos: {options}"
    sentence = next((text for start, text in _SENTENCES.items() if kind.startswith(start)), "valor inválido")
    return sentence.format_map(context)
