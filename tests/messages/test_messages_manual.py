"""The manual of the messages: its tables are the catalogue's, and its examples are read as they stand."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrator.domain.message import Purpose
from integrator.messages.catalogue import Module, Situation, Variable, find_situation, modules
from integrator.policies import choices_of
from integrator.settings import Settings
from integrator.settings.contents import ModuleSettings

MANUAL = Path(__file__).parents[2] / "docs/mensagens.md"
BEGIN, END = "<!-- catálogo: início -->\n", "<!-- catálogo: fim -->\n"
PURPOSES = {Purpose.COLLECTION: "cobrança", Purpose.SERVICE: "serviço", Purpose.PROMOTION: "promocional"}


def tables() -> str:
    """The part of the manual that is made from the data."""
    return "\n".join(line for module in modules() for line in _module(module)) + "\n"


def _module(module: Module) -> Iterator[str]:
    yield from (f"### {module.name}", "", module.about, "")
    yield from ("| tipo | quando | finalidade | PDFs | envio |", "|---|---|---|---|---|")
    yield from map(_situation, module.situations)
    yield ""
    variables = {variable.name: variable for each in module.situations for variable in each.variables}
    if variables:
        yield from ("| variável | o que é | tipo | exemplo | em quais mensagens |", "|---|---|---|---|---|")
        yield from (_variable(module, variable) for variable in variables.values())
        yield ""
    named = [each for each in module.situations if each.aliases]
    if named:
        yield from ("Nomes que também servem no `TIPO`:", "")
        yield from (f"- {each.kind}: {', '.join(each.aliases)}" for each in named)
        yield ""


def _situation(situation: Situation) -> str:
    notes = ["pergunta" if situation.confirm else "automático"]
    if situation.fresh_days:
        notes.append(f"até {situation.fresh_days} {'dia' if situation.fresh_days == 1 else 'dias'} depois")
    if situation.once_a_year:
        notes.append("uma por ano")
    pdfs = ", ".join(f"`{each}`" for each in situation.documents) or "–"
    cells = (f"**{situation.kind}**", situation.when, PURPOSES[situation.purpose], pdfs, ", ".join(notes))
    return f"| {' | '.join(cells)} |"


def _variable(module: Module, variable: Variable) -> str:
    having: list[str] = []
    required: list[str] = []
    lacking: list[str] = []
    for each in module.situations:
        known = {one.name: one.required for one in each.variables}
        (having if variable.name in known else lacking).append(each.kind)
        required += [each.kind] if known.get(variable.name) else []
    places = ", ".join(having)
    if len(having) > len(lacking):
        places = f"todas, menos {' e '.join(lacking)}" if lacking else "todas"
    if len(required) == len(having):
        places += " (obrigatória)"
    elif required:
        places += f"; obrigatória em {', '.join(required)}"
    cells = (f"`{variable.name}`", variable.about, variable.kind.value, variable.sample, places)
    return f"| {' | '.join(cells)} |"


def manual() -> str:
    return MANUAL.read_text(encoding="utf-8")


@pytest.mark.feature("G35", "G46")
def test_the_tables_of_the_manual_are_those_of_the_catalogue() -> None:
    before, found, after = re.split(f"{BEGIN}|{END}", manual())
    assert found == tables()
    assert before
    assert after


def test_every_module_and_document_of_the_manual_exists() -> None:
    shown = set(re.findall(r"^### (.+)$", manual().split(BEGIN)[1].split(END)[0], flags=re.MULTILINE))
    assert shown == {module.name for module in modules()}
    documents = set(re.findall(r"^\| `([a-z_]+)` \|", manual().split(END)[1], flags=re.MULTILINE))
    assert documents == {document for module in modules() for each in module.situations for document in each.documents}


def test_the_examples_of_the_configuration_are_understood() -> None:
    examples = re.findall(r"```toml\n(.+?)```", manual(), flags=re.DOTALL)
    assert examples
    for example in examples:
        settings = Settings.model_validate(tomllib.loads(example))
        choices_of(settings)


def test_the_switch_of_every_module_is_told() -> None:
    switches = [field for name, field in ModuleSettings.model_fields.items() if name != "cashback_days"]
    keys = {str(field.validation_alias) for field in switches}
    told = re.findall(r"`(\w+)`", manual().split("## 4.")[1].split("## 5.")[0])
    assert keys <= set(told)


def test_the_messages_named_in_the_examples_exist() -> None:
    pairs = re.findall(r"modulo = \"(.+?)\"\ntipo = \"(.+?)\"", manual())
    assert pairs
    assert all(find_situation(module, kind) for module, kind in pairs)
