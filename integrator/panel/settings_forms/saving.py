"""A posted form becomes a change of ``config.toml``, or the form again with what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from integrator.domain.errors import SettingsError
from integrator.panel.settings_forms.fields import Controls, Field
from integrator.panel.settings_forms.problems import sorted_problems
from integrator.panel.settings_forms.values import Unreadable, same, shown, told, toml_value, typed
from integrator.panel.visit import Visit
from integrator.policies import check_settings
from integrator.settings import Settings
from integrator.settings.editing import ConfigChanged, fixed_by_environment, put

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

Edit = Callable[["TOMLDocument"], None]
VERSION: Final = "versao"
_LONGEST_TOLD: Final = 120
BAD, CONFLICT = 400, 409


@dataclass(frozen=True, slots=True)
class Saved:
    """What changed, a phrase each; empty when everything was as typed already."""

    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was written. ``values`` are as typed, ``problems`` by the name of the field."""

    values: Mapping[str, str]
    problems: Mapping[str, str] = field(default_factory=dict)
    general: tuple[str, ...] = ()
    status: int = BAD


def controls(visit: Visit, fields: tuple[Field, ...], refused: Refused | None = None) -> Controls:
    """The fields as they are now, or as they were typed."""
    if refused is not None:
        locked = shown(visit.panel.settings, [each for each in fields if fixed_by_environment(each.path)])
        return Controls.of(fields, {**refused.values, **locked}, refused.problems)
    return Controls.of(fields, shown(visit.panel.settings, fields), {})


def save(visit: Visit, fields: Sequence[Field], check: Callable[[Settings], None] | None = None) -> Saved | Refused:
    """Write the fields of the form that differ from what is set; ``check`` may refuse what the settings accept."""
    values = typed(visit.typed, visit.all_typed, fields)
    now = shown(visit.panel.settings, fields)
    changed = [each for each in fields if not fixed_by_environment(each.path) and not _unchanged(each, values, now)]
    if visit.typed(VERSION) != visit.panel.config.read().version:
        return Refused(values, _differences(fields, values, now), (_MEANWHILE,), CONFLICT)
    problems: dict[str, str] = {}
    wanted: list[tuple[Field, object]] = []
    for each in changed:
        try:
            wanted.append((each, toml_value(values[each.name], each)))
        except Unreadable as error:
            problems[each.name] = f"{str(error).capitalize()}."
    if problems:
        return Refused(values, problems)

    def edit(document: TOMLDocument) -> None:
        for each, value in wanted:
            put(document, each.path, value)

    try:
        if wanted:
            change(visit, edit, check)
    except ConfigChanged:
        return Refused(values, _differences(fields, values, now), (_MEANWHILE,), CONFLICT)
    except SettingsError as error:
        found = sorted_problems(error, fields)
        return Refused(values, found.by_field, found.general)
    return Saved(tuple(_change(each, now[each.name], values[each.name]) for each, _value in wanted))


def change(visit: Visit, edit: Edit, check: Callable[[Settings], None] | None = None) -> Settings:
    """Change the file that this person saw, have it taken up, and tell every open page; the new settings.

    Raises :class:`SettingsError` for what cannot be used, and :class:`ConfigChanged`.
    """

    def usable(settings: Settings) -> None:
        check_settings(settings)
        if check is not None:
            check(settings)

    made = visit.panel.config.change(edit, expected=visit.typed(VERSION), check=usable)
    visit.panel.running.wake()
    visit.panel.live.tell("config")
    return made


_MEANWHILE: Final = (
    "A configuração mudou enquanto esta página estava aberta, e nada do que você digitou foi salvo ainda. Os campos "
    "diferentes do que vale agora estão marcados: confira e salve de novo."
)


def _unchanged(each: Field, values: Mapping[str, str], now: Mapping[str, str]) -> bool:
    return values[each.name] == now[each.name] or same(values[each.name], now[each.name], each)


def _differences(fields: Sequence[Field], values: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    return {
        each.name: f"Agora vale: {told(now[each.name], each)}." for each in fields if not _unchanged(each, values, now)
    }


def _change(each: Field, old: str, new: str) -> str:
    *sections, key = each.path
    return f"[{'.'.join(sections)}] {key}: {_short(told(old, each))} → {_short(told(new, each))}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_TOLD else f"{text[:_LONGEST_TOLD]}…"
