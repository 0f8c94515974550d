"""Cadastros novos: what becomes of people whom the ERP has just registered. Only the owner changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from integrator.domain.errors import SettingsError
from integrator.panel.settings_forms.saving import BAD, CONFLICT, change
from integrator.panel.visit import Visit
from integrator.settings.customers import CustomerSettings, NewRecords
from integrator.settings.editing import ConfigChanged, fixed_by_environment, put

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_PATH: Final = ("clientes", "cadastros_novos")
_SINCE: Final = ("clientes", "cadastros_novos_desde")
_LABELS: Final = {
    NewRecords.NOTHING: "Nada: quem acaba de ser cadastrado só recebe depois de autorizar",
    NewRecords.TERM: "Perguntar: mandar o termo de consentimento, uma vez só",
    NewRecords.ACCEPT: "Anotar que aceita receber, sem perguntar",
}


def show(visit: Visit) -> Response:
    """GET /clientes/novos."""
    return _page(visit, visit.panel.settings.customers.new_records)


def save(visit: Visit) -> Response:
    """POST /clientes/novos."""
    known = {each.value for each in NewRecords}
    now = visit.panel.settings.customers
    if visit.typed("cadastros") not in known:
        return _page(visit, now.new_records, "Escolha o que fazer com os cadastros novos.")
    wanted = NewRecords(visit.typed("cadastros"))
    if wanted is NewRecords.ACCEPT and visit.typed("ciente") != "sim":
        return _page(visit, wanted, "Marque que a loja tem a autorização assinada de quem cadastra.")
    if wanted is now.new_records:
        return visit.go("/clientes/novos", "Nada mudou.")

    def edit(document: TOMLDocument) -> None:
        put(document, _PATH, wanted.value)
        put(document, _SINCE, "" if wanted is NewRecords.NOTHING else visit.now.isoformat(timespec="seconds"))

    try:
        change(visit, edit)
    except ConfigChanged:
        told = "A configuração mudou enquanto esta página estava aberta. Confira e salve de novo."
        return _page(visit, wanted, told, CONFLICT)
    except SettingsError as error:
        return _page(visit, wanted, error.message)
    visit.record("Mudou o que fazer com cadastros novos", f"{now.new_records.value} → {wanted.value}")
    return visit.go("/clientes/novos", f"Salvo. {_LABELS[wanted]}.")


def _page(visit: Visit, chosen: NewRecords, problem: str = "", status: int = BAD) -> Response:
    now: CustomerSettings = visit.panel.settings.customers
    return visit.render(
        "clientes_novos.html",
        status if problem else 200,
        now=now,
        chosen=chosen,
        labels=_LABELS,
        accept=NewRecords.ACCEPT,
        nothing=NewRecords.NOTHING,
        problem=problem,
        version=visit.panel.config.read().version,
        locked=fixed_by_environment(_PATH),
    )
