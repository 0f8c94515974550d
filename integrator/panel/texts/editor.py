"""The page of one message's text: written, tried on real customers, saved; its versions, and texts of other systems."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from starlette.responses import Response

from integrator.domain.errors import TemplateError
from integrator.messages.catalogue import DEBT_NOTICE, Situation
from integrator.messages.choices import Choices
from integrator.messages.importing import Imported, import_text
from integrator.panel.access import Role
from integrator.panel.texts.addresses import address, situation_of
from integrator.panel.texts.choosing import DOCUMENTS, place_of
from integrator.panel.texts.difference import difference
from integrator.panel.texts.listing import present_texts
from integrator.panel.texts.palette import palette
from integrator.panel.texts.saving import InForce, Meant, default_text, in_force, locked_by, save_text
from integrator.panel.texts.trial import drawn_file, try_text
from integrator.panel.texts.versions import Version, Versions
from integrator.panel.visit import NotThere, Visit
from integrator.policies import choices_of

#: Shown in the browser itself; anything else is only saved, whatever it says it is.
_SHOWN_INLINE = frozenset({"application/pdf", "image/png", "image/jpeg"})
_SAVED = "Texto salvo. Vale para as próximas mensagens."


@dataclass(frozen=True, slots=True)
class _Draft:
    """What stands in the editor. ``theirs`` is what somebody else saved meanwhile. ``wait``: with its preview."""

    meant: Meant
    theirs: InForce | None = None
    imported: Imported | None = None
    foreign: str = ""
    problem: str = ""
    wait: bool = True


def show(visit: Visit) -> Response:
    situation = situation_of(visit)
    now = in_force(choices_of(visit.panel.settings), situation)
    text, wanted = now.source, visit.query.get("versao", "")
    if wanted.isascii() and wanted.isdigit():
        chosen = _version(visit, situation, int(wanted[:15]))
        text = chosen.text or default_text(situation, same=now.same)
    return _page(visit, situation, _Draft(Meant(text, now.same, now.base), wait=False))


def check(visit: Visit) -> Response:
    """The text as typed, looked over; nothing is saved."""
    return _page(visit, situation_of(visit), _Draft(_typed(visit, situation_of(visit))))


def part(visit: Visit) -> Response:
    """The same, only what is told about it: for a page that asks while somebody types."""
    situation = situation_of(visit)
    trial = try_text(visit, situation, _typed(visit, situation).text)
    return visit.fragment("mensagens_conferida.html", trial=trial, address=address(situation))


def save(visit: Visit) -> Response:
    """Put the text in force; one with errors, or over somebody else's, stays in the editor."""
    situation = situation_of(visit)
    meant = _typed(visit, situation)
    if try_text(visit, situation, meant.text).errors:
        told = "O texto não foi salvo: corrija o que está apontado abaixo. Os clientes continuam recebendo o anterior."
        return _page(visit, situation, _Draft(meant, problem=told), 400)
    theirs = save_text(visit, situation, meant)
    if theirs is not None:
        return _page(visit, situation, _Draft(Meant(meant.text, meant.same, theirs.base), theirs), 409)
    return visit.go(address(situation), _SAVED)


def restore(visit: Visit) -> Response:
    """The program's own text again; the shop's stays among the versions."""
    situation = situation_of(visit)
    same = in_force(choices_of(visit.panel.settings), situation).same
    save_text(visit, situation, Meant(default_text(situation, same=same).strip(), same))
    return visit.go(address(situation), "Vale de novo o texto padrão. O anterior está nas versões.")


def version(visit: Visit) -> Response:
    """An earlier text beside the one in force."""
    situation = situation_of(visit)
    now = in_force(choices_of(visit.panel.settings), situation)
    chosen = _version(visit, situation, int(visit.path("versao")))
    text = (chosen.text or default_text(situation, same=now.same)).strip()
    return visit.render(
        "mensagens_versao.html",
        situation=situation,
        address=address(situation),
        version=chosen,
        text=text,
        lines=difference(text, now.source.strip()),
        editable=visit.may(Role.OWNER),
    )


def use_version(visit: Visit) -> Response:
    """Put an earlier text in force again."""
    situation = situation_of(visit)
    same = in_force(choices_of(visit.panel.settings), situation).same
    chosen = _version(visit, situation, int(visit.path("versao")))
    meant = Meant((chosen.text or default_text(situation, same=same)).strip(), same)
    if try_text(visit, situation, meant.text).errors:
        told = "Esta versão não serve mais como está: corrija o que está apontado abaixo e salve."
        now = in_force(choices_of(visit.panel.settings), situation)
        return _page(visit, situation, _Draft(Meant(meant.text, same, now.base), problem=told), 400)
    save_text(visit, situation, meant)
    return visit.go(address(situation), _SAVED)


def take_over(visit: Visit) -> Response:
    """A text of another system, in our language, into the editor; what nobody knows is asked for."""
    situation = situation_of(visit)
    meant, foreign = _typed(visit, situation), _lines(visit.typed("outro"))
    names = zip(visit.all_typed("nome"), visit.all_typed("vale"), strict=False)
    bindings = {name.strip("{}#%[]<>«»@ "): target for name, target in names if name and target}
    try:
        imported = import_text(foreign, situation, bindings=bindings)
    except TemplateError as error:
        return _page(visit, situation, _Draft(meant, foreign=foreign, problem=error.message), 400)
    text = imported.text or meant.text
    return _page(visit, situation, _Draft(Meant(text, meant.same, meant.base), imported=imported, foreign=foreign))


def file(visit: Visit) -> Response:
    """A file of a row of the preview, drawn now."""
    made = drawn_file(visit, situation_of(visit), visit.path("linha"), int(visit.path("arquivo")))
    how = "inline" if made.mime in _SHOWN_INLINE else "attachment"
    headers = {"content-disposition": f"{how}; filename*=UTF-8''{quote(made.file_name, safe='')}"}
    return Response(made.content, media_type=made.mime, headers=headers)


def _typed(visit: Visit, situation: Situation) -> Meant:
    same = situation.module == DEBT_NOTICE and bool(visit.typed("mesmo"))
    return Meant(_lines(visit.typed("texto")), same, visit.typed("base"))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _documents(choices: Choices, situation: Situation) -> tuple[str, ...]:
    chosen = choices.of(situation).documents
    return situation.documents if chosen is None else chosen


def _version(visit: Visit, situation: Situation, number: int) -> Version:
    place = place_of(situation, same=in_force(choices_of(visit.panel.settings), situation).same)
    found = Versions(visit.panel.store).get(place, number)
    if found is None:
        raise NotThere("Não há versão com este número. Volte à mensagem e escolha uma da lista.")
    return found


def _page(visit: Visit, situation: Situation, draft: _Draft, status: int = 200) -> Response:
    choices = choices_of(visit.panel.settings)
    now, versions = in_force(choices, situation), Versions(visit.panel.store)
    versions.noticed(present_texts(choices), visit.now)
    return visit.render(
        "mensagens_editor.html",
        status,
        situation=situation,
        address=address(situation),
        draft=draft,
        now=now,
        unsaved=draft.meant.text.strip() != now.source.strip(),
        debts=situation.module == DEBT_NOTICE,
        trial=try_text(visit, situation, draft.meant.text, wait=draft.wait),
        groups=palette(situation, visit.now),
        versions=versions.of(place_of(situation, same=now.same)),
        theirs=difference(draft.theirs.source.strip(), draft.meant.text) if draft.theirs else (),
        switches=(choices.sends(situation), choices.asks(situation)),
        documents=[DOCUMENTS[each] for each in _documents(choices, situation)],
        locked=locked_by(situation, same=now.same),
        editable=visit.may(Role.OWNER),
    )
