"""The page of all messages: switches, how each leaves, its PDFs, whose text it has; and what holds for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from integrator.domain.errors import SettingsError
from integrator.messages.catalogue import Module, Situation, bare, modules
from integrator.messages.choices import Choices
from integrator.messages.formatting import format_count
from integrator.panel.access import Role
from integrator.panel.texts.addresses import module_of, slug
from integrator.panel.texts.choosing import DOCUMENTS, asked_for, own_text, place_of, section, state_of
from integrator.panel.texts.versions import Versions
from integrator.panel.texts.writing import assign, module_switch, write_switches
from integrator.panel.visit import Visit, Wrong
from integrator.policies import check_settings, choices_of
from integrator.settings import Settings
from integrator.settings.contents import CodeToCopy
from integrator.settings.editing import ConfigChanged, fixed_by_environment

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

CASHBACK: Final = "CASHBACK"
_CASHBACK_DAYS: Final = ("modulos", "cashback_validade_dias")
_CODE: Final = ("mensagens", "codigo_para_copiar")
_CAPTION: Final = ("mensagens", "texto_na_legenda")
_MOST_DAYS: Final = 3650
_TRIES: Final = 3
_CODES: Final = (
    (CodeToCopy.AUTOMATIC.value, "PIX; sem PIX, a linha digitável"),
    (CodeToCopy.PIX.value, "só o PIX"),
    (CodeToCopy.LINHA.value, "só a linha digitável"),
    (CodeToCopy.NONE.value, "nenhum"),
)


_MEANWHILE: Final = (
    "Alguém mudou este módulo enquanto a página estava aberta. Abaixo está o que você marcou: confira e salve de novo."
)


_GENERAL_MEANWHILE: Final = (
    "Alguém mudou isto enquanto a página estava aberta. Abaixo está o que você marcou: confira e salve de novo."
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The choices as they were, and with what was typed."""

    before: Choices
    after: Choices


@dataclass(frozen=True, slots=True)
class _General:
    """What holds for all messages, as set or as typed. ``state`` names what the form was filled with."""

    code: str
    caption: bool
    state: str
    warning: str = ""


@dataclass(frozen=True, slots=True)
class _Shown:
    """The module that is open, with what is wrong in its form or what happened meanwhile."""

    module: Module
    problem: str = ""
    warning: str = ""


def show(visit: Visit) -> Response:
    wanted = visit.query.get("modulo", "")
    module = next((each for each in modules() if slug(each.name) == wanted), modules()[0])
    return _page(visit, choices_of(visit.panel.settings), _Shown(module))


def save_module(visit: Visit) -> Response:
    """The module's switch, and of each of its messages the switch, how it leaves and its PDFs."""
    module = module_of(visit)
    for _ in range(_TRIES):
        version = visit.panel.config.read().version
        before = choices_of(visit.panel.config.settings())
        asked = _Asked(before, asked_for(visit, module, before))
        days, problem = _days(visit, module, before)
        if problem:
            return _page(visit, asked.after, _Shown(module, problem=problem), 400)
        asked = _Asked(before, replace(asked.after, cashback_days=days))
        if visit.typed("estado") != state_of(module, before) != state_of(module, asked.after):
            return _page(visit, asked.after, _Shown(module, warning=_MEANWHILE), 409)
        try:
            _write(visit, module, asked, version)
        except ConfigChanged:
            continue
        return _done(visit, module, asked)
    raise Wrong("A configuração está sendo mudada por outra pessoa. Espere um instante e salve de novo.")


def save_general(visit: Visit) -> Response:
    """What holds for all messages."""
    code = visit.typed("codigo")
    if code not in set(CodeToCopy):
        raise Wrong("Escolha um dos códigos da lista.")
    caption = bool(visit.typed("legenda"))
    version = visit.panel.config.read().version
    settings = visit.panel.config.settings()
    now = _general(settings)
    if visit.typed("estado") != now.state and (code, caption) != (now.code, now.caption):
        typed = _General(code, caption, now.state, _GENERAL_MEANWHILE)
        return _page(visit, choices_of(settings), _Shown(modules()[0]), 409, typed)

    def edit(document: TOMLDocument) -> None:
        if not fixed_by_environment(_CODE):
            assign(document, _CODE, code, CodeToCopy.AUTOMATIC.value)
        if not fixed_by_environment(_CAPTION):
            assign(document, _CAPTION, caption, True)

    visit.panel.config.change(edit, expected=version, check=check_settings)
    visit.record(
        "mudou o envio das mensagens", f"código para copiar: {code}; texto na legenda: {'sim' if caption else 'não'}"
    )
    visit.panel.live.tell("config")
    return visit.go("/mensagens", "Salvo. Vale para as próximas mensagens.")


def present_texts(choices: Choices) -> dict[Situation, str]:
    """The shop's text in force for every situation, empty for the default; shared ones once."""
    same = choices.same_for_debts is not None
    every = (each for module in modules() for each in module.situations)
    return {place: own_text(choices, place) for place in dict.fromkeys(place_of(each, same=same) for each in every)}


def _general(settings: Settings) -> _General:
    code, caption = settings.messages.code_to_copy.value, settings.messages.text_as_caption
    return _General(code, caption, f"{code} {caption}")


def _page(
    visit: Visit, choices: Choices, shown: _Shown, status: int = 200, general: _General | None = None
) -> Response:
    settings = visit.panel.settings
    versions = Versions(visit.panel.store)
    versions.noticed(present_texts(choices_of(settings)), visit.now)
    latest = versions.latest()
    return visit.render(
        "mensagens.html",
        status,
        sections=[section(each, choices, latest) for each in modules()],
        shown=shown,
        present=state_of(shown.module, choices_of(settings)),
        same=choices.same_for_debts is not None,
        days=visit.typed("validade") if shown.problem else choices.cashback_days,
        days_fixed=fixed_by_environment(_CASHBACK_DAYS),
        general=general or _general(settings),
        codes=_CODES,
        code_fixed=fixed_by_environment(_CODE),
        caption_fixed=fixed_by_environment(_CAPTION),
        documents=DOCUMENTS,
        editable=visit.may(Role.OWNER),
    )


def _days(visit: Visit, module: Module, before: Choices) -> tuple[int, str]:
    """For how many days a cashback is valid, and what is wrong with what was typed."""
    typed = visit.typed("validade")
    if module.name != CASHBACK or fixed_by_environment(_CASHBACK_DAYS):
        return before.cashback_days, ""
    if typed.isascii() and typed.isdigit() and int(typed[:6]) <= _MOST_DAYS:
        return int(typed), ""
    return before.cashback_days, "Escreva um número de dias, de 0 a 3.650."


def _write(visit: Visit, module: Module, asked: _Asked, version: str) -> None:
    before, after = asked.before, asked.after

    def edit(document: TOMLDocument) -> None:
        switch = module_switch(module.name)
        if not fixed_by_environment(switch):
            assign(document, switch, bare(switch[1]) not in after.off, True)
        if module.name == CASHBACK and not fixed_by_environment(_CASHBACK_DAYS):
            assign(document, _CASHBACK_DAYS, after.cashback_days, 0)
        for each in module.situations:
            if after.of(each) != before.of(each):
                write_switches(document, each, after.of(each))

    def check(settings: Settings) -> None:
        check_settings(settings)
        if state_of(module, choices_of(settings)) != state_of(module, after):
            raise SettingsError(
                "Não consegui escrever isto no config.toml sem mexer no resto dele. Nada foi mudado; mude as seções "
                "[modulos] e [[mensagens.situacoes]] no próprio arquivo."
            )

    visit.panel.config.change(edit, expected=version, check=check)


def _done(visit: Visit, module: Module, asked: _Asked) -> Response:
    told = "; ".join(_changes(module, asked))
    if told:
        visit.record("mudou as mensagens", f"{module.name}: {told}")
        visit.panel.live.tell("config")
    note = f"{module.name}: salvo. Vale para as próximas mensagens." if told else f"{module.name}: nada mudou."
    return visit.go(f"/mensagens?modulo={slug(module.name)}#{slug(module.name)}", note)


def _changes(module: Module, asked: _Asked) -> Iterator[str]:
    """What changed, for the record."""
    before, after = asked.before, asked.after
    if before.off != after.off:
        yield "módulo desligado" if len(after.off) > len(before.off) else "módulo ligado"
    if before.cashback_days != after.cashback_days:
        yield f"cashback vale {format_count(after.cashback_days, 'dia', 'dias')}"
    for each in module.situations:
        if before.of(each).on != after.of(each).on:
            yield f"{each.kind} {'ligada' if after.of(each).on else 'desligada'}"
        if before.asks(each) != after.asks(each):
            yield f"{each.kind} {'com pergunta' if after.asks(each) else 'automática'}"
        if before.of(each).documents != after.of(each).documents:
            yield f"{each.kind} com outros PDFs"
