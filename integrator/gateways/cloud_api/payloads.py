"""A part of a message as Meta's ``/messages`` takes it."""

from __future__ import annotations

from collections.abc import Mapping

from integrator.domain.message import Part, PartKind, TemplateUse

Json = Mapping[str, object]


def message(to: str, part: Part, media_id: str, reference: str) -> Json:
    """The request for one part. ``reference`` comes back with every status of it (``biz_opaque_callback_data``)."""
    kind, content = _content(part, media_id)
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": to,
        "type": kind,
        kind: content,
        "biz_opaque_callback_data": reference,
    }


def _content(part: Part, media_id: str) -> tuple[str, Json]:
    if part.template is not None:
        return "template", _template(part.template, _document(part, media_id) if media_id else None)
    if part.kind is PartKind.DOCUMENT:
        caption = {"caption": part.caption} if part.caption else {}
        return "document", {**_document(part, media_id), **caption}
    return "text", {"body": part.text, "preview_url": False}


def _document(part: Part, media_id: str) -> Json:
    return {"id": media_id, "filename": part.file_name}


def _template(use: TemplateUse, document: Json | None) -> Json:
    components: list[Json] = []
    if document is not None:
        components.append({"type": "header", "parameters": [{"type": "document", "document": document}]})
    if use.values:
        texts = [
            {"type": "text", **({"parameter_name": value.name} if value.name else {}), "text": value.text}
            for value in use.values
        ]
        components.append({"type": "body", "parameters": texts})
    return {
        "name": use.name,
        "language": {"policy": "deterministic", "code": use.language},
        "components": components,
    }
