"""What is configured in ``[[modelos_meta]]`` beside what Meta has: each difference as a sentence for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from integrator.gateways.cloud_api.templates import MetaTemplate, TemplateStatus
from integrator.settings.templates import TemplateSettings


def review(configured: Sequence[TemplateSettings], at_meta: Sequence[MetaTemplate]) -> tuple[str, ...]:
    """Why a configured template would be refused, or the history would show another text than what was read."""
    known = {(each.name, each.language): each for each in at_meta}
    told: list[str] = []
    for each in configured:
        told += _problems(each.name, each.language, each.body, each.document, known)
        if each.further:
            told += _problems(each.further, each.language, each.further_body, True, known)
    return tuple(dict.fromkeys(told))


def _problems(
    name: str, language: str, body: str, document: bool, known: dict[tuple[str, str], MetaTemplate]
) -> Iterator[str]:
    found = known.get((name, language))
    if found is None:
        yield f"O modelo “{name}” ({language}) não existe na Meta. Confira o nome e o idioma, ou crie o modelo."
        return
    if found.status is not TemplateStatus.APPROVED:
        yield f"O modelo “{name}” está {found.status.value} na Meta ({found.told}); só um aprovado pode sair."
    if found.body.split() != body.split():
        yield f"O texto do modelo “{name}” na Meta não é o de [[modelos_meta]]. Copie o aprovado para texto."
    if found.document is not document:
        has, asks = ("tem", "false") if found.document else ("não tem", "true")
        yield f"O modelo “{name}” {has} cabeçalho Documento na Meta, mas está com documento = {asks}."
    if found.quality == "RED":
        yield f"O modelo “{name}” está com qualidade baixa na Meta: clientes o bloqueiam ou denunciam. Reveja o texto."
