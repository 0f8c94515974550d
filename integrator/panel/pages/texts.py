"""Mensagens: the text of every situation of every module, its switch and its preview."""

from __future__ import annotations

from typing import Final

from integrator.panel.access import Role
from integrator.panel.routes import Page, get, post
from integrator.panel.texts import editor, listing

_ONE: Final = "/mensagens/{modulo}/{mensagem}"

PAGES: Final[tuple[Page, ...]] = (
    get("/mensagens", listing.show),
    post("/mensagens/geral", listing.save_general, Role.OWNER),
    post("/mensagens/{modulo}", listing.save_module, Role.OWNER),
    get(_ONE, editor.show),
    post(_ONE, editor.save, Role.OWNER),
    post(f"{_ONE}/conferir", editor.check, Role.VIEWER),
    post(f"{_ONE}/parte", editor.part, Role.VIEWER),
    post(f"{_ONE}/importar", editor.take_over, Role.VIEWER),
    post(f"{_ONE}/padrao", editor.restore, Role.OWNER),
    get(f"{_ONE}/versoes/{{versao:int}}", editor.version),
    post(f"{_ONE}/versoes/{{versao:int}}", editor.use_version, Role.OWNER),
    get(f"{_ONE}/arquivos/{{linha}}/{{arquivo:int}}", editor.file),
)
