"""A number's form: read, checked field by field, and written where the number lives in ``config.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from integrator.panel.numbers.fields import ENGINE, MODULES_KEY, OTHERS, WHATSAPP, fields_of, key_of
from integrator.panel.settings_forms.fields import Control, Controls, Field
from integrator.panel.settings_forms.values import Unreadable, same, shown, toml_value, typed
from integrator.panel.visit import Visit
from integrator.settings import Settings
from integrator.settings.editing import fixed_by_environment, put, remove
from integrator.settings.errors import problems_of
from integrator.settings.sections import Engine, NumberSettings, OtherNumberSettings, Replies

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_NAME_KEY: Final = "instancia"


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it was posted. ``values`` by the name of the field."""

    engine: Engine
    values: Mapping[str, str]
    modules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A form as it is shown again. ``problems`` by the name of the field."""

    typed: Typed
    problems: Mapping[str, str] = field(default_factory=dict)
    general: tuple[str, ...] = ()
    status: int = 400


def as_it_is(settings: Settings, number: NumberSettings | None) -> Typed:
    """The form of that number, or of a new one."""
    if number is None:
        values = shown(Settings(), ALL_FIELDS) | {f"{WHATSAPP}.{_NAME_KEY}": ""}
        return Typed(NumberSettings().engine, values, ())
    first = settings.model_copy(update={"whatsapp": settings.whatsapp.model_copy(update=_fields(number))})
    return Typed(number.engine, shown(first, ALL_FIELDS), number.modules)


def posted(visit: Visit, number: NumberSettings | None) -> Typed:
    """What was posted for that number; what the environment fixes of the first one is not asked, and stays."""
    settings = visit.panel.settings
    now = as_it_is(settings, number)
    first = number is not None and number.instance == settings.whatsapp.instance
    locked = {each.name for each in ALL_FIELDS if first and fixed_by_environment(each.path)}
    values = typed(visit.typed, visit.all_typed, ALL_FIELDS) | {name: now.values[name] for name in locked}
    known = {each.value: each for each in Engine}
    modules = tuple(each for each in visit.all_typed(MODULES_KEY) if each)
    return Typed(known.get(values[ENGINE.name], now.engine), values, modules)


def controls(form: Typed, problems: Mapping[str, str], *, first: bool) -> Controls:
    """The fields to draw. Only the first number's keys can be fixed by the environment."""
    if first:
        return Controls.of(ALL_FIELDS, form.values, problems)
    return Controls(
        (each.name, Control(each, form.values.get(each.name, ""), problems.get(each.name, ""))) for each in ALL_FIELDS
    )


def problems_in(form: Typed) -> dict[str, str]:
    """What is wrong, by the name of the field; empty when the number can be used."""
    problems: dict[str, str] = {}
    wanted: dict[str, Any] = {MODULES_KEY: form.modules}
    for each in fields_of(form.engine):
        try:
            wanted[key_of(each)] = toml_value(form.values[each.name], each)
        except Unreadable as error:
            problems[each.name] = f"{str(error).capitalize()}."
    problems |= {f"{WHATSAPP}.{key}": told for key, told in _missing(form.engine, wanted).items()}
    if problems:
        return problems
    try:
        OtherNumberSettings(**wanted)
    except ValidationError as error:
        for item, sentence in zip(
            error.errors(include_url=False), problems_of(error, OtherNumberSettings), strict=True
        ):
            key = str(item["loc"][0]) if item["loc"] else _NAME_KEY
            told = sentence.partition(": ")[2] or sentence
            problems.setdefault(f"{WHATSAPP}.{key}", f"{told[:1].upper()}{told[1:]}.")
    return problems


def changes(form: Typed, before: Typed | None) -> dict[str, Any]:
    """What is to be written by key: what differs from before, or for a new number from what counts anyway."""
    known = before or as_it_is(Settings(), None)
    found = {
        key_of(each): toml_value(form.values[each.name], each)
        for each in fields_of(form.engine)
        if not same(form.values[each.name], known.values.get(each.name, ""), each)
    }
    if form.modules != known.modules:
        found[MODULES_KEY] = list(form.modules)
    return found


def write_first(document: TOMLDocument, wanted: Mapping[str, Any]) -> None:
    """Into ``[whatsapp]``."""
    for key, value in wanted.items():
        put(document, (WHATSAPP, key), value)


def write_other(document: TOMLDocument, name: str, wanted: Mapping[str, Any]) -> None:
    """Into the ``[[outros_numeros]]`` of that name; a name that none has is a new one."""
    tables = _tables(document)
    found = next((each for each in tables if each.get(_NAME_KEY) == name), None)
    if found is None:
        tables.append({_NAME_KEY: name, **wanted})
    else:
        found.update(wanted)
    put(document, (OTHERS,), tables)


def remove_other(document: TOMLDocument, name: str) -> None:
    """Take that one away."""
    kept = [each for each in _tables(document) if each.get(_NAME_KEY) != name]
    if kept:
        put(document, (OTHERS,), kept)
    elif OTHERS in document:
        remove(document, (OTHERS,))


def _tables(document: TOMLDocument) -> list[dict[str, Any]]:
    return [dict(each) for each in document.unwrap().get(OTHERS, ())]


def _missing(engine: Engine, wanted: Mapping[str, Any]) -> dict[str, str]:
    """What the number needs and has not."""
    found: dict[str, str] = {}
    if not wanted.get(_NAME_KEY):
        found[_NAME_KEY] = "Dê um nome ao número."
    if engine is Engine.EVOLUTION and not wanted.get("servidor"):
        found["servidor"] = "Escreva o endereço da Evolution API."
    if engine is Engine.CLOUD_API and not wanted.get("meta_numero_id"):
        found["meta_numero_id"] = "Escreva o identificador do número, que a Meta mostra ao lado dele."
    if wanted.get("respostas") == Replies.ANSWER.value and not wanted.get("resposta_texto"):
        found["resposta_texto"] = "Escreva o texto da resposta."
    if wanted.get("respostas") == Replies.FORWARD.value and not wanted.get("encaminhar_para"):
        found["encaminhar_para"] = "Escreva o celular que recebe o que as pessoas escrevem."
    return found


def _every_field() -> tuple[Field, ...]:
    return tuple({each.name: each for engine in Engine for each in fields_of(engine)}.values())


def _fields(number: NumberSettings) -> dict[str, Any]:
    return {name: getattr(number, name) for name in NumberSettings.model_fields}


ALL_FIELDS: Final[tuple[Field, ...]] = _every_field()
