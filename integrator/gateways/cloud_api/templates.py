"""The shop's templates at Meta: what is approved, what was refused and why, handing in and changing.

Meta reviews a template before it may be used, mostly within minutes, at most a day or so. One that is changed is
reviewed again; an approved one may be changed once a day. A name that was deleted is blocked for thirty days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import requests

from integrator.domain.errors import GatewayError, SettingsError
from integrator.domain.meta_template import numbered, placeholders
from integrator.gateways.cloud_api.account import Account
from integrator.gateways.cloud_api.graph import Answer, Graph, body_of, unreachable
from integrator.gateways.cloud_api.reading import items_at, text_at

_FIELDS: Final = "id,name,status,category,language,components,rejected_reason,quality_score,parameter_format"
_PAGE: Final = "100"
_MOST_PAGES: Final = 50
_PDF: Final = "application/pdf"


class TemplateStatus(StrEnum):
    """Where a template stands, as people read it."""

    APPROVED = "aprovado"
    PENDING = "em análise"
    REJECTED = "recusado"
    PAUSED = "pausado"
    DISABLED = "desativado"
    DELETED = "excluído"
    OTHER = "outra situação"


class Category(StrEnum):
    """What a template is for, by which Meta prices and limits it."""

    UTILITY = "UTILITY"
    MARKETING = "MARKETING"


_STATUSES: Final = {
    "APPROVED": TemplateStatus.APPROVED,
    "PENDING": TemplateStatus.PENDING,
    "IN_APPEAL": TemplateStatus.PENDING,
    "REJECTED": TemplateStatus.REJECTED,
    "PAUSED": TemplateStatus.PAUSED,
    "DISABLED": TemplateStatus.DISABLED,
    "LIMIT_EXCEEDED": TemplateStatus.DISABLED,
    "ARCHIVED": TemplateStatus.DISABLED,
    "PENDING_DELETION": TemplateStatus.DELETED,
    "DELETED": TemplateStatus.DELETED,
}


@dataclass(frozen=True, slots=True)
class MetaTemplate:
    """A template as Meta has it. ``told`` is Meta's own word for status or reason; ``document``: a PDF goes on top."""

    id: str
    name: str
    language: str
    status: TemplateStatus
    category: str
    body: str
    document: bool
    told: str = ""
    quality: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A template to hand in. ``examples`` are values for the placeholders of ``body``, in the order in which they first
    appear; ``sample`` is a PDF like those that will go on top, empty for a template without one.
    """

    name: str
    language: str
    body: str
    examples: tuple[str, ...] = ()
    category: Category = Category.UTILITY
    sample: bytes = b""


class Templates:
    """The templates of one account. Every method raises :class:`GatewayError` when Meta refuses or is out of reach,
    and :class:`SettingsError` where the account's or the app's id is missing.
    """

    def __init__(self, graph: Graph, account: Account) -> None:
        self._graph = graph
        self._account = account

    def all(self) -> tuple[MetaTemplate, ...]:
        """Every template of the account."""
        return tuple(self._pages())

    def status(self, name: str, language: str) -> MetaTemplate | None:
        """One of them; None when Meta has none of that name and language."""
        found = (each for each in self._pages({"name": name}) if (each.name, each.language) == (name, language))
        return next(found, None)

    def create(self, draft: Draft) -> MetaTemplate:
        """Hand in a new one."""
        fields = {
            "name": draft.name,
            "language": draft.language,
            "category": draft.category.value,
            "parameter_format": "POSITIONAL" if numbered(draft.body) else "NAMED",
            "components": self._components(draft),
        }
        body = self._asked(self._graph.post, self._edge(), fields)
        return _handed_in(draft, body, text_at(body, "id"))

    def edit(self, template_id: str, draft: Draft) -> MetaTemplate:
        """Change the text of one and hand it in again; name, language, category and way of naming stay."""
        body = self._asked(self._graph.post, template_id, {"components": self._components(draft)})
        return _handed_in(draft, body, template_id)

    def delete(self, name: str, template_id: str) -> None:
        """Delete one language of a template; the others of that name stay."""
        self._asked(self._graph.delete, self._edge(), {"name": name, "hsm_id": template_id})

    def _pages(self, query: Mapping[str, str] | None = None) -> Iterator[MetaTemplate]:
        wanted = {"fields": _FIELDS, "limit": _PAGE, **(query or {})}
        for _ in range(_MOST_PAGES):
            page = self._asked(self._graph.get, self._edge(), wanted)
            yield from map(_template, items_at(page, "data"))
            after = text_at(page, "paging", "cursors", "after")
            if not after or not text_at(page, "paging", "next"):
                return
            wanted["after"] = after

    def _components(self, draft: Draft) -> list[dict[str, object]]:
        """A PDF on top, then the text."""
        names = placeholders(draft.body)
        body: dict[str, object] = {"type": "BODY", "text": draft.body}
        if names and numbered(draft.body):
            body["example"] = {"body_text": [list(draft.examples)]}
        elif names:
            pairs = zip(names, draft.examples, strict=True)
            body["example"] = {
                "body_text_named_params": [{"param_name": name, "example": said} for name, said in pairs]
            }
        if not draft.sample:
            return [body]
        handle = self._hand_in_sample(draft.sample)
        return [{"type": "HEADER", "format": "DOCUMENT", "example": {"header_handle": [handle]}}, body]

    def _hand_in_sample(self, pdf: bytes) -> str:
        """Upload the sample of a header (Resumable Upload API); what Meta calls its handle."""
        if not self._account.app_id:
            raise SettingsError("Para enviar um modelo com documento, preencha meta_app_id no número do config.toml.")
        query = {"file_name": "exemplo.pdf", "file_length": str(len(pdf)), "file_type": _PDF}
        begun = self._asked(self._graph.post, f"{self._account.app_id}/uploads", {}, query)
        handle = text_at(self._asked(self._graph.put_bytes, text_at(begun, "id"), pdf), "h")
        if not handle:
            raise GatewayError("A Meta não aceitou o PDF de exemplo do modelo.", detail="upload without handle")
        return handle

    def _asked(self, ask: Callable[..., Answer], *arguments: object) -> object:
        try:
            return body_of(ask(*arguments))
        except requests.RequestException as error:
            raise unreachable(error) from error

    def _edge(self) -> str:
        if not self._account.account_id:
            raise SettingsError("Para ver os modelos, preencha meta_conta_id no número do config.toml.")
        return f"{self._account.account_id}/message_templates"


def _template(found: object) -> MetaTemplate:
    parts = tuple(items_at(found, "components"))
    told = text_at(found, "status")
    reason = text_at(found, "rejected_reason")
    return MetaTemplate(
        id=text_at(found, "id"),
        name=text_at(found, "name"),
        language=text_at(found, "language"),
        status=_STATUSES.get(told, TemplateStatus.OTHER),
        category=text_at(found, "category"),
        body=next((text_at(part, "text") for part in parts if text_at(part, "type") == "BODY"), ""),
        document=any(text_at(part, "format") == "DOCUMENT" for part in parts),
        told=told if reason in ("", "NONE") else reason,
        quality=text_at(found, "quality_score", "score"),
    )


def _handed_in(draft: Draft, body: object, template_id: str) -> MetaTemplate:
    """What was handed in, as Meta answered: it may put another category than the one asked for."""
    told = text_at(body, "status") or "PENDING"
    status = _STATUSES.get(told, TemplateStatus.OTHER)
    category = text_at(body, "category") or draft.category.value
    return MetaTemplate(template_id, draft.name, draft.language, status, category, draft.body, bool(draft.sample), told)
