"""The shop's own documents, files in ``pasta_modelos``: text and name are checked before anything is written."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from integrator.documents.blocks.loader import read_model
from integrator.documents.blocks.models import DocumentModel, Look, Models, built_in_names, built_in_source
from integrator.documents.blocks.preview import draw_sample
from integrator.documents.formats import is_reserved_name
from integrator.domain.errors import IntegratorError, SettingsError
from integrator.domain.message import Company
from integrator.panel.visit import NotThere, Visit
from integrator.settings.editing import replace_file
from integrator.settings.problems import DocumentModelError

#: Where the shop's own models go while ``pasta_modelos`` is empty: beside ``config.toml``.
FOLDER: Final = "modelos"
LARGEST: Final = 256 * 1024
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


@dataclass(frozen=True, slots=True)
class Listed:
    """One document of the list. ``problem`` tells why it cannot be used."""

    name: str
    title: str
    collects: bool
    own: bool
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing to mend in a text; ``line`` 0: it is about the whole."""

    line: int
    told: str


def models_of(visit: Visit) -> Models:
    """The documents that count now."""
    named = visit.panel.settings.documents.models_folder
    return Models(Path(named) if named else None)


def listed(visit: Visit) -> tuple[Listed, ...]:
    """All of them. Raises :class:`DocumentModelError` for a folder that cannot be read."""
    models = models_of(visit)
    return tuple(_listed(models, name) for name in models.names())


def known_names(visit: Visit) -> tuple[str, ...]:
    """Their names; those that come along while the shop's folder cannot be read."""
    try:
        return models_of(visit).names()
    except DocumentModelError:
        return tuple(sorted(built_in_names()))


def source_of(visit: Visit, name: str) -> str:
    """The text of a document, the shop's own or the built-in one. Raises :class:`NotThere`."""
    own = models_of(visit).file_of(name)
    if own is not None:
        try:
            return own.read_bytes().decode("utf-8-sig", "replace").replace("\r\n", "\n")
        except OSError as error:
            raise SettingsError("Não consegui ler o arquivo do modelo. Confira a permissão da pasta.") from error
    if name not in built_in_names():
        raise NotThere("Não existe um documento com esse nome.")
    return built_in_source(name)


def version_of(text: str) -> str:
    """Names the content, to notice a change made meanwhile."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def checked_name(name: str) -> str:
    """The name of a document, as a file's name may be. Raises :class:`SettingsError`."""
    if not _NAME.fullmatch(name) or is_reserved_name(name):
        raise SettingsError(
            "Dê ao modelo um nome com letras minúsculas sem acento, algarismos, _ e -, por exemplo "
            "demonstrativo_colegio."
        )
    return name


def problems_in(text: str, name: str, visit: Visit) -> tuple[Wrong, ...]:
    """What keeps the text from being used as that document, drawn with sample data too."""
    try:
        drawn(text, name, visit)
    except DocumentModelError as error:
        return tuple(Wrong(each.place.line, each.message) for each in error.problems)
    except SettingsError as error:
        return (Wrong(0, error.message),)
    return ()


def drawn(text: str, name: str, visit: Visit) -> bytes:
    """The sample PDF of a text. Raises :class:`SettingsError`."""
    if len(text.encode("utf-8", "replace")) > LARGEST:
        raise SettingsError(f"Um modelo tem no máximo {LARGEST // 1024} KB.")
    return _sample(read_model(text, f"{name}.toml", name), visit.now, visit)


def sample_of(visit: Visit, name: str) -> bytes:
    """The sample PDF of a document by its name. Raises :class:`SettingsError`."""
    return _sample(models_of(visit).get(name), visit.now, visit)


def folder_of(visit: Visit) -> Path:
    """Where the shop's own ones are or will be."""
    named = visit.panel.settings.documents.models_folder
    return Path(named) if named else visit.panel.folder / FOLDER


def write(visit: Visit, name: str, text: str) -> None:
    """Put the text into the folder under a name that was checked. Raises :class:`SettingsError`."""
    target = folder_of(visit) / f"{checked_name(name)}.toml"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_file(models_of(visit).file_of(name) or target, text.replace("\r\n", "\n").encode(), like=None)
    except OSError as error:
        raise SettingsError(
            "Não consegui gravar o modelo. Confira se a pasta dos modelos aceita gravação.", detail=repr(error)
        ) from error


def remove(visit: Visit, name: str) -> None:
    """Take the shop's own file away. Raises :class:`NotThere` and :class:`SettingsError`."""
    own = models_of(visit).file_of(name)
    if own is None:
        raise NotThere("A loja não tem um modelo próprio com esse nome.")
    used = users_of(visit, name)
    if used and name not in built_in_names():
        raise SettingsError(f"O modelo “{name}” é usado {', '.join(used)}. Escolha outro ali antes de tirá-lo.")
    try:
        own.unlink()
    except OSError as error:
        raise SettingsError("Não consegui apagar o arquivo do modelo.", detail=repr(error)) from error


def users_of(visit: Visit, name: str) -> Sequence[str]:
    """Where the document is chosen, in words."""
    chosen = visit.panel.settings.documents
    account = ["pela conta"] if name in {chosen.statement, chosen.agreement} else []
    return account + [
        f"pelo credor {each.creditor}" for each in chosen.creditors if name in {each.statement, each.agreement}
    ]


def _listed(models: Models, name: str) -> Listed:
    own = models.file_of(name) is not None
    try:
        model = models.get(name)
    except DocumentModelError as error:
        return Listed(name, "", False, own, error.problems[0].told(f"{name}.toml"))
    return Listed(name, model.title, model.collects, own)


def _sample(model: DocumentModel, now: datetime, visit: Visit) -> bytes:
    return draw_sample(model, Look(visit.panel.settings.documents.colour), now, _letterhead(visit))


def _letterhead(visit: Visit) -> Company | None:
    """The shop's own; None, for a sample one, where it is not known or not whole."""
    try:
        company = visit.shop.company()
    except IntegratorError:
        return None
    return company if company.name and company.tax_id else None
