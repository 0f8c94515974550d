"""``[[modelos_meta]]``: what can be written wrong, and what is compared with Meta."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from integrator.domain.errors import SettingsError
from integrator.gateways.cloud_api.review import review
from integrator.gateways.cloud_api.templates import MetaTemplate, TemplateStatus
from integrator.policies import check_settings, compose_policy
from integrator.settings import Settings
from integrator.settings.templates import TemplateSettings

OFFICIAL = '[whatsapp]\nmotor = "oficial"\nmeta_numero_id = "1"\n[[modelos_meta]]\n'
GOOD = {
    "modulo": '"AVISO DE DÉBITOS"',
    "tipo": '"DÉBITO VENCIDO"',
    "modelo": '"aviso_vencido"',
    "texto": '"Olá, {{1}}. São {{2}}."',
    "variaveis": '["{primeiro_nome}", "{total}"]',
    "documento": "true",
}


def settings(start: str = OFFICIAL, **changed: str) -> Settings:
    lines = (f"{name} = {value}" for name, value in (GOOD | changed).items())
    return Settings.of_text(start + "\n".join(lines), Path("config.toml"))


@pytest.mark.feature("C34")
def test_what_is_written_reaches_the_composer_of_an_official_number() -> None:
    (choice,) = compose_policy(settings()).templates or ()
    assert (choice.name, choice.language, choice.document) == ("aviso_vencido", "pt_BR", True)
    assert [each.source for each in choice.expressions] == ["{primeiro_nome}", "{total}"]
    assert compose_policy(settings('[whatsapp]\nmotor = "embutido"\n[[modelos_meta]]\n')).templates is None


def test_names_may_be_written_as_a_table() -> None:
    named = settings(
        texto='"Olá, {{nome}}. São {{total}}."', variaveis='{ total = "{total}", nome = "{primeiro_nome}" }'
    )
    (choice,) = compose_policy(named).templates or ()
    assert {each.name: each.source for each in choice.expressions} == {"nome": "{primeiro_nome}", "total": "{total}"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"variaveis": '["{primeiro_nome}"]'}, "{{1}}, {{2}}"),
        ({"variaveis": '["{primeiro_nome}", "{total}", "{empresa}"]'}, "{{1}}, {{2}}"),
        ({"texto": '"Olá, {{1}}. São {{3}}."'}, "{{1}}, {{3}}"),
        ({"modelo": '"Aviso Vencido"'}, "letras minúsculas"),
        ({"idioma": '"português"'}, "pt_BR"),
        ({"texto": f'"{"x" * 1025}"', "variaveis": "[]"}, "1024"),
        ({"modelo_documentos": '"mais_um"'}, "texto_documentos"),
        ({"documento": "false", "modelo_documentos": '"mais_um"', "texto_documentos": '"Segue."'}, "documento = true"),
        ({"mdelo": '"x"'}, "mdelo"),
    ],
)
def test_what_is_written_wrong_is_told_in_words(changed: dict[str, str], told: str) -> None:
    with pytest.raises(SettingsError) as refused:
        settings(**changed)
    assert told in refused.value.message
    assert "modelos_meta" in refused.value.message


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"modulo": '"DÉBITOS"'}, "não há módulo"),
        ({"tipo": '"VENCIDO ONTEM"'}, "Os tipos dele"),
        ({"variaveis": '["{primero_nome}", "{total}"]'}, "primeiro_nome"),
    ],
)
def test_what_does_not_exist_is_told_when_the_program_starts(changed: dict[str, str], told: str) -> None:
    with pytest.raises(SettingsError) as refused:
        check_settings(settings(**changed))
    assert told in refused.value.message


CONFIGURED = TemplateSettings(module="X", kind="Y", name="aviso", body="Olá,\nbom dia.", document=True)
AT_META = MetaTemplate("1", "aviso", "pt_BR", TemplateStatus.APPROVED, "UTILITY", "Olá, bom dia.", True)


def test_a_template_as_it_was_approved_is_well() -> None:
    assert review([CONFIGURED], [AT_META]) == ()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"name": "outro"}, "não existe na Meta"),
        ({"language": "en_US"}, "não existe na Meta"),
        ({"status": TemplateStatus.PAUSED, "told": "PAUSED"}, "pausado"),
        ({"body": "Olá, boa tarde."}, "texto"),
        ({"document": False}, "não tem cabeçalho"),
        ({"quality": "RED"}, "qualidade"),
    ],
)
def test_each_difference_is_a_sentence(changed: dict[str, Any], told: str) -> None:
    (problem,) = review([CONFIGURED], [replace(AT_META, **changed)])
    assert told in problem


def test_the_template_of_further_documents_is_compared_too() -> None:
    further = CONFIGURED.model_copy(update={"further": "mais_um", "further_body": "Segue."})
    (problem,) = review([further], [AT_META])
    assert "mais_um" in problem
