"""The catalogue's data: names, variables and documents fit together, and every module has the situations it needs."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from importlib import resources
from pathlib import Path

import pytest

from integrator.domain.message import Purpose
from integrator.messages.catalogue import MODULES, Situation, Subject, bare, find_situation, module_named, modules
from integrator.messages.guards import always_there, unguarded
from integrator.messages.language import lint, parse
from integrator.messages.schema import Kind
from integrator.messages.tone import tone_warnings
from integrator.messages.variables import samples
from integrator.messages.vocabulary import base_schema, situation_schema
from tests.messages.builders import TODAY

SITUATIONS = [situation for module in modules() for situation in module.situations]
DATA = Path(str(resources.files("integrator.messages").joinpath("modules")))
MODELS = Path(str(resources.files("integrator.documents").joinpath("models")))
#: Not drawn from a model: the bank's paper, and what the ERP itself issued.
NO_MODEL = {"boleto", "nota"}
MODULE_KEYS = {"modulo", "finalidade", "sobre", "variaveis", "mensagens"}
VARIABLE_KEYS = {"tipo", "descricao", "exemplo", "obrigatoria"}
SITUATION_KEYS = {
    *("tipo", "tambem", "quando", "finalidade", "assunto", "documentos", "confirmar", "valida_dias", "uma_por_ano"),
    *("variaveis", "obrigatorias", "texto"),
}

every_situation = pytest.mark.parametrize("situation", SITUATIONS, ids=lambda each: each.kind)


def features(module: str, *marks: str) -> object:
    return pytest.param(module, marks=pytest.mark.feature(*marks), id=module)


@pytest.mark.parametrize(
    "module",
    [
        features("CRM", "G09"),
        features("COMANDAS", "G10"),
        features("ORDEM DE SERVIÇO", "G11"),
        features("ANIVERSARIANTES", "G12"),
        features("RECEBER", "G13"),
        features("CASHBACK", "G14"),
        features("NFC-E", "G15"),
        features("PEDIDO DE VENDA", "G16"),
        features("CONDICIONAL", "G17"),
        features("ORÇAMENTO", "G18"),
        features("NF-E", "G19"),
        "AVISO DE DÉBITOS",
    ],
)
@pytest.mark.feature("G35")
def test_every_module_has_situations_each_with_a_text_of_its_own(module: str) -> None:
    found = module_named(module)
    assert found is not None
    assert found.about
    assert found.situations
    assert len({situation.text for situation in found.situations}) == len(found.situations)
    assert all(situation.when.endswith(".") for situation in found.situations)


@pytest.mark.parametrize(
    ("module", "kinds"),
    [
        pytest.param(
            "RECEBER",
            "AVISO DE VENCIMENTO,VENCIMENTO HOJE,PARCELA VENCIDA,PARCELA QUITADA,PARCELA CANCELADA,ACORDO FIRMADO",
            marks=pytest.mark.feature("G31", "G32", "G33"),
        ),
        pytest.param("ORÇAMENTO", "ORÇAMENTO CRIADO,STATUS ORÇAMENTO", marks=pytest.mark.feature("G23", "G24", "G46")),
        pytest.param("ORDEM DE SERVIÇO", "OS ABERTA,STATUS OS,OS PRONTA", marks=pytest.mark.feature("G23", "G24")),
        pytest.param("CONDICIONAL", "CONDICIONAL CRIADA,STATUS CONDICIONAL", marks=pytest.mark.feature("G23", "G24")),
        pytest.param(
            "COMANDAS", "COMANDA ABERTA,STATUS COMANDA,COMANDA FECHADA", marks=pytest.mark.feature("G23", "G24")
        ),
        pytest.param(
            "PEDIDO DE VENDA",
            "PEDIDO ENVIADO,PEDIDO FINALIZADO,STATUS PEDIDO,PEDIDO CANCELADO",
            marks=pytest.mark.feature("G26", "G27"),
        ),
        pytest.param("NF-E", "NF-E EMITIDA,NF-E CANCELADA", marks=pytest.mark.feature("G29")),
        pytest.param("NFC-E", "NFC-E EMITIDA,NFC-E CANCELADA", marks=pytest.mark.feature("G29")),
        pytest.param("CASHBACK", "SALDO DE CASHBACK,CASHBACK A VENCER", marks=pytest.mark.feature("G36", "G37")),
        ("ANIVERSARIANTES", "ANIVERSÁRIO"),
        ("CRM", "CAMPANHA,PÓS-VENDA,VISITA AGENDADA,RETORNO AGENDADO"),
    ],
)
def test_the_situations_that_an_erp_writes_in_exist_by_the_name_of_the_history(module: str, kinds: str) -> None:
    for kind in kinds.split(","):
        found = find_situation(module, kind)
        assert found is not None, kind
        assert found.kind == kind == kind.upper()


@pytest.mark.parametrize("file", sorted(DATA.glob("*.toml")), ids=lambda file: file.stem)
def test_a_file_has_no_key_that_nobody_reads(file: Path) -> None:
    raw = tomllib.loads(file.read_text(encoding="utf-8"))
    if file.stem == "trechos":
        used = "".join(each.read_text(encoding="utf-8") for each in DATA.glob("*.toml"))
        assert all(f"«{name}»" in used for name in raw)
        return
    assert raw.keys() <= MODULE_KEYS
    declared = raw.get("variaveis", {})
    assert all(each.keys() <= VARIABLE_KEYS for each in declared.values())
    assert all(each.keys() <= SITUATION_KEYS for each in raw["mensagens"])
    used_names = {name for each in raw["mensagens"] for name in each.get("variaveis", ())}
    assert used_names == set(declared)
    assert all(set(each.get("obrigatorias", ())) <= set(each.get("variaveis", ())) for each in raw["mensagens"])


def test_every_file_of_the_folder_is_a_module_that_is_read() -> None:
    assert {file.stem for file in DATA.glob("*.toml")} == {*MODULES.values(), "trechos"}


def test_a_name_means_one_situation_of_its_module() -> None:
    for module in modules():
        names = Counter(bare(name) for each in module.situations for name in {each.kind, *each.aliases})
        assert [name for name, times in names.items() if times > 1] == [], module.name
        assert all(name for name in names)


@every_situation
def test_the_variables_have_names_kinds_samples_and_descriptions(situation: Situation) -> None:
    built_in = base_schema()
    for variable in situation.variables:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", variable.name)
        assert variable.name not in built_in.lists
        assert built_in.fields.get(variable.name, variable.kind) is variable.kind
        assert variable.about[0].isupper()
        assert not variable.about.endswith(".")
    values = samples(situation.variables, TODAY)
    assert all(values[variable.name] not in (None, "") for variable in situation.variables)
    assert len(values) == len(situation.variables)


@every_situation
def test_a_situation_carries_documents_that_exist(situation: Situation) -> None:
    models = {file.stem for file in MODELS.glob("*.toml")}
    assert set(situation.documents) <= NO_MODEL | models
    assert len(set(situation.documents)) == len(situation.documents)


@every_situation
def test_a_default_text_is_clean_and_never_held_for_what_a_row_may_lack(situation: Situation) -> None:
    schema = situation_schema(situation)
    template = parse(situation.text, schema)
    assert lint(situation.text, schema) == []
    assert tone_warnings(situation.text) == []
    assert unguarded(template, schema, always_there(situation)) == []
    assert "!" not in situation.text
    assert "«" not in situation.text


@pytest.mark.feature("G24", "G49")
@pytest.mark.parametrize(
    "kind", ["STATUS ORÇAMENTO", "STATUS PEDIDO", "STATUS OS", "STATUS CONDICIONAL", "STATUS COMANDA"]
)
def test_a_changed_status_tells_the_present_one_and_needs_it(kind: str) -> None:
    situation = next(each for each in SITUATIONS if each.kind == kind)
    assert "Situação atual: *{situacao}*" in situation.text
    assert next(each for each in situation.variables if each.name == "situacao").required


def test_only_collections_of_open_titles_collect() -> None:
    collecting = {each.kind for each in SITUATIONS if each.collects}
    assert collecting == {
        *("DÉBITO VENCIDO", "DÉBITO A VENCER", "DÉBITOS"),
        *("AVISO DE VENCIMENTO", "VENCIMENTO HOJE", "PARCELA VENCIDA"),
    }
    assert all("boleto" in each.documents for each in SITUATIONS if each.collects)
    assert all(each.subject is Subject.OPEN_TITLES for each in SITUATIONS if each.purpose is Purpose.COLLECTION)


@pytest.mark.feature("G30")
def test_a_birthday_is_greeted_once_a_year_and_not_late() -> None:
    situation = find_situation("ANIVERSARIANTES", "aniversario")
    assert situation is not None
    assert (situation.once_a_year, situation.fresh_days) == (True, 2)
    assert [each.kind for each in SITUATIONS if each.once_a_year] == ["ANIVERSÁRIO"]


def test_what_is_written_to_many_by_hand_waits_for_a_person() -> None:
    asking = [each.kind for each in SITUATIONS if each.confirm]
    assert asking == ["ACORDO FIRMADO", "CAMPANHA", "NOVIDADES", "CLIENTE AUSENTE"]


@pytest.mark.parametrize(
    ("module", "name", "kind"),
    [
        ("receber", "parcela paga", "PARCELA QUITADA"),
        ("Receber", "COBRANCA", "PARCELA VENCIDA"),
        ("Orcamento", "orçamento aprovado", "ORÇAMENTO FINALIZADO"),
        ("Ordem de Serviço", "Pronta", "OS PRONTA"),
        ("NFE", "nfe autorizada", "NF-E EMITIDA"),
        ("Pedido de Venda", "Pedido Criado", "PEDIDO ENVIADO"),
        ("cashback", "vencimento cashback", "CASHBACK A VENCER"),
    ],
)
def test_other_names_of_erps_are_understood(module: str, name: str, kind: str) -> None:
    found = find_situation(module, name)
    assert found is not None
    assert found.kind == kind


def test_all_kinds_of_variables_are_met() -> None:
    kinds = {variable.kind for each in SITUATIONS for variable in each.variables}
    assert kinds >= {Kind.TEXT, Kind.MONEY, Kind.DATE, Kind.DATETIME, Kind.NUMBER}
