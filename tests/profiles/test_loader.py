"""A profile's file: strict, and every complaint names file, line, column and the fix."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrator.domain.message import Purpose
from integrator.erp.profiles.canonical import SourceName
from integrator.erp.profiles.loader import Profile, Query, load_profile, read_profile, shipped_profiles
from integrator.settings.problems import Place, ProfileError
from integrator.settings.toml_places import find_places

GOOD = """\
[perfil]
nome = "Loja"

[titulos]
sql = '''
SELECT A AS REF
FROM T
WHERE V BETWEEN :de AND :ate
'''

[contatos]
sql = 'SELECT A FROM C'
"""


def complaints(text: str) -> dict[tuple[int, int], str]:
    with pytest.raises(ProfileError) as caught:
        read_profile(text, "loja.toml")
    return {(p.place.line, p.place.column): p.message for p in caught.value.problems}


def query_of(profile: Profile, source: SourceName) -> Query:
    found = profile.query(source)
    assert found is not None
    return found


def test_the_sql_is_known_by_the_files_own_lines() -> None:
    profile = read_profile(GOOD, "loja.toml")
    debts, contacts = query_of(profile, SourceName.DEBTS), query_of(profile, SourceName.CONTACTS)
    assert debts.statement.start == Place(6, 1)
    assert debts.statement.place_at(2, 6) == Place(7, 6)
    assert contacts.statement.start == Place(12, 8)
    assert contacts.statement.place_at(1, 8) == Place(12, 15)
    assert profile.charset == "WIN1252"


def test_windows_line_ends_and_a_byte_order_mark_change_no_line(tmp_path: Path) -> None:
    file = tmp_path / "loja.toml"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert query_of(load_profile(file), SourceName.DEBTS).statement.start == Place(6, 1)


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ("[contatos]", "[contato]", (11, 1), "Você quis dizer contatos?"),
        ("sql = 'SELECT A FROM C'", "slq = 'SELECT A FROM C'", (12, 1), "Você quis dizer sql?"),
        ("sql = 'SELECT A FROM C'", "", (11, 1), "Falta a chave sql em [contatos]"),
        ("sql = 'SELECT A FROM C'", "sql = 12", (12, 1), "precisa ser um texto"),
        ('nome = "Loja"', "", (1, 1), "Falta a chave nome"),
        ('nome = "Loja"', 'nome = "Loja"\ncharset = "WIN1251"', (3, 1), "WIN1252, ISO8859_1"),
        ("[contatos]\nsql = 'SELECT A FROM C'", "", (4, 1), "falta a tabela [contatos]"),
        ("FROM T\n", "FROM T,\n", (0, 0), ""),
        ("WHERE V", "WHERE 'V", (8, 7), "não termina"),
        (":ate", ":data", (8, 25), ":data não existe nesta fonte. Os que existem: :ate, :de, :hoje."),
        ("FROM T", "FROM T;\nDELETE FROM T", (7, 7), "mais de um comando"),
        ("[contatos]", "[[contatos]]", (11, 1), "precisa ser uma tabela"),
    ],
)
def test_a_slip_is_told_with_line_column_and_fix(old: str, new: str, place: tuple[int, int], said: str) -> None:
    text = GOOD.replace(old, new)
    if not said:  # a comma too many is for the database to tell
        read_profile(text, "loja.toml")
        return
    found = complaints(text)
    assert said.casefold() in found[place].casefold(), found


def test_every_slip_is_told_at_once() -> None:
    found = complaints(GOOD.replace("[perfil]", "[perfill]").replace("SELECT A FROM C", "DELETE FROM C"))
    assert {(1, 1), (12, 8)} <= set(found)


def test_a_mistake_of_toml_is_told_with_its_line() -> None:
    (place,) = complaints(GOOD.replace("'SELECT A FROM C'", "SELECT"))
    assert place[0] == 12


def test_the_message_names_the_file_and_the_place() -> None:
    with pytest.raises(ProfileError) as caught:
        read_profile(GOOD.replace("[contatos]", "[contato]"), "loja.toml")
    assert "loja.toml, linha 11, coluna 1: A tabela [contato] não existe." in caught.value.message


def test_sql_with_a_backslash_wants_plain_quotes() -> None:
    text = GOOD.replace("'SELECT A FROM C'", '"SELECT A AS \\"X\\" FROM C"')
    assert "escreva o sql entre '''" in complaints(text)[12, 1].casefold()


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ("[conferir]\nsql = 'SELECT 1 AS A FROM T'", "Falta usar o parâmetro :ref"),
        ("[aniversariantes]\ntexto = 'oi'\nsql = 'SELECT A FROM T WHERE D = :dia'", "Falta usar o parâmetro :mes"),
        ("[documentos]\nmodulo = 'aviso de débitos'\nsql = 'SELECT A FROM T'", "saem pela régua"),
        (
            "[documentos]\nmodulo = 'NF-E'\nsql = 'SELECT A FROM T'\nitens_sql = 'SELECT B FROM I'",
            "Falta usar o parâmetro :ref",
        ),
        ("[documentos]\ntexto = 'oi'\nsql = 'SELECT A FROM T'", "falta a chave modulo"),
        ("[documentos]\nmodulo = 'OS'\ntexto = 'oi'\nsql = 'SELECT A FROM T'", "o módulo “OS” não existe"),
        (
            "[documentos]\nmodulo = 'NF-E'\nfinalidade = 'aviso'\ntexto = 'oi'\nsql = 'SELECT A FROM T'",
            "cobranca, servico ou promocional",
        ),
        ("[cashback]\ndias = '7'\ntexto = 'oi'\nsql = 'SELECT A FROM T'", "dias precisa ser um número"),
        ("[titulos.extra]\nx = 1", "a chave extra não existe"),
    ],
)
def test_what_a_source_needs_is_asked_for(extra: str, said: str) -> None:
    text = GOOD if "titulos." not in extra else GOOD.partition("[contatos]")[0]
    assert any(said.casefold() in message.casefold() for message in complaints(f"{text}\n{extra}\n").values())


def test_a_profile_with_nothing_to_send_is_refused() -> None:
    assert "não tem o que enviar" in next(iter(complaints("[perfil]\nnome = 'x'\n").values()))


SEVERAL = """\
[perfil]
nome = "Loja"

[[documentos]]
modulo = "orcamento"
sql = '''
SELECT A AS REF FROM O
'''
itens_sql = '''
SELECT D AS DESCRICAO FROM I WHERE I.O = :ref
'''

[aniversariantes]
sql = 'SELECT [[documentos]] FROM T WHERE D = :dia AND M = :mes'

[[documentos]]
modulo = "ordem de servico"
finalidade = "promocional"
texto = "oi"
sql = 'SELECT A AS REF FROM S'
"""


def test_a_profile_may_have_several_sources_of_documents_each_at_its_own_place() -> None:
    profile = read_profile(SEVERAL.replace("[[documentos]] FROM", "X FROM"), "x")
    quote, order = profile.documents
    assert (quote.module, quote.purpose, quote.text) == ("ORÇAMENTO", None, "")
    assert (order.module, order.purpose, order.text) == ("ORDEM DE SERVIÇO", Purpose.PROMOTION, "oi")
    assert (quote.place, quote.statement.start, order.place) == (Place(4, 1), Place(7, 1), Place(16, 1))
    assert (order.text_place, order.statement.start) == (Place(19, 1), Place(20, 8))
    assert quote.items is not None
    assert (quote.items.statement.parameters, quote.items.statement.start) == (("ref",), Place(10, 1))
    assert [query.name for query in profile.all_queries()] == [
        "documentos (ORÇAMENTO)", "itens (ORÇAMENTO)", "documentos (ORDEM DE SERVIÇO)", "aniversariantes",
    ]  # fmt: skip


def test_each_of_several_is_complained_of_at_its_own_line() -> None:
    assert "O sinal [ não faz parte" in complaints(SEVERAL)[14, 15]
    text = SEVERAL.replace("[[documentos]] FROM", "X FROM")
    found = complaints(text.replace('"orcamento"', '"ORC"').replace("finalidade", "finalidad"))
    assert "“ORC” não existe" in found[5, 1]
    assert "Você quis dizer finalidade?" in found[18, 1]


def test_tables_written_in_one_line_are_read_too() -> None:
    text = "documentos = [{modulo = 'NF-E', sql = 'SELECT A FROM T'}]\n[perfil]\nnome = 'x'\n"
    assert [query.module for query in read_profile(text, "x").documents] == ["NF-E"]
    assert complaints(text.replace("[{", "[1, {"))
    assert complaints("documentos = []\n[perfil]\nnome = 'x'\n")


@pytest.mark.feature("G35")
def test_a_source_needs_no_text_and_no_purpose_of_its_own() -> None:
    text = "[perfil]\nnome='x'\n[documentos]\nmodulo = 'ordem de servico'\nsql = 'SELECT A FROM T'\n"
    (query,) = read_profile(text, "x").documents
    assert (query.module, query.text, query.purpose) == ("ORDEM DE SERVIÇO", "", None)


def test_shipped_examples_load_by_name() -> None:
    assert shipped_profiles()
    for name in shipped_profiles():
        assert load_profile(name).file == name


def test_an_absent_file_and_one_of_another_encoding_are_told(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="Não encontrei este perfil"):
        load_profile(tmp_path / "nada.toml")
    odd = tmp_path / "odd.toml"
    odd.write_bytes("[perfil]\nnome = 'João'".encode("cp1252"))
    with pytest.raises(ProfileError, match="não está em UTF-8"):
        load_profile(odd)


def test_places_survive_strings_comments_and_lists() -> None:
    text = "# [no]\na = [1, # ]\n 2, ']']\nb.c = 1 # x = 1\n[t.u]\n'k k' = \"x # \\\" y\"\nz = '''\n[no]\n'''\nw = 1\n"
    places = find_places(text)
    assert places.of(("a",)) == Place(2, 1)
    assert places.of(("b", "c")) == Place(4, 1)
    assert places.of(("t", "u", "k k")) == Place(6, 1)
    assert places.entries["t", "u", "z"].content == Place(8, 1)
    assert places.of(("t", "u", "w")) == Place(10, 1)
    assert places.of(("t", "u", "absent")) == Place(5, 1)
