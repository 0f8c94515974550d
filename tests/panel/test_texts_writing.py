"""The shop's choices written into ``config.toml``: whatever is asked in whatever order, it is what the settings say."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from integrator.messages.catalogue import Situation, find_situation, modules
from integrator.messages.choices import Choice
from integrator.panel.texts.writing import assign, module_switch, write_switches, write_text
from integrator.policies import choices_of
from integrator.settings import Settings
from integrator.settings.editing import ConfigFile

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
PLACE = Path("config.toml")
FILES = {
    "vazio": "",
    "exemplo": EXAMPLE.read_text(encoding="utf-8"),
    "feito à mão": (
        "# nosso\n[mensagens]\nvencidos = '''\nOi, {cliente}'''  # do dono\n\n"
        '[[mensagens.situacoes]]\nmodulo = "orcamento"\ntipo = "status orçamento"\nligada = false\n'
        '[[mensagens.situacoes]]\n# da Ana\nmodulo = "NFE"\ntipo = "NF-E EMITIDA"\nenvio = "perguntar"\n\n'
        "# fim das mensagens\n[modulos]\ncrm = false # por enquanto\n"
    ),
    "só tabelas": '[[mensagens.situacoes]]\nmodulo = "CRM"\ntipo = "CAMPANHA"\nligada = false\n',
    "em uma linha": '[mensagens]\nsituacoes = [{modulo = "NF-E", tipo = "NF-E EMITIDA", ligada = false}]\n',
}
#: A few situations of each sort, debt notices among them.
SITUATIONS = [module.situations[0] for module in modules()] + [*modules()[0].situations[1:]]
TEXTS = st.sampled_from(
    [
        "",
        "Oi",
        "Olá, {cliente}.\n\nCaminho C:\\loja \\ fim\n'''aspas\"\"\"",
        "# não é comentário\n[mensagens]",
        "💬 [[Oi|Olá]]",
    ]
)


@st.composite
def asked(draw: st.DrawFn) -> tuple[Situation, Choice]:
    situation = draw(st.sampled_from(SITUATIONS))
    documents = draw(st.none() | st.lists(st.sampled_from(situation.documents or ("x",)), unique=True).map(tuple))
    if not situation.documents and documents:
        documents = ()
    return situation, Choice(draw(st.booleans()), draw(st.none() | st.booleans()), draw(TEXTS), documents)


@settings(max_examples=30)
@given(st.sampled_from(sorted(FILES)), st.lists(asked(), max_size=6))
def test_after_every_change_the_settings_say_what_was_asked(name: str, changes: list[tuple[Situation, Choice]]) -> None:
    text = FILES[name]
    expected = {each: choices_of(Settings.of_text(text, PLACE)).of(each) for each in SITUATIONS}
    for situation, choice in changes:
        text = changed(text, situation, choice)
        expected[situation] = choice
        found = choices_of(Settings.of_text(text, PLACE))
        assert {each: found.of(each) for each in SITUATIONS} == expected
    for comment in (line for line in FILES[name].splitlines() if line.startswith("#")):
        assert comment in text


def changed(text: str, situation: Situation, choice: Choice) -> str:
    from integrator.settings.toml_edits import parse

    document = parse(text)
    write_switches(document, situation, choice)
    write_text(document, situation, choice.text)
    return document.as_string()


def test_a_text_of_several_lines_stands_in_the_file_as_it_was_written() -> None:
    situation = find_situation("ORÇAMENTO", "STATUS ORÇAMENTO")
    assert situation is not None

    text = changed(FILES["exemplo"], situation, Choice(text="Olá, {primeiro_nome}.\n\nO orçamento \\ mudou."))

    table = (
        '\n[[mensagens.situacoes]]\nmodulo = "ORÇAMENTO"\ntipo = "STATUS ORÇAMENTO"\n'
        'texto = """\nOlá, {primeiro_nome}.\n\nO orçamento \\\\ mudou."""\n'
    )
    assert f"{table}\n# Os módulos do ERP. false = nenhuma mensagem do módulo sai.\n[modulos]\n" in text
    assert changed(text, situation, Choice()) == FILES["exemplo"]


def test_two_tables_about_one_message_become_one_and_its_neighbours_keep_their_comments() -> None:
    situation = find_situation("ORÇAMENTO", "STATUS ORÇAMENTO")
    assert situation is not None
    twice = FILES["feito à mão"].replace(
        "# fim das",
        '[[mensagens.situacoes]]\nmodulo = "ORÇAMENTO"\ntipo = "STATUS ORÇAMENTO"\ntexto = "Oi"\n\n# fim das',
    )

    text = changed(twice, situation, Choice(confirm=True, text="Oi"))

    told = Settings.of_text(text, PLACE).messages.situations
    assert [(each.kind, each.text) for each in told] == [("NF-E EMITIDA", ""), ("STATUS ORÇAMENTO", "Oi")]
    assert '# da Ana\nmodulo = "NFE"' in text


def test_a_switch_is_written_only_where_it_differs_or_stands_already(tmp_path: Path) -> None:
    file = ConfigFile(tmp_path / "config.toml")

    file.change(lambda doc: assign(doc, module_switch("CRM"), True, True))
    assert file.read().text == ""
    file.change(lambda doc: assign(doc, module_switch("CRM"), False, True))
    assert file.read().text == "[modulos]\ncrm = false\n"
    assert file.change(lambda doc: assign(doc, module_switch("CRM"), True, True)).modules.crm
    assert file.read().text == "[modulos]\ncrm = true\n"
