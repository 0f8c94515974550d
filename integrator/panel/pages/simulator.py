"""Simulador: the phones of the customers, live, while nothing is really sent."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from starlette.responses import Response

from integrator.domain.errors import DocumentError, GatewayError, IntegratorError
from integrator.erp.overview import instances, rows_of_parts
from integrator.gateways.simulator.customer import write_as
from integrator.gateways.simulator.ledger import Bubble, Ledger
from integrator.gateways.simulator.page import SHAPES, initials
from integrator.gateways.simulator.page_files import safe_name
from integrator.panel.access import Role
from integrator.panel.home.numbers import control_of
from integrator.panel.home.phones import Phone, conversations, file_of, one_phone, read_phones
from integrator.panel.numbers.pairing import told_of
from integrator.panel.routes import Page, get, post
from integrator.panel.visit import NotThere, Visit, Wrong
from integrator.sending.gateway import Pairing
from integrator.sending.number_words import number_words

_HOME: Final = "/simulador"
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_THUMBNAIL_PX: Final = 320
_LONGEST: Final = 60
_LONGEST_TEXT: Final = 1000
_PAGE: Final = re.compile(r"[0-9]{1,5}")
#: What a browser may show by itself; anything else is only saved.
_SHOWN: Final = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg"}


def show(visit: Visit) -> Response:
    if visit.panel.running.simulator() is None:
        return visit.render("simulador_real.html")
    return visit.render("simulador.html", **_phones(visit), **_shop_phone(visit), shapes=SHAPES)


def phones(visit: Visit) -> Response:
    """The conversations, as they change."""
    return visit.fragment("simulador_celulares.html", **_phones(visit))


def shop_phone(visit: Visit) -> Response:
    """The shop's own phone, which reads codes."""
    return visit.fragment("simulador_loja.html", **_shop_phone(visit))


def one(visit: Visit) -> Response:
    """One conversation as a whole."""
    ledger = read_phones(_folder(visit))
    found = one_phone(ledger, visit.path("celular"))
    if found is None:
        raise NotThere("Este celular não recebeu nenhuma mensagem do simulador.")
    writes = visit.may(Role.OPERATOR)
    known = _known(visit, (found,))
    return visit.render("simulador_celular.html", phone=found, shapes=SHAPES, writes=writes, **known)


def write_back(visit: Visit) -> Response:
    """The customer of one phone writes to the shop."""
    folder, phone, text = _folder(visit), visit.path("celular"), visit.typed("texto")[:_LONGEST_TEXT]
    if one_phone(read_phones(folder), phone) is None:
        raise NotThere("Este celular não recebeu nenhuma mensagem do simulador.")
    if not text:
        raise Wrong("Escreva o que o cliente responde.")
    write_as(folder, phone, text, visit.now)
    visit.panel.running.wake()
    visit.panel.live.tell("simulador")
    return visit.go(f"/simulador/celular/{phone}", "Resposta do cliente enviada. O Integrador a lê em instantes.")


def read_code(visit: Visit) -> Response:
    """The shop's phone reads the code on the screen of WhatsApp."""
    control = control_of(visit.panel, visit.shop)
    if control is None:
        raise Wrong("Nenhum código pode ser lido aqui.")
    now, shop = visit.now, visit.shop
    shown = control.look(now)
    if shown.code is None:
        raise Wrong("Nenhum código está na tela agora. Peça um na página WhatsApp.")
    after = control.read(shown.code.text, now)
    name = shop.settings.whatsapp.instance
    for known in (each for each in instances(shop.database, now) if each.name == name):
        told_of(visit.panel, shop, known, after)
    visit.record("leu o QR Code no simulador", name)
    visit.panel.running.wake()
    visit.panel.live.tell("estado", "simulador")
    return visit.go("/whatsapp", "Celular conectado.")


def file(visit: Visit) -> Response:
    """A file as the customer received it."""
    bubble, content = _content(visit)
    stem, suffix = safe_name(bubble.file_name)
    kind = _SHOWN.get(suffix, "application/octet-stream")
    way = "inline" if suffix in _SHOWN else "attachment"
    name = quote(f"{stem}.{suffix or 'bin'}")
    headers = {"content-disposition": f'{way}; filename="{name}"', "cache-control": "private, max-age=86400"}
    return Response(content, media_type=kind, headers=headers)


def picture(visit: Visit) -> Response:
    """The first page of a PDF."""
    from integrator.documents.pictures import thumbnail  # heavy, and for this page alone

    _, content = _content(visit)
    try:
        drawn = thumbnail(content, _THUMBNAIL_PX)
    except DocumentError as error:
        raise NotThere("Este arquivo não tem uma página para mostrar.") from error
    return Response(drawn, media_type="image/png", headers={"cache-control": "private, max-age=86400"})


def _content(visit: Visit) -> tuple[Bubble, bytes]:
    """The file is looked for among what the ledger says was received: no name from outside reaches the disk."""
    name = visit.path("arquivo")
    ledger = read_phones(_folder(visit))
    bubble = file_of(ledger, name) if _SHA256.fullmatch(name) else None
    if bubble is None:
        raise NotThere("Este arquivo não está no simulador.")
    try:
        return bubble, ledger.content(bubble)
    except OSError as error:
        raise NotThere("Este arquivo não está mais na pasta do simulador.") from error


def _folder(visit: Visit) -> Path:
    folder = visit.panel.running.simulator()
    if folder is None:
        raise NotThere("O simulador não está em uso.")
    return folder


def _phones(visit: Visit) -> dict[str, Any]:
    search = visit.query.get("busca", "").strip()[:_LONGEST]
    number = visit.query.get("pagina", "1")
    page = max(1, int(number)) if _PAGE.fullmatch(number) else 1
    problem = ""
    try:
        ledger = read_phones(_folder(visit))
    except GatewayError as error:
        ledger, problem = Ledger(Path()), error.message
    found = conversations(ledger, search, page)
    asked = urlencode({"busca": search} if search else {})
    return {
        "found": found,
        "page": page,
        "search": search,
        "problem": problem,
        "address": f"{_HOME}?{asked}&" if asked else f"{_HOME}?",
        "asks": next((each.asks for each in visit.panel.running.stations() if each.asks), ""),
        **_known(visit, found.page),
    }


def _known(visit: Visit, shown: tuple[Phone, ...]) -> dict[str, Any]:
    """Names and rows of those phones, and who writes to them; the phones alone while the database is away."""
    try:
        known = rows_of_parts(visit.shop.database, [phone.last for phone in shown])
        company = visit.shop.company().name
    except IntegratorError:
        known, company = {}, visit.panel.settings.company.trade_name or visit.panel.settings.company.legal_name
    return {"known": known, "company": company or "Loja", "initials": initials(company or "Loja")}


def _shop_phone(visit: Visit) -> dict[str, Any]:
    pairing: Pairing | None = None
    try:
        control = control_of(visit.panel, visit.shop)
        pairing = control.look(visit.now) if control is not None else None
    except IntegratorError:
        pairing = None
    words = number_words(pairing.state) if pairing else None
    return {"pairing": pairing, "words": words, "owner": visit.may(Role.OWNER)}


PAGES: Final[tuple[Page, ...]] = (
    get(_HOME, show),
    get("/simulador/celulares", phones),
    get("/simulador/loja", shop_phone),
    get("/simulador/celular/{celular}", one),
    get("/simulador/arquivo/{arquivo}", file),
    get("/simulador/pagina/{arquivo}", picture),
    post("/simulador/ler", read_code, Role.OWNER),
    post("/simulador/celular/{celular}/responder", write_back, Role.OPERATOR),
)
