"""The configuration works without a file, explains itself in the example, and names what is wrong."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import datetime, time
from pathlib import Path

import pytest
from pydantic import BaseModel

from integrator.domain.calendar import Calendar, Hours, OwnHoliday, Week
from integrator.domain.errors import SettingsError
from integrator.domain.message import Purpose
from integrator.settings import Settings
from integrator.settings.errors import item_model, keys_of, section_model
from integrator.settings.sections import DebtsToSend, Engine, SendingSettings

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
MONDAY, SATURDAY, SUNDAY = datetime(2026, 11, 16), datetime(2026, 11, 21), datetime(2026, 11, 22)


def load(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return Settings.load(path)


def refusal(tmp_path: Path, text: str) -> str:
    with pytest.raises(SettingsError) as refused:
        load(tmp_path, text)
    return refused.value.message


# With nothing but a database


@pytest.mark.feature("S14")
def test_a_database_is_all_that_must_be_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.load().database.path == ""
    monkeypatch.setenv("INTEGRATOR_BANCO__CAMINHO", "D:\\S4\\DADOS.FDB")
    settings = Settings.load()
    assert settings.database.path == "D:\\S4\\DADOS.FDB"
    assert settings.model_copy(update={"database": Settings().database}) == Settings()


@pytest.mark.feature("G51")
def test_the_default_gap_is_one_to_two_minutes() -> None:
    assert (Settings().sending.gap_min_s, Settings().sending.gap_max_s) == (60, 120)
    assert Settings().sending.mean_gap_s == 90


def test_by_default_collection_rests_at_the_weekend_and_service_on_sunday_only() -> None:
    collection = Calendar(Settings().week(Purpose.COLLECTION))
    service = Calendar(Settings().week(Purpose.SERVICE))
    assert [collection.is_open(day.replace(hour=10)) for day in (MONDAY, SATURDAY, SUNDAY)] == [True, False, False]
    assert [service.is_open(day.replace(hour=19, minute=30)) for day in (MONDAY, SATURDAY, SUNDAY)] == [
        True,
        True,
        False,
    ]


# The example


def test_the_example_is_the_default() -> None:
    assert Settings.load(EXAMPLE) == Settings()


def keys_by_section(model: type[BaseModel], path: str = "") -> dict[str, list[str]]:
    found: dict[str, list[str]] = {path: []}
    for name, info in keys_of(model).items():
        nested = section_model(info)
        if nested is not None:
            found |= keys_by_section(nested, f"{path}.{name}".strip("."))
        elif item_model(info) is None:
            found[path].append(name)
    return found


def lists_of_tables(model: type[BaseModel], path: str = "") -> dict[str, type[BaseModel]]:
    """The keys written as ``[[key]]``, with the model of their tables."""
    found: dict[str, type[BaseModel]] = {}
    for name, info in keys_of(model).items():
        where = f"{path}.{name}".strip(".")
        nested, item = section_model(info), item_model(info)
        if nested is not None:
            found |= lists_of_tables(nested, where)
        if item is not None:
            found[where] = item
    return found


def test_the_example_has_every_key_in_its_section_and_order() -> None:
    sections: dict[str, list[str]] = {"": []}
    section = ""
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        if header := re.fullmatch(r"\[+([^\[\]]+)\]+", line):
            section = header[1]
            sections[section] = []
        elif name := re.match(r"(\w+) = ", line):
            sections[section].append(name[1])
    lists = lists_of_tables(Settings)
    assert {name: keys for name, keys in sections.items() if name not in lists} == keys_by_section(Settings)


def test_the_example_shows_every_list_of_tables() -> None:
    shown = re.findall(r"^#? ?\[\[(.+)\]\]$", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(shown) == set(lists_of_tables(Settings))


def test_every_block_of_the_example_begins_with_its_explanation() -> None:
    blocks = EXAMPLE.read_text(encoding="utf-8").split("\n\n")
    assert [block for block in blocks if not block.startswith("# ")] == []


# Several numbers


NUMBERS = """
[whatsapp]
celular = "49988880000"
[[outros_numeros]]
instancia = "Vendas ção"
motor = "evolution"
servidor = "http://srv01:8080"
modulos = ["orcamento"]
"""


@pytest.mark.feature("A07")
def test_a_shop_may_send_by_several_numbers_each_with_its_engine(tmp_path: Path) -> None:
    settings = load(tmp_path, NUMBERS)
    assert [number.instance for number in settings.numbers] == ["principal", "Vendas ção"]
    assert [number.secret for number in settings.numbers] == ["token_principal", "token_vendas_cao"]
    sales = settings.for_number("Vendas ção").whatsapp
    assert (sales.engine, sales.server, sales.phone) == (Engine.EVOLUTION, "http://srv01:8080", "")
    with pytest.raises(SettingsError, match="principal, Vendas ção"):
        settings.for_number("compras")


def test_a_database_has_its_own_numbers(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        f"{NUMBERS}banco = 'filial'\n[banco]\ncaminho = 'A.FDB'\n"
        "[[outros_bancos]]\nnome = 'filial'\ncaminho = 'B.FDB'\ninstancia = 'Vendas ção'\n"
        "[[outros_bancos]]\nnome = 'deposito'\ncaminho = 'C.FDB'\ninstancia = 'avulso'\n",
    )
    named = {
        database.name: [number.instance for number in settings.for_database(database.name).numbers]
        for database in settings.databases
    }
    assert named == {"principal": ["principal"], "filial": ["Vendas ção"], "deposito": ["avulso"]}
    assert settings.for_database("filial").whatsapp.engine is Engine.EVOLUTION
    assert settings.for_database("deposito").whatsapp.engine is Engine.EMBEDDED
    assert settings.for_database("deposito").whatsapp.phone == ""


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[outros_numeros]]\ninstancia = 'Principal'\n", "há dois números com o nome “principal”"),
        ("[[outros_numeros]]\ninstancia = 'a/b'\n", "use de 1 a 40 letras"),
        ("[[outros_numeros]]\ninstancia = 'Loja ☎'\n", "a fila não sabe escrever “☎”"),
        ("[[outros_numeros]]\ninstancia = 'x'\nbanco = 'filial'\n", "não há banco com o nome “filial”"),
        ("[whatsapp]\nmotor = 'evolution'\n", "precisa do endereço da Evolution API em servidor"),
        ("[whatsapp]\nmotor = 'oficial'\n", "precisa do identificador do número em meta_numero_id"),
        ("[whatsapp]\nservidor = 'srv01'\n", "“srv01” não é um endereço"),
        ("[whatsapp]\nrespostas = 'responder'\n", "precisa de um texto em resposta_texto"),
        ("[whatsapp]\nrespostas = 'encaminhar'\n", "precisa de um celular em encaminhar_para"),
    ],
)
def test_a_number_that_cannot_work_is_refused_with_its_fix(tmp_path: Path, text: str, problem: str) -> None:
    assert problem in refusal(tmp_path, text)


# Several databases


def test_each_company_may_have_its_own_database_with_its_number(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        "[banco]\ncaminho = 'A.FDB'\n[whatsapp]\nddd_padrao = '49'\n"
        "[[outros_bancos]]\nnome = 'filial'\ncaminho = 'B.FDB'\ninstancia = 'loja 2'\n"
        "[fechamento]\nperfil = 'varejo'\n",
    )
    assert [database.name for database in settings.databases] == ["principal", "filial"]
    branch = settings.for_database("filial")
    assert (branch.database.path, branch.whatsapp.instance) == ("B.FDB", "loja 2")
    assert branch.whatsapp.default_area == "49"
    assert [database.name for database in branch.databases] == ["filial"]
    assert branch.closing.profile == ""
    assert settings.for_database("principal").whatsapp.instance == "principal"
    assert settings.for_database("principal").closing.profile == "varejo"


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("nome = 'Filial Nova'\ncaminho = 'B'", "[outros_bancos, 1º] nome = Filial Nova: use até 20 letras minúsculas"),
        ("nome = 'filial'", "[outros_bancos, 1º] caminho: falta esta chave"),
        ("nome = 'filial'\ncaminho = 'B'\nporto = 1", "[outros_bancos, 1º] porto: chave desconhecida; você quis"),
        ("nome = 'filial'\ncaminho = 'B'\nporta = 0", "[outros_bancos, 1º] porta = 0: o menor valor aceito é 1"),
        ("nome = 'principal'\ncaminho = 'B'", "há dois bancos com o nome “principal”"),
    ],
)
def test_a_wrong_database_of_several_is_named(tmp_path: Path, table: str, problem: str) -> None:
    assert problem in refusal(tmp_path, f"[[outros_bancos]]\n{table}\n")


# The file and the environment


def test_the_environment_wins_key_by_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTEGRATOR_BANCO__SERVIDOR", "srv01")
    monkeypatch.setenv("INTEGRATOR_ENVIO__MAXIMO_POR_DIA", "50")
    monkeypatch.setenv("INTEGRATOR_CALENDARIO__COBRANCA__SEG_SEX", "09:00-18:00")
    monkeypatch.setenv("INTEGRATOR_CALENDARIO__FERIADOS_PROPRIOS", "25/07; 26/07 Balanço")
    monkeypatch.setenv("INTEGRATOR_WHATSAPP__MASCARAR_NO_TESTE", "não")
    settings = load(tmp_path, "[banco]\nservidor = 'outro'\ncaminho = 'DADOS'\n")
    assert (settings.database.server, settings.database.path) == ("srv01", "DADOS")
    assert settings.sending.daily_max == 50
    assert settings.calendar.collection.weekdays == Hours(time(9), time(18))
    assert settings.calendar.own_holidays == (OwnHoliday(7, 25), OwnHoliday(7, 26, name="Balanço"))
    assert not settings.whatsapp.mask_in_test


def test_a_list_in_the_environment_may_be_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTEGRATOR_DOCUMENTOS__PASTAS_PERMITIDAS", '["/boletos", "D:/notas"]')
    assert Settings.load().documents.allowed_folders == (Path("/boletos"), Path("D:/notas"))


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("INTEGRATOR_BNCO__PORTA", "1", "você quis dizer “banco”"),
        ("INTEGRATOR_BANCO__PORT", "1", "você quis dizer “porta”"),
        ("INTEGRATOR_BANCO__PORTA", "x", "[banco] porta = x: escreva um número inteiro"),
        ("INTEGRATOR_DOCUMENTOS__PASTAS_PERMITIDAS", "[x", "INTEGRATOR_DOCUMENTOS__PASTAS_PERMITIDAS"),
    ],
)
def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        Settings.load()
    assert reason in refused.value.message


def test_the_file_is_found_by_argument_then_variable_then_data_folder(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data.mkdir()
    for name, folder in (("argumento", tmp_path), ("pasta", data)):
        (folder / "config.toml").write_text(f"[banco]\nservidor = '{name}'\n", encoding="utf-8")
    (tmp_path / "outro.toml").write_text("[banco]\nservidor = 'variavel'\n", encoding="utf-8")
    assert Settings.load().database.server == "pasta"
    monkeypatch.setenv("INTEGRATOR_CONFIG", str(tmp_path / "outro.toml"))
    assert Settings.load().database.server == "variavel"
    assert Settings.load(tmp_path / "config.toml").database.server == "argumento"


def test_a_named_file_that_is_absent_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Não encontrei o arquivo"):
        Settings.load(tmp_path / "nada.toml")


def test_a_byte_order_mark_of_notepad_is_fine(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[banco]\nservidor = 'srv'\n", encoding="utf-8-sig")
    assert Settings.load(path).database.server == "srv"


def test_a_file_in_windows_encoding_says_how_to_save_it(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("# configuração\n", encoding="cp1252")
    with pytest.raises(SettingsError, match="salve com a codificação UTF-8"):
        Settings.load(path)


def test_a_windows_path_in_double_quotes_says_which_line_and_how_to_write_it(tmp_path: Path) -> None:
    message = refusal(tmp_path, '[banco]\ncaminho = "D:\\S4\\DADOS.FDB"\n')
    assert "na linha 2" in message
    assert "aspas simples" in message


# What is wrong, and where


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[banco]\nservidro = 'x'", "[banco] servidro: chave desconhecida; você quis dizer “servidor”?"),
        ("[banko]\nx = 1", "banko: chave desconhecida; você quis dizer “banco”?"),
        ("porta = 1", "porta: esta chave fica na seção [banco]."),
        (
            "[database]\nserver = 'x'",
            "database: chave desconhecida; as que existem aqui são banco, outros_bancos, envio",
        ),
        ("banco = 3", "banco = 3: isto é uma seção"),
        ("[banco]\nporta = 99999", "[banco] porta = 99999: o maior valor aceito é 65535."),
        ("[banco]\nporta = true", "[banco] porta = true: escreva um número inteiro"),
        ("[banco]\nservidor = 3", "[banco] servidor = 3: escreva um texto entre aspas."),
        ("[banco]\nusuario = ''", "[banco] usuario = : não pode ficar vazio."),
        ("[registro]\nnivel = 'alto'", "valores aceitos: normal, detalhado."),
        ("[envio]\nenviar = 'tudo'", "[envio] enviar = tudo: valores aceitos: ambos, vencidos, a_vencer."),
        ("[envio]\nmaximo_por_dia = 0", "[envio] maximo_por_dia = 0: o menor valor aceito é 1."),
        ("[envio]\nintervalo_min_s = 130", "o mínimo (130) está maior que o máximo (120)"),
        ("[envio]\nentre_partes_min_s = 9", "entre_partes_min_s e entre_partes_max_s"),
        ("[whatsapp]\nmotor = 'pombo'", "valores aceitos: embutido, evolution, oficial, simulador."),
        ("[whatsapp]\nnumero_teste = '123'", "“123” não é um celular com DDD."),
        ("[whatsapp]\nredirecionar_tudo = true", "falta o celular em numero_teste."),
        ("[whatsapp]\nredirecionar_tudo = 'talvez'", "escreva true (sim) ou false (não)"),
        ("[documentos]\npastas_permitidas = '/x'", "escreva uma lista entre colchetes"),
        ("[documentos]\npastas_permitidas = ['boletos']", "“boletos” não é um caminho completo"),
        ("[calendario]\nuf = 'ZZ'", "“ZZ” não é a sigla de um estado"),
        ("[calendario]\nferiados_proprios = ['31/02']", "a data “31/02” não existe."),
        ("[calendario.cobranca]\nseg_sex = 'manhã'", "não entendi o horário “manhã”"),
        ("[calendario.cobranca]\nseg_sex = '19-8'", "o horário “19-8” não existe ou termina antes de começar"),
        ("[calendario.cobranca]\nseg_sex = ''", "[calendario.cobranca] não deixa nenhum dia de envio na semana."),
        ("[calendario.servico]\ndias_sem_envio = ['feira']", "“feira” não é um dia da semana"),
        ("[empresa]\nfone = 'x'", "[empresa] fone: chave desconhecida; você quis dizer “telefone”?"),
    ],
)
def test_a_wrong_key_is_named_with_its_fix(tmp_path: Path, text: str, problem: str) -> None:
    assert problem in refusal(tmp_path, text)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    message = refusal(tmp_path, "[envio]\nlote = 'a'\nmaximo_por_dia = 0\n[banco]\nporta = 0\n")
    assert message.count("\n- ") == 3


@pytest.mark.parametrize("name", ["senha", "password"])
def test_a_password_in_the_file_is_refused_with_where_it_belongs(tmp_path: Path, name: str) -> None:
    message = refusal(tmp_path, f"[banco]\n{name} = 'masterkey'\n")
    assert "INTEGRATOR_SENHA" in message
    assert "masterkey" not in message


@pytest.mark.feature("G51")
def test_a_gap_that_gets_numbers_banned_is_refused_with_the_reason(tmp_path: Path) -> None:
    assert "banir o número" in refusal(tmp_path, "[envio]\nintervalo_min_s = 19\n")
    assert load(tmp_path, "[envio]\nintervalo_min_s = 20\n").sending.gap_min_s == 20


# Days and hours


@pytest.mark.feature("S32", "S33")
def test_days_and_hours_of_each_purpose_are_settings(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        "[calendario.cobranca]\nseg_sex = '9h às 17h30'\nsabado = '9-12'\ndias_sem_envio = ['segunda', 'Sex']\n",
    )
    calendar = Calendar(settings.week(Purpose.COLLECTION))
    assert not calendar.is_open(datetime(2026, 11, 16, 10))
    assert not calendar.is_open(datetime(2026, 11, 20, 10))
    assert calendar.next_open(datetime(2026, 11, 16, 10)) == datetime(2026, 11, 17, 9)
    assert calendar.open_until(datetime(2026, 11, 17, 9)) == datetime(2026, 11, 17, 17, 30)
    assert calendar.is_open(datetime(2026, 11, 21, 11))


@pytest.mark.feature("S33")
def test_the_old_way_of_sending_every_day_is_still_there(tmp_path: Path) -> None:
    settings = load(tmp_path, "[calendario.cobranca]\nsabado = '8-19'\ndomingo = '8-19'\nferiados = true\n")
    assert all(settings.week(Purpose.COLLECTION, "SC").days)
    assert settings.calendar.on_holidays(Purpose.COLLECTION)


def test_promotions_follow_collection_except_where_set(tmp_path: Path) -> None:
    settings = load(
        tmp_path, "[calendario.cobranca]\nseg_sex = '9-17'\nsabado = '9-12'\n[calendario.promocional]\nsabado = ''\n"
    )
    assert settings.week(Purpose.PROMOTION) == Week.of(Hours(time(9), time(17)))


@pytest.mark.parametrize("text", ["[calendario]\nuf = 'rj'", "[empresa]\nuf = 'RJ'"])
def test_the_shops_state_narrows_collection(tmp_path: Path, text: str) -> None:
    settings = load(tmp_path, text)
    assert settings.week(Purpose.COLLECTION) == Week.of(Hours(time(9), time(19)))
    assert settings.uf("SC") == "RJ"


def test_the_erps_state_counts_when_none_is_set() -> None:
    assert Settings().week(Purpose.COLLECTION, "RJ") == Week.of(Hours(time(9), time(19)))


def test_hours_beyond_the_states_law_are_refused_at_start(tmp_path: Path) -> None:
    message = refusal(tmp_path, "[empresa]\nuf = 'SP'\n[calendario.cobranca]\nseg_sex = '08:00-21:00'\n")
    assert "Lei 15.426/2014 de São Paulo" in message


# For the rest of the program


def test_sections_can_be_given_by_name_and_the_environment_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTEGRATOR_ENVIO__LOTE", "7")
    settings = Settings(sending=SendingSettings(debts=DebtsToSend.OVERDUE))
    assert settings.sending.batch_size == 0
    assert settings.sending.debts is DebtsToSend.OVERDUE


def test_a_test_number_is_kept_as_digits(tmp_path: Path) -> None:
    assert load(tmp_path, "[whatsapp]\nnumero_teste = '(49) 8859-0187'\n").whatsapp.test_number == "5549988590187"


def test_reading_the_settings_imports_no_heavy_library() -> None:
    code = (
        "import sys; from integrator.settings import Settings; Settings.load(); "
        "print({'holidays', 'keyring', 'reportlab', 'requests'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
