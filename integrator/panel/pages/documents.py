"""Documentos: what goes attached, how it looks, the shop's own models, and those of each creditor."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from integrator.domain.errors import SettingsError
from integrator.messages.formatting import format_count
from integrator.panel.access import Role
from integrator.panel.routes import Page, get, post
from integrator.panel.settings_forms.creditor_form import store_creditor, take_creditor, the_creditor
from integrator.panel.settings_forms.document_fields import document_fields
from integrator.panel.settings_forms.model_form import (
    copy_model,
    model,
    preview,
    sample,
    store_model,
    take_model,
    upload,
)
from integrator.panel.settings_forms.saving import Refused, controls, save
from integrator.panel.settings_forms.shop_models import Listed, known_names, listed
from integrator.panel.visit import Visit
from integrator.settings.editing import fixed_by_environment


def show(visit: Visit) -> Response:
    """The page."""
    return _page(visit)


def store(visit: Visit) -> Response:
    """What the whole account uses."""
    outcome = save(visit, document_fields(known_names(visit)))
    if isinstance(outcome, Refused):
        return _page(visit, outcome, outcome.status)
    if not outcome.changes:
        return visit.go("/documentos", "Nada mudou: os valores já eram estes.")
    visit.record("mudou os documentos", "; ".join(outcome.changes))
    return visit.go("/documentos", f"Salvo: {format_count(len(outcome.changes), 'ajuste', 'ajustes')}.")


def _page(visit: Visit, refused: Refused | None = None, status: int = 200) -> Response:
    settings = visit.panel.settings
    return visit.render(
        "documentos.html",
        status,
        controls=controls(visit, document_fields(known_names(visit)), refused),
        general=refused.general if refused else (),
        wrong=refused is not None,
        creditors=settings.documents.creditors,
        creditors_locked=fixed_by_environment(("documentos", "credores")),
        version=visit.panel.config.read().version,
        problem=visit.panel.config_problem,
        may=visit.may(Role.OWNER),
        **_models(visit),
    )


def _models(visit: Visit) -> dict[str, Any]:
    found: tuple[Listed, ...] = ()
    told = ""
    try:
        found = listed(visit)
    except SettingsError as error:
        told = error.message
    return {"models": found, "folder_problem": told}


PAGES: Final[tuple[Page, ...]] = (
    get("/documentos", show),
    post("/documentos", store, Role.OWNER),
    get("/documentos/exemplo", sample),
    get("/documentos/modelo", model, Role.OWNER),
    post("/documentos/modelo", store_model, Role.OWNER),
    post("/documentos/modelo/previa", preview, Role.OWNER),
    post("/documentos/modelo/copiar", copy_model, Role.OWNER),
    post("/documentos/modelo/enviar", upload, Role.OWNER),
    post("/documentos/modelo/tirar", take_model, Role.OWNER),
    get("/documentos/credor", the_creditor, Role.OWNER),
    post("/documentos/credor", store_creditor, Role.OWNER),
    post("/documentos/credor/tirar", take_creditor, Role.OWNER),
)
