"""The shop's choice of modules, messages and texts in ``config.toml``, and what is told of a wrong one."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from integrator.domain.errors import SettingsError
from integrator.messages.catalogue import MODULES, Situation, find_situation, modules
from integrator.messages.choices import Choices
from integrator.policies import choices_of, company_of, compose_policy
from integrator.settings import Settings


def load(folder: Path, text: str) -> Settings:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return Settings.load(file)


def situation(kind: str) -> Situation:
    found = find_situation("ORÇAMENTO", kind)
    assert found is not None
    return found


STATUS, CREATED = situation("STATUS ORÇAMENTO"), situation("ORÇAMENTO CRIADO")
TABLE = "[[mensagens.situacoes]]\nmodulo = 'Orcamento'\ntipo = 'status orçamento'\n"


@pytest.mark.feature("G07")
def test_nothing_needs_to_be_configured_for_every_message_to_leave() -> None:
    choices = choices_of(Settings())
    assert all(choices.sends(situation) for module in modules() for situation in module.situations)


@pytest.mark.feature("G07", "G22")
@pytest.mark.parametrize("key", MODULES.values())
def test_each_module_has_a_switch_of_its_own(key: str, tmp_path: Path) -> None:
    choices = choices_of(load(tmp_path, f"[modulos]\n{key} = false\n"))
    off = {module.name for module in modules() if not any(map(choices.sends, module.situations))}
    assert off == {name for name, file in MODULES.items() if file == key}


@pytest.mark.feature("G22")
def test_both_switches_must_be_on(tmp_path: Path) -> None:
    choices = choices_of(load(tmp_path, f"{TABLE}ligada = false\n"))
    assert (choices.sends(STATUS), choices.sends(CREATED)) == (False, True)
    choices = choices_of(load(tmp_path, f"{TABLE}ligada = true\n[modulos]\norcamento = false\n"))
    assert not choices.sends(STATUS)


@pytest.mark.feature("G08", "G35")
def test_each_situation_has_a_text_of_its_own(tmp_path: Path) -> None:
    choices = choices_of(load(tmp_path, f"{TABLE}texto = 'Situação: {{situacao}}.'\n"))
    assert choices.text(STATUS) == "Situação: {situacao}."
    assert choices.text(CREATED) == CREATED.text


@pytest.mark.feature("G20", "G21")
def test_the_shop_says_which_messages_wait_for_a_person(tmp_path: Path) -> None:
    choices = choices_of(load(tmp_path, f"{TABLE}envio = 'perguntar'\n"))
    assert (choices.asks(STATUS), choices.asks(CREATED)) == (True, False)
    assert Choices().asks(STATUS) is STATUS.confirm


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("modulo = 'ORCAMENTOO'\ntipo = 'X'\n", "modulo: não há módulo “ORCAMENTOO”"),
        ("modulo = 'ORÇAMENTO'\ntipo = 'X'\n", "tipo: o módulo ORÇAMENTO não tem “X”. Os tipos dele: ORÇAMENTO CRIADO"),
        ("modulo = 'ORÇAMENTO'\ntipo = 'STATUS ORÇAMENTO'\ndocumentos = ['boleto']\n", "“boleto” não vai com STATUS"),
        ("modulo = 'ORÇAMENTO'\ntipo = 'STATUS ORÇAMENTO'\ntexto = '{sitacao}'\n", "Você quis dizer {situacao}"),
        ("modulo = 'ORÇAMENTO'\ntipo = 'STATUS ORÇAMENTO'\ntexto = '{TORCAMENTO:CLIENTE}'\n", "outro sistema"),
    ],
)
def test_a_choice_that_the_catalogue_does_not_have_is_told_at_start(text: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        choices_of(load(tmp_path, f"[[mensagens.situacoes]]\n{text}"))
    assert refused.value.message.startswith("[mensagens.situacoes, 1º] ")
    assert complaint in refused.value.message


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[documentos]\nmulta_percentual = 2.01\n", "a multa por atraso não pode passar de 2%"),
        ("[documentos]\nmulta_percentual = 10\n", "a multa por atraso não pode passar de 2%"),
        ("[documentos]\ncor = 'verde'\n", "não é uma cor"),
        ("[documentos]\nvarios_boletos = 'juntos'\n", "valores aceitos: um_por_arquivo"),
        ("[mensagens]\ncodigo_para_copiar = 'sim'\n", "valores aceitos: automatico"),
        ("[modulos]\norcamentos = true\n", "você quis dizer “orcamento”"),
        ("[[documentos.credores]]\nnome = 'X'\n", "credor: falta esta chave"),
    ],
)
def test_a_wrong_key_is_told_in_portuguese(text: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        load(tmp_path, text)
    assert complaint in refused.value.message


def test_a_fine_of_two_percent_and_creditors_reach_the_composer(tmp_path: Path) -> None:
    policy = compose_policy(
        load(
            tmp_path,
            "[documentos]\nmulta_percentual = 2\njuros_mes_percentual = 1.5\nsenha_nos_pdfs = true\n"
            "[[documentos.credores]]\ncredor = '77'\nnome = 'Colégio'\ndemonstrativo = 'termo_acordo'\n",
        )
    )
    assert (policy.titles.fine_percent, policy.titles.interest_percent) == (Decimal(2), Decimal("1.5"))
    assert policy.password_digits == 5
    (creditor,) = policy.creditors
    assert (creditor.called, creditor.creditor.name, creditor.statement) == ("77", "Colégio", "termo_acordo")


@pytest.mark.feature("C05")
def test_a_document_that_does_not_exist_is_told_at_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Não existe o documento “da_escola”"):
        compose_policy(load(tmp_path, "[[documentos.credores]]\ncredor = '77'\ndemonstrativo = 'da_escola'\n"))


@pytest.mark.feature("C05")
def test_a_slip_in_a_document_of_the_shop_is_told_at_start_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "modelos").mkdir()
    (tmp_path / "modelos" / "orcamento.toml").write_text("[documento]\ntitulo = 'X'\ncor = 'azul'\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"orcamento\.toml, linha 3"):
        compose_policy(load(tmp_path, f"[documentos]\npasta_modelos = '{tmp_path / 'modelos'}'\n"))


def test_a_logo_that_is_no_picture_is_told_at_start(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(b"nada")
    with pytest.raises(SettingsError, match="não é uma imagem"):
        company_of(load(tmp_path, f"[empresa]\nlogo = '{tmp_path / 'logo.png'}'\n"))
