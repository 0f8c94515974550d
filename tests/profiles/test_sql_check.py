"""What SQL a profile may hold: one SELECT that changes nothing and multiplies nothing. No database is needed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrator.erp.profiles.sql_check import Statement, check_sql, joins_of
from integrator.settings.problems import Place, Problem

START = Place(10, 1)
_ALLOWED = {"hoje", "de", "ate"}
_CHANGES = (
    "DELETE FROM T",
    "INSERT INTO T VALUES (1)",
    "UPDATE T SET A = 1",
    "MERGE INTO T USING U ON T.A = U.A WHEN MATCHED THEN UPDATE SET B = 1",
    "EXECUTE BLOCK AS BEGIN DELETE FROM T; END",
    "EXECUTE PROCEDURE P",
    "CREATE TABLE X (A INTEGER)",
    "ALTER TABLE T ADD B INTEGER",
    "DROP TABLE T",
    "GRANT ALL ON T TO PUBLIC",
    "COMMIT",
    "SELECT A FROM T FOR UPDATE",
    "SELECT A FROM T WITH LOCK",
    "SELECT GEN_ID(G, 1) AS A FROM RDB$DATABASE",
    "SELECT NEXT VALUE FOR G AS A FROM RDB$DATABASE",
)


def problems(sql: str) -> list[Problem]:
    return check_sql(sql, START, _ALLOWED)[1]


def accepted(sql: str) -> Statement:
    statement, found = check_sql(sql, START, _ALLOWED)
    assert statement is not None, found
    assert not found
    return statement


@pytest.mark.parametrize("sql", _CHANGES)
def test_what_changes_anything_is_refused(sql: str) -> None:
    assert check_sql(sql, START)[0] is None


@pytest.mark.parametrize("sql", _CHANGES)
@pytest.mark.parametrize("around", ["/* SELECT */ {}", "-- SELECT\n{}", "select 1 from t; {}", "SELECT '--' FROM T {}"])
def test_comments_and_strings_hide_nothing(around: str, sql: str) -> None:
    assert check_sql(around.format(sql), START)[0] is None


@pytest.mark.parametrize(
    ("sql", "said", "place"),
    [
        ("SELECT A FROM T;\nSELECT B FROM T", "mais de um comando", Place(10, 16)),
        ("SELECT A FROM T\nSELECT B FROM T", "dois SELECTs", Place(11, 1)),
        ("DELETE FROM T", "começar com SELECT", Place(10, 1)),
        ("SELECT A\nFROM T\nWHERE B = ?", "Parâmetro sem nome", Place(12, 11)),
        ("SELECT A FROM T WHERE B = :ontem", ":ontem não existe nesta fonte", Place(10, 27)),
        ("SELECT A FROM T WHERE B = 'x", "não termina", Place(10, 27)),
        ("SELECT A FROM T /* sem fim", "não termina", Place(10, 17)),
        ("SELECT AÇÃO FROM T", "“Ç”", Place(10, 9)),
        ("SELECT A FROM T WHERE (B = 1", "fechar um parêntese", Place(10, 28)),
        ("SELECT A FROM T)", "nenhum abriu", Place(10, 16)),
        ("SELECT q'{x}' AS A FROM T", "q'…'", Place(10, 8)),
        ("SELECT A\r FROM T", "caractere de controle", Place(10, 9)),
        ("  -- nada\n ", "vazio", Place(10, 1)),
        ("SELECT " + "(" * 200 + "1" + ")" * 200 + " AS A FROM T", "fundo demais", Place(10, 108)),
        ("WITH X AS (SELECT A FROM T)", "Falta o SELECT principal", Place(10, 1)),
        ("SELECT A FROM T FOR UPDATE WITH LOCK", "FOR UPDATE", Place(10, 17)),
    ],
)
def test_each_complaint_names_its_line_and_column(sql: str, said: str, place: Place) -> None:
    statement, found = check_sql(sql, START, _ALLOWED)
    assert statement is None
    assert said in found[0].message
    assert found[0].place == place


def test_a_required_parameter_that_is_missing_is_told() -> None:
    _, found = check_sql("SELECT A FROM T", START, {"ref"}, {"ref"})
    assert [problem.message for problem in found] == [
        "Falta usar o parâmetro :ref, sem o qual esta fonte não responde o que se pergunta."
    ]


def test_keywords_inside_strings_names_and_comments_do_no_harm() -> None:
    accepted("SELECT 'DELETE; it''s' AS A, \"UPDATE\" /* INSERT ; */ FROM T -- DROP TABLE T\nWHERE B = 'FOR UPDATE'")


def test_a_cte_a_union_and_a_final_semicolon_are_fine() -> None:
    accepted("WITH X AS (SELECT A FROM T), Y AS (SELECT A FROM U) SELECT A FROM X UNION ALL SELECT A FROM Y;")


def test_names_become_positions_and_every_column_stays_where_it_was() -> None:
    sql = "SELECT A -- é ‘certo’\nFROM T WHERE B BETWEEN :de AND :ate AND C <> :hoje AND D = :De"
    statement = accepted(sql)
    assert statement.parameters == ("de", "ate", "hoje", "de")
    assert statement.sql.count("?") == 4
    assert len(statement.sql) == len(sql)
    assert statement.sql.isascii(), "comments do not go to the server"
    assert statement.sql.index("AND C") == sql.index("AND C")
    assert statement.place_at(2, 5) == Place(11, 5)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1 AS A FROM T CROSS JOIN U",
        "SELECT 1 AS A FROM T, U",
        "SELECT 1 AS A FROM T, U WHERE T.A = 1 AND U.B = 2",
        "SELECT 1 AS A FROM T JOIN U ON T.A = :hoje",
        "SELECT 1 AS A FROM T JOIN U ON T.A = U.A, V",
        "SELECT 1 AS A FROM T WHERE T.A IN (SELECT X.A FROM X, Y WHERE X.B = 1)",
        "WITH Q AS (SELECT T.A FROM T, U) SELECT A FROM Q",
        "SELECT 1 AS A FROM T LEFT JOIN (SELECT A FROM U) D ON 1 = 1",
    ],
)
def test_a_cartesian_product_is_refused_with_a_way_out(sql: str) -> None:
    statement, found = check_sql(sql, START, _ALLOWED)
    assert statement is None
    assert "não está ligada" in found[0].message
    assert "subselect" in found[0].message


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1 AS A FROM T JOIN U ON U.A = T.A LEFT JOIN V ON V.B = U.B AND LEFT(V.C, 2) = 'xx'",
        "SELECT 1 AS A FROM T, U WHERE T.A = U.A",
        "SELECT 1 AS A FROM T CROSS JOIN U WHERE T.OFFSET = U.FIRST AND T.B = 1",
        "SELECT 1 AS A FROM T JOIN U USING (A) JOIN V ON V.X = T.X",
        "SELECT 1 AS A FROM T NATURAL JOIN U",
        "SELECT 1 AS A FROM T, RDB$DATABASE",
        "SELECT 1 AS A FROM T, (SELECT MAX(B) AS M FROM U) X",
        "SELECT 1 AS A FROM T, (SELECT FIRST 1 B FROM U) X",
        "SELECT 1 AS A FROM T JOIN P(T.A) X ON 1 = 1",
        "SELECT 1 AS A FROM T, U WHERE T.A = (SELECT MAX(V.A) FROM V WHERE V.B = U.B)",
        "SELECT 1 AS A FROM ((T JOIN U ON T.A = U.A) JOIN V ON V.A = U.A)",
        "SELECT 1 AS A FROM T JOIN U ON COALESCE(T.A, 0) = COALESCE(U.A, 0) OR (T.B = U.B AND T.C = 1)",
    ],
)
def test_tables_that_are_tied_together_are_no_product(sql: str) -> None:
    accepted(sql)


def test_bare_names_are_a_doubt_until_a_database_tells_their_tables() -> None:
    statement, found = check_sql("SELECT 1 AS A FROM T, U WHERE X = Y", START)
    assert statement is not None
    assert [problem.warning for problem in found] == [True]
    tied = {"T": frozenset({"X"}), "U": frozenset({"Y"})}
    apart = {"T": frozenset({"X", "Y"}), "U": frozenset({"Z"})}
    assert joins_of(statement, tied.get) == []
    assert [problem.warning for problem in joins_of(statement, apart.get)] == [False]


_KEYWORDS = ("SELECT", "FROM", "WHERE", "WITH", "AS", "JOIN", "ON", "CROSS", "NATURAL", "USING", "AND", "UNION", "FOR")
_CHANGING = ("DELETE", "UPDATE", "INSERT", "EXECUTE", "GEN_ID", "LOCK")
_SIGNS = (
    ".",
    ",",
    "(",
    ")",
    ";",
    "=",
    "'",
    '"',
    "--",
    "/*",
    "*/",
    ":hoje",
    "?",
    "q'",
    "\n",
    "\r",
    "é",
    "0x",
    "1",
    "T",
    "U.",
)
_PIECES = st.sampled_from((*_KEYWORDS, *_CHANGING, *_SIGNS))


@given(st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=25).map(" ".join), st.lists(_PIECES).map("".join)))
def test_the_checker_never_crashes_and_never_lets_a_change_through(sql: str) -> None:
    statement, found = check_sql(sql, START, _ALLOWED)
    if statement is None:
        assert found
        return
    bare = _without_strings_and_comments(statement.sql)
    assert re.match(r"\s*(SELECT|WITH)\b", bare, re.IGNORECASE)
    assert not re.search(r"\b(DELETE|UPDATE|INSERT|EXECUTE|GEN_ID)\b|;", bare, re.IGNORECASE)


def _without_strings_and_comments(sql: str) -> str:
    """Another, plainer reading of the same text, to judge the checker by."""
    out, at = [], 0
    while at < len(sql):
        if sql[at] in "'\"":
            at = sql.find(sql[at], at + 1) + 1
            if at == 0:
                break
            out.append(" ")
        else:
            out.append(sql[at])
            at += 1
    return "".join(out)


@given(st.sampled_from(_CHANGES), st.text(max_size=20), st.text(max_size=20))
def test_no_text_around_a_change_lets_it_through(change: str, before: str, after: str) -> None:
    statement, _ = check_sql(f"{before}\n{change}\n{after}", START, _ALLOWED)
    if statement is not None:  # then the text around made a string or a name of it
        assert change not in _without_strings_and_comments(statement.sql)
