"""``[[modelos_meta]]``: which template of Meta's goes for which message, where the official API asks for one."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import BeforeValidator, model_validator

from integrator.domain.meta_template import MAX_BODY, numbered, placeholders
from integrator.settings.sections import Flag, Section, key


def _name(value: object) -> object:
    if value == "" or (isinstance(value, str) and re.fullmatch(r"[a-z0-9_]{1,512}", value)):
        return value
    raise ValueError(f"“{value}” não é um nome de modelo da Meta: use letras minúsculas sem acento, algarismos e _")


def _language(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2})?", value):
        return value
    raise ValueError(f'“{value}” não é um idioma da Meta: escreva por exemplo "pt_BR"')


TemplateName = Annotated[str, BeforeValidator(_name)]
Language = Annotated[str, BeforeValidator(_language)]


class TemplateSettings(Section):
    """One template. ``body`` is its text as it was approved, so that the history shows what the customer read.

    ``variables`` are expressions of the messages' language: a list for ``{{1}}``, ``{{2}}`` …, a table for named
    placeholders. ``document``: the first PDF goes on top. ``further`` names the template that takes each further PDF,
    ``further_body`` is its text.
    """

    module: str = key("modulo", ..., min_length=1)
    kind: str = key("tipo", ..., min_length=1)
    name: TemplateName = key("modelo", ..., min_length=1)
    language: Language = key("idioma", "pt_BR")
    body: str = key("texto", ..., min_length=1)
    variables: tuple[str, ...] | dict[str, str] = key("variaveis", ())
    document: Flag = key("documento", False)
    further: TemplateName = key("modelo_documentos", "")
    further_body: str = key("texto_documentos", "")

    @model_validator(mode="after")
    def _placeholders_have_variables(self) -> Self:
        if len(self.body) > MAX_BODY:
            raise ValueError(f"o texto do modelo tem {len(self.body)} caracteres; a Meta aceita até {MAX_BODY}")
        wanted = set(placeholders(self.body))
        named = isinstance(self.variables, dict)
        given = set(self.variables) if named else {str(place + 1) for place in range(len(self.variables))}
        if wanted != given or (named and numbered(self.body) and wanted):
            shown = ", ".join(f"{{{{{name}}}}}" for name in placeholders(self.body)) or "nenhuma"
            raise ValueError(
                f"as variaveis não são as do texto ({shown}). Escreva uma lista na ordem de {{{{1}}}}, {{{{2}}}}, ou "
                'uma tabela para nomes: { nome = "{primeiro_nome}" }'
            )
        return self

    @model_validator(mode="after")
    def _further_documents_have_a_text(self) -> Self:
        if self.further and not (self.document and self.further_body):
            raise ValueError("modelo_documentos precisa de documento = true e do texto dele em texto_documentos")
        if placeholders(self.further_body):
            raise ValueError("texto_documentos não pode ter variáveis")
        return self
