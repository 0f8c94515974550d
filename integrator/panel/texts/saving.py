"""The text in force, and a new one in its place: checked, written, kept as a version. Two people at once are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from integrator.domain.errors import SettingsError
from integrator.messages.catalogue import DEBT_NOTICE, DebtKind, Situation, debt_notice, text_version
from integrator.messages.choices import Choices
from integrator.panel.texts.choosing import own_text, place_of
from integrator.panel.texts.listing import present_texts
from integrator.panel.texts.versions import Versions
from integrator.panel.texts.writing import SAME_TEXT, assign, place_of_text, write_text
from integrator.panel.visit import Visit, Wrong
from integrator.policies import check_settings, choices_of
from integrator.settings import Settings
from integrator.settings.editing import ConfigChanged, fixed_by_environment

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class InForce:
    """What customers of a situation get now. ``same``: it is the one text of all debt notices (S28).

    ``base`` names it in forms, so that a text saved by somebody else meanwhile is noticed; ``own``: the shop wrote it.
    """

    source: str
    own: bool
    same: bool

    @property
    def base(self) -> str:
        return text_version(f"{self.same}:{self.source}")


@dataclass(frozen=True, slots=True)
class Meant:
    """What somebody wants to be in force. ``base`` is the text that he saw; None: whatever it is now."""

    text: str
    same: bool
    base: str | None = None


def in_force(choices: Choices, situation: Situation) -> InForce:
    """The situation's text by those choices."""
    same = situation.module == DEBT_NOTICE and choices.same_for_debts is not None
    return InForce(choices.text(situation), bool(own_text(choices, situation)), same)


def default_text(situation: Situation, *, same: bool) -> str:
    """The program's own text."""
    return debt_notice(DebtKind.BOTH).text if same else situation.text


def locked_by(situation: Situation, *, same: bool) -> str:
    """The variable of the environment that holds the text or where it is written, or empty."""
    place = place_of(situation, same=same)
    own = fixed_by_environment(place_of_text(place))
    return own or (fixed_by_environment(SAME_TEXT) if situation.module == DEBT_NOTICE else "")


def save_text(visit: Visit, situation: Situation, meant: Meant) -> InForce | None:
    """Put the text in force and keep it as a version; None. Or, with nothing written, what somebody saved meanwhile.

    ``meant.text`` has no errors. Raises :class:`SettingsError` and :class:`Wrong`.
    """
    if name := locked_by(situation, same=meant.same):
        raise Wrong(f"Este texto está fixado pela variável de ambiente {name}. Mude-a, ou tire-a, neste computador.")
    versions, place = Versions(visit.panel.store), place_of(situation, same=meant.same)
    own = "" if meant.text == default_text(situation, same=meant.same).strip() else meant.text
    for _ in range(_TRIES):
        version = visit.panel.config.read().version
        before = choices_of(visit.panel.config.settings())
        now = in_force(before, situation)
        if meant.base not in (None, now.base) and meant.text != now.source.strip():
            return now
        versions.noticed(present_texts(before), visit.now)
        try:
            _write(visit, situation, meant, own, version)
        except ConfigChanged:
            continue
        versions.saved(place, own, visit.member.name, visit.now)
        visit.record("mudou o texto", f"{place.module}, {place.kind}: {'texto da loja' if own else 'texto padrão'}")
        visit.panel.live.tell("config")
        return None
    raise Wrong("A configuração está sendo mudada por outra pessoa. Espere um instante e salve de novo.")


def _write(visit: Visit, situation: Situation, meant: Meant, own: str, version: str) -> None:
    def edit(document: TOMLDocument) -> None:
        if situation.module == DEBT_NOTICE:
            assign(document, SAME_TEXT, meant.same, False)
        write_text(document, place_of(situation, same=meant.same), own)

    def check(settings: Settings) -> None:
        check_settings(settings)
        if choices_of(settings).text(situation).strip() != meant.text:
            raise SettingsError(
                "Não consegui escrever o texto no config.toml sem mexer no resto dele. Nada foi mudado; mude a seção "
                "[mensagens] no próprio arquivo."
            )

    visit.panel.config.change(edit, expected=version, check=check)
