"""Clientes: who accepts to receive what, and the health of the register."""

from __future__ import annotations

from typing import Final

from integrator.panel.access import Role
from integrator.panel.customers import (
    bulk,
    erasure,
    health_pages,
    listing,
    new_records_page,
    own_data,
    person,
    poster_page,
    term_page,
)
from integrator.panel.routes import Page, get, post

_PHONE: Final = "/clientes/telefone/{digits}"
_TERM: Final = "/clientes/termo"
_BULK: Final = "/clientes/lote"
_RECORD: Final = f"{_BULK}/{{number}}"

PAGES: Final[tuple[Page, ...]] = (
    get("/clientes", listing.show),
    get("/clientes/linhas", listing.lines),
    get(_PHONE, person.show),
    post(f"{_PHONE}/resposta", person.record, Role.OPERATOR),
    get(f"{_PHONE}/dados.json", own_data.as_json, Role.OPERATOR),
    get(f"{_PHONE}/dados.txt", own_data.as_text, Role.OPERATOR),
    get(f"{_PHONE}/apagar", erasure.ask, Role.OWNER),
    post(f"{_PHONE}/apagar", erasure.erase, Role.OWNER),
    post(f"{_PHONE}/termo", term_page.ask_one, Role.OPERATOR),
    get(_TERM, term_page.show),
    post(f"{_TERM}/conferir", term_page.preview, Role.OPERATOR),
    post(f"{_TERM}/pedir", term_page.ask, Role.OPERATOR),
    get(f"{_TERM}/{{number}}", term_page.one),
    post(f"{_TERM}/{{number}}/desfazer", term_page.undo, Role.OPERATOR),
    get(_BULK, bulk.show),
    post(f"{_BULK}/conferir", bulk.preview, Role.OPERATOR),
    post(f"{_BULK}/registrar", bulk.write, Role.OPERATOR),
    get(_RECORD, bulk.one),
    get(f"{_RECORD}/lista.csv", bulk.sheet, Role.OPERATOR),
    post(f"{_RECORD}/desfazer", bulk.undo, Role.OPERATOR),
    get("/clientes/novos", new_records_page.show),
    post("/clientes/novos", new_records_page.save, Role.OWNER),
    get("/clientes/cadastro", health_pages.show),
    post("/clientes/cadastro/conferir", health_pages.examine, Role.VIEWER),
    get("/clientes/cadastro.csv", health_pages.sheet),
    get("/clientes/cartaz", poster_page.show),
    get("/clientes/cartaz.pdf", poster_page.pdf),
    get("/clientes/cartaz.png", poster_page.picture),
)
