"""One message in full: what the customer will see or saw, where it came from, what happened to it, what may be done."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from starlette.responses import Response

from integrator.documents.file_types import JPEG, PDF, PNG
from integrator.documents.formats import slug
from integrator.domain.errors import DocumentError
from integrator.domain.lifecycle import State
from integrator.erp.desk_row import RowFacts
from integrator.panel.access import Role
from integrator.panel.numbers.pairing import silent_names
from integrator.panel.routes import Page, get, post
from integrator.panel.rows import bubbles, compose, deeds, shown, words
from integrator.panel.rows.shelf import File, Files, Key, Shelf
from integrator.panel.visit import NotThere, Visit, Wrong

_LARGEST: Final = 2**31 - 1
_PICTURE_PX: Final = 640
#: What a browser may open by itself; anything else is only downloaded.
_SAFE: Final = frozenset({PDF.mime, PNG.mime, JPEG.mime})
_GONE: Final = "Este arquivo não pode mais ser mostrado: foi expurgado, ou os dados mudaram depois do envio."
_shelf: Final = Shelf()


def show(visit: Visit) -> Response:
    facts = _facts(visit)
    return visit.render("mensagem.html", **_values(visit, facts))


def part(visit: Visit) -> Response:
    """What changes by itself while somebody looks."""
    return visit.fragment("mensagem_inteira.html", **_values(visit, _facts(visit)))


def preview(visit: Visit) -> Response:
    """The bubbles alone, for a list."""
    facts = _facts(visit)
    return visit.fragment("mensagem_baloes.html", **_content(visit, facts))


def _values(visit: Visit, facts: RowFacts) -> dict[str, Any]:
    row = facts.row
    return {
        **_content(visit, facts),
        "phone": shown.phone_of(row, visit.shop.settings.whatsapp.default_area),
        "words": words,
        "may": visit.may(Role.OPERATOR),
        "nothing": words.nothing_to_do(row.state),
        "token": shown.token(row.ref),
        "shop": visit.shop.name,
        "State": State,
        "accepted": row.state is State.SENT and facts.instance in silent_names(visit.panel, visit.shop),
    }


def _content(visit: Visit, facts: RowFacts) -> dict[str, Any]:
    """What is shown of it, its files put aside for the requests that follow."""
    row, shop = facts.row, visit.shop
    sent = _has_left(facts)
    at = next((each.sent_at for each in facts.parts if each.sent_at), None) or row.sent_at
    made = compose.make(shop, row.ref, at if sent and at else visit.now)
    found: tuple[tuple[bubbles.Bubble, ...], Files] = ((), {})
    if sent:
        found = bubbles.of_sent(facts, made)
    elif made.composed is not None:
        found = bubbles.of_preview(made.composed)
    _shelf.put(_key(visit, facts), found[1])
    return {
        "facts": facts,
        "row": row,
        "sent": sent,
        "bubbles": found[0],
        "message": made.message,
        "told": [] if sent else words.what_happens(visit, facts, made),
    }


def _has_left(facts: RowFacts) -> bool:
    """Whether anything of it left, or may have; a row that goes back to wait its turn may have left in part."""
    return bool(facts.parts) and (facts.row.state in words.LEFT or any(each.left for each in facts.parts))


def _facts(visit: Visit) -> RowFacts:
    """Raises :class:`NotThere` for a number that no row has, or that another row has in a restored database."""
    number = int(visit.path("numero"))
    found = visit.shop.desk.facts(number, visit.query.get("guid", "")) if number <= _LARGEST else None
    if found is None:
        raise NotThere("Não há mensagem com este número neste banco de dados. Ela pode ser de outro banco.")
    return found


def _key(visit: Visit, facts: RowFacts) -> Key:
    row = facts.row
    return (visit.shop.database.target.path, visit.shop.name, row.ref, row.changed_at, visit.shop.settings)


# -- its files --------------------------------------------------------------------------------------------------------


def attachment(visit: Visit) -> Response:
    """A file as it is, by the number of its part; nothing of the address ever names a path."""
    file = _file(visit)
    ascii_name = slug(file.name) or "arquivo"
    how = "inline" if file.mime in _SAFE else "attachment"
    disposition = f"{how}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(file.name, safe='')}"
    return Response(file.content, media_type=file.mime, headers={"content-disposition": disposition})


def first_page(visit: Visit) -> Response:
    """The first page of a PDF as a picture."""
    file = _file(visit)
    if file.mime != PDF.mime:
        raise NotThere(_GONE)
    from integrator.documents.pictures import thumbnail

    try:
        return Response(thumbnail(file.content, _PICTURE_PX), media_type=PNG.mime)
    except DocumentError as error:
        raise NotThere(error.message, detail=error.detail) from error


def _file(visit: Visit) -> File:
    facts = _facts(visit)
    files = _shelf.find(_key(visit, facts))
    if files is None:
        _content(visit, facts)
        files = _shelf.find(_key(visit, facts)) or {}
    file = files.get(int(visit.path("parte")))
    if file is None:
        raise NotThere(_GONE)
    return file


# -- what is decided about it -----------------------------------------------------------------------------------------


def decide(visit: Visit) -> Response:
    """One deed for one row."""
    deed, ref = deeds.ALL.get(visit.path("feito")), shown.read_token(visit.typed("linha"))
    if deed is None or ref is None or ref.id != int(visit.path("numero")):
        raise Wrong("Escolha o que fazer com a mensagem.")
    visit.same_shop()
    deeds.do_one(visit, deed, ref, seen=deeds.seen_at(visit) if deed is deeds.CONFIRM else None)
    deeds.changed(visit)
    told = deeds.sentence(deed, deeds.Result(done=1))
    return visit.go(deeds.back(visit, f"/fila/{ref.id}?guid={ref.guid}"), told)


_ROW: Final = "/fila/{numero:int}"
PAGES: Final[tuple[Page, ...]] = (
    get(_ROW, show),
    get(f"{_ROW}/inteira", part),
    get(f"{_ROW}/previa", preview),
    get(f"{_ROW}/anexo/{{parte:int}}", attachment),
    get(f"{_ROW}/anexo/{{parte:int}}/pagina.png", first_page),
    post(f"{_ROW}/{{feito}}", decide, Role.OPERATOR),
)
