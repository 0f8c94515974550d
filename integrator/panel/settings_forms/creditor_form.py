"""The page of one creditor with documents of its own."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from integrator.domain.errors import SettingsError
from integrator.panel.settings_forms.document_fields import as_table
from integrator.panel.settings_forms.problems import sorted_problems
from integrator.panel.settings_forms.saving import BAD, CONFLICT, change
from integrator.panel.settings_forms.shop_models import known_names
from integrator.panel.visit import NotThere, Visit
from integrator.settings.contents import CreditorSettings
from integrator.settings.editing import ConfigChanged, put, remove

CREDITORS: Final = ("documentos", "credores")
_KEYS: Final = ("credor", "nome", "cnpj", "endereco", "demonstrativo", "termo_acordo")
_LONGEST: Final = 200


def the_creditor(visit: Visit) -> Response:
    """The form; of a new one without ``credor``."""
    asked = visit.query.get("credor", "")
    if not asked:
        return _page(visit, "", dict.fromkeys(_KEYS, ""))
    return _page(visit, asked, {key: value or "" for key, value in as_table(_creditor(visit, asked)).items()})


def store_creditor(visit: Visit) -> Response:
    """A new one, or one changed."""
    before = visit.typed("antes")
    asked = {key: visit.typed(key)[:_LONGEST] for key in _KEYS}
    others = [each for each in visit.panel.settings.documents.creditors if each.creditor != before]
    try:
        if not asked["credor"]:
            raise SettingsError("Diga o credor: o nome, o CPF/CNPJ ou o código que a mensagem traz.")
        if any(each.creditor.casefold() == asked["credor"].casefold() for each in others):
            raise SettingsError(f"O credor “{asked['credor']}” já está na lista.")
        table = {key: value or None for key, value in asked.items()}
        tables = [*map(as_table, others), table]
        change(visit, lambda document: put(document, CREDITORS, tables))
    except SettingsError as error:
        told = sorted_problems(error, ()).general
        return _page(visit, before, asked, told, CONFLICT if isinstance(error, ConfigChanged) else BAD)
    visit.record("mudou um credor" if before else "acrescentou um credor", asked["credor"])
    return visit.go("/documentos#credores", f"Credor “{asked['credor']}” salvo.")


def take_creditor(visit: Visit) -> Response:
    """One less: its messages take the account's documents again."""
    gone = _creditor(visit, visit.typed("credor"))
    left = [as_table(each) for each in visit.panel.settings.documents.creditors if each != gone]
    change(visit, lambda document: put(document, CREDITORS, left) if left else remove(document, CREDITORS))
    visit.record("tirou um credor", gone.creditor)
    return visit.go("/documentos#credores", f"Credor “{gone.creditor}” tirado. Valem para ele os modelos da conta.")


def _creditor(visit: Visit, name: str) -> CreditorSettings:
    found = next((each for each in visit.panel.settings.documents.creditors if each.creditor == name), None)
    if found is None:
        raise NotThere("Esse credor não está na lista. Abra a página Documentos de novo.")
    return found


def _page(
    visit: Visit, before: str, asked: dict[str, Any], problems: tuple[str, ...] = (), status: int = 200
) -> Response:
    models = (("", "o da conta"), *((name, name) for name in known_names(visit)))
    return visit.render(
        "documentos_credor.html",
        status,
        before=before,
        asked=asked,
        problems=problems,
        models=models,
        version=visit.panel.config.read().version,
    )
