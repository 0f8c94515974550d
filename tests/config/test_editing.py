"""``config.toml`` changed by the program: what people wrote stays, what cannot be used is never written."""

from __future__ import annotations

import os
import tempfile
import threading
import tomllib
from datetime import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrator.domain.errors import SettingsError
from integrator.settings import Settings
from integrator.settings.closing import StepSettings
from integrator.settings.editing import BACKUP, ConfigChanged, ConfigFile, fixed_by_environment, put, remove

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
STEP = {"nome": "aviso", "dias": 2}


@pytest.fixture
def file(tmp_path: Path) -> ConfigFile:
    """A copy of the example, as a shop begins."""
    path = tmp_path / "config.toml"
    path.write_bytes(EXAMPLE.read_bytes())
    return ConfigFile(path)


def of(folder: Path, text: str) -> ConfigFile:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return ConfigFile(path)


def changed_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """Lines that went and lines that came."""
    old, new = before.splitlines(), after.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


def test_one_line_changes_and_every_other_byte_stays(file: ConfigFile) -> None:
    before = file.read().text

    result = file.change(lambda doc: put(doc, ("envio", "lote"), 5))

    assert result.sending.batch_size == 5
    assert file.read().text == before.replace("\nlote = 0\n", "\nlote = 5\n")
    assert file.path.with_name(BACKUP).read_text(encoding="utf-8") == before


def test_a_list_of_tables_is_replaced_and_the_comments_around_it_stay(file: ConfigFile) -> None:
    before = file.read().text

    file.change(lambda doc: put(doc, ("fechamento", "etapas"), [STEP, {"nome": "vencido 3", "dias": 4}]))

    after = file.read().text
    gone, come = changed_lines(before, after)
    assert not [line for line in gone if line.startswith("#")]
    assert come == ['nome = "aviso"', "dias = 2", "dias = 4"]
    assert "# A régua de cobrança, uma seção por etapa." in after.partition("[[fechamento.etapas]]")[0]
    assert after.index("# O painel: a página") > after.index("dias = 4")
    assert [step.days for step in file.settings().closing.steps] == [2, 4]


def test_the_comment_above_a_list_survives_the_list(file: ConfigFile) -> None:
    file.change(lambda doc: remove(doc, ("fechamento", "etapas")))

    assert "# A régua de cobrança, uma seção por etapa." in file.read().text
    assert len(file.settings().closing.steps) == 5


@pytest.mark.parametrize(
    ("path", "value", "header", "next_comment"),
    [
        (("documentos", "credores"), [{"credor": "Colégio"}], "[[documentos.credores]]", "# A fila de mensagens"),
        (
            ("mensagens", "situacoes"),
            [{"modulo": "CRM", "tipo": "CRM", "texto": "Olá"}],
            "[[mensagens.situacoes]]",
            "# Os módulos do ERP.",
        ),
    ],
)
def test_the_first_table_of_a_list_comes_behind_its_commented_example(
    file: ConfigFile, path: tuple[str, ...], value: object, header: str, next_comment: str
) -> None:
    file.change(lambda doc: put(doc, path, value))

    text = file.read().text
    real = text.index(f"\n{header}\n")
    assert text.index(f"\n# {header}\n") < real < text.index(next_comment)


def test_a_comment_inside_a_table_of_a_list_stays_while_the_table_is_told_by_the_same_name(tmp_path: Path) -> None:
    file = of(tmp_path, "[[fechamento.etapas]]\nnome = 'um' # o primeiro\n# dois dias antes\ndias = -2\n")

    file.change(lambda doc: put(doc, ("fechamento", "etapas"), [STEP | {"dias": 9}, {"nome": "um", "dias": -1}]))

    text = file.read().text
    assert "nome = 'um' # o primeiro\n# dois dias antes\ndias = -1" in text
    assert text.index('"aviso"') < text.index("'um'")


def test_a_missing_key_is_written_before_the_comment_of_the_next_section(tmp_path: Path) -> None:
    file = of(tmp_path, '[resumo]\ncelular = ""\n\n# O registro.\n[registro]\ndias = 3\n')

    file.change(lambda doc: put(doc, ("resumo", "horario"), time(18, 0)))

    assert file.read().text == '[resumo]\ncelular = ""\nhorario = "18:00"\n\n# O registro.\n[registro]\ndias = 3\n'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# só um comentário",
        "[banco]\nporta = 3051",
        "[calendario]\n[calendario.cobranca]\nsabado = ''\n",
        "[calendario.cobranca]\nsabado = ''\n[envio]\nlote = 1\n[calendario.servico]\nferiados = true\n",
        "[fechamento]\n[[fechamento.etapas]]\nnome = 'x'\ndias = 1\n",
        "[[fechamento.etapas]]\nnome = 'x'\ndias = 1\n[calendario.servico]\nferiados = true\n",
        "[fechamento]\netapas = [{ nome = 'x', dias = 1 }]\nhorario = '21:00'\n",
    ],
)
def test_sections_may_be_missing_or_written_in_any_way(tmp_path: Path, text: str) -> None:
    file = of(tmp_path, text)

    def edit(doc: Any) -> None:
        put(doc, ("fechamento", "horario"), "20:30")
        put(doc, ("calendario", "uf"), "SP")
        put(doc, ("calendario", "promocional", "feriados"), True)
        put(doc, ("fechamento", "etapas"), [STEP, {"nome": "b", "dias": 5}])
        put(doc, ("mensagens", "codigo_para_copiar"), "pix")

    made = file.change(edit)

    assert file.settings() == made
    assert (made.closing.at, made.calendar.uf, made.calendar.promotion.on_holidays) == (time(20, 30), "SP", True)
    assert [step.name for step in made.closing.steps] == ["aviso", "b"]


@pytest.mark.parametrize("text", ["envio = { lote = 1 }\n", "envio.lote = 1\n", "[calendario]\ncobranca.sabado = ''\n"])
def test_sections_without_a_title_are_told(tmp_path: Path, text: str) -> None:
    file = of(tmp_path, text)

    with pytest.raises(SettingsError, match="título de seção"):
        file.change(lambda doc: put(doc, ("envio", "maximo_por_dia"), 9))

    assert file.read().text == text


def test_without_a_file_one_is_made(tmp_path: Path) -> None:
    file = ConfigFile(tmp_path / "nova pasta" / "config.toml")

    file.change(lambda doc: put(doc, ("envio", "lote"), 5), expected="")

    assert file.read().text == "[envio]\nlote = 5\n"
    assert not file.path.with_name(BACKUP).exists()


def test_windows_line_ends_and_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbf" + b"# loja\r\n[envio]\r\nlote = 1\r\n")
    file = ConfigFile(path)

    file.change(lambda doc: put(doc, ("envio", "maximo_por_dia"), 50))

    assert path.read_bytes() == b"# loja\r\n[envio]\r\nlote = 1\r\nmaximo_por_dia = 50\r\n"
    assert file.settings().sending.daily_max == 50


@pytest.mark.parametrize(
    ("content", "told"),
    [("# Opção\n[envio]\nlote = 1\n".encode("latin-1"), "UTF-8"), (b"[envio\nlote = 1\n", "linha 1")],
)
def test_a_file_that_is_already_wrong_is_told_and_stays(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(content)

    with pytest.raises(SettingsError, match=told):
        ConfigFile(path).change(lambda doc: put(doc, ("envio", "lote"), 2))

    assert path.read_bytes() == content


def test_nothing_is_written_that_cannot_be_used(file: ConfigFile) -> None:
    before = file.path.read_bytes()

    with pytest.raises(SettingsError, match="menor valor aceito é 0"):
        file.change(lambda doc: put(doc, ("envio", "lote"), -1))
    with pytest.raises(SettingsError, match="texto entre aspas"):
        file.change(lambda doc: put(doc, ("documentos", "assinante"), "\ud800"))

    def refuse(_made: Settings) -> None:
        raise SettingsError("não serve")

    with pytest.raises(SettingsError, match="não serve"):
        file.change(lambda doc: put(doc, ("envio", "lote"), 3), check=refuse)

    assert file.path.read_bytes() == before
    assert list(file.path.parent.glob("*.tmp")) == []


def test_a_change_over_another_one_is_refused(file: ConfigFile) -> None:
    seen = file.read().version
    file.change(lambda doc: put(doc, ("envio", "lote"), 5), expected=seen)

    with pytest.raises(ConfigChanged):
        file.change(lambda doc: put(doc, ("envio", "lote"), 7), expected=seen)

    assert file.settings().sending.batch_size == 5


def test_what_another_program_writes_meanwhile_is_not_lost(file: ConfigFile) -> None:
    def edit(doc: Any) -> None:
        file.path.write_text("[envio]\nlote = 9\n", encoding="utf-8")
        put(doc, ("envio", "lote"), 7)

    with pytest.raises(ConfigChanged):
        file.change(edit)

    assert file.settings().sending.batch_size == 9


def test_of_many_at_once_every_change_counts(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    keys = [("envio", "lote"), ("envio", "maximo_por_dia"), ("registro", "dias"), ("fila", "expira_dias")]
    start = threading.Barrier(len(keys))

    def work(key: tuple[str, str]) -> None:
        start.wait()
        for value in range(1, 11):
            apply(ConfigFile(path), key, value)

    threads = [threading.Thread(target=work, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    made = ConfigFile(path).settings()
    assert (made.sending.batch_size, made.sending.daily_max, made.log.days, made.queue.expire_days) == (10, 10, 10, 10)


def test_a_link_stays_a_link_and_permissions_stay(file: ConfigFile, tmp_path: Path) -> None:
    file.path.chmod(0o640)
    (tmp_path / "outra").mkdir()
    link = tmp_path / "outra" / "config.toml"
    link.symlink_to(file.path)

    ConfigFile(link).change(lambda doc: put(doc, ("envio", "lote"), 5))

    assert link.is_symlink()
    assert file.settings().sending.batch_size == 5
    assert file.path.stat().st_mode & 0o777 == 0o640
    assert file.path.with_name(BACKUP).exists()


def test_when_the_disk_refuses_the_old_file_is_whole(file: ConfigFile, monkeypatch: pytest.MonkeyPatch) -> None:
    before = file.path.read_bytes()

    def refuse(_self: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(SettingsError, match="espaço em disco"):
        file.change(lambda doc: put(doc, ("envio", "lote"), 5))

    assert file.path.read_bytes() == before
    assert [each.name for each in file.path.parent.iterdir()] == ["config.toml"]


def test_a_reader_that_is_gone_in_an_instant_is_waited_for(file: ConfigFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows refuses to replace a file that somebody reads."""
    real = Path.replace
    refused: list[Path] = []

    def busy(self: Path, target: Path) -> Path:
        if len(refused) < 2:
            refused.append(target)
            raise PermissionError(13, "Access is denied")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", busy)
    file.change(lambda doc: put(doc, ("envio", "lote"), 5))

    assert file.settings().sending.batch_size == 5


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(file: ConfigFile) -> None:
    file.path.parent.chmod(0o500)
    try:
        with pytest.raises(SettingsError, match="aceita gravação"):
            file.change(lambda doc: put(doc, ("envio", "lote"), 5))
    finally:
        file.path.parent.chmod(0o700)


def test_values_are_written_as_people_would(tmp_path: Path) -> None:
    file = ConfigFile(tmp_path / "config.toml")

    def edit(doc: Any) -> None:
        put(doc, ("documentos", "pasta_modelos"), "D:\\Loja\\Modelos")
        put(doc, ("documentos", "multa_percentual"), Decimal("1.5"))
        put(doc, ("calendario", "feriados_proprios"), ("25/07 Aniversário “da” cidade",))

    file.change(edit)

    assert file.read().text.splitlines() == [
        "[documentos]",
        "pasta_modelos = 'D:\\Loja\\Modelos'",
        "multa_percentual = 1.5",
        "",
        "[calendario]",
        'feriados_proprios = ["25/07 Aniversário “da” cidade"]',
    ]


def test_the_environment_names_what_the_file_cannot_change() -> None:
    known = {"INTEGRATOR_ENVIO__LOTE": "5", "OUTRA": "x"}

    assert fixed_by_environment(("envio", "lote"), known) == "INTEGRATOR_ENVIO__LOTE"
    assert fixed_by_environment(("envio", "maximo_por_dia"), known) == ""


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
steps = st.lists(
    st.builds(
        lambda name, days, text: {"nome": name, "dias": days, "texto": text},
        st.text("abcé '\"\\ç", min_size=1, max_size=8).filter(lambda name: name.strip() == name),
        st.integers(-60, 100),
        words.map(str.strip),
    ),
    min_size=1,
    max_size=4,
    unique_by=(lambda step: step["nome"].casefold(), lambda step: step["dias"]),
)
puts = st.one_of(
    st.tuples(st.just(("envio", "lote")), st.integers(0, 1000)),
    st.tuples(st.just(("documentos", "assinante")), words.map(str.strip)),
    st.tuples(st.just(("calendario", "cobranca", "feriados")), st.booleans()),
    st.tuples(st.just(("calendario", "pontos_facultativos")), st.booleans()),
    st.tuples(st.just(("empresa", "cidade")), words.map(str.strip)),
    st.tuples(st.just(("fechamento", "etapas")), steps),
    st.tuples(st.just(("fechamento", "horario")), st.sampled_from(["08:00", "22:15"])),
    st.tuples(st.sampled_from([("fechamento", "etapas"), ("envio", "lote"), ("empresa", "cidade")]), st.none()),
)
beginnings = st.sampled_from(
    ["", EXAMPLE.read_text(encoding="utf-8"), "[fechamento]\n# a\n[[fechamento.etapas]]\nnome='x'\ndias=1\n\n# b\n"]
)


@given(beginnings, st.lists(puts, max_size=5))
@settings(max_examples=20)
def test_any_changes_one_after_the_other_read_back_as_they_were_meant(
    text: str, changes: list[tuple[tuple[str, ...], Any]]
) -> None:
    meant: dict[str, Any] = tomllib.loads(text)
    comments = {line for line in text.splitlines() if line.startswith("#")}
    with tempfile.TemporaryDirectory() as folder:
        file = of(Path(folder), text)
        for path, value in changes:
            apply(file, path, value)
            give(meant, path, value)

        after = file.read().text
    assert filled(tomllib.loads(after)) == filled(meant)
    assert comments <= set(after.splitlines())


def apply(file: ConfigFile, path: tuple[str, ...], value: Any) -> None:
    file.change(lambda doc: remove(doc, path) if value is None else put(doc, path, value))


def give(tables: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for name in path[:-1]:
        tables = tables.setdefault(name, {})
    if value is None:
        tables.pop(path[-1], None)
    else:
        tables[path[-1]] = value


def filled(value: Any) -> Any:
    """Without tables that hold nothing: they say nothing."""
    if isinstance(value, dict):
        return {key: inner for key, item in value.items() if (inner := filled(item)) != {}}
    return value


def test_a_step_may_be_written_as_the_settings_have_it(file: ConfigFile) -> None:
    step = StepSettings(name="só esta", days=1, text="Olá")

    file.change(
        lambda doc: put(doc, ("fechamento", "etapas"), [{"nome": step.name, "dias": step.days, "texto": step.text}])
    )

    assert file.settings().closing.steps == (step,)
