"""The pages, one module each with its ``PAGES``: loaded with the first request for an address that begins so."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from integrator.panel.routes import Page

#: The first part of a page's address, and the module that has it.
SECTIONS: Final[Mapping[str, str]] = {
    "": "home",
    "inicio": "home",
    "avisos": "home",
    "banco": "home",
    "fila": "queue",
    "confirmar": "confirm",
    "historico": "history",
    "clientes": "customers",
    "mensagens": "texts",
    "regua": "ruler",
    "documentos": "documents",
    "envio": "sending",
    "whatsapp": "whatsapp",
    "simulador": "simulator",
    "registro": "logs",
    "usuarios": "members",
    "minha-conta": "members",
    "chaves": "keys",
    "api": "keys",
    "entrar": "entrance",
    "sair": "entrance",
    "primeiro-acesso": "entrance",
    "certificado": "entrance",
    "local": "entrance",
}


def section_of(path: str) -> str:
    """The first part of an address."""
    return path.strip("/").partition("/")[0]


def pages_of(section: str) -> tuple[Page, ...]:
    """The pages of that section; none for an address that begins with no section's name."""
    name = SECTIONS.get(section)
    if name is None:
        return ()
    found: tuple[Page, ...] = import_module(f"{__name__}.{name}").PAGES
    return tuple(page for page in found if section_of(page.path) == section)


def all_pages() -> tuple[Page, ...]:
    """Every page of the panel."""
    return tuple(page for section in SECTIONS for page in pages_of(section))
