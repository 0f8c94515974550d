"""The menu: every page that people go to by themselves, in the order of a day's work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from integrator.panel.access import Role

if TYPE_CHECKING:
    from integrator.panel.visit import Visit


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu; ``group`` is the heading it stands under."""

    label: str
    path: str
    group: str
    least: Role = Role.VIEWER


MENU: Final = (
    Entry("Início", "/", "Dia a dia"),
    Entry("Fila", "/fila", "Dia a dia"),
    Entry("Confirmar", "/confirmar", "Dia a dia"),
    Entry("Histórico", "/historico", "Dia a dia"),
    Entry("Clientes", "/clientes", "Dia a dia"),
    Entry("Mensagens", "/mensagens", "Como a loja envia"),
    Entry("Régua", "/regua", "Como a loja envia"),
    Entry("Documentos", "/documentos", "Como a loja envia"),
    Entry("Envio", "/envio", "Como a loja envia"),
    Entry("WhatsApp", "/whatsapp", "Como a loja envia"),
    Entry("Simulador", "/simulador", "Apoio"),
    Entry("Registro", "/registro", "Apoio", Role.OWNER),
    Entry("Usuários", "/usuarios", "Apoio", Role.OWNER),
    Entry("Chaves da API", "/chaves", "Apoio", Role.OWNER),
)


def menu(visit: Visit) -> list[tuple[str, list[tuple[Entry, bool]]]]:
    """Groups of entries that this person may open, each with whether it is the page being shown."""
    here = "/" + visit.request.url.path.strip("/").partition("/")[0]
    groups: dict[str, list[tuple[Entry, bool]]] = {}
    for entry in MENU:
        if visit.may(entry.least):
            groups.setdefault(entry.group, []).append((entry, entry.path == here))
    return list(groups.items())
